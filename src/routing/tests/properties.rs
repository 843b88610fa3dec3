//! What holds for any calendar and any time.

use jiff::{SignedDuration, Timestamp, ToSpan};
use proptest::prelude::*;

use super::*;
use crate::routing::calendar::Calendar;

/// Clocks that jump by an hour in either half of the year, by half an hour, at midnight, never, over a whole day.
const ZONES: [&str; 9] = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "America/Santiago",
    "America/Nuuk",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Pacific/Apia",
];
/// Hours away from where clocks jump, all day, over midnight, and in the hours that are skipped and shown twice.
const TAME: [&str; 5] = ["09:00-17:00", "09:00-12:30, 13:30-18:00", "00:00-24:00", "06:15-22:45", "05:00-06:00"];
const WILD: [&str; 6] = [
    "22:00-06:00",
    "23:10-23:30, 00:00-01:00",
    "02:15-02:45",
    "01:00-02:30, 02:40-03:10",
    "00:00-00:30",
    "23:45-00:15",
];

fn calendar(zone: &str, days: &str, hours: &str) -> Calendar {
    let text = format!(
        "calendars:\n  it:\n    time_zone: {zone}\n    hours: {{ {days}: \"{hours}\" }}\n    holidays: [12-25, 2026-03-30]\n"
    );
    let (rules, problems) = read(&text);
    rules.unwrap_or_else(|| panic!("{text}{problems:#?}")).calendars.remove("it").unwrap()
}

fn calendars(hours: &'static [&'static str]) -> impl Strategy<Value = Calendar> {
    let days = prop::sample::select(vec!["mon-sun", "mon-fri", "sun-thu", "sat", "fri-mon"]);
    (prop::sample::select(ZONES.to_vec()), days, prop::sample::select(hours.to_vec()))
        .prop_map(|(zone, days, hours)| calendar(zone, days, hours))
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    prop_oneof![calendars(&TAME), calendars(&WILD)]
}

/// Seconds too; two years, and one in which Apia leaves out a day.
fn times() -> impl Strategy<Value = Timestamp> {
    prop_oneof![1_767_225_600..1_830_297_600_i64, 1_322_697_600..1_325_376_000_i64]
        .prop_map(|second| Timestamp::from_second(second).unwrap())
}

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

/// Open minutes counted one by one, by what the wall clock shows.
fn counted(calendar: &Calendar, from: Timestamp, to: Timestamp) -> SignedDuration {
    let open = |at: Timestamp| {
        let shown = calendar.zone.to_datetime(at);
        let minute = i16::from(shown.hour()) * 60 + i16::from(shown.minute());
        let hours = calendar.week.of(shown.date().weekday());
        !calendar.holidays.contains(shown.date()) && hours.iter().any(|it| it.from <= minute && minute < it.to)
    };
    let each = std::iter::successors(Some(from), |at| at.checked_add(1.minute()).ok()).take_while(|at| *at < to);
    minutes(i64::try_from(each.filter(|at| open(*at)).count()).unwrap())
}

