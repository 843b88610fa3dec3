//! What we ask of the outside: one vendor, one file. A sink says how it must be asked and what an answer means; when,
//! how often and in which order is the matter of `delivery`.

pub mod attachments;
pub mod bucket;
mod build;
pub mod chat_bot;
pub mod desk;
pub mod discourse;
mod errand;
pub mod files;
pub mod freshdesk;
pub mod ga4;
pub mod generic;
pub mod http;
pub mod intercom;
pub mod mail;
pub mod messenger;
pub mod mixpanel;
pub mod s3;
pub mod sample;
mod sink;
pub mod slack;
pub mod status_page;
pub mod webhook;
pub mod zendesk;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::time::Duration;

use app::model::Purpose;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, de};
use serde_json::{Map, Value};

use crate::events::Sendable;

pub use build::build;
pub use errand::{Errand, Receipt};
pub use sink::{Limits, Sink};

/// `[sinks]`: the vendors that are known by name.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sinks {
    pub files: Option<files::Settings>,
    pub ga4: Option<ga4::Settings>,
    pub mixpanel: Option<mixpanel::Settings>,
    pub s3: Option<s3::Settings>,
}

/// `[desks]`: where tickets go as well.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Desks {
    pub zendesk: Option<zendesk::Settings>,
    pub freshdesk: Option<freshdesk::Settings>,
    pub intercom: Option<intercom::Settings>,
}

/// `[connectors.NAME]`: any HTTP API.
pub type Connectors = BTreeMap<String, generic::Settings>;
/// `[webhooks.NAME]`: whoever wants to be told, in the manner of Standard Webhooks.
pub type Webhooks = BTreeMap<String, webhook::Settings>;

/// What a sink promises for each event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guarantee {
    /// A batch of unknown outcome is sent again, with the same key.
    AtLeastOnce,
    /// Likewise, and the vendor or the file system takes it as one.
    ExactlyOnce,
    /// A batch of unknown outcome is not sent again, but counted.
    AtMostOnce,
}

impl Guarantee {
    pub fn name(self) -> &'static str {
        match self {
            Self::AtLeastOnce => "at_least_once",
            Self::ExactlyOnce => "exactly_once",
            Self::AtMostOnce => "at_most_once",
        }
    }
}

/// Why something was not delivered, in the vendor's words and without secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// May succeed later.
    #[error("{reason}")]
    Retry {
        /// The vendor's own wish.
        after: Option<Duration>,
        /// The vendor is well and asks for patience.
        throttled: bool,
        /// It may have been delivered all the same.
        unknown: bool,
        reason: String,
    },
    /// Will not succeed as it is.
    #[error("{reason}")]
    Reject {
        reason: String,
        /// Nor will anything else, until the settings change: a wrong secret, an address that is gone.
        lasting: bool,
    },
}

impl Failure {
    /// Nothing of it arrived.
    pub fn unreached(reason: impl Into<String>) -> Self {
        Self::Retry { after: None, throttled: false, unknown: false, reason: reason.into() }
    }

    /// It may have arrived.
    pub fn in_doubt(reason: impl Into<String>) -> Self {
        Self::Retry { after: None, throttled: false, unknown: true, reason: reason.into() }
    }

    /// It was refused, others may be taken.
    pub fn refused(reason: impl Into<String>) -> Self {
        Self::Reject { reason: reason.into(), lasting: false }
    }
}

/// Events on their way to a sink, and what became of those that have left it.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Idempotency key: the same for the same range of events.
    pub key: String,
    /// Those not settled yet, in the order they were written.
    pub events: Vec<Sendable>,
    /// How many were delivered.
    pub sent: usize,
    /// How many may have been delivered and are not sent again.
    pub unknown: usize,
    pub refused: Vec<Refusal>,
}

/// An event the vendor did not want.
#[derive(Debug, Clone)]
pub struct Refusal {
    pub event: Sendable,
    /// In the vendor's words.
    pub reason: String,
    /// False when it is refused for what it holds.
    pub replayable: bool,
}

impl Batch {
    pub fn new(key: impl Into<String>, events: Vec<Sendable>) -> Self {
        Self { key: key.into(), events, ..Self::default() }
    }

    /// Those with an id among `ids`, which are in order.
    fn among(&self, ids: &[String]) -> Vec<Sendable> {
        self.events.iter().filter(|event| ids.binary_search(&event.id).is_ok()).cloned().collect()
    }

    /// Takes out those with an id among `ids`.
    fn take(&mut self, ids: &[String]) -> Vec<Sendable> {
        // They are in the order of the events, which is that of ids.
        self.events.extract_if(.., |event| ids.binary_search(&event.id).is_ok()).collect()
    }

    /// They were taken, but for those at the places in `refused`.
    fn settle(&mut self, ids: &[String], refused: Vec<(usize, String)>) {
        let events = self.take(ids);
        self.sent += events.len().saturating_sub(refused.len());
        for (place, reason) in refused {
            let event = events.get(place).cloned();
            self.refused.extend(event.map(|event| Refusal { event, reason, replayable: false }));
        }
    }

    /// None of them was taken.
    fn refuse(&mut self, ids: &[String], reason: &str) {
        let refusal = |event| Refusal { event, reason: reason.to_owned(), replayable: true };
        let refused: Vec<_> = self.take(ids).into_iter().map(refusal).collect();
        self.refused.extend(refused);
    }
}

/// Events may be sent for these purposes; for others there is no sink.
fn purpose<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Purpose, D::Error> {
    match Purpose::deserialize(deserializer)? {
        purpose @ (Purpose::Analytics | Purpose::Marketing) => Ok(purpose),
        other => Err(de::Error::custom(format!(
            "a sink cannot have the purpose `{}`; write `analytics` or `marketing`",
            other.name()
        ))),
    }
}

/// Changes when settings do; `shown` is without secrets.
fn fingerprint(shown: &impl Debug, secrets: &[SecretString]) -> String {
    let mut hash = blake3::Hasher::new();
    hash.update(format!("{shown:?}").as_bytes());
    for secret in secrets {
        hash.update(&[0]).update(secret.expose_secret().as_bytes());
    }
    hash.finalize().to_hex()[..32].to_owned()
}

/// Milliseconds since 1970-01-01 UTC, as RFC 3339.
fn rfc3339(milliseconds: i64) -> String {
    jiff::Timestamp::from_millisecond(milliseconds).map(|time| time.to_string()).unwrap_or_default()
}

/// The event's JSON, key by key.
fn fields(event: &Sendable) -> Map<String, Value> {
    serde_json::from_str(&event.body).expect("events are written as JSON objects")
}

/// Whole lines of JSON, by the day they happened: day and lines.
fn days(events: &[Sendable]) -> BTreeMap<String, String> {
    let mut days = BTreeMap::<String, String>::new();
    for event in events {
        let day = rfc3339(event.at).chars().take(10).collect();
        let lines = days.entry(day).or_default();
        lines.push_str(&event.body);
        lines.push('\n');
    }
    days
}
