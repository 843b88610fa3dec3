//! `/api/v1/events`: what pages, the widget and host products tell; and its schema.

mod batch;
mod schema;

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use anyhow::Context as _;
use app::model::Context;
use app::model::event::{Path, Teller};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use super::asked::{self, Asked, Client, Reader};
use super::contact::Given;
use super::error::Error;
use super::guard::Uploads;
use super::visit::Visit;
use crate::Help;
use crate::events::{Entry, Settings};
use crate::identity::Network;
use crate::{mask, tickets};
use batch::{Batch, Sent};

/// What a network and a session may tell in a minute, and ask in an hour.
pub struct Limits {
    /// Tickets in an hour.
    tickets: DefaultKeyedRateLimiter<Network>,
    addresses: DefaultKeyedRateLimiter<Network>,
    sessions: DefaultKeyedRateLimiter<Uuid>,
    pub uploads: Uploads,
    /// Tickets in an hour that came without the work that was asked for.
    unproved: DefaultKeyedRateLimiter<Network>,
    pub challenges: Given,
}

impl Limits {
    pub fn of(settings: &Settings, tickets: &tickets::Settings) -> Self {
        let a_minute = |events: NonZeroU32| Quota::per_minute(events);
        Self {
            tickets: RateLimiter::keyed(Quota::per_hour(tickets.per_address)),
            addresses: RateLimiter::keyed(a_minute(settings.per_address)),
            sessions: RateLimiter::keyed(a_minute(settings.per_session)),
            uploads: Uploads::default(),
            unproved: RateLimiter::keyed(Quota::per_hour(tickets.spam.unproved_per_address)),
            challenges: Given::default(),
        }
    }

    pub fn allow(&self, address: IpAddr, session: Uuid, events: usize) -> bool {
        let Some(events) = u32::try_from(events).ok().and_then(NonZeroU32::new) else { return true };
        let within = |answer: Result<Result<(), _>, _>| matches!(answer, Ok(Ok(())));
        within(self.sessions.check_key_n(&session, events).map(|it| it.map_err(drop)))
            && within(self.addresses.check_key_n(&address.into(), events).map(|it| it.map_err(drop)))
    }

    /// May this address send one more ticket?
    pub fn allow_ticket(&self, address: IpAddr) -> bool {
        self.tickets.check_key(&address.into()).is_ok()
    }

    /// And one without the work that was asked for?
    pub fn allow_unproved(&self, address: IpAddr) -> bool {
        self.unproved.check_key(&address.into()).is_ok()
    }

    /// Forgets those who were quiet for a while.
    pub fn forget(&self, now: Timestamp) {
        self.unproved.retain_recent();
        self.challenges.forget(now);
        self.tickets.retain_recent();
        self.addresses.retain_recent();
        self.sessions.retain_recent();
    }
}

/// Takes a batch and answers once it is on disk: 204; 400 with what is wrong, and then nothing of it was kept; 429 when
/// it is too much; 503 when too much waits.
pub async fn collect(
    State(help): State<Arc<Help>>,
    Client(address): Client,
    asked: Asked,
    visit: Visit,
    reader: Reader,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Error> {
    if !help.config.events.collect {
        return Err(Error::NotFound);
    }
    let of_host = asked::bearer(&headers).is_some();
    // Behind pages: nobody looks at a screen until it is done.
    let told = Told { address, asked, visit, reader, of_host, body };
    help.behind.clone().spawn(take(help, told)).await.context("taking events broke off")?
}

/// What came with a request.
struct Told {
    address: IpAddr,
    asked: Asked,
    visit: Visit,
    reader: Reader,
    /// Who holds a signed token speaks for its reader.
    of_host: bool,
    body: Bytes,
}

async fn take(help: Arc<Help>, told: Told) -> Result<Response, Error> {
    let Told { address, asked, mut visit, reader, of_host, body } = told;
    let batch = batch::read(&body).map_err(Error::BadRequest)?;
    if visit.is_bot && !of_host {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    if of_host {
        visit.of_host(batch.session, batch.consent.and(help.config.privacy.purposes));
    }
    let session = visit.session();
    if !help.limits.allow(address, session, batch.events.len()) {
        return Err(Error::TooMany);
    }
    let id = batch.id;
    let told = entries(&help, &asked, batch, &visit, Timestamp::now());
    // Not part of the batch, which may have been taken before.
    help.searches.told_by(&reader).into_iter().for_each(|searched| help.events.note(searched));
    help.events.take(id, told).await?;
    let mut response = (StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "no-store")]).into_response();
    if !of_host {
        visit.keep(&mut response);
    }
    Ok(response)
}

fn entries(help: &Help, asked: &Asked, batch: Batch, visit: &Visit, now: Timestamp) -> Vec<Entry> {
    let around = batch.around;
    let entry = |sent: Sent| {
        let page = sent.page.map(|page| own_path(&help.address.base, page.as_str()));
        let told = Context { page: page.clone(), ..around.clone() };
        let mut entry = visit.entry(now - SignedDuration::from_millis(sent.ago), sent.event, told);
        entry.event.mask(&mask::masked);
        entry.context.mask(&mask::masked);
        // What editors wrote names nobody: a page of ours keeps its path.
        entry.context.page = page.filter(|page| asked.view().at(page.as_str()).is_some()).or(entry.context.page);
        entry
    };
    let first = visit.beginning(now, &around);
    first.into_iter().chain(batch.events.into_iter().map(entry)).collect()
}

/// A path as the content knows it: decoded, without the site's base.
fn own_path<const MAX: usize>(base: &str, path: &str) -> Path<MAX> {
    let path = path.strip_prefix(base).filter(|rest| rest.starts_with('/')).unwrap_or(path);
    Path::of(&percent_encoding::percent_decode_str(path).decode_utf8_lossy())
}

/// `/api/v1/events/schema`
pub async fn schema(State(help): State<Arc<Help>>) -> ([(header::HeaderName, &'static str); 2], Json<Value>) {
    let address = help.address.absolute("/api/v1/events/schema");
    let headers = [(header::CONTENT_TYPE, "application/schema+json"), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, Json(schema::of_version(&address)))
}

/// May whoever posts a batch tell of it?
fn may_tell(teller: Teller) -> bool {
    teller == Teller::Page
}
