//! Staff: who may see `/agent` and `/admin`.
//!
//! Agents and admins have accounts of this help center, made by `signpost user add`; [`sign_in`] turns e-mail address
//! and password into a session. The admin token opens `/admin` as well, for whoever starts a site or has lost the way
//! in. A session's cookie holds a random secret, the database its hash; ending a session is deleting its row.

pub mod account;
pub mod invitation;
pub mod password;
pub mod place;
pub mod session;
mod throttle;

use std::net::IpAddr;

use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::store::Store;
use account::{Account, Email};
use session::Place;

pub use throttle::Throttle;

/// `[admin]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Whoever has it may see `/admin`.
    pub token: Option<SecretString>,
}

/// Is `given` the token? Takes as long for a wrong one as for the right one.
pub fn is_token(settings: &Settings, given: &str) -> bool {
    let Some(token) = &settings.token else { return false };
    // Hashes are of one length, so not even the token's length shows.
    Sha256::digest(token.expose_secret()).ct_eq(&Sha256::digest(given)).into()
}

/// Somebody at the sign-in.
pub struct Attempt<'a> {
    pub email: &'a str,
    pub password: &'a SecretString,
    pub address: IpAddr,
    pub place: Place,
    /// What the browser was given when it signed in before: [`SignedIn::mark`].
    pub mark: Option<&'a str>,
}

/// What came of an attempt.
#[derive(Debug)]
pub enum Outcome {
    SignedIn(SignedIn),
    /// No such account, a wrong password, or a disabled account: which of them is not told.
    Refused,
    TooMany,
}

#[derive(Debug)]
pub struct SignedIn {
    pub account: Account,
    /// Secret of the session, for its cookie.
    pub secret: String,
    /// Tells next time that this browser signed in before, for a cookie. It opens nothing: it only counts the attempt
    /// apart from strangers' ones, who else could lock the owner out.
    pub mark: String,
}

/// Opens a session for whoever gives an account's password.
///
/// # Errors
/// A database that cannot be read or written.
pub async fn sign_in(store: &Store, throttle: &Throttle, attempt: Attempt<'_>, now: Timestamp) -> Result<Outcome> {
    let email = attempt.email.parse::<Email>().ok();
    let found = match &email {
        Some(email) => account::find(store, email).await?,
        None => None,
    };
    let hash = match &found {
        Some(account) => account::hash_of(store, &account.id).await?,
        None => None,
    };
    let known = hash.as_deref().is_some_and(|hash| attempt.mark.is_some_and(|mark| is_mark(mark, hash)));
    let counted = email.as_ref().map_or(attempt.email, Email::as_str);
    if !throttle.allow_account(attempt.address, counted, known) {
        return Ok(Outcome::TooMany);
    }
    let right = password::verify(attempt.password, hash.as_deref()).await?;
    let (Some(account), Some(hash), true) = (found, hash, right) else { return Ok(Outcome::Refused) };
    let hash = match password::is_outdated(&hash) {
        true => account::rehash(store, &account.id, attempt.password).await?,
        false => hash,
    };
    let secret = session::open(store, Some(&account.id), &attempt.place, now).await?;
    Ok(Outcome::SignedIn(SignedIn { account, secret, mark: mark(&hash) }))
}

/// Changes an account's password for whoever gives the present one; ends its sessions but `keep`. False when the
/// present one is wrong.
///
/// # Errors
/// A new password that is unfit, a database that cannot be read or written.
pub async fn change_password(
    store: &Store,
    account: &str,
    keep: &str,
    present: &SecretString,
    new: &SecretString,
) -> Result<bool> {
    let hash = account::hash_of(store, account).await?;
    let right = password::verify(present, hash.as_deref()).await?;
    if right {
        account::set_password(store, account, new, Some(keep)).await?;
    }
    Ok(right)
}

/// Made of the kept hash, which nobody outside knows; another password makes another mark.
fn mark(hash: &str) -> String {
    URL_SAFE_NO_PAD.encode(blake3::derive_key("Signpost 2026-11-21 a browser that signed in before", hash.as_bytes()))
}

fn is_mark(given: &str, hash: &str) -> bool {
    mark(hash).as_bytes().ct_eq(given.as_bytes()).into()
}

/// 256 bits nobody can guess, as text for a cookie.
fn secret() -> String {
    URL_SAFE_NO_PAD.encode(random::<32>())
}

