//! Amazon SES, API v2: the whole message as bytes. It knows no idempotency key, and puts a `Message-ID` of its own in
//! the place of ours; our id stays in `X-HC-Message-Id`, and goes along as a tag that comes back with each event.

use anyhow::Result;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::message::Message;
use super::refused::Refused;
use super::sigv4::{self, Account};
use crate::integrations::Failure;
use crate::integrations::http::{Answer, Request, base, joined};

/// Of `[[mail.transports]]` with `kind = "ses"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub name: Option<String>,
    /// `eu-west-1`
    pub region: String,
    pub access_key_id: String,
    pub secret_access_key: SecretString,
    /// Of credentials that end.
    pub session_token: Option<SecretString>,
    /// Configuration set: who is told of bounces and complaints.
    pub configuration_set: Option<String>,
    /// Address other than Amazon's for the region.
    pub endpoint: Option<String>,
}

#[derive(Debug)]
pub struct Ses {
    url: Url,
    settings: Settings,
}

impl Ses {
    /// # Errors
    /// An address that cannot be used.
    pub fn new(settings: &Settings) -> Result<Self> {
        let usual = || format!("https://email.{}.amazonaws.com", settings.region);
        let url = base(&settings.endpoint.clone().unwrap_or_else(usual))?;
        Ok(Self { url: joined(&url, "/v2/email/outbound-emails"), settings: settings.clone() })
    }

    pub fn secrets(&self) -> Vec<SecretString> {
        [Some(self.settings.secret_access_key.clone()), self.settings.session_token.clone()]
            .into_iter()
            .flatten()
            .collect()
    }

    /// # Errors
    /// A message that cannot be written, a token that no header can hold.
    pub fn request(&self, message: &Message, now: Timestamp) -> Result<Request, Failure> {
        let Settings { region, access_key_id, secret_access_key, session_token, .. } = &self.settings;
        let mut request = Request::post(self.url.clone(), "application/json", self.body(message)?.to_string());
        request.secrets = self.secrets();
        let account =
            Account { access_key_id, secret_access_key, session_token: session_token.as_ref(), region, service: "ses" };
        sigv4::sign(&mut request, account, now)?;
        Ok(request)
    }

    fn body(&self, message: &Message) -> Result<Value, Failure> {
        let mut body = json!({
            "Destination": { "ToAddresses": [message.recipient()] },
            "Content": { "Raw": { "Data": BASE64_STANDARD.encode(message.bytes()?) } },
            "EmailTags": [{ "Name": "hc_message_id", "Value": message.key }],
        });
        if let Some(set) = &self.settings.configuration_set {
            body["ConfigurationSetName"] = set.as_str().into();
        }
        Ok(body)
    }
}

/// What it says in a way of its own: by the type of the error.
pub fn refused(answer: &Answer, request: &Request, now: Timestamp) -> Option<Refused> {
    let json = answer.json().unwrap_or_default();
    let header = answer.headers.get("x-amzn-errortype").and_then(|value| value.to_str().ok());
    // `TooManyRequestsException:http://…`, and `com.amazonaws…#TooManyRequestsException` in the body.
    let kind = header.or(json["__type"].as_str())?.split(':').next()?.rsplit('#').next()?;
    let reason = format!("{kind}: {}", answer.reason(request));
    let words = reason.to_lowercase();
    match kind {
        "TooManyRequestsException" | "ThrottlingException" | "Throttling" => {
            Some(Refused::throttled(reason, answer.after(now)))
        }
        _ if words.contains("maximum sending rate exceeded") => Some(Refused::throttled(reason, answer.after(now))),
        "LimitExceededException" => Some(Refused::quota(reason)),
        "AccountSuspendedException" | "SendingPausedException" | "MailFromDomainNotVerifiedException" => {
            Some(Refused::lasting(reason))
        }
        // The sender; in a sandbox, the recipient: for us it is the account either way.
        "MessageRejected" if words.contains("not verified") => Some(Refused::lasting(reason)),
        "NotFoundException" => Some(Refused::lasting(reason)),
        "BadRequestException" if is_about_address(&words) => Some(Refused::Recipient(reason)),
        "MessageRejected" | "BadRequestException" => Some(Refused::Mail(reason)),
        _ => None,
    }
}

/// As it speaks of an address that is none.
fn is_about_address(words: &str) -> bool {
    ["illegal address", "missing final '@domain'", "domain contains illegal character", "local part"]
        .iter()
        .any(|known| words.contains(known))
}
