//! Resend: signs as Standard Webhooks, with Svix's names of headers.

use serde_json::Value;

use super::{Heard, Kind};
use crate::webhooks::Unreadable;
use crate::webhooks::proof::time;

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
