//! What mail providers tell: each vector, whatever can be wrong with it, and what becomes of the address.

mod changed;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use signpost::webhooks::{Refused, Taken};

use super::handling::Room;
use super::{Call, Desk, FRESHDESK, STANDARD};
use crate::contract::sns::{ARN, Topic};
use crate::contract::vendors::basic;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};

const SENDGRID_KEY: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE7/6e83OsncYWDbN6tti/Qr0HdpUhFsufl/jzz85t/JkDDajW9RhdjA6vdshm8Uwkm5NCU4DsYxUksybcjE55PA==";
const SENDGRID_SECRET: &str = "1f2e3d4c5b6a79880123456789abcdef0123456789abcdef00112233445566aa";
const SENDGRID_BODY: &str = "[{\"email\":\"ada@customer.example\",\"timestamp\":1785000000,\"event\":\"delivered\",\"sg_event_id\":\"ev_1\",\"sg_message_id\":\"msg_1.filter0001\"}]\r\n";
const SENDGRID_SIGNATURE: &str =
    "MEQCIGfLBHtscLDitWoVHHzP+dfs8CUCoppArpwwR8spb4WbAiAOSsWe1eMB+NfPFHlAvhmD6JQ7CKc1EU5a84wzc3KhwQ==";
const MAILGUN_KEY: &str = "mg-signing-key-0a1b2c3d4e5f";
const TOKEN: &str = "c0ffee5eedc0ffee5eedc0ffee5eedc0ffee5eed01234567ab";
const MAILGUN_SIGNATURE: &str = "631a87cc5d771d793cbe15f4aedb5729b807f540c35e71b09c503ca6ea14cefc";
pub const RESEND_BODY: &str = r#"{"type":"email.bounced","created_at":"2026-07-25T17:20:00.000Z","data":{"email_id":"9e1d2c3b-4a59-4687-b0a1-c2d3e4f50618","to":["ada@customer.example"]}}"#;
const RESEND_SIGNATURE: &str = "v1,TdM9EsQRSvit9vFy3P4AsYcj7oAXLXZr1ZdtSy1jPjs=";

/// The clock of the vectors.
pub fn then() -> Timestamp {
    Timestamp::from_second(1_785_000_000).unwrap()
}

pub fn settings() -> String {
    format!(
        "[hooks.sendgrid]\nsecrets = [\"{SENDGRID_KEY}\"]\n[hooks.mailgun]\nsecrets = [\"another\", \"{MAILGUN_KEY}\"]\n\
         [hooks.postmark]\nsecrets = [\"{FRESHDESK}\"]\n[hooks.resend]\nsecrets = [\"{STANDARD}\"]\n"
    )
}

fn sendgrid(body: &str, stamp: &str, signature: &str) -> Call {
    let headers = vec![
        ("X-Twilio-Email-Event-Webhook-Signature", signature.to_owned()),
        ("X-Twilio-Email-Event-Webhook-Timestamp", stamp.to_owned()),
    ];
    Call { to: "sendgrid", headers, body: body.to_owned(), at: then() }
}

/// Events of SendGrid, signed with the key of the vector.
pub fn events(events: &Value) -> Call {
    events_of("1785000000", events)
}

fn events_of(stamp: &str, events: &Value) -> Call {
    use base64::Engine;
    let body = format!("{events}\r\n");
    let secret: Vec<u8> =
        (0..32).map(|n| u8::from_str_radix(&SENDGRID_SECRET[2 * n..2 * n + 2], 16).unwrap()).collect();
    let public = base64::prelude::BASE64_STANDARD.decode(SENDGRID_KEY).unwrap()[26..].to_vec();
    let random = SystemRandom::new();
    let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
    let pair = EcdsaKeyPair::from_private_key_and_public_key(algorithm, &secret, &public, &random).unwrap();
    let signature = pair.sign(&random, format!("{stamp}{body}").as_bytes()).unwrap();
    sendgrid(&body, stamp, &base64::prelude::BASE64_STANDARD.encode(signature))
}

