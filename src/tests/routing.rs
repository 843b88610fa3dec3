//! Tickets routed by rules: given, promised, escalated; by the real router and the real database.

mod alerts;
mod commands;
mod escalations;
mod portal;

use std::path::Path;

use app::model::{Priority, Status};
use jiff::Timestamp;
use signpost::mail::arrived::{Arrived, Envelope};
use signpost::tickets::{Draft, Opening, Said, Speaker, Ticket};
use tempfile::TempDir;

use crate::events::Browser;
use crate::site::{self, Site};
use crate::tickets::opening;

const FILES: &[(&str, &str)] = &[
    ("billing/refunds.md", "# Refunds\n\nMoney comes back within a week."),
    ("start/install.md", "# Install\n\nRun it."),
];

/// Two agents for money, one of whom is the first line too.
pub const RULES: &str = r#"
calendars:
  day: { time_zone: UTC, hours: { mon-fri: "09:00-17:00" } }
agents:
  ada@example.com: { skills: [sso] }
  grace@example.com: {}
groups:
  finance: { agents: [ada@example.com, grace@example.com] }
  first-line: { agents: [grace@example.com] }
classes:
  billing: { topics: [billing], words: { en: [refund, invoice] } }
priorities:
  - when: { history: { days: 30, tickets: 2 } }
    raise: 1
rules:
  - when: { words: [leak] }
    notify: boss@example.com
  - when: { class: billing }
    group: finance
    tags: [money]
    desks: [webhook.crm]
sla:
  - name: All
    calendar: day
    first_reply: { high: 2h, normal: 4h }
    next_reply: 4h
    solve: 16h
escalations:
  - { at: 50%, target: first_reply, notify: assignee }
  - { at: breach, target: first_reply, raise: 1, group: first-line, notify: watch }
on_call:
  watch: { time_zone: UTC, starts: 2026-01-05 09:00, every: week, agents: [ada@example.com, grace@example.com] }
"#;

const SETTINGS: &str = "[webhooks.crm]\nurl = \"http://127.0.0.1:9/\"\n\
                        secrets = [\"whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=\"]\n\
                        [tickets]\nfill_seconds = 0\n";

/// Settings that name these rules, which lie in `folder`.
fn settings(folder: &Path, rules: &str) -> String {
    let file = folder.join("routing.yml");
    std::fs::write(&file, rules).unwrap();
    format!("{SETTINGS}routing = {file:?}\n")
}

/// A help center with these rules, and the folder they lie in.
async fn routed(rules: &str) -> (Site, TempDir) {
    routed_with("", rules).await
}

/// The same with further settings.
async fn routed_with(further: &str, rules: &str) -> (Site, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let settings = format!("{further}{}", settings(folder.path(), rules));
    let site = site::serve_with(&settings, FILES).await;
    crate::agent::accounts(&site).await;
    (site, folder)
}

/// In November 2026: `23 10:00` is a Monday.
fn at(time: &str) -> Timestamp {
    let (day, time) = time.split_once(' ').unwrap();
    format!("2026-11-{day}T{time}:00Z").parse().unwrap()
}

fn asks(subject: &str) -> Opening {
    opening(Draft {
        form: "question".to_owned(),
        subject: subject.to_owned(),
        text: "Where is it?".to_owned(),
        name: "Jo".to_owned(),
        email: "jo@customer.example".to_owned(),
        ..Draft::default()
    })
}

async fn open(site: &Site, subject: &str, time: &str) -> Ticket {
    site.help.tickets.open(asks(subject), at(time)).await.unwrap()
}

async fn again(site: &Site, ticket: &Ticket) -> Ticket {
    site.help.tickets.by_id(&ticket.id).await.unwrap().unwrap()
}

async fn say(site: &Site, ticket: &Ticket, speaker: Speaker<'_>, time: &str) {
    let said = Said { speaker, text: "Yes.", internal: false, articles: &[], attachments: &[], status: None };
    site.help.tickets.say(&again(site, ticket).await, &said, at(time)).await.unwrap();
}

/// To whom and about what, in the order of their promise.
async fn mails(site: &Site) -> Vec<(String, String)> {
    sqlx::query_as(
        "select body ->> '$.deed.to', body ->> '$.deed.subject' from outbox where channel = 'mail' order by id",
    )
    .fetch_all(site.help.store.readers())
    .await
    .unwrap()
}

/// Who has it, by name.
async fn assignee(site: &Site, ticket: &Ticket) -> Option<String> {
    sqlx::query_scalar("select name from agents where id = (select assignee from tickets where id = $1)")
        .bind(&ticket.id)
        .fetch_optional(site.help.store.readers())
        .await
        .unwrap()
}

