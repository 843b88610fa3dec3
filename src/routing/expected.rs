//! Tickets that operators wrote down, with what must become of them: `routing-tests.yml`.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::assign::{Load, Staffing};
use super::class::answers;
use super::facts::{Facts, Past};
use super::node::{self, Name, Node};
use super::outcome::{Routed, local};
use super::reader::{Fields, Reader};
use super::rules::Rules;
use crate::content::{Problem, Severity};

/// A ticket and what must become of it.
#[derive(Debug, Clone)]
pub struct Expectation {
    pub name: Name,
    pub facts: Facts,
    pub staffing: Staffing,
    /// What is expected of each thing that was decided.
    expect: Vec<(Name, Vec<Name>)>,
}

const TICKET: &[&str] = &[
    "form", "subject", "text", "answers", "locale", "plan", "email", "topic", "tags", "priority", "at", "history",
    "away", "open",
];
const EXPECT: &[&str] = &["class", "priority", "group", "agent", "tags", "desks", "alerts", "first_reply", "solve"];
const WHEN: &str = "Write day, time and zone, as `2026-12-23 17:00 Europe/Berlin`.";

impl Expectation {
    /// Those of the text of `name`. What is wrong with one is told, and it is left out.
    pub fn read(name: &str, text: &str, rules: &Rules, problems: &mut Vec<Problem>) -> Vec<Self> {
        let mut reader = Reader::new(name);
        let mut all = Vec::new();
        match node::parse(text) {
            Ok(node) => {
                for node in reader.list(&node, "The file") {
                    let before = reader.problems.len();
                    let read = Self::of(&mut reader, node, rules);
                    all.extend(read.filter(|_| reader.problems.len() == before));
                }
            }
            Err(broken) => {
                let message = format!("The file cannot be read: {}.", broken.reason);
                reader.fault("bad-yaml", broken.at, message, "Correct it there, or a little above.");
            }
        }
        problems.append(&mut reader.problems);
        all
    }

    pub fn routed(&self, rules: &Rules) -> Routed {
        super::route(rules, &self.facts, None, &self.staffing, self.facts.opened_at)
    }

    /// What is otherwise than expected, with the lines that decided.
    pub fn check(&self, file: &str, rules: &Rules) -> Vec<Problem> {
        let routed = self.routed(rules);
        let wrong = self.expect.iter().filter_map(|(key, wanted)| {
            let found = found(&routed, key.as_str(), wanted)?;
            let list: Vec<_> = wanted.iter().map(Name::as_str).collect();
            let message = format!("{}: {key} is {found}, not {}.", self.name, list.join(", "));
            Some(Problem {
                severity: Severity::Error,
                kind: "routing-test".to_owned(),
                file: file.to_owned(),
                position: Some(key.at),
                message,
                cure: because(&routed, key.as_str()),
            })
        });
        wrong.collect()
    }

    fn of(reader: &mut Reader, node: &Node, rules: &Rules) -> Option<Self> {
        let what = "A test";
        let fields = reader.fields(node, what, &["name", "ticket", "expect"]);
        let name = reader.needed(&fields, "name", what, "Write one, as `name: A refund goes to finance`.");
        let name = name.and_then(|node| reader.text(node, "`name`"));
        let ticket = reader.needed(
            &fields,
            "ticket",
            what,
            "Write one, as `ticket: { subject: Refund, at: 2026-12-23 17:00 Europe/Berlin }`.",
        );
        let ticket = ticket.map(|node| reader.fields(node, "A ticket", TICKET));
        let expect = reader.needed(&fields, "expect", what, "Write it, as `expect: { group: finance }`.");
        let expect = expect.map(|node| reader.fields(node, "`expect`", EXPECT))?;
        let ticket = ticket?;
        let expect = expect.iter().map(|(key, node)| (key.clone(), reader.texts(node, &format!("`{key}`")))).collect();
        Some(Self { name: name?, facts: facts(reader, &ticket), staffing: staffing(reader, &ticket, rules), expect })
    }
}

