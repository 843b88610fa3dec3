//! What agents see of routing, and what they may decide themselves.

use reqwest::StatusCode;

use super::*;
use crate::agent::agent;

/// The form beside a ticket as it stands, with some of it changed.
async fn stand(browser: &Browser<'_>, ticket: &Ticket, changed: &[(&str, &str)]) -> StatusCode {
    let (seen, assignee) = (ticket.updated_at.to_string(), ticket.assignee.clone().unwrap_or_default());
    let tags = ticket.tags.join(", ");
    let mut fields = vec![
        ("seen", seen.as_str()),
        ("status", ticket.status.name()),
        ("priority", ticket.priority.name()),
        ("assignee", assignee.as_str()),
        ("tags", tags.as_str()),
        ("class", ticket.class.as_deref().unwrap_or_default()),
        ("group", ticket.group.as_deref().unwrap_or_default()),
    ];
    for field in &mut fields {
        if let Some((_, value)) = changed.iter().find(|(name, _)| *name == field.0) {
            field.1 = value;
        }
    }
    browser.post(&format!("/agent/tickets/{}/standing", ticket.number), &fields).await.status()
}

#[tokio::test]
async fn a_ticket_says_why_it_is_here_and_what_is_promised() {
    let (site, _folder) = routed(RULES).await;
    let ticket = site.help.tickets.open(asks("A refund"), Timestamp::now()).await.unwrap();
    let ada = agent(&site, "ada@example.com").await;
    let page = ada.page("/agent/tickets/1001").await;
    for part in
        ["Why here", "it says “refund”", "the class is billing", "0 of 20 open", "First answer", "of 4 h used", "tell "]
    {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
    let line = RULES.lines().position(|line| line.contains("class: billing }")).unwrap() + 1;
    assert!(page.contains(&format!("line {line}: the class is billing")), "{page}");
    assert_eq!(stand(&ada, &ticket, &[("class", "general"), ("group", "first-line")]).await, StatusCode::SEE_OTHER);
    let page = ada.page("/agent/tickets/1001").await;
    assert!(page.contains("About → General · Group → first-line"), "{page}");
    let ticket = again(&site, &ticket).await;
    assert_eq!(stand(&ada, &ticket, &[("class", "nothing")]).await, StatusCode::BAD_REQUEST);
    assert_eq!(stand(&ada, &ticket, &[("group", "nobody")]).await, StatusCode::BAD_REQUEST);
    assert_eq!(stand(&ada, &ticket, &[("group", "")]).await, StatusCode::SEE_OTHER);
    let ticket = again(&site, &ticket).await;
    assert_eq!((ticket.class.as_deref(), ticket.group), (Some("general"), None));
}

#[tokio::test]
async fn another_priority_is_another_promise_and_nothing_else() {
    let (site, _folder) = routed(RULES).await;
    let ticket = open(&site, "A refund", "23 10:00").await;
    let ada = agent(&site, "ada@example.com").await;
    assert_eq!(stand(&ada, &ticket, &[("priority", "high")]).await, StatusCode::SEE_OTHER);
    let high = again(&site, &ticket).await;
    assert_eq!((high.reply_due_at, high.group.as_deref()), (due("23 12:00"), Some("finance")));
    assert_eq!(assignee(&site, &high).await.as_deref(), Some("Ada"));
}

#[tokio::test]
async fn the_queue_is_narrowed_by_class_and_group() {
    let (site, _folder) = routed(RULES).await;
    let refund = open(&site, "A refund", "23 10:00").await;
    open(&site, "Hello", "23 10:00").await;
    let ada = agent(&site, "ada@example.com").await;
    let check = async |query: &str, refund: bool, hello: bool| {
        let page = ada.page(&format!("/agent{query}")).await;
        assert_eq!((page.contains(">A refund<"), page.contains(">Hello<")), (refund, hello), "{query}");
    };
    check("?class=billing", true, false).await;
    check("?class=general", false, true).await;
    check("?group=finance", true, false).await;
    check("?group=first-line", false, false).await;
    let page = ada.page("/agent").await;
    assert!(page.contains(">Billing</span>") && page.contains(">finance</span>"), "{page}");
    say(&site, &refund, Speaker::Agent { id: "agent", name: "Ada" }, "23 11:00").await;
    assert!(ada.page("/agent?status=pending").await.contains(">Paused<"));
}

#[tokio::test]
async fn who_is_away_is_given_nothing() {
    let (site, _folder) = routed(RULES).await;
    let ada = agent(&site, "ada@example.com").await;
    assert!(ada.page("/agent/account").await.contains("I am away"));
    assert_eq!(ada.post("/agent/account/away", &[("away", "yes")]).await.status(), StatusCode::SEE_OTHER);
    assert!(ada.page("/agent").await.contains("You are away"));
    let ticket = open(&site, "A refund", "23 10:00").await;
    assert_eq!(assignee(&site, &ticket).await.as_deref(), Some("Grace"));
    assert!(ada.page("/agent/tickets/1001").await.contains("ada@example.com is away"));
    assert_eq!(ada.post("/agent/account/away", &[("away", "no")]).await.status(), StatusCode::SEE_OTHER);
    let ticket = open(&site, "A refund", "23 10:00").await;
    assert_eq!(assignee(&site, &ticket).await.as_deref(), Some("Ada"));
    assert_eq!(ada.post("/agent/account/away", &[("away", "perhaps")]).await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn figures_are_told_by_class_and_group() {
    let (site, _folder) = routed(RULES).await;
    let (late, early) = (open(&site, "A refund", "23 10:00").await, open(&site, "A refund", "23 10:00").await);
    open(&site, "Hello", "23 10:00").await;
    say(&site, &early, Speaker::Agent { id: "agent", name: "Ada" }, "23 11:00").await;
    say(&site, &late, Speaker::Agent { id: "agent", name: "Ada" }, "23 15:00").await;
    let figures = site.help.tickets.by_class_and_group().await.unwrap();
    let told: Vec<_> = figures
        .iter()
        .map(|it| {
            (
                it.class.as_str(),
                it.group.as_str(),
                it.tickets,
                it.answered,
                it.late,
                it.half_within.map(|time| time / 3_600_000),
            )
        })
        .collect();
    assert_eq!(told, [("billing", "finance", 2, 2, 1, Some(3)), ("general", "", 1, 0, 0, None)]);
}