/// Bytes of the system's generator.
fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("a system without randomness can keep no secret");
    bytes
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::staff::account::{New, Role};

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
    fn a_secret_has_256_bits_and_is_never_the_same() {
        assert_eq!(URL_SAFE_NO_PAD.decode(secret()).unwrap().len(), 32);
        assert_ne!(secret(), secret());
    }

    struct Desk {
        _folder: tempfile::TempDir,
        store: Store,
        throttle: Throttle,
        id: String,
    }

    async fn desk() -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).await.unwrap();
        let email = "ada@example.com".parse().unwrap();
        let new = New { email: &email, name: "Ada", role: Role::Admin, password: &"correct horse".into() };
        let id = account::add(&store, new, Timestamp::UNIX_EPOCH).await.unwrap();
        Desk { _folder: folder, store, throttle: Throttle::default(), id }
    }

    async fn attempt(desk: &Desk, email: &str, password: &str, mark: Option<&str>) -> Outcome {
        let password = &password.into();
        let address = [192, 0, 2, 1].into();
        let attempt = Attempt { email, password, address, place: Place::default(), mark };
        sign_in(&desk.store, &desk.throttle, attempt, Timestamp::UNIX_EPOCH).await.unwrap()
    }

    #[tokio::test]
    async fn address_and_password_open_a_session() {
        let desk = desk().await;
        let check = async |email: &str, password: &str, expect: bool| {
            let outcome = attempt(&desk, email, password, None).await;
            assert_eq!(matches!(outcome, Outcome::SignedIn(_)), expect, "{email:?} {password:?}");
        };
        check("ada@example.com", "correct horse", true).await;
        check(" ADA@example.com", "correct horse", true).await;
        check("ada@example.com", "Correct horse", false).await;
        check("eve@example.com", "correct horse", false).await;
        check("", "", false).await;
        account::set_disabled(&desk.store, &desk.id, Some(Timestamp::UNIX_EPOCH)).await.unwrap();
        check("ada@example.com", "correct horse", false).await;
    }

    #[tokio::test]
    async fn strangers_cannot_lock_out_a_browser_that_was_here_before() {
        let desk = desk().await;
        let Outcome::SignedIn(SignedIn { mark, .. }) = attempt(&desk, "ada@example.com", "correct horse", None).await
        else {
            panic!("the password is right")
        };
        for _ in 0..9 {
            assert!(matches!(attempt(&desk, "ada@example.com", "guess", None).await, Outcome::Refused));
        }
        assert!(matches!(attempt(&desk, "ada@example.com", "correct horse", None).await, Outcome::TooMany));
        let forged = attempt(&desk, "ada@example.com", "correct horse", Some("forged")).await;
        assert!(matches!(forged, Outcome::TooMany));
        let owner = attempt(&desk, "ada@example.com", "correct horse", Some(&mark)).await;
        assert!(matches!(owner, Outcome::SignedIn(_)));
    }

    #[tokio::test]
    async fn a_hash_by_old_parameters_is_made_anew() {
        let desk = desk().await;
        let weak = argon2::Params::new(8192, 1, 1, None).unwrap();
        let weak = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, weak);
        let weak = argon2::PasswordHasher::hash_password(&weak, b"correct horse").unwrap().to_string();
        let update = sqlx::query("update agents set password_hash = $1").bind(&weak);
        update.execute(desk.store.writer()).await.unwrap();
        assert!(matches!(attempt(&desk, "ada@example.com", "wrong", None).await, Outcome::Refused));
        assert_eq!(account::hash_of(&desk.store, &desk.id).await.unwrap().as_ref(), Some(&weak));
        let outcome = attempt(&desk, "ada@example.com", "correct horse", None).await;
        assert!(matches!(outcome, Outcome::SignedIn(_)));
        assert!(!password::is_outdated(&account::hash_of(&desk.store, &desk.id).await.unwrap().unwrap()));
    }

    #[tokio::test]
    async fn whoever_knows_the_present_password_may_change_it() {
        let desk = desk().await;
        let change = async |present: &str, new: &str| {
            change_password(&desk.store, &desk.id, "none", &present.into(), &new.into()).await
        };
        assert!(!change("wrong", "another horse").await.unwrap());
        assert!(change("correct horse", "short").await.is_err());
        assert!(change("correct horse", "another horse").await.unwrap());
        let outcome = attempt(&desk, "ada@example.com", "correct horse", None).await;
        assert!(matches!(outcome, Outcome::Refused));
    }
}
