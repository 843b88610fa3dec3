//! Several transports: who is asked next, who is not, and what is remembered.

use jiff::SignedDuration;
use signpost::delivery::operate::{self, Deed};
use signpost::delivery::{Next, dead};
use signpost::mail::suppression;

use super::{Bench, FROM, letter, settings};
use crate::contract::Misbehave::{self, Done, Hang, Lost, Reset, RetryAfter, Status};
use crate::contract::mail::{Office, POSTMARK, PROVIDERS, Provider, RESEND, SENDGRID, copies};
use crate::contract::smtp::Misbehave::Say;
use crate::contract::smtp::Step::{Greeting, Rcpt};
use crate::contract::smtp::{MailServer, PASSWORD, Safety};

/// Two providers, asked in this order.
pub struct Two {
    pub bench: Bench,
    pub first: Office,
    pub second: Office,
    pub settings: String,
}

impl Two {
    pub async fn open(first: Provider, second: Provider) -> Self {
        let (first_office, second_office) = (first.open().await, second.open().await);
        let settings = format!(
            "[delivery]\nbreaker_failures = 3\n[mail]\nfrom = \"{FROM}\"\ntimeout_ms = 300\nper_second = 1000\n{}{}",
            (first.settings)(&first_office.vendor.url),
            (second.settings)(&second_office.vendor.url)
        );
        let mut bench = Bench::with(MailServer::open(Safety::None).await, "").await;
        bench.restart(&settings).await;
        Self { bench, first: first_office, second: second_office, settings }
    }

    pub async fn row(&self, id: &str) -> Deed {
        operate::find(&self.bench.store, id).await.unwrap().unwrap()
    }

    /// What became of the mail, transport by transport.
    pub async fn tries(&self, id: &str) -> Vec<(String, String)> {
        self.row(id).await.tries.into_iter().map(|one| (one.transport, one.outcome)).collect()
    }

    pub fn counts(&self) -> (usize, usize) {
        (self.first.kept().len(), self.second.kept().len())
    }
}

pub fn pair(transport: &str, outcome: &str) -> (String, String) {
    (transport.to_owned(), outcome.to_owned())
}

#[tokio::test]
async fn every_provider_takes_a_mail_under_our_message_id() {
    for provider in PROVIDERS {
        let other = if provider.name == "postmark" { RESEND } else { POSTMARK };
        let mut two = Two::open(provider, other).await;
        let deed = letter();
        let id = two.bench.promise(deed.clone()).await;
        two.bench.settle().await;
        let kept = two.first.kept();
        assert_eq!(kept.len(), 1, "{}: {:?}", provider.name, two.bench.status().await);
        // Amazon writes its own; what it was asked to send bore ours, and `X-HC-Message-Id`, which stays.
        let is_ours = kept[0].message_id == format!("<{id}@acme.example>");
        assert_eq!(is_ours, provider.name != "ses", "{}: {}", provider.name, kept[0].message_id);
        assert_eq!((kept[0].key.as_str(), kept[0].to.as_str()), (id.as_str(), "ada@customer.example"));
        assert_eq!(
            (Some(kept[0].subject.as_str()), Some(kept[0].text.as_str())),
            (deed["subject"].as_str(), deed["text"].as_str())
        );
        let row = two.row(&id).await;
        assert_eq!((row.state.as_str(), row.transport.as_deref()), ("done", Some(provider.name)));
        assert_eq!(row.tries.len(), 1);
        assert!(row.tries[0].outcome == "taken" && !row.tries[0].said.is_empty(), "{:?}", row.tries);
        assert_eq!(two.second.asked(), 0);
    }
}

#[tokio::test]
async fn a_mail_finds_its_way_through_a_bad_day_and_arrives_once() {
    let mut two = Two::open(SENDGRID, POSTMARK).await;
    let mut ids = Vec::new();
    // Both refuse, then the first does, then the second too, and so on.
    two.first.vendor.plan([Status(503, ""), Status(503, ""), RetryAfter(429, "30"), Misbehave::Well]);
    two.second.vendor.plan([Status(503, ""), Misbehave::Well, RetryAfter(503, "5"), Misbehave::Well]);
    for _ in 0..6 {
        ids.push(two.bench.promise(letter()).await);
    }
    two.bench.settle().await;
    assert!(two.bench.status().await.waiting > 0, "there was a time when nobody took anything");
    two.bench.settle_all().await;
    let copies = copies(&[&two.first, &two.second]);
    assert_eq!(copies, ids.iter().map(|id| (id.clone(), 1)).collect());
    let tries = two.tries(&ids[0]).await;
    assert_eq!(tries[..2], [pair("sendgrid", "transport"), pair("postmark", "transport")], "{tries:?}");
    assert_eq!(tries.last().unwrap().1, "taken");
    two.bench.now += SignedDuration::from_secs(60);
    let first = two.first.kept().len();
    two.bench.promise(letter()).await;
    two.bench.settle().await;
    assert_eq!(two.first.kept().len(), first + 1, "it is the first again");
}

