//! Secrets that let somebody in for a while. The database holds their hashes.

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use sqlx::SqliteConnection;

use crate::store::Store;

/// What a secret is for; it opens nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A link by which an agent chooses a password.
    Invitation,
    /// A link by which a requester sees all requests.
    SignIn,
    /// What that requester's browser holds afterwards.
    Requester,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::SignIn => "sign_in",
            Self::Requester => "requester",
        }
    }

    /// How long such a secret works.
    pub fn lasts(self) -> SignedDuration {
        match self {
            Self::Invitation => SignedDuration::from_hours(7 * 24),
            Self::SignIn => SignedDuration::from_mins(15),
            Self::Requester => SignedDuration::from_hours(12),
        }
    }
}

/// Makes a secret for `holder`.
///
/// # Errors
/// A database that cannot be written.
pub async fn issue(
    transaction: &mut SqliteConnection,
    purpose: Purpose,
    holder: &str,
    now: Timestamp,
) -> Result<String> {
    let secret = uuid::Uuid::new_v4().simple().to_string();
    sqlx::query("insert into passes (hash, purpose, holder, expires_at) values ($1, $2, $3, $4)")
        .bind(hash(&secret))
        .bind(purpose.name())
        .bind(holder)
        .bind((now + purpose.lasts()).as_millisecond())
        .execute(transaction)
        .await
        .context("cannot keep a secret")?;
    Ok(secret)
}

/// Whose secret it is, as long as it works.
///
/// # Errors
/// A database that cannot be read.
pub async fn holder(store: &Store, purpose: Purpose, secret: &str, now: Timestamp) -> Result<Option<String>> {
    let holder = sqlx::query_scalar("select holder from passes where hash = $1 and purpose = $2 and expires_at > $3");
    let holder = holder.bind(hash(secret)).bind(purpose.name()).bind(now.as_millisecond());
    holder.fetch_optional(store.readers()).await.context("cannot look for a secret")
}

/// The same, and from now on it works no more.
///
/// # Errors
/// A database that cannot be written.
pub async fn redeem(
    transaction: &mut SqliteConnection,
    purpose: Purpose,
    secret: &str,
    now: Timestamp,
) -> Result<Option<String>> {
    let holder =
        sqlx::query_scalar("delete from passes where hash = $1 and purpose = $2 and expires_at > $3 returning holder");
    let holder = holder.bind(hash(secret)).bind(purpose.name()).bind(now.as_millisecond());
    holder.fetch_optional(transaction).await.context("cannot redeem a secret")
}

/// Forgets those that work no more.
///
/// # Errors
/// A database that cannot be written.
pub async fn forget(store: &Store, now: Timestamp) -> Result<()> {
    sqlx::query("delete from passes where expires_at <= $1")
        .bind(now.as_millisecond())
        .execute(store.writer())
        .await
        .context("cannot forget old secrets")?;
    Ok(())
}

fn hash(secret: &str) -> String {
    blake3::hash(secret.as_bytes()).to_hex().to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[tokio::test]
    async fn a_link_works_once_in_its_time_and_for_its_purpose() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).await.unwrap();
        let start = Timestamp::UNIX_EPOCH;
        let mut writer = store.writer().acquire().await.unwrap();
        let secret = issue(&mut writer, Purpose::SignIn, "ada@customer.example", start).await.unwrap();
        let at = |minutes: i64| start + SignedDuration::from_mins(minutes);
        let check = async |purpose, secret: &str, minutes, expect: bool| {
            let found = holder(&store, purpose, secret, at(minutes)).await.unwrap();
            assert_eq!(found.is_some(), expect, "{purpose:?} after {minutes} min");
        };
        check(Purpose::SignIn, &secret, 14, true).await;
        check(Purpose::SignIn, &secret, 15, false).await;
        check(Purpose::Requester, &secret, 0, false).await;
        check(Purpose::SignIn, "guess", 0, false).await;
        let found = redeem(&mut writer, Purpose::SignIn, &secret, at(1)).await.unwrap();
        assert_eq!(found.as_deref(), Some("ada@customer.example"));
        assert_eq!(redeem(&mut writer, Purpose::SignIn, &secret, at(1)).await.unwrap(), None);
        issue(&mut writer, Purpose::SignIn, "ada@customer.example", start).await.unwrap();
        drop(writer);
        forget(&store, at(15)).await.unwrap();
        let kept: i64 = sqlx::query_scalar("select count(*) from passes").fetch_one(store.readers()).await.unwrap();
        assert_eq!(kept, 0);
    }
}
