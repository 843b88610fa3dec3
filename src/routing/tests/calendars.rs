//! Open time on days when something is odd.

use jiff::SignedDuration;

use super::super::outcome::local;
use super::*;

fn calendar(zone: &str, hours: &str) -> Calendar {
    let text = format!("calendars: {{ it: {{ time_zone: {zone}, hours: {{ mon-sun: \"{hours}\" }} }} }}");
    let (rules, problems) = read(&text);
    rules.unwrap_or_else(|| panic!("{problems:#?}")).calendars.remove("it").unwrap()
}

#[test]
fn a_day_has_as_many_open_hours_as_it_has() {
    let check = |zone: &str, hours: &str, day: &str, next: &str, minutes: i64| {
        let open =
            calendar(zone, hours).between(at(&format!("{day}T00:00[{zone}]")), at(&format!("{next}T00:00[{zone}]")));
        assert_eq!(open, SignedDuration::from_mins(minutes), "{hours} on {day} in {zone}");
    };
    let berlin = "Europe/Berlin";
    check(berlin, "00:00-24:00", "2026-03-28", "2026-03-29", 24 * 60);
    check(berlin, "00:00-24:00", "2026-03-29", "2026-03-30", 23 * 60);
    check(berlin, "00:00-24:00", "2026-10-25", "2026-10-26", 25 * 60);
    check("Australia/Lord_Howe", "00:00-24:00", "2026-10-04", "2026-10-05", 23 * 60 + 30);
    // 02:30 is skipped and counts as 03:30; then 03:00 comes before it, and nothing is open.
    check(berlin, "02:30-03:00", "2026-03-29", "2026-03-30", 0);
    check(berlin, "02:30-04:00", "2026-03-29", "2026-03-30", 30);
    check(berlin, "01:00-02:30", "2026-03-29", "2026-03-30", 90);
    // From 01:00 to 03:30 and from 03:10 to 05:00 is from 01:00 to 05:00 on a clock that jumps from 02:00 to 03:00.
    check(berlin, "01:00-02:30, 03:10-05:00", "2026-03-29", "2026-03-30", 180);
    // 02:30 is shown twice, and is the first of both.
    check(berlin, "02:00-02:30", "2026-10-25", "2026-10-26", 30);
    check(berlin, "02:30-03:00", "2026-10-25", "2026-10-26", 90);
    check(berlin, "22:00-06:00", "2026-03-29", "2026-03-30", 5 * 60 + 2 * 60);
    // The clock jumps at midnight.
    check("America/Santiago", "00:00-24:00", "2026-09-06", "2026-09-07", 23 * 60);
    check("America/Santiago", "00:00-01:00", "2026-09-06", "2026-09-07", 0);
    // There was no 30 December.
    check("Pacific/Apia", "09:00-17:00", "2011-12-29", "2011-12-31", 8 * 60);
}

#[test]
fn a_holiday_closes_from_midnight_to_midnight() {
    let text = "calendars: { it: { time_zone: UTC, hours: { mon-sun: 22:00-06:00 }, holidays: [2026-05-01] } }";
    let night = read(text).0.unwrap().calendars.remove("it").unwrap();
    let check = |time: &str, open: bool| assert_eq!(night.is_open(at(&format!("{time}[UTC]"))), open, "{time}");
    check("2026-04-30T23:59", true);
    check("2026-05-01T00:00", false);
    check("2026-05-01T23:00", false);
    check("2026-05-02T00:00", true);
    check("2026-05-02T06:00", false);
}

#[test]
fn what_is_due_is_exact_to_the_second() {
    let office = calendar("Europe/Berlin", "09:00-17:00");
    let check = |from: &str, minutes: i64, expect: &str| {
        let due = office.due(at(&format!("{from}[Europe/Berlin]")), SignedDuration::from_mins(minutes));
        assert_eq!(due, Some(at(&format!("{expect}[Europe/Berlin]"))), "{minutes} minutes from {from}");
    };
    check("2026-11-23T16:59:30", 1, "2026-11-24T09:00:30");
    check("2026-11-23T16:00:00", 60, "2026-11-23T17:00:00");
    check("2026-11-23T17:00:00", 0, "2026-11-24T09:00:00");
    check("2026-11-23T03:00:00", 0, "2026-11-23T09:00:00");
    check("2026-11-23T12:00:00", 0, "2026-11-23T12:00:00");
    check("2026-11-23T17:00:00", 8 * 60, "2026-11-24T17:00:00");
}

#[test]
fn a_calendar_that_never_opens_again_has_nothing_due() {
    let text = "calendars: { it: { time_zone: UTC, hours: { mon: 09:00-10:00 }, holidays: [2020-01-01..2099-12-31] } }";
    let shut = read(text).0.unwrap().calendars.remove("it").unwrap();
    assert_eq!(shut.due(at("2026-11-23T09:00[UTC]"), SignedDuration::from_mins(1)), None);
    assert!(!shut.is_open(at("2026-11-23T09:30[UTC]")));
}

#[test]
fn the_same_minutes_are_due_at_other_times_elsewhere() {
    let rules = rules();
    let check = |name: &str, expect: &str| {
        let calendar = &rules.calendars[name];
        let due = calendar.due(at("2026-03-27T15:00[Europe/Berlin]"), SignedDuration::from_hours(4)).unwrap();
        assert_eq!(local(due, calendar.zone.iana_name().unwrap()), expect, "{name}");
    };
    check("berlin", "Mon 2026-03-30 12:00");
    check("new-york", "Fri 2026-03-27 14:00");
    check("dubai", "Sun 2026-03-29 12:00");
    check("sydney", "Mon 2026-03-30 13:00");
    check("night", "Sat 2026-03-28 02:00");
    check("always", "Fri 2026-03-27 18:00");
}
