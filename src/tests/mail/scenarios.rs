//! The scenarios that every sink must pass, as a mail server plays them.

use jiff::SignedDuration;
use signpost::delivery::{Next, dead};
use signpost::mail::suppression;

use super::{Bench, letter, parsed, settings};
use crate::contract::smtp::Misbehave::{Close, Hang, Say};
use crate::contract::smtp::Step::{Auth, Data, Dot, Ehlo, Greeting, Mail, Quit, Rcpt, StartTls};
use crate::contract::smtp::{MailServer, PASSWORD, Safety};

#[tokio::test]
async fn a_mail_arrives_as_it_was_written_however_the_connection_is_made_safe() {
    for safety in [Safety::StartTls, Safety::Implicit, Safety::None] {
        let server = MailServer::open(safety).await;
        let settings = settings(&server, safety, PASSWORD);
        let mut bench = Bench::with(server, &settings).await;
        let deed = letter();
        let id = bench.promise(deed.clone()).await;
        bench.settle().await;
        let taken = bench.taken();
        let status = bench.status().await;
        assert_eq!((taken.len(), status.sent, status.waiting, status.last_error), (1, 1, 0, None), "{safety:?}");
        assert_eq!((taken[0].from.as_str(), taken[0].to.as_str()), ("help@acme.example", "ada@customer.example"));
        let mail = parsed(&taken[0]);
        assert_eq!(mail.message_id(), Some(format!("{id}@acme.example").as_str()));
        assert_eq!(mail.subject(), deed["subject"].as_str());
        assert_eq!(mail.body_text(0).unwrap().replace("\r\n", "\n"), deed["text"].as_str().unwrap());
        assert_eq!(mail.body_html(0).unwrap().replace("\r\n", "\n"), deed["html"].as_str().unwrap());
        let root = Some("ticket-41207@acme.example");
        assert_eq!((mail.in_reply_to().as_text(), mail.references().as_text()), (root, root));
        assert_eq!(mail.from().unwrap().first().unwrap().name(), Some("Acme Help"));
        assert_eq!(mail.date().unwrap().to_timestamp(), bench.now.as_second());
        assert_eq!(mail.header("Auto-Submitted"), None, "a person wrote it");
        assert!(String::from_utf8_lossy(&taken[0].bytes).contains("\r\nMIME-Version: 1.0\r\n"));
    }
}

#[tokio::test]
async fn a_wrong_password_stops_all_mail_until_the_settings_change() {
    let server = MailServer::open(Safety::StartTls).await;
    let wrong = settings(&server, Safety::StartTls, "wr0ng-password");
    let right = settings(&server, Safety::StartTls, PASSWORD);
    let mut bench = Bench::with(server, &wrong).await;
    bench.promise(letter()).await;
    assert_eq!(bench.settle().await, Next::Wait { events: false, until: None });
    bench.now += SignedDuration::from_hours(1);
    bench.restart(&wrong).await;
    bench.settle().await;
    let status = bench.status().await;
    assert_eq!((bench.server.connections(), status.locked, status.waiting), (1, true, 1));
    assert_eq!(status.last_error.unwrap(), "answered 535: 5.7.8 wrong password");
    bench.restart(&right).await;
    bench.settle().await;
    assert_eq!((bench.taken().len(), bench.status().await.waiting), (1, 0));
}

#[tokio::test]
async fn who_refuses_us_is_not_asked_again() {
    let check = async |step, words: &'static str| {
        let mut bench = Bench::open().await;
        bench.server.plan([(step, Say(words))]);
        bench.promise(letter()).await;
        bench.settle().await;
        let status = bench.status().await;
        assert!(status.locked && status.waiting == 1, "{status:?}");
        assert_eq!(status.last_error.unwrap(), format!("answered {}", words.replacen(' ', ": ", 1)));
    };
    check(Greeting, "554 5.7.1 your address is on a list").await;
    check(Auth, "535 5.7.8 AGhlbHBA is wrong").await;
    check(Mail, "550 5.7.1 you may not send from there").await;
    check(Rcpt, "530 5.7.0 authentication required").await;
}

#[tokio::test]
async fn who_refuses_us_late_refuses_no_mail_for_good() {
    for (step, words) in [
        // As Postfix says it by default, and Exchange Online.
        (Rcpt, "554 5.7.1 <unknown[192.0.2.1]>: Client host rejected: blocked using a list"),
        (Rcpt, "553 5.7.1 <help@acme.example>: Sender address rejected: not owned by user help"),
        (Rcpt, "554 5.7.1 <ada@customer.example>: Relay access denied"),
        (Rcpt, "550 5.1.8 <help@acme.example>: Sender address rejected: Domain not found"),
        (Dot, "550 5.7.60 SMTP; Client does not have permissions to send as this sender"),
    ] {
        let mut bench = Bench::open().await;
        bench.server.plan((0..3).map(|_| (step, Say(words))));
        for _ in 0..2 {
            bench.promise(letter()).await;
        }
        bench.settle().await;
        let status = bench.status().await;
        assert_eq!((status.dead, status.waiting, status.locked), (0, 2, false), "{words}: {status:?}");
        assert!(suppression::list(&bench.store, 1).await.unwrap().is_empty(), "{words}");
        bench.settle_all().await;
        assert_eq!((bench.taken().len(), bench.status().await.sent), (2, 2), "{words}");
    }
}

