//! Who is asking. A [`Viewer`] is proved, not told: it comes from a token a host signed, from the
//! command line, or is anonymous. It has no public constructor and cannot be read from outside bytes.

mod network;
mod token;

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Result, ensure};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};

pub use network::Network;
pub use token::Refusal;

/// Names of the groups of readers something is meant for; empty means everybody.
pub type Audience = BTreeSet<String>;

/// `[identity]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Secrets the host signs readers' tokens with (HS256), at least 32 bytes each. Two during a rotation:
    /// both are accepted. A file named by `SIGNPOST__IDENTITY__SECRETS_FILE` holds one a line.
    #[serde(deserialize_with = "list_or_lines")]
    pub secrets: Vec<SecretString>,
    /// Origins of the host's own pages that may post a token to `/session`: `https://app.example.com`.
    pub origins: Vec<String>,
}

/// Secrets as a list, or as a text with one a line, as a file holds them.
pub fn list_or_lines<'de, D: Deserializer<'de>>(value: D) -> Result<Vec<SecretString>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Secrets {
        List(Vec<SecretString>),
        Lines(SecretString),
    }
    Ok(match Secrets::deserialize(value)? {
        Secrets::List(secrets) => secrets,
        Secrets::Lines(lines) => lines.expose_secret().lines().map(SecretString::from).collect(),
    })
}

impl Settings {
    /// # Errors
    /// A secret short enough to be guessed, or more than two.
    pub fn check(&self) -> Result<()> {
        ensure!(
            self.secrets.len() <= 2,
            "identity.secrets has more than two; keep the new one and the one it replaces"
        );
        for secret in &self.secrets {
            let length = secret.expose_secret().len();
            ensure!(
                length >= 32,
                "identity.secrets has one of {length} bytes; take at least 32 (RFC 7518, section 3.2), \
                 for example from `openssl rand -hex 32`"
            );
        }
        Ok(())
    }
}

/// Whoever reads. Every read of the site takes one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Viewer {
    audiences: Arc<Audience>,
    subject: Option<Arc<Subject>>,
}

/// The person behind a verified token, as the host knows them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subject {
    pub id: String,
    pub email: Option<String>,
    pub name: Option<String>,
    pub plan: Option<String>,
}

impl Viewer {
    /// May this viewer see something that is meant for `audience`?
    pub fn may_see(&self, audience: &Audience) -> bool {
        audience.is_empty() || !audience.is_disjoint(&self.audiences)
    }

    /// Groups the viewer belongs to; the key under which what was rendered for it may be cached.
    pub fn audiences(&self) -> &Audience {
        &self.audiences
    }

    /// Sees what is public and no more.
    pub fn is_public(&self) -> bool {
        self.audiences.is_empty()
    }

    /// Who it is, where a token told.
    pub fn subject(&self) -> Option<&Subject> {
        self.subject.as_deref()
    }
}

/// The viewer of a request without proof.
pub fn anonymous() -> Viewer {
    Viewer { audiences: Arc::default(), subject: None }
}

/// The viewer an operator names on the command line (`--audience staff`).
pub fn from_command_line(audiences: &[String]) -> Viewer {
    Viewer { audiences: Arc::new(audiences.iter().cloned().collect()), subject: None }
}

/// A reader of these groups, as a token proved when a ticket was opened: for agents, who see what the reader may see.
pub fn remembered(audiences: &Audience) -> Viewer {
    Viewer { audiences: Arc::new(audiences.clone()), subject: None }
}

/// Somebody of all these groups: for admins, who look after pages whoever they are for.
pub fn admin(audiences: Audience) -> Viewer {
    Viewer { audiences: Arc::new(audiences), subject: None }
}

/// The viewer a host vouches for.
///
/// # Errors
/// A token that is not signed by one of the secrets, has expired, or lives too long.
pub fn from_token(token: &str, settings: &Settings, now: jiff::Timestamp) -> Result<Viewer, Refusal> {
    let claims = token::verify(token, &settings.secrets, now)?;
    let subject = Subject { id: claims.sub, email: claims.email, name: claims.name, plan: claims.plan };
    Ok(Viewer { audiences: Arc::new(claims.audiences), subject: Some(Arc::new(subject)) })
}

/// Seconds a verified token is still good for; how long a session made of it may last.
///
/// # Errors
/// As [`from_token`].
pub fn seconds_left(token: &str, settings: &Settings, now: jiff::Timestamp) -> Result<i64, Refusal> {
    token::verify(token, &settings.secrets, now).map(|claims| claims.exp - now.as_second())
}