pub fn mailgun(event: &Value) -> Call {
    let signature = json!({ "timestamp": "1785000000", "token": TOKEN, "signature": MAILGUN_SIGNATURE });
    let body = json!({ "signature": signature, "event-data": event }).to_string();
    Call { to: "mailgun", headers: Vec::new(), body, at: then() }
}

pub fn postmark(body: &Value) -> Call {
    Call { to: "postmark", headers: vec![("X-HC-Secret", FRESHDESK.to_owned())], body: body.to_string(), at: then() }
}

pub fn resend(body: &str) -> Call {
    let seconds = "1785000000";
    let id = "msg_2resend0001";
    let signature = signpost::integrations::webhook::signature(&STANDARD.into(), id, seconds, body.as_bytes()).unwrap();
    let headers =
        vec![("svix-id", id.to_owned()), ("svix-timestamp", seconds.to_owned()), ("svix-signature", signature)];
    Call { to: "resend", headers, body: body.to_owned(), at: then() }
}

pub fn ses(told: &Value) -> Call {
    Call { to: "ses", headers: Vec::new(), body: told.to_string(), at: then() }
}

/// Refused for want of proof.
async fn unproved(desk: &Desk, call: &Call, seconds: i64, what: &str) {
    let taken = desk.take_late(call, seconds).await;
    assert!(matches!(taken, Err(Refused::Unproved(_))), "{what}: {taken:?}");
}

#[tokio::test]
async fn sendgrids_vector_is_taken_and_nothing_else() {
    let desk = Desk::open(&settings()).await;
    let call = sendgrid(SENDGRID_BODY, "1785000000", SENDGRID_SIGNATURE);
    assert_eq!(SENDGRID_BODY.len(), 135);
    unproved(&desk, &sendgrid(SENDGRID_BODY.trim_end(), "1785000000", SENDGRID_SIGNATURE), 0, "trimmed").await;
    unproved(&desk, &sendgrid(&SENDGRID_BODY.replace("ada", "bob"), "1785000000", SENDGRID_SIGNATURE), 0, "body").await;
    unproved(&desk, &sendgrid(SENDGRID_BODY, "1785000001", SENDGRID_SIGNATURE), 0, "time").await;
    unproved(&desk, &sendgrid(SENDGRID_BODY, "1785000000", &SENDGRID_SIGNATURE.replace("MEQ", "MEU")), 0, "signature")
        .await;
    unproved(&desk, &sendgrid(SENDGRID_BODY, "1785000000", "no Base64"), 0, "no signature").await;
    // Digits of the time cannot move into the body, nor the other way.
    unproved(&desk, &sendgrid(&format!("0{SENDGRID_BODY}"), "178500000", SENDGRID_SIGNATURE), 0, "moved").await;
    unproved(&desk, &call, 86_401, "old").await;
    unproved(&desk, &call, -301, "of the future").await;
    for missing in 0..2 {
        let mut call = call.clone();
        call.headers.remove(missing);
        unproved(&desk, &call, 0, "a header is missing").await;
    }
    assert!(desk.stored().await.is_empty());
    assert_eq!(desk.take_late(&call, 86_399).await.unwrap(), Taken::Stored);
    assert_eq!(desk.stored().await[0].event, "ev_1");
    assert_eq!(desk.take(&call).await.unwrap(), Taken::Known);
    let other = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==";
    let stranger = Desk::open(&format!("[hooks.sendgrid]\nsecrets = [\"{other}\"]")).await;
    unproved(&stranger, &call, 0, "another's key").await;
    let both = Desk::open(&format!("[hooks.sendgrid]\nsecrets = [\"{other}\", \"{SENDGRID_KEY}\"]")).await;
    assert_eq!(both.take(&call).await.unwrap(), Taken::Stored);
}

