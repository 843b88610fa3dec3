//! Google Analytics 4, Measurement Protocol.
//!
//! It answers 204 whatever it was sent, and counts twice what it is sent twice: so what may have arrived is never sent
//! again. The event's own id goes along as `hc_event_id`.

use std::num::NonZeroU32;
use std::time::Duration;

use anyhow::{Result, ensure};
use app::model::Purpose;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;

use super::files::analytics;
use super::http::{Request, base, joined};
use super::sink::Part;
use super::{Batch, Failure, Limits, Refusal, fields};
use crate::events::Sendable;

/// `[sinks.ga4]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `G-…`, of the web stream.
    pub measurement_id: String,
    pub api_secret: SecretString,
    /// For data that stays in Europe: `https://region1.google-analytics.com`.
    #[serde(default = "address")]
    pub url: String,
    #[serde(default = "analytics", deserialize_with = "super::purpose")]
    pub purpose: Purpose,
    /// Also send what readers typed: queries, comments, messages; masked.
    #[serde(default)]
    pub free_text: bool,
    #[serde(default = "patience")]
    pub timeout_ms: u64,
}

fn address() -> String {
    "https://www.google-analytics.com".to_owned()
}

fn patience() -> u64 {
    10_000
}

/// The protocol takes 25 events and 130 kB a request; ours grow a little on the way.
pub const LIMITS: Limits = Limits {
    events: 25,
    bytes: 60_000,
    per_second: NonZeroU32::new(50).expect("fifty is not zero"),
    linger: Duration::ZERO,
};
/// Older events are not taken.
/// Older events are not taken.
pub const OLDEST: SignedDuration = SignedDuration::from_hours(72);
/// A parameter's value is cut off behind so many characters.
const LONGEST: usize = 100;
/// Names of fields that hold what somebody typed.
const FREE_TEXT: [&str; 4] = ["query", "refines", "comment", "message"];
/// Fields that are told in another place or not at all.
const LEFT_OUT: [&str; 8] = ["v", "id", "at", "kind", "session", "user", "country", "campaign"];

#[derive(Debug)]
pub struct Ga4 {
    url: Url,
    api_secret: SecretString,
    pub purpose: Purpose,
    free_text: bool,
    pub timeout: Duration,
}

impl Ga4 {
    /// # Errors
    /// An address or an id that cannot be used.
    pub fn new(settings: &Settings) -> Result<Self> {
        let id = &settings.measurement_id;
        ensure!(id.starts_with("G-"), "measurement_id is {id:?}; take the one that begins with G-");
        let mut url = joined(&base(&settings.url)?, "/mp/collect");
        url.query_pairs_mut().append_pair("measurement_id", id);
        let timeout = Duration::from_millis(settings.timeout_ms);
        let (api_secret, purpose) = (settings.api_secret.clone(), settings.purpose);
        Ok(Self { url, api_secret, purpose, free_text: settings.free_text, timeout })
    }

    pub fn secrets(&self) -> Vec<SecretString> {
        vec![self.api_secret.clone()]
    }

    /// A request holds one reader's events of one minute: reader and time are said once for all of them.
    pub fn parts(&self, events: &[Sendable]) -> Result<Vec<Part>, Failure> {
        let mut groups: Vec<Vec<&Sendable>> = Vec::new();
        let alike =
            |one: &Sendable, other: &Sendable| one.session == other.session && one.at / 60_000 == other.at / 60_000;
        for event in events {
            match groups.iter_mut().find(|group| alike(group[0], event)) {
                Some(group) => group.push(event),
                None => groups.push(vec![event]),
            }
        }
        Ok(groups.iter().map(|group| self.part(group)).collect())
    }

    fn part(&self, events: &[&Sendable]) -> Part {
        let first = events[0];
        let consent = if self.purpose == Purpose::Marketing { "GRANTED" } else { "DENIED" };
        let mut body = json!({
            "client_id": first.session,
            "timestamp_micros": first.at * 1000,
            "consent": { "ad_user_data": consent, "ad_personalization": consent },
            "events": events.iter().map(|event| self.event(event)).collect::<Vec<_>>(),
        });
        if let Some(user) = fields(first).remove("user") {
            body["user_id"] = user;
        }
        let mut url = self.url.clone();
        url.query_pairs_mut().append_pair("api_secret", self.api_secret.expose_secret());
        let mut request = Request::post(url, "application/json", body.to_string());
        request.secrets = self.secrets();
        Part { request, ids: events.iter().map(|event| event.id.clone()).collect() }
    }

    fn event(&self, event: &Sendable) -> Value {
        let mut params = Map::new();
        for (name, value) in fields(event) {
            let is_sent = !LEFT_OUT.contains(&name.as_str()) && (self.free_text || !FREE_TEXT.contains(&name.as_str()));
            if is_sent {
                params.insert(parameter(&event.kind, &name).to_owned(), short(value));
            }
        }
        params.insert("session_id".to_owned(), event.session.clone().into());
        params.insert("engagement_time_msec".to_owned(), 1.into());
        params.insert("hc_event_id".to_owned(), event.id.clone().into());
        json!({ "name": name(&event.kind), "params": params })
    }
}

/// GA4's recommended names where there are such; the rest are ours, so that no reserved one is met.
fn name(kind: &str) -> String {
    match kind {
        "article_viewed" => "help_article_view".to_owned(),
        "article_rated" => "help_article_vote".to_owned(),
        "search_performed" => "search".to_owned(),
        "ticket_created" => "generate_lead".to_owned(),
        other => format!("help_{other}"),
    }
}

fn parameter<'a>(kind: &str, field: &'a str) -> &'a str {
    match (kind, field) {
        (_, "article") => "article_id",
        ("search_performed", "query") => "search_term",
        ("search_performed", "results") => "results_count",
        ("article_rated", "helpful") | ("ticket_rated", "good") => "value",
        (_, other) => other,
    }
}

fn short(value: Value) -> Value {
    match value {
        Value::String(text) => text.chars().take(LONGEST).collect::<String>().into(),
        Value::Bool(is) => u8::from(is).into(),
        // A parameter holds no list.
        Value::Array(items) => {
            let texts: Vec<_> = items.iter().filter_map(Value::as_str).collect();
            short(texts.join(",").into())
        }
        other => other,
    }
}

/// Takes out what GA4 would silently drop.
pub fn leave_out_old(batch: &mut Batch, now: Timestamp) {
    let oldest = (now - OLDEST).as_millisecond();
    let old = batch.events.extract_if(.., |event| event.at < oldest);
    let reason = "older than the 72 hours that GA4 takes events for";
    batch.refused.extend(old.map(|event| Refusal { event, reason: reason.to_owned(), replayable: false }));
}
