//! What is left when the program dies in the middle, when a part is refused, when much waits.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::SignedDuration;
use signpost::delivery::{Next, dead, operate};
use signpost::events::{self, Ids};
use signpost::integrations::Guarantee;
use signpost::privacy::Grants;
use signpost::store;

use super::{Bench, SUBJECTS, Subject, config_of, lane_of, open};
use crate::contract::Misbehave::{Hang, Status};
use crate::contract::{Judged, Received, vendors};

fn subject(name: &str) -> Subject {
    SUBJECTS.into_iter().find(|subject| subject.name == name).unwrap()
}

#[tokio::test]
async fn a_batch_under_way_when_the_program_dies_keeps_its_range_and_its_key() {
    for subject in SUBJECTS {
        let mut bench = Bench::of(subject).await;
        let caused = bench.cause(2).await;
        bench.vendor.plan([Hang]);
        let now = bench.now;
        let died = async {
            while bench.vendor.received().is_empty() {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            _ = bench.lane.step(now) => panic!("{} had an answer", subject.name),
            () = died => {}
        }
        bench.restart().await;
        // More comes meanwhile; the batch stays what it was.
        let more = bench.cause(1).await;
        bench.now += SignedDuration::from_hours(1);
        bench.settle_all().await;
        let (status, received) = (bench.status().await, bench.vendor.received());
        assert_eq!(status.waiting, 0, "{}", subject.name);
        if subject.guarantee == Guarantee::AtMostOnce {
            assert_eq!((status.sent, status.unknown), (more, caused), "{}", subject.name);
        } else {
            assert_eq!((status.sent, status.unknown), (caused + more, 0), "{}", subject.name);
            assert_eq!((subject.key)(&received[0]), (subject.key)(&received[1]), "{} has another key", subject.name);
        }
    }
}

#[tokio::test]
async fn files_hold_every_event_once_however_often_the_program_starts() {
    let folder = tempfile::tempdir().unwrap();
    let store = store::open(&folder.path().join("data")).await.unwrap();
    let out = folder.path().join("out");
    let settings = format!("[sinks.files]\nfolder = {out:?}\nlinger_ms = 60000");
    let config = config_of(&settings);
    let (ids, now) = (Ids::after(None), jiff::Timestamp::now());
    let grants = Grants::of([app::model::Purpose::Analytics]);
    for round in 0..5 {
        let entries: Vec<_> = (0..100).map(|_| super::entry(app::model::Event::PageViewed {}, grants, now)).collect();
        super::write(&store, &ids, &entries).await;
        let delivery = open(&config, &store).await;
        let mut lane = lane_of(&delivery, "files");
        let Next::Wait { until: Some(until), events: false } = lane.step(now).await.unwrap() else {
            panic!("events are not gathered")
        };
        assert!(until > now && until <= jiff::Timestamp::now() + SignedDuration::from_mins(1));
        // Dies after the file is written and before that is known.
        if round % 2 == 0 {
            sqlx::query("create trigger dies before update of cursor on sinks begin select raise(abort, 'died'); end")
                .execute(store.writer())
                .await
                .unwrap();
            lane.step(until).await.unwrap_err();
            sqlx::query("drop trigger dies").execute(store.writer()).await.unwrap();
        }
        let mut lane = lane_of(&open(&config, &store).await, "files");
        while lane.step(until).await.unwrap() == Next::Now {}
    }
    let lines = lines(&out);
    let every = events::after(&store, "", None, app::model::Purpose::Analytics, 1000).await.unwrap().events;
    assert_eq!(every.len(), 500);
    for event in every {
        assert_eq!(lines.get(&event.body), Some(&1), "{}", event.body);
    }
    assert_eq!(operate::sinks(&store).await.unwrap()[0].sent, 500);
}

/// Every line below `folder`, and how often it is there.
fn lines(folder: &Path) -> BTreeMap<String, usize> {
    let mut lines = BTreeMap::new();
    for day in std::fs::read_dir(folder).unwrap() {
        for file in std::fs::read_dir(day.unwrap().path()).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            text.lines().for_each(|line| *lines.entry(line.to_owned()).or_default() += 1);
        }
    }
    lines
}

