//! What is Intercom's own: its search lags, and contacts come before conversations.

use jiff::{SignedDuration, Timestamp};
use signpost::delivery::Next;
use signpost::integrations::desk::Deed;

use super::{Desk, Kind, opened};
use crate::contract::Misbehave::{Hang, Lost, Reset, Status, TooOften, Well};
use crate::contract::intercom::Intercom;

async fn desk() -> (Intercom, Desk) {
    let intercom = Intercom::default();
    let desk = Desk::of(Kind::Intercom(intercom.clone())).await;
    (intercom, desk)
}

/// How often a conversation was asked for, and how often searched.
fn counts(desk: &Desk) -> (usize, usize) {
    let asked = desk.asked();
    let count = |end: &str| asked.iter().filter(|it| it.method == "POST" && it.url.path().ends_with(end)).count();
    (count("/conversations"), count("/conversations/search"))
}

async fn wait(desk: &mut Desk) -> Timestamp {
    let Next::Wait { until: Some(until), .. } = desk.settle().await else { panic!("it is not tried again") };
    until
}

#[tokio::test]
async fn a_search_that_knows_nothing_yet_is_not_believed() {
    for (misbehave, begun) in [(Reset, 1), (Lost, 2)] {
        let (_, mut desk) = desk().await;
        let ticket = desk.opened().await;
        desk.vendor.plan([Well, Well, misbehave]);
        let asked_at = desk.now;
        let soon = wait(&mut desk).await;
        assert!(soon < desk.now + SignedDuration::from_secs(12), "looked at soon, as it may be known already");
        desk.now = soon;
        let later = wait(&mut desk).await;
        assert!(later >= asked_at + SignedDuration::from_mins(10), "sent again before the search can know: {later}");
        assert_eq!(counts(&desk), (1, 1));
        desk.now = later;
        desk.settle_all().await;
        desk.check(&[&ticket], "after the search caught up").await;
        assert_eq!(counts(&desk), (begun, 2));
    }
}

#[tokio::test]
async fn each_doubt_is_waited_for_anew() {
    for (second, begun) in [(Reset, 2), (Lost, 3), (Hang, 2)] {
        let (_, mut desk) = desk().await;
        let ticket = desk.opened().await;
        desk.vendor.plan([Well, Well, Lost]);
        // The first was lost on its way, and the search says so in the end.
        desk.now = wait(&mut desk).await;
        desk.now = wait(&mut desk).await;
        desk.vendor.plan([Well, Well, second.clone()]);
        match second {
            Hang => die(&mut desk, 3).await,
            _ => drop(wait(&mut desk).await),
        }
        desk.settle_all().await;
        desk.check(&[&ticket], &format!("{second:?} after Lost")).await;
        assert_eq!(counts(&desk).0, begun, "{second:?} after Lost");
    }
}

/// The program dies while it waits for the answer to its request `at` from now.
async fn die(desk: &mut Desk, at: usize) {
    desk.kind.set_clock(desk.now);
    let (now, vendor) = (desk.now, &desk.vendor);
    let asked = vendor.received().len();
    let died = async {
        while vendor.received().len() < asked + at {
            tokio::task::yield_now().await;
        }
    };
    let work = async { while desk.lane.step(now).await.unwrap() == Next::Now {} };
    tokio::select! {
        biased;
        () = died => {}
        () = work => panic!("it was answered"),
    }
    desk.restart().await;
}

#[tokio::test]
async fn a_contact_that_was_made_is_known_before_the_search_knows_it() {
    let (intercom, mut desk) = desk().await;
    for _ in 0..2 {
        let mut opened = opened();
        opened.reader = None;
        desk.promise(&Deed::Opened(Box::new(opened))).await;
        desk.settle_all().await;
    }
    let contacts = intercom.with(|state| state.contacts.clone());
    assert_eq!(contacts.len(), 1, "{contacts:?}");
    assert_eq!(contacts[0]["role"], "lead", "nobody proved the address");
    // Later the search does.
    desk.restart().await;
    desk.now += SignedDuration::from_mins(20);
    let mut opened = opened();
    opened.reader = None;
    desk.promise(&Deed::Opened(Box::new(opened))).await;
    desk.settle_all().await;
    assert_eq!(intercom.with(|state| (state.contacts.len(), state.conversations.len())), (1, 3));
}

#[tokio::test]
async fn whom_the_host_signed_in_is_nobody_else_whatever_the_address() {
    let (intercom, mut desk) = desk().await;
    intercom.with(|state| {
        state.contacts.push(serde_json::json!({
            "type": "contact", "id": "66a1b2c3d4e5f60718293a4b", "role": "user", "external_id": "of another system",
            "email": "ada@example.com", "created_at": 0,
        }));
    });
    let ticket = desk.opened().await;
    desk.settle_all().await;
    desk.check(&[&ticket], "with a conflict").await;
    intercom.with(|state| {
        let own = &state.contacts[1];
        assert_eq!((&own["external_id"], own.get("email")), (&"user-1".into(), None), "the address is another's");
        assert_eq!(state.conversations[0]["source"]["author"]["id"], own["id"]);
    });
    assert!(desk.kind.said()[1].0.contains("From ada@example.com"), "agents know where to answer");
}

#[tokio::test]
async fn nobody_speaks_in_the_name_of_whom_a_conflict_names() {
    let (intercom, mut desk) = desk().await;
    let mut opened = opened();
    opened.reader = None;
    let ticket = opened.ticket.clone();
    desk.promise(&Deed::Opened(Box::new(opened))).await;
    let conflict =
        r#"{"errors":[{"code":"conflict","message":"contact already exists with id=66a1b2c3d4e5f60718293a4b"}]}"#;
    desk.vendor.plan([Well, Status(409, conflict), Well, Reset]);
    desk.settle_all().await;
    desk.check(&[&ticket], "with an address that is taken").await;
    let contact = intercom.with(|state| state.contacts[0].clone());
    assert_eq!((&contact["external_id"], contact.get("email")), (&ticket.into(), None));
}

#[tokio::test]
async fn a_lead_that_is_there_twice_is_looked_for_under_both() {
    let (intercom, mut desk) = desk().await;
    let ask = || {
        let mut opened = opened();
        opened.reader = None;
        opened
    };
    let (first, second) = (ask(), ask());
    desk.promise(&Deed::Opened(Box::new(first.clone()))).await;
    desk.vendor.plan([Well, Well, Hang]);
    die(&mut desk, 3).await;
    // The search knows the first contact no more than its conversation.
    desk.promise(&Deed::Opened(Box::new(second.clone()))).await;
    desk.settle_all().await;
    desk.check(&[&first.ticket, &second.ticket], "under two contacts").await;
    assert_eq!(intercom.with(|state| (state.contacts.len(), state.conversations.len())), (2, 2));
}

#[tokio::test]
async fn a_limit_is_waited_for_until_it_ends() {
    let (_, mut desk) = desk().await;
    let ticket = desk.opened().await;
    let end = desk.now.as_second() + 7;
    desk.vendor.plan([Well, Well, TooOften(end)]);
    let until = wait(&mut desk).await;
    assert!((7..9).contains(&until.duration_since(desk.now).as_secs()), "{until}");
    desk.now = until;
    desk.settle_all().await;
    desk.check(&[&ticket], "after a limit").await;
    assert_eq!(counts(&desk), (2, 0), "what was refused was not done");
}
