//! What is promised: until the first reply, until each further one, until it is solved. The first agreement that
//! fits a ticket holds for it.

use app::model::{Priority, Status};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::clock::{Clock, Pause};
use super::facts::{Facts, What};
use super::node::{Name, Node, Value};
use super::outcome::Promise;
use super::reader::{Fields, Reader};
use super::rules::Rules;
use super::when::{Kind, When};
use crate::content::Position;

/// One agreement (SLA).
#[derive(Debug, Clone)]
pub struct Agreement {
    pub name: Name,
    pub when: When,
    pub calendar: Name,
    /// While a ticket stands so, its clocks stand still; solved and closed ones always do.
    pub pause: Vec<Status>,
    /// By target, then by priority.
    within: [[Option<SignedDuration>; 4]; 3],
    pub(super) at: Position,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// From when it was opened until an agent answers.
    FirstReply,
    /// From what the requester wrote after an answer until the next one.
    NextReply,
    /// From when it was opened until it is solved; goes on where it was when it is opened again.
    Solve,
}

impl Target {
    pub const ALL: &'static [Self] = &[Self::FirstReply, Self::NextReply, Self::Solve];

    pub fn name(self) -> &'static str {
        match self {
            Self::FirstReply => "first_reply",
            Self::NextReply => "next_reply",
            Self::Solve => "solve",
        }
    }

    /// From when its clock runs, and when it was met; nothing where nobody waits for it.
    fn course(self, facts: &Facts) -> Option<(Timestamp, Option<Timestamp>)> {
        let is = |what: What| move |event: &&super::facts::Event| event.what == what;
        let first = facts.events.iter().find(is(What::Replied)).map(|event| event.at);
        match self {
            Self::FirstReply => Some((facts.opened_at, first)),
            Self::NextReply => {
                let replied = facts.events.iter().rposition(|event| event.what == What::Replied)?;
                let since = facts.events[replied..].iter().find(is(What::Wrote))?;
                Some((since.at, None))
            }
            Self::Solve => {
                let (at, status) = facts.statuses().last()?;
                let solved = matches!(status, Status::Solved | Status::Closed);
                // Closing what is solved solves it no later.
                let since = facts.statuses().filter(|(_, it)| *it == Status::Solved).last().map_or(at, |(at, _)| at);
                Some((facts.opened_at, solved.then_some(since)))
            }
        }
    }
}

impl Agreement {
    pub fn within(&self, target: Target, priority: Priority) -> Option<SignedDuration> {
        self.within[target as usize][priority as usize]
    }

    /// Each promise that a ticket has a claim to, with its clock.
    pub(super) fn clocks<'r>(
        &self,
        rules: &'r Rules,
        facts: &Facts,
        priority: Priority,
    ) -> Vec<(Target, Clock<'r>, Option<Timestamp>)> {
        let Some(calendar) = rules.calendars.get(self.calendar.as_str()) else { return Vec::new() };
        let each = Target::ALL.iter().filter_map(|target| {
            let within = self.within(*target, priority)?;
            let (started_at, met_at) = target.course(facts)?;
            // What came after it was met changes nothing of when it was due.
            let before = |pause: &Pause| met_at.is_none_or(|met| pause.from < met);
            let pauses = self.pauses(facts).into_iter().filter(before).collect();
            Some((*target, Clock { calendar, within, started_at, pauses }, met_at))
        });
        each.collect()
    }

    fn pauses(&self, facts: &Facts) -> Vec<Pause> {
        let rests = |status: Status| matches!(status, Status::Solved | Status::Closed) || self.pause.contains(&status);
        let mut pauses: Vec<Pause> = Vec::new();
        for (at, status) in facts.statuses() {
            match (pauses.last_mut().filter(|last| last.until.is_none()), rests(status)) {
                (None, true) => pauses.push(Pause { from: at, until: None }),
                (Some(last), false) => last.until = Some(at),
                _ => {}
            }
        }
        pauses
    }

    pub(super) fn read(reader: &mut Reader, node: &Node) -> Self {
        let what = "An agreement of `sla`";
        let keys = ["name", "when", "calendar", "pause", "first_reply", "next_reply", "solve"];
        let fields = reader.fields(node, what, &keys);
        let none = Name { text: String::new(), at: node.at };
        let mut needed = |key, cure| {
            let found = reader.needed(&fields, key, what, cure).and_then(|node| reader.text(node, what));
            found.unwrap_or_else(|| none.clone())
        };
        let name = needed("name", "Write one, as `name: Enterprise`: people read it where they read why.");
        let calendar = needed("calendar", "Write the name of one of `calendars`: promises count its open time.");
        let within =
            [Target::FirstReply, Target::NextReply, Target::Solve].map(|target| targets(reader, &fields, target));
        if within.iter().flatten().all(Option::is_none) && Target::ALL.iter().all(|it| fields.get(it.name()).is_none())
        {
            let cure = "Write `first_reply`, `next_reply` or `solve`, as `first_reply: 4h`.";
            reader.fault("missing-key", node.at, format!("{what} promises nothing."), cure);
        }
        let (when, pause) = (When::read_of(reader, &fields), pause(reader, &fields));
        Self { name, when, calendar, pause, within, at: node.at }
    }

    pub(super) fn names<'n>(&'n self, into: &mut Vec<(Kind, &'n Name)>) {
        self.when.names(into);
        into.extend((!self.calendar.text.is_empty()).then_some((Kind::Calendar, &self.calendar)));
    }
}

