//! The ticket of a chat goes by the rules as any other.

use app::model::Status;
use jiff::Timestamp;
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
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("routing.yml");
    std::fs::write(&file, RULES).unwrap();
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
    sqlx::query_scalar(
        "select body ->> '$.deed.subject' from outbox where channel = 'mail' and body ->> '$.deed.to' = 'boss@example.com'
         order by id",
    )
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
