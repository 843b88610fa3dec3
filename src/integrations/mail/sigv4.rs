//! AWS Signature Version 4 in headers. The one of `object_store` reads the clock itself, and signs for stores alone.

use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{AUTHORIZATION, HeaderName};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use url::Url;

use crate::integrations::Failure;
use crate::integrations::generic::{hex, mac};
use crate::integrations::http::Request;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const DATE: HeaderName = HeaderName::from_static("x-amz-date");
const TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");
/// What stays as it is in a path: RFC 3986 section 2.3, and what parts it.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// Who asks, and where.
#[derive(Clone, Copy)]
pub struct Account<'a> {
    pub access_key_id: &'a str,
    pub secret_access_key: &'a SecretString,
    pub session_token: Option<&'a SecretString>,
    pub region: &'a str,
    pub service: &'a str,
}

/// Adds the headers that prove who asks; `request` must have no query.
///
/// # Errors
/// A token that no header can hold.
pub fn sign(request: &mut Request, account: Account, now: Timestamp) -> Result<(), Failure> {
    let time = now.strftime("%Y%m%dT%H%M%SZ").to_string();
    request.header(DATE, &time, false)?;
    if let Some(token) = account.session_token {
        request.header(TOKEN, token.expose_secret(), true)?;
    }
    let scope = format!("{}/{}/{}/aws4_request", &time[..8], account.region, account.service);
    let (canonical, names) = canonical(request);
    let signed = format!("{ALGORITHM}\n{time}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
    let signature = hex(&mac(&key(account, &time[..8]), signed.as_bytes()));
    let credential = format!("{}/{scope}", account.access_key_id);
    let value = format!("{ALGORITHM} Credential={credential}, SignedHeaders={names}, Signature={signature}");
    request.header(AUTHORIZATION, &value, true)
}

/// The canonical request, and the names of the headers in it.
fn canonical(request: &Request) -> (String, String) {
    let mut headers: Vec<(&str, String)> = request
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()).trim().to_owned()))
        .chain([("host", host(&request.url))])
        .collect();
    headers.sort_unstable();
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let names = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
    let path = utf8_percent_encode(request.url.path(), PATH);
    let body = hex(&Sha256::digest(&request.body));
    (format!("{}\n{path}\n\n{lines}\n{names}\n{body}", request.method), names)
}

fn key(account: Account, day: &str) -> Vec<u8> {
    let first = format!("AWS4{}", account.secret_access_key.expose_secret());
    [day, account.region, account.service, "aws4_request"]
        .iter()
        .fold(first.into_bytes(), |key, part| mac(&key, part.as_bytes()))
}

/// As the header says it: with the port where it is not the usual one.
fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or(host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const BODY: &str = r#"{"FromEmailAddress":"help@acme.example","Destination":{"ToAddresses":["ada@customer.example"]},"Content":{"Simple":{"Subject":{"Data":"Re: ticket 42"},"Body":{"Text":{"Data":"Hello"}}}}}"#;

    fn signed(token: Option<&SecretString>) -> Request {
        let url = Url::parse("https://email.eu-west-1.amazonaws.com/v2/email/outbound-emails").unwrap();
        let mut request = Request::post(url, "application/json", BODY);
        let secret_access_key = &"hc-example-secret-access-key-000000000001".into();
        let account = Account {
            access_key_id: "AKIDHELPCENTER00001",
            secret_access_key,
            session_token: token,
            region: "eu-west-1",
            service: "ses",
        };
        sign(&mut request, account, "2026-07-25T10:00:00Z".parse().unwrap()).unwrap();
        request
    }

    #[test]
    fn a_request_is_signed_as_in_the_vector() {
        let request = signed(None);
        let expect = "AWS4-HMAC-SHA256 Credential=AKIDHELPCENTER00001/20260725/eu-west-1/ses/aws4_request, \
                      SignedHeaders=content-type;host;x-amz-date, \
                      Signature=ef740df7bc864b003edc3705ba46bb0e2cda6ffb1fd8ca0eea90668ef5c8a16c";
        assert_eq!(request.headers[AUTHORIZATION].to_str().unwrap(), expect);
        assert!(!request.shown().contains("ef740df7"), "who has it could send for an hour: {}", request.shown());
    }

    #[test]
    fn a_token_is_signed_too_and_never_shown() {
        let request = signed(Some(&"t0ken-of-a-session".into()));
        let header = request.headers[AUTHORIZATION].to_str().unwrap();
        assert!(header.contains("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token"), "{header}");
        assert!(!request.shown().contains("t0ken"));
    }
}
