//! What the outbox remembers of a mail's way.

use anyhow::{Result, bail};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;
use sqlx::types::Json;

use super::Job;
use crate::store::Store;

/// The outcome of a transport that took a mail and did not send it.
const GIVEN_UP: &str = "given_up";
/// Tries that are remembered, the newest.
const REMEMBERED: usize = 20;

/// What a transport made of a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Try {
    /// Milliseconds since 1970-01-01 UTC.
    pub at: i64,
    pub transport: String,
    /// `taken`, `unknown`, `given_up` after it was taken, or for what it was refused: `transport`, `recipient`, `mail`.
    pub outcome: String,
    /// Its words; when it was taken, what it is called there.
    pub said: String,
}

impl Job {
    /// Why this transport is not asked: it took the mail before and did not send it.
    pub fn given_up_by(&self, transport: &str) -> Option<&str> {
        let is_by = |one: &&Try| one.transport == transport && one.outcome == GIVEN_UP;
        self.tries.iter().find(is_by).map(|one| one.said.as_str())
    }
}

/// A transport is about to get it; who delivers has the lease until `until`. From now on it may have it.
///
/// # Errors
/// A database that cannot be written.
pub async fn begin(store: &Store, id: &str, transport: &str, until: Timestamp) -> Result<()> {
    sqlx::query("update outbox set transport = $2, leased_until = $3 where id = $1")
        .bind(id)
        .bind(transport)
        .bind(until.as_millisecond())
        .execute(store.writer())
        .await?;
    Ok(())
}

/// What the transport made of it. It does not have it when it said so, unless nobody knew that of an earlier time.
///
/// # Errors
/// A database that cannot be written.
pub async fn end(connection: &mut SqliteConnection, job: &mut Job, tried: Try) -> Result<()> {
    let may_have_it = job.transport.is_some() || matches!(tried.outcome.as_str(), "unknown" | "taken");
    job.transport = may_have_it.then(|| tried.transport.clone());
    job.tries.push(tried);
    job.tries.drain(..job.tries.len().saturating_sub(REMEMBERED));
    sqlx::query("update outbox set transport = $2, tries = $3 where id = $1")
        .bind(&job.id)
        .bind(&job.transport)
        .bind(serde_json::to_string(&job.tries)?)
        .execute(connection)
        .await?;
    Ok(())
}

/// `source` says that the transport which may have the mail has it: nobody need ask again. False when nobody was in
/// doubt.
///
/// # Errors
/// A database that cannot be written.
pub async fn arrived(store: &Store, id: &str, source: &str, now: Timestamp) -> Result<bool> {
    let mut transaction = store.writer().begin().await?;
    let row: Option<(String, String, Json<Vec<Try>>)> = sqlx::query_as(
        "select channel, transport, tries from outbox
         where id = $1 and state = 'waiting' and transport is not null and coalesce(leased_until, 0) <= $2",
    )
    .bind(id)
    .bind(now.as_millisecond())
    .fetch_optional(&mut *transaction)
    .await?;
    let Some((channel, transport, Json(mut tries))) = row else { return Ok(false) };
    let (at, outcome, said) = (now.as_millisecond(), "taken".to_owned(), format!("told by [hooks.{source}]"));
    tries.push(Try { at, transport: transport.clone(), outcome, said });
    sqlx::query("update outbox set state = 'done', done_at = $2, leased_until = null, tries = $3 where id = $1")
        .bind(id)
        .bind(now.as_millisecond())
        .bind(Json(tries))
        .execute(&mut *transaction)
        .await?;
    sqlx::query("update sinks set sent = sent + 1, last_sent_at = $3 where name = $1 or name = $1 || '.' || $2")
        .bind(channel)
        .bind(transport)
        .bind(now.as_millisecond())
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(true)
}

/// `source` says that the transport which has the mail, or may have it, did not send it after all: the next one gets it.
/// False when nobody knows that this one and no other had it. One source speaks once: of the transport that had it then.
///
/// # Errors
/// A mail that is being handed over just now; a database that cannot be written.
pub async fn given_up(store: &Store, id: &str, source: &str, reason: &str, now: Timestamp) -> Result<bool> {
    let mut transaction = store.writer().begin().await?;
    let row: Option<(String, Option<i64>, Json<Vec<Try>>)> = sqlx::query_as(
        "select transport, leased_until, tries from outbox
         where id = $1 and transport is not null and (state = 'waiting' or (state = 'done' and outcome is null))",
    )
    .bind(id)
    .fetch_optional(&mut *transaction)
    .await?;
    let Some((transport, leased_until, Json(mut tries))) = row else { return Ok(false) };
    let told_by = format!("told by [hooks.{source}]");
    let given_up = tries.iter().filter(|one| one.outcome == GIVEN_UP);
    if given_up.clone().any(|one| one.said.ends_with(&told_by)) {
        return Ok(false);
    }
    if leased_until.is_some_and(|until| until > now.as_millisecond()) {
        bail!(
            "[hooks.{source}] says that the mail {id} was not sent, but {transport} is being handed it just now: what \
             became of that must be known first, so this call is handled again later"
        );
    }
    let has_given_up = |transport: &str| given_up.clone().any(|one| one.transport == transport);
    let may_have_it = |one: &Try| matches!(one.outcome.as_str(), "taken" | "unknown") && !has_given_up(&one.transport);
    if tries.iter().any(|one| may_have_it(one) && one.transport != transport) {
        return Ok(false);
    }
    let (at, said) = (now.as_millisecond(), format!("{reason}, {told_by}"));
    tries.push(Try { at, transport, outcome: GIVEN_UP.to_owned(), said: said.clone() });
    sqlx::query(
        "update outbox set state = 'waiting', transport = null, tries = $2, last_error = $3, due_at = $4, done_at = null,
             leased_until = null, sent_at = null, attempts = 0
         where id = $1",
    )
    .bind(id)
    .bind(Json(tries))
    .bind(said)
    .bind(now.as_millisecond())
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(true)
}

/// It was not tried, and waits until `due` for its transport. That is no attempt.
///
/// # Errors
/// A database that cannot be written.
pub async fn put_back(store: &Store, id: &str, due: i64) -> Result<()> {
    sqlx::query("update outbox set due_at = $2, leased_until = null, attempts = attempts - 1 where id = $1")
        .bind(id)
        .bind(due)
        .execute(store.writer())
        .await?;
    Ok(())
}

/// It is not sent, because its address takes nothing any more.
///
/// # Errors
/// A database that cannot be written.
pub async fn suppress(store: &Store, id: &str, reason: &str, now: Timestamp) -> Result<()> {
    sqlx::query(
        "update outbox set state = 'done', outcome = 'suppressed', done_at = $2, leased_until = null, last_error = $3
         where id = $1",
    )
    .bind(id)
    .bind(now.as_millisecond())
    .bind(reason)
    .execute(store.writer())
    .await?;
    Ok(())
}