#[tokio::test]
async fn each_event_of_a_batch_is_taken_once() {
    let desk = Desk::open(&settings()).await;
    let event = |id: &str| json!({ "email": "ada@customer.example", "event": "deferred", "sg_event_id": id });
    assert_eq!(desk.take(&events(&json!([event("a"), event("b")]))).await.unwrap(), Taken::Stored);
    assert_eq!(desk.take(&events(&json!([event("b"), event("c")]))).await.unwrap(), Taken::Stored);
    assert_eq!(desk.take(&events(&json!([event("c"), event("a")]))).await.unwrap(), Taken::Known);
    let mut stored: Vec<_> = desk.stored().await.into_iter().map(|one| one.event).collect();
    stored.sort_unstable();
    assert_eq!(stored, ["a", "b", "c"]);
    assert!(matches!(desk.take(&events(&json!({ "event": "bounce" }))).await, Err(Refused::Malformed(_))));
}

#[tokio::test]
async fn mailguns_token_is_good_for_one_body() {
    let desk = Desk::open(&settings()).await;
    let call =
        mailgun(&json!({ "event": "failed", "severity": "permanent", "id": "a", "recipient": "ada@customer.example" }));
    let changed = |from: &str, to: &str| Call { body: call.body.replace(from, to), ..call.clone() };
    unproved(&desk, &changed("1785000000", "1785000001"), 0, "time").await;
    unproved(&desk, &changed("c0ffee5eed", "c0ffee5eee"), 0, "token").await;
    unproved(&desk, &changed("631a87cc", "631a87cd"), 0, "signature").await;
    unproved(&desk, &changed("\"signature\":{", "\"signatures\":{"), 0, "no signature").await;
    unproved(&desk, &call, 9 * 3600 + 1, "old").await;
    unproved(&desk, &call, -301, "of the future").await;
    assert!(desk.stored().await.is_empty());
    // As its last repeat, after an outage of ours.
    assert_eq!(desk.take_late(&call, 8 * 3600 + 300).await.unwrap(), Taken::Stored);
    assert_eq!(desk.take(&call).await.unwrap(), Taken::Known);
    desk.refuses(&changed("ada@", "bob@"), 0, "came before").await;
    assert_eq!(desk.stored().await.len(), 1);
}

#[tokio::test]
async fn postmark_proves_itself_by_a_header_or_by_basic_authentication() {
    let bounce =
        json!({ "RecordType": "Bounce", "ID": 700_000_123, "Type": "HardBounce", "Email": "ada@customer.example" });
    let desk = Desk::open(&settings()).await;
    let call = postmark(&bounce);
    let mut wrong = call.clone();
    wrong.headers[0].1 = FRESHDESK.replace('a', "b");
    unproved(&desk, &wrong, 0, "another secret").await;
    wrong.headers.clear();
    unproved(&desk, &wrong, 0, "no secret").await;
    assert_eq!(desk.take(&call).await.unwrap(), Taken::Stored);
    assert_eq!(desk.stored().await[0].event, "Bounce:700000123");
    assert_eq!(desk.take(&call).await.unwrap(), Taken::Known);
    let basics = format!("[hooks.postmark]\nsecrets = [\"{FRESHDESK}\"]\nuser = \"signpost\"");
    let desk = Desk::open(&basics).await;
    let with = |value: String| Call { headers: vec![("Authorization", value)], ..call.clone() };
    unproved(&desk, &with(basic("signpost", "wrong")), 0, "another password").await;
    assert_eq!(desk.take(&with(basic("signpost", FRESHDESK))).await.unwrap(), Taken::Stored);
}

