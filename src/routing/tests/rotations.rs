//! Who is on call, and when they hand over.

use super::super::notify::told;
use super::super::outcome::local;
use super::*;

#[test]
fn agents_take_turns_and_hand_over_by_the_wall_clock() {
    let rules = rules();
    let check = |time: &str, expect: &str| {
        let turn = rules.on_call["night-watch"].turn(at(&format!("{time}[Europe/Berlin]")));
        let name = |email: &str| email.trim_end_matches("@example.com").to_owned();
        let tell =
            |turn: Turn<'_>| format!("{} {} {}", name(turn.agent), local(turn.until, "Europe/Berlin"), name(turn.next));
        assert_eq!(turn.map_or("nobody".to_owned(), tell), expect, "{time}");
    };
    check("2026-01-05T08:59", "nobody");
    check("2026-01-05T09:00", "hana Mon 2026-01-12 09:00 ivan");
    check("2026-01-12T08:59", "hana Mon 2026-01-12 09:00 ivan");
    check("2026-01-12T09:00", "ivan Mon 2026-01-19 09:00 hana");
    // At nine in the morning, whatever became of the hour.
    check("2026-03-30T08:59", "ivan Mon 2026-03-30 09:00 hana");
    check("2026-03-30T09:00", "hana Mon 2026-04-06 09:00 ivan");
    check("2026-10-26T08:59", "ivan Mon 2026-10-26 09:00 hana");
    check("2026-10-26T09:00", "hana Mon 2026-11-02 09:00 ivan");
    // Over Christmas somebody else does it.
    check("2026-12-24T08:00", "hana Thu 2026-12-24 09:00 ada");
    check("2026-12-24T09:00", "ada Sun 2026-12-27 09:00 hana");
    check("2026-12-27T09:00", "hana Mon 2026-12-28 09:00 ivan");
}

#[test]
fn whoever_is_told_is_told_as_a_person() {
    let rules = rules();
    let now = at("2026-01-12T10:00[Europe/Berlin]");
    let check =
        |name: &str, expect: &[&str]| assert_eq!(told(&rules, [name], Some("ada@example.com"), now), expect, "{name}");
    check("assignee", &["ada@example.com"]);
    check("night-watch", &["ivan@example.com"]);
    check("first-line", &["hana@example.com", "ivan@example.com"]);
    check("Boss@example.com", &["boss@example.com"]);
    check("slack", &["slack"]);
    check("webhook.Ops", &["webhook.Ops"]);
    assert!(told(&rules, ["assignee"], None, now).is_empty());
    let once = told(&rules, ["first-line", "hana@example.com", "slack"], None, now);
    assert_eq!(once, ["hana@example.com", "ivan@example.com", "slack"]);
}