#[tokio::test]
async fn a_part_that_is_refused_does_not_hold_up_the_rest() {
    let mut bench = Bench::of(subject("mixpanel")).await;
    bench.cause(3).await;
    bench.vendor.plan([Status(
        400,
        r#"{"code":400,"status":"Bad Request","num_records_imported":2,
            "failed_records":[{"index":1,"$insert_id":"x","field":"properties.time","message":"time must be epoch based"}]}"#,
    )]);
    bench.settle_all().await;
    let status = bench.status().await;
    assert_eq!((bench.asked(), status.sent, status.dead, status.waiting), (1, 2, 1, 0));
    let letter = dead::list(&bench.store, None, 10).await.unwrap().remove(0);
    assert_eq!(letter.reason, "properties.time: time must be epoch based");
    assert!(!letter.replayable);

    let mut bench = Bench::of(subject("webhook.test")).await;
    bench.cause(3).await;
    bench.vendor.plan([Status(400, "not this one")]);
    bench.settle_all().await;
    let status = bench.status().await;
    assert_eq!((bench.asked(), status.sent, status.dead, status.waiting), (3, 2, 1, 0));
}

/// Mixpanel behind somebody who lets two events through at a time, and one of them never.
fn narrow(received: &Received) -> Judged {
    let events: Vec<serde_json::Value> = serde_json::from_slice(&received.body).map_err(|cause| cause.to_string())?;
    let is_much = events.len() > 2 || received.text().contains("article-3");
    if is_much { Ok((413, "too much".to_owned())) } else { vendors::mixpanel(received) }
}

#[tokio::test]
async fn what_is_too_much_at_a_time_is_sent_in_halves() {
    let mut bench = Bench::of(Subject { check: narrow, ..subject("mixpanel") }).await;
    bench.cause(5).await;
    bench.settle_all().await;
    let status = bench.status().await;
    assert_eq!((status.sent, status.dead, status.waiting), (4, 1, 0));
    let letter = dead::list(&bench.store, None, 10).await.unwrap().remove(0);
    assert_eq!((letter.reason.as_str(), letter.replayable), ("answered 413: too much", true));
    // All five; the first two; three; one; two; each of these.
    assert_eq!(bench.asked(), 7);
}

#[tokio::test]
async fn a_vendor_that_was_down_all_the_time_has_everything_in_the_end() {
    for subject in SUBJECTS {
        let mut bench = Bench::of(subject).await;
        let mut caused = 0;
        bench.vendor.plan((0..12).map(|_| Status(503, "down")));
        for _ in 0..10 {
            caused += bench.cause(30).await;
            bench.settle().await;
            bench.now += SignedDuration::from_secs(20);
        }
        bench.settle_all().await;
        let status = bench.status().await;
        assert_eq!((status.sent, status.waiting, status.dead), (caused, 0, 0), "{}", subject.name);
    }
}

#[tokio::test]
async fn what_fails_for_two_days_is_kept_as_a_dead_letter_and_can_be_sent_again() {
    for subject in SUBJECTS {
        let mut bench = Bench::of(subject).await;
        let (caused, start) = (bench.cause(2).await, bench.now);
        bench.vendor.plan((0..13).map(|_| Status(503, "down for days")));
        while bench.status().await.dead == 0 {
            let Next::Wait { until: Some(until), .. } = bench.settle().await else { break };
            bench.now = until;
        }
        let days = bench.now.duration_since(start).as_secs_f64() / 86_400.0;
        assert!((2.0..3.0).contains(&days), "{} gives up after {days} days", subject.name);
        let letter = dead::list(&bench.store, Some(subject.name), 10).await.unwrap().remove(0);
        assert!(letter.replayable && letter.items == caused && letter.reason.contains("down for days"), "{letter:?}");

        bench.vendor.plan([]);
        let left = 13 - bench.vendor.received().len();
        assert_eq!(left, 0, "{} was asked otherwise than planned", subject.name);
        assert!(operate::retry(&bench.store, &letter.id, bench.now).await.unwrap());
        assert!(operate::retry(&bench.store, subject.name, bench.now).await.unwrap());
        bench.settle_all().await;
        let status = bench.status().await;
        let (first, last) = (bench.vendor.received().remove(0), bench.vendor.received().pop().unwrap());
        if subject.guarantee == Guarantee::AtMostOnce {
            // It takes nothing older than three days; this is two.
            assert_eq!((status.sent, status.waiting), (caused, 0), "{}", subject.name);
        } else {
            assert_eq!((status.sent, status.waiting, status.unknown), (caused, 0, 0), "{}", subject.name);
            if subject.name != "webhook.test" {
                assert_eq!((subject.key)(&first), (subject.key)(&last), "{} has another key", subject.name);
            }
        }
        assert!(dead::list(&bench.store, None, 10).await.unwrap().is_empty());
    }
}
