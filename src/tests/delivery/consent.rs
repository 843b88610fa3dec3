//! No byte leaves for a purpose that was not granted: every kind of event, every set of grants, every sink.

use std::collections::BTreeSet;
use std::fs;

use app::model::event::Kind;
use app::model::{Event, Purpose};
use jiff::Timestamp;
use serde_json::{Value, json};
use signpost::delivery::Next;
use signpost::events::{self, Ids};
use signpost::privacy::Grants;
use signpost::store::{self, Store};

use super::{SUBJECTS, config_of, entry, lane_of, open, write};
use crate::contract::Vendor;

/// An event of the kind with a mark in it that is found again wherever it goes.
fn event(kind: &Kind) -> Event {
    let mut event = json!({ "kind": kind.name });
    for field in kind.fields {
        let shape = (field.shape)();
        let value = match shape.json {
            "string" => json!("abc"),
            "integer" => json!(1),
            "number" => json!(0.5),
            _ => json!(true),
        };
        event[field.name] = if shape.many { json!([value]) } else { value };
    }
    serde_json::from_value(event).unwrap()
}

fn every_set_of_grants() -> Vec<Grants> {
    let purposes = [Purpose::Preferences, Purpose::Analytics, Purpose::Marketing];
    let set =
        |bits: usize| Grants::of(purposes.into_iter().enumerate().filter(|(n, _)| bits >> n & 1 == 1).map(|(_, p)| p));
    (0..8).map(set).collect()
}

/// Ids of all that was written, and of what may leave.
struct Written {
    every: BTreeSet<String>,
    may_leave: BTreeSet<String>,
}

impl Written {
    /// Every kind of event under every set of grants, for a sink with this purpose.
    async fn to(store: &Store, purpose: Purpose, now: Timestamp) -> Self {
        let of_grants =
            |grants: Grants| Event::KINDS.iter().map(move |kind| entry(event(kind), grants, now)).collect::<Vec<_>>();
        let entries: Vec<_> = every_set_of_grants().into_iter().flat_map(of_grants).collect();
        write(store, &Ids::after(None), &entries).await;
        let rows: Vec<(String, String, String)> =
            sqlx::query_as("select id, grants, body from events union all select id, '', body from trail")
                .fetch_all(store.readers())
                .await
                .unwrap();
        let is_granted = |grants: &str, body: &str| {
            let (grants, body) = (Grants::of_letters(grants), serde_json::from_str::<Value>(body).unwrap());
            let kind = Event::KINDS.iter().find(|kind| kind.name == body["kind"]).unwrap();
            grants.allow(purpose) && grants.allow(kind.purpose)
        };
        let every: BTreeSet<_> = rows.iter().map(|(id, ..)| id.clone()).collect();
        assert!(every.len() > 4 * Event::KINDS.len(), "{} events", every.len());
        let may_leave = rows.iter().filter(|(_, grants, body)| is_granted(grants, body));
        Self { may_leave: may_leave.map(|(id, ..)| id.clone()).collect(), every }
    }

    /// Ids of those in `bytes`.
    fn left(&self, bytes: &str) -> BTreeSet<String> {
        self.every.iter().filter(|id| bytes.contains(id.as_str())).cloned().collect()
    }
}

#[tokio::test]
async fn no_byte_leaves_for_a_purpose_that_was_not_granted() {
    for subject in SUBJECTS.into_iter().filter(|subject| !subject.deeds) {
        for purpose in [Purpose::Analytics, Purpose::Marketing] {
            let vendor = Vendor::open(subject.check).await;
            let folder = tempfile::tempdir().unwrap();
            let store = store::open(folder.path()).await.unwrap();
            let mut config = config_of(&(subject.settings)(&vendor.url));
            config.sinks.ga4.iter_mut().for_each(|ga4| ga4.purpose = purpose);
            config.sinks.mixpanel.iter_mut().for_each(|mixpanel| mixpanel.purpose = purpose);
            config.sinks.s3.iter_mut().for_each(|s3| s3.purpose = purpose);
            config.connectors.values_mut().for_each(|connector| connector.purpose = purpose);
            config.webhooks.values_mut().for_each(|webhook| webhook.purpose = purpose);
            let now = Timestamp::now();
            let written = Written::to(&store, purpose, now).await;
            let mut lane = lane_of(&open(&config, &store).await, subject.name);
            while lane.step(now).await.unwrap() == Next::Now {}
            assert_eq!(vendor.faults(), Vec::<String>::new(), "{}", subject.name);
            let bytes: String = vendor.received().iter().map(crate::contract::Received::text).collect();
            assert_eq!(written.left(&bytes), written.may_leave, "{} for {}", subject.name, purpose.name());
        }
    }
}

#[tokio::test]
async fn nothing_is_written_to_files_for_a_purpose_that_was_not_granted() {
    for purpose in [Purpose::Analytics, Purpose::Marketing] {
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(&folder.path().join("data")).await.unwrap();
        let out = folder.path().join("out");
        let name = purpose.name();
        let config = config_of(&format!("[sinks.files]\nfolder = {out:?}\nlinger_ms = 0\npurpose = \"{name}\""));
        let now = Timestamp::now();
        let written = Written::to(&store, purpose, now).await;
        let mut lane = lane_of(&open(&config, &store).await, "files");
        while lane.step(now).await.unwrap() == Next::Now {}
        let files = fs::read_dir(&out).unwrap().flat_map(|day| fs::read_dir(day.unwrap().path()).unwrap());
        let bytes: String = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
        assert_eq!(written.left(&bytes), written.may_leave, "{name}");
    }
}

#[tokio::test]
async fn what_was_withdrawn_is_not_sent_any_more() {
    let vendor = Vendor::open(SUBJECTS[1].check).await;
    let folder = tempfile::tempdir().unwrap();
    let store = store::open(folder.path()).await.unwrap();
    let config = config_of(&(SUBJECTS[1].settings)(&vendor.url));
    let delivery = open(&config, &store).await;
    let (ids, now) = (Ids::after(None), Timestamp::now());
    write(&store, &ids, &[entry(Event::PageViewed {}, Grants::of([Purpose::Analytics]), now)]).await;
    events::withdraw(&store, "session-1", Grants::NONE).await.unwrap();
    let mut lane = lane_of(&delivery, "mixpanel");
    while lane.step(now).await.unwrap() == Next::Now {}
    assert_eq!(vendor.received().len(), 0);
}
