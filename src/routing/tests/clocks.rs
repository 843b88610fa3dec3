//! The clocks of one ticket, from its first word to its last.

use app::model::Status;
use jiff::SignedDuration;

use super::super::outcome::local;
use super::*;

/// `pending@11:00 replied@10:00`: what happened, each at a time of Monday or, as `+1/10:00`, so many days later.
fn facts(events: &str) -> Facts {
    let event = |word: &str| {
        let (what, time) = word.split_once('@').unwrap();
        let what = match what {
            "replied" => What::Replied,
            "wrote" => What::Wrote,
            status => What::Status(Status::try_from(status.to_owned()).unwrap()),
        };
        Event { at: time_of(time), what }
    };
    let events = events.split_whitespace().map(event).collect();
    Facts { locale: "en".to_owned(), opened_at: time_of("09:00"), events, ..Facts::default() }
}

fn time_of(time: &str) -> Timestamp {
    let (day, time) = time.split_once('/').map_or((0, time), |(day, time)| (day.parse().unwrap(), time));
    at(&format!("2026-11-{}T{time}[Europe/Berlin]", 23 + day))
}

/// Every promise of a ticket with normal priority by the Standard agreement, at a time.
fn check(events: &str, now: &str, expect: &[&str]) {
    let standing = Standing { class: "general", priority: Priority::Normal, agent: None };
    let rules = rules();
    let promised = promise(&rules, &facts(events), &standing, time_of(now));
    let told: Vec<String> = promised.promises.iter().map(|promise| tell(promise, time_of(now))).collect();
    assert_eq!(told, expect, "{events} at {now}");
}

fn tell(promise: &Promise, now: Timestamp) -> String {
    let due = promise.due_at.map_or("-".to_owned(), |due| local(due, &promise.zone)[4..].to_owned());
    let marks = [(promise.paused, " paused"), (promise.met_at.is_some(), " met"), (promise.is_late(now), " late")];
    let marks: String = marks.into_iter().filter_map(|(is, mark)| is.then_some(mark)).collect();
    format!("{} {:#} {due}{marks}", promise.target.name(), promise.used)
}

#[test]
fn clocks_run_while_it_is_on_us() {
    check("", "10:00", &["first_reply 1h 2026-11-23 18:00", "solve 1h 2026-11-30 10:00"]);
    let answered = ["first_reply 1h 2026-11-23 18:00 met", "solve 2h 2026-11-30 10:00"];
    check("replied@10:00 open@10:00", "11:00", &answered);
    check("", "+1/09:00", &["first_reply 8h 2026-11-23 18:00 late", "solve 8h 2026-11-30 10:00"]);
    let late = ["first_reply 10h 2026-11-23 18:00 met late", "solve 10h 2026-11-30 10:00"];
    check("replied@+1/11:00", "+1/11:00", &late);
}

#[test]
fn clocks_stand_still_while_the_requester_is_asked() {
    let waits = ["first_reply 1h 2026-11-23 18:00 met", "solve 1h - paused"];
    check("replied@10:00 pending@10:00", "12:00", &waits);
    check("replied@10:00 pending@10:00", "+2/12:00", &waits);
    // Two open hours later than without the question.
    let again = ["first_reply 1h 2026-11-23 18:00 met", "next_reply 0s 2026-11-24 12:00", "solve 1h 2026-11-30 12:00"];
    check("replied@10:00 pending@10:00 wrote@12:00 open@12:00", "12:00", &again);
    // By night nothing is lost or won.
    let night = ["first_reply 1h 2026-11-23 18:00 met", "next_reply 0s 2026-11-24 18:00", "solve 8h 2026-11-30 10:00"];
    check("replied@10:00 pending@18:00 wrote@22:00 open@22:00", "23:00", &night);
}

#[test]
fn what_was_late_stays_late_while_the_requester_is_asked() {
    let late = ["first_reply 8h 2026-11-23 18:00 paused late", "solve 8h - paused"];
    check("pending@+1/09:00", "+1/12:00", &late);
}

#[test]
fn a_further_reply_is_due_once_the_requester_wrote_and_nobody_answered() {
    let first = "first_reply 1h 2026-11-23 18:00 met";
    check(
        "replied@10:00 wrote@11:00",
        "11:30",
        &[first, "next_reply 30m 2026-11-24 11:00", "solve 2h 30m 2026-11-30 10:00"],
    );
    // Who writes twice does not begin the waiting anew.
    check(
        "replied@10:00 wrote@11:00 wrote@12:00",
        "12:00",
        &[first, "next_reply 1h 2026-11-24 11:00", "solve 3h 2026-11-30 10:00"],
    );
    check("replied@10:00 wrote@11:00 replied@11:30", "12:00", &[first, "solve 3h 2026-11-30 10:00"]);
    check("wrote@09:30 replied@10:00", "12:00", &[first, "solve 3h 2026-11-30 10:00"]);
}

#[test]
fn solved_is_done_and_opened_again_goes_on() {
    let first = "first_reply 1h 2026-11-23 18:00 met";
    check("replied@10:00 solved@10:00", "15:00", &[first, "solve 1h 2026-11-30 10:00 met"]);
    check("replied@10:00 solved@10:00 closed@+1/10:00", "+2/15:00", &[first, "solve 1h 2026-11-30 10:00 met"]);
    let again = [first, "next_reply 0s 2026-11-25 18:00", "solve 1h 2026-12-01 18:00"];
    check("replied@10:00 solved@10:00 wrote@+2/09:00 open@+2/09:00", "+2/09:00", &again);
    assert!(facts("solved@10:00 open@11:00").reopened());
    assert!(!facts("solved@10:00").reopened());
    assert!(!facts("open@10:00").reopened());
}

#[test]
fn steps_are_told_with_their_times_and_stop_with_the_clock() {
    let rules = rules();
    let standing = Standing { class: "general", priority: Priority::High, agent: Some("ada@example.com") };
    let steps = |events: &str| {
        let steps = promise(&rules, &facts(events), &standing, time_of("09:30")).steps;
        let tell =
            |step: &Step| format!("{} {} {}", step.target.name(), step.moment, &local(step.at, "Europe/Berlin")[4..]);
        steps.iter().map(tell).collect::<Vec<_>>()
    };
    let first = [
        "first_reply 50% 2026-11-23 10:00",
        "first_reply 80% 2026-11-23 10:36",
        "first_reply breach 2026-11-23 11:00",
        "first_reply +2h 2026-11-23 14:00",
        "solve 80% 2026-11-24 14:48",
        "solve breach 2026-11-24 18:00",
    ];
    assert_eq!(steps(""), first);
    assert_eq!(steps("replied@09:20"), first[4..]);
    assert!(steps("replied@09:20 pending@09:20").is_empty());
}

#[test]
fn a_clock_alone_can_be_asked_for_any_share() {
    let rules = rules();
    let pauses = vec![Pause { from: time_of("10:00"), until: Some(time_of("11:00")) }];
    let calendar = &rules.calendars["berlin"];
    let clock = Clock { calendar, within: SignedDuration::from_hours(2), started_at: time_of("09:00"), pauses };
    assert_eq!(clock.reaches(SignedDuration::from_mins(60)), Some(time_of("10:00")));
    assert_eq!(clock.reaches(SignedDuration::from_mins(61)), Some(time_of("11:01")));
    assert_eq!(clock.read(time_of("10:30")).remaining, SignedDuration::from_mins(60));
    assert_eq!(clock.read(time_of("14:00")).remaining, SignedDuration::from_mins(-60));
}
