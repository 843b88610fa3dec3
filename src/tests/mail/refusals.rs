//! What each provider's answers mean: who is asked next, and who is not.

use signpost::delivery::operate;
use signpost::mail::suppression;

use super::transports::Two;
use super::{Bench, letter, settings};
use crate::contract::Misbehave::{self, Done, HalfABody, Hang, Reset, Status, WebPage};
use crate::contract::mail::{MAILGUN, POSTMARK, Provider, RESEND, SENDGRID, SES};
use crate::contract::smtp::Misbehave::Say;
use crate::contract::smtp::Step::{Dot, Rcpt};
use crate::contract::smtp::{MailServer, PASSWORD, Safety};
use crate::contract::vendors::SECRET;

/// What a mail meets at the first transport, and what that means.
async fn check(two: &mut Two, misbehave: Misbehave, expect: &str) {
    let (asked, before) = (two.second.asked(), two.bench.status().await);
    two.first.vendor.plan([misbehave.clone()]);
    let id = two.bench.promise(letter()).await;
    two.bench.settle().await;
    let row = two.row(&id).await;
    let of = format!("{misbehave:?}: {:?}", row.tries);
    let (asked, after) = (two.second.asked() - asked, two.bench.status().await);
    let (sent, dead) = (after.sent - before.sent, after.dead - before.dead);
    assert_eq!(row.tries[0].outcome, expect, "{of}");
    let met = match expect {
        "transport" => (1, 1, 0, 0),
        "unknown" => (0, 0, 0, 1),
        _ => (0, 0, 1, 0),
    };
    assert_eq!((asked, sent, dead, after.waiting), met, "{of}");
    let was_suppressed = suppression::forget(&two.bench.store, "ada@customer.example").await.unwrap();
    assert_eq!(was_suppressed, expect == "recipient", "{of}");
    assert!(!row.tries[0].said.contains("ada@customer.example"), "{of}");
    assert!(operate::retry(&two.bench.store, "mail", two.bench.now).await.unwrap());
    two.bench.settle_all().await;
}

