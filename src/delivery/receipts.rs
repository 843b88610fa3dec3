//! What sinks call the things that deeds were about, a ticket: written with the settling of the deed, so that whoever
//! speaks of the same thing later finds it.

use anyhow::{Context, Result};
use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::integrations::Receipt;
use crate::store::Store;

/// Takes note of it; what was known and is not said again stays.
///
/// # Errors
/// A database that cannot be written.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    channel: &str,
    about: &str,
    receipt: &Receipt,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "insert into receipts (channel, about, remote_id, url, at) values ($1, $2, $3, $4, $5)
         on conflict (channel, about) do update
             set remote_id = coalesce(excluded.remote_id, remote_id), url = coalesce(excluded.url, url)",
    )
    .bind(channel)
    .bind(about)
    .bind(&receipt.remote_id)
    .bind(&receipt.url)
    .bind(now.as_millisecond())
    .execute(connection)
    .await
    .context("cannot write down what a sink calls a thing")?;
    Ok(())
}

/// What the sink `channel` calls `about`.
///
/// # Errors
/// A database that cannot be read.
pub async fn read(store: &Store, channel: &str, about: &str) -> Result<Option<Receipt>> {
    let receipt = sqlx::query_as("select remote_id, url from receipts where channel = $1 and about = $2");
    let receipt = receipt.bind(channel).bind(about).fetch_optional(store.readers()).await;
    receipt.context("cannot read what a sink calls a thing")
}

/// Every sink that knows `about`, and what it calls it.
///
/// # Errors
/// A database that cannot be read.
pub async fn of(store: &Store, about: &str) -> Result<Vec<(String, Receipt)>> {
    let receipts: Vec<(String, Option<String>, Option<String>)> =
        sqlx::query_as("select channel, remote_id, url from receipts where about = $1 order by channel")
            .bind(about)
            .fetch_all(store.readers())
            .await
            .context("cannot read what sinks call a thing")?;
    Ok(receipts.into_iter().map(|(channel, remote_id, url)| (channel, Receipt { remote_id, url })).collect())
}

/// What it is that the sink `channel` calls `remote_id`.
///
/// # Errors
/// A database that cannot be read.
pub async fn about(connection: &mut SqliteConnection, channel: &str, remote_id: &str) -> Result<Option<String>> {
    let about = sqlx::query_scalar("select about from receipts where channel = $1 and remote_id = $2");
    let about = about.bind(channel).bind(remote_id).fetch_optional(connection).await;
    about.context("cannot find what a sink speaks of")
}
