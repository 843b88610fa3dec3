//! Alerts: which a ticket is cause for, who is told, and what is wrong with one.

use std::collections::BTreeSet;

use super::table::ticket;
use super::*;

const ALERTS: &str = r#"
alerts:
  - { name: Angry, when: { angry: true }, notify: [assignee, slack] }
  - { name: VIP, when: { vip: true }, notify: [boss@example.com, webhook.Ops] }
  - { name: Polite and urgent, when: { angry: false, priority: urgent }, notify: night-watch }
  - name: Many at once
    burst: { tickets: 5, within: 1h 30m, of: [query, article] }
    notify: [night-watch, slack]
"#;

fn read_all(alerts: &str) -> Rules {
    let (rules, problems) = read(&format!("{RULES}{alerts}"));
    rules.unwrap_or_else(|| panic!("{problems:#?}"))
}

#[test]
fn a_ticket_is_cause_for_these_alerts() {
    let rules = read_all(ALERTS);
    let check = |who: &str, words: &str, expect: &[&str]| {
        let (facts, staffing) = ticket("2026-11-23T10:00[Europe/Berlin]", who, words);
        let routed = route(&rules, &facts, None, &staffing, facts.opened_at);
        let tell = |it: &Raised| format!("{}: {}; tell {}", it.alert, it.because, it.notify.join(", "));
        assert_eq!(routed.alerts.iter().map(tell).collect::<Vec<_>>(), expect, "{words}");
        let fired = routed.why.iter().filter(|fired| fired.what == "alert" && fired.line.is_some());
        assert_eq!(fired.count(), expect.len());
    };
    check("-", "Where is my invoice?", &[]);
    check("-", "An invoice // This is awful.", &["Angry: it says “awful”; tell emil@example.com, slack"]);
    check("-", "A leak", &["Polite and urgent: nothing in it is angry, the priority is urgent; tell hana@example.com"]);
    let vip = "VIP: eve@board.example is a VIP; tell boss@example.com, webhook.Ops";
    check("from=eve@board.example", "An invoice", &[vip]);
    let nobody = "Angry: it says “unacceptable”; tell slack";
    check("from=eve@board.example @emil=none @fay=none", "Unacceptable invoices", &[nobody, vip]);
}

#[test]
fn what_is_written_later_is_looked_at_alone() {
    let rules = read_all(ALERTS);
    let check = |text: &str, expect: &[&str]| {
        let (facts, _) = ticket("2026-11-23T10:00[Europe/Berlin]", "-", &format!(" // {text}"));
        let standing = Standing { class: "billing", priority: Priority::Normal, agent: Some("ada@example.com") };
        let raised = alerts(&rules, &facts, &standing, facts.opened_at);
        assert_eq!(raised.iter().map(|it| it.alert.as_str()).collect::<Vec<_>>(), expect, "{text}");
    };
    check("Thank you", &[]);
    check("I am furious", &["Angry"]);
}

#[test]
fn five_languages_are_angry() {
    let rules = read_all(ALERTS);
    let check = |locale: &str, words: &str, expect: bool| {
        let (facts, staffing) = ticket("2026-11-23T10:00[Europe/Berlin]", &format!("locale={locale}"), words);
        let routed = route(&rules, &facts, None, &staffing, facts.opened_at);
        assert_eq!(routed.alerts.iter().any(|it| it.alert == "Angry"), expect, "{words}");
    };
    check("en", "I have had enough of this", true);
    check("en", "How do I change my address?", false);
    check("de-AT", "Das ist eine Frechheit", true);
    check("de", "Wie ändere ich meine Adresse?", false);
    check("fr", "C’est inadmissible", true);
    check("fr", "Comment changer mon adresse ?", false);
    check("es", "Estoy harta de esperar", true);
    check("es", "¿Cómo cambio mi dirección?", false);
    check("ar", "هذا غير مقبول", true);
    check("ar", "كيف أغيّر عنواني؟", false);
}