#[tokio::test]
async fn what_may_have_arrived_is_asked_of_the_same_again_whatever_happens_meanwhile() {
    for provider in PROVIDERS {
        let other = if provider.name == "postmark" { RESEND } else { POSTMARK };
        for misbehave in [Hang, Reset, Lost, Done(500)] {
            let mut two = Two::open(provider, other).await;
            let does = !matches!(misbehave, Lost);
            two.first.vendor.plan([misbehave.clone()]);
            let id = two.bench.promise(letter()).await;
            two.bench.settle().await;
            assert_eq!(two.row(&id).await.transport.as_deref(), Some(provider.name), "{misbehave:?}");
            let settings = two.settings.clone();
            two.bench.restart(&settings).await;
            two.bench.settle_all().await;
            let twice = if does && !provider.is_idempotent { 2 } else { 1 };
            let of = format!("{} {misbehave:?}", provider.name);
            assert_eq!(copies(&[&two.first, &two.second]), [(id.clone(), twice)].into(), "{of}");
            assert_eq!((two.second.asked(), two.first.asked()), (0, 2), "{of}");
            assert_eq!(two.tries(&id).await, [pair(provider.name, "unknown"), pair(provider.name, "taken")], "{of}");
        }
    }
}

#[tokio::test]
async fn who_died_while_handing_over_goes_on_where_it_was() {
    let mut two = Two::open(SENDGRID, POSTMARK).await;
    let id = two.bench.promise(letter()).await;
    let left = "update outbox set transport = 'postmark', attempts = 1, leased_until = $2, sent_at = $2 where id = $1";
    let query = sqlx::query(left).bind(&id).bind(two.bench.now.as_millisecond() - 1);
    query.execute(two.bench.store.writer()).await.unwrap();
    two.bench.settle_all().await;
    assert_eq!(two.counts(), (0, 1));
}

#[tokio::test]
async fn a_mail_in_doubt_waits_for_its_transport_and_the_others_go() {
    let mut two = Two::open(RESEND, POSTMARK).await;
    // The breaker opens at the third.
    two.first.vendor.plan([Hang, Hang, Hang]);
    let mut doubtful = Vec::new();
    for _ in 0..3 {
        doubtful.push(two.bench.promise(letter()).await);
        two.bench.settle().await;
    }
    let other = two.bench.promise(letter()).await;
    two.bench.now += SignedDuration::from_secs(5);
    two.bench.settle().await;
    assert_eq!(two.tries(&other).await, [pair("postmark", "taken")], "the first is left alone");
    for id in &doubtful {
        assert!(two.tries(id).await.iter().all(|(name, _)| name == "resend"), "{:?}", two.tries(id).await);
    }
    two.bench.settle_all().await;
    let copies = copies(&[&two.first, &two.second]);
    assert_eq!((copies.len(), two.counts().1), (4, 1), "{copies:?}");
    let status = two.bench.status().await;
    assert_eq!((status.sent, status.waiting, status.dead), (4, 0, 0));
}

#[tokio::test]
async fn a_dead_first_is_not_asked_for_every_mail() {
    let mut two = Two::open(SENDGRID, POSTMARK).await;
    two.first.vendor.plan((0..100).map(|_| Status(503, "")));
    for _ in 0..20 {
        two.bench.promise(letter()).await;
    }
    two.bench.settle().await;
    assert_eq!((two.first.asked(), two.counts()), (3, (0, 20)));
    // After half a minute one asks whether it is well.
    two.bench.now += SignedDuration::from_secs(31);
    for _ in 0..2 {
        two.bench.promise(letter()).await;
    }
    two.bench.settle().await;
    assert_eq!((two.first.asked(), two.counts()), (4, (0, 22)));
    two.first.vendor.forget_plan();
    two.bench.now += SignedDuration::from_secs(61);
    two.bench.promise(letter()).await;
    two.bench.settle().await;
    assert_eq!(two.counts(), (1, 22), "it is the first again");
}

#[tokio::test]
async fn a_pause_is_kept_as_long_as_it_was_asked_for() {
    let mut two = Two::open(SENDGRID, POSTMARK).await;
    two.first.vendor.plan([RetryAfter(429, "120")]);
    for (after, expect) in [(0, (0, 1)), (119, (0, 2)), (2, (1, 2))] {
        two.bench.now += SignedDuration::from_secs(after);
        two.bench.promise(letter()).await;
        two.bench.settle().await;
        assert_eq!(two.counts(), expect, "{after} s later");
    }
}

