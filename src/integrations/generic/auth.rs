//! How a connector proves who it is.

use std::sync::Mutex;
use std::time::Duration;

use anyhow::{Result, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use reqwest::header::AUTHORIZATION;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::Sha256;
use url::form_urlencoded::Serializer;

use super::header;
use crate::integrations::Failure;
use crate::integrations::http::{self, Caller, RETRIED, Request};

#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Auth {
    /// A key in a header of its own.
    Header { name: String, key: SecretString },
    /// RFC 6750.
    Bearer { token: SecretString },
    /// RFC 7617.
    Basic {
        #[serde(default = "empty")]
        user: SecretString,
        #[serde(default = "empty")]
        password: SecretString,
    },
    /// Client credentials, RFC 6749 section 4.4.
    Oauth2 { token_url: String, client_id: String, client_secret: SecretString, scope: Option<String> },
    /// HMAC-SHA256 of the body, in a header.
    Hmac {
        header: String,
        secret: SecretString,
        #[serde(default)]
        encoding: Encoding,
        /// What stands before the signature: `sha256=`.
        #[serde(default)]
        prefix: String,
    },
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    #[default]
    Hex,
    Base64,
}

/// The token of the moment.
#[derive(Debug, Default)]
pub struct Token(Mutex<Option<Kept>>);

#[derive(Debug, Clone)]
struct Kept {
    token: SecretString,
    since: Timestamp,
    /// When another is asked for.
    until: Timestamp,
}

/// What a token endpoint answers, RFC 6749 section 5.1.
#[derive(Deserialize)]
struct Granted {
    access_token: SecretString,
    #[serde(default = "hour")]
    expires_in: i64,
}

fn empty() -> SecretString {
    SecretString::default()
}

fn hour() -> i64 {
    3600
}

/// A token is replaced so long before its end, so that none ends on its way.
const AHEAD: SignedDuration = SignedDuration::from_secs(60);

impl Auth {
    /// # Errors
    /// What can never work.
    pub fn check(&self) -> Result<()> {
        match self {
            Self::Oauth2 { token_url, .. } => http::base(token_url).map(drop),
            Self::Header { name, .. } | Self::Hmac { header: name, .. } => {
                ensure!(header(name).is_ok(), "{name:?} is no name of a header");
                Ok(())
            }
            Self::Bearer { .. } | Self::Basic { .. } => Ok(()),
        }
    }

    pub fn secrets(&self) -> Vec<SecretString> {
        match self {
            Self::Basic { user, password } => vec![user.clone(), password.clone()],
            Self::Header { key: secret, .. }
            | Self::Bearer { token: secret }
            | Self::Oauth2 { client_secret: secret, .. }
            | Self::Hmac { secret, .. } => vec![secret.clone()],
        }
    }

    /// Adds what needs nobody else.
    ///
    /// # Errors
    /// A secret that no header can hold.
    pub fn sign(&self, request: &mut Request) -> Result<(), Failure> {
        match self {
            Self::Header { name, key } => request.header(header(name)?, key.expose_secret(), true),
            Self::Bearer { token } => bearer(request, token),
            Self::Basic { user, password } => {
                let both = BASE64_STANDARD.encode(format!("{}:{}", user.expose_secret(), password.expose_secret()));
                request.header(AUTHORIZATION, &format!("Basic {both}"), true)
            }
            Self::Hmac { header: name, secret, encoding, prefix } => {
                let mac = mac(secret.expose_secret().as_bytes(), &request.body);
                let signature = match encoding {
                    Encoding::Hex => hex(&mac),
                    Encoding::Base64 => BASE64_STANDARD.encode(mac),
                };
                request.header(header(name)?, &format!("{prefix}{signature}"), true)
            }
            // Put in place of it when it is known.
            Self::Oauth2 { .. } => bearer(request, &http::MASK.into()),
        }
    }

    /// Adds a token, after asking for one where there is none that lasts.
    ///
    /// # Errors
    /// A token that was not given.
    pub async fn authorise(
        &self,
        token: &Token,
        caller: &Caller,
        request: &mut Request,
        timeout: Duration,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let Self::Oauth2 { token_url, client_id, client_secret, scope } = self else { return Ok(()) };
        let current = match token.current(now) {
            Some(current) => current,
            None => {
                let asking = token_request(token_url, client_id, client_secret, scope.as_deref())?;
                let granted = ask(caller, &asking, timeout, now).await.map_err(not_sent)?;
                let until = now + SignedDuration::from_secs(granted.expires_in.clamp(0, 86_400)) - AHEAD;
                token.keep(granted.access_token, now, until)
            }
        };
        request.secrets.push(current.clone());
        bearer(request, &current)
    }
}

impl Token {
    fn current(&self, now: Timestamp) -> Option<SecretString> {
        let token = self.0.lock().expect("nothing panics while it is held");
        token.as_ref().filter(|kept| now < kept.until).map(|kept| kept.token.clone())
    }

    fn keep(&self, token: SecretString, since: Timestamp, until: Timestamp) -> SecretString {
        *self.0.lock().expect("nothing panics while it is held") = Some(Kept { token: token.clone(), since, until });
        token
    }

    /// Forgets a token that was refused. True when it was taken before: another one may be, too.
    pub fn forget(&self, now: Timestamp) -> bool {
        let refused = self.0.lock().expect("nothing panics while it is held").take();
        refused.is_some_and(|kept| kept.since < now)
    }
}

fn bearer(request: &mut Request, token: &SecretString) -> Result<(), Failure> {
    request.header(AUTHORIZATION, &format!("Bearer {}", token.expose_secret()), true)
}

fn token_request(url: &str, id: &str, secret: &SecretString, scope: Option<&str>) -> Result<Request, Failure> {
    let url = http::base(url).map_err(|cause| Failure::refused(format!("{cause:#}")))?;
    let mut form = Serializer::new(String::new());
    form.append_pair("grant_type", "client_credentials");
    form.extend_pairs(scope.map(|scope| ("scope", scope)));
    let mut request = Request::post(url, "application/x-www-form-urlencoded", form.finish());
    let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let both = BASE64_STANDARD.encode(format!("{}:{}", encoded(id), encoded(secret.expose_secret())));
    request.header(AUTHORIZATION, &format!("Basic {both}"), true)?;
    request.secrets = vec![secret.clone()];
    Ok(request)
}

async fn ask(caller: &Caller, request: &Request, timeout: Duration, now: Timestamp) -> Result<Granted, Failure> {
    let answer = caller.call(request, timeout).await?.success(request, RETRIED, now);
    let answer = answer.map_err(|failure| match failure {
        // RFC 6749 section 5.2: `invalid_client` and its kind come with 400.
        Failure::Reject { reason, .. } => Failure::Reject { reason, lasting: true },
        retry => retry,
    })?;
    serde_json::from_slice(&answer.body)
        .map_err(|_| Failure::unreached("the token endpoint answered with something that is no token"))
}

/// Nothing of the events left yet, whatever became of the request for a token.
fn not_sent(failure: Failure) -> Failure {
    match failure {
        Failure::Retry { after, throttled, reason, .. } => {
            Failure::Retry { after, throttled, unknown: false, reason: format!("no token was given: {reason}") }
        }
        Failure::Reject { reason, lasting } => {
            Failure::Reject { reason: format!("no token was given: {reason}"), lasting }
        }
    }
}

/// HMAC-SHA256, RFC 2104.
pub fn mac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("keys of every length are taken");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// In small letters, two for each byte.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
