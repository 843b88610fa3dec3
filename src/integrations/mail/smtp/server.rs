//! The mail server of the settings: where it is, how it is made safe, who we are there.

use std::fmt;
use std::path::Path;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::integrations::http::is_loopback;

/// RFC 8314 section 7.3.
const IMPLICIT: u16 = 465;
/// RFC 6409 section 3.1.
const SUBMISSION: u16 = 587;

/// How the connection is made safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safety {
    /// TLS from the first byte.
    Implicit,
    /// STARTTLS, or nothing is sent.
    Required,
    /// STARTTLS where the server offers it.
    Opportunistic,
    /// None: for this machine alone.
    Plain,
}

#[derive(Debug)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub safety: Safety,
    /// What we say we are: the domain mails are from (RFC 5321 section 4.1.4 forbids to refuse any that is one).
    pub hello: ClientId,
    pub is_loopback: bool,
    user: Option<(String, SecretString)>,
    trusted: Option<Certificates>,
    tls: Tls,
}

/// Certificates to trust, and their bytes, so that the settings' fingerprint changes with them.
#[derive(Debug)]
struct Certificates {
    #[expect(dead_code, reason = "stands in the fingerprint of the settings")]
    hash: String,
    certificate: Certificate,
}

/// Made once: it reads the system's certificates.
struct Tls(OnceLock<TlsParameters>);

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

impl Server {
    /// # Errors
    /// An address that cannot be used; certificates that cannot be read.
    pub fn new(url: &SecretString, hello: &str, authority: Option<&Path>) -> Result<Self> {
        let url = Url::parse(url.expose_secret()).context(
            "`url` is no address; write smtps://user:password@host or smtp://user:password@host?tls=required",
        )?;
        // Not a special scheme of URLs: brackets of an IPv6 address stay.
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        ensure!(!host.is_empty(), "`url` names no host; write smtps://user:password@host");
        let is_loopback = is_loopback(&host);
        let safety = safety(&url, is_loopback)?;
        let usual = if safety == Safety::Implicit { IMPLICIT } else { SUBMISSION };
        Ok(Self {
            port: url.port().unwrap_or(usual),
            safety,
            hello: ClientId::Domain(hello.to_owned()),
            is_loopback,
            user: user(&url)?,
            trusted: authority.map(read).transpose()?,
            tls: Tls(OnceLock::new()),
            host,
        })
    }

    pub fn credentials(&self) -> Option<Credentials> {
        let (user, password) = self.user.as_ref()?;
        Some(Credentials::new(user.clone(), password.expose_secret().to_owned()))
    }

    /// The password, and the two ways in which it goes over the wire.
    pub fn secrets(&self) -> Vec<SecretString> {
        let Some((user, password)) = &self.user else { return Vec::new() };
        let plain = BASE64_STANDARD.encode(format!("\0{user}\0{}", password.expose_secret()));
        let login = BASE64_STANDARD.encode(password.expose_secret());
        vec![password.clone(), plain.into(), login.into()]
    }

    /// # Errors
    /// A system without certificates to trust.
    pub fn tls(&self) -> Result<TlsParameters, Error> {
        if let Some(tls) = self.tls.0.get() {
            return Ok(tls.clone());
        }
        let builder = TlsParameters::builder(self.host.clone());
        let builder = match &self.trusted {
            Some(trusted) => builder.add_root_certificate(trusted.certificate.clone()),
            None => builder,
        };
        let made = builder.build()?;
        Ok(self.tls.0.get_or_init(|| made).clone())
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let safety = match self.safety {
            Safety::Implicit => "TLS",
            Safety::Required => "STARTTLS required",
            Safety::Opportunistic => "STARTTLS where offered",
            Safety::Plain => "no TLS",
        };
        write!(f, "SMTP {}:{} ({safety})", self.host, self.port)
    }
}

