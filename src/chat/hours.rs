//! A week of hours by a wall clock: `Mo-Fr 09:00-12:30, 13:30-18:00; Sa 10:00-12:00`.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

const DAYS: [&str; 7] = ["mo", "tu", "we", "th", "fr", "sa", "su"];
/// Minutes of a day.
const DAY: i16 = 1440;

/// When people answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Hours {
    text: String,
    /// By weekday: from and to, in minutes of the day.
    week: [Vec<(i16, i16)>; 7],
}

impl Hours {
    /// As the operator wrote them.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Is it within them, by the clock of `zone`?
    pub fn is_open(&self, zone: &TimeZone, now: Timestamp) -> bool {
        let clock = zone.to_datetime(now);
        let day = usize::try_from(clock.weekday().to_monday_zero_offset()).expect("from 0 to 6");
        let minute = i16::from(clock.hour()) * 60 + i16::from(clock.minute());
        self.week[day].iter().any(|(from, to)| (*from..*to).contains(&minute))
    }
}

impl TryFrom<String> for Hours {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut week: [Vec<(i16, i16)>; 7] = Default::default();
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let refused = || format!("{part:?} are no hours; write days and times as \"Mo-Fr 09:00-17:00\"");
            let (days, times) = part.split_once(' ').ok_or_else(refused)?;
            let days = each(days, day).ok_or_else(refused)?;
            let are_spans = times.split(',').all(|part| part.contains('-'));
            let times = each(times, time).filter(|_| are_spans).ok_or_else(refused)?;
            for (first, last) in days {
                for day in (0..=(last + 7 - first) % 7).map(|step| (first + step) % 7) {
                    times.iter().for_each(|(from, to)| add(&mut week, day, *from, *to));
                }
            }
        }
        match week.iter().all(Vec::is_empty) {
            true => Err("there is no hour in it; write days and times as \"Mo-Fr 09:00-17:00\"".to_owned()),
            false => Ok(Self { text, week }),
        }
    }
}

/// Hours that end no later than they begin end on the next day.
fn add(week: &mut [Vec<(i16, i16)>; 7], day: usize, from: i16, to: i16) {
    if from < to {
        return week[day].push((from, to));
    }
    week[day].push((from, DAY));
    week[(day + 1) % 7].push((0, to));
}

/// What stands between commas: one, or from one to another.
fn each<T: Copy>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<(T, T)>> {
    let span = |part: &str| match part.split_once('-') {
        Some((from, to)) => Some((read(from.trim())?, read(to.trim())?)),
        None => read(part.trim()).map(|one| (one, one)),
    };
    text.split(',').map(|part| span(part.trim())).collect()
}

fn day(text: &str) -> Option<usize> {
    let text = text.to_ascii_lowercase();
    DAYS.iter().position(|day| text.get(..2) == Some(*day))
}

fn time(text: &str) -> Option<i16> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (i16, i16) = (hour.parse().ok()?, minute.parse().ok()?);
    let at = hour * 60 + minute;
    ((0..=24).contains(&hour) && (0..60).contains(&minute) && at <= DAY).then_some(at)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn hours(text: &str) -> Result<Hours, String> {
        Hours::try_from(text.to_owned())
    }

    #[test]
    fn hours_are_those_of_a_wall_clock() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let check = |text: &str, at: &str, expect: bool| {
            assert_eq!(hours(text).unwrap().is_open(&berlin, at.parse().unwrap()), expect, "{text} at {at}");
        };
        // 2026-11-20 is a Friday; Berlin is an hour ahead of UTC in winter, two in summer.
        check("Mo-Fr 09:00-17:00", "2026-11-20T08:00:00Z", true);
        check("Mo-Fr 09:00-17:00", "2026-11-20T07:59:59Z", false);
        check("Mo-Fr 09:00-17:00", "2026-11-20T16:00:00Z", false);
        check("Mo-Fr 09:00-17:00", "2026-07-17T07:00:00Z", true);
        check("Mo-Fr 09:00-17:00", "2026-11-21T10:00:00Z", false);
        check("mon,wed-fri 09:00-12:00, 13:00-17:00; sa 10:00-24:00", "2026-11-20T11:30:00Z", false);
        check("mon,wed-fri 09:00-12:00, 13:00-17:00; sa 10:00-24:00", "2026-11-21T22:59:00Z", true);
        check("Fr 22:00-06:00", "2026-11-21T04:59:00Z", true);
        check("Fr 22:00-06:00", "2026-11-20T04:59:00Z", false);
        check("Sa-Mo 00:00-24:00", "2026-11-22T12:00:00Z", true);
    }

    #[test]
    fn what_is_no_hours_is_refused_in_its_own_words() {
        for wrong in ["", "Mo-Fr", "Xx 09:00-17:00", "Mo 9-17", "Mo 09:00", "Mo 09:00-25:00", "Mo 09:60-10:00"] {
            let why = hours(wrong).unwrap_err();
            assert!(why.contains("Mo-Fr 09:00-17:00") && why.contains(wrong), "{why}");
        }
    }
}
