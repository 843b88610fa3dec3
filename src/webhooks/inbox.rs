//! What was taken and waits, what was handled, what could not be: the table `hooks`.

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use sqlx::SqliteConnection;
use tracing::info;
use uuid::Uuid;

use crate::store::Store;

/// Days that a handled call is known again at the least; senders repeat theirs for up to three.
const KNOWN_DAYS: u32 = 7;

/// A call that was taken.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Stored {
    pub id: String,
    /// NAME of `[hooks.NAME]`.
    pub provider: String,
    /// The same when the same is sent again.
    pub event: String,
    /// Milliseconds since 1970-01-01 UTC.
    pub received_at: i64,
    /// As it came; absent once it is handled, and in lists.
    pub body: Option<String>,
    /// `waiting`, `done` or `dead`
    pub state: String,
    /// `applied`, `asked`, `stale`, `unknown_ticket`, `noted`, `confirmed`, `ignored` or `dropped`, once it is done.
    pub outcome: Option<String>,
    /// Attempts to handle it that failed.
    pub attempts: u32,
    pub due_at: i64,
    pub last_error: Option<String>,
}

/// Stores the events of a call, each with its body; false when all of them were stored before.
///
/// # Errors
/// A database that cannot be written.
pub(super) async fn put(store: &Store, provider: &str, events: &[(String, String)], now: Timestamp) -> Result<bool> {
    let mut transaction = store.writer().begin().await?;
    let mut new = 0;
    for (event, body) in events {
        new += insert(&mut transaction, provider, event, body, now).await?;
    }
    transaction.commit().await.context("cannot write an inbound webhook")?;
    Ok(new > 0)
}

/// The same for one whose proof is good for one body: none when it came with another one.
///
/// # Errors
/// A database that cannot be written.
pub(super) async fn put_once(
    store: &Store,
    provider: &str,
    token: &str,
    fingerprint: &str,
    body: &str,
    now: Timestamp,
) -> Result<Option<bool>> {
    let event = format!("{token}:{fingerprint}");
    let mut transaction = store.writer().begin().await?;
    // All that begin with the token: `;` follows `:`.
    let known: Option<String> =
        sqlx::query_scalar("select event from hooks where provider = $1 and event >= $2 || ':' and event < $2 || ';'")
            .bind(provider)
            .bind(token)
            .fetch_optional(&mut *transaction)
            .await?;
    if let Some(known) = known {
        return Ok((known == event).then_some(false));
    }
    insert(&mut transaction, provider, &event, body, now).await?;
    transaction.commit().await.context("cannot write an inbound webhook")?;
    Ok(Some(true))
}

async fn insert(
    connection: &mut SqliteConnection,
    provider: &str,
    event: &str,
    body: &str,
    now: Timestamp,
) -> Result<u64> {
    let stored = sqlx::query(
        "insert into hooks (id, provider, event, received_at, body, due_at) values ($1, $2, $3, $4, $5, $4)
         on conflict (provider, event) do nothing",
    )
    .bind(Uuid::now_v7().to_string())
    .bind(provider)
    .bind(event)
    .bind(now.as_millisecond())
    .bind(body)
    .execute(connection);
    Ok(stored.await.context("cannot write an inbound webhook")?.rows_affected())
}

/// The one that waits longest, due or not.
///
/// # Errors
/// A database that cannot be read.
pub(super) async fn next(store: &Store) -> Result<Option<Stored>> {
    let next = sqlx::query_as("select * from hooks where state = 'waiting' order by due_at, id limit 1");
    next.fetch_optional(store.readers()).await.context("cannot read the inbound webhooks")
}

/// It was handled. What it said is not needed any more.
///
/// # Errors
/// A database that cannot be written.
pub(super) async fn settle(store: &Store, id: &str, outcome: &str) -> Result<()> {
    sqlx::query("update hooks set state = 'done', outcome = $2, body = null, last_error = null where id = $1")
        .bind(id)
        .bind(outcome)
        .execute(store.writer())
        .await
        .context("cannot write that an inbound webhook was handled")?;
    Ok(())
}

