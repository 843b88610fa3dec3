//! Intercom: signed with HMAC-SHA1 over the body, as GitHub once did. No time is signed, so a call is known again by its
//! id alone. What it brings holds the newest part of a conversation: a sign that there is news.

use anyhow::{Result, ensure};
use axum::http::HeaderMap;
use jiff::Timestamp;
use ring::hmac;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::proof::{fingerprint, is_same, needed, object, only, said, text};
use super::{Proved, Refused, Unreadable};
use crate::integrations::generic::hex;
use crate::integrations::intercom::status;
use crate::tickets::desk::{Ask, News};

const SIGNATURE: &str = "x-hub-signature";
/// Topics that say something of how a ticket stands.
const TOPICS: [&str; 8] = [
    "conversation.user.replied",
    "conversation.admin.replied",
    "conversation.admin.noted",
    "conversation.admin.closed",
    "conversation.admin.opened",
    "conversation.admin.snoozed",
    "conversation.admin.single.created",
    "conversation.rating.added",
];

#[derive(Debug)]
pub struct Intercom {
    /// Client secrets of the app, as they are.
    secrets: Vec<SecretString>,
}

impl Intercom {
    /// # Errors
    /// A secret that is none.
    pub fn new(secrets: Vec<SecretString>) -> Result<Self> {
        for secret in &secrets {
            ensure!(
                !secret.expose_secret().is_empty(),
                "one of `secrets` is empty; write the client secret of the app"
            );
        }
        Ok(Self { secrets })
    }

    pub fn prove(&self, headers: &HeaderMap, body: &[u8]) -> Result<Proved, Refused> {
        let given = only(headers, SIGNATURE)?;
        if !self.secrets.iter().any(|secret| is_by(secret, given, body)) {
            return Err(Refused::Unproved(format!("{SIGNATURE} is by none of the secrets in the settings")));
        }
        let told = object(body)?;
        if told["topic"] == "ping" {
            return Ok(Proved::Trial);
        }
        Ok(Proved::Event(event(&told)))
    }
}

fn is_by(secret: &SecretString, given: &str, body: &[u8]) -> bool {
    let Some(given) = given.strip_prefix("sha1=") else { return false };
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.expose_secret().as_bytes());
    is_same(given, &hex(hmac::sign(&key, body).as_ref()))
}

/// Its id; without one, what it is about and when it was made.
fn event(told: &Value) -> String {
    let id = text(&told["id"]).filter(|id| id.len() <= 200);
    id.unwrap_or_else(|| {
        let parts = [&told["topic"], &told["data"]["item"]["id"], &told["created_at"]];
        fingerprint(parts.map(Value::to_string).join("\n").as_bytes())
    })
}

/// What `body` tells of a ticket: that the desk is to be asked, and how it stands, for where it cannot be.
pub fn news(desk: &str, body: &Value, received: Timestamp) -> Result<Option<News>, Unreadable> {
    if !body["topic"].as_str().is_some_and(|topic| TOPICS.contains(&topic)) {
        return Ok(None);
    }
    let item = &body["data"]["item"];
    let seconds = item["updated_at"].as_i64().or_else(|| body["created_at"].as_i64());
    let at = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
    let news = News {
        desk: desk.to_owned(),
        remote_id: needed(&item["id"], "data.item.id")?,
        ticket: None,
        status: status(&item["state"]),
        comment: None,
        ask: Ask::Instead,
        at: at.unwrap_or(received),
    };
    Ok(said(news))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_has_no_id_is_known_by_what_it_is_about() {
        let told = |id: &str, made: i64, topic: &str| {
            let text = format!(r#"{{"id":{id},"topic":"{topic}","created_at":{made},"data":{{"item":{{"id":"1"}}}}}}"#);
            event(&serde_json::from_str(&text).unwrap())
        };
        assert_eq!(told("\"notif_1\"", 1, "a"), "notif_1");
        let without = told("null", 1, "a");
        assert_eq!(without, told("null", 1, "a"));
        assert_ne!(without, told("null", 2, "a"));
        assert_ne!(without, told("null", 1, "b"));
    }

    #[test]
    fn topics_that_concern_nobody_say_nothing() {
        let check = |topic: &str, expect: bool| {
            let body = serde_json::json!({ "topic": topic, "data": { "item": { "id": "12045", "state": "closed" } } });
            assert_eq!(news("intercom", &body, Timestamp::UNIX_EPOCH).unwrap().is_some(), expect, "{topic}");
        };
        check("conversation.admin.closed", true);
        check("conversation.rating.added", true);
        check("conversation.user.replied", true);
        check("conversation.user.created", false);
        check("contact.created", false);
    }
}
