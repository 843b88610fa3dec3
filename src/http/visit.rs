//! A reader's visit: the anonymous session, what the reader granted, and what the request itself tells.

use std::sync::Arc;

use app::model::event::{Name, Path};
use app::model::{Context, Event, Purpose};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;
use jiff::Timestamp;
use uuid::Uuid;

use super::asked;
use super::error::Error;
use crate::Help;
use crate::content::short_hash;
use crate::events::{self, Entry, TRAIL};
use crate::identity::Viewer;
use crate::privacy::{self, Choice, Grants, Signal, Standing};

/// The cookie that holds the session's id. Needs no consent: it ties together what only the reader is shown.
const VISIT_COOKIE: &str = "__Host-signpost-visit";
/// The cookie that holds what the reader chose.
pub const CHOICE_COOKIE: &str = "__Host-signpost-consent";

const SEC_GPC: HeaderName = HeaderName::from_static("sec-gpc");
const DNT: HeaderName = HeaderName::from_static("dnt");
const SEC_CH_UA_MOBILE: HeaderName = HeaderName::from_static("sec-ch-ua-mobile");

pub struct Visit {
    /// Absent until something happens that belongs to the reader's trail.
    pub session: Option<Uuid>,
    pub standing: Standing,
    /// Of what the reader chose last.
    pub choice: Option<Uuid>,
    pub country: Option<String>,
    /// A known crawler: nothing of it is counted.
    pub is_bot: bool,
    begun: bool,
    viewer: Viewer,
    pub device: Option<&'static str>,
    release: String,
}

impl FromRequestParts<Arc<Help>> for Visit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, help: &Arc<Help>) -> Result<Self, Error> {
        let viewer = asked::proved(help, parts)?;
        let headers = &parts.headers;
        let (standing, country) = standing(help, headers, &parts.extensions);
        let agent = text(headers, &header::USER_AGENT).unwrap_or_default();
        Ok(Self {
            session: asked::cookie(headers, VISIT_COOKIE).and_then(|id| id.parse().ok()),
            standing,
            choice: choice(headers).map(|choice| choice.id),
            country,
            is_bot: iscrawl::is_crawler(agent),
            begun: false,
            viewer,
            device: Some(device(headers, agent)),
            release: short_hash(help.edition.load().snapshot.hash()),
        })
    }
}

impl Visit {
    /// The session, begun now where there was none.
    pub fn session(&mut self) -> Uuid {
        *self.session.get_or_insert_with(|| {
            self.begun = true;
            Uuid::now_v7()
        })
    }

    /// The visit a host tells of: not that of the machine that asks.
    pub fn of_host(&mut self, session: Option<Uuid>, grants: Grants) {
        self.session = session;
        self.standing.grants = match self.standing.signal {
            Some(_) => grants.without(Purpose::Analytics).without(Purpose::Marketing),
            None => grants,
        };
        self.device = None;
        self.country = None;
    }

    /// Says so in the answer: the session lasts as long as its trail, from each deed anew.
    pub fn keep(&self, response: &mut Response) {
        let Some(session) = self.session else { return };
        let cookie = asked::set_cookie(VISIT_COOKIE, &session.simple().to_string(), TRAIL.as_secs());
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }

    /// The first event of a session that began with this request.
    pub fn beginning(&self, now: Timestamp, around: &Context) -> Option<Entry> {
        self.begun.then(|| self.entry(now, Event::SessionStarted {}, around.clone()))
    }

    /// The reader chose. A session that may be counted from now on begins now, for those who count.
    pub fn allowed(&mut self, help: &Help, grants: Grants, locale: &str) {
        let before = std::mem::replace(&mut self.standing.grants, grants);
        if self.session.is_some() && !before.allow(Purpose::Analytics) && self.standing.signal.is_none() {
            let told = Context { locale: Some(Name::of(locale)), ..Context::default() };
            help.events.note(self.entry(Timestamp::now(), Event::SessionStarted {}, told));
        }
    }

    /// An event of this visit. What the request tells stands before what the page told.
    pub fn entry(&self, at: Timestamp, event: Event, told: Context) -> Entry {
        let subject = self.viewer.subject();
        let grants = self.standing.grants;
        let context = Context {
            session: self.session.map(|session| Name::of(&session.to_string())).or(told.session),
            user: subject.map(|subject| Name::of(&events::pseudonym(&subject.id))),
            plan: subject.and_then(|subject| subject.plan.as_deref()).map(Name::of),
            device: self.device.map(Name::of),
            country: self.country.as_deref().map(Name::of),
            campaign: told.campaign.filter(|_| grants.allow(Purpose::Marketing)),
            release: told.release.or_else(|| Some(Name::of(&self.release))),
            ..told
        };
        Entry { at, event, context, grants }
    }

    /// An event the server itself saw, on the page at `path`; nothing where nothing is collected.
    pub fn saw(&mut self, help: &Help, event: Event, locale: &str, path: &str) -> Option<Entry> {
        if self.is_bot || !help.config.events.collect {
            return None;
        }
        self.session();
        let now = Timestamp::now();
        let told = Context { locale: Some(Name::of(locale)), page: Some(Path::of(path)), ..Context::default() };
        self.beginning(now, &told).into_iter().for_each(|first| help.events.note(first));
        self.begun = false;
        Some(self.entry(now, event, told))
    }
}

/// How the reader of a request stands to the purposes, and in which country.
pub fn standing(help: &Help, headers: &HeaderMap, extensions: &Extensions) -> (Standing, Option<String>) {
    let settings = &help.config.privacy;
    let told = settings.country_header.as_deref().filter(|_| asked::is_by_proxy(extensions, help));
    let country = told.and_then(|name| country(headers, name));
    (privacy::standing(settings, choice(headers).as_ref(), signal(headers), country.as_deref()), country)
}

/// What the reader chose last, under whatever words.
pub fn choice(headers: &HeaderMap) -> Option<Choice> {
    asked::cookie(headers, CHOICE_COOKIE).and_then(|cookie| Choice::of_cookie(&cookie))
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// Global Privacy Control (<https://www.w3.org/TR/gpc/>), else Do Not Track.
pub fn signal(headers: &HeaderMap) -> Option<Signal> {
    let says = |name: &HeaderName| text(headers, name).is_some_and(|value| value.trim() == "1");
    says(&SEC_GPC).then_some(Signal::Gpc).or_else(|| says(&DNT).then_some(Signal::Dnt))
}

fn country(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?.trim();
    (value.len() == 2 && value.bytes().all(|letter| letter.is_ascii_alphabetic())).then(|| value.to_ascii_uppercase())
}

/// What kind of thing the reader holds; client hints (<https://wicg.github.io/ua-client-hints/>) know better.
fn device(headers: &HeaderMap, agent: &str) -> &'static str {
    let is_tablet = agent.contains("iPad") || agent.contains("Tablet");
    match text(headers, &SEC_CH_UA_MOBILE) {
        _ if is_tablet => "tablet",
        Some("?1") => "phone",
        None if agent.contains("Mobi") => "phone",
        _ => "desktop",
    }
}
