//! Anybody who signs as Standard Webhooks 1.0 says, with its names of headers or with Svix's older ones.

use anyhow::{Result, bail, ensure};
use app::model::Status;
use axum::http::HeaderMap;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use ring::signature::{ED25519, UnparsedPublicKey};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::proof::{is_of_now, is_same, needed, object, only, said, text, time};
use super::{Proved, Refused, Unreadable};
use crate::integrations::webhook::{key, signature};
use crate::tickets::desk::{Ask, Comment, News};

const PUBLIC: &str = "whpk_";

#[derive(Debug)]
pub struct Standard {
    /// `whsec_` and what both sides know, or `whpk_` and the sender's public key.
    secrets: Vec<SecretString>,
}

/// What is signed.
struct Signed<'a> {
    id: &'a str,
    seconds: &'a str,
    body: &'a [u8],
}

impl Standard {
    /// # Errors
    /// A secret that is none.
    pub fn new(secrets: Vec<SecretString>) -> Result<Self> {
        for secret in &secrets {
            match secret.expose_secret().strip_prefix(PUBLIC) {
                Some(text) => drop(public_key(text)?),
                None => drop(key(secret)?),
            }
        }
        Ok(Self { secrets })
    }

    pub fn prove(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<Proved, Refused> {
        let id = self.signed(headers, body, now)?;
        object(body)?;
        Ok(Proved::Event(id))
    }

    /// The id under which the body was signed, whatever it holds.
    pub fn signed(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<String, Refused> {
        let family = if headers.contains_key("svix-signature") { "svix" } else { "webhook" };
        let header = |name: &str| only(headers, &format!("{family}-{name}"));
        let (id, seconds, signatures) = (header("id")?, header("timestamp")?, header("signature")?);
        let signed = Signed { id, seconds, body };
        let is_ours = |given: &str| self.secrets.iter().any(|secret| signed.is_by(secret, given));
        if !signatures.split(' ').any(is_ours) {
            return Err(Refused::Unproved(format!("{family}-signature is by none of the secrets in the settings")));
        }
        let at = seconds.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
        let at = at.ok_or_else(|| Refused::Unproved(format!("{family}-timestamp is no time in seconds since 1970")))?;
        is_of_now(at, now)?;
        // A dot parts id, time and body; one within the id would let them be read in another way.
        if id.is_empty() || id.len() > 200 || id.contains('.') {
            return Err(Refused::Malformed(format!("{family}-id has no character, more than 200, or a dot")));
        }
        Ok(id.to_owned())
    }
}

impl Signed<'_> {
    fn is_by(&self, secret: &SecretString, given: &str) -> bool {
        match secret.expose_secret().strip_prefix(PUBLIC) {
            Some(text) => self.is_by_public(text, given),
            None => signature(secret, self.id, self.seconds, self.body).is_ok_and(|expect| is_same(given, &expect)),
        }
    }

    /// Ed25519, RFC 8032.
    fn is_by_public(&self, public: &str, given: &str) -> bool {
        let given = given.strip_prefix("v1a,").and_then(|given| BASE64_STANDARD.decode(given).ok());
        let (Some(given), Ok(public)) = (given, public_key(public)) else { return false };
        let signed = [self.id.as_bytes(), b".", self.seconds.as_bytes(), b".", self.body].concat();
        UnparsedPublicKey::new(&ED25519, public).verify(&signed, &given).is_ok()
    }
}

fn public_key(text: &str) -> Result<Vec<u8>> {
    let Ok(key) = BASE64_STANDARD.decode(text) else { bail!("one of `secrets` is not Base64 after {PUBLIC}") };
    ensure!(key.len() == 32, "one of `secrets` is a public key of {} bytes; one of Ed25519 has 32 bytes", key.len());
    Ok(key)
}

/// What `body` tells of a ticket, in the form that the manual gives.
pub fn news(desk: &str, body: &Value, received: Timestamp) -> Result<Option<News>, Unreadable> {
    let data = &body["data"];
    let at = time(&body["timestamp"]).unwrap_or(received);
    let comment = match body["type"].as_str() {
        Some("ticket.status_changed") => None,
        Some("ticket.commented") => comment(&data["comment"], at)?,
        _ => return Ok(None),
    };
    let news = News {
        desk: desk.to_owned(),
        remote_id: needed(&data["id"], "data.id")?,
        ticket: text(&data["reference"]),
        status: text(&data["status"]).and_then(|name| Status::try_from(name.to_lowercase()).ok()),
        comment,
        ask: Ask::Never,
        at,
    };
    Ok(said(news))
}

fn comment(comment: &Value, at: Timestamp) -> Result<Option<Comment>, Unreadable> {
    let Some(words) = text(&comment["text"]) else { return Ok(None) };
    Ok(Some(Comment {
        remote_id: needed(&comment["id"], "data.comment.id")?,
        text: words,
        public: comment["public"] == Value::Bool(true),
        name: text(&comment["author"]),
        at: at.as_millisecond(),
    }))
}