#[tokio::test]
async fn a_wrong_key_stops_one_transport_until_it_is_right() {
    let mut two = Two::open(SENDGRID, POSTMARK).await;
    let wrong = two.settings.replacen(crate::contract::vendors::SECRET, "wr0ng-key", 1);
    two.first.vendor.plan([Status(401, r#"{"errors":[{"message":"wrong key"}]}"#)]);
    two.bench.restart(&wrong).await;
    for _ in 0..3 {
        two.bench.promise(letter()).await;
        two.bench.settle().await;
    }
    assert_eq!((two.first.asked(), two.second.kept().len()), (1, 3));
    let sinks = operate::sinks(&two.bench.store).await.unwrap();
    let locked: Vec<_> = sinks.iter().filter(|sink| sink.locked).map(|sink| sink.name.as_str()).collect();
    assert_eq!(locked, ["mail.sendgrid"]);
    let right = two.settings.clone();
    two.bench.restart(&right).await;
    two.bench.promise(letter()).await;
    two.bench.settle().await;
    // The first request, with the wrong key, is the fault of the test.
    assert_eq!((two.first.asked(), two.second.kept().len()), (2, 3));
}

#[tokio::test]
async fn when_all_keys_are_wrong_mail_stops_and_nothing_is_lost() {
    let mut two = Two::open(SENDGRID, POSTMARK).await;
    two.first.vendor.plan([Status(401, "")]);
    two.second.vendor.plan([Status(403, "")]);
    let id = two.bench.promise(letter()).await;
    assert_eq!(two.bench.settle().await, Next::Wait { events: false, until: None });
    let status = two.bench.status().await;
    assert!(status.locked && status.waiting == 1, "{status:?}");
    let error = status.last_error.unwrap();
    assert_eq!(error, "sendgrid: answered 401; postmark: answered 403");
    assert!(operate::retry(&two.bench.store, "mail", two.bench.now).await.unwrap());
    two.bench.settle_all().await;
    assert_eq!((two.counts(), two.row(&id).await.state), ((1, 0), "done".to_owned()));
}

#[tokio::test]
async fn an_operator_holds_one_transport_and_the_next_is_asked() {
    let mut two = Two::open(SENDGRID, POSTMARK).await;
    assert!(operate::pause(&two.bench.store, "mail.sendgrid", true).await.unwrap());
    two.bench.promise(letter()).await;
    two.bench.settle().await;
    assert!(operate::pause(&two.bench.store, "mail.sendgrid", false).await.unwrap());
    two.bench.promise(letter()).await;
    two.bench.settle().await;
    assert_eq!(two.counts(), (1, 1));
}

#[tokio::test]
async fn smtp_stands_in_the_list_like_any_other() {
    let server = MailServer::open(Safety::StartTls).await;
    let office = POSTMARK.open().await;
    let first = format!("{}{}", settings(&server, Safety::StartTls, PASSWORD), (POSTMARK.settings)(&office.vendor.url));
    let mut bench = Bench::with(server, &first).await;
    bench
        .server
        .plan([(Greeting, Say("421 4.3.2 closing")), (Rcpt, Say("550 5.4.5 Daily user sending limit exceeded"))]);
    for expect in [1, 2] {
        bench.promise(letter()).await;
        bench.settle().await;
        assert_eq!((bench.taken().len(), office.kept().len()), (0, expect));
    }
    // An hour later there may be room again.
    bench.promise(letter()).await;
    bench.settle().await;
    assert_eq!((bench.taken().len(), office.kept().len()), (0, 3));
    bench.now += SignedDuration::from_secs(3700);
    bench.promise(letter()).await;
    bench.settle().await;
    assert_eq!((bench.taken().len(), office.kept().len()), (1, 3));
}

#[tokio::test]
async fn an_address_that_nobody_has_gets_one_letter_and_no_more() {
    let mut two = Two::open(POSTMARK, SENDGRID).await;
    two.first.vendor.plan([Status(422, r#"{"ErrorCode":406,"Message":"recipient is inactive"}"#)]);
    two.bench.promise(letter()).await;
    let second = two.bench.promise(letter()).await;
    two.bench.settle().await;
    let row = two.row(&second).await;
    assert_eq!((row.state.as_str(), row.outcome.as_deref()), ("done", Some("suppressed")));
    let reason = row.last_error.unwrap();
    assert!(reason.contains("bounced") && reason.contains("postmark") && reason.contains("inactive"), "{reason}");
    let status = two.bench.status().await;
    assert_eq!((two.counts(), status.sent, status.dead, status.waiting), ((0, 0), 0, 1, 0));
    assert_eq!(dead::list(&two.bench.store, Some("mail"), 10).await.unwrap().len(), 1);
    // Somebody looked into it: it is sent after all.
    assert!(suppression::forget(&two.bench.store, "Ada@customer.example").await.unwrap());
    assert!(operate::retry(&two.bench.store, &second, two.bench.now).await.unwrap());
    two.bench.settle().await;
    assert_eq!((two.counts(), two.row(&second).await.outcome), ((1, 0), None));
}
