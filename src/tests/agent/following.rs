//! What follows every change: the index of past tickets, pages that are open; and the queue's own indexes.

use futures::StreamExt;
use reqwest::StatusCode;

use super::{agent, answer, open, portal};

#[tokio::test]
async fn past_tickets_are_found_as_they_change() {
    let site = portal("").await;
    let old = open(&site, "Lost parcel", "The courier lost it in Reykjavik.", &[]).await;
    open(&site, "Another", "Nothing like it.", &[]).await;
    let past = site.help.tickets.past(&site.help.behind, "en").unwrap();
    let found = |text: &str| past.find(text, 5).unwrap().into_iter().map(|found| found.ticket).collect::<Vec<_>>();
    while !past.is_whole() {
        tokio::task::yield_now().await;
    }
    for query in ["reykjavik", "couriers", "parc", "jo 1001", "parcel zxqv"] {
        assert_eq!(found(query).first(), Some(&old.id), "{query}");
    }
    let ada = agent(&site, "ada@example.com").await;
    let seen = old.updated_at.to_string();
    let note = [("seen", seen.as_str()), ("voice", "note"), ("text", "Insured by Zebra."), ("deed", "send")];
    assert_eq!(answer(&ada, &old, &note).await.status(), StatusCode::SEE_OTHER);
    while found("zebra").is_empty() {
        tokio::task::yield_now().await;
    }
    let page = ada.page("/agent/tickets/1002?find=zebra").await;
    assert!(page.contains("/agent/tickets/1001"), "{page}");
}

#[tokio::test]
async fn changes_are_told_until_the_agent_signs_out() {
    let site = portal("").await;
    let ticket = open(&site, "Refund", "Where is it?", &[]).await;
    let (ada, grace) = (agent(&site, "ada@example.com").await, agent(&site, "grace@example.com").await);
    let events = ada.get("/agent/events").await;
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    let mut events = events.bytes_stream();
    let mut told = async || events.next().await.map(|piece| String::from_utf8(piece.unwrap().to_vec()).unwrap());
    assert!(told().await.unwrap().contains("event: ready"));
    let seen = ticket.updated_at.to_string();
    let note = [("seen", seen.as_str()), ("voice", "note"), ("text", "Hm."), ("deed", "send")];
    assert_eq!(answer(&grace, &ticket, &note).await.status(), StatusCode::SEE_OTHER);
    assert!(told().await.unwrap().contains("data: 1001"));
    assert_eq!(ada.post("/agent/logout", &[]).await.status(), StatusCode::SEE_OTHER);
    open(&site, "Later", "Not for you.", &[]).await;
    assert_eq!(told().await, None);
}

#[tokio::test]
async fn changes_are_told_until_the_program_stops() {
    let site = portal("").await;
    let events = agent(&site, "ada@example.com").await.get("/agent/events").await;
    let ended = tokio::spawn(events.bytes_stream().count());
    site.stop().await;
    assert!(ended.await.unwrap() <= 1);
}

#[tokio::test]
async fn the_queue_is_read_from_an_index_alone() {
    let site = portal("").await;
    let plan = async |narrowed: &str, order: &str| {
        let sql = format!(
            "explain query plan select id from tickets where merged_into is null {narrowed}
             and instr(tags, '\"a\"') > 0 order by {order} limit 51"
        );
        let rows: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(site.help.store.readers()).await.unwrap();
        rows.into_iter().map(|row| row.3).collect::<Vec<_>>().join("; ")
    };
    let (oldest, newest, due) = ("since, id", "since desc, id desc", "due_at, since, id");
    for (order, index) in [(oldest, "tickets_queue"), (newest, "tickets_queue"), (due, "tickets_due")] {
        assert_eq!(plan("", order).await, format!("SCAN tickets USING COVERING INDEX {index}"), "{order}");
    }
    let found = "SEARCH tickets USING COVERING INDEX tickets_standing (status=?)";
    for order in [oldest, newest] {
        assert_eq!(plan("and status in ('closed')", order).await, found, "{order}");
    }
    // Those are few, and sorted.
    for order in [oldest, newest, due] {
        let plan = plan("and status in ('new', 'open') and assignee = 'x'", order).await;
        assert!(plan.starts_with(found), "{order}: {plan}");
    }
}
