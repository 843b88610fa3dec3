//! Sessions: who is signed in, where, and for how long.

use anyhow::Result;
use jiff::{SignedDuration, Timestamp};
use sqlx::SqliteExecutor;
use uuid::Uuid;

use super::account::Account;
use crate::store::Store;

/// A session that is not used for so long ends.
pub const IDLE: SignedDuration = SignedDuration::from_hours(12);
/// An account's session ends then however much it is used.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Use is written down at most so often.
const TOUCH: SignedDuration = SignedDuration::from_mins(1);

/// Whose request it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: String,
    /// Absent: whoever gave the admin token.
    pub account: Option<Account>,
}

/// Where somebody signed in, as far as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    pub browser: Option<String>,
    pub network: Option<String>,
}

/// A session as its owner sees it in a list; times in milliseconds since 1970 UTC.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    pub id: String,
    pub browser: Option<String>,
    pub network: Option<String>,
    pub created_at: i64,
    pub seen_at: i64,
}

/// Starts a session, of an account or by the token, and gives the secret for its cookie.
///
/// # Errors
/// A database that cannot be written.
pub async fn open(store: &Store, account: Option<&str>, place: &Place, now: Timestamp) -> Result<String> {
    let secret = super::secret();
    let now_ms = now.as_millisecond();
    let mut tx = store.writer().begin().await?;
    sqlx::query("delete from staff_sessions where expires_at <= $1").bind(now_ms).execute(&mut *tx).await?;
    sqlx::query(
        "insert into staff_sessions (id, secret_hash, agent_id, created_at, seen_at, expires_at, browser, network)
         values ($1, $2, $3, $4, $4, $5, $6, $7)",
    )
    .bind(Uuid::now_v7().to_string())
    .bind(hash(&secret))
    .bind(account)
    .bind(now_ms)
    .bind(now_ms + milliseconds(IDLE))
    .bind(&place.browser)
    .bind(&place.network)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(secret)
}

/// The session this cookie's secret belongs to, if it still lasts; it lasts longer for being used.
///
/// # Errors
/// A database that cannot be read or written.
pub async fn find(store: &Store, secret: &str, now: Timestamp) -> Result<Option<Session>> {
    let found: Option<(String, Option<String>, i64, i64)> = sqlx::query_as(
        "select id, agent_id, created_at, seen_at from staff_sessions where secret_hash = $1 and expires_at > $2",
    )
    .bind(hash(secret))
    .bind(now.as_millisecond())
    .fetch_optional(store.readers())
    .await?;
    let Some((id, agent, created_at, seen_at)) = found else { return Ok(None) };
    let account = match &agent {
        Some(agent) => match usable(store, agent).await? {
            Some(account) => Some(account),
            None => return Ok(None),
        },
        None => None,
    };
    if now.as_millisecond() - seen_at >= milliseconds(TOUCH) {
        touch(store, &id, created_at, account.is_some(), now).await?;
    }
    Ok(Some(Session { id, account }))
}

/// Does the session of this id last? Asking is no use of it.
///
/// # Errors
/// A database that cannot be read.
pub async fn lasts(store: &Store, id: &str, now: Timestamp) -> Result<bool> {
    let lasts = sqlx::query_scalar("select exists (select 1 from staff_sessions where id = $1 and expires_at > $2)");
    Ok(lasts.bind(id).bind(now.as_millisecond()).fetch_one(store.readers()).await?)
}

async fn usable(store: &Store, agent: &str) -> Result<Option<Account>> {
    let account = sqlx::query_as("select * from agents where id = $1 and disabled_at is null");
    Ok(account.bind(agent).fetch_optional(store.readers()).await?)
}

/// Moves the end on. A session by the token keeps its first end: the token names nobody who could end it elsewhere.
async fn touch(store: &Store, id: &str, created_at: i64, of_account: bool, now: Timestamp) -> Result<()> {
    let last = created_at + milliseconds(if of_account { LONGEST } else { IDLE });
    let end = last.min(now.as_millisecond() + milliseconds(IDLE));
    let update = sqlx::query("update staff_sessions set seen_at = $2, expires_at = $3 where id = $1");
    update.bind(id).bind(now.as_millisecond()).bind(end).execute(store.writer()).await?;
    Ok(())
}

/// An account's sessions that last, the one used last first.
///
/// # Errors
/// A database that cannot be read.
pub async fn list(store: &Store, account: &str, now: Timestamp) -> Result<Vec<Row>> {
    let rows = sqlx::query_as(
        "select id, browser, network, created_at, seen_at from staff_sessions
         where agent_id = $1 and expires_at > $2 order by seen_at desc, id desc",
    );
    Ok(rows.bind(account).bind(now.as_millisecond()).fetch_all(store.readers()).await?)
}

/// Ends the session of this secret.
///
/// # Errors
/// A database that cannot be written.
pub async fn close(store: &Store, secret: &str) -> Result<()> {
    sqlx::query("delete from staff_sessions where secret_hash = $1").bind(hash(secret)).execute(store.writer()).await?;
    Ok(())
}

