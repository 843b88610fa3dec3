//! Postmark. It knows no idempotency key: our id goes along as metadata and comes back with each event.

use anyhow::Result;
use reqwest::header::{ACCEPT, HeaderName};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::message::Message;
use super::refused::Refused;
use crate::integrations::Failure;
use crate::integrations::http::{Answer, Request, base, joined};

/// Of `[[mail.transports]]` with `kind = "postmark"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub name: Option<String>,
    /// Token of the server at Postmark, not of the account.
    pub token: SecretString,
    /// Message stream.
    #[serde(default = "stream")]
    pub stream: String,
    #[serde(default = "address")]
    pub url: String,
}

fn stream() -> String {
    "outbound".to_owned()
}

fn address() -> String {
    "https://api.postmarkapp.com".to_owned()
}

const TOKEN: HeaderName = HeaderName::from_static("x-postmark-server-token");
/// Has our `Message-ID` kept.
const KEEP: &str = "X-PM-KeepID";

#[derive(Debug)]
pub struct Postmark {
    url: Url,
    token: SecretString,
    stream: String,
}

impl Postmark {
    /// # Errors
    /// An address that cannot be used.
    pub fn new(settings: &Settings) -> Result<Self> {
        Ok(Self { url: base(&settings.url)?, token: settings.token.clone(), stream: settings.stream.clone() })
    }

    pub fn secrets(&self) -> Vec<SecretString> {
        vec![self.token.clone()]
    }

    /// # Errors
    /// A token that no header can hold.
    pub fn request(&self, message: &Message) -> Result<Request, Failure> {
        let mut request =
            Request::post(joined(&self.url, "/email"), "application/json", self.body(message).to_string());
        request.secrets = self.secrets();
        request.header(ACCEPT, "application/json", false)?;
        request.header(TOKEN, self.token.expose_secret(), true)?;
        Ok(request)
    }

    fn body(&self, message: &Message) -> Value {
        let header = |(name, value): (&str, &str)| json!({ "Name": name, "Value": value });
        let headers = message.headers.iter().map(|(name, value)| (*name, value.as_str()));
        let headers: Vec<_> = headers.chain([(KEEP, "true")]).map(header).collect();
        let mut body = json!({
            "From": message.from.to_string(),
            "To": message.recipient(),
            "Subject": message.subject,
            "TextBody": message.text,
            "Headers": headers,
            "Metadata": { "hc_message_id": message.key },
            "MessageStream": self.stream,
            // A link that signs in is nobody else's matter.
            "TrackOpens": false,
            "TrackLinks": "None",
        });
        if let Some(html) = &message.html {
            body["HtmlBody"] = html.as_str().into();
        }
        if let Some(reply_to) = &message.reply_to {
            body["ReplyTo"] = reply_to.to_string().into();
        }
        body
    }
}

pub fn receipt(answer: &Answer) -> Option<String> {
    let json = answer.json()?;
    Some(json["MessageID"].as_str()?.to_owned()).filter(|_| json["ErrorCode"] == 0)
}

/// What it says in a way of its own: by its own code of the error.
pub fn refused(answer: &Answer, request: &Request) -> Option<Refused> {
    let reason = answer.reason(request);
    match (answer.status, answer.json()?["ErrorCode"].as_i64()?) {
        // Whoever bounced, complained or was made inactive there.
        (_, 406) => Some(Refused::Recipient(reason)),
        (422, 300) if reason.contains("'To'") => Some(Refused::Recipient(reason)),
        // A sender nobody confirmed, an account that is not approved.
        (422, 400 | 401 | 412) => Some(Refused::lasting(reason)),
        (422, 405) => Some(Refused::quota(reason)),
        _ => None,
    }
}