fn safety(url: &Url, is_loopback: bool) -> Result<Safety> {
    let wish = url.query_pairs().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("&");
    ensure!(matches!(url.path(), "" | "/"), "`url` has a path; write smtps://user:password@host");
    match (url.scheme(), wish.as_str()) {
        ("smtps", "") => Ok(Safety::Implicit),
        ("smtp", "tls=required") => Ok(Safety::Required),
        ("smtp", "tls=opportunistic") => Ok(Safety::Opportunistic),
        ("smtp", "") if is_loopback => Ok(Safety::Plain),
        ("smtp", "") => bail!("`url` would send mails unprotected; write smtps://… or smtp://…?tls=required"),
        (scheme, wish) => bail!(
            "`url` begins with {scheme}:// and ends with {wish:?}; write smtps://…, smtp://…?tls=required or \
             smtp://…?tls=opportunistic"
        ),
    }
}

fn user(url: &Url) -> Result<Option<(String, SecretString)>> {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().map(std::borrow::Cow::into_owned);
    let Some(password) = url.password() else {
        ensure!(url.username().is_empty(), "`url` names a user without a password; write smtps://user:password@host");
        return Ok(None);
    };
    let refused = "user and password in `url` must be percent-encoded UTF-8: write %40 for @ and %3A for :";
    Ok(Some((decoded(url.username()).context(refused)?, decoded(password).context(refused)?.into())))
}

fn read(file: &Path) -> Result<Certificates> {
    let unreadable = || format!("`authority` names {}, which cannot be read as PEM", file.display());
    let pem = std::fs::read(file).with_context(unreadable)?;
    let certificate = Certificate::from_pem(&pem).with_context(unreadable)?;
    Ok(Certificates { hash: blake3::hash(&pem).to_hex().to_string(), certificate })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn server(url: &str) -> Result<Server> {
        Server::new(&url.into(), "acme.example", None)
    }

    #[test]
    fn an_address_says_where_and_how_safely() {
        let check = |url: &str, host: &str, port: u16, safety: Safety| {
            let server = server(url).unwrap();
            assert_eq!((server.host.as_str(), server.port, server.safety), (host, port, safety), "{url}");
        };
        check("smtps://mail.acme.example", "mail.acme.example", 465, Safety::Implicit);
        check("smtps://mail.acme.example:2465/", "mail.acme.example", 2465, Safety::Implicit);
        check("smtp://mail.acme.example?tls=required", "mail.acme.example", 587, Safety::Required);
        check("smtp://mail.acme.example:25/?tls=opportunistic", "mail.acme.example", 25, Safety::Opportunistic);
        check("smtp://localhost:1025", "localhost", 1025, Safety::Plain);
        check("smtp://[::1]:1025", "::1", 1025, Safety::Plain);
    }

    #[test]
    fn what_is_not_safe_or_not_clear_is_refused() {
        let check = |url: &str, expect: &str| {
            let refusal = format!("{:#}", server(url).unwrap_err());
            assert!(refusal.contains(expect) && !refusal.contains("s3cret"), "{url}: {refusal}");
        };
        check("smtp://user:s3cret@mail.acme.example", "unprotected");
        check("smtps://user:s3cret@mail.acme.example?tls=none", "tls=none");
        check("https://user:s3cret@mail.acme.example", "https://");
        check("smtps://user@mail.acme.example", "without a password");
        check("mail.acme.example", "no address");
        check("smtps://", "no host");
        check("smtps://u:%ff@mail.acme.example", "percent-encoded");
    }

    #[test]
    fn user_and_password_are_decoded_and_never_shown() {
        let server = server("smtps://help%40acme.example:s3cret%2Dpw@mail.acme.example").unwrap();
        let secrets: Vec<_> = server.secrets().iter().map(|secret| secret.expose_secret().to_owned()).collect();
        // The vector of RFC 4616, with these two.
        let plain = "AGhlbHBAYWNtZS5leGFtcGxlAHMzY3JldC1wdw==";
        assert_eq!(secrets, ["s3cret-pw", plain, "czNjcmV0LXB3"]);
        assert!(!format!("{server:?} {server}").contains("s3cret"));
    }
}
