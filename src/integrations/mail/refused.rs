//! Why a transport did not take a mail: what is done next depends on it.

use std::time::Duration;

use jiff::Timestamp;

use crate::integrations::Failure;
use crate::integrations::http::{Answer, Request};

/// How long a transport is left alone whose quota is used up.
const QUOTA: Duration = Duration::from_secs(3600);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// Nobody knows whether it did: it is asked again, and nobody else.
    Unknown { reason: String, after: Option<Duration> },
    /// For how it is, or our account there. Another may take the mail.
    Transport {
        reason: String,
        /// Its own wish.
        after: Option<Duration>,
        /// It is well and asks for patience.
        throttled: bool,
        /// It takes nothing until the settings change.
        lasting: bool,
    },
    /// For whom it goes to. Nobody will take it, nor another one.
    Recipient(String),
    /// For what it holds.
    Mail(String),
}

impl Refused {
    pub fn unknown(reason: impl Into<String>) -> Self {
        Self::Unknown { reason: reason.into(), after: None }
    }

    /// Not now.
    pub fn busy(reason: impl Into<String>, after: Option<Duration>) -> Self {
        Self::Transport { reason: reason.into(), after, throttled: false, lasting: false }
    }

    /// Not so many at a time.
    pub fn throttled(reason: impl Into<String>, after: Option<Duration>) -> Self {
        Self::Transport { reason: reason.into(), after, throttled: true, lasting: false }
    }

    /// Not so many a day or a month.
    pub fn quota(reason: impl Into<String>) -> Self {
        Self::busy(reason, Some(QUOTA))
    }

    /// Not for us, until the settings change.
    pub fn lasting(reason: impl Into<String>) -> Self {
        Self::Transport { reason: reason.into(), after: None, throttled: false, lasting: true }
    }

    /// What an answer means that its vendor gives no meaning of its own.
    pub fn by(answer: &Answer, request: &Request, now: Timestamp) -> Self {
        let (reason, after) = (answer.reason(request), answer.after(now));
        match answer.status {
            429 => Self::throttled(reason, after),
            // Nothing was done.
            408 | 503 => Self::busy(reason, after),
            // Others may come from a gateway before a server that did it; so may what should be a receipt.
            500.. | ..300 => Self::Unknown { reason, after },
            // Who we are there, or the address of the API.
            300..400 | 401..=405 | 407 | 410 => Self::lasting(reason),
            400.. => Self::Mail(reason),
        }
    }

    /// Must no other transport be asked?
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Transport { .. })
    }

    /// In the transport's words.
    pub fn reason(&self) -> &str {
        match self {
            Self::Unknown { reason, .. } | Self::Transport { reason, .. } => reason,
            Self::Recipient(reason) | Self::Mail(reason) => reason,
        }
    }

    /// The same without a word in its reason.
    pub fn without(mut self, word: &str, instead: &str) -> Self {
        match &mut self {
            Self::Unknown { reason, .. } | Self::Transport { reason, .. } => *reason = reason.replace(word, instead),
            Self::Recipient(reason) | Self::Mail(reason) => *reason = reason.replace(word, instead),
        }
        self
    }
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Retry { after, unknown: true, reason, .. } => Self::Unknown { reason, after },
            Failure::Retry { after, throttled, reason, .. } => {
                Self::Transport { reason, after, throttled, lasting: false }
            }
            Failure::Reject { reason, lasting: true } => Self::lasting(reason),
            Failure::Reject { reason, lasting: false } => Self::Mail(reason),
        }
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Unknown { reason, after } => Self::Retry { after, throttled: false, unknown: true, reason },
            Refused::Transport { reason, lasting: true, .. } => Self::Reject { reason, lasting: true },
            Refused::Transport { reason, after, throttled, .. } => {
                Self::Retry { after, throttled, unknown: false, reason }
            }
            Refused::Recipient(reason) | Refused::Mail(reason) => Self::refused(reason),
        }
    }
}
