//! Conditions one by one: when they hold, and what they say they saw.

use super::table::ticket;
use super::*;

/// What a rule with this condition saw of a ticket; nothing where it does not hold.
fn check(when: &str, who: &str, expect: Option<&str>) {
    let calendar = "{ time_zone: Europe/Berlin, hours: { mon-fri: 09:00-17:00 } }";
    let text = format!(
        "vips: [\"*@board.example\"]\ncalendars: {{ day: {calendar} }}\nrules:\n  - when: {{ {when} }}\n    tags: seen\n"
    );
    let (rules, problems) = read(&text);
    let rules = rules.unwrap_or_else(|| panic!("{text}{problems:#?}"));
    let (facts, staffing) = ticket("2026-11-23T10:00[Europe/Berlin]", who, "Please refund my invoice");
    let routed = route(&rules, &facts, None, &staffing, facts.opened_at);
    let fired = routed.why.iter().find(|fired| fired.what == "tag");
    assert_eq!(fired.map(|fired| fired.because.as_str()), expect, "{when} of {who}");
}

#[test]
fn each_line_must_hold_and_of_its_values_one() {
    check("", "-", Some("it is for every ticket"));
    check("plan: pro", "plan=pro", Some("the plan is pro"));
    check("plan: [free, pro]", "plan=pro", Some("the plan is pro"));
    check("plan: pro", "-", None);
    check("plan: pro, form: bug", "plan=pro form=bug", Some("the plan is pro, the form is bug"));
    check("plan: pro, form: bug", "plan=pro", None);
    check("class: billing, priority: [normal, high]", "-", Some("the class is billing, the priority is normal"));
    check(
        "answers: { os: [Linux, BSD], area: App }",
        "?os=linux ?area=App",
        Some("the answer to os is linux, the answer to area is App"),
    );
    check("answers: { os: Linux, area: App }", "?os=Linux", None);
    check("topic: guides", "topic=guides/start", Some("the article's topic is guides/start"));
    check("locale: [de, fr]", "locale=fr-CA", Some("the locale is fr-CA"));
    check("locale: de-AT", "locale=de", None);
    check("locale: d", "locale=de", None);
    check("words: [invoice, tax]", "-", Some("it says “invoice”"));
    check("words: { de: invoice }", "-", None);
}

#[test]
fn requesters_are_known_by_address_host_and_history() {
    check("vip: true", "from=eve@Board.Example", Some("eve@Board.Example is a VIP"));
    check("vip: true", "-", None);
    check("vip: false", "-", Some("the requester is no VIP"));
    check("requester: [\"*@acme.example\"]", "from=jo@acme.example", Some("jo@acme.example asks"));
    check("requester: [jo@acme.example]", "from=mo@acme.example", None);
    check("history: { days: 30, tickets: 2 }", "history=3", Some("3 earlier tickets in 30 days"));
    check("history: { days: 30, tickets: 2 }", "old=3", None);
    check(
        "history: { days: 90, tickets: 2, bad_ratings: 1 }",
        "history=1 bad=1",
        Some("2 earlier tickets, 1 rated bad in 90 days"),
    );
    check("history: { days: 90, reopened: 1 }", "history=3", None);
    check("reopened: false", "-", Some("it was not reopened"));
}

#[test]
fn conditions_are_joined_and_turned_round() {
    let either = "any: [{ plan: pro }, { vip: true }]";
    check(either, "from=eve@board.example", Some("eve@board.example is a VIP"));
    check(either, "plan=free", None);
    check("all: [{ plan: pro }, { form: bug }]", "plan=pro form=bug", Some("the plan is pro, the form is bug"));
    check("not: { plan: [free, trial] }", "plan=pro", Some("it is not { plan: [free, trial] }"));
    check("not: { plan: free }", "plan=free", None);
    check("not: { any: [{ plan: free }, { form: idea }] }", "plan=pro form=idea", None);
    check("during: day", "-", Some("`day` is open"));
    check("outside: day", "-", None);
}
