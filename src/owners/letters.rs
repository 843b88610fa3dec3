//! Which letters owners got, and who wants no more: the tables `owners` and `owner_letters`.

use anyhow::{Context, Result};
use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::store::Store;

#[derive(Debug, sqlx::FromRow)]
pub struct Owner {
    pub address: String,
    /// Of the link by which they get no more digests.
    pub secret: String,
    /// They want no more.
    pub left: bool,
}

/// Who is written to at this address; a new one gets a secret.
pub async fn owner(transaction: &mut SqliteConnection, address: &str) -> Result<Owner> {
    sqlx::query("insert into owners (address, secret) values ($1, $2) on conflict (address) do nothing")
        .bind(address)
        .bind(uuid::Uuid::new_v4().simple().to_string())
        .execute(&mut *transaction)
        .await
        .context("cannot write an owner")?;
    let owner = sqlx::query_as("select address, secret, left_at is not null as left from owners where address = $1");
    owner.bind(address).fetch_one(transaction).await.context("cannot read an owner")
}

/// Notes a letter down; false where it was written before.
pub async fn is_first(
    transaction: &mut SqliteConnection,
    address: &str,
    kind: &str,
    about: &str,
    now: Timestamp,
) -> Result<bool> {
    let written = sqlx::query(
        "insert into owner_letters (address, kind, about, at) values ($1, $2, $3, $4)
         on conflict (address, kind, about) do nothing",
    );
    let written = written.bind(address).bind(kind).bind(about).bind(now.as_millisecond()).execute(transaction).await;
    Ok(written.context("cannot write that an owner is written to")?.rows_affected() == 1)
}

/// The address that a link in a digest belongs to, and whether it gets no more.
///
/// # Errors
/// A database that cannot be read.
pub async fn of_secret(store: &Store, secret: &str) -> Result<Option<(String, bool)>> {
    let owner = sqlx::query_as("select address, left_at is not null from owners where secret = $1");
    owner.bind(secret).fetch_optional(store.readers()).await.context("cannot read an owner")
}

/// Whoever holds the link gets no more digests. False where it is nobody's.
///
/// # Errors
/// A database that cannot be written.
pub async fn leave(store: &Store, secret: &str, now: Timestamp) -> Result<bool> {
    let left = sqlx::query("update owners set left_at = coalesce(left_at, $2) where secret = $1");
    let left = left.bind(secret).bind(now.as_millisecond()).execute(store.writer()).await;
    Ok(left.context("cannot write that an owner wants no more letters")?.rows_affected() == 1)
}
