//! Holidays out of calendar files (RFC 5545): events of whole days, once or every year.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::{Span, ToSpan};

use super::holidays::beginnings;

/// Days of one event: what lasts longer is no holiday.
const LONGEST: i32 = 366;

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub dates: Vec<Date>,
    /// From one day to another, both included.
    pub ranges: Vec<(Date, Date)>,
    pub recurrences: Vec<Recurrence>,
    pub unread: Vec<Unread>,
}

/// An event that is no holiday to us.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unread {
    /// Where it begins in the file, the first line is 1.
    pub line: usize,
    pub message: String,
}

/// An event of every year, or every few.
#[derive(Debug, Clone)]
pub(super) struct Recurrence {
    first: Date,
    /// Of each time.
    days: i32,
    /// The last day on which one may begin.
    until: Option<Date>,
    interval: i16,
    /// Empty for all, as are the others.
    months: Vec<i8>,
    /// Of the month; -1 is the last.
    month_days: Vec<i8>,
    /// The how manieth of the month, -1 the last, 0 every one.
    weekdays: Vec<(i8, Weekday)>,
    except: Vec<Date>,
}

impl Recurrence {
    pub fn contains(&self, date: Date) -> bool {
        beginnings(date, self.days).any(|begun| self.begins(begun))
    }

    fn begins(&self, date: Date) -> bool {
        date >= self.first
            && self.until.is_none_or(|until| date <= until)
            && (date == self.first || self.fits(date))
            && !self.except.contains(&date)
    }

    fn fits(&self, date: Date) -> bool {
        let (day, last) = (date.day(), date.days_in_month());
        let any = |list: &[i8], is: &dyn Fn(i8) -> bool| list.is_empty() || list.iter().any(|it| is(*it));
        let nth = |nth: i8| nth == 0 || nth == (day - 1) / 7 + 1 || nth == -((last - day) / 7 + 1);
        (date.year() - self.first.year()) % self.interval == 0
            && any(&self.months, &|month| month == date.month())
            && any(&self.month_days, &|it| it == day || it == day - last - 1)
            && (self.weekdays.is_empty()
                || self.weekdays.iter().any(|(which, weekday)| *weekday == date.weekday() && nth(*which)))
    }

    /// The day on which it begins for the `count`th time.
    fn nth(&self, count: usize) -> Option<Date> {
        self.first.series(1.day()).filter(|date| self.begins(*date)).nth(count.checked_sub(1)?)
    }
}

/// A line: `NAME;PARAMETER=VALUE:value`, parameters left out.
struct Line<'t> {
    number: usize,
    name: String,
    value: &'t str,
}

pub(super) fn read(text: &str) -> Found {
    let unfolded = unfold(text);
    let (mut found, mut event) = (Found::default(), None);
    for line in unfolded.iter().filter_map(|(number, line)| split(*number, line)) {
        match (line.name.as_str(), line.value) {
            ("BEGIN", "VEVENT") => event = Some((line.number, Vec::new())),
            ("END", "VEVENT") => {
                if let Some((line, lines)) = event.take()
                    && let Err(message) = add(&mut found, &lines)
                {
                    found.unread.push(Unread { line, message });
                }
            }
            _ => event.iter_mut().for_each(|(_, lines)| lines.push((line.name.clone(), line.value))),
        }
    }
    found
}

/// Long lines go on in the next one, behind a space (section 3.1).
fn unfold(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(more), Some((_, line))) => line.push_str(more),
            _ => lines.push((number + 1, line.to_owned())),
        }
    }
    lines
}

fn split(number: usize, line: &str) -> Option<Line<'_>> {
    let mut quoted = false;
    let colon = line.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b':' && !quoted
    })?;
    let (head, value) = (&line[..colon], line[colon + 1..].trim());
    let name = head.split(';').next().unwrap_or_default().to_ascii_uppercase();
    Some(Line { number, name, value })
}

