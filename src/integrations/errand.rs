//! A single deed on its way to a sink, and what came of it so far.

use jiff::Timestamp;
use serde_json::Value;

use super::Failure;
use super::desk::Told;

#[derive(Debug, Clone, Default)]
pub struct Errand {
    /// Idempotency key: the same at every attempt.
    pub key: String,
    pub deed: Value,
    /// When an attempt first may have arrived; none while none can have.
    pub in_doubt_since: Option<Timestamp>,
    /// When one last may have.
    pub last_in_doubt: Option<Timestamp>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// What the sink calls what the deed is about. A sink that learns it says so here at once: it is kept even when
    /// the rest of the errand fails.
    pub receipt: Option<Receipt>,
    /// What a desk said of the ticket, where it was asked for that.
    pub told: Option<Told>,
}

/// What a sink calls the thing that a deed is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Receipt {
    pub remote_id: Option<String>,
    /// For people.
    pub url: Option<String>,
}

impl Errand {
    /// One that was never tried.
    pub fn new(key: impl Into<String>, deed: Value) -> Self {
        Self { key: key.into(), deed, ..Self::default() }
    }

    pub fn remote_id(&self) -> Option<&str> {
        self.receipt.as_ref()?.remote_id.as_deref()
    }

    /// The same where nothing can be done without it.
    ///
    /// # Errors
    /// A sink, `vendor`, that does not know the thing.
    pub fn known_id(&self, vendor: &str) -> Result<&str, Failure> {
        self.remote_id().ok_or_else(|| {
            Failure::refused(format!("{vendor} does not have this ticket: what opened it was dropped, or is forgotten"))
        })
    }
}
