//! Outgoing webhooks, signed as Standard Webhooks 1.0 (`v1`) says: one event a message, its id the message's id on
//! every attempt, time and signature those of the attempt.

use std::num::NonZeroU32;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use app::model::{Event, Purpose};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use reqwest::header::HeaderName;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::generic::mac;
use super::http::{Answer, RETRIED, Request, base};
use super::sink::Part;
use super::{Failure, Limits, fields, rfc3339};
use crate::events::Sendable;
use crate::identity::list_or_lines;

/// `[webhooks.NAME]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub url: String,
    /// `whsec_` and 24 to 64 random bytes in Base64. Two while you change from one to the other: both sign.
    #[serde(deserialize_with = "list_or_lines")]
    pub secrets: Vec<SecretString>,
    /// Kinds of events that are told. Empty: all.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// False for one that is only told of deeds: alerts, tickets.
    #[serde(default = "yes")]
    pub events: bool,
    #[serde(default = "super::files::analytics", deserialize_with = "super::purpose")]
    pub purpose: Purpose,
    #[serde(default = "patience")]
    pub timeout_ms: u64,
}

fn yes() -> bool {
    true
}

fn patience() -> u64 {
    15_000
}

pub const LIMITS: Limits = Limits {
    events: 100,
    bytes: 1 << 20,
    per_second: NonZeroU32::new(50).expect("fifty is not zero"),
    linger: Duration::ZERO,
};

#[derive(Debug)]
pub struct Webhook {
    url: Url,
    secrets: Vec<SecretString>,
    kinds: Vec<String>,
    pub purpose: Option<Purpose>,
    pub timeout: Duration,
}

impl Webhook {
    /// # Errors
    /// An address, a secret or a kind that cannot be used.
    pub fn new(settings: &Settings) -> Result<Self> {
        let secrets = settings.secrets.clone();
        ensure!(
            matches!(secrets.len(), 1 | 2),
            "`secrets` holds {}; write one, or two while they change",
            secrets.len()
        );
        secrets.iter().try_for_each(|secret| key(secret).map(drop))?;
        for kind in &settings.kinds {
            ensure!(Event::KINDS.iter().any(|known| known.name == kind), "`kinds`: there is no kind of event {kind:?}");
        }
        let purpose = settings.events.then_some(settings.purpose);
        let timeout = Duration::from_millis(settings.timeout_ms);
        Ok(Self { url: base(&settings.url)?, secrets, kinds: settings.kinds.clone(), purpose, timeout })
    }

    /// Both spellings: as in the settings, and without what stands before it.
    pub fn secrets(&self) -> Vec<SecretString> {
        self.secrets.clone()
    }

    pub fn wants(&self, event: &Sendable) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&event.kind)
    }

    pub fn parts(&self, events: &[Sendable], now: Timestamp) -> Result<Vec<Part>, Failure> {
        let part = |event: &Sendable| {
            let payload =
                json!({ "type": event.kind.replace('_', "."), "timestamp": rfc3339(event.at), "data": fields(event) });
            Ok(Part { request: self.request(&event.id, &payload, now)?, ids: vec![event.id.clone()] })
        };
        events.iter().filter(|event| self.wants(event)).map(part).collect()
    }

    /// A deed says its `type`; the rest of it is the message's data.
    pub fn deed(&self, key: &str, deed: &Value, now: Timestamp) -> Result<Request, Failure> {
        let kind = deed["type"].as_str().ok_or_else(|| Failure::refused("a deed for a webhook must say its `type`"))?;
        let payload = json!({ "type": kind, "timestamp": rfc3339(now.as_millisecond()), "data": deed });
        self.request(key, &payload, now)
    }

    fn request(&self, id: &str, payload: &Value, now: Timestamp) -> Result<Request, Failure> {
        let body = payload.to_string();
        let seconds = now.as_second().to_string();
        let signatures: Result<Vec<_>> =
            self.secrets.iter().map(|secret| signature(secret, id, &seconds, body.as_bytes())).collect();
        let signatures = signatures.map_err(|cause| Failure::refused(format!("{cause:#}")))?;
        let mut request = Request::post(self.url.clone(), "application/json", body);
        request.secrets = self.secrets();
        request.header(HeaderName::from_static("webhook-id"), id, false)?;
        request.header(HeaderName::from_static("webhook-timestamp"), &seconds, false)?;
        request.header(HeaderName::from_static("webhook-signature"), &signatures.join(" "), false)?;
        Ok(request)
    }
}

