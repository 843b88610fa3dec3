//! What operators see and decide.

use anyhow::Result;
use jiff::Timestamp;
use serde::Serialize;

use super::dead;
use super::outbox::Try;
use crate::mail::CHANNEL;
use crate::store::Store;

/// How a sink is.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Status {
    pub name: String,
    pub guarantee: String,
    /// What events are sent to it for; absent for one that takes deeds only.
    pub purpose: Option<String>,
    /// Events behind its cursor, those it may not have among them, and deeds.
    pub waiting: i64,
    pub paused: bool,
    /// Nothing will be taken until its settings change or `retry` is called.
    pub locked: bool,
    /// Of the breaker; times are milliseconds since 1970-01-01 UTC.
    pub failures: i64,
    pub opened_until: i64,
    /// The vendor asked for a pause.
    pub held_until: i64,
    /// When the batch under way is tried again.
    pub due_at: i64,
    pub attempts: i64,
    pub sent: i64,
    pub unknown: i64,
    pub dead: i64,
    pub last_error: Option<String>,
    pub last_error_at: Option<i64>,
    pub last_sent_at: Option<i64>,
}

/// Does what is promised to a sink reach it now? Not while its breaker is open, its settings are wrong or it is paused.
///
/// # Errors
/// A database that cannot be read.
pub async fn is_reached(store: &Store, sink: &str, now: Timestamp) -> Result<bool> {
    let stopped = sqlx::query_scalar(
        "select exists (select 1 from sinks where name = $1 and (locked or paused or opened_until > $2))",
    );
    let stopped: bool = stopped.bind(sink).bind(now.as_millisecond()).fetch_one(store.readers()).await?;
    Ok(!stopped)
}

/// A deed in the outbox.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Deed {
    pub id: String,
    pub channel: String,
    pub state: String,
    pub attempts: i64,
    pub created_at: i64,
    pub due_at: i64,
    pub last_error: Option<String>,
    /// `suppressed`, when it is done and was not sent.
    pub outcome: Option<String>,
    /// Of a mail: which transport has it, or may have it,
    pub transport: Option<String>,
    /// and what each made of it.
    #[sqlx(json)]
    pub tries: Vec<Try>,
    pub body: String,
}

/// Every sink that was ever configured, by name.
///
/// # Errors
/// A database that cannot be read.
pub async fn sinks(store: &Store) -> Result<Vec<Status>> {
    let sinks = sqlx::query_as(
        "select *, (select count(*) from events where id > cursor and purpose is not null)
             + (select count(*) from outbox where channel = name and state = 'waiting') as waiting
         from sinks order by name",
    );
    Ok(sinks.fetch_all(store.readers()).await?)
}

/// The oldest `limit` deeds that wait, of one sink or of all.
///
/// # Errors
/// A database that cannot be read.
pub async fn waiting(store: &Store, sink: Option<&str>, limit: u32) -> Result<Vec<Deed>> {
    let deeds = sqlx::query_as(
        "select * from outbox where state = 'waiting' and ($1 is null or channel = $1) order by created_at, id limit $2",
    );
    Ok(deeds.bind(sink).bind(limit).fetch_all(store.readers()).await?)
}

/// A deed, whatever its state.
///
/// # Errors
/// A database that cannot be read.
pub async fn find(store: &Store, id: &str) -> Result<Option<Deed>> {
    Ok(sqlx::query_as("select * from outbox where id = $1").bind(id).fetch_optional(store.readers()).await?)
}

/// Tries again at once: a dead letter, a deed that waits or was suppressed, or all that waits for a sink, whose breaker
/// and those of its transports are closed for it.
/// False when `what` is none of these.
///
/// # Errors
/// A letter that would be refused again; a database that cannot be written.
pub async fn retry(store: &Store, what: &str, now: Timestamp) -> Result<bool> {
    if dead::replay(store, what, now).await? {
        return Ok(true);
    }
    let now = now.as_millisecond();
    let deed = sqlx::query(
        "update outbox set state = 'waiting', outcome = null, done_at = null, due_at = $2,
             tries = iif(outcome = 'suppressed', '[]', tries)
         where id = $1 and (state = 'waiting' or outcome = 'suppressed')",
    );
    let sink = sqlx::query(
        "update sinks set failures = 0, opened = 0, opened_until = 0, held_until = 0, locked = 0, due_at = 0
         where name = $1 or substr(name, 1, length($1) + 1) = $1 || '.'",
    );
    let deeds = sqlx::query("update outbox set due_at = min(due_at, $2) where channel = $1 and state = 'waiting'");
    let mut transaction = store.writer().begin().await?;
    let mut changed = 0;
    for query in [deed.bind(what).bind(now), sink.bind(what), deeds.bind(what).bind(now)] {
        changed += query.execute(&mut *transaction).await?.rows_affected();
    }
    transaction.commit().await?;
    Ok(changed > 0)
}

/// Tries a mail again at once by whatever transport takes it, though another may have it. False when `what` is no mail
/// that waits and no dead letter of one.
///
/// # Errors
/// As [`retry`].
pub async fn retry_anywhere(store: &Store, what: &str, now: Timestamp) -> Result<bool> {
    let freed = sqlx::query_scalar(
        "update outbox set transport = null where channel = $2 and coalesce(leased_until, 0) <= $3
             and state in ('waiting', 'dead') and (id = $1 or id = (select key from dead_letters where id = $1))
         returning coalesce((select id from dead_letters where key = outbox.id), id)",
    );
    let freed = freed.bind(what).bind(CHANNEL).bind(now.as_millisecond());
    let freed: Option<String> = freed.fetch_optional(store.writer()).await?;
    match freed {
        Some(id) => retry(store, &id, now).await,
        None => Ok(false),
    }
}

/// Drops a dead letter or a deed that waits: it will never be delivered. False when `id` is neither.
///
/// # Errors
/// A database that cannot be written.
pub async fn discard(store: &Store, id: &str) -> Result<bool> {
    if dead::discard(store, id).await? {
        return Ok(true);
    }
    let dropped = sqlx::query("delete from outbox where id = $1 and state <> 'done'");
    Ok(dropped.bind(id).execute(store.writer()).await?.rows_affected() > 0)
}

/// Holds a sink, or lets it go on. False when there is none of this name.
///
/// # Errors
/// A database that cannot be written.
pub async fn pause(store: &Store, sink: &str, paused: bool) -> Result<bool> {
    let changed = sqlx::query("update sinks set paused = $2 where name = $1").bind(sink).bind(paused);
    Ok(changed.execute(store.writer()).await?.rows_affected() > 0)
}
