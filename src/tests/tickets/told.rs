//! What desks tell of tickets.

use signpost::tickets::desk;

use super::*;

#[tokio::test]
async fn what_a_desk_tells_is_applied_once_and_in_its_order() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let browser = Browser::of(&site);
    let draft = written(&browser).await;
    send(&browser, &draft, &[("deed", "send")], &[]).await;
    let ticket = the_ticket(&site).await;
    sqlx::query("insert into desk_tickets (ticket, desk) values ($1, 'zendesk')")
        .bind(&ticket.id)
        .execute(site.help.store.writer())
        .await
        .unwrap();
    let at = Timestamp::now().as_millisecond();
    let comment =
        desk::Comment { remote_id: "9".into(), text: "Looking".into(), public: true, name: Some("Sam".into()), at };
    let news = |status, second: i64, comment| desk::News {
        desk: "zendesk".to_owned(),
        remote_id: "41207".to_owned(),
        ticket: Some(ticket.id.clone()),
        status: Some(status),
        comment,
        ask: desk::Ask::Never,
        at: Timestamp::from_second(1_785_000_000 + second).unwrap(),
    };
    let tickets = &site.help.tickets;
    let heard = async |news: &desk::News| desk::heard(tickets, news, Timestamp::now()).await.unwrap();
    assert_eq!(heard(&news(Status::Pending, 10, Some(comment.clone()))).await, desk::Heard::Applied);
    assert_eq!(heard(&news(Status::Open, 5, None)).await, desk::Heard::Stale);
    assert_eq!(heard(&news(Status::Pending, 10, Some(comment))).await, desk::Heard::Stale);
    assert_eq!(the_ticket(&site).await.status, Status::Pending);
    assert_eq!(tickets.messages(&ticket.id, true).await.unwrap().len(), 2);
    let unknown = desk::News { remote_id: "1".to_owned(), ticket: None, ..news(Status::Solved, 20, None) };
    assert_eq!(heard(&unknown).await, desk::Heard::Unknown);
}
