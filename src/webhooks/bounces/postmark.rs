//! Postmark: signs nothing. A secret in a header, or as the password of Basic authentication, is the proof.

use axum::http::HeaderMap;
use serde_json::Value;

use super::{Heard, Kind};
use crate::webhooks::proof::{fingerprint, object, text, time};
use crate::webhooks::secret::Secret;
use crate::webhooks::{Proved, Refused, Unreadable};

pub fn prove(secret: &Secret, headers: &HeaderMap, body: &[u8]) -> Result<Proved, Refused> {
    secret.prove(headers)?;
    let told = object(body)?;
    let id = text(&told["ID"]).map(|id| format!("{}:{id}", told["RecordType"].as_str().unwrap_or_default()));
    Ok(Proved::Event(id.filter(|id| id.len() <= 200).unwrap_or_else(|| fingerprint(body))))
}

pub fn heard(body: &Value) -> Result<Vec<Heard>, Unreadable> {
    let (kind, address, at) = match body["RecordType"].as_str() {
        Some("Bounce") => (of_bounce(body), &body["Email"], &body["BouncedAt"]),
        Some("SpamComplaint") => (Some(Kind::Complaint), &body["Email"], &body["BouncedAt"]),
        Some("SubscriptionChange") => (Some(of_change(body)), &body["Recipient"], &body["ChangedAt"]),
        _ => return Ok(Vec::new()),
    };
    let Some(kind) = kind else { return Ok(Vec::new()) };
    let words = [&body["Name"], &body["Details"], &body["SuppressionReason"]];
    Ok(vec![super::heard(address, kind, &words, time(at))?])
}

fn of_bounce(body: &Value) -> Option<Kind> {
    match body["Type"].as_str().unwrap_or_default() {
        "SpamNotification" | "SpamComplaint" => Some(Kind::Complaint),
        "Unsubscribe" => Some(Kind::Unsubscribe),
        // Somebody's machine answered.
        "AutoResponder" | "AddressChange" | "Subscribe" | "ChallengeVerification" => None,
        "HardBounce" | "BadEmailAddress" => Some(Kind::Bounce),
        _ if body["Inactive"] == true => Some(Kind::Bounce),
        _ => Some(Kind::Delay),
    }
}

fn of_change(body: &Value) -> Kind {
    match body["SuppressionReason"].as_str() {
        _ if body["SuppressSending"] == false => Kind::Resubscribe,
        Some("HardBounce") => Kind::Bounce,
        Some("SpamComplaint") => Kind::Complaint,
        _ => Kind::Unsubscribe,
    }
}