#[test]
fn other_words_may_be_angry() {
    let rules = read_all(&format!("angry: {{ en: [pineapple], any: [grr] }}{ALERTS}"));
    let check = |locale: &str, words: &str, expect: usize| {
        let (facts, staffing) = ticket("2026-11-23T10:00[Europe/Berlin]", &format!("locale={locale}"), words);
        assert_eq!(route(&rules, &facts, None, &staffing, facts.opened_at).alerts.len(), expect, "{words}");
    };
    check("en", "Pineapple!", 1);
    check("de", "Grr", 1);
    check("en", "This is awful", 0);
}

#[test]
fn a_burst_says_what_it_looks_at() {
    let rules = read_all(ALERTS);
    let burst = rules.alerts.iter().find_map(Alert::burst).unwrap();
    assert_eq!((burst.tickets, burst.within.as_mins()), (5, 90));
    assert_eq!(burst.of, [Shared::Query, Shared::Article]);
    let now = at("2026-01-12T10:00[Europe/Berlin]");
    assert_eq!(rules.alerts.last().unwrap().told(&rules, now), ["ivan@example.com", "slack"]);
}

#[test]
fn faults_of_alerts_are_told() {
    let check = |alert: &str, expect: &[&str]| {
        let (_, problems) = read(&format!("alerts:\n  - {{ {alert} }}\n"));
        let told: Vec<_> = problems.iter().map(|it| format!("{} {}", it.kind, it.message)).collect();
        assert_eq!(told, expect, "{alert}");
    };
    check("name: A, when: { vip: true }, notify: slack", &[]);
    check("name: A, when: { vip: true }", &["missing-key An alert says no `notify`."]);
    check("when: {}, notify: slack", &["missing-key An alert says no `name`."]);
    check("name: A, notify: slack", &["missing-key An alert says neither `when` nor `burst`."]);
    let burst = "burst: { tickets: 3, within: 1h }";
    check(
        &format!("name: A, when: {{}}, {burst}, notify: slack"),
        &["missing-key An alert says both `when` and `burst`."],
    );
    check(
        &format!("name: A, {burst}, notify: assignee"),
        &["unknown-recipient There is no group or rotation `assignee`."],
    );
    check("name: A, when: {}, notify: slac", &["unknown-recipient There is no group or rotation `slac`."]);
    check(
        "name: A, burst: { tickets: 1, within: soon, of: word }, notify: slack",
        &[
            "bad-value `tickets` is 1.",
            "bad-value `within` is `soon`.",
            "bad-value `word` is not something that tickets have in common.",
        ],
    );
    let two = "name: A, when: {}, notify: slack }\n  - { name: A, when: {}, notify: slack";
    check(two, &["bad-value There are two alerts `A`."]);
}

#[test]
fn a_channel_must_be_one_of_the_settings() {
    let rules = read_all(ALERTS);
    let known = |names: &[&str]| {
        let names: BTreeSet<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let problems = rules.check_against("routing.yml", &Known::from([(Kind::Channel, names)]));
        problems.iter().map(|it| format!("{} {}", it.message, it.cure)).collect::<Vec<_>>()
    };
    assert_eq!(known(&["slack", "webhook.Ops"]), Vec::<String>::new());
    assert_eq!(known(&["slack"]), ["There is no channel `webhook.Ops`. Take one of slack."]);
    let (told, none) = (known(&[]), "Set one up in the settings");
    assert!(told.len() == 3 && told.iter().all(|it| it.contains(none)), "{told:?}");
    let (_, problems) = read("agents: { ada@example.com: {} }\ngroups: { slack: { agents: ada@example.com } }\n");
    assert_eq!(problems[0].message, "`slack` is a channel that deeds are delivered to.");
}

#[test]
fn who_has_a_ticket_already_is_told_in_the_place_of_who_would_get_it() {
    let rules = read_all(ALERTS);
    let (facts, staffing) = ticket("2026-11-23T10:00[Europe/Berlin]", "-", "An invoice // This is awful.");
    let routed = route(&rules, &facts, Some("ada@example.com"), &staffing, facts.opened_at);
    assert_eq!(routed.agent.as_deref(), Some("ada@example.com"));
    assert_eq!(routed.alerts[0].notify, ["ada@example.com", "slack"]);
}
