//! Dead letters: what could not be delivered, why, and the way back.

use std::collections::HashSet;

use anyhow::{Result, bail};
use jiff::Timestamp;
use serde::Serialize;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::outbox::{self, Body};
use crate::integrations::Refusal;
use crate::store::Store;

/// What could not be delivered.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Letter {
    pub id: String,
    pub sink: String,
    /// Milliseconds since 1970-01-01 UTC.
    pub at: i64,
    /// Idempotency key.
    pub key: String,
    /// Id of the event before the range; absent for a deed.
    pub after: Option<String>,
    /// Id of its last event.
    pub last: Option<String>,
    /// Of a deed, as JSON.
    pub body: Option<String>,
    /// How many events or deeds.
    pub items: i64,
    /// In the vendor's words.
    pub reason: String,
    pub replayable: bool,
}

impl Letter {
    /// A letter about `body`, which was sent under `key`.
    pub fn new(sink: &str, key: &str, body: &Body, items: usize, reason: &str, now: Timestamp) -> Self {
        let (after, last, deed) = match body {
            Body::Events { after, last } => (Some(after.clone()), Some(last.clone()), None),
            Body::Deed(deed) => (None, None, Some(deed.to_string())),
        };
        Self {
            id: Uuid::now_v7().to_string(),
            sink: sink.to_owned(),
            at: now.as_millisecond(),
            key: key.to_owned(),
            after,
            last,
            body: deed,
            items: items.try_into().unwrap_or(i64::MAX),
            reason: reason.to_owned(),
            replayable: true,
        }
    }

    /// A letter about a single event.
    pub fn refused(sink: &str, refusal: &Refusal, now: Timestamp) -> Self {
        let id = &refusal.event.id;
        let body = Body::Events { after: before(id), last: id.clone() };
        Self { replayable: refusal.replayable, ..Self::new(sink, id, &body, 1, &refusal.reason, now) }
    }

    fn content(&self) -> Result<Body> {
        match (&self.after, &self.last, &self.body) {
            (Some(after), Some(last), _) => Ok(Body::Events { after: after.clone(), last: last.clone() }),
            (_, _, Some(deed)) => Ok(Body::Deed(serde_json::from_str(deed)?)),
            _ => bail!("the dead letter {} holds nothing", self.id),
        }
    }
}

/// The greatest id that is less than `id`.
fn before(id: &str) -> String {
    let id = id.parse::<Uuid>().unwrap_or_default().as_u128();
    Uuid::from_u128(id.saturating_sub(1)).to_string()
}

/// Writes a letter.
///
/// # Errors
/// A database that cannot be written.
pub async fn write(connection: &mut SqliteConnection, letter: &Letter) -> Result<()> {
    sqlx::query(
        "insert into dead_letters (id, sink, at, key, after, last, body, items, reason, replayable)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&letter.id)
    .bind(&letter.sink)
    .bind(letter.at)
    .bind(&letter.key)
    .bind(&letter.after)
    .bind(&letter.last)
    .bind(&letter.body)
    .bind(letter.items)
    .bind(&letter.reason)
    .bind(letter.replayable)
    .execute(connection)
    .await?;
    Ok(())
}

/// The newest `limit` letters, of one sink or of all.
///
/// # Errors
/// A database that cannot be read.
pub async fn list(store: &Store, sink: Option<&str>, limit: u32) -> Result<Vec<Letter>> {
    let letters =
        sqlx::query_as("select * from dead_letters where $1 is null or sink = $1 order by at desc, id desc limit $2");
    Ok(letters.bind(sink).bind(limit).fetch_all(store.readers()).await?)
}

/// Those about one thing, a ticket, oldest first.
///
/// # Errors
/// A database that cannot be read.
pub async fn about(store: &Store, about: &str) -> Result<Vec<Letter>> {
    let letters = sqlx::query_as(
        "select dead_letters.* from outbox join dead_letters on dead_letters.key = outbox.id
         where outbox.about = $1 and outbox.state = 'dead' order by dead_letters.id",
    );
    Ok(letters.bind(about).fetch_all(store.readers()).await?)
}

/// Which of these things have any.
///
/// # Errors
/// A database that cannot be read.
pub async fn among(store: &Store, things: &[&str]) -> Result<HashSet<String>> {
    let among = sqlx::query_scalar(
        "select distinct about from outbox
         where state = 'dead' and about is not null and about in (select value from json_each($1))",
    );
    let among: Vec<String> = among.bind(serde_json::to_string(things)?).fetch_all(store.readers()).await?;
    Ok(among.into_iter().collect())
}

/// # Errors
/// A database that cannot be read.
pub async fn find(store: &Store, id: &str) -> Result<Option<Letter>> {
    Ok(sqlx::query_as("select * from dead_letters where id = $1").bind(id).fetch_optional(store.readers()).await?)
}

/// Sends the letter again, under the key it had. False when there is none of this id.
///
/// # Errors
/// A letter that the vendor would refuse again; a database that cannot be written.
pub async fn replay(store: &Store, id: &str, now: Timestamp) -> Result<bool> {
    let Some(letter) = find(store, id).await? else { return Ok(false) };
    if !letter.replayable {
        bail!("{} refused this event for what it holds and would again: {}", letter.sink, letter.reason);
    }
    let mut transaction = store.writer().begin().await?;
    outbox::put(&mut transaction, &letter.key, &letter.sink, &letter.content()?, None, now).await?;
    sqlx::query("delete from dead_letters where id = $1").bind(id).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Drops the letter: it will never be delivered. False when there is none of this id.
///
/// # Errors
/// A database that cannot be written.
pub async fn discard(store: &Store, id: &str) -> Result<bool> {
    let mut transaction = store.writer().begin().await?;
    // Whatever waits for it to arrive need not wait any more.
    sqlx::query("delete from outbox where state = 'dead' and id in (select key from dead_letters where id = $1)")
        .bind(id)
        .execute(&mut *transaction)
        .await?;
    let dropped = sqlx::query("delete from dead_letters where id = $1").bind(id).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(dropped.rows_affected() > 0)
}

/// Forgets letters of before `before`.
///
/// # Errors
/// A database that cannot be written.
pub async fn forget(store: &Store, before: Timestamp) -> Result<u64> {
    let forgotten = sqlx::query("delete from dead_letters where at < $1").bind(before.as_millisecond());
    Ok(forgotten.execute(store.writer()).await?.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_lies_between_an_id_and_the_one_before_it() {
        let check = |id: &str, expect: &str| assert_eq!(before(id), expect);
        check("019a0000-0000-7000-8000-000000000001", "019a0000-0000-7000-8000-000000000000");
        check("019a0000-0000-7000-8000-000000000000", "019a0000-0000-7000-7fff-ffffffffffff");
    }
}
