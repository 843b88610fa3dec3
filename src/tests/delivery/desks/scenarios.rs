//! The scenarios that every adapter must pass, for each desk; and what is sent, to the letter.

use jiff::SignedDuration;
use serde_json::Value;
use signpost::delivery::{Next, dead};
use signpost::integrations::desk::Deed;

use super::{Desk, Kind, answered, each, opened};
use crate::contract::Misbehave::{RetryAfter, Status, Well};
use crate::contract::Received;
use crate::contract::vendors::SECRET;

/// Head and body of a request, without what differs from run to run.
fn shown(received: &Received, ids: &[String]) -> String {
    let mut text = format!("{} {}", received.method, received.url.path());
    if let Some(query) = received.url.query() {
        text += &format!("?{query}");
    }
    for name in ["content-type", "idempotency-key"] {
        text += &received.header(name).map(|value| format!("\n{name}: {value}")).unwrap_or_default();
    }
    let body = serde_json::from_slice::<Value>(&received.body)
        .map_or_else(|_| received.text().replace('\r', ""), |json| serde_json::to_string_pretty(&json).unwrap());
    text = format!("{text}\n\n{body}");
    for (place, id) in ids.iter().enumerate() {
        let (bare, end) = (id.replace('-', ""), &id[id.len() - 12..]);
        text = text.replace(id, &format!("ID-{place}")).replace(&bare, &format!("ID{place}"));
        text = text.replace(end, &format!("END-{place}"));
    }
    text
}

#[tokio::test]
async fn requests_are_as_the_manual_shows_them() {
    for kind in each() {
        let mut desk = Desk::of(kind).await;
        let mut opened = opened();
        opened.text = "It says <b>\"Error\"</b> & stops.\n\nPlease help\nme.".to_owned();
        opened.tags.push("two words".to_owned());
        opened.dossier.iter_mut().for_each(|clue| clue.at = clue.at.map(|_| 1_785_000_000_000));
        opened.files = vec![desk.file("log \"1\".txt", b"a line")];
        let mut answered = answered(&opened.ticket, "It is <i>worse</i> now");
        answered.files = vec![desk.file("more.txt", b"another line")];
        let mut ids = vec![opened.ticket.clone(), answered.message.clone()];
        ids.push(desk.promise(&Deed::Opened(Box::new(opened))).await);
        ids.push(desk.promise(&Deed::Answered(Box::new(answered))).await);
        desk.settle().await;
        let asked: Vec<_> = desk.asked().iter().map(|received| shown(received, &ids)).collect();
        insta::assert_snapshot!(format!("desk_{}", desk.kind.name()), asked.join("\n\n---\n\n"));
        let files = [("log \"1\".txt", "a line"), ("more.txt", "another line")];
        // A form has no quotes in names.
        let name =
            |name: &str| if matches!(desk.kind, Kind::Zendesk(_)) { name.to_owned() } else { name.replace('"', "%22") };
        let files: Vec<_> = files.iter().map(|(file, text)| (name(file), text.as_bytes().to_vec())).collect();
        match desk.kind {
            // It takes no files: agents are told where they lie.
            Kind::Intercom(_) => assert!(desk.kind.said()[1].0.contains("<li>log &quot;1&quot;.txt (")),
            _ => assert_eq!(desk.kind.files(), files),
        }
        let said = desk.kind.said();
        assert_eq!(said.iter().map(|(_, public)| *public).collect::<Vec<_>>(), [true, false, true]);
    }
}

#[tokio::test]
async fn it_works_wherever_the_desk_lives() {
    for path in ["", "/", "/eu/region", "/eu/region/"] {
        for kind in each() {
            let mut desk = Desk::below(kind, path).await;
            let ticket = desk.opened().await;
            desk.answered(&ticket, "More").await;
            desk.settle().await;
            desk.check(&[&ticket], path).await;
            let receipt = desk.receipt(&ticket).await.unwrap();
            let (url, id) = (receipt.url.unwrap(), receipt.remote_id.unwrap());
            let below = format!("{}{}", desk.vendor.url, path.trim_end_matches('/'));
            let end = if desk.kind.name() == "intercom" { "conversation" } else { "tickets" };
            assert!(url.starts_with(&below) && url.ends_with(&format!("/{end}/{id}")), "{url}");
        }
    }
}

