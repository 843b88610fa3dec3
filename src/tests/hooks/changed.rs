//! Whatever is changed on the way, it is refused.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use signpost::webhooks::{Refused, Taken};

use super::{Call, Desk, SETTINGS, freshdesk, headers, intercom, standard, zendesk};

const BODY: &str = r#"{"ticket_id":"41207","status":"solved","updated_at":"2026-07-25T10:00:00Z"}"#;

fn now() -> Timestamp {
    "2026-07-25T10:00:00Z".parse().unwrap()
}

fn basic() -> Call {
    let user = "Basic c2lnbnBvc3Q6YS1zZWNyZXQtb2YtYS1ydWxlLW9mLWZyZXNoZGVzay1vZi00MC1ieQ==".to_owned();
    Call { to: "basic", headers: vec![("authorization", user)], ..freshdesk(BODY, now()) }
}

fn calls() -> [Call; 5] {
    [zendesk(BODY, now()), standard("msg_1", BODY, now()), freshdesk(BODY, now()), basic(), intercom(BODY, now())]
}

async fn is_refused(desk: &Desk, call: &Call, headers: &HeaderMap, body: &[u8], what: &str) {
    let taken = desk.take_raw(call.to, headers, body, now()).await;
    assert!(matches!(taken, Err(Refused::Unproved(_))), "{}: {what}: {taken:?}", call.to);
}

/// `bytes` with one of them another, in every way there is.
fn changes(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..bytes.len()).flat_map(move |at| {
        let others = (0..=u8::MAX).filter(move |byte| *byte != bytes[at]);
        others.map(move |byte| [&bytes[..at], &[byte], &bytes[at + 1..]].concat())
    })
}

#[tokio::test]
async fn one_byte_of_a_body_makes_the_signature_wrong() {
    let desk = Desk::open(SETTINGS).await;
    for call in calls().iter().filter(|call| ["zendesk", "crm", "intercom"].contains(&call.to)) {
        for body in changes(call.body.as_bytes()) {
            is_refused(&desk, call, &headers(call), &body, &String::from_utf8_lossy(&body)).await;
        }
        for body in [&call.body[1..], &call.body[..call.body.len() - 1], &format!("{} ", call.body), ""] {
            is_refused(&desk, call, &headers(call), body.as_bytes(), body).await;
        }
    }
    assert!(desk.stored().await.is_empty());
}

#[tokio::test]
async fn one_byte_of_what_proves_it_is_refused() {
    let desk = Desk::open(SETTINGS).await;
    for call in calls() {
        for (name, value) in &call.headers {
            let name: HeaderName = name.parse().unwrap();
            // What no header can hold does not arrive.
            let changed = changes(value.as_bytes()).filter_map(|value| HeaderValue::from_bytes(&value).ok());
            let mut count = 0;
            for value in changed {
                let mut headers = headers(&call);
                headers.insert(&name, value.clone());
                is_refused(&desk, &call, &headers, call.body.as_bytes(), &format!("{name}: {value:?}")).await;
                count += 1;
            }
            assert!(count > 200 * value.len(), "{count} changes of {value}");
        }
    }
    assert!(desk.stored().await.is_empty());
}

#[tokio::test]
async fn what_moves_between_time_and_body_is_refused() {
    let desk = Desk::open(SETTINGS).await;
    let call = zendesk(BODY, now());
    let signed = format!("{}{BODY}", call.headers[1].1);
    for at in 0..signed.len() {
        let mut moved = call.clone();
        moved.headers[1].1 = signed[..at].to_owned();
        moved.body = signed[at..].to_owned();
        let is_as_signed = moved.body == BODY;
        let taken = desk.take(&moved).await;
        assert_eq!(taken.is_ok(), is_as_signed, "{moved:?}: {taken:?}");
    }
}

#[tokio::test]
async fn a_proof_must_be_there_once() {
    for call in calls() {
        let desk = Desk::open(SETTINGS).await;
        for (name, value) in &call.headers {
            let (name, mut without): (HeaderName, _) = (name.parse().unwrap(), headers(&call));
            without.remove(&name);
            is_refused(&desk, &call, &without, call.body.as_bytes(), name.as_str()).await;
            let mut twice = headers(&call);
            twice.append(&name, value.parse().unwrap());
            is_refused(&desk, &call, &twice, call.body.as_bytes(), name.as_str()).await;
        }
        assert_eq!(desk.take(&call).await.unwrap(), Taken::Stored);
    }
}

#[tokio::test]
async fn what_was_signed_is_good_for_five_minutes_before_and_after() {
    for call in &calls()[..2] {
        let desk = Desk::open(SETTINGS).await;
        desk.refuses(call, 301, "5 minutes ago").await;
        desk.refuses(call, -301, "ahead of our clock").await;
        assert_eq!(desk.take_late(call, 300).await.unwrap(), Taken::Stored);
        assert_eq!(desk.take_late(call, -300).await.unwrap(), Taken::Known);
    }
}

#[tokio::test]
async fn a_time_in_another_unit_is_refused() {
    let desk = Desk::open(SETTINGS).await;
    let mut call = standard("msg_1", BODY, now());
    let milliseconds = now().as_millisecond().to_string();
    call.headers[1].1 = milliseconds.clone();
    call.headers[2].1 = super::signature(&super::STANDARD.into(), "msg_1", &milliseconds, BODY.as_bytes()).unwrap();
    desk.refuses(&call, 0, "no time in seconds").await;
    let seconds = now().as_second().to_string();
    let signed = super::mac(super::ZENDESK.as_bytes(), format!("{seconds}{BODY}").as_bytes());
    let signed = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, signed);
    let mut call = zendesk(BODY, now());
    call.headers = vec![("x-zendesk-webhook-signature", signed), ("x-zendesk-webhook-signature-timestamp", seconds)];
    desk.refuses(&call, 0, "ISO 8601").await;
}

#[tokio::test]
async fn a_proof_of_one_sender_proves_nothing_of_another() {
    let desk = Desk::open(SETTINGS).await;
    for call in calls() {
        for to in ["zendesk", "freshdesk", "basic", "crm", "intercom"].into_iter().filter(|to| *to != call.to) {
            let moved = Call { to, ..call.clone() };
            assert!(matches!(desk.take(&moved).await, Err(Refused::Unproved(_))), "{moved:?}");
        }
        let nobody = Call { to: "nobody", ..call };
        assert!(matches!(desk.take(&nobody).await, Err(Refused::NoSender(_))));
    }
}