/// `v1` and the signature of a message, as its header says it.
///
/// # Errors
/// A secret that is none.
pub fn signature(secret: &SecretString, id: &str, seconds: &str, body: &[u8]) -> Result<String> {
    let signed = mac(&key(secret)?, &[id.as_bytes(), b".", seconds.as_bytes(), b".", body].concat());
    Ok(format!("v1,{}", BASE64_STANDARD.encode(signed)))
}

/// The bytes of a secret, with or without `whsec_` before it.
///
/// # Errors
/// What is not Base64, or not 24 to 64 bytes.
pub fn key(secret: &SecretString) -> Result<Vec<u8>> {
    let text = secret.expose_secret();
    let key = BASE64_STANDARD.decode(text.strip_prefix("whsec_").unwrap_or(text));
    let key = key.ok().context("one of `secrets` is not Base64; write whsec_ and 24 to 64 random bytes in Base64")?;
    ensure!((24..=64).contains(&key.len()), "one of `secrets` has {} bytes; take 24 to 64 random ones", key.len());
    Ok(key)
}

/// 410 says that nobody lives there any more.
pub fn judge(answer: Answer, request: &Request, now: Timestamp) -> Result<Vec<(usize, String)>, Failure> {
    if answer.status == 410 {
        return Err(Failure::Reject { reason: answer.reason(request), lasting: true });
    }
    answer.success(request, RETRIED, now).map(|_| Vec::new())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn signatures_are_those_of_the_published_vectors() {
        let check = |secret: &str, id: &str, seconds: &str, body: &str, expect: &str| {
            assert_eq!(signature(&secret.into(), id, seconds, body.as_bytes()).unwrap(), expect);
        };
        check(
            "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
            "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
            "1649367553",
            r#"{"email":"test@example.com","username":"test_user"}"#,
            "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
        );
        let body = r#"{"type":"article.published","timestamp":"2026-07-25T17:20:00Z","data":{"id":"art_1"}}"#;
        let (id, seconds) = ("msg_2x9helpcenter0001", "1785000000");
        let expect = "v1,kNA0XEv9R4NqNmkcpZYjhCG2UoHgONKoXRNaf/bTJxg=";
        check("whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=", id, seconds, body, expect);
        let expect = "v1,SyjiwgWQTowacH68o3GwjKE5f5A+TdJ1q0YKG8Y6z44=";
        check("whsec_ISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0A=", id, seconds, body, expect);
    }

    #[test]
    fn while_secrets_change_both_sign() {
        let secret = |byte: u8| format!("whsec_{}", BASE64_STANDARD.encode([byte; 32])).into();
        let webhook = |secrets: Vec<SecretString>, kinds: Vec<String>| {
            let purpose = Purpose::Analytics;
            Webhook::new(&Settings {
                url: "https://a.example".to_owned(),
                secrets,
                kinds,
                events: true,
                purpose,
                timeout_ms: 1,
            })
        };
        let both = webhook(vec![secret(1), secret(2)], Vec::new()).unwrap();
        let request = both.deed("id", &json!({"type": "ticket.opened"}), Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(request.headers["webhook-signature"].to_str().unwrap().matches("v1,").count(), 2);
        assert!(webhook(Vec::new(), Vec::new()).is_err());
        assert!(webhook(vec!["whsec_c2hvcnQ=".into()], Vec::new()).is_err());
        assert!(webhook(vec![secret(1)], vec!["article_red".to_owned()]).is_err());
    }
}
