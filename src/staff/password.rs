//! Passwords: what is asked of them, how they are kept, how one is tried.

use std::sync::LazyLock;

use anyhow::{Context, Result, anyhow};
use argon2::password_hash::phc::PasswordHash;
use argon2::{ARGON2ID_IDENT, Argon2, Params, PasswordHasher, PasswordVerifier};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

/// Fewest characters of a password; nothing else is asked of it (NIST SP 800-63B, section 3.1.1).
pub const FEWEST: usize = 10;
/// Most bytes of a password: longer ones only cost time.
pub const MOST: usize = 512;

/// Trials at once: each takes 19 MiB and a core for some 20 ms.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// What is tried where there is no account, so that its absence takes as long as a wrong password.
static DECOY: LazyLock<String> =
    LazyLock::new(|| hash_now(&generated()).expect("a password of ours can be hashed with parameters of ours"));

/// What is wrong with a new password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("a password needs at least {FEWEST} characters")]
    TooShort,
    #[error("a password may have at most {MOST} bytes")]
    TooLong,
}

/// # Errors
/// A password that is too short or too long.
pub fn check(password: &SecretString) -> Result<(), Unfit> {
    let password = password.expose_secret();
    match password.chars().count() {
        few if few < FEWEST => Err(Unfit::TooShort),
        _ if password.len() > MOST => Err(Unfit::TooLong),
        _ => Ok(()),
    }
}

/// The hash to keep: a PHC string by argon2id, with the parameters that OWASP asks for (19 MiB, two passes, one lane).
///
/// # Errors
/// A system that gives no random salt or no memory.
pub async fn hash(password: &SecretString) -> Result<String> {
    let password = password.clone();
    aside(move || hash_now(&password)).await?
}

/// Is this the password? Without a hash there is none it could be, which takes as long to say.
///
/// # Errors
/// A kept hash that is none.
pub async fn verify(given: &SecretString, hash: Option<&str>) -> Result<bool> {
    if given.expose_secret().len() > MOST {
        return Ok(false);
    }
    let (given, hash) = (given.clone(), hash.map(str::to_owned));
    aside(move || {
        let right = matches(&given, hash.as_deref().unwrap_or(&DECOY))?;
        Ok(right && hash.is_some())
    })
    .await?
}

/// Was this hash made with other parameters than ours of today?
pub fn is_outdated(hash: &str) -> bool {
    let parsed = PasswordHash::new(hash).ok();
    let ours = |parsed: &PasswordHash| {
        parsed.algorithm == ARGON2ID_IDENT && Params::try_from(&parsed.params).is_ok_and(|used| used == Params::DEFAULT)
    };
    !parsed.as_ref().is_some_and(ours)
}

/// A strong password: 100 bits, in letters and digits that are not mistaken for one another.
pub fn generated() -> SecretString {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let letters = super::random::<20>().map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    letters.chunks(5).map(String::from_iter).collect::<Vec<_>>().join("-").into()
}

/// Does `work` where it holds up nobody, a few at a time: that bounds the memory.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let permit = AT_ONCE.acquire().await?;
    let done = tokio::task::spawn_blocking(move || {
        let done = work();
        // Held to the end of the work, also where nobody waits for it any more.
        drop(permit);
        done
    });
    Ok(done.await?)
}

fn hash_now(password: &SecretString) -> Result<String> {
    let hash = Argon2::default().hash_password(composed(password).expose_secret().as_bytes());
    Ok(hash.map_err(|cause| anyhow!("cannot hash a password: {cause}"))?.to_string())
}

fn matches(given: &SecretString, hash: &str) -> Result<bool> {
    let hash = PasswordHash::new(hash).map_err(|cause| anyhow!("{cause}")).context("a kept password hash is none")?;
    Ok(Argon2::default().verify_password(composed(given).expose_secret().as_bytes(), &hash).is_ok())
}

/// One form of what keyboards write in several (NFKC, as NIST SP 800-63B has it).
fn composed(password: &SecretString) -> SecretString {
    password.expose_secret().nfkc().collect::<String>().into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn length_is_all_that_is_asked_of_a_password() {
        let check = |password: &str, expect: Result<(), Unfit>| assert_eq!(super::check(&password.into()), expect);
        check("ten letters", Ok(()));
        check("ünïcödé à la", Ok(()));
        check("nine char", Err(Unfit::TooShort));
        check("ööööööööö", Err(Unfit::TooShort));
        check(&"x".repeat(MOST), Ok(()));
        check(&"x".repeat(MOST + 1), Err(Unfit::TooLong));
    }

    #[tokio::test]
    async fn only_the_whole_password_opens() {
        let hash = hash(&"correct horse".into()).await.unwrap();
        let check = async |given: &str, expect: bool| {
            assert_eq!(verify(&given.into(), Some(&hash)).await.unwrap(), expect, "{given:?}");
        };
        check("correct horse", true).await;
        check("correct hors", false).await;
        check("", false).await;
        check(&"x".repeat(MOST + 1), false).await;
        assert!(!verify(&"correct horse".into(), None).await.unwrap(), "no account has no password");
        assert!(verify(&"correct horse".into(), Some("nonsense")).await.is_err());
    }

    #[tokio::test]
    async fn a_letter_counts_however_the_keyboard_writes_it() {
        let hash = hash(&"schöne grüße".into()).await.unwrap();
        assert!(verify(&"scho\u{308}ne gru\u{308}ße".into(), Some(&hash)).await.unwrap());
    }

    #[test]
    fn weaker_parameters_are_outdated() {
        let weak =
            Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, Params::new(8192, 1, 1, None).unwrap());
        assert!(is_outdated(&weak.hash_password(b"correct horse").unwrap().to_string()));
        assert!(!is_outdated(&hash_now(&"correct horse".into()).unwrap()));
        assert!(is_outdated("nonsense"));
    }

    #[test]
    fn a_generated_password_is_long_and_never_the_same() {
        let (one, other) = (generated(), generated());
        assert_eq!(one.expose_secret().len(), 23);
        assert_ne!(one.expose_secret(), other.expose_secret());
        assert_eq!(check(&one), Ok(()));
    }
}
