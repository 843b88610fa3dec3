//! Days on which nobody works, said in the settings or in files of calendars.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;

use super::ics::{self, Recurrence};
use crate::content::Severity;
use crate::routing::Files;
use crate::routing::node::Name;
use crate::routing::reader::{Fields, Reader};

#[derive(Debug, Clone, Default)]
pub struct Holidays {
    dates: BTreeSet<Date>,
    /// From one day to another, both included.
    ranges: Vec<(Date, Date)>,
    /// Month and day of every year.
    yearly: BTreeSet<(i8, i8)>,
    recurrences: Vec<Recurrence>,
}

/// How one line says it.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    Once(Date),
    Range(Date, Date),
    Yearly(i8, i8),
}

impl Holidays {
    pub fn contains(&self, date: Date) -> bool {
        self.dates.contains(&date)
            || self.yearly.contains(&(date.month(), date.day()))
            || self.ranges.iter().any(|(from, to)| (*from..=*to).contains(&date))
            || self.recurrences.iter().any(|recurrence| recurrence.contains(date))
    }

    pub(super) fn read(reader: &mut Reader, fields: &Fields<'_>, file: &Files<'_>) -> Self {
        let mut holidays = Self::default();
        for name in reader.texts_of(fields, "holidays") {
            match said(&name.text) {
                Some(said) => holidays.add(said),
                None => {
                    let cure = "Write `2026-12-24`, `2026-12-24..2027-01-01`, or `12-25` for every year.";
                    reader.fault("bad-value", name.at, format!("`{name}` is no holiday."), cure);
                }
            }
        }
        for name in reader.texts_of(fields, "holiday_files") {
            holidays.read_file(reader, &name, file);
        }
        holidays
    }

    fn add(&mut self, said: Said) {
        match said {
            Said::Once(date) => _ = self.dates.insert(date),
            Said::Range(from, to) => self.ranges.push((from, to)),
            Said::Yearly(month, day) => _ = self.yearly.insert((month, day)),
        }
    }

    fn read_file(&mut self, reader: &mut Reader, name: &Name, file: &Files<'_>) {
        let text = match file(name.as_str()) {
            Ok(text) => text,
            Err(error) => {
                let message = format!("The holidays `{name}` cannot be read: {error}.");
                let cure = "Put the file beside routing.yml, or write another name.";
                return reader.fault("bad-value", name.at, message, cure);
            }
        };
        if !text.contains("BEGIN:VCALENDAR") {
            let message = format!("`{name}` is no calendar: there is no BEGIN:VCALENDAR in it.");
            let cure = "Take a file of the iCalendar format (.ics), as calendars export it.";
            return reader.fault("bad-value", name.at, message, cure);
        }
        let found = ics::read(&text);
        self.dates.extend(found.dates);
        self.ranges.extend(found.ranges);
        self.recurrences.extend(found.recurrences);
        for ics::Unread { line, message } in found.unread {
            let cure = "It is passed over; say that day under `holidays`, if people are away then.";
            reader.tell_of(Severity::Warning, name.as_str(), line, message, cure);
        }
    }
}

fn said(text: &str) -> Option<Said> {
    if let Some((from, to)) = text.split_once("..") {
        let (from, to) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
        return (from <= to).then_some(Said::Range(from, to));
    }
    if let Ok(date) = text.parse::<Date>() {
        return Some(Said::Once(date));
    }
    let (month, day) = text.split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    // 2000 is a leap year: 29 February is a day of some years.
    Date::new(2000, month, day).ok().map(|_| Said::Yearly(month, day))
}

/// Days before `date` that a holiday of so many days may have begun, itself among them.
pub(super) fn beginnings(date: Date, days: i32) -> impl Iterator<Item = Date> {
    (0..days).filter_map(move |back| date.checked_sub(back.days()).ok())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_holiday_is_a_day_a_range_or_a_day_of_every_year() {
        let check = |text: &str, expect: Option<Said>| assert_eq!(said(text), expect, "{text:?}");
        check("2026-12-24", Some(Said::Once(date(2026, 12, 24))));
        check("2026-12-24..2027-01-01", Some(Said::Range(date(2026, 12, 24), date(2027, 1, 1))));
        check("2027-01-01..2026-12-24", None);
        check("12-25", Some(Said::Yearly(12, 25)));
        check("02-29", Some(Said::Yearly(2, 29)));
        check("02-30", None);
        check("Christmas", None);
    }
}