fn add(found: &mut Found, lines: &[(String, &str)]) -> Result<(), String> {
    let value = |name: &str| lines.iter().find(|(it, _)| it == name).map(|(_, value)| *value);
    let all =
        |name: &'static str| lines.iter().filter(move |(it, _)| it == name).flat_map(|(_, value)| value.split(','));
    if value("STATUS") == Some("CANCELLED") {
        return Ok(());
    }
    let title = value("SUMMARY").unwrap_or("An event");
    let part = || format!("`{title}` is not of whole days.");
    let begun = value("DTSTART").ok_or_else(|| format!("`{title}` says no DTSTART."))?;
    let first = whole_day(begun).ok_or_else(part)?;
    let days = days(first, value("DTEND"), value("DURATION")).ok_or_else(part)?;
    let except: Vec<Date> = all("EXDATE").filter_map(whole_day).collect();
    if let Some(rule) = value("RRULE") {
        let unknown = || format!("`{title}` comes again as `{rule}` says, which is not a rule of years.");
        found.recurrences.push(recurrence(rule, first, days, except).ok_or_else(unknown)?);
    } else {
        found.ranges.push((first, first.saturating_add((days - 1).days())));
    }
    found.dates.extend(all("RDATE").filter_map(whole_day));
    Ok(())
}

/// `20261225`, or midnight of that day.
fn whole_day(value: &str) -> Option<Date> {
    let value = value.trim_end_matches('Z');
    match value.contains('T') {
        true => value.parse().ok().filter(|at: &DateTime| at.time() == Time::midnight()).map(DateTime::date),
        false => value.parse().ok(),
    }
}

/// The end is a day that is not included any more (section 3.6.1); without one it is a single day.
fn days(first: Date, end: Option<&str>, duration: Option<&str>) -> Option<i32> {
    let days = match (end, duration) {
        (Some(end), _) => first.until(whole_day(end)?).ok()?.get_days(),
        (None, Some(duration)) => {
            let span: Span = duration.parse().ok()?;
            let (weeks, days) = (span.get_weeks(), span.get_days());
            let is_whole = span.fieldwise() == Span::new().weeks(weeks).days(days).fieldwise();
            is_whole.then_some(weeks * 7 + days)?
        }
        (None, None) => 1,
    };
    (days <= LONGEST).then_some(days.max(1))
}

/// `FREQ=YEARLY` with what holidays need of section 3.3.10.
fn recurrence(rule: &str, first: Date, days: i32, except: Vec<Date>) -> Option<Recurrence> {
    let (months, month_days, weekdays) = (Vec::new(), Vec::new(), Vec::new());
    let mut it = Recurrence { first, days, until: None, interval: 1, months, month_days, weekdays, except };
    let (mut yearly, mut count) = (false, None);
    for part in rule.split(';').filter(|part| !part.is_empty()) {
        let (key, value) = part.split_once('=')?;
        match key {
            "FREQ" => yearly = value == "YEARLY",
            "INTERVAL" => it.interval = value.parse().ok().filter(|interval| *interval > 0)?,
            "COUNT" => count = Some(value.parse().ok().filter(|count| *count > 0)?),
            "UNTIL" => it.until = Some(value.get(..8)?.parse().ok()?),
            "BYMONTH" => it.months = numbers(value)?,
            "BYMONTHDAY" => it.month_days = numbers(value)?,
            "BYDAY" => it.weekdays = value.split(',').map(weekday).collect::<Option<_>>()?,
            "WKST" => {}
            _ => return None,
        }
    }
    // The how manieth weekday of the year.
    if it.months.is_empty() && it.weekdays.iter().any(|(nth, _)| *nth != 0) {
        return None;
    }
    if it.month_days.is_empty() && it.weekdays.is_empty() {
        it.month_days = vec![first.day()];
        if it.months.is_empty() {
            it.months = vec![first.month()];
        }
    }
    if let Some(count) = count {
        // Days that are excepted count (section 3.8.5.1).
        let except = std::mem::take(&mut it.except);
        it.until = it.nth(count);
        it.except = except;
    }
    yearly.then_some(it)
}

fn numbers(list: &str) -> Option<Vec<i8>> {
    list.split(',').map(|number| number.parse().ok()).collect()
}