/// It could not be handled; it is tried again at `due`, or never.
///
/// # Errors
/// A database that cannot be written.
pub(super) async fn fail(store: &Store, id: &str, due: Option<Timestamp>, reason: &str) -> Result<()> {
    sqlx::query(
        "update hooks set attempts = attempts + 1, last_error = $2, due_at = coalesce($3, due_at),
             state = case when $3 is null then 'dead' else 'waiting' end
         where id = $1 and state = 'waiting'",
    )
    .bind(id)
    .bind(reason)
    .bind(due.map(Timestamp::as_millisecond))
    .execute(store.writer())
    .await
    .context("cannot write that an inbound webhook failed")?;
    Ok(())
}

/// The newest `limit`, of one state, of one provider, or of all; without their bodies, which may be large.
///
/// # Errors
/// A database that cannot be read.
pub async fn list(store: &Store, state: Option<&str>, provider: Option<&str>, limit: u32) -> Result<Vec<Stored>> {
    let stored = sqlx::query_as(
        "select id, provider, event, received_at, null as body, state, outcome, attempts, due_at, last_error
         from hooks where ($1 is null or state = $1) and ($2 is null or provider = $2)
         order by received_at desc, id desc limit $3",
    );
    Ok(stored.bind(state).bind(provider).bind(limit).fetch_all(store.readers()).await?)
}

/// One whole.
///
/// # Errors
/// A database that cannot be read.
pub async fn find(store: &Store, id: &str) -> Result<Option<Stored>> {
    Ok(sqlx::query_as("select * from hooks where id = $1").bind(id).fetch_optional(store.readers()).await?)
}

/// Has a dead letter, or one that waits, handled again at once. False when `id` is neither; call
/// [`super::Hooks::wake`] afterwards.
///
/// # Errors
/// A database that cannot be written.
pub async fn replay(store: &Store, id: &str, now: Timestamp) -> Result<bool> {
    let replayed =
        sqlx::query("update hooks set state = 'waiting', attempts = 0, due_at = $2 where id = $1 and state <> 'done'");
    Ok(replayed.bind(id).bind(now.as_millisecond()).execute(store.writer()).await?.rows_affected() > 0)
}

/// Gives up a dead letter, or one that waits, for good. False when `id` is neither. It stays known: sent once more it
/// is not taken again.
///
/// # Errors
/// A database that cannot be written.
pub async fn discard(store: &Store, id: &str) -> Result<bool> {
    let dropped = sqlx::query(
        "update hooks set state = 'done', outcome = 'dropped', body = null where id = $1 and state <> 'done'",
    );
    Ok(dropped.bind(id).execute(store.writer()).await?.rows_affected() > 0)
}

/// How many wait and how many are dead.
///
/// # Errors
/// A database that cannot be read.
pub(super) async fn count(store: &Store) -> Result<(i64, i64)> {
    let counts = sqlx::query_as(
        "select count(*) filter (where state = 'waiting'), count(*) filter (where state = 'dead')
         from hooks where state in ('waiting', 'dead')",
    );
    Ok(counts.fetch_one(store.readers()).await?)
}

/// Forgets what does not wait any more and is older than `days`, but never sooner than it must be known again.
///
/// # Errors
/// A database that cannot be written.
pub async fn forget(store: &Store, days: u32, now: Timestamp) -> Result<()> {
    let before = now - SignedDuration::from_hours(24 * i64::from(days.max(KNOWN_DAYS)));
    let forgotten = sqlx::query("delete from hooks where state <> 'waiting' and received_at < $1");
    let forgotten = forgotten.bind(before.as_millisecond()).execute(store.writer()).await?.rows_affected();
    if forgotten > 0 {
        info!(forgotten, "old inbound webhooks were forgotten");
    }
    Ok(())
}