/// How one of them stands.
pub(super) fn promise(target: Target, clock: &Clock<'_>, met_at: Option<Timestamp>, now: Timestamp) -> Promise {
    let reading = clock.read(met_at.unwrap_or(now));
    Promise {
        target,
        calendar: clock.calendar.name.clone(),
        zone: clock.calendar.zone.iana_name().unwrap_or("UTC").to_owned(),
        within: clock.within,
        started_at: clock.started_at,
        used: reading.used,
        due_at: reading.due_at,
        paused: reading.paused && met_at.is_none(),
        met_at,
    }
}

fn pause(reader: &mut Reader, fields: &Fields<'_>) -> Vec<Status> {
    if fields.get("pause").is_none() {
        return vec![Status::Pending];
    }
    let names = reader.texts_of(fields, "pause");
    names.iter().filter_map(|name| reader.status(name)).collect()
}

/// One time for all priorities, or one for each.
fn targets(reader: &mut Reader, fields: &Fields<'_>, target: Target) -> [Option<SignedDuration>; 4] {
    let Some(node) = fields.get(target.name()) else { return [None; 4] };
    if !matches!(node.value, Value::Map(_)) {
        return [duration(reader, node, target.name()); 4];
    }
    let names: Vec<&str> = Priority::ALL.iter().map(|priority| priority.name()).collect();
    let by = reader.fields(node, &format!("`{}`", target.name()), &names);
    let mut within = [None; 4];
    for priority in Priority::ALL {
        let node = by.get(priority.name());
        within[*priority as usize] = node.and_then(|node| duration(reader, node, target.name()));
    }
    within
}

/// Hours and minutes. Days are refused: those of business differ in length.
pub(super) fn duration(reader: &mut Reader, node: &Node, key: &str) -> Option<SignedDuration> {
    let name = reader.text(node, &format!("`{key}`"))?;
    let within = hours(&name.text);
    if within.is_none() {
        let cure = "Write hours and minutes of open time, as `4h`, `30m` or `1h 30m`.";
        reader.refuse(name.at, &format!("`{key}`"), format_args!("`{name}`"), cure);
    }
    within
}

pub(super) fn hours(text: &str) -> Option<SignedDuration> {
    let known = text.bytes().all(|byte| byte.is_ascii_digit() || b"hm ".contains(&byte));
    let within: SignedDuration = known.then(|| text.parse().ok())??;
    (within > SignedDuration::ZERO && within <= SignedDuration::from_hours(24 * 366)).then_some(within)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_hours_and_minutes() {
        let check = |text: &str, minutes: Option<i64>| {
            assert_eq!(hours(text).map(|within| within.as_mins()), minutes, "{text:?}");
        };
        check("4h", Some(240));
        check("1h 30m", Some(90));
        check("30m", Some(30));
        check("2d", None);
        check("-4h", None);
        check("0m", None);
        check("90", None);
        check("4h ago", None);
        check("99999h", None);
    }
}
