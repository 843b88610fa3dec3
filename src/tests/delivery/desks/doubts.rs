//! When nobody knows whether what was asked was done.

use std::time::Duration;

use jiff::SignedDuration;
use signpost::delivery::{Next, dead, operate};
use signpost::integrations::desk::Deed;

use super::{Desk, Kind, PATIENCE_MS, each, opened};
use crate::contract::Misbehave::{self, Done, HalfABody, Hang, Late, Lost, Oversized, Reset, Status, WebPage, Well};
use crate::contract::zendesk::Zendesk;

/// Ways in which an answer says nothing of what was done.
fn doubts() -> Vec<Misbehave> {
    let done = [500, 502, 503, 504].map(Done);
    let not = [Lost, Status(500, "oh"), Status(502, "oh"), Status(504, "oh")];
    let late = Late(Duration::from_millis(PATIENCE_MS + 20));
    let lost = [Reset, Hang, late, HalfABody(201), Oversized, WebPage(502), WebPage(200)];
    lost.into_iter().chain(done).chain(not).collect()
}

async fn said_once(desk: &Desk, words: &[&str], what: &str) {
    let said = desk.kind.said();
    assert_eq!(said.len(), words.len(), "{} {what}: {said:?}", desk.kind.name());
    for word in words {
        let times = said.iter().filter(|(text, _)| text.contains(word)).count();
        assert_eq!(times, 1, "{} {what}: {word} in {said:?}", desk.kind.name());
    }
}

const WORDS: [&str; 3] = ["Since yesterday", "What the reader let travel", "It is worse now"];

/// Each of the requests of an opening and an answer is one whose outcome nobody knows; `hours` pass before the resend.
async fn each_request_in_doubt(hours: i64) {
    for misbehave in doubts() {
        for (place, kind) in (0..6).flat_map(|place| each().map(|kind| (place, kind))) {
            if place >= kind.requests() {
                continue;
            }
            let what = format!("{misbehave:?} at request {place}, {hours} h");
            let mut desk = Desk::of(kind).await;
            let ticket = desk.opened().await;
            desk.answered(&ticket, "It is worse now").await;
            desk.vendor.plan(vec![Well; place].into_iter().chain([misbehave.clone()]));
            desk.settle().await;
            assert!(desk.asked().len() > place, "{what}");
            desk.restart().await;
            desk.now += SignedDuration::from_hours(hours);
            desk.settle_all().await;
            desk.check(&[&ticket], &what).await;
            said_once(&desk, &WORDS, &what).await;
        }
    }
}

#[tokio::test]
async fn what_may_have_arrived_is_not_done_twice_while_the_key_is_known() {
    each_request_in_doubt(0).await;
}

#[tokio::test]
async fn nor_is_it_when_the_key_is_forgotten() {
    each_request_in_doubt(3).await;
}

#[tokio::test]
async fn zendesk_answers_a_known_key_and_is_asked_what_it_has_when_the_key_may_be_forgotten() {
    for (minutes, expect) in
        [(5, ["POST", "POST"]), (59, ["POST", "POST"]), (61, ["POST", "GET"]), (180, ["POST", "GET"])]
    {
        let zendesk = Zendesk::default();
        let mut desk = Desk::of(Kind::Zendesk(zendesk.clone())).await;
        let ticket = desk.opened().await;
        desk.vendor.plan([Reset]);
        desk.settle().await;
        desk.now += SignedDuration::from_mins(minutes);
        desk.settle_all().await;
        desk.check(&[&ticket], &format!("after {minutes} minutes")).await;
        let methods: Vec<_> = desk.asked().into_iter().map(|received| received.method).collect();
        assert_eq!(methods[..2], expect, "after {minutes} minutes");
        let lookups = zendesk.with(|state| state.lookups.clone());
        assert_eq!(lookups, if expect[1] == "POST" { vec!["miss", "hit"] } else { vec!["miss"] });
        let keys = desk.asked();
        let keys: Vec<_> = keys.iter().filter_map(|received| received.header("idempotency-key")).collect();
        assert!(keys.windows(2).all(|two| two[0] == two[1]), "{keys:?}");
    }
}

#[tokio::test]
async fn freshdesk_is_asked_what_it_has_seconds_later_before_anything_is_sent_again() {
    for (misbehave, posts) in [(Reset, 1), (Lost, 2)] {
        let mut desk = Desk::of(Kind::Freshdesk(Default::default())).await;
        let ticket = desk.opened().await;
        desk.vendor.plan([misbehave]);
        let Next::Wait { until: Some(until), .. } = desk.settle().await else { panic!("it is not tried again") };
        assert!(until >= desk.now + SignedDuration::from_secs(9), "it is asked at once");
        desk.settle_all().await;
        desk.check(&[&ticket], "in doubt").await;
        let asked = desk.asked();
        assert_eq!(asked[1].query("email").as_deref(), Some("ada@example.com"));
        let made =
            asked.iter().filter(|received| received.method == "POST" && received.url.path().ends_with("/tickets"));
        assert_eq!(made.count(), posts);
    }
}