/// What was decided, where it is not what is wanted.
fn found(routed: &Routed, key: &str, wanted: &[Name]) -> Option<String> {
    let one = |is: &str| (!wanted.iter().all(|it| it.text == is)).then(|| is.to_owned());
    let all = |are: &[String]| {
        let there = wanted.iter().all(|it| are.contains(&it.text));
        (!there).then(|| if are.is_empty() { "none".to_owned() } else { are.join(", ") })
    };
    match key {
        "class" => one(&routed.class),
        "priority" => one(routed.priority.name()),
        "group" => one(routed.group.as_deref().unwrap_or("none")),
        "agent" => one(routed.agent.as_deref().unwrap_or("nobody")),
        "tags" => all(&routed.tags),
        "desks" => all(&routed.desks),
        "alerts" => all(&routed.alerts.iter().map(|raised| raised.alert.clone()).collect::<Vec<_>>()),
        target => {
            let promise = routed.promises.iter().find(|promise| promise.target.name() == target);
            let due = promise.and_then(|promise| Some((promise.due_at?, promise.zone.as_str())));
            let is = |wanted: &Name| due.map(|(due, _)| due) == time(&wanted.text);
            let shown = due.map_or("none".to_owned(), |(due, zone)| format!("due {} {zone}", local(due, zone)));
            (!wanted.iter().all(is)).then_some(shown)
        }
    }
}

/// The lines that decided it.
fn because(routed: &Routed, key: &str) -> String {
    let what = match key {
        "tags" => "tag",
        "desks" => "desk",
        "alerts" => "alert",
        "first_reply" | "solve" => "sla",
        other => other,
    };
    let fired = routed.why.iter().filter(|fired| fired.what == what);
    let lines: Vec<String> = fired.map(|it| format!("{} {}: {}", it.what, it.outcome, it.reason())).collect();
    if lines.is_empty() { "No line decided it.".to_owned() } else { format!("Decided by {}.", lines.join("; ")) }
}

fn facts(reader: &mut Reader, fields: &Fields<'_>) -> Facts {
    let mut text = |key: &str| reader.text_of(fields, key).map(|name| name.text);
    let (form, locale) = (text("form"), text("locale"));
    let (subject, body, plan, email) = (text("subject"), text("text"), text("plan"), text("email"));
    let at = reader.needed(fields, "at", "A ticket", WHEN);
    let opened_at = at.and_then(|node| opened_at(reader, node)).unwrap_or_default();
    let history = fields.get("history").and_then(|node| reader.count(node, "`history`")).unwrap_or(0);
    let priority = reader.text_of(fields, "priority").and_then(|name| reader.priority(&name));
    let answers = fields.get("answers").map(|node| answers(reader, node)).unwrap_or_default();
    let texts = |names: Vec<Name>| names.into_iter().map(|name| name.text).collect::<Vec<_>>();
    Facts {
        form: form.unwrap_or_else(|| "question".to_owned()),
        subject: subject.unwrap_or_default(),
        text: body.unwrap_or_default(),
        answers: answers.into_iter().filter_map(|(field, to)| Some((field.text, to.first()?.text.clone()))).collect(),
        locale: locale.unwrap_or_else(|| "en".to_owned()),
        plan,
        email,
        topics: texts(reader.texts_of(fields, "topic")),
        tags: texts(reader.texts_of(fields, "tags")),
        priority: priority.unwrap_or_default(),
        history: yesterday(opened_at, history),
        opened_at,
        events: Vec::new(),
    }
}

/// So many earlier tickets, all of the day before.
fn yesterday(opened_at: Timestamp, count: u32) -> Vec<Past> {
    let before = opened_at.checked_sub(SignedDuration::from_hours(24)).unwrap_or(Timestamp::MIN);
    (0..count.min(1000)).map(|_| Past { opened_at: before, ..Past::default() }).collect()
}

fn opened_at(reader: &mut Reader, node: &Node) -> Option<Timestamp> {
    let name = reader.text(node, "`at`")?;
    let at = time(&name.text);
    if at.is_none() {
        reader.refuse(name.at, "`at`", format_args!("`{name}`"), WHEN);
    }
    at
}

/// `2026-12-23 17:00 Europe/Berlin`
pub fn time(text: &str) -> Option<Timestamp> {
    let (time, zone) = text.trim().rsplit_once(' ')?;
    let time: DateTime = time.parse().ok()?;
    TimeZone::get(zone).ok()?.to_timestamp(time).ok()
}