fn due(time: &str) -> Option<i64> {
    Some(at(time).as_millisecond())
}

#[tokio::test]
async fn a_ticket_is_classed_given_and_promised_when_it_is_opened() {
    let (site, _folder) = routed(RULES).await;
    let ticket = open(&site, "A refund", "23 10:00").await;
    assert_eq!((ticket.class.as_deref(), ticket.group.as_deref()), (Some("billing"), Some("finance")));
    assert_eq!((ticket.priority, ticket.tags.as_slice()), (Priority::Normal, ["money".to_owned()].as_slice()));
    assert_eq!(assignee(&site, &ticket).await.as_deref(), Some("Ada"));
    assert_eq!(
        (ticket.reply_due_at, ticket.solve_due_at, ticket.due_at()),
        (due("23 14:00"), due("25 10:00"), due("23 14:00"))
    );
    let promised: Vec<String> = sqlx::query_scalar("select channel from outbox order by id")
        .fetch_all(site.help.store.readers())
        .await
        .unwrap();
    assert_eq!(promised, ["mail", "webhook.crm"]);
    let told: String = sqlx::query_scalar("select body from outbox where channel = 'webhook.crm'")
        .fetch_one(site.help.store.readers())
        .await
        .unwrap();
    assert!(told.contains(r#""group":"finance""#) && told.contains(r#""tags":["money"]"#), "{told}");
    let other = open(&site, "Hello", "23 10:00").await;
    assert_eq!((other.class.as_deref(), other.group, other.assignee), (Some("general"), None, None));
}

#[tokio::test]
async fn a_mail_goes_by_the_rules_as_any_request_does() {
    let folder = tempfile::tempdir().unwrap();
    let inbound = "[mail.inbound]\ndomain = \"in.acme.example\"\nopen_tickets = true\n";
    let site = site::serve_with(&format!("{}{inbound}", settings(folder.path(), RULES)), FILES).await;
    crate::agent::accounts(&site).await;
    let mail = "From: Jo <jo@customer.example>\r\nTo: reply@in.acme.example\r\nMessage-ID: <1@customer.example>\r\n\
                Subject: A refund\r\n\r\nWhere is it?\r\n";
    let mail = Arrived::read(mail.as_bytes(), &Envelope::default()).unwrap();
    assert_eq!(site.help.tickets.arrive(&mail, at("23 16:00")).await.unwrap().name(), "opened");
    let ticket = site.help.tickets.by_number(1001).await.unwrap().unwrap();
    assert_eq!((ticket.class.as_deref(), ticket.group.as_deref()), (Some("billing"), Some("finance")));
    assert_eq!(assignee(&site, &ticket).await.as_deref(), Some("Ada"));
    assert_eq!((ticket.reply_due_at, ticket.tags), (due("24 12:00"), vec!["money".to_owned()]), "over night");
}

#[tokio::test]
async fn a_requester_is_the_same_in_small_letters_and_large() {
    let (site, _folder) = routed(RULES).await;
    let from = async |email: &str, time: &str| {
        let mut opening = asks("Hello");
        opening.draft.email = email.to_owned();
        site.help.tickets.open(opening, at(time)).await.unwrap()
    };
    from("jo@customer.example", "20 10:00").await;
    from("Jo@Customer.example", "20 11:00").await;
    let last = from("JO@customer.example", "20 12:00").await;
    assert_eq!(last.priority, Priority::High, "it is the third");
    let earlier = site.help.tickets.earlier(&last).await.unwrap();
    assert_eq!(earlier.iter().map(|ticket| ticket.number).collect::<Vec<_>>(), [1002, 1001]);
    assert_eq!(from("bo@customer.example", "20 12:00").await.priority, Priority::Normal);
}

#[tokio::test]
async fn whom_the_rules_name_is_told_at_once() {
    let (site, _folder) = routed(RULES).await;
    open(&site, "A leak", "23 10:00").await;
    let told = mails(&site).await;
    let told: Vec<_> = told.iter().map(|(to, subject)| (to.as_str(), subject.as_str())).collect();
    assert_eq!(
        told,
        [("jo@customer.example", "[#1001] Your request to Help center"), ("boss@example.com", "New: [#1001] A leak")]
    );
}

#[tokio::test]
async fn two_at_once_are_shared_between_two_agents() {
    let (site, _folder) = routed(RULES).await;
    let tickets = &site.help.tickets;
    let (one, other) = tokio::join!(
        tickets.open(asks("A refund"), at("23 10:00")),
        tickets.open(asks("Another refund"), at("23 10:00"))
    );
    let mut names = [assignee(&site, &one.unwrap()).await, assignee(&site, &other.unwrap()).await];
    names.sort();
    assert_eq!(names, [Some("Ada".to_owned()), Some("Grace".to_owned())]);
}

#[tokio::test]
async fn who_asked_often_is_more_urgent() {
    let (site, _folder) = routed(RULES).await;
    let old = open(&site, "Hello", "02 10:00").await;
    assert_eq!(open(&site, "Hello again", "20 10:00").await.priority, Priority::Normal);
    let third = open(&site, "Hello once more", "23 10:00").await;
    assert_eq!((third.priority, third.reply_due_at), (Priority::High, due("23 12:00")));
    assert_eq!(again(&site, &old).await.priority, Priority::Normal);
}

#[tokio::test]
async fn the_clock_stands_still_while_the_requester_is_asked() {
    let (site, _folder) = routed(RULES).await;
    let ticket = open(&site, "A refund", "23 10:00").await;
    let agent = Speaker::Agent { id: "agent", name: "Ada" };
    say(&site, &ticket, agent, "23 11:00").await;
    let waits = again(&site, &ticket).await;
    assert_eq!((waits.status, waits.due_at(), waits.is_paused()), (Status::Pending, None, true));
    say(&site, &ticket, Speaker::Requester, "24 12:00").await;
    let open = again(&site, &ticket).await;
    assert_eq!((open.status, open.due_at(), open.next_reply_due_at), (Status::Open, due("24 16:00"), due("24 16:00")));
    assert_eq!(open.solve_due_at, due("26 11:00"), "25 hours by the clock were the requester's");
    let promised = site.help.tickets.promised(&open, at("24 13:00")).await.unwrap();
    let used: Vec<_> = promised.promises.iter().map(|it| (it.target.name(), it.used.as_hours())).collect();
    assert_eq!(used, [("first_reply", 1), ("next_reply", 1), ("solve", 2)]);
    site.help.tickets.solve(&open, at("24 14:00")).await.unwrap();
    assert_eq!((again(&site, &ticket).await.due_at(), again(&site, &ticket).await.is_paused()), (None, false));
}

#[tokio::test]
async fn without_rules_a_ticket_has_a_class_and_nothing_else() {
    let site = site::serve_with("[tickets]\nfill_seconds = 0\nreply_minutes = { normal = 60 }\n", FILES).await;
    let ticket = open(&site, "A refund", "23 10:00").await;
    assert_eq!(
        (ticket.class.as_deref(), ticket.group.as_deref(), ticket.assignee.as_deref()),
        (Some("billing"), None, None)
    );
    assert_eq!(ticket.due_at(), due("23 11:00"));
    assert!(site.help.tickets.promised(&ticket, at("23 10:00")).await.unwrap().promises.is_empty());
    site.help.tickets.escalate(at("30 10:00")).await.unwrap();
    assert_eq!(mails(&site).await.len(), 1, "the letter to its requester");
}

#[tokio::test]
async fn a_ticket_is_about_what_its_reader_read_unless_that_was_struck_out() {
    let (site, _folder) = routed(RULES).await;
    let asked = [("subject", "It fails"), ("text", "Again."), ("email", "jo@customer.example"), ("website", "")];
    let check = async |keep: bool, class: &str, topics: &[&str]| {
        let browser = Browser::of(&site);
        browser.get("/billing/refunds").await;
        browser.post("/feedback/billing-refunds", &[("helpful", "no")]).await;
        let draft = browser.post("/contact/question", &asked).await.headers()["location"].to_str().unwrap().to_owned();
        let page = browser.page(&draft).await;
        let pieces = page.split("name=\"piece\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        let pieces: Vec<_> = pieces.filter(|_| keep).map(|piece| ("piece", piece)).collect();
        let texts = [&[("deed", "send")], pieces.as_slice()].concat();
        let request = browser.request(reqwest::Method::POST, &draft);
        let request = request.header("Content-Type", crate::form::content_type());
        let sent = request.body(crate::form::parts(&texts, &[])).send().await.unwrap();
        let secret = sent.headers()["location"].to_str().unwrap().trim_start_matches("/requests/").to_owned();
        let ticket = site.help.tickets.by_secret(secret.trim_end_matches("?sent")).await.unwrap().unwrap();
        assert_eq!(
            (ticket.class.as_deref(), ticket.topics.as_slice()),
            (Some(class), topics.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>().as_slice())
        );
    };
    check(true, "billing", &["billing"]).await;
    check(false, "general", &[]).await;
}