fn pauses(from: Timestamp, gaps: &[(i64, i64)]) -> Vec<Pause> {
    let mut at = from;
    let mut pauses = Vec::new();
    for (after, long) in gaps {
        let begun = at + minutes(*after);
        at = begun + minutes(*long);
        pauses.push(Pause { from: begun, until: Some(at) });
    }
    pauses
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_due_is_due_when_somebody_is_there(calendar in any_calendar(), from in times(), open in 0..6000_i64) {
        let due = calendar.due(from, minutes(open)).unwrap();
        // The last open instant is the one before: at 17:00 whoever worked until 17:00 is just gone.
        let there = calendar.is_open(due) || calendar.is_open(due - SignedDuration::from_nanos(1));
        prop_assert!(there, "{due} is closed");
        prop_assert!(due >= from);
    }

    #[test]
    fn as_much_time_passes_until_it_is_due_as_was_given(calendar in any_calendar(), from in times(), open in 0..6000_i64) {
        let due = calendar.due(from, minutes(open)).unwrap();
        prop_assert_eq!(calendar.between(from, due), minutes(open));
    }

    #[test]
    fn more_time_is_never_due_sooner(calendar in any_calendar(), from in times(), open in 0..6000_i64, more in 1..600_i64) {
        prop_assert!(calendar.due(from, minutes(open)) < calendar.due(from, minutes(open + more)) || open == 0);
        prop_assert!(calendar.due(from, minutes(open)) <= calendar.due(from, minutes(open + more)));
        prop_assert!(calendar.due(from, minutes(open)) <= calendar.due(from + minutes(more), minutes(open)));
    }

    #[test]
    fn time_adds_up(calendar in any_calendar(), from in times(), a in 0..40_000_i64, b in 0..40_000_i64) {
        let (middle, end) = (from + minutes(a), from + minutes(a + b));
        let parts = calendar.between(from, middle) + calendar.between(middle, end);
        prop_assert_eq!(parts, calendar.between(from, end));
        prop_assert!(parts <= minutes(a + b));
        prop_assert_eq!(calendar.between(end, from), SignedDuration::ZERO);
    }

    #[test]
    fn open_time_is_what_a_wall_clock_shows(calendar in calendars(&TAME), minute in 29_453_760..30_504_960_i64, long in 0..9000_i64) {
        let from = Timestamp::from_second(minute * 60).unwrap();
        let to = from + minutes(long);
        prop_assert_eq!(calendar.between(from, to), counted(&calendar, from, to));
    }

    #[test]
    fn a_pause_never_shortens(
        calendar in any_calendar(),
        from in times(),
        within in 1..3000_i64,
        gaps in prop::collection::vec((0..3000_i64, 1..3000_i64), 0..4),
        passed in 0..20_000_i64,
    ) {
        let plain = Clock { calendar: &calendar, within: minutes(within), started_at: from, pauses: Vec::new() };
        let paused = Clock { pauses: pauses(from, &gaps), ..plain.clone() };
        let now = from + minutes(passed);
        let (plain, paused) = (plain.read(now), paused.read(now));
        prop_assert!(paused.due_at.unwrap() >= plain.due_at.unwrap());
        prop_assert!(paused.used <= plain.used);
        prop_assert_eq!(paused.used + paused.remaining, minutes(within));
        prop_assert_eq!(paused.remaining > SignedDuration::ZERO, now < paused.due_at.unwrap());
    }

    #[test]
    fn no_text_makes_the_reader_fail(text in "[ a-z:{}\\[\\],\n0-9%*&'\"-]{0,80}") {
        let (rules, problems) = read(&text);
        prop_assert!(rules.is_some() != problems.iter().any(|it| it.severity == crate::content::Severity::Error));
    }

    #[test]
    fn no_damage_to_a_file_makes_it_fail(at in 0..6000_usize, cut in 0..60_usize, put in "[ a-z:{}\\[\\],\n0-9%*'-]{0,12}") {
        let at = RULES.floor_char_boundary(at);
        let rest = RULES.floor_char_boundary((at + cut).min(RULES.len()));
        let (rules, _) = read(&format!("{}{put}{}", &RULES[..at.min(rest)], &RULES[rest..]));
        let facts = Facts { locale: "en".to_owned(), plan: Some("enterprise".to_owned()), ..Facts::default() };
        if let Some(rules) = rules {
            let routed = route(&rules, &facts, None, &super::table::staff(), super::at("2026-11-23T10:00[UTC]"));
            prop_assert!(!routed.why.is_empty());
        }
    }

    #[test]
    fn no_pause_is_lost_in_a_ticket(order in prop::collection::vec(0..5_usize, 0..8)) {
        let rules = rules();
        let opened_at = at("2026-11-23T09:00[Europe/Berlin]");
        let statuses = order.iter().zip(1_i64..).map(|(status, hour)| Event {
            at: opened_at + SignedDuration::from_hours(hour),
            what: What::Status(app::model::Status::ALL[*status]),
        });
        let facts = Facts { locale: "en".to_owned(), opened_at, events: statuses.collect(), ..Facts::default() };
        let standing = Standing { class: "general", priority: Priority::Normal, agent: None };
        let now = opened_at + SignedDuration::from_hours(200);
        for promise in promise(&rules, &facts, &standing, now).promises {
            let plain = rules.calendars["berlin"].due(opened_at, promise.within);
            prop_assert!(promise.due_at.is_none() || promise.due_at >= plain);
            prop_assert!(promise.paused || promise.met_at.is_some() || promise.due_at.is_some());
        }
    }
}