#[tokio::test]
async fn a_wrong_secret_stops_the_desk_until_its_settings_change() {
    for (code, kind) in [401, 403].into_iter().flat_map(|code| each().map(|kind| (code, kind))) {
        let mut desk = Desk::of(kind).await;
        let ticket = desk.opened().await;
        desk.vendor.plan([Status(code, r#"{"error": "Couldn't authenticate s3cr3t-and-never-shown"}"#)]);
        assert_eq!(desk.settle().await, Next::Wait { events: false, until: None });
        desk.restart().await;
        desk.settle().await;
        let status = desk.status().await;
        assert!(status.locked && status.waiting == 1 && desk.asked().len() == 1, "{status:?}");
        let error = status.last_error.unwrap();
        assert!(error.contains("authenticate") && !error.contains(SECRET), "{error}");
        if let Some(zendesk) = &mut desk.config.desks.zendesk {
            zendesk.timeout_ms = 301;
        }
        if let Some(freshdesk) = &mut desk.config.desks.freshdesk {
            freshdesk.timeout_ms = 301;
        }
        if let Some(intercom) = &mut desk.config.desks.intercom {
            intercom.timeout_ms = 301;
        }
        desk.restart().await;
        desk.settle_all().await;
        desk.check(&[&ticket], "after other settings").await;
    }
}

#[tokio::test]
async fn what_the_desk_refuses_is_said_in_its_words_and_holds_up_no_other_ticket() {
    for kind in each() {
        let mut desk = Desk::of(kind).await;
        let mut wrong = opened();
        wrong.email = Some("nobody".to_owned());
        let refused = wrong.ticket.clone();
        desk.promise(&Deed::Opened(Box::new(wrong))).await;
        desk.answered(&refused, "Hello?").await;
        let ticket = desk.opened().await;
        desk.settle_all().await;
        assert_eq!(desk.kind.made().len(), 1, "{}", desk.kind.name());
        assert!(desk.receipt(&ticket).await.is_some() && desk.receipt(&refused).await.is_none());
        let letters = dead::list(&desk.store, None, 10).await.unwrap();
        assert_eq!(letters.len(), 1, "the answer waits for what it answers: {letters:?}");
        let expect = match desk.kind {
            Kind::Zendesk(_) => "answered 422: RecordInvalid: requester: requester e-mail is malformed",
            Kind::Freshdesk(_) => "answered 400: Validation failed: email: not a valid e-mail address",
            Kind::Intercom(_) => "answered 400: email is invalid (request req-hc-0001)",
        };
        assert_eq!(letters[0].reason, expect);
        assert_eq!(desk.status().await.waiting, 1);
        // Once the operator drops it, its answer has no place.
        assert!(dead::discard(&desk.store, &letters[0].id).await.unwrap());
        desk.settle_all().await;
        let letters = dead::list(&desk.store, None, 10).await.unwrap();
        assert!(letters.len() == 1 && letters[0].reason.contains("does not have this ticket"), "{letters:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_refused_holds_up_no_later_one() {
    let mut desk = Desk::of(Kind::Zendesk(Default::default())).await;
    let ticket = desk.opened().await;
    desk.settle().await;
    desk.answered(&ticket, "one").await;
    desk.answered(&ticket, "two").await;
    desk.vendor.plan([Well, Status(422, r#"{"error": "RecordInvalid"}"#)]);
    desk.settle().await;
    let said = desk.kind.said();
    assert!(said.len() == 3 && said[2].0.contains("two"), "{said:?}");
}

#[tokio::test]
async fn a_desk_that_asks_for_patience_gets_it() {
    for (code, kind) in [429, 503].into_iter().flat_map(|code| each().map(|kind| (code, kind))) {
        for (after, seconds) in [("2", 2), ("", 10)] {
            let mut desk = Desk::of(kind.clone()).await;
            let place = desk.kind.made().len();
            let ticket = desk.opened().await;
            desk.vendor.plan([RetryAfter(code, after)]);
            let Next::Wait { until: Some(until), .. } = desk.settle().await else {
                panic!("{code} is not tried again")
            };
            let waits = until.duration_since(desk.now).as_secs_f64();
            assert!((f64::from(seconds)..f64::from(seconds) + 1.5).contains(&waits), "{code} {after:?}: {waits} s");
            desk.now = until;
            desk.settle_all().await;
            assert_eq!(desk.kind.made().len(), place + 1);
            assert!(desk.receipt(&ticket).await.is_some());
        }
    }
}

#[tokio::test]
async fn a_desk_that_is_down_is_left_alone_and_has_all_in_order_in_the_end() {
    for kind in each() {
        let mut desk = Desk::of(kind).await;
        let ticket = desk.opened().await;
        for text in ["first", "second", "third"] {
            desk.answered(&ticket, text).await;
        }
        desk.vendor.plan((0..5).map(|_| Status(503, "down")));
        for _ in 0..3 {
            let Next::Wait { until: Some(until), .. } = desk.settle().await else { panic!("it is not tried again") };
            if desk.asked().len() < 3 {
                desk.now = until;
            }
        }
        let open = desk.status().await.opened_until - desk.now.as_millisecond();
        assert!((29_000..32_000).contains(&open), "{}: open for {open} ms", desk.kind.name());
        desk.settle_all().await;
        desk.check(&[&ticket], "after a time down").await;
        let said = desk.kind.said();
        let answers: Vec<_> = said.iter().skip(2).map(|(text, _)| text.split(['/', 'b']).next().unwrap()).collect();
        assert_eq!(answers, ["<p>first<", "<p>second<", "<p>third<"], "{}", desk.kind.name());
    }
}

#[tokio::test]
async fn a_ticket_that_waits_holds_up_no_other() {
    for kind in each() {
        let mut desk = Desk::of(kind).await;
        let one = desk.opened().await;
        desk.answered(&one, "of one").await;
        let other = desk.opened().await;
        desk.answered(&other, "of other").await;
        desk.vendor.plan([Status(500, "oh")]);
        desk.settle().await;
        assert_eq!(desk.kind.made().len(), 1, "{}", desk.kind.name());
        let said = desk.kind.said();
        assert!(said.iter().any(|(text, _)| text.contains("of other")), "{said:?}");
        assert!(!said.iter().any(|(text, _)| text.contains("of one")), "{said:?}");
        desk.settle_all().await;
        desk.check(&[&one, &other], "in the end").await;
    }
}

#[tokio::test]
async fn files_that_cannot_go_along_are_named_and_the_ticket_is_made() {
    for kind in each() {
        let mut desk = Desk::of(kind).await;
        let mut opened = opened();
        let gone = desk.file("gone.txt", b"a line");
        std::fs::remove_file(&gone.path).unwrap();
        opened.files = vec![gone, desk.file("kept.txt", b"a line")];
        if matches!(desk.kind, Kind::Zendesk(_)) {
            opened.files.push(desk.file("large.txt", b"a line"));
            desk.vendor.plan([Well, Status(413, "too large")]);
        } else if matches!(desk.kind, Kind::Freshdesk(_)) {
            let large = desk.file("large.txt", b"a line");
            opened.files.push(signpost::integrations::desk::File { bytes: 20_000_000, ..large });
        }
        let ticket = opened.ticket.clone();
        desk.promise(&Deed::Opened(Box::new(opened))).await;
        desk.settle_all().await;
        desk.check(&[&ticket], "without some files").await;
        let files: Vec<_> = desk.kind.files().into_iter().map(|(name, _)| name).collect();
        if matches!(desk.kind, Kind::Intercom(_)) {
            let note = &desk.kind.said()[1].0;
            assert!(note.contains("<li>gone.txt (") && note.contains("<li>kept.txt ("), "{note}");
            continue;
        }
        assert_eq!(files, ["kept.txt"], "{}", desk.kind.name());
        let text = &desk.kind.said()[0].0;
        assert!(text.contains("<li>gone.txt (") && text.contains("<li>large.txt ("), "{text}");
    }
}

#[tokio::test]
async fn whoever_gives_no_address_is_somebody_all_the_same() {
    for (reader, kind) in [None, Some("user-1")].into_iter().flat_map(|reader| each().map(|kind| (reader, kind))) {
        let mut desk = Desk::of(kind).await;
        let mut opened = opened();
        (opened.email, opened.name, opened.reader) = (None, None, reader.map(str::to_owned));
        let ticket = opened.ticket.clone();
        desk.promise(&Deed::Opened(Box::new(opened))).await;
        desk.vendor.plan([crate::contract::Misbehave::Reset]);
        desk.settle().await;
        desk.now += SignedDuration::from_hours(2);
        desk.settle_all().await;
        desk.check(&[&ticket], "without an address").await;
        assert!(desk.kind.said()[1].0.contains("no e-mail address"));
    }
}