#[tokio::test]
async fn resends_vector_is_taken_and_nothing_else() {
    let desk = Desk::open(&settings()).await;
    let call = resend(RESEND_BODY);
    assert_eq!(call.headers[2].1, RESEND_SIGNATURE);
    unproved(&desk, &Call { body: RESEND_BODY.replace("ada", "bob"), ..call.clone() }, 0, "body").await;
    for header in 0..3 {
        let mut call = call.clone();
        call.headers[header].1 = call.headers[header].1.replacen(|c: char| c.is_ascii_digit(), "7", 1);
        unproved(&desk, &call, 0, "a header").await;
    }
    unproved(&desk, &call, 301, "old").await;
    assert_eq!(desk.take_late(&call, 299).await.unwrap(), Taken::Stored);
}

#[tokio::test]
async fn a_topic_of_sns_is_believed_by_its_certificate() {
    let topic = Topic::open().await;
    let desk = Desk::open(&topic.settings()).await;
    let told = topic.notification("a", "Hello", then());
    for (name, value) in [
        ("Message", "Hullo"),
        ("MessageId", "b"),
        ("Subject", "added"),
        ("Timestamp", "2026-07-25T17:20:01.000Z"),
        ("TopicArn", "arn:aws:sns:eu-west-1:123456789012:another"),
        ("Type", "UnsubscribeConfirmation"),
        ("SignatureVersion", "1"),
        ("SignatureVersion", "3"),
        ("Signature", "AAAA"),
        ("SigningCertURL", "http://127.0.0.1:1/SimpleNotificationService-0000.pem"),
        ("SigningCertURL", "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0000.pem"),
    ] {
        let mut told = told.clone();
        told[name] = value.into();
        unproved(&desk, &ses(&told), 0, &format!("{name} is {value}")).await;
    }
    let stranger = Topic::open().await;
    let mut forged = stranger.notification("a", "Hello", then());
    forged["SigningCertURL"] = told["SigningCertURL"].clone();
    unproved(&desk, &ses(&forged), 0, "another's signature").await;
    unproved(&desk, &ses(&told), 3601, "old").await;
    unproved(&desk, &ses(&told), -301, "of the future").await;
    assert!(desk.stored().await.is_empty());
    assert_eq!(desk.take_late(&ses(&told), 3599).await.unwrap(), Taken::Stored);
    assert_eq!(desk.take(&ses(&told)).await.unwrap(), Taken::Known);
    let mut first = topic.notification("c", "Hello", then());
    first["SignatureVersion"] = "1".into();
    first["Subject"] = "A subject".into();
    assert_eq!(desk.take(&ses(&topic.signed(first))).await.unwrap(), Taken::Stored);
    assert_eq!(topic.vendor.received().len(), 1, "the certificate is kept");
    // Without `endpoint` none but Amazon's are believed.
    let strict = Desk::open(&format!("[hooks.ses]\ntopic = \"{ARN}\"")).await;
    unproved(&strict, &ses(&told), 0, "from another host").await;
}

#[tokio::test]
async fn a_topic_that_asks_is_answered_once_and_later_when_it_cannot_be_now() {
    let topic = Topic::open().await;
    let room = Room::with(&topic.settings()).await;
    topic.vendor.plan([crate::contract::Misbehave::Well, crate::contract::Misbehave::Status(500, "")]);
    let call = ses(&topic.confirmation(then()));
    room.take(&call).await;
    room.settle(then()).await;
    let last = room.last().await;
    assert_eq!((last.state.as_str(), last.attempts), ("waiting", 1), "{last:?}");
    room.settle(then() + SignedDuration::from_secs(2)).await;
    assert_eq!(room.last().await.outcome.as_deref(), Some("confirmed"));
    let asked: Vec<_> = topic.vendor.received().iter().map(|one| one.query("Token")).collect();
    assert_eq!(asked, [None, Some("t0ken".to_owned()), Some("t0ken".to_owned())]);
    assert_eq!(topic.vendor.faults(), Vec::<String>::new());
    // What it says at the set-up is no JSON.
    let sentence = topic.notification("s", "Successfully validated SNS topic for Amazon SES event publishing.", then());
    assert_eq!(room.tell(ses(&sentence)).await, "ignored");
}
