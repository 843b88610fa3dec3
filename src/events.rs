//! What readers did, kept: taken in batches, written in groups, read by sinks in the order it was written.
//!
//! An event whose reader granted its purpose goes to the table `events`. Any other goes to the table `trail`, which
//! only the reader sees and which forgets within half an hour.

mod age;
mod ids;
mod reader;
mod runs;
mod trail;
mod write;
mod writer;

use std::num::NonZeroU32;

use anyhow::Result;
use app::model::{Context, Event, Purpose};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::privacy::Grants;
use crate::store::Store;

pub use age::purge;
pub use ids::Ids;
pub use reader::{SESSIONS_OF_READER, erase_reader, of_reader, pseudonym};
pub use trail::{Step, TRAIL, articles_read, last_query, trail, trim};
pub use write::write;
pub use writer::{Events, Refused, open};

use runs::EVENTS_BY_SESSION;

/// `[events]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Take note of what readers do at all, their own trail included.
    pub collect: bool,
    /// Events that a session, and an address, may tell in a minute.
    pub per_session: NonZeroU32,
    pub per_address: NonZeroU32,
}

impl Default for Settings {
    fn default() -> Self {
        let number = |number| NonZeroU32::new(number).expect("it is not zero");
        Self { collect: true, per_session: number(600), per_address: number(6000) }
    }
}

/// An event with all that surrounds it, on its way into the database.
#[derive(Debug, Clone)]
pub struct Entry {
    pub at: Timestamp,
    pub event: Event,
    pub context: Context,
    /// What its reader granted.
    pub grants: Grants,
}

impl Entry {
    fn is_granted(&self) -> bool {
        self.grants.allow(self.event.purpose())
    }
}

/// What surrounds an event that may yet happen: its context, and what its reader granted when it was noted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Later {
    context: Context,
    grants: String,
}

impl Later {
    pub fn of(entry: &Entry) -> Self {
        Self { context: entry.context.clone(), grants: entry.grants.letters() }
    }

    /// It happened.
    pub fn entry(&self, event: Event, at: Timestamp) -> Entry {
        Entry { at, event, context: self.context.clone(), grants: Grants::of_letters(&self.grants) }
    }

    /// What is left of it when its reader grants no more than `grants`; nothing without analytics.
    pub fn narrowed(self, grants: Grants) -> Option<Self> {
        let left = Grants::of_letters(&self.grants).and(grants);
        left.allow(Purpose::Analytics).then(|| Self { grants: left.letters(), ..self })
    }
}

/// An event as it is kept and sent: JSON of schema version 1.
#[derive(Debug, Serialize)]
struct Body<'a> {
    v: u8,
    id: &'a str,
    /// Milliseconds since 1970-01-01 UTC.
    at: i64,
    #[serde(flatten)]
    event: &'a Event,
    #[serde(flatten)]
    context: &'a Context,
}

/// An event that may be sent for the purpose it was read for: only [`after`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sendable {
    pub id: String,
    /// Milliseconds since 1970-01-01 UTC.
    pub at: i64,
    pub kind: String,
    pub session: String,
    /// The whole event, as JSON of schema version 1.
    pub body: String,
}

/// What lies behind a sink's cursor.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Only events whose reader granted both the event's own purpose and the sink's.
    pub events: Vec<Sendable>,
    /// Id of the last row that was looked at, sendable or not; absent when there was none.
    pub last: Option<String>,
}

/// At most `limit` rows behind `cursor` (an event's id; empty for the first) and up to `last`, where given: those that
/// may be sent for `purpose`.
///
/// # Errors
/// A database that cannot be read.
pub async fn after(store: &Store, cursor: &str, last: Option<&str>, purpose: Purpose, limit: u32) -> Result<Page> {
    let rows: Vec<(String, i64, String, String, String, String)> = sqlx::query_as(
        "select id, at, kind, session, grants, body from events where id > $1 and id <= $2 order by id limit $3",
    )
    .bind(cursor)
    // No id is greater: they are made of hexadecimal digits.
    .bind(last.unwrap_or("g"))
    .bind(limit)
    .fetch_all(store.readers())
    .await?;
    let last = rows.last().map(|(id, ..)| id.clone());
    let is_sendable = |kind: &str, grants: &str| {
        let grants = Grants::of_letters(grants);
        let own = Event::KINDS.iter().find(|known| known.name == kind).map(|known| known.purpose);
        grants.allow(purpose) && own.is_some_and(|own| grants.allow(own))
    };
    let sendable = rows.into_iter().filter(|(_, _, kind, _, grants, _)| is_sendable(kind, grants));
    let events = sendable.map(|(id, at, kind, session, _, body)| Sendable { id, at, kind, session, body }).collect();
    Ok(Page { events, last })
}

/// A reader took consent back: what of the session was not sent yet stays here.
///
/// # Errors
/// A database that cannot be written.
pub async fn withdraw(store: &Store, session: &str, left: Grants) -> Result<()> {
    for purpose in Purpose::ALL.into_iter().filter(|purpose| !left.allow(*purpose)) {
        let letter = Grants::of([purpose]).letters();
        let sql = format!(
            "update events set grants = replace(grants, $1, '') where instr(grants, $1) > 0
             and id in (select id from {EVENTS_BY_SESSION} where event_runs.session = $2)"
        );
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(letter).bind(session).execute(store.writer()).await?;
    }
    tracing::debug!(granted = %left, "a reader's grants were narrowed");
    Ok(())
}

#[cfg(test)]
mod tests {
    use app::model::event::Name;

    use super::*;

    /// An event of `session`, whose reader allowed analytics.
    pub fn viewed(session: &str) -> Entry {
        let context = Context { session: Some(Name::of(session)), ..Context::default() };
        Entry { at: Timestamp::now(), event: Event::PageViewed {}, context, grants: Grants::of([Purpose::Analytics]) }
    }
}
