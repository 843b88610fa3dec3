//! What happens when a promise comes near its end, or past it.

use jiff::SignedDuration;

use super::clock::Clock;
use super::node::{Name, Node};
use super::notify;
use super::outcome::Step;
use super::priority::steps;
use super::reader::Reader;
use super::rules::Rules;
use super::sla::{Target, hours};
use super::when::{Kind, When};
use crate::content::Position;

#[derive(Debug, Clone)]
pub struct Escalation {
    /// Without any, of every target.
    targets: Vec<Target>,
    pub(super) when: When,
    moment: Moment,
    /// As it is written; of several at one moment with their number.
    written: String,
    notify: Vec<Name>,
    raise: u8,
    group: Option<Name>,
    at: Position,
}

/// When, by the promise's own clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// Percent of the time are used.
    Used(u32),
    Before(SignedDuration),
    After(SignedDuration),
}

impl Escalation {
    /// What is to be done for a promise, and when; nothing while its clock stands still.
    pub(super) fn step(
        &self,
        rules: &Rules,
        target: Target,
        clock: &Clock<'_>,
        assignee: Option<&str>,
    ) -> Option<Step> {
        let fits = self.targets.is_empty() || self.targets.contains(&target);
        let at = fits.then(|| clock.reaches(self.moment.of(clock.within)))??;
        Some(Step {
            at,
            target,
            moment: self.written.clone(),
            started_at: clock.started_at,
            notify: notify::told(rules, self.notify.iter().map(Name::as_str), assignee, at),
            raise: self.raise,
            group: self.group.as_ref().map(|name| name.text.clone()),
            line: self.at.line,
        })
    }

    pub(super) fn read(reader: &mut Reader, node: &Node) -> Self {
        let what = "An escalation";
        let fields = reader.fields(node, what, &["target", "when", "at", "notify", "raise", "group"]);
        let names = reader.texts_of(&fields, "target");
        let targets = names.iter().filter_map(|name| reader.one_of(name, "a target", Target::ALL, Target::name));
        let targets = targets.collect();
        let cure = "Write when, as `50%`, `breach`, `-30m` before it or `+2h` after it.";
        let at = reader.needed(&fields, "at", what, cure).and_then(|node| reader.text(node, "`at`"));
        let moment = at.as_ref().and_then(|name| {
            let moment = Moment::of_text(&name.text);
            if moment.is_none() {
                reader.refuse(name.at, "`at`", format_args!("`{name}`"), cure);
            }
            moment
        });
        if ["notify", "raise", "group"].iter().all(|key| fields.get(key).is_none()) {
            let cure = "Write `notify`, `raise` or `group`.";
            reader.fault("missing-key", node.at, format!("{what} does nothing."), cure);
        }
        Self {
            targets,
            when: When::read_of(reader, &fields),
            moment: moment.unwrap_or(Moment::Used(100)),
            written: at.map(|name| name.text).unwrap_or_default(),
            notify: reader.texts_of(&fields, "notify"),
            raise: fields.get("raise").and_then(|node| steps(reader, node, "raise")).unwrap_or(0),
            group: reader.text_of(&fields, "group"),
            at: node.at,
        }
    }

    pub(super) fn names<'n>(&'n self, into: &mut Vec<(Kind, &'n Name)>) {
        self.when.names(into);
        into.extend(self.group.iter().map(|name| (Kind::Group, name)));
        notify::names_for_ticket(&self.notify, into);
    }
}

/// Numbers those at one moment, so that each step has a name of its own whichever of them fit.
pub(super) fn number(escalations: &mut [Escalation]) {
    for place in 1..escalations.len() {
        let (before, rest) = escalations.split_at_mut(place);
        let same = before.iter().filter(|it| it.moment == rest[0].moment).count();
        if same > 0 {
            rest[0].written = format!("{} ({})", rest[0].written, same + 1);
        }
    }
}

impl Moment {
    /// Open time that is used by then.
    fn of(self, within: SignedDuration) -> SignedDuration {
        match self {
            Self::Used(percent) => SignedDuration::from_secs(within.as_secs() * i64::from(percent) / 100),
            Self::Before(by) => (within - by).max(SignedDuration::ZERO),
            Self::After(by) => within + by,
        }
    }

    fn of_text(text: &str) -> Option<Self> {
        if text == "breach" {
            return Some(Self::After(SignedDuration::ZERO));
        }
        if let Some(percent) = text.strip_suffix('%') {
            return percent.trim().parse().ok().filter(|percent| (1..=1000).contains(percent)).map(Self::Used);
        }
        let (before, after) = (text.strip_prefix('-'), text.strip_prefix('+'));
        before.and_then(hours).map(Self::Before).or_else(|| after.and_then(hours).map(Self::After))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_share_or_a_time_before_or_after() {
        let hour = SignedDuration::from_hours(1);
        let check = |text: &str, expect: Option<Moment>| assert_eq!(Moment::of_text(text), expect, "{text:?}");
        check("50%", Some(Moment::Used(50)));
        check("80 %", Some(Moment::Used(80)));
        check("breach", Some(Moment::After(SignedDuration::ZERO)));
        check("+1h", Some(Moment::After(hour)));
        check("-1h", Some(Moment::Before(hour)));
        check("1h", None);
        check("0%", None);
        check("+-1h", None);
        assert_eq!(Moment::Used(50).of(hour * 3), SignedDuration::from_mins(90));
        assert_eq!(Moment::Before(hour * 3).of(hour), SignedDuration::ZERO);
    }
}
