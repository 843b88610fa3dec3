//! Single deeds on their way out. A row is written in the transaction of its cause, so that a deed and the promise of
//! it are one; who delivers it takes a lease, so that it is done again when its deliverer died.

use anyhow::{Context, Result};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::SqliteConnection;
use uuid::Uuid;

use crate::store::Store;

/// What is to be delivered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// What a sink understands as one: a message, an alert, a change of a profile.
    Deed(Value),
    /// Events that became a dead letter, once more: those behind `after` up to `last`.
    Events { after: String, last: String },
}

/// Why a deed was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Nothing is promised that there is no room for; what waits already is kept.
    #[error(
        "{waiting} deeds wait for {channel} already, as many as delivery.backlog allows; see `signpost outbox list` \
         for what holds them up"
    )]
    Full { channel: String, waiting: i64 },
    #[error("the settings have no {0}: add it to [webhooks], [connectors] or [alerts]")]
    NoChannel(String),
    #[error("cannot write to the outbox: {0}")]
    Database(#[from] sqlx::Error),
}

/// A row that somebody has the lease of.
#[derive(Debug)]
pub struct Job {
    pub id: String,
    pub body: Body,
    pub attempts: u32,
    /// Somebody had the lease before and did not say what became of it.
    pub was_abandoned: bool,
}

/// Writes a deed for the sink `channel`; gives its id, which is also the idempotency key. `bound`: how many may wait.
///
/// # Errors
/// A channel for which `bound` deeds wait already; a database that cannot be written.
pub async fn enqueue(
    transaction: &mut SqliteConnection,
    channel: &str,
    deed: Value,
    bound: Option<i64>,
    now: Timestamp,
) -> Result<Uuid, Refused> {
    if let Some(bound) = bound {
        let waiting: i64 = sqlx::query_scalar("select count(*) from outbox where channel = $1 and state = 'waiting'")
            .bind(channel)
            .fetch_one(&mut *transaction)
            .await?;
        if waiting >= bound {
            return Err(Refused::Full { channel: channel.to_owned(), waiting });
        }
    }
    let id = Uuid::now_v7();
    put(transaction, &id.to_string(), channel, &Body::Deed(deed), now).await?;
    Ok(id)
}

/// Writes a row that waits; one of the same id waits anew.
pub(super) async fn put(
    transaction: &mut SqliteConnection,
    id: &str,
    channel: &str,
    body: &Body,
    now: Timestamp,
) -> sqlx::Result<()> {
    let body = serde_json::to_string(body).expect("what came from JSON is JSON");
    sqlx::query(
        "insert into outbox (id, channel, body, created_at, due_at) values ($1, $2, $3, $4, $4)
         on conflict (id) do update
             set state = 'waiting', due_at = $4, leased_until = null, attempts = 0, last_error = null, done_at = null",
    )
    .bind(id)
    .bind(channel)
    .bind(body)
    .bind(now.as_millisecond())
    .execute(transaction)
    .await?;
    Ok(())
}

/// Takes the lease of the next row that is due, until `until`.
///
/// # Errors
/// A database that cannot be written, a body that nobody can read.
pub async fn claim(store: &Store, channel: &str, now: Timestamp, until: Timestamp) -> Result<Option<Job>> {
    if due(store, channel).await?.is_none_or(|due| due > now.as_millisecond()) {
        return Ok(None);
    }
    let mut transaction = store.writer().begin().await?;
    let row: Option<(String, String, u32, Option<i64>)> = sqlx::query_as(
        "select id, body, attempts, leased_until from outbox
         where channel = $1 and state = 'waiting' and due_at <= $2 and coalesce(leased_until, 0) <= $2
         order by due_at, id limit 1",
    )
    .bind(channel)
    .bind(now.as_millisecond())
    .fetch_optional(&mut *transaction)
    .await?;
    let Some((id, body, attempts, leased_until)) = row else { return Ok(None) };
    sqlx::query("update outbox set leased_until = $2, attempts = attempts + 1 where id = $1")
        .bind(&id)
        .bind(until.as_millisecond())
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    let body = serde_json::from_str(&body).with_context(|| format!("the row {id} of the outbox cannot be read"))?;
    Ok(Some(Job { id, body, attempts: attempts + 1, was_abandoned: leased_until.is_some() }))
}

/// When the next row of the channel is due, in milliseconds since 1970.
///
/// # Errors
/// A database that cannot be read.
pub async fn due(store: &Store, channel: &str) -> Result<Option<i64>> {
    let due = sqlx::query_scalar(
        "select min(max(due_at, coalesce(leased_until, 0))) from outbox where channel = $1 and state = 'waiting'",
    );
    Ok(due.bind(channel).fetch_one(store.readers()).await?)
}

/// It was delivered.
///
/// # Errors
/// A database that cannot be written.
pub async fn settle(connection: &mut SqliteConnection, id: &str, now: Timestamp) -> Result<()> {
    sqlx::query("update outbox set state = 'done', done_at = $2, leased_until = null where id = $1")
        .bind(id)
        .bind(now.as_millisecond())
        .execute(connection)
        .await?;
    Ok(())
}

/// It failed and is tried again at `due`.
///
/// # Errors
/// A database that cannot be written.
pub async fn postpone(connection: &mut SqliteConnection, id: &str, due: i64, reason: &str) -> Result<()> {
    sqlx::query("update outbox set due_at = $2, leased_until = null, last_error = $3 where id = $1")
        .bind(id)
        .bind(due)
        .bind(reason)
        .execute(connection)
        .await?;
    Ok(())
}

/// It failed for good.
///
/// # Errors
/// A database that cannot be written.
pub async fn give_up(connection: &mut SqliteConnection, id: &str, reason: &str) -> Result<()> {
    sqlx::query("update outbox set state = 'dead', leased_until = null, last_error = $2 where id = $1")
        .bind(id)
        .bind(reason)
        .execute(connection)
        .await?;
    Ok(())
}

/// How many wait.
///
/// # Errors
/// A database that cannot be read.
pub async fn waiting(store: &Store, channel: &str) -> Result<i64> {
    let count = sqlx::query_scalar("select count(*) from outbox where channel = $1 and state = 'waiting'");
    Ok(count.bind(channel).fetch_one(store.readers()).await?)
}

/// Forgets what was delivered before `before`, and what was given up before: its dead letter is what counts.
///
/// # Errors
/// A database that cannot be written.
pub async fn forget(store: &Store, before: Timestamp) -> Result<u64> {
    let forgotten = sqlx::query("delete from outbox where done_at < $1 or (state = 'dead' and due_at < $1)")
        .bind(before.as_millisecond())
        .execute(store.writer())
        .await?;
    Ok(forgotten.rows_affected())
}
