//! Mixpanel: events through `/import` in strict mode, where the same `$insert_id` counts once; profiles, and their
//! erasure, through `/engage`.

use std::num::NonZeroU32;
use std::time::Duration;

use anyhow::Result;
use app::model::Purpose;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use reqwest::header::AUTHORIZATION;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::files::analytics;
use super::http::{Answer, RETRIED, Request, base, joined};
use super::sink::Part;
use super::{Failure, Limits, fields};
use crate::events::Sendable;

/// `[sinks.mixpanel]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Of the project.
    pub token: SecretString,
    pub project_id: Option<String>,
    /// For data that stays in Europe: `https://api-eu.mixpanel.com`; in India: `https://api-in.mixpanel.com`.
    #[serde(default = "address")]
    pub url: String,
    #[serde(default = "analytics", deserialize_with = "super::purpose")]
    pub purpose: Purpose,
    #[serde(default = "patience")]
    pub timeout_ms: u64,
}

fn address() -> String {
    "https://api.mixpanel.com".to_owned()
}

fn patience() -> u64 {
    30_000
}

/// The API takes 2,000 events and 10 MB a request; ours grow a little on the way.
pub const LIMITS: Limits = Limits {
    events: 2000,
    bytes: 4 << 20,
    per_second: NonZeroU32::new(10).expect("ten is not zero"),
    linger: Duration::ZERO,
};

/// A change of a profile, as the outbox holds it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Deed {
    /// Sets properties of a reader's profile.
    Profile { user: String, set: Value },
    /// Deletes a reader's profile.
    Erase { user: String },
}

#[derive(Debug)]
pub struct Mixpanel {
    url: Url,
    project_id: Option<String>,
    token: SecretString,
    pub purpose: Purpose,
    pub timeout: Duration,
}

impl Mixpanel {
    /// # Errors
    /// An address that cannot be used.
    pub fn new(settings: &Settings) -> Result<Self> {
        Ok(Self {
            url: base(&settings.url)?,
            project_id: settings.project_id.clone(),
            token: settings.token.clone(),
            purpose: settings.purpose,
            timeout: Duration::from_millis(settings.timeout_ms),
        })
    }

    pub fn secrets(&self) -> Vec<SecretString> {
        vec![self.token.clone()]
    }

    pub fn parts(&self, events: &[Sendable]) -> Result<Vec<Part>, Failure> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let mut url = joined(&self.url, "/import");
        url.query_pairs_mut().append_pair("strict", "1");
        if let Some(project) = &self.project_id {
            url.query_pairs_mut().append_pair("project_id", project);
        }
        let body = Value::from_iter(events.iter().map(event));
        let mut request = self.request(url, &body);
        let basic = BASE64_STANDARD.encode(format!("{}:", self.token.expose_secret()));
        request.header(AUTHORIZATION, &format!("Basic {basic}"), true)?;
        Ok(vec![Part { request, ids: events.iter().map(|event| event.id.clone()).collect() }])
    }

    /// # Errors
    /// A deed that is none of [`Deed`].
    pub fn deed(&self, deed: &Value) -> Result<Request, Failure> {
        let deed =
            Deed::deserialize(deed).map_err(|cause| Failure::refused(format!("not a deed for Mixpanel: {cause}")))?;
        let token = self.token.expose_secret();
        let update = match deed {
            Deed::Profile { user, set } => json!([{ "$token": token, "$distinct_id": user, "$ip": "0", "$set": set }]),
            Deed::Erase { user } => {
                json!([{ "$token": token, "$distinct_id": user, "$ip": "0", "$delete": "", "$ignore_alias": true }])
            }
        };
        let mut url = joined(&self.url, "/engage");
        url.query_pairs_mut().append_pair("verbose", "1").append_pair("strict", "1");
        Ok(self.request(url, &update))
    }

    fn request(&self, url: Url, body: &Value) -> Request {
        let mut request = Request::post(url, "application/json", body.to_string());
        request.secrets = self.secrets();
        request
    }
}

fn event(event: &Sendable) -> Value {
    let mut properties = fields(event);
    for told_elsewhere in ["v", "id", "at", "kind", "session"] {
        properties.remove(told_elsewhere);
    }
    let user = properties.remove("user");
    properties.insert("time".to_owned(), event.at.into());
    properties.insert("$insert_id".to_owned(), event.id.clone().into());
    properties.insert("$device_id".to_owned(), event.session.clone().into());
    // Mixpanel's own spelling of one who is known by a device only.
    let distinct = user.clone().unwrap_or_else(|| format!("$device:{}", event.session).into());
    properties.insert("distinct_id".to_owned(), distinct);
    properties.extend(user.map(|user| ("$user_id".to_owned(), user)));
    json!({ "event": name(&event.kind), "properties": properties })
}

/// `article_viewed` as people read it: `Help Article Viewed`.
fn name(kind: &str) -> String {
    let words = kind.split('_').map(|word| format!("{}{}", word[..1].to_uppercase(), &word[1..]));
    format!("Help {}", words.collect::<Vec<_>>().join(" "))
}

/// A batch of which a part was refused is done: the rest was taken.
pub fn judge(answer: Answer, request: &Request, now: Timestamp) -> Result<Vec<(usize, String)>, Failure> {
    let json: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    if answer.status == 400
        && let Some(failed) = json.get("failed_records").and_then(Value::as_array)
        && !failed.is_empty()
    {
        return Ok(failed.iter().map(|record| refusal(record, request)).collect());
    }
    let answer = answer.success(request, RETRIED, now)?;
    let is_taken = json["status"] == "OK" || json["status"] == 1;
    if is_taken { Ok(Vec::new()) } else { Err(Failure::in_doubt(answer.reason(request))) }
}

fn refusal(record: &Value, request: &Request) -> (usize, String) {
    let text = |key: &str| record[key].as_str().unwrap_or_default();
    let place = record["index"].as_u64().and_then(|place| place.try_into().ok()).unwrap_or(usize::MAX);
    (place, request.masked(&format!("{}: {}", text("field"), text("message"))))
}
