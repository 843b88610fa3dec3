//! Mailgun, API v3. It knows no idempotency key: our id goes along as `v:hc_message_id` and comes back with each event.

use anyhow::{Result, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use reqwest::header::AUTHORIZATION;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;
use url::form_urlencoded::Serializer;

use super::message::Message;
use super::refused::Refused;
use crate::integrations::Failure;
use crate::integrations::http::{Answer, Request, base, joined};

/// Of `[[mail.transports]]` with `kind = "mailgun"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub name: Option<String>,
    /// API key, or the sending key of the domain.
    pub key: SecretString,
    /// The domain that sends: `mg.acme.example`.
    pub domain: String,
    /// For domains in the European Union: `https://api.eu.mailgun.net`.
    #[serde(default = "address")]
    pub url: String,
}

fn address() -> String {
    "https://api.mailgun.net".to_owned()
}

/// When one may ask again, in seconds since 1970, with a fraction or without.
const RESET: &str = "x-ratelimit-reset";

#[derive(Debug)]
pub struct Mailgun {
    url: Url,
    key: SecretString,
}

impl Mailgun {
    /// # Errors
    /// An address or a domain that cannot be used.
    pub fn new(settings: &Settings) -> Result<Self> {
        let domain = &settings.domain;
        let is_host = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
        ensure!(
            domain.contains('.') && domain.chars().all(is_host),
            "`domain` is {domain:?}; write the name of the domain alone, such as mg.example.com"
        );
        let url = joined(&base(&settings.url)?, &format!("/v3/{domain}/messages"));
        Ok(Self { url, key: settings.key.clone() })
    }

    fn basic(&self) -> String {
        BASE64_STANDARD.encode(format!("api:{}", self.key.expose_secret()))
    }

    pub fn secrets(&self) -> Vec<SecretString> {
        vec![self.key.clone(), self.basic().into()]
    }

    /// # Errors
    /// A key that no header can hold.
    pub fn request(&self, message: &Message) -> Result<Request, Failure> {
        let mut request = Request::post(self.url.clone(), "application/x-www-form-urlencoded", form(message));
        request.secrets = self.secrets();
        request.header(AUTHORIZATION, &format!("Basic {}", self.basic()), true)?;
        Ok(request)
    }
}

fn form(message: &Message) -> String {
    let mut form = Serializer::new(String::new());
    form.append_pair("from", &message.from.to_string());
    form.append_pair("to", message.recipient());
    form.append_pair("subject", &message.subject);
    form.append_pair("text", &message.text);
    form.extend_pairs(message.html.as_ref().map(|html| ("html", html)));
    form.extend_pairs(message.reply_to.as_ref().map(|reply_to| ("h:Reply-To", reply_to.to_string())));
    form.extend_pairs(message.headers.iter().map(|(name, value)| (format!("h:{name}"), value)));
    form.append_pair("v:hc_message_id", &message.key);
    // A link that signs in is nobody else's matter.
    form.append_pair("o:tracking", "no");
    form.finish()
}

/// What it says in a way of its own.
pub fn refused(answer: &Answer, request: &Request, now: Timestamp) -> Option<Refused> {
    let reason = answer.reason(request);
    let words = reason.to_lowercase();
    match answer.status {
        // A sandbox sends to authorised recipients alone.
        400 if words.contains("authorized recipients") => Some(Refused::lasting(reason)),
        400 if words.contains("'to' parameter") => Some(Refused::Recipient(reason)),
        400 if words.contains("'from' parameter") => Some(Refused::lasting(reason)),
        429 => Some(Refused::throttled(reason, answer.after(now).or_else(|| answer.until(RESET, now)))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_key_is_the_password_of_the_user_api() {
        let (name, domain, url) = (None, "mg.acme.example".to_owned(), address());
        let settings = Settings { name, key: "key-1234567890abcdef".into(), domain, url };
        assert_eq!(Mailgun::new(&settings).unwrap().basic(), "YXBpOmtleS0xMjM0NTY3ODkwYWJjZGVm");
    }
}
