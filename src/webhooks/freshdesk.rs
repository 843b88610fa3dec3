//! Freshdesk: signs nothing. A secret in a header, or as the password of Basic authentication (RFC 7617), is the proof.

use anyhow::{Result, ensure};
use axum::http::header::{AUTHORIZATION, HeaderMap, HeaderName};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use uuid::Uuid;

use super::proof::{fingerprint, is_same, needed, object, only, said, text, time};
use super::{Proved, Refused, Unreadable};
use crate::integrations::freshdesk::status;
use crate::tickets::desk::{Ask, News};

/// Bytes of the shortest secret that is taken: it is all that keeps others out.
const SHORTEST: usize = 32;
const HEADER: &str = "x-hc-secret";
/// Around what simple mode sends.
const ENVELOPE: &str = "freshdesk_webhook";

#[derive(Debug)]
pub struct Freshdesk {
    header: HeaderName,
    /// All that the header may hold.
    expected: Vec<SecretString>,
}

impl Freshdesk {
    /// # Errors
    /// A secret that can be guessed, a header that is none.
    pub fn new(secrets: Vec<SecretString>, header: Option<&str>, user: Option<&str>) -> Result<Self> {
        for secret in &secrets {
            let length = secret.expose_secret().len();
            ensure!(
                length >= SHORTEST,
                "one of `secrets` has {length} bytes; take at least {SHORTEST}, for example from `openssl rand -hex 32`"
            );
        }
        ensure!(header.is_none() || user.is_none(), "write `header` or `user`, not both");
        let Some(user) = user else {
            let name = header.unwrap_or(HEADER);
            let header = name.parse().map_err(|_| anyhow::anyhow!("`header`: {name:?} is no name of a header"))?;
            return Ok(Self { header, expected: secrets });
        };
        ensure!(!user.contains(':'), "`user` has a colon, which parts user and password");
        let basic = |secret: &SecretString| {
            format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{}", secret.expose_secret()))).into()
        };
        Ok(Self { header: AUTHORIZATION, expected: secrets.iter().map(basic).collect() })
    }

    pub fn prove(&self, headers: &HeaderMap, body: &[u8]) -> Result<Proved, Refused> {
        let given = only(headers, self.header.as_str())?;
        if !self.expected.iter().any(|expect| is_same(given, expect.expose_secret())) {
            return Err(Refused::Unproved(format!("{} holds none of the secrets in the settings", self.header)));
        }
        let told = object(body)?;
        // The same words at another time are other news, so only what says its time can be known again.
        let event = time(&told["updated"]).map(|_| fingerprint(body));
        Ok(Proved::Event(event.unwrap_or_else(|| Uuid::now_v7().to_string())))
    }
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
