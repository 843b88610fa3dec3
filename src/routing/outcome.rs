//! What routing decided, and why, as people read it.

use std::borrow::Cow;
use std::fmt;

use app::model::Priority;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::alert::Raised;
use super::sla::Target;
use crate::content::Position;

/// What becomes of a ticket.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Routed {
    pub class: String,
    pub priority: Priority,
    pub group: Option<String>,
    /// E-mail address of the agent it goes to.
    pub agent: Option<String>,
    pub tags: Vec<String>,
    /// Sinks it goes to as well.
    pub desks: Vec<String>,
    /// Whom to tell at once: e-mail addresses and channels.
    pub notify: Vec<String>,
    pub alerts: Vec<Raised>,
    pub promises: Vec<Promise>,
    /// In the order of their times.
    pub steps: Vec<Step>,
    pub why: Vec<Fired>,
}

/// What is promised to the requester, and how that stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Promise {
    pub target: Target,
    pub calendar: String,
    /// Of the calendar, for times as people read them.
    pub zone: String,
    /// In open time, like all durations here.
    pub within: SignedDuration,
    pub started_at: Timestamp,
    pub used: SignedDuration,
    /// Nothing while the clock stands still.
    pub due_at: Option<Timestamp>,
    pub paused: bool,
    /// When it was kept, or was not in time.
    pub met_at: Option<Timestamp>,
}

impl Promise {
    /// Was it, or is it now, kept too late?
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.due_at.is_some_and(|due| self.met_at.unwrap_or(now) > due)
    }
}

/// Something to do when its time has come and the promise is not kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub at: Timestamp,
    pub target: Target,
    /// `50%`, `breach`, `+2h`; `breach (2)` of the second escalation at the same moment. With the target and the start
    /// of its clock it names the step: each is done once.
    pub moment: String,
    /// When the promise's clock started.
    pub started_at: Timestamp,
    /// E-mail addresses of those whose turn it is then, and channels.
    pub notify: Vec<String>,
    pub raise: u8,
    pub group: Option<String>,
    pub line: u32,
}

/// One thing that was decided, by what, because of what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fired {
    /// `class`, `priority`, `group`, …
    pub what: Cow<'static, str>,
    /// What was decided.
    pub outcome: String,
    /// The line of the settings that decided; nothing where none did.
    pub line: Option<u32>,
    /// What that line saw.
    pub because: String,
}

impl Fired {
    pub(super) fn new(what: &'static str, outcome: impl Into<String>, because: impl Into<String>) -> Self {
        Self { what: what.into(), outcome: outcome.into(), line: None, because: because.into() }
    }

    pub(super) fn at(self, position: Position) -> Self {
        Self { line: Some(position.line), ..self }
    }

    /// The line and what it saw.
    pub fn reason(&self) -> String {
        let place = self.line.map_or(String::new(), |line| format!("line {line}: "));
        format!("{place}{}", self.because)
    }
}

impl fmt::Display for Fired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<12} {:<24} {}", self.what, self.outcome, self.reason())
    }
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let within = format!("{:#} of `{}`", self.within, self.calendar);
        match (self.met_at, self.due_at) {
            (Some(met), _) => write!(f, "{:<12} kept {:<19} {within}", self.target.name(), local(met, &self.zone)),
            (None, Some(due)) => write!(f, "{:<12} due {:<20} {within}", self.target.name(), local(due, &self.zone)),
            (None, None) => write!(f, "{:<12} {:<24} {within}, {:#} used", self.target.name(), "waits", self.used),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = (!self.notify.is_empty()).then(|| format!("tell {}", self.notify.join(", ")));
        let nobody = self.notify.is_empty() && self.raise == 0 && self.group.is_none();
        let raised = (self.raise > 0).then(|| format!("raise the priority by {}", self.raise));
        let moved = self.group.as_ref().map(|group| format!("move to {group}"));
        let deeds: Vec<_> =
            told.into_iter().chain(nobody.then(|| "nobody to tell".to_owned())).chain(raised).chain(moved).collect();
        let when = format!("{} {}", self.target.name(), self.moment);
        write!(f, "{:<12} {when:<24} line {}: {}", "", self.line, deeds.join(", "))
    }
}

/// As a dry run prints it: why each thing was decided, what is promised, what happens if it is not kept.
impl fmt::Display for Routed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.why.iter().try_for_each(|fired| writeln!(f, "{fired}"))?;
        for promise in &self.promises {
            writeln!(f, "{promise}")?;
            for step in self.steps.iter().filter(|step| step.target == promise.target) {
                writeln!(f, "{step} at {}", local(step.at, &promise.zone))?;
            }
        }
        Ok(())
    }
}

/// `Mon 2026-12-28 10:30`, by the clock of a zone.
pub fn local(at: Timestamp, zone: &str) -> String {
    let shown = at.in_tz(zone).unwrap_or_else(|_| at.to_zoned(jiff::tz::TimeZone::UTC));
    shown.strftime("%a %Y-%m-%d %H:%M").to_string()
}
