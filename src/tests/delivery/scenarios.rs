//! The scenarios that every adapter must pass, for every sink.

use jiff::SignedDuration;
use signpost::delivery::{Next, dead};
use signpost::integrations::Guarantee;

use super::{Bench, SUBJECTS, Subject};
use crate::contract::Misbehave::{self, HalfABody, Hang, Oversized, Reset, RetryAfter, Status, WebPage};
use crate::contract::vendors::SECRET;

const WRONG: &str = r#"{"error": "wrong key s3cr3t-and-never-shown"}"#;
const WRONG_WEBHOOK: &str = "wrong key whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

async fn each(scenario: impl AsyncFn(Subject)) {
    for subject in SUBJECTS {
        println!("{}", subject.name);
        scenario(subject).await;
    }
}

#[tokio::test]
async fn a_request_is_as_the_contract_says_wherever_the_vendor_lives() {
    each(async |subject| {
        for path in ["", "/", "/eu/region", "/eu/region/"] {
            let mut bench = Bench::below(subject, path).await;
            let caused = bench.cause(3).await;
            bench.settle().await;
            assert!(bench.asked() > 0);
            let status = bench.status().await;
            assert_eq!((status.sent, status.waiting, status.last_error), (caused, 0, None), "{} {path}", subject.name);
            let path = bench.vendor.received()[0].url.path().to_owned();
            assert!(path.starts_with(if path.contains("eu") { "/eu/region/" } else { "/" }), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_wrong_secret_stops_the_sink_until_its_settings_change() {
    each(async |subject| {
        for code in [401, 403] {
            let mut bench = Bench::of(subject).await;
            let caused = bench.cause(1).await;
            let secret = subject.secret();
            bench.vendor.plan([Status(code, if secret == SECRET { WRONG } else { WRONG_WEBHOOK })]);
            assert_eq!(bench.settle().await, Next::Wait { events: false, until: None }, "{}", subject.name);
            bench.now += SignedDuration::from_hours(1);
            bench.restart().await;
            bench.settle().await;
            assert_eq!(bench.asked(), 1, "{} is asked again", subject.name);
            let status = bench.status().await;
            assert!(status.locked && status.waiting == caused && status.dead == 0, "{status:?}");
            let error = status.last_error.unwrap();
            assert!(error.contains("wrong key") && !error.contains(secret), "{error}");

            bench.config.sinks.ga4.iter_mut().for_each(|ga4| ga4.free_text = true);
            bench.config.sinks.mixpanel.iter_mut().for_each(|mixpanel| mixpanel.project_id = Some("1".to_owned()));
            bench.config.sinks.s3.iter_mut().for_each(|s3| s3.access_key_id = "other".to_owned());
            bench.config.connectors.values_mut().for_each(|connector| connector.batch = 7);
            bench.config.webhooks.values_mut().for_each(|webhook| webhook.timeout_ms = 301);
            let slack = format!("{}/other/services/{SECRET}", bench.vendor.url);
            bench.config.alerts.slack_url.iter_mut().for_each(|url| *url = slack.clone().into());
            bench.restart().await;
            bench.settle().await;
            let status = bench.status().await;
            assert_eq!((status.sent, status.waiting, status.locked), (caused, 0, false), "{}", subject.name);
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_is_not_sent_again_and_says_why() {
    each(async |subject| {
        for code in [400, 422] {
            let mut bench = Bench::of(subject).await;
            bench.cause(1).await;
            bench.vendor.plan([Status(code, r#"{"message": "no such field"}"#)]);
            bench.settle_all().await;
            assert_eq!(bench.asked(), 1, "{}", subject.name);
            let letters = dead::list(&bench.store, Some(subject.name), 10).await.unwrap();
            assert_eq!(letters.len(), 1, "{}", subject.name);
            assert_eq!(letters[0].reason, format!("answered {code}: no such field"));
            let status = bench.status().await;
            assert_eq!((status.dead, status.waiting, status.locked), (1, 0, false));
        }
    })
    .await;
}

#[tokio::test]
async fn a_vendor_that_asks_for_patience_gets_it() {
    each(async |subject| {
        let mut bench = Bench::of(subject).await;
        let caused = bench.cause(1).await;
        bench.vendor.plan([RetryAfter(429, "2")]);
        let Next::Wait { until: Some(until), .. } = bench.settle().await else { panic!("{}", subject.name) };
        assert!(until.duration_since(bench.now) >= SignedDuration::from_secs(2), "{}", subject.name);
        bench.now = until - SignedDuration::from_millis(1);
        bench.settle().await;
        assert_eq!(bench.asked(), 1, "{} is asked too early", subject.name);
        bench.now = until;
        bench.settle().await;
        let status = bench.status().await;
        assert_eq!((bench.asked(), status.sent, status.failures), (2, caused, 0), "{}", subject.name);
    })
    .await;
}

#[tokio::test]
async fn a_vendor_that_is_down_is_left_alone_and_then_asked_once() {
    each(async |subject| {
        let mut bench = Bench::of(subject).await;
        let caused = bench.cause(1).await;
        bench.vendor.plan([(); 4].map(|()| Status(503, "down")));
        for _ in 0..3 {
            let Next::Wait { until: Some(until), .. } = bench.settle().await else { panic!("{}", subject.name) };
            if bench.asked() < 3 {
                bench.now = until;
            }
        }
        let status = bench.status().await;
        assert!(status.opened_until >= bench.now.as_millisecond() + 29_000, "{} is not open: {status:?}", subject.name);
        assert_eq!((bench.asked(), status.waiting), (3, caused), "{}", subject.name);
        // The first probe fails, the second succeeds.
        for (asked, seconds) in [(4, 60), (5, 0)] {
            while bench.asked() < asked {
                let Next::Wait { until: Some(until), .. } = bench.settle().await else { panic!("{}", subject.name) };
                bench.now = until;
                bench.settle().await;
            }
            let open = (bench.status().await.opened_until - bench.now.as_millisecond()).max(0);
            assert_eq!((bench.asked(), (open + 500) / 1000), (asked, seconds), "{}", subject.name);
        }
        let status = bench.status().await;
        assert_eq!((status.sent, status.waiting, status.failures), (caused, 0, 0), "{}", subject.name);
    })
    .await;
}

/// What becomes of one event when the outcome of its first request is unknown.
async fn in_doubt(subject: Subject, misbehave: Misbehave) {
    let mut bench = Bench::of(subject).await;
    let caused = bench.cause(1).await;
    let what = format!("{} {misbehave:?}", subject.name);
    bench.vendor.plan([misbehave]);
    bench.settle_all().await;
    let (status, received) = (bench.status().await, bench.vendor.received());
    assert_eq!((status.dead, status.waiting), (0, 0), "{what}");
    if subject.guarantee == Guarantee::AtMostOnce {
        assert_eq!((bench.asked(), status.sent, status.unknown), (1, 0, caused), "{what}");
    } else {
        assert_eq!((bench.asked(), status.sent, status.unknown), (2, caused, 0), "{what}");
        assert_eq!((subject.key)(&received[0]), (subject.key)(&received[1]), "{what} has another key");
    }
    assert!(!status.last_error.unwrap().contains(SECRET), "{what}");
}

#[tokio::test]
async fn a_connection_lost_after_the_request_follows_the_guarantee() {
    each(async |subject| in_doubt(subject, Reset).await).await;
}

#[tokio::test]
async fn an_answer_that_never_ends_follows_the_guarantee() {
    each(async |subject| in_doubt(subject, Hang).await).await;
}

#[tokio::test]
async fn half_an_answer_and_one_too_long_follow_the_guarantee() {
    each(async |subject| {
        in_doubt(subject, HalfABody(200)).await;
        in_doubt(subject, Oversized).await;
    })
    .await;
}

#[tokio::test]
async fn a_web_page_is_no_answer() {
    each(async |subject| {
        in_doubt(subject, WebPage(502)).await;
        // Whoever is told by a webhook may answer with whatever it likes.
        if !subject.name.starts_with("webhook") {
            in_doubt(subject, WebPage(200)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_vendor_that_cannot_be_reached_is_tried_again_whatever_the_guarantee() {
    each(async |subject| {
        let mut bench = Bench::of(subject).await;
        let caused = bench.cause(1).await;
        let (address, check) = (bench.vendor.url.clone(), subject.check);
        drop(std::mem::replace(&mut bench.vendor, crate::contract::Vendor::open(check).await));
        // Nobody listens at the old address any more.
        let Next::Wait { until: Some(_), .. } = bench.settle().await else { panic!("{}", subject.name) };
        let status = bench.status().await;
        assert_eq!((status.waiting, status.unknown, status.dead), (caused, 0, 0), "{} at {address}", subject.name);
        let error = status.last_error.unwrap();
        assert!(!error.contains(SECRET) && error.contains("onnect"), "{error}");
        // After a restart it is sent: nothing of it can have arrived.
        let settings = (subject.settings)(&bench.vendor.url);
        bench.config = super::config_of(&format!("{}{settings}", super::COMMON));
        bench.restart().await;
        bench.settle_all().await;
        assert_eq!(bench.status().await.sent, caused, "{}", subject.name);
    })
    .await;
}
