//! From a reader's ticket to a desk and back.

use std::sync::Arc;

use app::model::Status;
use futures::FutureExt;
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use signpost::events::Ids;
use signpost::site::Address;
use signpost::tickets::desk::{Ask, Comment, Heard, News, heard};
use signpost::tickets::{Draft, Ground, Opening, Said, Speaker, Ticket, Tickets, secret};
use tokio::sync::watch;

use super::{Desk, Kind, each};
use crate::delivery::{config_of, lane_of, open};
use crate::tickets::opening;

pub async fn room(desk: &Desk) -> Tickets {
    let ground = Ground {
        store: desk.store.clone(),
        delivery: Arc::new(open(&desk.config, &desk.store).await),
        address: Address::parse("https://help.example.com"),
        site: "Acme Help".to_owned(),
        inbound: desk.config.mail.inbound.clone(),
        default_locale: "en".to_owned(),
        ids: Arc::new(Ids::after(None)),
        arrived: watch::Sender::new(()),
    };
    Tickets::new(desk.config.tickets.clone(), ground, desk.folder.path())
}

fn draft(form: &str) -> Draft {
    Draft {
        form: form.to_owned(),
        subject: "Export fails".to_owned(),
        text: "Since yesterday.".to_owned(),
        email: "ada@example.com".to_owned(),
        ..Draft::default()
    }
}

pub async fn send(tickets: &Tickets, now: Timestamp) -> Ticket {
    tickets.open(opening(draft("bug")), now).await.unwrap()
}

#[tokio::test]
async fn a_desk_that_speaks_of_its_ticket_is_understood() {
    for kind in each() {
        let mut desk = Desk::of(kind).await;
        // Two rules that fit are one desk.
        let rules = format!(
            "{}\n[[tickets.desks]]\ndesk = \"{name}\"\n[[tickets.desks]]\ndesk = \"{name}\"\nforms = [\"bug\"]",
            desk.kind.settings(&desk.vendor.url),
            name = desk.kind.name()
        );
        desk.config = config_of(&rules);
        let tickets = room(&desk).await;
        desk.lane = lane_of(&open(&desk.config, &desk.store).await, desk.kind.name());
        let ticket = send(&tickets, desk.now).await;
        let text = "It is worse now";
        let speaker = Speaker::Requester;
        let said = Said { speaker, text, internal: false, articles: &[], attachments: &[], status: None };
        tickets.say(&ticket, &said, desk.now).await.unwrap();
        desk.settle_all().await;
        desk.check(&[&ticket.id], "from a reader").await;

        let remote_id = desk.receipt(&ticket.id).await.unwrap().remote_id.unwrap();
        let news = News {
            desk: desk.kind.name().to_owned(),
            remote_id,
            // A desk that does not say what we call it.
            ticket: None,
            status: Some(Status::Solved),
            comment: None,
            ask: Ask::Never,
            at: desk.now + SignedDuration::from_mins(1),
        };
        assert_eq!(heard(&tickets, &news, desk.now).await.unwrap(), Heard::Applied);
        assert_eq!(tickets.by_id(&ticket.id).await.unwrap().unwrap().status, Status::Solved);
        // It tells us what we told it, and what an agent says there.
        for ((text, _), is_news) in desk
            .kind
            .said()
            .into_iter()
            .skip(1)
            .map(|said| (said, false))
            .chain([(("Try again".to_owned(), true), true)])
        {
            let (remote_id, name) = (text.clone(), Some("Sam".to_owned()));
            let comment = Comment { remote_id, text, public: true, name, at: news.at.as_millisecond() };
            let news = News { comment: Some(comment), ..news.clone() };
            let expect = if is_news { Heard::Applied } else { Heard::Stale };
            assert_eq!(heard(&tickets, &news, news.at).await.unwrap(), expect);
        }
        let said: Vec<_> = tickets.messages(&ticket.id, true).await.unwrap().into_iter().map(|one| one.text).collect();
        assert_eq!(said, ["Since yesterday.", text, "Try again"]);
        let unknown = News { remote_id: "1".to_owned(), ..news };
        assert_eq!(heard(&tickets, &unknown, desk.now).await.unwrap(), Heard::Unknown);
    }
}

#[tokio::test]
async fn of_tickets_that_wait_together_one_that_cannot_be_written_keeps_no_other_from_it() {
    let desk = Desk::of(Kind::Zendesk(Default::default())).await;
    let (tickets, twice) = (room(&desk).await, secret());
    let sent = [("bug", secret()), ("no such form", secret()), ("idea", twice.clone()), ("idea", twice)];
    let mut answers = std::pin::pin!(join_all(
        sent.map(|(form, secret)| { tickets.open(Opening { secret, ..opening(draft(form)) }, desk.now) })
    ));
    // While nobody can write, all of them come to wait.
    let held = desk.store.writer().acquire().await.unwrap();
    assert!(answers.as_mut().now_or_never().is_none());
    drop(held);
    let answers = answers.await;
    let numbers: Vec<_> = answers.iter().map(|answer| answer.as_ref().ok().map(|ticket| ticket.number)).collect();
    assert_eq!(numbers, [Some(1001), None, Some(1002), Some(1002)]);
    let why = format!("{:#}", answers[1].as_ref().unwrap_err());
    assert!(why.contains("no such form"), "{why}");
}
