//! SendGrid's event webhook: signed with ECDSA over time and body, many events a call.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use axum::http::HeaderMap;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::{Heard, Kind, seconds};
use crate::webhooks::proof::{fingerprint, is_recent, only, text};
use crate::webhooks::{Proved, Refused, Unreadable};

const SIGNATURE: &str = "x-twilio-email-event-webhook-signature";
const TIME: &str = "x-twilio-email-event-webhook-timestamp";
/// It repeats a call that failed for a day. Each event has an id, so none is taken twice.
const OLDEST: Duration = Duration::from_secs(86_400);
/// What stands before the point in a public key of P-256: RFC 5480 section 2, as DER.
const P256: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

#[derive(Debug)]
pub struct Sendgrid {
    /// Points of the curve, uncompressed.
    keys: Vec<Vec<u8>>,
}

impl Sendgrid {
    /// # Errors
    /// What is no public key.
    pub fn new(secrets: &[SecretString]) -> Result<Self> {
        let cure = "one of `secrets` is no public key of SendGrid; copy the verification key of the event webhook";
        let key = |secret: &SecretString| {
            let key = BASE64_STANDARD.decode(secret.expose_secret().trim()).context(cure)?;
            let point = key.strip_prefix(&P256).filter(|point| point.len() == 65).context(cure)?;
            ensure!(point[0] == 4, cure);
            Ok(point.to_vec())
        };
        Ok(Self { keys: secrets.iter().map(key).collect::<Result<_>>()? })
    }

    pub fn prove(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<Proved, Refused> {
        let (signature, stamp) = (only(headers, SIGNATURE)?, only(headers, TIME)?);
        let signed = [stamp.as_bytes(), body].concat();
        let given = BASE64_STANDARD.decode(signature).unwrap_or_default();
        let is_by =
            |key: &Vec<u8>| UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key).verify(&signed, &given).is_ok();
        if !self.keys.iter().any(is_by) {
            return Err(Refused::Unproved(format!("{SIGNATURE} is by none of the keys in the settings")));
        }
        // Nothing parts time and body, so the time must be digits alone: no body begins with one.
        let at = stamp.parse().ok().filter(|_| stamp.bytes().all(|byte| byte.is_ascii_digit()));
        let at = at.and_then(|seconds| Timestamp::from_second(seconds).ok());
        let at = at.ok_or_else(|| Refused::Unproved(format!("{TIME} is no time in seconds since 1970")))?;
        is_recent(at, now, OLDEST)?;
        events(body)
    }
}

/// Each event by its own id.
fn events(body: &[u8]) -> Result<Proved, Refused> {
    let events: Vec<Value> = serde_json::from_slice(body)
        .map_err(|cause| Refused::Malformed(format!("the body is no list of events as JSON: {cause}")))?;
    let event = |event: &Value| {
        let body = event.to_string();
        let id = text(&event["sg_event_id"]).filter(|id| id.len() <= 200);
        (id.unwrap_or_else(|| fingerprint(body.as_bytes())), body)
    };
    Ok(Proved::Events(events.iter().map(event).collect()))
}

fn kind(event: &Value) -> Option<Kind> {
    let reason = event["reason"].as_str().unwrap_or_default().to_lowercase();
    Some(match event["event"].as_str()? {
        // Some server does not want it now.
        "bounce" if event["type"] == "blocked" => Kind::Delay,
        "bounce" => Kind::Bounce,
        // It keeps a list of its own, and says why it did not even try. Other reasons are about the mail or the account.
        "dropped" if reason.contains("unsubscribed") => Kind::Unsubscribe,
        "dropped" if reason.contains("spam report") => Kind::Complaint,
        "dropped" if reason.contains("bounced") || reason == "invalid" => Kind::Bounce,
        "deferred" => Kind::Delay,
        "spamreport" => Kind::Complaint,
        "unsubscribe" | "group_unsubscribe" => Kind::Unsubscribe,
        "group_resubscribe" => Kind::Resubscribe,
        _ => return None,
    })
}

/// It took a mail, and then did not send it.
pub fn refusal(event: &Value) -> Option<String> {
    (event["event"] == "dropped").then(|| super::words(&[&event["reason"]]))
}

/// What one event tells.
pub fn heard(event: &Value) -> Result<Vec<Heard>, Unreadable> {
    let Some(kind) = kind(event) else { return Ok(Vec::new()) };
    let words = [&event["status"], &event["reason"], &event["response"]];
    Ok(vec![super::heard(&event["email"], kind, &words, seconds(&event["timestamp"]))?])
}
