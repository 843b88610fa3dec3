//! Freshdesk: signs nothing. A secret in a header, or as the password of Basic authentication, is the proof.

use axum::http::HeaderMap;
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::proof::{fingerprint, needed, object, said, text, time};
use super::secret::Secret;
use super::{Proved, Refused, Unreadable};
use crate::integrations::freshdesk::status;
use crate::tickets::desk::{Ask, News};

/// Around what simple mode sends.
const ENVELOPE: &str = "freshdesk_webhook";

pub fn prove(secret: &Secret, headers: &HeaderMap, body: &[u8]) -> Result<Proved, Refused> {
    secret.prove(headers)?;
    let told = object(body)?;
    // The same words at another time are other news, so only what says its time can be known again.
    let event = time(&told["updated"]).map(|_| fingerprint(body));
    Ok(Proved::Event(event.unwrap_or_else(|| Uuid::now_v7().to_string())))
}

/// What `body` tells of a ticket: by the template that the manual gives, or in simple mode.
pub fn news(desk: &str, body: &Value, received: Timestamp) -> Result<Option<News>, Unreadable> {
    let simple = &body[ENVELOPE];
    let is_simple = simple.is_object();
    let told = if is_simple { simple } else { body };
    let news = News {
        desk: desk.to_owned(),
        remote_id: needed(&told["ticket_id"], "ticket_id")?,
        ticket: text(&told["reference"]),
        status: status(&told[if is_simple { "ticket_status" } else { "status" }]),
        comment: None,
        ask: Ask::Instead,
        at: time(&told["updated"]).unwrap_or(received),
    };
    Ok(said(news))
}
