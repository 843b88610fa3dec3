//! An account whose owner chooses the password, by a link in a letter.

use anyhow::{Context, Result};
use jiff::Timestamp;
use secrecy::SecretString;

use super::account::{self, Account, Email, New, Role};
use super::password;
use crate::passes::{self, Purpose};
use crate::store::Store;

/// Makes the account where there is none, with a password that nobody knows; gives its id. Whoever has an account may be
/// invited to choose another password.
///
/// # Errors
/// A database that cannot be written.
pub async fn prepare(store: &Store, email: &Email, name: &str, role: Role, now: Timestamp) -> Result<String> {
    match account::find(store, email).await? {
        Some(account) => Ok(account.id),
        None => account::add(store, New { email, name, role, password: &password::generated() }, now).await,
    }
}

/// The account that a link invites, as long as it works.
///
/// # Errors
/// A database that cannot be read.
pub async fn account(store: &Store, secret: &str, now: Timestamp) -> Result<Option<Account>> {
    let Some(id) = passes::holder(store, Purpose::Invitation, secret, now).await? else { return Ok(None) };
    let account = sqlx::query_as("select * from agents where id = $1 and disabled_at is null").bind(id);
    account.fetch_optional(store.readers()).await.context("cannot read an account")
}

/// Gives the account its password, after which the link works no more. Nothing where it does not work.
///
/// # Errors
/// A password that is unfit, a database that cannot be written.
pub async fn accept(store: &Store, secret: &str, password: &SecretString, now: Timestamp) -> Result<Option<Account>> {
    let Some(account) = account(store, secret, now).await? else { return Ok(None) };
    password::check(password)?;
    let mut transaction = store.writer().begin().await?;
    let redeemed = passes::redeem(&mut transaction, Purpose::Invitation, secret, now).await?;
    transaction.commit().await?;
    if redeemed.is_none() {
        return Ok(None);
    }
    account::set_password(store, &account.id, password, None).await?;
    Ok(Some(account))
}
