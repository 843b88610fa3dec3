//! SendGrid, API v3. It knows no idempotency key: our id goes along as `custom_args` and comes back with each event.

use std::time::Duration;

use anyhow::Result;
use jiff::Timestamp;
use lettre::message::Mailbox;
use reqwest::header::AUTHORIZATION;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;

use super::message::Message;
use super::refused::Refused;
use crate::integrations::Failure;
use crate::integrations::http::{Answer, Request, base, joined};

/// Of `[[mail.transports]]` with `kind = "sendgrid"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub name: Option<String>,
    /// API key that may send mail.
    pub key: SecretString,
    /// For subusers in the European Union: `https://api.eu.sendgrid.com`.
    #[serde(default = "address")]
    pub url: String,
}

fn address() -> String {
    "https://api.sendgrid.com".to_owned()
}

/// A pause that it asks for without saying how long.
const PAUSE: Duration = Duration::from_secs(60);
/// Names the mail in the answer and in the events.
const RECEIPT: &str = "x-message-id";
/// When one may ask again, in seconds since 1970.
const RESET: &str = "x-ratelimit-reset";

#[derive(Debug)]
pub struct Sendgrid {
    url: Url,
    key: SecretString,
}

impl Sendgrid {
    /// # Errors
    /// An address that cannot be used.
    pub fn new(settings: &Settings) -> Result<Self> {
        Ok(Self { url: base(&settings.url)?, key: settings.key.clone() })
    }

    pub fn secrets(&self) -> Vec<SecretString> {
        vec![self.key.clone()]
    }

    /// # Errors
    /// A key that no header can hold.
    pub fn request(&self, message: &Message) -> Result<Request, Failure> {
        let url = joined(&self.url, "/v3/mail/send");
        let mut request = Request::post(url, "application/json", body(message).to_string());
        request.secrets = self.secrets();
        request.header(AUTHORIZATION, &format!("Bearer {}", self.key.expose_secret()), true)?;
        Ok(request)
    }
}

fn body(message: &Message) -> Value {
    let content = |(kind, value): (&str, &String)| json!({ "type": kind, "value": value });
    let html = message.html.as_ref().map(|html| ("text/html", html));
    let contents: Vec<_> = [("text/plain", &message.text)].into_iter().chain(html).map(content).collect();
    let headers: Map<_, _> =
        message.headers.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
    let off = json!({ "enable": false });
    let mut body = json!({
        "personalizations": [{ "to": [{ "email": message.recipient() }], "custom_args": { "hc_message_id": message.key } }],
        "from": person(&message.from),
        "subject": message.subject,
        "content": contents,
        "headers": headers,
        // A link that signs in is nobody else's matter.
        "tracking_settings": { "click_tracking": off, "open_tracking": off },
    });
    if let Some(reply_to) = &message.reply_to {
        body["reply_to"] = person(reply_to);
    }
    body
}

fn person(mailbox: &Mailbox) -> Value {
    let mut person = json!({ "email": mailbox.email.to_string() });
    if let Some(name) = &mailbox.name {
        person["name"] = name.as_str().into();
    }
    person
}

pub fn receipt(answer: &Answer) -> Option<String> {
    Some(answer.headers.get(RECEIPT)?.to_str().ok()?.to_owned())
}

/// What it says in a way of its own.
pub fn refused(answer: &Answer, request: &Request, now: Timestamp) -> Option<Refused> {
    let reason = answer.reason(request);
    let json = answer.json().unwrap_or_default();
    let field = json["errors"][0]["field"].as_str().unwrap_or_default();
    match answer.status {
        400 if field.starts_with("personalizations") && field.contains(".to") => Some(Refused::Recipient(reason)),
        400 if field.starts_with("from") => Some(Refused::lasting(reason)),
        401 if reason.to_lowercase().contains("credits exceeded") => Some(Refused::quota(reason)),
        429 => Some(Refused::throttled(reason, answer.after(now).or_else(|| answer.until(RESET, now)).or(Some(PAUSE)))),
        _ => None,
    }
}
