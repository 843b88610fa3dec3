//! Who is on call: agents take turns of some days, and hand over at the same time by the clock of a zone.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::calendar::zone_of;
use super::group::folded;
use super::node::{Name, Node, Value};
use super::notify;
use super::reader::{Fields, Reader};
use super::rules::Rules;
use super::when::Kind;

/// A rotation.
#[derive(Debug, Clone)]
pub struct Rotation {
    pub name: Name,
    pub agents: Vec<Name>,
    zone: TimeZone,
    /// When the first agent's first turn begins.
    starts: DateTime,
    /// Days of a turn.
    days: i32,
    overrides: Vec<Override>,
    /// Who is told of hand-overs beside those two.
    notify: Vec<Name>,
}

/// Somebody takes over for a while. Of several the last counts.
#[derive(Debug, Clone)]
struct Override {
    agent: Name,
    from: DateTime,
    until: DateTime,
}

/// Whose turn it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn<'r> {
    pub agent: &'r str,
    /// When they hand over, and to whom.
    pub until: Timestamp,
    pub next: &'r str,
}

impl Rotation {
    /// Nobody before the rotation starts.
    pub fn turn(&self, at: Timestamp) -> Option<Turn<'_>> {
        let agent = self.agent(at)?;
        let until = self.next_change(at)?;
        Some(Turn { agent, until, next: self.agent(until)? })
    }

    /// Who is told of a hand-over, those two first: e-mail addresses and channels.
    pub fn told(&self, rules: &Rules, before: &str, after: &str, at: Timestamp) -> Vec<String> {
        let names = [before, after].into_iter().chain(self.notify.iter().map(Name::as_str));
        notify::told(rules, names, None, at)
    }

    /// By whose clock they hand over: an IANA name.
    pub fn zone(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    fn agent(&self, at: Timestamp) -> Option<&str> {
        let covers = |it: &&Override| self.at(it.from) <= at && at < self.at(it.until);
        if let Some(over) = self.overrides.iter().rev().find(covers) {
            return Some(over.agent.as_str());
        }
        let count = i64::try_from(self.agents.len()).ok().filter(|count| *count > 0)?;
        let number = usize::try_from(self.number(at)?.rem_euclid(count)).ok()?;
        self.agents.get(number).map(Name::as_str)
    }

    /// How manieth turn it is, from 0 on.
    fn number(&self, at: Timestamp) -> Option<i64> {
        let days = self.starts.date().until(self.zone.to_datetime(at).date()).ok()?.get_days();
        let mut number = i64::from(days / self.days) + 1;
        // A date does not tell the hour, and clocks jump: so the last hand-over that is past is looked for.
        while number >= 0 && self.handover(number) > at {
            number -= 1;
        }
        (number >= 0).then_some(number)
    }

    /// When turn `number` begins.
    fn handover(&self, number: i64) -> Timestamp {
        let days = Span::new().try_days(number * i64::from(self.days));
        days.map_or(Timestamp::MAX, |days| self.at(self.starts.saturating_add(days)))
    }

    /// When somebody hands over next, as one turn ends or an override begins or ends.
    fn next_change(&self, at: Timestamp) -> Option<Timestamp> {
        let turn = self.number(at).map(|number| self.handover(number + 1));
        let edges = self.overrides.iter().flat_map(|it| [self.at(it.from), self.at(it.until)]);
        edges.chain(turn).filter(|edge| *edge > at).min()
    }

    fn at(&self, time: DateTime) -> Timestamp {
        self.zone.to_timestamp(time).unwrap_or(Timestamp::MAX)
    }

    pub(super) fn read(reader: &mut Reader, name: &Name, node: &Node) -> Self {
        let what = format!("The rotation `{name}`");
        let fields = reader.fields(node, &what, &["time_zone", "starts", "every", "agents", "overrides", "notify"]);
        let zone = reader.needed(&fields, "time_zone", &what, "Write one, as `time_zone: Europe/Berlin`.");
        let agents = reader.needed(&fields, "agents", &what, "Write them in the order of their turns.");
        let agents = agents.map(|node| reader.texts(node, "`agents`")).unwrap_or_default();
        if agents.is_empty() && fields.get("agents").is_some() {
            reader.refuse(fields.at, &what, "of nobody", "Write at least one agent.");
        }
        let overrides = fields.get("overrides").map(|node| reader.list(node, "`overrides`")).unwrap_or_default();
        Self {
            name: name.clone(),
            agents: agents.into_iter().map(folded).collect(),
            zone: zone.and_then(|node| zone_of(reader, node)).unwrap_or(TimeZone::UTC),
            starts: time(reader, &fields, "starts", &what),
            days: days(reader, &fields, &what),
            overrides: overrides.iter().filter_map(|node| Override::read(reader, node)).collect(),
            notify: reader.texts_of(&fields, "notify"),
        }
    }

    pub(super) fn names<'n>(&'n self, into: &mut Vec<(Kind, &'n Name)>) {
        let over = self.overrides.iter().map(|it| &it.agent);
        into.extend(self.agents.iter().chain(over).map(|name| (Kind::Agent, name)));
        notify::names(&self.notify, into);
    }
}

impl Override {
    fn read(reader: &mut Reader, node: &Node) -> Option<Self> {
        let what = "An override";
        let fields = reader.fields(node, what, &["agent", "from", "until"]);
        let agent = reader.needed(&fields, "agent", what, "Write who takes over.");
        let agent = agent.and_then(|node| reader.text(node, "`agent`"));
        let (from, until) = (time(reader, &fields, "from", what), time(reader, &fields, "until", what));
        if from >= until && from != DateTime::MIN && until != DateTime::MIN {
            reader.refuse(node.at, what, "over before it begins", "Write an `until` that is later than `from`.");
        }
        Some(Self { agent: folded(agent?), from, until })
    }
}

/// `2026-11-23 09:00`; the least time there is where it is not to be read, which is told.
fn time(reader: &mut Reader, fields: &Fields<'_>, key: &str, what: &str) -> DateTime {
    let cure = format!("Write day and time, as `{key}: 2026-11-23 09:00`.");
    let node = reader.needed(fields, key, what, &cure);
    node.and_then(|node| reader.parsed(node, &format!("`{key}`"), &cure)).unwrap_or(DateTime::MIN)
}

/// `day`, `week`, `3 days`, `2 weeks`.
fn days(reader: &mut Reader, fields: &Fields<'_>, what: &str) -> i32 {
    let cure = "Write `every: day`, `every: week`, `every: 3 days` or `every: 2 weeks`.";
    let Some(node) = reader.needed(fields, "every", what, cure) else { return 1 };
    let Value::Text(text) = &node.value else {
        reader.refuse(node.at, "`every`", "no time", cure);
        return 1;
    };
    let (count, unit) = text.split_once(' ').unwrap_or(("1", text));
    let each = match unit.trim_end_matches('s') {
        "day" => Some(1),
        "week" => Some(7),
        _ => None,
    };
    let days =
        each.zip(count.parse::<u16>().ok()).map(|(each, count)| each * i32::from(count)).filter(|days| *days > 0);
    if days.is_none() {
        reader.refuse(node.at, "`every`", format_args!("`{text}`"), cure);
    }
    days.unwrap_or(1)
}
