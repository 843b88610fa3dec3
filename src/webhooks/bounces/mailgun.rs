//! Mailgun: signed with HMAC-SHA256 over time and a token. The body is not signed, so a token is good for one body.

use std::time::Duration;

use anyhow::{Result, ensure};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::{Heard, Kind, seconds};
use crate::integrations::generic::{hex, mac};
use crate::webhooks::proof::{fingerprint, is_recent, is_same, object};
use crate::webhooks::{Proved, Refused, Unreadable};

/// It repeats for eight hours what was not taken, and does not tell whether it signs anew. A token is taken once, however
/// old.
const OLDEST: Duration = Duration::from_secs(9 * 3600);

#[derive(Debug)]
pub struct Mailgun {
    secrets: Vec<SecretString>,
}

impl Mailgun {
    /// # Errors
    /// A secret that is none.
    pub fn new(secrets: Vec<SecretString>) -> Result<Self> {
        ensure!(secrets.iter().all(|secret| !secret.expose_secret().is_empty()), "one of `secrets` is empty");
        Ok(Self { secrets })
    }

    pub fn prove(&self, body: &[u8], now: Timestamp) -> Result<Proved, Refused> {
        let told = object(body)?;
        let part = |name: &str| {
            let value = told["signature"][name].as_str();
            value.ok_or_else(|| Refused::Unproved(format!("`signature.{name}` is missing in the body")))
        };
        let token = part("token")?;
        self.verify(part("timestamp")?, token, part("signature")?, now)?;
        Ok(Proved::Once { token: token.to_owned(), body: fingerprint(body) })
    }

    /// Are time and token signed, and of now?
    pub fn verify(&self, stamp: &str, token: &str, given: &str, now: Timestamp) -> Result<(), Refused> {
        let signed = format!("{stamp}{token}");
        let signature = |secret: &SecretString| hex(&mac(secret.expose_secret().as_bytes(), signed.as_bytes()));
        if !self.secrets.iter().any(|secret| is_same(given, &signature(secret))) {
            return Err(Refused::Unproved("its signature is by none of the secrets in the settings".to_owned()));
        }
        let at = stamp.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
        let at =
            at.ok_or_else(|| Refused::Unproved("the `timestamp` of its signature is no time in seconds".to_owned()))?;
        is_recent(at, now, OLDEST)?;
        let is_plain = token.len() <= 100 && token.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_plain {
            return Err(Refused::Malformed(
                "the `token` of its signature is longer than 100 letters and digits".to_owned(),
            ));
        }
        Ok(())
    }
}

/// It took a mail, and then would not send it.
pub fn refusal(body: &Value) -> Option<String> {
    let event = &body["event-data"];
    (event["event"] == "rejected").then(|| super::words(&[&event["reject"]["reason"], &event["reject"]["description"]]))
}

pub fn heard(body: &Value) -> Result<Vec<Heard>, Unreadable> {
    let event = &body["event-data"];
    let reason = event["reason"].as_str().unwrap_or_default();
    let kind = match (event["event"].as_str().unwrap_or_default(), event["severity"].as_str().unwrap_or_default()) {
        // It keeps lists of its own, and says which it is on.
        ("failed", "permanent") if reason == "suppress-complaint" => Kind::Complaint,
        ("failed", "permanent") if reason == "suppress-unsubscribe" => Kind::Unsubscribe,
        ("failed", "permanent") => Kind::Bounce,
        ("failed", _) => Kind::Delay,
        ("complained", _) => Kind::Complaint,
        ("unsubscribed", _) => Kind::Unsubscribe,
        _ => return Ok(Vec::new()),
    };
    let status = &event["delivery-status"];
    let words = [&event["reason"], &status["message"], &status["description"]];
    Ok(vec![super::heard(&event["recipient"], kind, &words, seconds(&event["timestamp"]))?])
}
