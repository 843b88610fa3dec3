//! The ticket of a chat goes by the rules as any other.

use app::model::Status;
use jiff::Timestamp;
use signpost::chat::Ender;
use tempfile::TempDir;

use super::{answer, begin, between, do_as, later, the_chat, tickets};
use crate::agent::{accounts, agent};
use crate::events::Browser;
use crate::site::{self, Site};

const FILES: &[(&str, &str)] = &[
    ("billing/refunds.md", "# Refunds\n\nMoney comes back within a week."),
    ("start/install.md", "# Install\n\nRun it."),
];
const RULES: &str = r#"
calendars:
  always: { time_zone: UTC, hours: { mon-sun: "00:00-24:00" } }
agents:
  ada@example.com: {}
  grace@example.com: {}
groups:
  finance: { agents: [grace@example.com] }
classes:
  billing: { topics: [billing] }
rules:
  - when: { class: billing }
    group: finance
    tags: [money]
    notify: boss@example.com
sla:
  - name: All
    calendar: always
    first_reply: 4h
    solve: 8h
escalations:
  - { at: 50%, target: first_reply, notify: boss@example.com }
  - { at: breach, target: solve, notify: boss@example.com }
"#;

async fn routed() -> (Site, TempDir) {
    routed_by(RULES).await
}

async fn routed_by(rules: &str) -> (Site, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("routing.yml");
    std::fs::write(&file, rules).unwrap();
    let settings = format!("[chat]\nopen = true\n[tickets]\nper_address = 1000\nrouting = {file:?}\n");
    let site = site::serve_with(&settings, FILES).await;
    accounts(&site).await;
    (site, folder)
}

/// A reader of an article about money, who begins a chat of nothing in particular while Ada is there.
async fn asks<'s>(site: &'s Site, keep: bool) -> Browser<'s> {
    let ada = agent(site, "ada@example.com").await;
    ada.page("/agent/chats").await;
    let reader = Browser::of(site);
    reader.get("/start/install").await;
    reader.post("/feedback/start-install", &[("helpful", "yes")]).await;
    reader.get("/billing/refunds").await;
    reader.post("/feedback/billing-refunds", &[("helpful", "no")]).await;
    let page = reader.page("/chat").await;
    let pieces: Vec<_> = page.split("name=\"piece\" value=\"").skip(1).map(|it| between(it, "", "\"")).collect();
    let pieces = pieces.iter().filter(|_| keep).map(|piece| ("piece", *piece));
    let asked = [("text", "Hello, it fails"), ("email", "jo@customer.example")];
    let begun = begin(&reader, &asked.into_iter().chain(pieces).collect::<Vec<_>>()).await;
    assert_eq!(begun.status(), 303);
    ada
}

/// Subjects of what the boss was told.
async fn told(site: &Site) -> Vec<String> {
    told_to(site, "boss@example.com").await
}

async fn told_to(site: &Site, address: &str) -> Vec<String> {
    sqlx::query_scalar(
        "select body ->> '$.deed.subject' from outbox where channel = 'mail' and body ->> '$.deed.to' = $1 order by id",
    )
    .bind(address)
    .fetch_all(site.help.store.readers())
    .await
    .unwrap()
}

#[tokio::test]
async fn what_nobody_came_for_is_about_what_was_read_and_people_are_told() {
    let (site, _folder) = routed().await;
    asks(&site, true).await;
    site.help.chats.look(later(301)).await.unwrap();
    let [ticket] = <[_; 1]>::try_from(tickets(&site).await).unwrap();
    assert_eq!((ticket.class.as_deref(), ticket.group.as_deref()), (Some("billing"), Some("finance")));
    assert_eq!(
        (ticket.topics.as_slice(), ticket.tags.as_slice()),
        (&["billing", "start"].map(str::to_owned)[..], &["money".to_owned()][..])
    );
    let grace: String = sqlx::query_scalar("select id from agents where email = 'grace@example.com'")
        .fetch_one(site.help.store.readers())
        .await
        .unwrap();
    assert_eq!((ticket.status, ticket.assignee), (Status::New, Some(grace)));
    let told = told(&site).await;
    assert!(told.len() == 1 && told[0].contains("1001"), "{told:?}");
    assert!(
        ticket.reply_due_at.is_some_and(|due| due <= later(4 * 3600).as_millisecond()),
        "{:?}",
        ticket.reply_due_at
    );
    site.help.tickets.escalate(later(3 * 3600)).await.unwrap();
    assert_eq!(self::told(&site).await.len(), 2, "half of the time for the first answer is over");
}

