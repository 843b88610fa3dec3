//! Events in a real S3-compatible store, which proves every signature itself.

use app::model::{Event, Purpose};
use jiff::{SignedDuration, Timestamp};
use signpost::config::Config;
use signpost::delivery::Next;
use signpost::delivery::operate::{self, Status};
use signpost::events::Ids;
use signpost::privacy::Grants;
use signpost::store::{self, Store};

use super::{config_of, entry, lane_of, open, write};
use crate::contract::bucket::{BUCKET, Bucket};
use crate::contract::vendors::SECRET;

const KEY: &str = "help-center";

fn settings(bucket: &Bucket, secret: &str) -> Config {
    config_of(&format!(
        "[sinks.s3]\nbucket = \"{BUCKET}\"\nregion = \"eu-west-1\"\naccess_key_id = \"{KEY}\"\nlinger_ms = 0\n\
         secret_access_key = \"{secret}\"\nendpoint = \"{}\"\nprefix = \"warehouse/raw\"",
        bucket.url
    ))
}

async fn status(store: &Store) -> Status {
    operate::sinks(store).await.unwrap().into_iter().find(|sink| sink.name == "s3").unwrap()
}

#[tokio::test]
async fn each_day_is_an_object_and_a_wrong_secret_stops_the_sink() {
    let bucket = Bucket::open(KEY, SECRET).await;
    let folder = tempfile::tempdir().unwrap();
    let store = store::open(folder.path()).await.unwrap();
    let mut now: Timestamp = "2026-07-25T17:20:00Z".parse().unwrap();
    let grants = Grants::of([Purpose::Analytics]);
    let viewed = |at| entry(Event::PageViewed {}, grants, at);
    write(&store, &Ids::after(None), &[viewed(now - SignedDuration::from_hours(24)), viewed(now)]).await;

    let mut lane = lane_of(&open(&settings(&bucket, "another secret"), &store).await, "s3");
    while lane.step(now).await.unwrap() == Next::Now {}
    let refused = status(&store).await;
    assert!(refused.locked && refused.waiting == 2 && refused.dead == 0, "{refused:?}");
    assert_eq!(refused.last_error.unwrap(), "answered 403: SignatureDoesNotMatch");
    assert_eq!(bucket.objects().len(), 0);

    // What was refused waits a little, whatever the settings.
    now += SignedDuration::from_hours(1);
    let mut lane = lane_of(&open(&settings(&bucket, SECRET), &store).await, "s3");
    while lane.step(now).await.unwrap() == Next::Now {}
    let objects = bucket.objects();
    let days: Vec<_> = objects.keys().map(|key| &key[..key.rfind('/').unwrap()]).collect();
    assert_eq!(days, ["warehouse/raw/2026-07-24", "warehouse/raw/2026-07-25"]);
    for lines in objects.values() {
        let line: serde_json::Value = serde_json::from_slice(lines).unwrap();
        assert_eq!(line["kind"], "page_viewed");
    }
    let status = status(&store).await;
    assert_eq!((status.sent, status.waiting, status.locked), (2, 0, false));
}
