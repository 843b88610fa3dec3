//! What an attempt means: for its sink, for the transport that was asked, for what was to be sent.

use std::time::Duration;

use jiff::Timestamp;

use super::Lane;
use crate::delivery::breaker::Breaker;
use crate::delivery::cursor::{Change, Place};
use crate::delivery::{Settings, retry};
use crate::integrations::Failure;
use crate::integrations::mail::Refused;

/// An attempt, judged.
pub(super) struct Verdict {
    pub change: Change,
    /// When it is tried again; none when never.
    pub due: Option<i64>,
}

impl Lane {
    /// What an attempt means for the sink and for what was to be sent.
    pub(super) fn judge(
        &mut self,
        place: &Place,
        attempts: u32,
        result: &Result<(), Failure>,
        now: Timestamp,
    ) -> Verdict {
        let mut change = Change { breaker: place.breaker(), ..Change::default() };
        change.error = result.as_ref().err().map(ToString::to_string);
        // Rounded up, so that no wait is shorter than it must be.
        let now_ms = now.as_millisecond() + 1;
        let due = match result {
            Ok(()) => {
                change.breaker = self.breaker.succeeded(now);
                None
            }
            Err(Failure::Retry { after, throttled: true, .. }) => {
                let wait = retry::wait(&self.settings, 1, *after, fastrand::f64());
                change.held_until = later(now_ms, wait.unwrap_or_default());
                Some(now_ms)
            }
            Err(Failure::Retry { after, .. }) => {
                // Transports have breakers of their own.
                if self.sink.transports().is_empty() {
                    change.breaker = self.breaker.failed(place.breaker(), &self.settings, now);
                }
                let wait = retry::wait(&self.settings, attempts, *after, fastrand::f64());
                wait.map(|wait| later(now_ms, wait))
            }
            Err(Failure::Reject { lasting: true, .. }) => {
                change.locked = true;
                Some(now_ms)
            }
            Err(Failure::Reject { .. }) => {
                // Whoever refuses is well.
                change.breaker = self.breaker.succeeded(now);
                None
            }
        };
        Verdict { change, due }
    }
}

/// What an attempt means for the transport that was asked.
pub(super) fn of_transport(
    breaker: &mut Breaker,
    place: &Place,
    settings: &Settings,
    answered: &Result<String, Refused>,
    now: Timestamp,
) -> Change {
    let error = answered.as_ref().err().map(|refused| refused.reason().to_owned());
    let mut change = Change { breaker: place.breaker(), error, ..Change::default() };
    // Rounded up, as above.
    let now_ms = now.as_millisecond() + 1;
    match answered {
        Ok(_) => {
            change.sent = 1;
            change.breaker = breaker.succeeded(now);
        }
        // Whoever refuses for the mail's sake is well.
        Err(Refused::Recipient(_) | Refused::Mail(_)) => change.breaker = breaker.succeeded(now),
        Err(Refused::Transport { lasting: true, .. }) => change.locked = true,
        Err(Refused::Transport { after, throttled, .. }) if *throttled || after.is_some() => {
            let wait = retry::wait(settings, 1, *after, fastrand::f64());
            change.held_until = later(now_ms, wait.unwrap_or_default());
        }
        Err(Refused::Transport { .. } | Refused::Unknown { .. }) => {
            change.breaker = breaker.failed(place.breaker(), settings, now);
        }
    }
    change
}

fn later(now: i64, wait: Duration) -> i64 {
    now.saturating_add(wait.as_millis().try_into().unwrap_or(i64::MAX))
}
