//! A desk's webhook tells little: the desk is asked, and what it says comes back to the ticket.

use app::model::{Author, Status};
use jiff::SignedDuration;
use signpost::mail;
use signpost::tickets::desk::{Ask, Heard, News, heard, learn};
use signpost::tickets::{Ticket, Tickets};

use super::tickets::{room, send};
use super::{Desk, Kind, each};
use crate::delivery::{config_of, lane_of, open};

/// A desk that has a ticket of ours, and where the ticket is.
async fn with_ticket(kind: Kind, rule: &str) -> (Desk, Tickets, Ticket) {
    let mut desk = Desk::of(kind).await;
    let name = desk.kind.name();
    let settings = desk.kind.settings(&desk.vendor.url);
    desk.config = config_of(&format!("{settings}\n[[tickets.desks]]\ndesk = \"{name}\"\n{rule}"));
    let tickets = room(&desk).await;
    desk.lane = lane_of(&open(&desk.config, &desk.store).await, name);
    let ticket = send(&tickets, desk.now).await;
    desk.settle_all().await;
    desk.now += SignedDuration::from_mins(10);
    (desk, tickets, ticket)
}

async fn sign(desk: &Desk, ticket: &Ticket, ask: Ask) -> News {
    let remote_id = desk.receipt(&ticket.id).await.unwrap().remote_id.unwrap();
    News { desk: desk.kind.name().to_owned(), remote_id, ticket: None, status: None, comment: None, ask, at: desk.now }
}

async fn learn_all(tickets: &Tickets, desk: &Desk) {
    while learn(tickets, desk.now).await.unwrap() {}
}

async fn waiting(desk: &Desk, channel: &str) -> Vec<String> {
    let bodies = sqlx::query_scalar("select body from outbox where channel = $1 and state = 'waiting'").bind(channel);
    bodies.fetch_all(desk.store.readers()).await.unwrap()
}

#[tokio::test]
async fn what_agents_say_at_a_desk_comes_back_to_the_ticket() {
    for kind in each() {
        let (mut desk, tickets, ticket) = with_ticket(kind, "").await;
        desk.kind.set_clock(desk.now);
        desk.kind.work();
        let answered_at = desk.now.as_millisecond();
        desk.now += SignedDuration::from_mins(5);
        let news = sign(&desk, &ticket, Ask::Instead).await;
        for _ in 0..3 {
            assert_eq!(heard(&tickets, &news, desk.now).await.unwrap(), Heard::Asked);
        }
        assert_eq!(waiting(&desk, desk.kind.name()).await.len(), 1, "asked once for three signs");
        desk.settle_all().await;
        learn_all(&tickets, &desk).await;

        let now = tickets.by_id(&ticket.id).await.unwrap().unwrap();
        assert_eq!((now.status, now.replied_at), (Status::Solved, Some(answered_at)), "{}", desk.kind.name());
        let said = async |internal| {
            let messages = tickets.messages(&ticket.id, internal).await.unwrap().into_iter();
            messages.filter(|it| it.author == Author::Agent).map(|it| it.text).collect::<Vec<_>>()
        };
        let shown = said(false).await;
        assert_eq!(shown.len(), 1, "notes are for agents: {shown:?}");
        assert!(shown[0].contains("https://docs.example/4.2?a=1&b=2"), "{shown:?}");
        assert!(said(true).await.contains(&"Customer is angry".to_owned()));
        assert!(
            waiting(&desk, mail::CHANNEL).await.iter().all(|mail| !mail.contains("docs.example")),
            "it mails itself"
        );

        // Read once more it is said no more, and what is older does not undo what is newer.
        heard(&tickets, &news, desk.now).await.unwrap();
        desk.settle_all().await;
        let newer = News { status: Some(Status::Open), ask: Ask::Never, ..news.clone() };
        assert_eq!(heard(&tickets, &newer, desk.now).await.unwrap(), Heard::Applied);
        learn_all(&tickets, &desk).await;
        assert_eq!(tickets.by_id(&ticket.id).await.unwrap().unwrap().status, Status::Open);
        assert_eq!(said(true).await.len(), 2);
        desk.check(&[&ticket.id], "after it was asked").await;
    }
}

#[tokio::test]
async fn the_requester_is_written_to_where_the_desk_does_not() {
    for kind in each() {
        let (mut desk, tickets, ticket) = with_ticket(kind, "mail = true").await;
        desk.kind.set_clock(desk.now);
        desk.kind.work();
        for _ in 0..2 {
            let news = sign(&desk, &ticket, Ask::Instead).await;
            heard(&tickets, &news, desk.now).await.unwrap();
            desk.settle_all().await;
            learn_all(&tickets, &desk).await;
        }
        let mails = waiting(&desk, mail::CHANNEL).await;
        assert!(!learn(&tickets, desk.now).await.unwrap(), "what was heard is not kept");
        let told: Vec<_> = mails.iter().filter(|mail| mail.contains("docs.example")).collect();
        assert_eq!(told.len(), 1, "{mails:?}");
        assert!(!mails.iter().any(|mail| mail.contains("angry")), "{mails:?}");
    }
}

#[tokio::test]
async fn a_ticket_that_is_gone_there_is_told_to_operators() {
    for kind in each() {
        let (mut desk, tickets, ticket) = with_ticket(kind, "").await;
        let news = News {
            remote_id: "1".to_owned(),
            ticket: Some(ticket.id.clone()),
            ..sign(&desk, &ticket, Ask::Also).await
        };
        sqlx::query("update desk_tickets set remote_id = '1'").execute(desk.store.writer()).await.unwrap();
        assert_eq!(heard(&tickets, &news, desk.now).await.unwrap(), Heard::Asked);
        desk.settle_all().await;
        let status = desk.status().await;
        assert_eq!((status.waiting, status.dead), (0, 1), "{status:?}");
        assert!(status.last_error.unwrap().contains("404"));
    }
}

#[tokio::test]
async fn an_answer_that_is_of_no_use_holds_nothing_up() {
    let (desk, tickets, ticket) = with_ticket(Kind::Freshdesk(Default::default()), "").await;
    let told = r#"{"remote_id":"1024","status":"solved","at":1785000000000,"comments":[]}"#;
    // Another ticket is called so there.
    let other = send(&tickets, desk.now).await;
    sqlx::query("update desk_tickets set remote_id = '7' where ticket = $1")
        .bind(&other.id)
        .execute(desk.store.writer())
        .await
        .unwrap();
    let taken = told.replace("1024", "7");
    let own = ticket.id.as_str();
    for (about, said) in [(own, r#"{"at":"never"}"#), (own, "[]"), (own, &taken), ("forgotten", told)] {
        sqlx::query("update outbox set answer = $2, about = $1 where about in ($1, $3)")
            .bind(about)
            .bind(said)
            .bind(own)
            .execute(desk.store.writer())
            .await
            .unwrap();
        learn_all(&tickets, &desk).await;
        assert_eq!(tickets.by_id(&ticket.id).await.unwrap().unwrap().status, Status::New, "{about}: {said}");
    }
}
