//! `tickets.txt`: a ticket a line, with what must become of it.

use std::fmt::Write;

use jiff::SignedDuration;

use super::*;

const TICKETS: &str = include_str!("tickets.txt");

#[test]
fn a_hundred_tickets_go_where_they_belong() {
    let rules = rules();
    let (mut count, mut wrong) = (0, String::new());
    for (line, number) in TICKETS.lines().zip(1..).filter(|(line, _)| !line.is_empty() && !line.starts_with('#')) {
        let parts: Vec<&str> = line.split(" | ").map(str::trim).collect();
        let [opened, who, words, expect, due] = parts[..] else { panic!("line {number} has not five parts: {line}") };
        let (facts, staffing) = ticket(opened, who, words);
        let routed = route(&rules, &facts, None, &staffing, facts.opened_at);
        let found = (outcome(&routed), times(&routed));
        if found != (expect.to_owned(), due.to_owned()) {
            writeln!(wrong, "{number}: {opened} | {who} | {words} | {} | {}\n{routed}", found.0, found.1).unwrap();
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "not as the table says; this is what came out:\n{wrong}");
    assert_eq!(count, 100);
}

fn outcome(routed: &Routed) -> String {
    let name = |email: &Option<String>| match email {
        Some(email) => email.trim_end_matches("@example.com").to_owned(),
        None => "nobody".to_owned(),
    };
    let group = routed.group.as_deref().unwrap_or("none");
    format!("{} {} {group} {}", routed.class, routed.priority.name(), name(&routed.agent))
}

/// First reply and solution, by the clock of the agreement's calendar and its offset: each is one instant.
fn times(routed: &Routed) -> String {
    let shown = |due: Timestamp, zone: &str| due.in_tz(zone).unwrap().strftime("%a %Y-%m-%d %H:%M%:z").to_string();
    let due = |promise: &Promise| promise.due_at.map_or("never".to_owned(), |due| shown(due, &promise.zone));
    routed.promises.iter().map(due).collect::<Vec<_>>().join(", ")
}

/// `who`: words as `plan=pro`, `?field=answer`, `history=3`, `bad=1`, `@agent=away|none|<open tickets>`; `_` for a
/// space. An agent's open tickets may be followed by `/` and how many hours ago they got the last one.
pub(super) fn ticket(opened: &str, who: &str, words: &str) -> (Facts, Staffing) {
    let opened_at = at(opened);
    let (subject, text) = words.split_once(" // ").unwrap_or((words, ""));
    let mut facts = Facts {
        form: "question".to_owned(),
        locale: "en".to_owned(),
        subject: subject.to_owned(),
        text: text.to_owned(),
        email: Some("kim@customer.example".to_owned()),
        opened_at,
        ..Facts::default()
    };
    let mut staffing = staff();
    let past = |days: i64| Past { opened_at: opened_at - SignedDuration::from_hours(24 * days), ..Past::default() };
    for (key, value) in who.split_whitespace().map(|word| word.split_once('=').unwrap_or((word, ""))) {
        let value = value.replace('_', " ");
        match key {
            "form" => facts.form = value,
            "plan" => facts.plan = Some(value),
            "locale" => facts.locale = value,
            "from" => facts.email = Some(value),
            "topic" => facts.topics.push(value),
            "priority" => facts.priority = value.try_into().unwrap(),
            "history" => facts.history.extend((1..=value.parse().unwrap()).map(past)),
            "old" => facts.history.extend((31..=30 + value.parse::<i64>().unwrap()).map(past)),
            "bad" => facts.history.push(Past { rated_bad: true, ..past(60) }),
            "-" => {}
            _ if key.starts_with('?') => _ = facts.answers.insert(key[1..].to_owned(), value),
            _ => stand(&mut staffing, key.strip_prefix('@').unwrap(), &value, opened_at),
        }
    }
    (facts, staffing)
}

/// A usual day.
pub(super) fn staff() -> Staffing {
    let open = [
        ("ada", 3),
        ("ben", 4),
        ("cleo", 5),
        ("dana", 6),
        ("emil", 1),
        ("fay", 2),
        ("gus", 7),
        ("hana", 1),
        ("ivan", 2),
    ];
    open.map(|(name, open)| (format!("{name}@example.com"), Load { open, ..Load::default() })).into()
}

fn stand(staffing: &mut Staffing, name: &str, how: &str, now: Timestamp) {
    let email = format!("{name}@example.com");
    let load = staffing.get_mut(&email).unwrap_or_else(|| panic!("there is no {name}"));
    match how {
        "none" => _ = staffing.remove(&email),
        "away" => load.away = true,
        _ => {
            let (open, hours) = how.split_once('/').unwrap_or((how, ""));
            load.open = open.parse().unwrap();
            load.assigned_at = hours.parse().ok().map(|hours| now - SignedDuration::from_hours(hours));
        }
    }
}
