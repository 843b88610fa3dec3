//! How much of a promise's time is used, and when it is up. Only open time counts, and only while it is on us.

use jiff::{SignedDuration, Timestamp};

use super::calendar::Calendar;

/// The clock of one promise.
#[derive(Debug, Clone)]
pub struct Clock<'c> {
    pub calendar: &'c Calendar,
    /// Open time that was promised.
    pub within: SignedDuration,
    pub started_at: Timestamp,
    /// While somebody else is asked, in order, none reaching into the next.
    pub pauses: Vec<Pause>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    pub from: Timestamp,
    /// Nothing while it lasts.
    pub until: Option<Timestamp>,
}

/// How a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Open time used so far.
    pub used: SignedDuration,
    /// What is left of it; less than nothing once it is late.
    pub remaining: SignedDuration,
    /// When it is up. While the clock stands still nothing is due, unless it was late before.
    pub due_at: Option<Timestamp>,
    pub paused: bool,
}

impl Clock<'_> {
    pub fn read(&self, now: Timestamp) -> Reading {
        let used = self.used(now);
        let paused = self.pauses.iter().any(|pause| pause.from <= now && pause.until.is_none_or(|until| now < until));
        Reading { used, remaining: self.within - used, due_at: self.reaches(self.within), paused }
    }

    /// When so much open time is used: nothing where the clock stands still before.
    pub fn reaches(&self, open: SignedDuration) -> Option<Timestamp> {
        let mut left = open.max(SignedDuration::ZERO);
        for (from, to) in self.runs() {
            let at = self.calendar.due(from, left)?;
            if to.is_none_or(|to| at <= to) {
                return Some(at);
            }
            left -= to.map_or(SignedDuration::ZERO, |to| self.calendar.between(from, to));
        }
        None
    }

    fn used(&self, now: Timestamp) -> SignedDuration {
        let runs = self.runs().into_iter();
        let each = runs.map(|(from, to)| self.calendar.between(from, to.map_or(now, |to| to.min(now))));
        each.fold(SignedDuration::ZERO, |sum, used| sum + used)
    }

    /// While it runs: from pause to pause.
    fn runs(&self) -> Vec<(Timestamp, Option<Timestamp>)> {
        let (mut runs, mut from) = (Vec::new(), Some(self.started_at));
        for pause in &self.pauses {
            let Some(begun) = from else { break };
            if pause.until.is_some_and(|until| until <= begun) {
                continue;
            }
            runs.extend((begun < pause.from).then_some((begun, Some(pause.from))));
            from = pause.until;
        }
        runs.extend(from.map(|from| (from, None)));
        runs
    }
}
