//! Resend. It knows idempotency keys, for a day: what is sent again is not sent twice.

use anyhow::Result;
use jiff::Timestamp;
use reqwest::header::{AUTHORIZATION, HeaderName};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;

use super::message::Message;
use super::refused::Refused;
use crate::integrations::Failure;
use crate::integrations::http::{Answer, Request, base, joined};

/// Of `[[mail.transports]]` with `kind = "resend"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub name: Option<String>,
    /// API key that may send mail.
    pub key: SecretString,
    #[serde(default = "address")]
    pub url: String,
}

fn address() -> String {
    "https://api.resend.com".to_owned()
}

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

#[derive(Debug)]
pub struct Resend {
    url: Url,
    key: SecretString,
}

impl Resend {
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
        let mut request = Request::post(joined(&self.url, "/emails"), "application/json", body(message).to_string());
        request.secrets = self.secrets();
        request.header(AUTHORIZATION, &format!("Bearer {}", self.key.expose_secret()), true)?;
        request.header(IDEMPOTENCY_KEY, &message.key, false)?;
        Ok(request)
    }
}

fn body(message: &Message) -> Value {
    let headers: Map<_, _> =
        message.headers.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
    let mut body = json!({
        "from": message.from.to_string(),
        "to": [message.recipient()],
        "subject": message.subject,
        "text": message.text,
        "headers": headers,
        "tags": [{ "name": "hc_message_id", "value": message.key }],
    });
    if let Some(html) = &message.html {
        body["html"] = html.as_str().into();
    }
    if let Some(reply_to) = &message.reply_to {
        body["reply_to"] = reply_to.to_string().into();
    }
    body
}

/// What it says in a way of its own: by the name of the error.
pub fn refused(answer: &Answer, request: &Request, now: Timestamp) -> Option<Refused> {
    let reason = answer.reason(request);
    let json = answer.json()?;
    match json["name"].as_str()? {
        "daily_quota_exceeded" | "monthly_quota_exceeded" => Some(Refused::quota(reason)),
        // Another attempt with this key is under way.
        "concurrent_idempotent_requests" => Some(Refused::Unknown { reason, after: answer.after(now) }),
        "invalid_from_address" => Some(Refused::lasting(reason)),
        "validation_error" if answer.status == 422 && reason.contains("`to`") => Some(Refused::Recipient(reason)),
        _ => None,
    }
}