/// Ends one of an account's sessions; false when it has none of this id.
///
/// # Errors
/// A database that cannot be written.
pub async fn end(store: &Store, account: &str, id: &str) -> Result<bool> {
    let ended = sqlx::query("delete from staff_sessions where id = $1 and agent_id = $2");
    Ok(ended.bind(id).bind(account).execute(store.writer()).await?.rows_affected() == 1)
}

/// Ends all of an account's sessions, but `keep`, and says how many.
///
/// # Errors
/// A database that cannot be written.
pub async fn end_all(db: impl SqliteExecutor<'_>, account: &str, keep: Option<&str>) -> Result<u64> {
    let ended = sqlx::query("delete from staff_sessions where agent_id = $1 and id is not $2");
    Ok(ended.bind(account).bind(keep).execute(db).await?.rows_affected())
}

fn milliseconds(duration: SignedDuration) -> i64 {
    duration.as_secs() * 1000
}

/// The secret is random, so a plain hash keeps it as well as a slow one.
fn hash(secret: &str) -> String {
    blake3::hash(secret.as_bytes()).to_hex().to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::staff::account::{self, New, Role};
    use crate::store;

    const HOUR: i64 = 3600;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    async fn with_account() -> (tempfile::TempDir, Store, String) {
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(folder.path()).await.unwrap();
        let email = "ada@example.com".parse().unwrap();
        let new = New { email: &email, name: "Ada", role: Role::Agent, password: &"correct horse".into() };
        let id = account::add(&store, new, at(0)).await.unwrap();
        (folder, store, id)
    }

    async fn lasts(store: &Store, secret: &str, second: i64) -> bool {
        find(store, secret, at(second)).await.unwrap().is_some()
    }

    #[tokio::test]
    async fn a_session_that_is_used_lasts_a_week_at_most() {
        let (_folder, store, id) = with_account().await;
        let secret = open(&store, Some(&id), &Place::default(), at(0)).await.unwrap();
        for hour in (0..7 * 24).step_by(11) {
            assert!(lasts(&store, &secret, hour * HOUR).await, "hour {hour}");
        }
        assert!(lasts(&store, &secret, 7 * 24 * HOUR - 1).await);
        assert!(!lasts(&store, &secret, 7 * 24 * HOUR).await);
    }

    #[tokio::test]
    async fn a_session_that_is_not_used_ends_after_twelve_hours() {
        let (_folder, store, id) = with_account().await;
        let secret = open(&store, Some(&id), &Place::default(), at(0)).await.unwrap();
        assert!(!lasts(&store, &secret, 12 * HOUR).await);
        assert!(!lasts(&store, "guess", 1).await);
        assert!(lasts(&store, &secret, 12 * HOUR - 1).await);
        close(&store, &secret).await.unwrap();
        assert!(!lasts(&store, &secret, 1).await);
    }

    #[tokio::test]
    async fn a_session_by_the_token_ends_after_twelve_hours_however_it_is_used() {
        let (_folder, store, _) = with_account().await;
        let secret = open(&store, None, &Place::default(), at(0)).await.unwrap();
        assert_eq!(find(&store, &secret, at(11 * HOUR)).await.unwrap().unwrap().account, None);
        assert!(!lasts(&store, &secret, 12 * HOUR).await);
    }

    #[tokio::test]
    async fn sessions_are_ended_one_by_one_or_all() {
        let (_folder, store, id) = with_account().await;
        let place = Place { browser: Some("Firefox, Linux".into()), network: Some("192.0.2.0/24".into()) };
        for second in [1, 2, 3, 4] {
            open(&store, Some(&id), &place, at(second)).await.unwrap();
        }
        let rows = list(&store, &id, at(5)).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.created_at).collect::<Vec<_>>(), [4000, 3000, 2000, 1000]);
        assert_eq!(rows[0].browser.as_deref(), Some("Firefox, Linux"));
        assert!(!end(&store, "another account", &rows[0].id).await.unwrap());
        assert!(end(&store, &id, &rows[0].id).await.unwrap());
        assert_eq!(end_all(store.writer(), &id, Some(&rows[1].id)).await.unwrap(), 2);
        assert_eq!(list(&store, &id, at(5)).await.unwrap(), [rows[1].clone()]);
        assert_eq!(end_all(store.writer(), &id, None).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn another_password_and_being_disabled_end_sessions() {
        let (_folder, store, id) = with_account().await;
        let secret = open(&store, Some(&id), &Place::default(), at(0)).await.unwrap();
        let kept = find(&store, &secret, at(1)).await.unwrap().unwrap().id;
        let other = open(&store, Some(&id), &Place::default(), at(0)).await.unwrap();
        account::set_password(&store, &id, &"another horse".into(), Some(&kept)).await.unwrap();
        assert!(lasts(&store, &secret, 1).await && !lasts(&store, &other, 1).await);
        account::set_disabled(&store, &id, Some(at(1))).await.unwrap();
        assert!(!lasts(&store, &secret, 1).await);
        account::set_disabled(&store, &id, None).await.unwrap();
        assert!(!lasts(&store, &secret, 1).await, "enabling brings no session back");
    }
}
