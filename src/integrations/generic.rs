//! Any HTTP API, driven by configuration: address, headers, a template of the body, one of five kinds of
//! authentication, what to retry, how to read the answer.

mod auth;
mod template;

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::time::Duration;

use anyhow::{Context, Result};
use app::model::Purpose;
use jiff::Timestamp;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderName};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

use super::files::analytics;
use super::http::{Answer, Caller, RETRIED, Request, base};
use super::sink::Part;
use super::{Errand, Failure, Limits, Receipt};
use crate::events::Sendable;
pub use auth::{Auth, hex, mac};
use template::Templates;

/// `[connectors.NAME]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// May hold `{{ secrets.NAME }}` and `{{ remote_id }}`.
    pub url: String,
    #[serde(default = "post")]
    pub method: String,
    /// Events, as they come; or deeds, which the program hands over one by one.
    #[serde(default)]
    pub takes: Takes,
    #[serde(default = "analytics", deserialize_with = "super::purpose")]
    pub purpose: Purpose,
    #[serde(default = "json")]
    pub content_type: String,
    /// A template in Jinja's language, with `events`, `deed`, `remote_id`, `key`, `now` and `secrets`. Without it: the
    /// event or the deed itself, several as a list.
    pub body: Option<String>,
    /// May hold `{{ secrets.NAME }}` and `{{ key }}`.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// For use in `url`, `headers` and `body`; never shown.
    #[serde(default)]
    pub secrets: BTreeMap<String, SecretString>,
    pub auth: Option<Auth>,
    /// Events of one request.
    #[serde(default = "hundred")]
    pub batch: usize,
    /// Bytes of their JSON.
    #[serde(default = "batch_bytes")]
    pub batch_bytes: usize,
    /// Milliseconds events are gathered for one request.
    #[serde(default)]
    pub linger_ms: u64,
    /// Requests a second.
    #[serde(default = "ten")]
    pub per_second: NonZeroU32,
    #[serde(default = "patience")]
    pub timeout_ms: u64,
    /// Statuses that may be another in a while.
    #[serde(default = "retried")]
    pub retry_on: Vec<u16>,
    /// Header that carries the idempotency key.
    pub idempotency_header: Option<String>,
    #[serde(default)]
    pub answer: Mapping,
}

/// How the answer is read. Places are JSON pointers (RFC 6901).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// Only JSON is an answer; anything else comes from somebody between.
    pub json: bool,
    /// An error that comes with a status of success.
    pub error: Option<String>,
    /// The list of events that were not taken,
    pub refused: Option<String>,
    /// the key under which each says its place in the request; without it, its place in the list is that;
    pub index: Option<String>,
    /// and the one under which it says why: whoever says nothing there was taken.
    pub reason: Option<String>,
    /// What the vendor calls what a deed is about, a ticket,
    pub remote_id: Option<String>,
    /// and its address for people.
    pub url: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Takes {
    #[default]
    Events,
    Deeds,
}

fn post() -> String {
    "POST".to_owned()
}

fn json() -> String {
    "application/json".to_owned()
}

fn hundred() -> usize {
    100
}

fn batch_bytes() -> usize {
    500_000
}

fn ten() -> NonZeroU32 {
    NonZeroU32::new(10).expect("ten is not zero")
}

fn patience() -> u64 {
    10_000
}

fn retried() -> Vec<u16> {
    RETRIED.to_vec()
}

#[derive(Debug)]
pub struct Generic {
    settings: Settings,
    method: Method,
    templates: Templates,
    token: auth::Token,
}

impl Generic {
    /// # Errors
    /// An address, a method or a template that cannot be used.
    pub fn new(settings: &Settings) -> Result<Self> {
        let templates = Templates::new(settings)?;
        base(&templates.url(None)?)?;
        if let Some(auth) = &settings.auth {
            auth.check()?;
        }
        for name in settings.headers.keys().chain(&settings.idempotency_header) {
            name.parse::<HeaderName>().with_context(|| format!("{name:?} is no name of a header"))?;
        }
        let method = settings.method.parse().with_context(|| format!("{:?} is no method", settings.method))?;
        Ok(Self { settings: settings.clone(), method, templates, token: auth::Token::default() })
    }

    pub fn purpose(&self) -> Option<Purpose> {
        (self.settings.takes == Takes::Events).then_some(self.settings.purpose)
    }

    pub fn limits(&self) -> Limits {
        Limits {
            events: self.settings.batch.max(1),
            bytes: self.settings.batch_bytes,
            per_second: self.settings.per_second,
            linger: Duration::from_millis(self.settings.linger_ms),
        }
    }

    pub fn timeout(&self) -> Duration {
        Duration::from_millis(self.settings.timeout_ms)
    }

    pub fn secrets(&self) -> Vec<SecretString> {
        let auth = self.settings.auth.iter().flat_map(Auth::secrets);
        self.settings.secrets.values().cloned().chain(auth).collect()
    }

