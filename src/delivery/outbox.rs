//! Single deeds on their way out. A row is written in the transaction of its cause, so that a deed and the promise of
//! it are one; who delivers it takes a lease, so that it is done again when its deliverer died.

mod look;
pub mod transports;

use anyhow::{Context, Result};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::SqliteConnection;
use uuid::Uuid;

use crate::store::Store;

pub use look::deed;
pub use transports::Try;

/// SQL: nothing earlier about the same thing as the row `this` has still to arrive. A dead letter is waited for while
/// nothing about the thing arrived: without what opened a ticket an answer to it has no place.
macro_rules! in_turn {
    () => {
        "(this.about is null or not exists (
             select 1 from outbox earlier
             where earlier.channel = this.channel and earlier.about = this.about and earlier.id < this.id
                 and (earlier.state = 'waiting' or (earlier.state = 'dead' and not exists (
                     select 1 from receipts where receipts.channel = this.channel and receipts.about = this.about)))))"
    };
}

/// SQL: the transport that may have the row `this` is not held, by an operator or for its settings. No other is asked.
macro_rules! may_be_asked {
    () => {
        "(this.transport is null or not exists (
             select 1 from sinks where name = this.channel || '.' || this.transport and (paused or locked)))"
    };
}

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
    #[error("the settings have no {0}: add it to [desks], [webhooks], [connectors] or [alerts]")]
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
    /// What it is about.
    pub about: Option<String>,
    /// When an attempt before this one first may have arrived, in milliseconds since 1970.
    pub sent_at: Option<i64>,
    /// When one last may have.
    pub last_sent_at: Option<i64>,
    pub last_error: Option<String>,
    /// Which of the sink's transports may have it.
    pub transport: Option<String>,
    /// What each transport made of it.
    pub tries: Vec<Try>,
}

/// Writes a deed for the sink `channel`; gives its id, which is also the idempotency key. `about`: deeds about the same
/// thing arrive one after another. `bound`: how many may wait.
///
/// # Errors
/// A channel for which `bound` deeds wait already; a database that cannot be written.
pub async fn enqueue(
    transaction: &mut SqliteConnection,
    channel: &str,
    deed: Value,
    about: Option<&str>,
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
    put(transaction, &id.to_string(), channel, &Body::Deed(deed), about, now).await?;
    Ok(id)
}

/// Writes a row that waits; one of the same id waits anew, is about the same as before, and any transport may be tried.
pub(super) async fn put(
    transaction: &mut SqliteConnection,
    id: &str,
    channel: &str,
    body: &Body,
    about: Option<&str>,
    now: Timestamp,
) -> sqlx::Result<()> {
    let body = serde_json::to_string(body).expect("what came from JSON is JSON");
    sqlx::query(
        "insert into outbox (id, channel, body, created_at, due_at, about) values ($1, $2, $3, $4, $4, $5)
         on conflict (id) do update
             set state = 'waiting', due_at = $4, leased_until = null, attempts = 0, last_error = null, done_at = null,
                 outcome = null, tries = '[]'",
    )
    .bind(id)
    .bind(channel)
    .bind(body)
    .bind(now.as_millisecond())
    .bind(about)
    .execute(transaction)
    .await?;
    Ok(())
}

