//! Mails that open tickets, and what is written to whoever they say they are from.

use super::{ADA, Post, mail};

/// Letters that wait for this address: their subjects, the oldest first.
async fn letters(post: &Post, address: &str) -> Vec<String> {
    let letters =
        sqlx::query_scalar("select body ->> '$.deed.subject' from outbox where body ->> '$.deed.to' = $1 order by id");
    letters.bind(address).fetch_all(post.room.site.help.store.readers()).await.unwrap()
}

fn to_all(from: &str, id: &str, text: &str) -> String {
    mail(from, "reply@in.acme.example", id, text)
}

#[tokio::test]
async fn what_comes_by_a_list_of_people_is_read_and_no_machine_answers_it() {
    let post = Post::open("open_tickets = true").await;
    post.pending().await;
    let group = "Precedence: list\nList-Id: <support.acme.example>\nList-Post: <mailto:support@acme.example>\n\
                 List-Unsubscribe: <mailto:leave@acme.example>\nSubject";
    let by_list = |message: &str| message.replacen("Subject", group, 1);
    assert_eq!(post.arrives(&by_list(&to_all("Bo <bo@customer.example>", "1", "My bill?"))).await, "opened");
    let ticket = post.ticket(1002).await;
    assert_eq!((ticket.email.as_deref(), ticket.held), (Some("bo@customer.example"), false));
    assert!(letters(&post, "bo@customer.example").await.is_empty());
    assert_eq!(post.arrives(&by_list(&mail(ADA, &post.address, "2", "It works."))).await, "answered");
    assert_eq!(post.room.ticket().await.status, app::model::Status::Open);
    let newsletter = to_all("news@shop.example", "3", "Buy").replacen("Subject", "List-Unsubscribe: <a>\nSubject", 1);
    assert_eq!(post.arrives(&newsletter).await, "ignored");
}

#[tokio::test]
async fn whom_a_list_names_is_not_known_by_that() {
    let post = Post::open("open_tickets = true").await;
    let forged = |writer: &str, to: &str, id: &str| {
        let head = format!("List-Post: <mailto:eve@evil.example>\n{writer}: Ada@customer.example\nSubject");
        mail("eve@evil.example", to, id, "Close it").replacen("Subject", &head, 1)
    };
    for (id, writer) in ["Reply-To", "X-Original-From"].into_iter().enumerate() {
        assert_eq!(post.arrives(&forged(writer, &post.address, &id.to_string())).await, "noted", "{writer}");
        assert!(post.last().await.internal, "{writer}");
    }
    let answers = format!("References: <ticket-{}@acme.example>\nSubject", post.thread);
    let answer = forged("Reply-To", "help@acme.example", "2").replacen("Subject", &answers, 1);
    assert_eq!(post.arrives(&answer).await, "opened", "as what answers nothing");
    assert_eq!(post.messages().await.len(), 2);
}

#[tokio::test]
async fn who_wrote_to_a_list_gets_no_letter_either_when_their_request_is_released() {
    let post = Post::open("open_tickets = true").await;
    let head = "List-Post: <mailto:support@acme.example>\nX-Spam-Flag: YES\nSubject";
    let message = to_all("Bo <bo@customer.example>", "1", "My bill?").replacen("Subject", head, 1);
    assert_eq!(post.arrives(&message).await, "opened");
    let ticket = post.ticket(1002).await;
    assert!(ticket.held);
    let tickets = &post.room.site.help.tickets;
    tickets.release(&ticket, ("ada", "Ada"), crate::hooks::handling::now()).await.unwrap();
    assert!(!post.ticket(1002).await.held && letters(&post, "bo@customer.example").await.is_empty());
}

#[tokio::test]
async fn nobody_has_us_write_their_words_to_others_nor_without_end() {
    let post = Post::open("open_tickets = true").await;
    for id in 0..3 {
        // Who types another's address does so in any case.
        let from = if id == 1 { "VICTIM@customer.example" } else { "victim@customer.example" };
        let message = to_all(from, &id.to_string(), "You won").replace("Re: Export fails", "See http://evil.example");
        assert_eq!(post.arrives(&message).await, "opened");
    }
    let subjects =
        |numbers: &[i64]| numbers.iter().map(|it| format!("[#{it}] Your request to Help center")).collect::<Vec<_>>();
    assert_eq!(letters(&post, "victim@customer.example").await, subjects(&[1002, 1003, 1004]));
    let flood = post.arrives(&to_all("victim@customer.example", "4", "You won")).await;
    assert!(flood.contains("3 mails within the hour to open tickets"), "{flood}");
    post.set("delete from arrivals").await;
    assert_eq!(post.arrives(&to_all("victim@customer.example", "5", "You won")).await, "opened");
    assert_eq!(letters(&post, "victim@customer.example").await.len(), 3, "an address is told three times an hour");
    let bodies: Vec<String> = sqlx::query_scalar("select body from outbox where body ->> '$.deed.to' like 'victim%'")
        .fetch_all(post.room.site.help.store.readers())
        .await
        .unwrap();
    assert!(bodies.iter().all(|body| !body.contains("evil") && !body.contains("won")), "{bodies:?}");
    post.set("update tickets set opened_at = opened_at - 3700000, updated_at = updated_at - 3700000").await;
    assert_eq!(post.arrives(&to_all("victim@customer.example", "6", "Hello")).await, "opened");
    assert_eq!(letters(&post, "victim@customer.example").await.len(), 4);
}
