//! Accounts: who may sign in, and as what.

use std::fmt;
use std::str::FromStr;

use anyhow::{Result, bail, ensure};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::Serialize;
use uuid::Uuid;

use super::{password, session};
use crate::store::Store;

/// Most bytes of an e-mail address (RFC 5321, section 4.5.3.1.3) and of a name.
const MOST: usize = 254;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, sqlx::Type, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
#[sqlx(rename_all = "lowercase")]
pub enum Role {
    /// Helps readers: `/agent`.
    Agent,
    /// Looks after the site as well: `/agent` and `/admin`.
    Admin,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Agent => "agent",
            Self::Admin => "admin",
        })
    }
}

/// An account, without what proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Account {
    /// UUIDv7.
    pub id: String,
    pub email: Email,
    pub name: String,
    pub role: Role,
    /// BCP 47 tag of the interface; without it the site's.
    pub locale: Option<String>,
    /// Milliseconds since 1970 UTC, like every time here.
    pub created_at: i64,
    pub disabled_at: Option<i64>,
    /// They say since then that they are not there.
    pub away_at: Option<i64>,
}

/// An e-mail address in the one form in which accounts are compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, sqlx::Type)]
#[sqlx(transparent)]
pub struct Email(String);

impl Email {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Email {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let folded = text.trim().to_lowercase();
        let whole = folded.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
        let clean = !folded.chars().any(|letter| letter.is_whitespace() || letter.is_control());
        ensure!(whole && clean && folded.len() <= MOST, "{text:?} is no e-mail address; write name@example.com");
        Ok(Self(folded))
    }
}

/// What an account is made of.
pub struct New<'n> {
    pub email: &'n Email,
    pub name: &'n str,
    pub role: Role,
    pub password: &'n SecretString,
}

/// Makes an account and gives its id.
///
/// # Errors
/// An e-mail address that has an account, a password that is unfit, a database that cannot be written.
pub async fn add(store: &Store, New { email, name, role, password }: New<'_>, now: Timestamp) -> Result<String> {
    let name = checked_name(name)?;
    password::check(password)?;
    let id = Uuid::now_v7().to_string();
    let added = sqlx::query(
        "insert into agents (id, email, name, role, password_hash, created_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (email) do nothing",
    )
    .bind(&id)
    .bind(email)
    .bind(name)
    .bind(role)
    .bind(password::hash(password).await?)
    .bind(now.as_millisecond())
    .execute(store.writer())
    .await?;
    if added.rows_affected() == 0 {
        bail!("{email} has an account already; see `signpost user list`, or give it another password");
    }
    Ok(id)
}

/// The name as it is kept.
///
/// # Errors
/// A name without letters, too long a one.
pub fn checked_name(name: &str) -> Result<&str> {
    let name = name.trim();
    let fit = !name.is_empty() && name.len() <= MOST && !name.chars().any(char::is_control);
    ensure!(fit, "{name:?} is no name; write one of 1 to {MOST} bytes on one line");
    Ok(name)
}

/// Every account, by name.
///
/// # Errors
/// A database that cannot be read.
pub async fn list(store: &Store) -> Result<Vec<Account>> {
    Ok(sqlx::query_as("select * from agents order by name, email").fetch_all(store.readers()).await?)
}

/// # Errors
/// A database that cannot be read.
pub async fn find(store: &Store, email: &Email) -> Result<Option<Account>> {
    Ok(sqlx::query_as("select * from agents where email = $1").bind(email).fetch_optional(store.readers()).await?)
}

/// Is there any account that may be used?
///
/// # Errors
/// A database that cannot be read.
pub async fn any(store: &Store) -> Result<bool> {
    let any = sqlx::query_scalar("select exists (select 1 from agents where disabled_at is null)");
    Ok(any.fetch_one(store.readers()).await?)
}

/// The hash of an account's password; nothing where the account is disabled.
pub(super) async fn hash_of(store: &Store, id: &str) -> Result<Option<String>> {
    let hash = sqlx::query_scalar("select password_hash from agents where id = $1 and disabled_at is null");
    Ok(hash.bind(id).fetch_optional(store.readers()).await?)
}

