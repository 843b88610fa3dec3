//! Events go when they are too old.

use anyhow::Result;
use jiff::Timestamp;

use crate::store::{Store, first_id};

/// Deletes the events that came before `before`, at most `piece` in one transaction, and the runs that end among them;
/// gives how many events. They age by their ids: an index of times would be written with every event.
///
/// # Errors
/// A database that cannot be written.
pub async fn purge(store: &Store, before: Timestamp, piece: i64) -> Result<u64> {
    let before = first_id(before);
    let mut deleted = 0;
    loop {
        let mut transaction = store.writer().begin().await?;
        let rest: Option<String> =
            sqlx::query_scalar("select id from events where id < $1 order by id limit 1 offset $2")
                .bind(&before)
                .bind(piece)
                .fetch_optional(&mut *transaction)
                .await?;
        let until = rest.as_ref().unwrap_or(&before);
        sqlx::query(
            "delete from event_runs
             where session in (select session from events where id < $1) and last < $1",
        )
        .bind(until)
        .execute(&mut *transaction)
        .await?;
        let events = sqlx::query("delete from events where id < $1").bind(until).execute(&mut *transaction).await?;
        transaction.commit().await?;
        deleted += events.rows_affected();
        if rest.is_none() {
            return Ok(deleted);
        }
    }
}
