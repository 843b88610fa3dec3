//! A sink's place among the events. The range of a batch is written down before its first byte is sent, and its
//! idempotency key comes from the range: whatever happens, what is sent again is the same batch under the same key.

use anyhow::{Context, Result};
use app::model::Purpose;
use jiff::Timestamp;
use sqlx::SqliteConnection;
use sqlx::types::Json;
use uuid::{Builder, Uuid};

use super::breaker::State;
use crate::integrations::{Guarantee, Sink};
use crate::store::Store;

/// A row of `sinks`, as far as delivering needs it. Times are milliseconds since 1970.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Place {
    pub cursor: String,
    pub pending: Option<String>,
    pub sent_at: Option<i64>,
    pub attempts: u32,
    pub due_at: i64,
    pub held_until: i64,
    pub paused: bool,
    pub failures: u32,
    pub opened: u32,
    pub opened_until: i64,
    pub locked: bool,
}

impl Place {
    pub fn breaker(&self) -> State {
        State { failures: self.failures, opened: self.opened, until: self.opened_until }
    }

    /// Until when it is left alone, in milliseconds since 1970.
    pub fn closed_until(&self) -> i64 {
        self.held_until.max(self.opened_until)
    }

    /// Is it left alone until somebody changes something?
    pub fn is_held(&self) -> bool {
        self.paused || self.locked
    }
}

/// What an attempt changed.
#[derive(Debug, Clone, Default)]
pub struct Change {
    pub sent: usize,
    pub unknown: usize,
    pub dead: usize,
    pub breaker: State,
    pub held_until: i64,
    pub locked: bool,
    pub error: Option<String>,
}

/// Makes the rows of the sink and of its transports, or brings them up to date: one that was locked is tried again when
/// its settings changed. One that is not set up is locked, and says so. A transport that the settings do not have any
/// more is held no longer: what it may have is not to wait for it.
///
/// # Errors
/// A database that cannot be written.
pub async fn open(store: &Store, name: &str, sink: &Sink, now: Timestamp) -> Result<()> {
    let row = Row {
        guarantee: sink.guarantee(),
        purpose: sink.purpose(),
        settings: sink.fingerprint(),
        cursor: sink.oldest().map(|oldest| before(now - oldest)).unwrap_or_default(),
        unset: sink.unset(),
    };
    put(store, name, &row, now).await?;
    let mut transports = Vec::new();
    for transport in sink.transports() {
        let settings = transport.fingerprint();
        let row = Row { settings, purpose: None, cursor: String::new(), unset: None, guarantee: sink.guarantee() };
        let name = of_transport(name, transport.name());
        put(store, &name, &row, now).await?;
        transports.push(name);
    }
    if !transports.is_empty() {
        let_go(store, name, &transports).await?;
    }
    Ok(())
}

/// Holds none of the sink's transports but these.
async fn let_go(store: &Store, name: &str, transports: &[String]) -> Result<()> {
    sqlx::query(
        "update sinks set paused = 0, locked = 0
         where instr(name, $1) = 1 and name not in (select value from json_each($2))",
    )
    .bind(of_transport(name, ""))
    .bind(Json(transports))
    .execute(store.writer())
    .await
    .with_context(|| format!("cannot write down which transports {name} has no more"))?;
    Ok(())
}

/// What the row of a transport is called.
pub fn of_transport(sink: &str, transport: &str) -> String {
    format!("{sink}.{transport}")
}

struct Row {
    guarantee: Guarantee,
    purpose: Option<Purpose>,
    settings: String,
    cursor: String,
    unset: Option<&'static str>,
}

async fn put(store: &Store, name: &str, row: &Row, now: Timestamp) -> Result<()> {
    sqlx::query(
        "insert into sinks (name, guarantee, purpose, settings, cursor, locked, last_error, last_error_at)
         values ($1, $2, $3, $4, $5, $6 is not null, $6, iif($6 is null, null, $7))
         on conflict (name) do update set guarantee = $2, purpose = $3, settings = $4, locked = excluded.locked,
             failures = 0, opened = 0, opened_until = 0, held_until = 0,
             last_error = coalesce($6, last_error), last_error_at = coalesce(excluded.last_error_at, last_error_at)
         where settings <> $4",
    )
    .bind(name)
    .bind(row.guarantee.name())
    .bind(row.purpose.map(Purpose::name))
    .bind(&row.settings)
    .bind(&row.cursor)
    .bind(row.unset)
    .bind(now.as_millisecond())
    .execute(store.writer())
    .await
    .with_context(|| format!("cannot write down where the sink {name} stands"))?;
    Ok(())
}

