//! What rules may look at: of the ticket, of its requester, of what happened so far.

use std::collections::BTreeMap;

use app::model::{Priority, Status};
use jiff::{SignedDuration, Timestamp};

/// All that is known of a ticket when it is routed.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    pub form: String,
    pub subject: String,
    pub text: String,
    /// To the form's own questions, by the field's name.
    pub answers: BTreeMap<String, String>,
    /// BCP 47 tag.
    pub locale: String,
    pub plan: Option<String>,
    /// The requester's e-mail address.
    pub email: Option<String>,
    /// Categories of the articles that were read or asked from, as paths: `billing/refunds`.
    pub topics: Vec<String>,
    pub tags: Vec<String>,
    /// The form's, with which the rules begin.
    pub priority: Priority,
    /// The requester's earlier tickets.
    pub history: Vec<Past>,
    pub opened_at: Timestamp,
    /// What happened since, in order.
    pub events: Vec<Event>,
}

/// An earlier ticket of the same requester.
#[derive(Debug, Clone, Copy, Default)]
pub struct Past {
    pub opened_at: Timestamp,
    pub reopened: bool,
    pub rated_bad: bool,
}

/// Something that starts, stops or ends a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    pub at: Timestamp,
    pub what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// An agent answered, for the requester to see.
    Replied,
    /// The requester wrote again.
    Wrote,
    Status(Status),
}

impl Facts {
    /// Was it solved before and is open again?
    pub fn reopened(&self) -> bool {
        let done = |status| matches!(status, Status::Solved | Status::Closed);
        let statuses: Vec<_> = self.statuses().map(|(_, status)| done(status)).collect();
        statuses.contains(&true) && statuses.last() == Some(&false)
    }

    /// Since when it stood how, in order.
    pub(super) fn statuses(&self) -> impl Iterator<Item = (Timestamp, Status)> {
        let changes = self.events.iter().filter_map(|event| match event.what {
            What::Status(status) => Some((event.at, status)),
            _ => None,
        });
        std::iter::once((self.opened_at, Status::New)).chain(changes)
    }

    /// Earlier tickets of the last `days`, by the clock alone.
    pub(super) fn recent(&self, days: u32, now: Timestamp) -> impl Iterator<Item = &Past> {
        let since = now.checked_sub(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MIN);
        self.history.iter().filter(move |past| past.opened_at >= since)
    }
}