/// Takes the lease of the next row that is due and whose turn it is, until `until`.
///
/// # Errors
/// A database that cannot be written, a body that nobody can read.
pub async fn claim(store: &Store, channel: &str, now: Timestamp, until: Timestamp) -> Result<Option<Job>> {
    // Whoever finds nothing keeps nobody from writing.
    if next(&mut *store.readers().acquire().await?, channel, now).await?.is_none() {
        return Ok(None);
    }
    let mut transaction = store.writer().begin().await?;
    let Some(row) = next(&mut transaction, channel, now).await? else { return Ok(None) };
    sqlx::query(
        "update outbox set leased_until = $2, attempts = attempts + 1, sent_at = coalesce(sent_at, $3), last_sent_at = $3
         where id = $1",
    )
    .bind(&row.id)
    .bind(until.as_millisecond())
    .bind(now.as_millisecond())
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    let Row { id, body, attempts, leased_until, about, sent_at, last_sent_at, last_error, transport, tries } = row;
    let body = serde_json::from_str(&body).with_context(|| format!("the row {id} of the outbox cannot be read"))?;
    let was_abandoned = leased_until.is_some();
    let attempts = attempts + 1;
    Ok(Some(Job { id, body, attempts, was_abandoned, about, sent_at, last_sent_at, last_error, transport, tries }))
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    body: String,
    attempts: u32,
    leased_until: Option<i64>,
    about: Option<String>,
    sent_at: Option<i64>,
    last_sent_at: Option<i64>,
    last_error: Option<String>,
    transport: Option<String>,
    #[sqlx(json)]
    tries: Vec<Try>,
}

async fn next(connection: &mut SqliteConnection, channel: &str, now: Timestamp) -> sqlx::Result<Option<Row>> {
    let row = sqlx::query_as(concat!(
        "select id, body, attempts, leased_until, about, sent_at, last_sent_at, last_error, transport, tries
         from outbox this
         where channel = $1 and state = 'waiting' and due_at <= $2 and coalesce(leased_until, 0) <= $2 and ",
        in_turn!(),
        " and ",
        may_be_asked!(),
        " order by due_at, id limit 1"
    ));
    row.bind(channel).bind(now.as_millisecond()).fetch_optional(connection).await
}

/// When the next row of the channel is due, in milliseconds since 1970.
///
/// # Errors
/// A database that cannot be read.
pub async fn due(store: &Store, channel: &str) -> Result<Option<i64>> {
    let due = sqlx::query_scalar(concat!(
        "select min(max(due_at, coalesce(leased_until, 0))) from outbox this
         where channel = $1 and state = 'waiting' and ",
        in_turn!(),
        " and ",
        may_be_asked!()
    ));
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

/// Does the same deed about the same thing wait, untried?
///
/// # Errors
/// A database that cannot be read.
pub async fn is_to_be_tried(
    connection: &mut SqliteConnection,
    channel: &str,
    deed: &Value,
    about: &str,
) -> Result<bool> {
    let body = serde_json::to_string(&Body::Deed(deed.clone()))?;
    let waiting = sqlx::query_scalar(
        "select exists (select 1 from outbox where channel = $1 and about = $2 and state = 'waiting' and attempts = 0
             and body = $3)",
    );
    Ok(waiting.bind(channel).bind(about).bind(body).fetch_one(connection).await?)
}

/// It failed and is tried again at `due`. When `in_doubt`, it may have arrived all the same.
///
/// # Errors
/// A database that cannot be written.
pub async fn postpone(
    connection: &mut SqliteConnection,
    job: &Job,
    due: i64,
    in_doubt: bool,
    reason: &str,
) -> Result<()> {
    sqlx::query(
        "update outbox set due_at = $2, leased_until = null, last_error = $3, sent_at = iif($4, sent_at, $5),
             last_sent_at = iif($4, last_sent_at, $6)
         where id = $1",
    )
    .bind(&job.id)
    .bind(due)
    .bind(reason)
    .bind(in_doubt)
    .bind(job.sent_at)
    .bind(job.last_sent_at)
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

/// Forgets what was delivered before `before`, and what was given up before and has no dead letter any more.
///
/// # Errors
/// A database that cannot be written.
pub async fn forget(store: &Store, before: Timestamp) -> Result<u64> {
    let forgotten = sqlx::query(
        "delete from outbox where done_at < $1 or (state = 'dead' and due_at < $1
             and not exists (select 1 from dead_letters where key = outbox.id))",
    );
    Ok(forgotten.bind(before.as_millisecond()).execute(store.writer()).await?.rows_affected())
}
