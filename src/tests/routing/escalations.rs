//! Promises that are not kept: what is done, once.

use std::sync::Arc;

use signpost::site::Address;
use signpost::tickets::{Ground, Routing, Tickets};

use super::*;

pub async fn escalate(site: &Site, time: &str) {
    site.help.tickets.escalate(at(time)).await.unwrap();
}

/// Those to agents: to whom and about what.
pub async fn notices(site: &Site) -> Vec<String> {
    let mails = mails(site).await.into_iter().filter(|(to, _)| to.ends_with("@example.com"));
    mails.map(|(to, subject)| format!("{} {subject}", to.trim_end_matches("@example.com"))).collect()
}

/// Another program on the same database, with the rules as they are in the folder now.
pub fn restarted(site: &Site) -> Tickets {
    let help = &site.help;
    let ground = Ground {
        store: help.store.clone(),
        delivery: help.delivery.clone(),
        address: Address::parse("https://help.example.com"),
        site: "Acme Help".to_owned(),
        default_locale: "en".to_owned(),
        ids: help.events.ids.clone(),
        arrived: help.events.arrived.clone(),
        inbound: help.config.mail.inbound.clone(),
    };
    let settings = help.config.tickets.clone();
    let routing = Routing::open(&settings).unwrap();
    Tickets::new(settings, ground, site.data()).routed_by(routing)
}

#[tokio::test]
async fn a_step_is_done_once_whatever_is_restarted() {
    let (site, _folder) = routed(RULES).await;
    site.help.tickets.plan_anew(at("23 09:00")).await.unwrap();
    let ticket = open(&site, "A refund", "23 10:00").await;
    escalate(&site, "23 11:59").await;
    assert_eq!(notices(&site).await, Vec::<String>::new());
    escalate(&site, "23 12:00").await;
    assert_eq!(notices(&site).await, ["ada Due soon: [#1001] A refund"]);
    for _ in 0..2 {
        escalate(&site, "23 14:00").await;
        let next = restarted(&site);
        next.plan_anew(at("23 14:01")).await.unwrap();
        next.escalate(at("23 14:01")).await.unwrap();
    }
    let late = "Overdue: [#1001] A refund";
    assert_eq!(notices(&site).await, ["ada Due soon: [#1001] A refund".to_owned(), format!("ada {late}")]);
    let moved = again(&site, &ticket).await;
    assert_eq!((moved.priority, moved.group.as_deref()), (Priority::High, Some("first-line")));
    assert_eq!(assignee(&site, &moved).await.as_deref(), Some("Grace"));
    let ada = crate::agent::agent(&site, "ada@example.com").await;
    let page = ada.page("/agent/tickets/1001").await;
    assert!(page.contains("First answer: not kept in time · Priority → High · Assigned to → Grace"), "{page}");
    assert!(page.contains("<strong><bdi>Rules</bdi></strong>"), "{page}");
}

#[tokio::test]
async fn what_was_answered_or_solved_in_time_escalates_nothing() {
    let (site, _folder) = routed(RULES).await;
    let (answered, solved) = (open(&site, "A refund", "23 10:00").await, open(&site, "An invoice", "23 10:00").await);
    say(&site, &answered, Speaker::Agent { id: "agent", name: "Ada" }, "23 11:00").await;
    site.help.tickets.solve(&solved, at("23 11:00")).await.unwrap();
    escalate(&site, "30 10:00").await;
    assert_eq!(notices(&site).await, Vec::<String>::new());
    let left: i64 =
        sqlx::query_scalar("select count(*) from escalations").fetch_one(site.help.store.readers()).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_held_ticket_takes_nobodys_time_before_it_is_released() {
    let (site, _folder) = routed(RULES).await;
    let opening = Opening { held: true, ..asks("A refund after the leak") };
    let held = site.help.tickets.open(opening, at("23 10:00")).await.unwrap();
    escalate(&site, "24 10:00").await;
    assert_eq!((held.group.as_deref(), assignee(&site, &held).await), (Some("finance"), None));
    assert_eq!(mails(&site).await, Vec::new());
    site.help.tickets.release(&held, ("agent", "Ada"), at("24 10:00")).await.unwrap();
    assert_eq!(assignee(&site, &held).await.as_deref(), Some("Ada"));
    assert_eq!(notices(&site).await, ["boss New: [#1001] A refund after the leak"]);
    escalate(&site, "24 10:00").await;
    assert_eq!(notices(&site).await.len(), 3, "its requester waits since Monday");
    assert_eq!(again(&site, &held).await.tags, ["money"]);
}

#[tokio::test]
async fn other_rules_are_other_plans_for_what_is_open() {
    let (site, folder) = routed(RULES).await;
    let ticket = open(&site, "A refund", "23 10:00").await;
    let others =
        [("normal: 4h", "normal: 1h"), ("solve: 16h", "solve: 4h"), ("at: 50%", "at: 40%"), ("at: breach", "at: +4h")];
    let rules = others.iter().fold(RULES.to_owned(), |rules, (from, to)| rules.replace(from, to));
    std::fs::write(folder.path().join("routing.yml"), rules).unwrap();
    let next = restarted(&site);
    next.plan_anew(at("23 12:00")).await.unwrap();
    next.escalate(at("23 12:00")).await.unwrap();
    assert_eq!(again(&site, &ticket).await.reply_due_at, due("23 11:00"));
    assert_eq!(again(&site, &ticket).await.solve_due_at, due("23 14:00"));
    assert_eq!(notices(&site).await, Vec::<String>::new(), "its time had passed before there was the rule");
    next.escalate(at("23 15:00")).await.unwrap();
    assert_eq!(notices(&site).await, ["ada Overdue: [#1001] A refund"]);
}

#[tokio::test]
async fn a_hand_over_is_told_once_to_both() {
    let (site, _folder) = routed(RULES).await;
    for time in ["23 08:00", "23 08:59", "23 09:00", "23 09:01"] {
        escalate(&site, time).await;
    }
    restarted(&site).escalate(at("24 09:00")).await.unwrap();
    assert_eq!(notices(&site).await, ["grace On call: watch", "ada On call: watch"]);
}

#[tokio::test]
async fn a_desk_that_is_only_named_keeps_no_ticket_from_being_taken() {
    let (site, _folder) = routed(&RULES.replace("webhook.crm", "zendesk")).await;
    let ticket = open(&site, "A refund", "23 10:00").await;
    assert!(site.help.tickets.places(&ticket.id).await.unwrap().is_empty());
    assert_eq!(mails(&site).await.len(), 1);
}

#[tokio::test]
async fn many_tickets_are_planned_anew_piece_by_piece() {
    let (site, folder) = routed(&RULES.replace("16h", "20h")).await;
    for _ in 0..201 {
        open(&site, "Hello", "23 10:00").await;
    }
    std::fs::write(folder.path().join("routing.yml"), RULES).unwrap();
    let next = Arc::new(restarted(&site));
    next.plan_anew(at("23 10:00")).await.unwrap();
    let solved: Vec<i64> = sqlx::query_scalar("select distinct solve_due_at from tickets")
        .fetch_all(site.help.store.readers())
        .await
        .unwrap();
    assert_eq!(solved, [at("25 10:00").as_millisecond()]);
}