/// Gives the account another password and ends its sessions, but `keep`.
///
/// # Errors
/// A password that is unfit, a database that cannot be written.
pub async fn set_password(store: &Store, id: &str, password: &SecretString, keep: Option<&str>) -> Result<()> {
    password::check(password)?;
    let hash = password::hash(password).await?;
    let mut tx = store.writer().begin().await?;
    sqlx::query("update agents set password_hash = $2 where id = $1").bind(id).bind(hash).execute(&mut *tx).await?;
    session::end_all(&mut *tx, id, keep).await?;
    Ok(tx.commit().await?)
}

/// Keeps the same password's hash by today's parameters.
pub(super) async fn rehash(store: &Store, id: &str, password: &SecretString) -> Result<String> {
    let hash = password::hash(password).await?;
    let update = sqlx::query("update agents set password_hash = $2 where id = $1").bind(id).bind(&hash);
    update.execute(store.writer()).await?;
    Ok(hash)
}

/// Disables the account, which ends its sessions, or enables it.
///
/// # Errors
/// A database that cannot be written.
pub async fn set_disabled(store: &Store, id: &str, disabled_at: Option<Timestamp>) -> Result<()> {
    let mut tx = store.writer().begin().await?;
    let update = sqlx::query("update agents set disabled_at = $2 where id = $1").bind(id);
    update.bind(disabled_at.map(Timestamp::as_millisecond)).execute(&mut *tx).await?;
    if disabled_at.is_some() {
        session::end_all(&mut *tx, id, None).await?;
    }
    Ok(tx.commit().await?)
}

/// Whoever has the account says that they are away, or back.
///
/// # Errors
/// A database that cannot be written.
pub async fn set_away(store: &Store, id: &str, away_at: Option<Timestamp>) -> Result<()> {
    // Who is away already is away since then.
    let update =
        "update agents set away_at = case when $2 is null then null else coalesce(away_at, $2) end where id = $1";
    let update = sqlx::query(update).bind(id).bind(away_at.map(Timestamp::as_millisecond));
    update.execute(store.writer()).await?;
    Ok(())
}

/// What whoever has the account says of themselves.
///
/// # Errors
/// A database that cannot be written.
pub async fn set_profile(store: &Store, id: &str, name: &str, locale: Option<&str>) -> Result<()> {
    let update = sqlx::query("update agents set name = $2, locale = $3 where id = $1").bind(id);
    update.bind(checked_name(name)?).bind(locale).execute(store.writer()).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_address_is_compared_in_one_form() {
        let check = |text: &str, expect: Option<&str>| {
            assert_eq!(text.parse::<Email>().ok().as_ref().map(Email::as_str), expect, "{text:?}");
        };
        check(" Ada@Example.COM ", Some("ada@example.com"));
        check("ÄDA@example.com", Some("äda@example.com"));
        check("ada", None);
        check("@example.com", None);
        check("ada@", None);
        check("ada @example.com", None);
        check(&format!("{}@example.com", "a".repeat(300)), None);
    }

    #[tokio::test]
    async fn an_address_has_one_account() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).await.unwrap();
        let email: Email = "ada@example.com".parse().unwrap();
        let add = async |email: &Email, name: &str, password: &str| {
            let new = New { email, name, role: Role::Agent, password: &password.into() };
            add(&store, new, Timestamp::UNIX_EPOCH).await.map_err(|error| error.to_string())
        };
        assert!(!any(&store).await.unwrap());
        add(&email, "Ada", "correct horse").await.unwrap();
        assert!(add(&email, "Eve", "another horse").await.unwrap_err().contains("has an account already"));
        let other = "eve@example.com".parse().unwrap();
        assert!(add(&other, "  ", "another horse").await.unwrap_err().contains("is no name"));
        assert!(add(&other, "Eve", "short").await.unwrap_err().contains("at least 10"));
        assert_eq!(list(&store).await.unwrap().len(), 1);
        assert_eq!(find(&store, &email).await.unwrap().unwrap().name, "Ada");
        assert!(any(&store).await.unwrap());
    }
}
