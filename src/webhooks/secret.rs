//! A secret that comes with every call, of senders who sign nothing: in a header, or as the password of Basic
//! authentication (RFC 7617).

use anyhow::{Result, ensure};
use axum::http::header::{AUTHORIZATION, HeaderMap, HeaderName};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret, SecretString};

use super::Refused;
use super::proof::{is_same, only};
use super::settings::Hook;

/// Bytes of the shortest secret that is taken: it is all that keeps others out.
const SHORTEST: usize = 32;
const HEADER: &str = "x-hc-secret";

#[derive(Debug)]
pub struct Secret {
    header: HeaderName,
    /// All that the header may hold.
    expected: Vec<SecretString>,
}

impl Secret {
    /// # Errors
    /// A secret that can be guessed, a header that is none.
    pub fn new(secrets: Vec<SecretString>, header: Option<&str>, user: Option<&str>) -> Result<Self> {
        for secret in &secrets {
            let length = secret.expose_secret().len();
            ensure!(
                length >= SHORTEST,
                "one of `secrets` has {length} bytes; take at least {SHORTEST}, for example from `openssl rand -hex 32`"
            );
        }
        ensure!(header.is_none() || user.is_none(), "write `header` or `user`, not both");
        let Some(user) = user else {
            let name = header.unwrap_or(HEADER);
            let header = name.parse().map_err(|_| anyhow::anyhow!("`header`: {name:?} is no name of a header"))?;
            return Ok(Self { header, expected: secrets });
        };
        ensure!(!user.contains(':'), "`user` has a colon, which parts user and password");
        let basic = |secret: &SecretString| {
            format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{}", secret.expose_secret()))).into()
        };
        Ok(Self { header: AUTHORIZATION, expected: secrets.iter().map(basic).collect() })
    }

    /// # Errors
    /// The same, of what `hook` says.
    pub fn of(hook: &Hook) -> Result<Self> {
        Self::new(hook.secrets.clone(), hook.header.as_deref(), hook.user.as_deref())
    }

    pub fn prove(&self, headers: &HeaderMap) -> Result<(), Refused> {
        let given = only(headers, self.header.as_str())?;
        if self.expected.iter().any(|expect| is_same(given, expect.expose_secret())) {
            return Ok(());
        }
        Err(Refused::Unproved(format!("{} holds none of the secrets in the settings", self.header)))
    }
}
