//! What sinks said when they were asked, until whoever asked took note of it.

use anyhow::{Context, Result};
use serde_json::Value;
use sqlx::SqliteConnection;

use crate::store::Store;

/// What a sink said when it did a deed, and nobody took note of yet.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Answer {
    /// Of the deed.
    pub id: String,
    pub channel: String,
    pub about: String,
    #[sqlx(rename = "answer", json)]
    pub said: Value,
}

/// Keeps what the sink said to a deed; [`next`] gives it to whoever asked.
///
/// # Errors
/// A database that cannot be written.
pub(super) async fn keep(connection: &mut SqliteConnection, id: &str, said: &Value) -> Result<()> {
    let kept = sqlx::query("update outbox set answer = $2 where id = $1").bind(id).bind(said.to_string());
    kept.execute(connection).await.context("cannot write what a sink said")?;
    Ok(())
}

/// The oldest answer nobody took note of.
///
/// # Errors
/// A database that cannot be read.
pub async fn next(store: &Store) -> Result<Option<Answer>> {
    let answer = sqlx::query_as(
        "select id, channel, about, answer from outbox where answer is not null and about is not null order by id limit 1",
    );
    answer.fetch_optional(store.readers()).await.context("cannot read what a sink said")
}

/// Note was taken of an answer.
///
/// # Errors
/// A database that cannot be written.
pub async fn forget(connection: &mut SqliteConnection, id: &str) -> Result<()> {
    sqlx::query("update outbox set answer = null where id = $1").bind(id).execute(connection).await?;
    Ok(())
}