async fn of(provider: Provider) -> Two {
    let mut two = Two::open(provider, if provider.name == "postmark" { RESEND } else { POSTMARK }).await;
    for status in [401, 403, 404, 429, 503] {
        check(&mut two, Status(status, r#"{"message":"no"}"#), "transport").await;
    }
    for unknown in [Hang, Reset, Done(500), HalfABody(200), WebPage(200), WebPage(502), Status(504, "")] {
        check(&mut two, unknown, "unknown").await;
    }
    check(&mut two, Status(413, r#"{"message":"too large"}"#), "mail").await;
    two
}

#[tokio::test]
async fn the_next_is_asked_after_a_clear_refusal_and_never_otherwise_as_sendgrid_speaks() {
    let two = &mut of(SENDGRID).await;
    check(two, Status(400, r#"{"errors":[{"message":"a","field":"personalizations.0.to.0.email"}]}"#), "recipient")
        .await;
    check(two, Status(400, r#"{"errors":[{"message":"a","field":"from.email"}]}"#), "transport").await;
    check(two, Status(400, r#"{"errors":[{"message":"a","field":"content.0.value"}]}"#), "mail").await;
    check(two, Status(401, r#"{"errors":[{"message":"Maximum credits exceeded"}]}"#), "transport").await;
}

#[tokio::test]
async fn the_next_is_asked_after_a_clear_refusal_and_never_otherwise_as_ses_speaks() {
    let two = &mut of(SES).await;
    check(two, Status(400, r#"{"__type":"LimitExceededException","message":"Daily quota"}"#), "transport").await;
    check(two, Status(400, r#"{"__type":"AccountSuspendedException","message":"Suspended"}"#), "transport").await;
    check(two, Status(400, r#"{"__type":"SendingPausedException","message":"Paused"}"#), "transport").await;
    check(two, Status(400, r#"{"__type":"a.b#Throttling","message":"Maximum sending rate exceeded."}"#), "transport")
        .await;
    check(two, Status(400, r#"{"__type":"MessageRejected","message":"Email address is not verified."}"#), "transport")
        .await;
    check(two, Status(400, r#"{"__type":"MessageRejected","message":"Found a virus"}"#), "mail").await;
    check(two, Status(400, r#"{"__type":"BadRequestException","message":"Illegal address"}"#), "recipient").await;
}

#[tokio::test]
async fn the_next_is_asked_after_a_clear_refusal_and_never_otherwise_as_mailgun_speaks() {
    let two = &mut of(MAILGUN).await;
    check(two, Status(400, r#"{"message":"'to' parameter is not a valid address"}"#), "recipient").await;
    check(two, Status(400, r#"{"message":"text is missing"}"#), "mail").await;
    check(two, Status(402, r#"{"message":"payment required"}"#), "transport").await;
}

#[tokio::test]
async fn the_next_is_asked_after_a_clear_refusal_and_never_otherwise_as_postmark_speaks() {
    let two = &mut of(POSTMARK).await;
    check(two, Status(422, r#"{"ErrorCode":406,"Message":"inactive: ada@customer.example"}"#), "recipient").await;
    check(two, Status(422, r#"{"ErrorCode":300,"Message":"Error parsing 'To': Illegal email"}"#), "recipient").await;
    check(two, Status(422, r#"{"ErrorCode":300,"Message":"no text"}"#), "mail").await;
    check(two, Status(422, r#"{"ErrorCode":400,"Message":"Sender signature not found"}"#), "transport").await;
    check(two, Status(422, r#"{"ErrorCode":405,"Message":"You ran out of credits"}"#), "transport").await;
}

#[tokio::test]
async fn the_next_is_asked_after_a_clear_refusal_and_never_otherwise_as_resend_speaks() {
    let two = &mut of(RESEND).await;
    check(two, Status(422, r#"{"name":"validation_error","message":"Invalid `to` field"}"#), "recipient").await;
    check(two, Status(422, r#"{"name":"validation_error","message":"Invalid `html` field"}"#), "mail").await;
    check(two, Status(422, r#"{"name":"invalid_from_address","message":"no"}"#), "transport").await;
    check(two, Status(429, r#"{"name":"monthly_quota_exceeded","message":"no"}"#), "transport").await;
    check(two, Status(409, r#"{"name":"concurrent_idempotent_requests","message":"wait"}"#), "unknown").await;
}

#[tokio::test]
async fn a_mail_server_that_refuses_us_late_is_passed_over_and_no_mail_dies() {
    let server = MailServer::open(Safety::StartTls).await;
    let office = POSTMARK.open().await;
    let both = format!("{}{}", settings(&server, Safety::StartTls, PASSWORD), (POSTMARK.settings)(&office.vendor.url));
    let mut bench = Bench::with(server, &both).await;
    let listed = "554 5.7.1 <unknown[192.0.2.1]>: Client host rejected: blocked using a list";
    let sender = "550 5.7.60 SMTP; Client does not have permissions to send as this sender";
    bench.server.plan([(Rcpt, Say(listed)), (Dot, Say(sender)), (Rcpt, Say(listed))]);
    for _ in 0..5 {
        bench.promise(letter()).await;
    }
    bench.settle().await;
    let status = bench.status().await;
    assert_eq!((office.kept().len(), status.dead, status.waiting), (5, 0, 0));
    assert_eq!(bench.server.connections(), 3, "then it is left alone");
}

#[tokio::test]
async fn amazon_takes_nothing_that_is_signed_with_another_secret() {
    let mut two = Two::open(SES, POSTMARK).await;
    let (right, wrong) = (two.settings.clone(), two.settings.replacen(SECRET, "an0ther-s3cret", 1));
    two.bench.restart(&wrong).await;
    for _ in 0..2 {
        two.bench.promise(letter()).await;
        two.bench.settle().await;
    }
    assert_eq!((two.first.asked(), two.counts()), (1, (0, 2)));
    let sinks = operate::sinks(&two.bench.store).await.unwrap();
    let locked: Vec<_> = sinks.iter().filter(|sink| sink.locked).map(|sink| sink.name.as_str()).collect();
    assert_eq!(locked, ["mail.ses"]);
    two.bench.restart(&right).await;
    two.bench.promise(letter()).await;
    two.bench.settle().await;
    assert_eq!(two.counts(), (1, 2));
}