/// `MO`, `4TH`, `-1MO`.
fn weekday(text: &str) -> Option<(i8, Weekday)> {
    let (nth, day) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    let at = names.iter().position(|name| *name == day)?;
    let nth = if nth.is_empty() { 0 } else { nth.parse().ok()? };
    Some((nth, Weekday::from_monday_zero_offset(i8::try_from(at).ok()?).ok()?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_file_makes_it_fail(
            start in "[0-9]{6,8}(T[0-9]{6}Z?)?",
            end in "(DTEND|DURATION|EXDATE|RDATE)[:;][0-9A-Z:;=\"]{0,12}",
            rule in "FREQ=YEARLY(;(INTERVAL|COUNT|UNTIL|BYMONTH|BYMONTHDAY|BYDAY)=[0-9A-Z,-]{0,8}){0,3}",
        ) {
            let found = event(&format!("DTSTART:{start}\r\n{end}\r\nRRULE:{rule}"));
            found.recurrences.iter().for_each(|it| _ = it.contains(date(2026, 11, 23)));
            let told = found.recurrences.len() + found.ranges.len() + found.unread.len();
            prop_assert_eq!(told, 1);
        }
    }

    fn event(lines: &str) -> Found {
        read(&format!("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Day\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"))
    }

    #[test]
    fn whole_days_are_holidays_and_the_end_is_not_one() {
        let check = |lines: &str, expect: (Date, Date)| assert_eq!(event(lines).ranges, [expect], "{lines}");
        let christmas = date(2026, 12, 25);
        check("DTSTART;VALUE=DATE:20261225", (christmas, christmas));
        check("DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227", (christmas, date(2026, 12, 26)));
        check("DTSTART;VALUE=DATE:20261225\r\nDURATION:P1W", (christmas, date(2026, 12, 31)));
        check("DTSTART;VALUE=DATE:20261225\r\nDURATION:P2D", (christmas, date(2026, 12, 26)));
        check("DTSTART;TZID=\"x:y\":20261225T000000\r\nDTEND:20261226T000000", (christmas, christmas));
        check("DTSTART;VALUE=DA\r\n TE:20261225", (christmas, christmas));
    }

    #[test]
    fn what_is_no_whole_day_or_no_rule_of_years_is_told_with_its_line() {
        let check = |lines: &str, expect: &str| {
            let unread = event(lines).unread;
            assert_eq!(unread, [Unread { line: 2, message: expect.to_owned() }], "{lines}");
        };
        check("DTSTART:20261224T120000Z", "`Day` is not of whole days.");
        check("DTSTART:20261224\r\nDURATION:PT4H", "`Day` is not of whole days.");
        check("DTSTART:20261224\r\nDURATION:P999999W", "`Day` is not of whole days.");
        check("CLASS:PUBLIC", "`Day` says no DTSTART.");
        let rule = "DTSTART:20261224\r\nRRULE:FREQ=WEEKLY";
        check(rule, "`Day` comes again as `FREQ=WEEKLY` says, which is not a rule of years.");
        assert!(event("DTSTART:20261224\r\nSTATUS:CANCELLED").ranges.is_empty());
    }

    #[test]
    fn a_rule_of_years_finds_its_days() {
        let check = |lines: &str, hits: &[Date], misses: &[Date]| {
            let found = event(lines);
            let rule = found.recurrences.first().unwrap();
            hits.iter().for_each(|date| assert!(rule.contains(*date), "{lines} at {date}"));
            misses.iter().for_each(|date| assert!(!rule.contains(*date), "{lines} at {date}"));
        };
        let thanksgiving = "DTSTART:20201126\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH";
        check(thanksgiving, &[date(2026, 11, 26), date(2027, 11, 25)], &[date(2026, 11, 19), date(2019, 11, 28)]);
        let memorial = "DTSTART:20200525\r\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO";
        check(memorial, &[date(2026, 5, 25), date(2027, 5, 31)], &[date(2027, 5, 24)]);
        let victoria = "DTSTART:20200518\r\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=MO;BYMONTHDAY=18,19,20,21,22,23,24";
        check(victoria, &[date(2026, 5, 18), date(2027, 5, 24)], &[date(2026, 5, 25)]);
        let two = "DTSTART:20201225\r\nDTEND:20201227\r\nRRULE:FREQ=YEARLY\r\nEXDATE:20271225";
        check(two, &[date(2026, 12, 26), date(2028, 12, 25)], &[date(2026, 12, 27), date(2027, 12, 25)]);
        let leap = "DTSTART:20240229\r\nRRULE:FREQ=YEARLY;INTERVAL=4;COUNT=2";
        check(leap, &[date(2024, 2, 29), date(2028, 2, 29)], &[date(2032, 2, 29)]);
        let until = "DTSTART:20240501\r\nRRULE:FREQ=YEARLY;UNTIL=20260501T000000Z";
        check(until, &[date(2026, 5, 1)], &[date(2027, 5, 1)]);
        let last = "DTSTART:20241231\r\nRRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-1";
        check(last, &[date(2026, 12, 31)], &[date(2026, 12, 30)]);
    }
}
