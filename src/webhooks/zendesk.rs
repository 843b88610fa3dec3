//! Zendesk: signed with HMAC-SHA256 over time and body; events of its own, or what a trigger's template makes.

use anyhow::{Result, ensure};
use axum::http::HeaderMap;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::proof::{fingerprint, is_of_now, is_same, needed, object, only, said, text, time};
use super::{Proved, Refused, Unreadable};
use crate::integrations::generic::mac;
use crate::integrations::zendesk::status;
use crate::tickets::desk::{Ask, Comment, News};

/// Signs what the button "Test webhook" sends before the webhook is saved. Zendesk publishes it.
const TRIAL_SECRET: &str = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==";
const SIGNATURE: &str = "x-zendesk-webhook-signature";
const TIME: &str = "x-zendesk-webhook-signature-timestamp";
/// What the kinds of its own events begin with.
const EVENT: &str = "zen:event-type:";

#[derive(Debug)]
pub struct Zendesk {
    /// Used as they are, although they look like Base64.
    secrets: Vec<SecretString>,
    setup: bool,
}

impl Zendesk {
    /// # Errors
    /// A secret that everybody knows.
    pub fn new(secrets: Vec<SecretString>, setup: bool) -> Result<Self> {
        for secret in &secrets {
            ensure!(!secret.expose_secret().is_empty(), "one of `secrets` is empty");
            ensure!(
                secret.expose_secret() != TRIAL_SECRET,
                "one of `secrets` is the one for trials, which everybody knows; write the webhook's own signing secret"
            );
        }
        Ok(Self { secrets, setup })
    }

    pub fn prove(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<Proved, Refused> {
        let (signature, stamp) = (only(headers, SIGNATURE)?, only(headers, TIME)?);
        let signed = [stamp.as_bytes(), body].concat();
        let is_by = |secret: &str| is_same(signature, &BASE64_STANDARD.encode(mac(secret.as_bytes(), &signed)));
        let is_ours = self.secrets.iter().any(|secret| is_by(secret.expose_secret()));
        let is_trial = !is_ours && self.setup && is_by(TRIAL_SECRET);
        if !is_ours && !is_trial {
            return Err(Refused::Unproved(format!("{SIGNATURE} is by none of the secrets in the settings")));
        }
        // Nothing parts time and body, so the time must end where a time ends.
        let at = stamp.parse::<Timestamp>().ok().filter(|_| stamp.ends_with('Z'));
        let at = at.ok_or_else(|| Refused::Unproved(format!("{TIME} is no time in UTC as ISO 8601 has it")))?;
        is_of_now(at, now)?;
        if is_trial { Ok(Proved::Trial) } else { Ok(Proved::Event(event(body, &signed)?)) }
    }
}

/// Its own events have an id; anything else goes by what was signed, as no other header is.
fn event(body: &[u8], signed: &[u8]) -> Result<String, Refused> {
    if body.is_empty() {
        return Ok(fingerprint(signed));
    }
    let body = object(body)?;
    let id = kind(&body).and_then(|_| text(&body["id"])).filter(|id| id.len() <= 200);
    Ok(id.unwrap_or_else(|| fingerprint(signed)))
}

/// The kind of one of its own events: `ticket.status_changed`.
fn kind(body: &Value) -> Option<&str> {
    body["type"].as_str()?.strip_prefix(EVENT)
}

/// What `body` tells of a ticket.
pub fn news(desk: &str, body: &Value, received: Timestamp) -> Result<Option<News>, Unreadable> {
    match kind(body) {
        Some("ticket.status_changed" | "ticket.comment_added") => of_event(desk, body, received),
        Some(_) => Ok(None),
        None => of_template(desk, body, received),
    }
}

fn of_event(desk: &str, body: &Value, received: Timestamp) -> Result<Option<News>, Unreadable> {
    let (detail, event) = (&body["detail"], &body["event"]);
    let subject = body["subject"].as_str().and_then(|subject| subject.strip_prefix("zen:ticket:"));
    let remote_id = text(&detail["id"]).or(subject.map(str::to_owned));
    let at = time(&detail["updated_at"]).or_else(|| time(&body["time"]));
    let news = News {
        desk: desk.to_owned(),
        remote_id: remote_id.ok_or_else(|| Unreadable("the event names no ticket".to_owned()))?,
        ticket: text(&detail["external_id"]),
        status: status(&detail["status"]).or_else(|| status(&event["current"])),
        comment: comment(&event["comment"], &body["id"], at.unwrap_or(received)),
        ask: Ask::Never,
        at: at.unwrap_or(received),
    };
    Ok(said(news))
}

/// What its staff said; what the requester said came from us.
fn comment(comment: &Value, event: &Value, at: Timestamp) -> Option<Comment> {
    let author = &comment["author"];
    if author["is_staff"] == Value::Bool(false) {
        return None;
    }
    Some(Comment {
        text: text(&comment["body"])?,
        remote_id: text(&comment["id"]).or_else(|| text(event))?,
        public: comment["is_public"] == Value::Bool(true),
        name: text(&author["name"]),
        at: at.as_millisecond(),
    })
}

/// The template that the manual gives for triggers.
fn of_template(desk: &str, body: &Value, received: Timestamp) -> Result<Option<News>, Unreadable> {
    let news = News {
        desk: desk.to_owned(),
        remote_id: needed(&body["ticket_id"], "ticket_id")?,
        ticket: text(&body["external_id"]),
        status: status(&body["status"]),
        comment: None,
        ask: Ask::Also,
        at: time(&body["updated_at"]).unwrap_or(received),
    };
    Ok(said(news))
}
