//! Staff: who may see `/admin`. One token for now, given once, then a session that can be revoked.

use std::net::IpAddr;
use std::num::NonZeroU32;

use anyhow::Result;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::store::Store;

/// `[admin]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Whoever has it may see `/admin`. Without one there is no `/admin`.
    pub token: Option<SecretString>,
}

/// How long a session lasts, in seconds.
pub const SESSION_SECONDS: i64 = 12 * 3600;

/// Attempts an address may make in a minute.
const ATTEMPTS: NonZeroU32 = NonZeroU32::new(5).expect("five is not zero");

/// Keeps guessing slow: a few attempts a minute for each address.
pub struct Throttle(DefaultKeyedRateLimiter<IpAddr>);

impl Default for Throttle {
    fn default() -> Self {
        Self(RateLimiter::keyed(Quota::per_minute(ATTEMPTS)))
    }
}

impl Throttle {
    /// Counts one attempt; false when the address has had its share for now.
    pub fn allow(&self, address: IpAddr) -> bool {
        self.0.check_key(&address).is_ok()
    }

    /// Forgets addresses that were quiet for a while.
    pub fn forget(&self) {
        self.0.retain_recent();
    }
}

/// Is `given` the token? Takes as long for a wrong one as for the right one.
pub fn is_token(settings: &Settings, given: &str) -> bool {
    let Some(token) = &settings.token else { return false };
    // Hashes are of one length, so not even the token's length shows.
    Sha256::digest(token.expose_secret()).ct_eq(&Sha256::digest(given)).into()
}

/// Starts a session and gives the secret for its cookie.
///
/// # Errors
/// A database that cannot be written.
pub async fn open_session(store: &Store, now: Timestamp) -> Result<String> {
    let secret = format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple());
    sqlx::query("delete from staff_sessions where expires_at <= $1")
        .bind(now.as_millisecond())
        .execute(store.writer())
        .await?;
    sqlx::query("insert into staff_sessions (secret_hash, created_at, expires_at) values ($1, $2, $3)")
        .bind(hash(&secret))
        .bind(now.as_millisecond())
        .bind(now.as_millisecond() + SESSION_SECONDS * 1000)
        .execute(store.writer())
        .await?;
    Ok(secret)
}

/// Does this cookie's secret belong to a session that still lasts?
///
/// # Errors
/// A database that cannot be read.
pub async fn has_session(store: &Store, secret: &str, now: Timestamp) -> Result<bool> {
    let lasting =
        sqlx::query_scalar::<_, i64>("select count(*) from staff_sessions where secret_hash = $1 and expires_at > $2")
            .bind(hash(secret))
            .bind(now.as_millisecond())
            .fetch_one(store.readers())
            .await?;
    Ok(lasting == 1)
}

/// Ends a session.
///
/// # Errors
/// A database that cannot be written.
pub async fn close_session(store: &Store, secret: &str) -> Result<()> {
    sqlx::query("delete from staff_sessions where secret_hash = $1").bind(hash(secret)).execute(store.writer()).await?;
    Ok(())
}

fn hash(secret: &str) -> String {
    blake3::hash(secret.as_bytes()).to_hex().to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn only_the_whole_token_counts() {
        let settings = Settings { token: Some("correct horse battery staple".into()) };
        let check = |given: &str, expect: bool| assert_eq!(is_token(&settings, given), expect, "{given:?}");
        check("correct horse battery staple", true);
        check("correct horse battery stapl", false);
        check("", false);
        assert!(!is_token(&Settings::default(), ""), "without a token nobody is let in");
    }

    #[test]
    fn guessing_is_slow_and_does_not_hinder_others() {
        let throttle = Throttle::default();
        let (one, other) = ([127, 0, 0, 1].into(), [127, 0, 0, 2].into());
        assert!((0..5).all(|_| throttle.allow(one)));
        assert!(!throttle.allow(one));
        assert!(throttle.allow(other));
    }

    #[tokio::test]
    async fn a_session_lasts_until_it_expires_or_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).await.unwrap();
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        let secret = open_session(&store, at(0)).await.unwrap();
        assert!(has_session(&store, &secret, at(SESSION_SECONDS - 1)).await.unwrap());
        assert!(!has_session(&store, &secret, at(SESSION_SECONDS)).await.unwrap());
        assert!(!has_session(&store, "guess", at(1)).await.unwrap());
        close_session(&store, &secret).await.unwrap();
        assert!(!has_session(&store, &secret, at(1)).await.unwrap());
    }
}
