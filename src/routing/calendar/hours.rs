//! A week of hours, as `mon-fri: 09:00-12:30, 13:30-18:00`.

use std::collections::BTreeMap;

use jiff::civil::Weekday;
use serde::Deserialize;

use crate::content::Position;
use crate::routing::node::{Name, Node, Value};
use crate::routing::reader::Reader;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// Minutes of a day on the wall clock.
const DAY: i16 = 1440;

/// Open hours by weekday, in order, none touching another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>")]
pub struct Week([Vec<Hours>; 7]);

/// Minutes of a day, from 0 to 1440.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hours {
    pub from: i16,
    pub to: i16,
}

impl Week {
    pub fn of(&self, weekday: Weekday) -> &[Hours] {
        &self.0[index(weekday)]
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    pub(super) fn read(reader: &mut Reader, node: &Node, what: &str) -> Self {
        let (mut week, mut said, before) = (Self::default(), [false; 7], reader.problems.len());
        for (name, node) in reader.map(node, "`hours`").iter() {
            let spans = spans(reader, node);
            for day in days(reader, name) {
                if std::mem::replace(&mut said[day], true) {
                    let cure = "Say each day once; several spans of a day stand behind one another, with commas.";
                    reader.fault("bad-value", name.at, format!("`hours` says `{}` twice.", DAYS[day]), cure);
                }
                spans.iter().for_each(|(from, to)| week.add(day, *from, *to));
            }
        }
        if week.is_empty() && reader.problems.len() == before {
            reader.fault("bad-value", node.at, format!("{what} is never open."), "Write hours of at least one day.");
        }
        week
    }

    /// Hours that end no later than they begin end on the next day.
    fn add(&mut self, day: usize, from: i16, to: i16) {
        let night = to <= from;
        self.0[day].push(Hours { from, to: if night { DAY } else { to } });
        if night && to > 0 {
            self.0[(day + 1) % 7].push(Hours { from: 0, to });
        }
        self.0.iter_mut().for_each(join);
    }
}

/// As settings have it: `{ mon-fri = "09:00-17:00" }`.
impl TryFrom<BTreeMap<String, String>> for Week {
    type Error = String;

    fn try_from(hours: BTreeMap<String, String>) -> Result<Self, String> {
        // Where it stands in its file, whoever reads that tells.
        let at = Position { line: 1, column: 1 };
        let entry = |(days, hours)| (Name { text: days, at }, Node { at, value: Value::Text(hours) });
        let node = Node { at, value: Value::Map(hours.into_iter().map(entry).collect()) };
        let mut reader = Reader::new("");
        let week = Self::read(&mut reader, &node, "It");
        match reader.problems.first() {
            Some(problem) => Err(format!("{} {}", problem.message, problem.cure)),
            None => Ok(week),
        }
    }
}

fn index(weekday: Weekday) -> usize {
    usize::try_from(weekday.to_monday_zero_offset()).expect("from 0 to 6")
}

fn join(hours: &mut Vec<Hours>) {
    hours.sort_unstable();
    hours.dedup_by(|next, last| {
        let touches = next.from <= last.to;
        if touches {
            last.to = last.to.max(next.to);
        }
        touches
    });
}

/// `mon`, `mon-fri`, `sat, sun`; `fri-mon` goes over the end of the week.
fn days(reader: &mut Reader, name: &Name) -> Vec<usize> {
    let number = |day: &str| DAYS.iter().position(|known| *known == day.trim());
    let part = |part: &str| match part.split_once('-') {
        None => number(part).map(|day| vec![day]),
        Some((from, to)) => {
            let (from, to) = (number(from)?, number(to)?);
            Some((0..=(to + 7 - from) % 7).map(|day| (from + day) % 7).collect())
        }
    };
    let days: Option<Vec<Vec<usize>>> = name.text.split(',').map(part).collect();
    if days.is_none() {
        let cure = "Write mon, tue, wed, thu, fri, sat or sun, or from one to another, as `mon-fri`.";
        reader.fault("unknown-key", name.at, format!("`hours` has no day `{name}`."), cure);
    }
    days.unwrap_or_default().concat()
}

fn spans(reader: &mut Reader, node: &Node) -> Vec<(i16, i16)> {
    let mut spans = Vec::new();
    for name in reader.texts(node, "`hours`") {
        for part in name.text.split(',') {
            match span(part) {
                Some(span) => spans.push(span),
                None => {
                    let cure = "Write from when to when, as `09:00-17:30`; `22:00-06:00` goes over midnight, \
                                `00:00-24:00` is the whole day.";
                    reader.fault("bad-value", name.at, format!("`{}` are no hours.", part.trim()), cure);
                }
            }
        }
    }
    spans
}

fn span(text: &str) -> Option<(i16, i16)> {
    let (from, to) = text.split_once(['-', '–'])?;
    let (from, to) = (minute(from)?, minute(to)?);
    (from != to && from < DAY).then_some((from, to))
}

fn minute(text: &str) -> Option<i16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let is_plain = (1..=2).contains(&hour.len()) && minute.len() == 2;
    let digits = hour.bytes().chain(minute.bytes()).all(|byte| byte.is_ascii_digit());
    let (hour, minute): (i16, i16) = (hour.parse().ok()?, minute.parse().ok()?);
    let total = hour * 60 + minute;
    (is_plain && digits && minute < 60 && total <= DAY).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_people_write_them() {
        let check = |text: &str, expect: Option<(i16, i16)>| assert_eq!(span(text), expect, "{text:?}");
        check("09:00-17:30", Some((540, 1050)));
        check(" 9:00 – 17:00 ", Some((540, 1020)));
        check("22:00-06:00", Some((1320, 360)));
        check("00:00-24:00", Some((0, 1440)));
        check("24:00-06:00", None);
        check("09:00-09:00", None);
        check("09:60-10:00", None);
        check("9-17", None);
        check("+9:00-17:00", None);
        check("09:00", None);
    }

    #[test]
    fn settings_are_read_alike_and_told_in_the_same_words() {
        let check = |text: &str, expect: &str| {
            let week = toml::from_str::<Week>(text);
            let found = week.map_or_else(|error| error.to_string(), |week| format!("{:?}", week.of(Weekday::Monday)));
            assert!(found.contains(expect), "{text}: {found}");
        };
        check("mon-fri = \"09:00-12:30, 13:30-18:00\"\nsat = \"10:00-12:00\"", "Hours { from: 540, to: 750 }");
        check("sun = \"22:00-06:00\"", "Hours { from: 0, to: 360 }");
        check("", "It is never open. Write hours of at least one day.");
        check("Mo-Fr = \"09:00-17:00\"", "`hours` has no day `Mo-Fr`. Write mon, tue");
        check("mon = \"9-17\"", "`9-17` are no hours. Write from when to when");
        check("mon = \"\"", "`hours` is the text ``");
        check("mon = \"09:00-10:00\"\nmon-tue = \"11:00-12:00\"", "says `mon` twice");
    }

    #[test]
    fn a_night_belongs_to_two_days_and_hours_that_touch_are_one() {
        let mut week = Week::default();
        week.add(6, 22 * 60, 6 * 60);
        week.add(0, 6 * 60, 8 * 60);
        assert_eq!(week.of(Weekday::Sunday), [Hours { from: 1320, to: 1440 }]);
        assert_eq!(week.of(Weekday::Monday), [Hours { from: 0, to: 480 }]);
        assert!(week.of(Weekday::Tuesday).is_empty());
    }
}
