//! Resend: signs as Standard Webhooks, with Svix's names of headers. Of a mail that came it says only that; the mail
//! itself is fetched.

mod received;

use anyhow::{Context, Result};
use axum::http::HeaderMap;
use jiff::Timestamp;
use serde_json::Value;

use super::{Heard, Kind};
use crate::mail::arrived::Arrived;
use crate::tickets::Attachments;
use crate::webhooks::proof::time;
use crate::webhooks::settings::Hook;
use crate::webhooks::standard::Standard;
use crate::webhooks::{Proved, Refused, Unreadable};
use received::Received;

#[derive(Debug)]
pub struct Resend {
    standard: Standard,
    received: Option<Received>,
}

impl Resend {
    /// # Errors
    /// A secret that is none, an address that cannot be used.
    pub fn new(hook: &Hook) -> Result<Self> {
        let received = hook.key.as_ref().map(|key| Received::new(key, hook.endpoint.as_deref())).transpose();
        let received = received.context("`endpoint` cannot be used")?;
        Ok(Self { standard: Standard::new(hook.secrets.clone())?, received })
    }

    pub fn prove(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<Proved, Refused> {
        self.standard.prove(headers, body, now)
    }

    /// The mail that a body says has come.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub async fn arrived(&self, body: &Value, limits: &Attachments, now: Timestamp) -> Result<Option<Arrived>> {
        if body["type"] != "email.received" {
            return Ok(None);
        }
        let missing =
            || Unreadable("the mail is not in it; write `key`, an API key of Resend's that may read".to_owned());
        self.received.as_ref().ok_or_else(missing)?.mail(&body["data"], limits, now).await.map(Some)
    }
}

/// It took a mail, and then did not send it: for its quota or its list, for the domain.
pub fn refusal(body: &Value) -> Option<String> {
    let data = &body["data"];
    match body["type"].as_str()? {
        "email.failed" => Some(super::words(&[&data["failed"]["reason"]])),
        "email.suppressed" => Some(super::words(&[&data["suppressed"]["reason"], &data["suppressed"]["message"]])),
        _ => None,
    }
}

pub fn heard(body: &Value) -> Result<Vec<Heard>, Unreadable> {
    let data = &body["data"];
    let (kind, why) = match body["type"].as_str() {
        Some("email.bounced") => (of_bounce(&data["bounce"]), &data["bounce"]),
        Some("email.delivery_delayed") => (Kind::Delay, &data["bounce"]),
        Some("email.complained") => (Kind::Complaint, &data["complaint"]),
        Some("email.suppressed") => (of_suppressed(&data["suppressed"]), &data["suppressed"]),
        Some("contact.updated") if data["unsubscribed"] == true => (Kind::Unsubscribe, &Value::Null),
        _ => return Ok(Vec::new()),
    };
    let addresses = data["to"].as_array().map_or_else(|| vec![&data["email"]], |to| to.iter().collect());
    let words = [&why["subType"], &why["message"], &why["diagnosticCode"][0]];
    addresses.into_iter().map(|address| super::heard(address, kind, &words, time(&body["created_at"]))).collect()
}

fn of_bounce(bounce: &Value) -> Kind {
    match bounce["type"].as_str() {
        Some("Transient" | "Undetermined") => Kind::Delay,
        _ => Kind::Bounce,
    }
}

fn of_suppressed(suppressed: &Value) -> Kind {
    if suppressed["reason"] == "previous_complaint" { Kind::Complaint } else { Kind::Bounce }
}