#[tokio::test]
async fn a_refused_mail_becomes_a_dead_letter_and_the_others_go() {
    for (step, words) in [
        (Rcpt, "550 5.1.1 <ada@customer.example>: no such user, s3cret-pw"),
        (Data, "554 5.6.0 no"),
        (Dot, "552 5.3.4 too large"),
    ] {
        let mut bench = Bench::open().await;
        bench.server.plan([(step, Say(words))]);
        let refused = bench.promise(letter()).await;
        // Nothing more goes to who is not there.
        let mut other = letter();
        other["to"] = "bob@customer.example".into();
        bench.promise(other).await;
        bench.settle_all().await;
        let status = bench.status().await;
        assert_eq!((bench.taken().len(), status.sent, status.dead, status.waiting), (1, 1, 1, 0), "{step:?}");
        let letter = dead::list(&bench.store, None, 10).await.unwrap().remove(0);
        let expect = words.replacen(' ', ": ", 1).replace("ada@customer.example", "(the recipient)");
        assert_eq!(letter.reason, format!("answered {}", expect.replace("s3cret-pw", "****")));
        assert!(letter.replayable && letter.key == refused, "{letter:?}");
    }
}

#[tokio::test]
async fn what_fails_for_now_is_tried_again_and_arrives_once() {
    for (step, misbehave) in [
        (Greeting, Say("421 4.3.2 closing")),
        (Greeting, Close),
        (Ehlo, Say("451 4.3.0 not now")),
        (Ehlo, Close),
        (StartTls, Say("454 4.7.0 TLS not available")),
        (StartTls, Close),
        (Auth, Say("454 4.7.0 temporary failure")),
        (Mail, Say("451 4.7.1 greylisted")),
        (Rcpt, Say("450 4.7.1 greylisted")),
        (Rcpt, Say("421 4.7.0 too many")),
        (Data, Close),
        (Data, Say("nonsense")),
        (Dot, Say("452 4.3.1 no space")),
        (Rcpt, Hang),
    ] {
        let mut bench = Bench::open().await;
        bench.server.plan([(step, misbehave)]);
        bench.promise(letter()).await;
        bench.settle().await;
        let status = bench.status().await;
        assert!(status.sent == 0 && status.waiting == 1 && !status.locked, "{step:?} {misbehave:?}: {status:?}");
        assert!(status.last_error.is_some(), "{step:?} {misbehave:?}");
        bench.settle_all().await;
        let status = bench.status().await;
        assert_eq!((bench.taken().len(), status.sent, status.waiting), (1, 1, 0), "{step:?} {misbehave:?}");
    }
}

#[tokio::test]
async fn a_mail_whose_fate_is_unknown_is_sent_again_as_the_same() {
    for misbehave in [Close, Hang, Say("nonsense")] {
        let mut bench = Bench::open().await;
        bench.server.plan([(Dot, misbehave)]);
        let id = bench.promise(letter()).await;
        bench.settle_all().await;
        bench.taken();
        let handed = bench.server.handed();
        assert_eq!((handed.len(), bench.status().await.sent), (2, 1), "{misbehave:?}");
        for mail in &handed {
            assert_eq!(parsed(mail).message_id(), Some(format!("{id}@acme.example").as_str()));
        }
    }
}

#[tokio::test]
async fn what_was_taken_stays_taken_however_the_server_says_good_bye() {
    for misbehave in [Close, Hang, Say("421 4.3.2 closing")] {
        let mut bench = Bench::open().await;
        bench.server.plan([(Quit, misbehave)]);
        bench.promise(letter()).await;
        bench.settle_all().await;
        assert_eq!((bench.taken().len(), bench.status().await.sent, bench.server.connections()), (1, 1, 1));
    }
}

#[tokio::test]
async fn a_server_that_is_down_is_left_alone_and_has_everything_in_the_end() {
    let mut bench = Bench::open().await;
    bench.server.plan((0..4).map(|_| (Greeting, Say("421 4.3.2 down"))));
    for _ in 0..5 {
        bench.promise(letter()).await;
    }
    let Next::Wait { until: Some(until), .. } = bench.settle().await else { panic!("nothing is waited for") };
    assert_eq!(bench.server.connections(), 3, "the breaker opened");
    assert!(until > bench.now + SignedDuration::from_secs(29), "{until}");
    bench.now = until + SignedDuration::from_secs(1);
    bench.settle().await;
    assert_eq!(bench.server.connections(), 4, "one tries whether it is well");
    bench.settle_all().await;
    assert_eq!((bench.taken().len(), bench.status().await.waiting), (5, 0));
}

#[tokio::test]
async fn nothing_is_sent_where_it_is_not_safe() {
    let check = async |offers: Safety, wanted: &str, trusts: bool, expect: &str| {
        let server = MailServer::open(offers).await;
        let stranger = MailServer::open(offers).await;
        let trusted = if trusts { &server } else { &stranger };
        let settings = format!(
            "[mail]\nurl = \"{}\"\nfrom = \"{}\"\nauthority = {:?}",
            wanted.replace("HERE", &format!("help%40acme.example:{PASSWORD}@localhost:{}", server.port)),
            super::FROM,
            trusted.authority
        );
        let mut bench = Bench::with(server, &settings).await;
        bench.promise(letter()).await;
        bench.settle().await;
        let status = bench.status().await;
        assert!(bench.taken().is_empty() && status.waiting == 1 && !status.locked, "{wanted}: {status:?}");
        let error = status.last_error.unwrap();
        assert!(error.contains(expect), "{wanted}: {error}");
    };
    check(Safety::None, "smtp://HERE?tls=required", true, "offers no STARTTLS").await;
    check(Safety::StartTls, "smtp://HERE?tls=required", false, "certificate").await;
    check(Safety::StartTls, "smtp://HERE?tls=opportunistic", false, "certificate").await;
    check(Safety::Implicit, "smtps://HERE", false, "certificate").await;
}
