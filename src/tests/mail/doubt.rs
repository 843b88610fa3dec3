//! A mail that a transport may have: no other gets it, whatever happens, before somebody says so.

use jiff::SignedDuration;
use signpost::delivery::{dead, operate};

use super::transports::{Two, pair};
use super::{Bench, FROM, letter};
use crate::contract::Misbehave::{self, Hang, RetryAfter, Status};
use crate::contract::mail::{Office, POSTMARK, SENDGRID};
use crate::delivery::commands::{signpost, text};

/// A mail that SendGrid took without saying so.
async fn in_doubt() -> (Two, String) {
    let mut two = Two::open(SENDGRID, POSTMARK).await;
    two.first.vendor.plan([Hang]);
    let id = two.bench.promise(letter()).await;
    two.bench.settle().await;
    assert_eq!((two.first.asked(), two.tries(&id).await), (1, vec![pair("sendgrid", "unknown")]));
    (two, id)
}

/// Some hours later; nothing went by the second.
async fn wait(two: &mut Two) {
    for _ in 0..4 {
        two.bench.now += SignedDuration::from_hours(1);
        two.bench.settle().await;
    }
    assert_eq!(two.second.asked(), 0);
}

async fn hold(two: &Two, held: bool) {
    assert!(operate::pause(&two.bench.store, "mail.sendgrid", held).await.unwrap());
}

#[tokio::test]
async fn it_stays_where_it_may_be_while_an_operator_holds_that_transport() {
    let (mut two, id) = in_doubt().await;
    hold(&two, true).await;
    wait(&mut two).await;
    assert_eq!((two.first.asked(), two.row(&id).await.state.as_str()), (1, "waiting"));
    // Others need not wait.
    let other = two.bench.promise(letter()).await;
    two.bench.settle().await;
    assert_eq!(two.tries(&other).await, [pair("postmark", "taken")]);
    hold(&two, false).await;
    two.bench.settle_all().await;
    assert_eq!((two.first.asked(), two.counts().1, two.row(&id).await.state.as_str()), (2, 1, "done"));
}

#[tokio::test]
async fn it_stays_there_while_that_transport_is_stopped_for_its_key() {
    let (mut two, id) = in_doubt().await;
    two.first.vendor.plan([Status(401, "")]);
    let other = two.bench.promise(letter()).await;
    two.bench.settle().await;
    assert_eq!(two.tries(&other).await, [pair("sendgrid", "transport"), pair("postmark", "taken")]);
    for _ in 0..3 {
        two.bench.now += SignedDuration::from_hours(1);
        two.bench.settle().await;
    }
    assert_eq!((two.first.asked(), two.second.asked(), two.row(&id).await.state.as_str()), (2, 1, "waiting"));
    assert!(operate::retry(&two.bench.store, "mail.sendgrid", two.bench.now).await.unwrap());
    two.bench.settle_all().await;
    assert_eq!((two.first.asked(), two.second.asked(), two.row(&id).await.state.as_str()), (3, 1, "done"));
}

#[tokio::test]
async fn it_stays_there_though_that_transport_refuses_later() {
    for refusal in [Status(503, ""), RetryAfter(429, "30"), Status(401, "")] {
        let is_lasting = matches!(refusal, Misbehave::Status(401, _));
        let (mut two, id) = in_doubt().await;
        two.first.vendor.plan([refusal.clone()]);
        two.bench.now += SignedDuration::from_mins(5);
        two.bench.settle().await;
        let tries = [pair("sendgrid", "unknown"), pair("sendgrid", "transport")];
        assert_eq!((two.second.asked(), two.tries(&id).await), (0, tries.to_vec()), "{refusal:?}");
        assert_eq!(two.row(&id).await.transport.as_deref(), Some("sendgrid"), "{refusal:?}");
        let sinks = operate::sinks(&two.bench.store).await.unwrap();
        let stopped: Vec<_> = sinks.iter().filter(|sink| sink.locked).map(|sink| sink.name.as_str()).collect();
        assert_eq!(stopped, if is_lasting { vec!["mail.sendgrid"] } else { Vec::new() }, "{refusal:?}");
        if is_lasting {
            assert!(operate::retry(&two.bench.store, "mail.sendgrid", two.bench.now).await.unwrap());
        }
        two.bench.settle_all().await;
        assert_eq!((two.second.asked(), two.tries(&id).await.len()), (0, 3), "{refusal:?}");
        assert_eq!(two.row(&id).await.state, "done", "{refusal:?}");
    }
}

#[tokio::test]
async fn where_its_transport_is_gone_somebody_decides() {
    for held in ["", "paused = 1", "locked = 1"] {
        let (mut two, id) = in_doubt().await;
        if !held.is_empty() {
            let hold = sqlx::AssertSqlSafe(format!("update sinks set {held} where name = 'mail.sendgrid'"));
            sqlx::query(hold).execute(two.bench.store.writer()).await.unwrap();
        }
        let without = only(&two.second);
        two.bench.restart(&without).await;
        two.bench.settle_all().await;
        assert_eq!(two.second.asked(), 0);
        let letter = dead::list(&two.bench.store, Some("mail"), 10).await.unwrap().pop().expect(held);
        let cure = format!("signpost outbox retry {id} --anywhere");
        assert!(letter.reason.contains("sendgrid may have this mail") && letter.reason.contains(&cure), "{letter:?}");
        let Two { bench, second, .. } = two;
        retry_anywhere(bench, &second, &without, &id).await;
    }
}

#[tokio::test]
async fn an_operator_may_let_any_other_send_it() {
    let (two, id) = in_doubt().await;
    hold(&two, true).await;
    let Two { bench, second, settings, .. } = two;
    retry_anywhere(bench, &second, &settings, &id).await;
}

/// As the command does; then it goes by the second.
async fn retry_anywhere(mut bench: Bench, second: &Office, settings: &str, id: &str) {
    let retried = signpost(bench.folder.path(), &["outbox", "--data", ".", "retry", id, "--anywhere"]).await;
    assert!(retried.status.success(), "{}", text(&retried.stderr));
    bench.restart(settings).await;
    bench.now += SignedDuration::from_secs(1);
    bench.settle_all().await;
    let row = operate::find(&bench.store, id).await.unwrap().unwrap();
    assert_eq!((second.kept().len(), row.transport.as_deref(), row.state.as_str()), (1, Some("postmark"), "done"));
}

/// The settings with this transport alone.
fn only(office: &Office) -> String {
    format!("[mail]\nfrom = \"{FROM}\"\ntimeout_ms = 300\n{}", (POSTMARK.settings)(&office.vendor.url))
}