#[tokio::test]
async fn what_was_struck_out_decides_nothing() {
    let (site, _folder) = routed().await;
    asks(&site, false).await;
    site.help.chats.look(later(301)).await.unwrap();
    let [ticket] = <[_; 1]>::try_from(tickets(&site).await).unwrap();
    assert_eq!((ticket.class.as_deref(), ticket.topics.len(), ticket.group), (Some("general"), 0, None));
    assert!(told(&site).await.is_empty());
}

#[tokio::test]
async fn what_is_solved_promises_nothing_and_tells_nobody() {
    let (site, _folder) = routed().await;
    let ada = asks(&site, true).await;
    let chat = the_chat(&site).await;
    answer(&ada, &chat, "Press it twice.").await;
    do_as(&ada, &chat, &[("deed", "end")]).await;
    let [ticket] = <[_; 1]>::try_from(tickets(&site).await).unwrap();
    assert_eq!((ticket.status, ticket.group.as_deref()), (Status::Solved, Some("finance")));
    let id: String = sqlx::query_scalar("select id from agents where email = 'ada@example.com'")
        .fetch_one(site.help.store.readers())
        .await
        .unwrap();
    assert_eq!(ticket.assignee, Some(id), "whoever talked with the reader keeps it");
    site.help.tickets.escalate(Timestamp::now()).await.unwrap();
    site.help.tickets.escalate(later(48 * 3600)).await.unwrap();
    assert!(told(&site).await.is_empty());
}

#[tokio::test]
async fn what_goes_on_as_a_ticket_still_has_its_promise() {
    let (site, _folder) = routed().await;
    let ada = asks(&site, true).await;
    let chat = the_chat(&site).await;
    answer(&ada, &chat, "I look into it.").await;
    do_as(&ada, &chat, &[("deed", "ticket")]).await;
    let [ticket] = <[_; 1]>::try_from(tickets(&site).await).unwrap();
    assert_eq!((ticket.status, ticket.replied_at.is_some()), (Status::Open, true));
    assert_eq!(told(&site).await.len(), 1);
    site.help.tickets.escalate(later(5 * 3600)).await.unwrap();
    assert_eq!(told(&site).await.len(), 1, "the first answer was in time");
    site.help.tickets.escalate(later(9 * 3600)).await.unwrap();
    assert_eq!(told(&site).await.len(), 2, "and it is not solved");
}

/// Rules that tell whoever has a ticket about money, which is Grace where nobody else has it.
fn of_assignee() -> String {
    let alerts = "alerts:\n  - { name: Money, when: { class: billing }, notify: assignee }\n";
    format!("{}{alerts}", RULES.replacen("notify: boss@example.com", "notify: assignee", 1))
}

#[tokio::test]
async fn whoever_has_the_chat_is_told() {
    let (site, _folder) = routed_by(&of_assignee()).await;
    let ada = asks(&site, true).await;
    let chat = the_chat(&site).await;
    do_as(&ada, &chat, &[("deed", "take")]).await;
    site.help.chats.end(&chat.id, Ender::Reader, later(1)).await.unwrap();
    let [ticket] = <[_; 1]>::try_from(tickets(&site).await).unwrap();
    assert_eq!(ticket.status, Status::New);
    let told = told_to(&site, "ada@example.com").await;
    assert_eq!(told, ["Money: [#1001] Hello, it fails", "New: [#1001] Hello, it fails"]);
    assert!(told_to(&site, "grace@example.com").await.is_empty());
    let why = site.help.tickets.why(&ticket.id).await.unwrap();
    let agent = why.iter().find(|fired| fired.what == "agent").unwrap();
    assert_eq!((agent.outcome.as_str(), agent.because.as_str()), ("ada@example.com", "who has it keeps it"));
}

#[tokio::test]
async fn alerts_look_at_chats_that_nobody_answered_or_solved() {
    let rules =
        format!("{RULES}alerts:\n  - {{ name: Money, when: {{ class: billing }}, notify: boss@example.com }}\n");
    for (answered, deed, expect) in [(false, "ticket", 1), (false, "end", 0), (true, "ticket", 0), (true, "end", 0)] {
        let (site, _folder) = routed_by(&rules).await;
        let ada = asks(&site, true).await;
        let chat = the_chat(&site).await;
        if answered {
            answer(&ada, &chat, "I look into it.").await;
        }
        do_as(&ada, &chat, &[("deed", deed)]).await;
        assert_eq!(tickets(&site).await.len(), 1);
        let alerts = told(&site).await.into_iter().filter(|subject| subject.starts_with("Money: "));
        assert_eq!(alerts.count(), expect, "{answered} {deed}");
    }
}
