//! Tokens a host signs for its readers: JWT (RFC 7519) with HS256 (RFC 7515), living an hour at most.

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::Audience;

/// Longest a token may live from now; a leaked one is soon worthless.
const LONGEST: i64 = 3600;
/// How far the clocks of host and help center may differ, in seconds.
const LEEWAY: i64 = 60;
/// Longer tokens are refused unread.
const LONGEST_TOKEN: usize = 4096;

#[derive(Debug, Deserialize)]
pub(super) struct Claims {
    pub sub: String,
    pub exp: i64,
    #[serde(default)]
    pub nbf: Option<i64>,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub plan: Option<String>,
    #[serde(default)]
    pub audiences: Audience,
}

/// Why a token was refused. Says nothing about the secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("this help center accepts no tokens; set identity.secrets")]
    NoSecrets,
    #[error("the token is not a JWT signed with HS256 by a secret of identity.secrets, with `sub` and `exp`")]
    NotSigned,
    #[error("the token has expired; sign a new one")]
    Expired,
    #[error("the token is not valid yet; check the clock of the host")]
    NotYetValid,
    #[error("the token lives longer than an hour; sign it with `exp` at most 3600 seconds ahead")]
    LivesTooLong,
}

/// The claims of `token`, once its signature and times hold.
pub(super) fn verify(token: &str, secrets: &[SecretString], now: jiff::Timestamp) -> Result<Claims, Refusal> {
    if secrets.is_empty() {
        return Err(Refusal::NoSecrets);
    }
    let claims = signed_claims(token, secrets).ok_or(Refusal::NotSigned)?;
    let now = now.as_second();
    match claims {
        Claims { exp, .. } if exp <= now - LEEWAY => Err(Refusal::Expired),
        Claims { exp, .. } if exp > now + LONGEST + LEEWAY => Err(Refusal::LivesTooLong),
        Claims { nbf: Some(nbf), .. } if nbf > now + LEEWAY => Err(Refusal::NotYetValid),
        claims => Ok(claims),
    }
}

/// Times are judged by the caller's clock, so the library is told to leave them alone.
fn signed_claims(token: &str, secrets: &[SecretString]) -> Option<Claims> {
    if token.len() > LONGEST_TOKEN {
        return None;
    }
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    secrets.iter().find_map(|secret| {
        let key = DecodingKey::from_secret(secret.expose_secret().as_bytes());
        decode::<Claims>(token, &key, &validation).ok().map(|token| token.claims)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use jsonwebtoken::{EncodingKey, Header, encode};
    use serde_json::{Value, json};

    use super::*;

    const OLD: &str = "an-old-secret-of-at-least-32-bytes!!";
    const NEW: &str = "a-new-secret-of-at-least-32-bytes!!!";
    const NOW: i64 = 1_800_000_000;

    fn sign(algorithm: Algorithm, secret: &str, claims: &Value) -> String {
        encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
    }

    fn check(token: &str, expect: Result<&str, Refusal>) {
        let secrets = [OLD.into(), NEW.into()];
        let now = jiff::Timestamp::from_second(NOW).unwrap();
        assert_eq!(verify(token, &secrets, now).map(|claims| claims.sub), expect.map(str::to_owned));
    }

    #[test]
    fn both_secrets_of_a_rotation_are_accepted() {
        let claims = json!({"sub": "u1", "exp": NOW + 600, "audiences": ["staff"]});
        check(&sign(Algorithm::HS256, OLD, &claims), Ok("u1"));
        check(&sign(Algorithm::HS256, NEW, &claims), Ok("u1"));
        check(&sign(Algorithm::HS256, "another-secret-of-at-least-32-bytes", &claims), Err(Refusal::NotSigned));
    }

    #[test]
    fn only_hs256_counts() {
        let claims = json!({"sub": "u1", "exp": NOW + 600});
        check(&sign(Algorithm::HS512, NEW, &claims), Err(Refusal::NotSigned));
        // {"alg":"none"}.{"sub":"u1","exp":1800000600}. without a signature
        check("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1MSIsImV4cCI6MTgwMDAwMDYwMH0.", Err(Refusal::NotSigned));
        check("not a token", Err(Refusal::NotSigned));
    }

    #[test]
    fn times_are_judged_by_our_clock() {
        let at = |exp: i64, nbf: i64| sign(Algorithm::HS256, NEW, &json!({"sub": "u1", "exp": exp, "nbf": nbf}));
        check(&at(NOW - 61, NOW - 600), Err(Refusal::Expired));
        check(&at(NOW - 30, NOW - 600), Ok("u1"));
        check(&at(NOW + 600, NOW + 120), Err(Refusal::NotYetValid));
        check(&at(NOW + 3600, NOW), Ok("u1"));
        check(&at(NOW + 7200, NOW), Err(Refusal::LivesTooLong));
    }

    #[test]
    fn a_subject_and_an_end_are_needed() {
        check(&sign(Algorithm::HS256, NEW, &json!({"exp": NOW + 600})), Err(Refusal::NotSigned));
        check(&sign(Algorithm::HS256, NEW, &json!({"sub": "u1"})), Err(Refusal::NotSigned));
    }
}