/// Everybody is there and has no tickets, unless the test says otherwise.
fn staffing(reader: &mut Reader, fields: &Fields<'_>, rules: &Rules) -> Staffing {
    let mut staffing: Staffing = rules.agents.keys().map(|email| (email.clone(), Load::default())).collect();
    for name in reader.texts_of(fields, "away") {
        load_of(reader, &mut staffing, &name, |load| load.away = true);
    }
    let open = fields.get("open").map(|node| reader.map(node, "`open`"));
    for (name, node) in open.iter().flat_map(Fields::iter) {
        let count: Option<u32> = reader.parsed(node, "`open`", "Write how many tickets the agent has open.");
        load_of(reader, &mut staffing, name, |load| load.open = count.unwrap_or(0));
    }
    staffing
}

fn load_of(reader: &mut Reader, staffing: &mut Staffing, name: &Name, change: impl FnOnce(&mut Load)) {
    match staffing.get_mut(&name.text.to_lowercase()) {
        Some(load) => change(load),
        None => {
            let cure = "Take the address of one of `agents` in routing.yml.";
            reader.fault("unknown-agent", name.at, format!("There is no agent `{name}`."), cure);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const RULES: &str = "\
calendars: { day: { time_zone: Europe/Berlin, hours: { mon-fri: 09:00-17:00 } } }
agents: { ada@example.com: {}, ben@example.com: {} }
groups: { finance: { agents: [ada@example.com, ben@example.com] } }
rules:
  - { when: { class: billing }, group: finance, tags: money }
sla:
  - { name: All, calendar: day, first_reply: 8h }
";

    fn check(tests: &str, expect: &[&str]) {
        let mut problems = Vec::new();
        let rules = Rules::read("routing.yml", RULES, &|_| Ok(String::new()), &mut problems).unwrap();
        let tests = Expectation::read("routing-tests.yml", tests, &rules, &mut problems);
        problems.extend(tests.iter().flat_map(|test| test.check("routing-tests.yml", &rules)));
        let told: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(told, expect);
    }

    #[test]
    fn a_test_that_holds_says_nothing() {
        let ticket = "- name: A refund\n  ticket: { subject: Refund, at: 2026-12-23 17:00 Europe/Berlin, away: ada@example.com }\n";
        check(
            &format!(
                "{ticket}  expect: {{ class: billing, group: finance, agent: ben@example.com, tags: money, \
                 first_reply: 2026-12-24 17:00 Europe/Berlin }}\n"
            ),
            &[],
        );
    }

    #[test]
    fn a_test_that_does_not_hold_says_what_came_out_and_which_line_decided() {
        let ticket = "- name: A refund\n  ticket: { subject: Refund, at: 2026-12-23 17:00 Europe/Berlin }\n";
        check(
            &format!("{ticket}  expect:\n    class: technical\n    tags: urgent\n    solve: 2026-12-24 17:00 UTC\n"),
            &[
                "routing-tests.yml:4:5: error[routing-test]: A refund: class is billing, not technical. \
             Decided by class billing: it says “refund”.",
                "routing-tests.yml:5:5: error[routing-test]: A refund: tags is money, not urgent. \
             Decided by tag money: line 5: the class is billing.",
                "routing-tests.yml:6:5: error[routing-test]: A refund: solve is none, not 2026-12-24 17:00 UTC. \
             Decided by sla All: line 7: it is for every ticket.",
            ],
        );
    }

    #[test]
    fn a_test_that_cannot_be_read_is_told() {
        check(
            "- name: A\n  ticket: { subjct: a, at: noon, away: zoe@example.com }\n  expect: { grup: a }\n",
            &[
                "routing-tests.yml:2:13: error[unknown-key]: A ticket knows no `subjct`. Take one of form, subject, text, \
             answers, locale, plan, email, topic, tags, priority, at, history, away, open.",
                "routing-tests.yml:3:13: error[unknown-key]: `expect` knows no `grup`. Take one of class, priority, group, \
             agent, tags, desks, alerts, first_reply, solve.",
                "routing-tests.yml:2:28: error[bad-value]: `at` is `noon`. Write day, time and zone, as \
             `2026-12-23 17:00 Europe/Berlin`.",
                "routing-tests.yml:2:40: error[unknown-agent]: There is no agent `zoe@example.com`. Take the address of one \
             of `agents` in routing.yml.",
            ],
        );
    }
}