/// # Errors
/// A database that cannot be read.
pub async fn read(store: &Store, sink: &str) -> Result<Place> {
    let place = sqlx::query_as(
        "select cursor, pending, sent_at, attempts, due_at, held_until, paused, failures, opened, opened_until, locked
         from sinks where name = $1",
    );
    place
        .bind(sink)
        .fetch_one(store.readers())
        .await
        .with_context(|| format!("cannot read where the sink {sink} stands"))
}

/// An id smaller than that of any event written after `time` (RFC 9562, section 5.7).
fn before(time: Timestamp) -> String {
    let milliseconds = u128::try_from(time.as_millisecond()).unwrap_or(0);
    Uuid::from_u128(milliseconds << 80).to_string()
}

/// The idempotency key of the events behind `cursor` up to `last`: a UUID, version 8 (RFC 9562).
pub fn key(sink: &str, cursor: &str, last: &str) -> String {
    let hash = blake3::hash(format!("{sink}\n{cursor}\n{last}").as_bytes());
    let bytes = *hash.as_bytes().first_chunk().expect("a hash has 32 bytes");
    Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// An attempt begins to send the events up to `last`.
///
/// # Errors
/// A database that cannot be written.
pub async fn begin(store: &Store, sink: &str, last: &str, now: Timestamp) -> Result<()> {
    sqlx::query(
        "update sinks set pending = $2, attempts = attempts + 1, sent_at = coalesce(sent_at, $3) where name = $1",
    )
    .bind(sink)
    .bind(last)
    .bind(now.as_millisecond())
    .execute(store.writer())
    .await
    .with_context(|| format!("cannot write down what is sent to the sink {sink}"))?;
    Ok(())
}

/// All events up to `last` are settled, one way or the other.
///
/// # Errors
/// A database that cannot be written.
pub async fn settle(connection: &mut SqliteConnection, sink: &str, last: &str) -> Result<()> {
    sqlx::query(
        "update sinks set cursor = max(cursor, $2), pending = null, sent_at = null, attempts = 0, due_at = 0 where name = $1",
    )
    .bind(sink)
    .bind(last)
    .execute(connection)
    .await?;
    Ok(())
}

/// The batch under way is tried again at `due`, after `attempts` that failed. When `nothing_left`, not a byte of it can
/// have arrived.
///
/// # Errors
/// A database that cannot be written.
pub async fn postpone(
    connection: &mut SqliteConnection,
    sink: &str,
    due: i64,
    nothing_left: bool,
    attempts: u32,
) -> Result<()> {
    sqlx::query("update sinks set due_at = $2, sent_at = iif($3, null, sent_at), attempts = $4 where name = $1")
        .bind(sink)
        .bind(due)
        .bind(nothing_left)
        .bind(attempts)
        .execute(connection)
        .await?;
    Ok(())
}

/// Writes down how the sink is after an attempt.
///
/// # Errors
/// A database that cannot be written.
pub async fn note(connection: &mut SqliteConnection, sink: &str, change: &Change, now: Timestamp) -> Result<()> {
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    sqlx::query(
        "update sinks set sent = sent + $2, unknown = unknown + $3, dead = dead + $4, failures = $5, opened = $6,
             opened_until = $7, held_until = $8, locked = $9, last_error = coalesce($10, last_error),
             last_error_at = iif($10 is null, last_error_at, $11), last_sent_at = iif($2 > 0, $11, last_sent_at)
         where name = $1",
    )
    .bind(sink)
    .bind(count(change.sent))
    .bind(count(change.unknown))
    .bind(count(change.dead))
    .bind(change.breaker.failures)
    .bind(change.breaker.opened)
    .bind(change.breaker.until)
    .bind(change.held_until)
    .bind(change.locked)
    .bind(&change.error)
    .bind(now.as_millisecond())
    .execute(connection)
    .await?;
    Ok(())
}

/// How many events lie behind the sink's cursor, those it may not have among them; counted up to `most`.
///
/// # Errors
/// A database that cannot be read.
pub async fn behind(store: &Store, sink: &str, most: i64) -> Result<i64> {
    let count = sqlx::query_scalar(
        "select count(*) from
            (select 1 from events where id > (select cursor from sinks where name = $1) limit $2)",
    );
    Ok(count.bind(sink).bind(most).fetch_one(store.readers()).await?)
}
