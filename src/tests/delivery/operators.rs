//! What operators do: look, hold, let go, send again, drop.

use jiff::SignedDuration;
use serde_json::json;
use signpost::delivery::outbox::Refused;
use signpost::delivery::{self, Next, dead, operate};

use super::{Bench, SUBJECTS};
use crate::contract::Misbehave::Status;

#[tokio::test]
async fn a_sink_can_be_held_and_let_go_on() {
    let mut bench = Bench::of(SUBJECTS[1]).await;
    bench.cause(2).await;
    assert!(operate::pause(&bench.store, "mixpanel", true).await.unwrap());
    assert!(!operate::pause(&bench.store, "nobody", true).await.unwrap());
    assert_eq!(bench.settle().await, Next::Wait { events: false, until: None });
    assert_eq!((bench.asked(), bench.status().await.waiting), (0, 2));
    operate::pause(&bench.store, "mixpanel", false).await.unwrap();
    bench.settle().await;
    assert_eq!((bench.asked(), bench.status().await.waiting), (1, 0));
}

#[tokio::test]
async fn no_more_is_promised_than_there_is_room_for() {
    let mut bench = Bench::of(SUBJECTS[5]).await;
    bench.config.delivery.backlog = 2;
    bench.restart().await;
    for _ in 0..2 {
        bench.promise("one").await;
    }
    let mut transaction = bench.store.writer().begin().await.unwrap();
    let mut promise = async |channel| bench.delivery.promise(&mut transaction, channel, json!({}), bench.now).await;
    let refused = promise("slack").await.unwrap_err();
    assert!(matches!(&refused, Refused::Full { waiting: 2, .. }), "{refused}");
    let refused = promise("webhook.nobody").await.unwrap_err();
    assert!(matches!(&refused, Refused::NoChannel(name) if name == "webhook.nobody"), "{refused}");
}

#[tokio::test]
async fn a_deed_is_a_promise_only_when_its_cause_is() {
    let mut bench = Bench::of(SUBJECTS[5]).await;
    let mut transaction = bench.store.writer().begin().await.unwrap();
    bench.delivery.promise(&mut transaction, "slack", json!({ "text": "never" }), bench.now).await.unwrap();
    drop(transaction);
    bench.settle().await;
    assert_eq!(bench.asked(), 0);
}

#[tokio::test]
async fn what_waits_can_be_hurried_or_dropped() {
    let mut bench = Bench::of(SUBJECTS[5]).await;
    let (one, other) = (bench.promise("one").await, bench.promise("other").await);
    bench.vendor.plan([Status(503, "down"), Status(503, "down")]);
    bench.settle().await;
    assert!(operate::discard(&bench.store, &one).await.unwrap());
    assert!(operate::retry(&bench.store, &other, bench.now + SignedDuration::from_secs(1)).await.unwrap());
    assert!(operate::retry(&bench.store, "slack", bench.now).await.unwrap());
    assert!(!operate::retry(&bench.store, "nothing", bench.now).await.unwrap());
    bench.now += SignedDuration::from_secs(2);
    bench.settle_all().await;
    let last = bench.vendor.received().pop().unwrap().text();
    assert!(last.contains("other"), "{last}");
    assert_eq!((bench.status().await.sent, bench.status().await.waiting), (1, 0));
    assert_eq!(operate::find(&bench.store, &other).await.unwrap().unwrap().state, "done");
}

#[tokio::test]
async fn trouble_is_told_to_the_team_once() {
    let mut bench = Bench::of(SUBJECTS[1]).await;
    bench.config.alerts.slack_url = Some(format!("{}/services/x", bench.vendor.url).into());
    bench.restart().await;
    bench.cause(3).await;
    bench.vendor.plan([Status(422, "no such project")]);
    bench.settle().await;
    bench.cause(3).await;
    bench.vendor.plan([Status(422, "no such project")]);
    bench.settle().await;
    let deeds = operate::waiting(&bench.store, Some("slack"), 10).await.unwrap();
    assert_eq!(deeds.len(), 1, "{deeds:?}");
    assert!(deeds[0].body.contains("no such project"), "{deeds:?}");
    assert_eq!(dead::list(&bench.store, Some("mixpanel"), 10).await.unwrap().len(), 2);
}

#[tokio::test]
async fn what_was_delivered_is_forgotten_after_a_while() {
    let mut bench = Bench::of(SUBJECTS[5]).await;
    for text in ["delivered", "refused", "waiting"] {
        bench.promise(text).await;
    }
    bench.vendor.plan([Status(200, "ok"), Status(400, "no_text"), Status(503, "down")]);
    bench.settle().await;
    let count = async || {
        let sql = "select (select count(*) from outbox), (select count(*) from dead_letters)";
        sqlx::query_as::<_, (i64, i64)>(sql).fetch_one(bench.store.readers()).await.unwrap()
    };
    assert_eq!(count().await, (3, 1));
    let settings = &bench.config.delivery;
    delivery::forget(&bench.store, settings, bench.now + SignedDuration::from_hours(29 * 24)).await.unwrap();
    assert_eq!(count().await, (3, 1));
    delivery::forget(&bench.store, settings, bench.now + SignedDuration::from_hours(31 * 24)).await.unwrap();
    assert_eq!(count().await, (1, 0), "what waits is kept");
}

#[tokio::test]
async fn figures_tell_how_every_sink_is() {
    let mut bench = Bench::of(SUBJECTS[1]).await;
    bench.cause(3).await;
    bench.vendor.plan([Status(503, "down")]);
    bench.settle().await;
    bench.lane.look(bench.now).await.unwrap();
    let check = |bench: &Bench, line: &str| {
        let text = bench.metrics.text();
        assert!(text.contains(line), "{line} is missing in\n{text}");
    };
    check(&bench, r#"signpost_delivery_waiting{sink="mixpanel"} 3"#);
    check(&bench, r#"signpost_delivery_attempts_total{sink="mixpanel",outcome="failed"} 1"#);
    check(&bench, r#"signpost_delivery_breaker{sink="mixpanel"} 0"#);
    bench.settle_all().await;
    bench.lane.look(bench.now).await.unwrap();
    check(&bench, r#"signpost_delivery_waiting{sink="mixpanel"} 0"#);
    check(&bench, r#"signpost_delivery_sent_total{sink="mixpanel"} 3"#);
    check(&bench, r#"signpost_delivery_attempt_duration_seconds_count{sink="mixpanel"} 2"#);
}
