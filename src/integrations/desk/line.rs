//! How desks are asked: one request after another, each answer judged the same way.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use crate::integrations::Failure;
use crate::integrations::http::{Answer, Caller, RETRIED, Request};

/// How long a desk is left alone that is in trouble and does not say for how long; and one that may still be at work on
/// what it was asked.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// How long one request may take when the settings do not say it, in milliseconds.
pub fn timeout() -> u64 {
    10_000
}

/// The way to a desk, for one errand.
pub struct Line<'a> {
    pub caller: &'a Caller,
    /// For one request.
    pub timeout: Duration,
    pub now: Timestamp,
}

impl Line<'_> {
    /// Asks, and reads the JSON of an answer of success.
    ///
    /// # Errors
    /// An answer that is none of success; [`Failure::Retry`] in doubt where it may have been done all the same.
    pub async fn ask(&self, request: &Request) -> Result<Value, Failure> {
        self.read(self.call(request).await?, request)
    }

    /// # Errors
    /// No answer.
    pub async fn call(&self, request: &Request) -> Result<Answer, Failure> {
        self.caller.call(request, self.timeout).await.map_err(patient)
    }

    /// # Errors
    /// As of [`Line::ask`].
    pub fn read(&self, answer: Answer, request: &Request) -> Result<Value, Failure> {
        let not_json = || Failure::in_doubt(format!("{}, which is not JSON", answer.reason(request)));
        let json = answer.clone().success(request, RETRIED, self.now).map_err(in_doubt);
        let json = json.and_then(|answer| answer.no_web_page(request));
        json.and_then(|answer| serde_json::from_slice(&answer.body).map_err(|_| not_json())).map_err(patient)
    }
}

/// A desk in trouble may have done what it was asked, or be at it; one that asks for patience has not.
fn in_doubt(failure: Failure) -> Failure {
    match failure {
        Failure::Retry { after, throttled: false, reason, .. } => {
            Failure::Retry { after, throttled: false, unknown: true, reason }
        }
        other => other,
    }
}

fn patient(failure: Failure) -> Failure {
    match failure {
        Failure::Retry { after, throttled, unknown, reason } if throttled || unknown => {
            Failure::Retry { after: after.or(Some(PATIENCE)), throttled, unknown, reason }
        }
        other => other,
    }
}
