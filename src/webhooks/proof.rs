//! What all senders' proofs are made of.

use std::time::Duration;

use axum::http::HeaderMap;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use subtle::ConstantTimeEq;

use super::{Refused, Unreadable};
use crate::tickets::desk::{Ask, News};

/// How far a signed time may be from ours, before or behind.
pub const TOLERANCE: Duration = Duration::from_secs(300);

/// The header of this name, however it is spelt; it must be there once.
pub fn only<'h>(headers: &'h HeaderMap, name: &str) -> Result<&'h str, Refused> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().ok_or_else(|| Refused::Unproved(format!("the header {name} is missing")))?;
    if values.next().is_some() {
        return Err(Refused::Unproved(format!("the header {name} comes more than once")));
    }
    value.to_str().map_err(|_| Refused::Unproved(format!("the header {name} has characters that no proof has")))
}

/// Compares without telling by its time how much is the same.
pub fn is_same(given: &str, expect: &str) -> bool {
    given.as_bytes().ct_eq(expect.as_bytes()).into()
}

/// Is a signed time of now?
pub fn is_of_now(at: Timestamp, now: Timestamp) -> Result<(), Refused> {
    is_recent(at, now, TOLERANCE)
}

/// Is a signed time no older than this, and not ahead of our clock?
pub fn is_recent(at: Timestamp, now: Timestamp, oldest: Duration) -> Result<(), Refused> {
    let whole = |duration: Duration| SignedDuration::try_from(duration).expect("a day is short");
    let age = now.duration_since(at);
    if age > whole(oldest) {
        return Err(Refused::Unproved(format!("it was signed more than {} minutes ago", oldest.as_secs() / 60)));
    }
    if age < -whole(TOLERANCE) {
        let minutes = TOLERANCE.as_secs() / 60;
        return Err(Refused::Unproved(format!("it was signed more than {minutes} minutes ahead of our clock")));
    }
    Ok(())
}

/// A name for exactly these bytes.
pub fn fingerprint(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..32].to_owned()
}

/// The object of a body that is proved.
pub fn object(body: &[u8]) -> Result<Value, Refused> {
    let cure = "have it sent as a JSON object";
    match serde_json::from_slice(body) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(Refused::Malformed(format!("the body is JSON, but no object; {cure}"))),
        Err(cause) => Err(Refused::Malformed(format!("the body is not JSON ({cause}); {cure}"))),
    }
}

/// A text or a number that is not empty, as text: ids come as either.
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The same, where nothing works without it.
pub fn needed(value: &Value, name: &str) -> Result<String, Unreadable> {
    text(value).ok_or_else(|| Unreadable(format!("`{name}` is missing or empty: which ticket is it about?")))
}

/// A time as RFC 3339.
pub fn time(value: &Value) -> Option<Timestamp> {
    value.as_str()?.trim().parse().ok()
}

/// News only when it is any: how a ticket stands, or what was said, or that the desk has more to say.
pub fn said(news: News) -> Option<News> {
    Some(news).filter(|news| news.status.is_some() || news.comment.is_some() || news.ask != Ask::Never)
}
