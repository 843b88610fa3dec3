//! What other programs tell: proved, stored once, handled later.

mod answers;
mod bounces;
mod changed;
mod given_up;
mod handling;
mod mails;
mod noted;
mod operators;
mod routes;
mod vectors;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::{SignedDuration, Timestamp};
use ring::hmac;
use signpost::integrations::generic::mac;
use signpost::integrations::webhook::signature;
use signpost::store::{self, Store};
use signpost::telemetry::Metrics;
use signpost::webhooks::inbox::{self, Stored};
use signpost::webhooks::{self, Hooks, Refused, Taken};
use tempfile::TempDir;

use crate::delivery::config_of;

/// A call as it arrives.
#[derive(Debug, Clone)]
pub struct Call {
    pub to: &'static str,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
    /// When it is signed.
    pub at: Timestamp,
}

pub const ZENDESK: &str = "zd-whsec-9f2b7c41d0";
pub const FRESHDESK: &str = "a-secret-of-a-rule-of-freshdesk-of-40-by";
pub const INTERCOM: &str = "ic-client-secret-1f6a";
pub const STANDARD: &str = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

/// One sender of each kind.
pub const SETTINGS: &str = r#"
[hooks.zendesk]
secrets = ["zd-whsec-of-before", "zd-whsec-9f2b7c41d0"]
[hooks.freshdesk]
secrets = ["a-secret-of-a-rule-of-freshdesk-of-40-by"]
[hooks.basic]
kind = "freshdesk"
user = "signpost"
secrets = ["a-secret-of-a-rule-of-freshdesk-of-40-by"]
[hooks.intercom]
secrets = ["ic-client-secret-of-before", "ic-client-secret-1f6a"]
[hooks.crm]
kind = "standard"
secrets = ["whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="]
"#;

pub fn zendesk(body: &str, at: Timestamp) -> Call {
    let stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let signature = BASE64_STANDARD.encode(mac(ZENDESK.as_bytes(), format!("{stamp}{body}").as_bytes()));
    let headers = vec![("X-Zendesk-Webhook-Signature", signature), ("X-Zendesk-Webhook-Signature-Timestamp", stamp)];
    Call { to: "zendesk", headers, body: body.to_owned(), at }
}

pub fn freshdesk(body: &str, at: Timestamp) -> Call {
    Call { to: "freshdesk", headers: vec![("X-HC-Secret", FRESHDESK.to_owned())], body: body.to_owned(), at }
}

pub fn intercom(body: &str, at: Timestamp) -> Call {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, INTERCOM.as_bytes());
    let hex =
        hmac::sign(&key, body.as_bytes()).as_ref().iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    Call { to: "intercom", headers: vec![("X-Hub-Signature", format!("sha1={hex}"))], body: body.to_owned(), at }
}

pub fn standard(id: &str, body: &str, at: Timestamp) -> Call {
    let seconds = at.as_second().to_string();
    let signature = signature(&STANDARD.into(), id, &seconds, body.as_bytes()).unwrap();
    let headers = vec![("webhook-id", id.to_owned()), ("webhook-timestamp", seconds), ("webhook-signature", signature)];
    Call { to: "crm", headers, body: body.to_owned(), at }
}

/// A receiver with a database of its own and a clock that is chosen.
pub struct Desk {
    pub hooks: Hooks,
    pub store: Store,
    _folder: TempDir,
}

impl Desk {
    pub async fn open(settings: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(folder.path()).await.unwrap();
        let hooks = webhooks::open(&config_of(settings).hooks, &store, Metrics::default().hooks).unwrap();
        Self { hooks, store, _folder: folder }
    }

    /// `call` arrives at the second it was signed.
    pub async fn take(&self, call: &Call) -> Result<Taken, Refused> {
        self.take_late(call, 0).await
    }

    /// `call` arrives so many seconds later, or earlier.
    pub async fn take_late(&self, call: &Call, seconds: i64) -> Result<Taken, Refused> {
        let now = call.at + SignedDuration::from_secs(seconds);
        self.take_raw(call.to, &headers(call), call.body.as_bytes(), now).await
    }

    pub async fn take_raw(&self, to: &str, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<Taken, Refused> {
        webhooks::receive(&self.hooks, to, headers, body, now).await
    }

    /// All that is stored, newest first.
    pub async fn stored(&self) -> Vec<Stored> {
        let listed = inbox::list(&self.store, None, None, 1000).await.unwrap();
        let mut stored = Vec::new();
        for one in listed {
            stored.push(inbox::find(&self.store, &one.id).await.unwrap().unwrap());
        }
        stored
    }

    pub async fn refuses(&self, call: &Call, seconds: i64, expect: &str) {
        let refusal = self.take_late(call, seconds).await.expect_err("it is taken").to_string();
        assert!(refusal.contains(expect), "{refusal:?} instead of {expect:?}");
    }
}

pub fn headers(call: &Call) -> HeaderMap {
    let header = |(name, value): &(&'static str, String)| {
        (name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap())
    };
    call.headers.iter().map(header).collect()
}