    pub fn parts(&self, key: &str, events: &[Sendable], now: Timestamp) -> Result<Vec<Part>, Failure> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let whole = events.iter().map(|event| Value::Object(super::fields(event))).collect();
        let request = self.request(key, whole, Value::Null, None, now)?;
        Ok(vec![Part { request, ids: events.iter().map(|event| event.id.clone()).collect() }])
    }

    pub fn deed(&self, errand: &Errand, now: Timestamp) -> Result<Request, Failure> {
        self.request(&errand.key, Vec::new(), errand.deed.clone(), errand.remote_id(), now)
    }

    /// Delivers a deed, and reads from the answer what the vendor calls what it is about.
    ///
    /// # Errors
    /// Why it was not; an answer that does not say what the settings look for.
    pub async fn send_deed(&self, caller: &Caller, errand: &mut Errand, now: Timestamp) -> Result<(), Failure> {
        let mut request = self.deed(errand, now)?;
        self.authorise(caller, &mut request, now).await?;
        let answer = caller.call(&request, self.timeout()).await?;
        let json: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if let Some((_, reason)) = self.judge(answer, &request, now)?.pop() {
            return Err(Failure::refused(reason));
        }
        let Mapping { remote_id, url, .. } = &self.settings.answer;
        let found = |place: &Option<String>| json.pointer(place.as_ref()?).filter(|it| !it.is_null()).map(text);
        if errand.remote_id().is_none()
            && let Some(place) = remote_id
        {
            let remote_id = found(remote_id).ok_or_else(|| {
                Failure::refused(format!("taken, but nothing is at {place}, where answer.remote_id looks for its id"))
            })?;
            errand.receipt = Some(Receipt { remote_id: Some(remote_id), url: found(url) });
        }
        Ok(())
    }

    fn request(
        &self,
        key: &str,
        events: Vec<Value>,
        deed: Value,
        remote_id: Option<&str>,
        now: Timestamp,
    ) -> Result<Request, Failure> {
        let told = |cause: anyhow::Error| Failure::refused(format!("{cause:#}"));
        let url = self.templates.url(remote_id).and_then(|url| base(&url)).map_err(told)?;
        let body = self.templates.body(key, events, deed, remote_id, now).map_err(told)?;
        let mut request = Request::post(url, "application/json", body);
        request.method = self.method.clone();
        request.secrets = self.secrets();
        request.header(CONTENT_TYPE, &self.settings.content_type, false)?;
        for (name, value, is_secret) in self.templates.headers(key).map_err(told)? {
            request.header(header(&name)?, &value, is_secret)?;
        }
        if let Some(name) = &self.settings.idempotency_header {
            request.header(header(name)?, key, false)?;
        }
        if let Some(auth) = &self.settings.auth {
            auth.sign(&mut request)?;
        }
        Ok(request)
    }

    /// Adds the token that must be asked for first, if it is that kind of authentication.
    ///
    /// # Errors
    /// A token that was not given.
    pub async fn authorise(&self, caller: &Caller, request: &mut Request, now: Timestamp) -> Result<(), Failure> {
        match &self.settings.auth {
            Some(auth) => auth.authorise(&self.token, caller, request, self.timeout(), now).await,
            None => Ok(()),
        }
    }

    /// Which events were not taken, and why.
    ///
    /// # Errors
    /// An answer that is none of success.
    pub fn judge(&self, answer: Answer, request: &Request, now: Timestamp) -> Result<Vec<(usize, String)>, Failure> {
        if answer.status == 401 && self.token.forget(now) {
            // It was taken back before its time; the next attempt asks for another.
            return Err(Failure::unreached(answer.reason(request)));
        }
        let answer = answer.success(request, &self.settings.retry_on, now)?;
        let mapping = &self.settings.answer;
        let json: Option<Value> = serde_json::from_slice(&answer.body).ok();
        if json.is_none() && mapping.json {
            return Err(Failure::in_doubt(format!("{}, which is not JSON", answer.reason(request))));
        }
        let json = json.unwrap_or_default();
        let found =
            |place: &Option<String>| place.as_ref().and_then(|place| json.pointer(place)).filter(|it| !it.is_null());
        if let Some(error) = found(&mapping.error) {
            return Err(Failure::refused(request.masked(&format!("answered {}: {}", answer.status, text(error)))));
        }
        let refused = found(&mapping.refused).and_then(Value::as_array).cloned().unwrap_or_default();
        Ok(refused.iter().enumerate().filter_map(|(place, one)| self.refusal(place, one, request)).collect())
    }

    fn refusal(&self, place: usize, refused: &Value, request: &Request) -> Option<(usize, String)> {
        let Mapping { index, reason, .. } = &self.settings.answer;
        let place = match index {
            Some(index) => refused.get(index)?.as_u64()?.try_into().ok()?,
            None => place,
        };
        let reason = match reason {
            Some(reason) => refused.get(reason).filter(|reason| !reason.is_null())?,
            None => refused,
        };
        Some((place, request.masked(&text(reason))))
    }
}

fn header(name: &str) -> Result<HeaderName, Failure> {
    name.parse().map_err(|_| Failure::refused(format!("{name:?} is no name of a header")))
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