#[tokio::test]
async fn a_program_that_dies_at_any_request_makes_no_second_ticket() {
    for (place, kind) in (0..6).flat_map(|place| each().map(|kind| (place, kind))) {
        if place >= kind.requests() {
            continue;
        }
        let mut desk = Desk::of(kind).await;
        let ticket = desk.opened().await;
        desk.answered(&ticket, "It is worse now").await;
        desk.vendor.plan(vec![Well; place].into_iter().chain([Hang]));
        let (now, vendor) = (desk.now, &desk.vendor);
        let died = async {
            while vendor.received().len() <= place {
                tokio::task::yield_now().await;
            }
        };
        let work = async { while desk.lane.step(now).await.unwrap() == Next::Now {} };
        tokio::select! {
            biased;
            () = died => {}
            () = work => panic!("request {place} was answered"),
        }
        desk.restart().await;
        desk.settle_all().await;
        let what = format!("died at request {place}");
        desk.check(&[&ticket], &what).await;
        said_once(&desk, &WORDS, &what).await;
    }
}

#[tokio::test]
async fn a_dead_letter_that_is_sent_again_makes_no_second_ticket_and_answers_follow() {
    for kind in each() {
        let mut desk = Desk::of(kind).await;
        let ticket = desk.opened().await;
        desk.answered(&ticket, "It is worse now").await;
        // It is made at once, and the desk says so to nobody for days.
        desk.vendor.plan(vec![Well; desk.kind.before()].into_iter().chain([Reset]));
        desk.vendor.plan((0..30).map(|_| Status(502, "down for days")));
        while desk.status().await.dead == 0 {
            let Next::Wait { until: Some(until), .. } = desk.settle().await else { panic!("never given up") };
            desk.now = until;
        }
        desk.vendor.forget_plan();
        desk.settle().await;
        assert_eq!(desk.kind.said().len(), 1, "the answer goes before what it answers");
        let letter = dead::list(&desk.store, None, 10).await.unwrap().remove(0);
        assert!(operate::retry(&desk.store, &letter.id, desk.now).await.unwrap());
        assert!(operate::retry(&desk.store, desk.kind.name(), desk.now).await.unwrap());
        desk.settle_all().await;
        said_once(&desk, &WORDS, "after a replay").await;
        assert_eq!(desk.kind.made().values().collect::<Vec<_>>(), [&1]);
        assert!(desk.receipt(&ticket).await.unwrap().remote_id.is_some());
        assert_eq!(desk.status().await.waiting, 0);
    }
}

#[tokio::test]
async fn a_key_that_another_request_has_is_not_forced() {
    let zendesk = || Desk::of(Kind::Zendesk(Zendesk::default()));
    // A file is sent anew, and so is another request than the first.
    let mut desk = zendesk().await;
    let mut opened = opened();
    opened.files = vec![desk.file("log.txt", b"a line")];
    let ticket = opened.ticket.clone();
    desk.promise(&Deed::Opened(Box::new(opened))).await;
    desk.vendor.plan([Well, Reset]);
    desk.settle_all().await;
    desk.check(&[&ticket], "with a file").await;

    // So it is when the settings change in between.
    let mut desk = zendesk().await;
    let ticket = desk.opened().await;
    desk.vendor.plan([Reset]);
    desk.settle().await;
    desk.config.desks.zendesk.as_mut().unwrap().tags.push("more".to_owned());
    desk.restart().await;
    desk.settle_all().await;
    desk.check(&[&ticket], "with other settings").await;

    let mut desk = zendesk().await;
    let ticket = desk.opened().await;
    let busy = r#"{"error": "IdempotentRequestError"}"#;
    desk.vendor.plan([Status(400, busy)]);
    desk.settle().await;
    assert_eq!(desk.kind.made().len(), 0);
    desk.settle_all().await;
    desk.check(&[&ticket], "once the key is free").await;
}

#[tokio::test]
async fn a_conflict_is_asked_about_once_more() {
    for (times, dead) in [(1, 0), (2, 1)] {
        let mut desk = Desk::of(Kind::Zendesk(Zendesk::default())).await;
        let ticket = desk.opened().await;
        // After each conflict it is asked whether the ticket is there.
        let list = Status(200, r#"{"tickets": []}"#);
        desk.vendor.plan((0..times).flat_map(|_| [Status(409, r#"{"error": "Conflict"}"#), list.clone()]));
        let next = desk.settle().await;
        assert!(
            matches!(next, Next::Wait { until: Some(until), .. } if until >= desk.now + SignedDuration::from_secs(9))
        );
        desk.settle_all().await;
        assert_eq!(desk.status().await.dead, dead);
        if dead == 0 {
            desk.check(&[&ticket], "after a conflict").await;
        }
    }
}
