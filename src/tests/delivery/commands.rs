//! The commands of operators, run as they run them.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use super::{Bench, SUBJECTS};
use crate::contract::Misbehave::Status;
use crate::contract::Vendor;
use crate::contract::vendors::SECRET;

pub async fn signpost(folder: &Path, arguments: &[&str]) -> Output {
    let (folder, arguments) = (folder.to_owned(), arguments.iter().map(|&one| one.to_owned()).collect::<Vec<_>>());
    let command = move || {
        std::process::Command::new(env!("CARGO_BIN_EXE_signpost")).args(arguments).current_dir(folder).output().unwrap()
    };
    tokio::task::spawn_blocking(command).await.unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn a_connector_can_be_looked_at_and_tried() {
    for subject in SUBJECTS.into_iter().filter(|subject| subject.name != "s3") {
        let vendor = Vendor::open(subject.check).await;
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("signpost.toml"), (subject.settings)(&vendor.url)).unwrap();
        let name = subject.name.trim_start_matches("connector.");
        let shown = signpost(folder.path(), &["connector", "test", name]).await;
        assert!(shown.status.success(), "{}", text(&shown.stderr));
        let shown = text(&shown.stdout);
        assert!(shown.starts_with("POST ") && !shown.contains(SECRET), "{shown}");
        assert_eq!(vendor.received().len(), 0);

        let sent = signpost(folder.path(), &["connector", "test", name, "--send"]).await;
        assert!(sent.status.success(), "{}", text(&sent.stderr));
        assert_eq!(vendor.faults(), Vec::<String>::new());
        assert!(!vendor.received().is_empty());
        vendor.plan([Status(403, "not allowed")]);
        let sent = signpost(folder.path(), &["connector", "test", name, "--send"]).await;
        assert_eq!(sent.status.code(), Some(1));
        assert!(text(&sent.stderr).contains("not allowed"), "{}", text(&sent.stderr));
    }
}

#[tokio::test]
async fn events_of_a_file_are_shown_as_they_would_be_sent() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("signpost.toml"), (SUBJECTS[3].settings)("http://127.0.0.1:9")).unwrap();
    let write = |json: &str| std::fs::write(folder.path().join("event.json"), json).unwrap();
    let arguments = ["connector", "test", "test", "--with", "event.json"];
    write(r#"{"id": "1", "at": 1, "kind": "page_viewed", "session": "s", "page": "/here"}"#);
    let shown = signpost(folder.path(), &arguments).await;
    assert!(text(&shown.stdout).contains(r#""page":"/here""#), "{}", text(&shown.stdout));
    write(r#"{"kind": "page_viewed"}"#);
    let refused = signpost(folder.path(), &arguments).await;
    assert!(!refused.status.success() && text(&refused.stderr).contains("an event is an object with"));
    let refused = signpost(folder.path(), &["connector", "test", "other"]).await;
    assert!(text(&refused.stderr).contains("there are connector.test"), "{}", text(&refused.stderr));
}

#[tokio::test]
async fn the_outbox_can_be_seen_and_steered() {
    let mut bench = Bench::of(SUBJECTS[5]).await;
    let (one, other) = (bench.promise("one").await, bench.promise("other").await);
    bench.vendor.plan([Status(400, "no_text"), Status(503, "rollup_error")]);
    bench.settle().await;
    let folder = bench.folder.path().to_owned();
    let outbox = async |arguments: &[&str]| signpost(&folder, &[&["outbox", "--data", "."], arguments].concat()).await;

    let listed = text(&outbox(&["list"]).await.stdout);
    for part in ["slack", "1 waiting", "1 dead", "answered 400: no_text", "answered 503: rollup_error", &other] {
        assert!(listed.contains(part), "{part} is missing in\n{listed}");
    }
    let listed: Value = serde_json::from_slice(&outbox(&["list", "--json"]).await.stdout).unwrap();
    let letter = listed["dead"][0]["id"].as_str().unwrap();
    assert_eq!(
        (&listed["dead"][0]["key"], &listed["waiting"][0]["id"]),
        (&Value::from(one), &Value::from(other.clone()))
    );
    assert!(text(&outbox(&["show", letter]).await.stdout).contains("no_text"));
    assert!(outbox(&["pause", "slack"]).await.status.success());
    assert!(text(&outbox(&["list", "--sink", "slack"]).await.stdout).contains("held by an operator"));
    for arguments in [["resume", "slack"], ["retry", letter], ["drop", &other]] {
        assert!(outbox(&arguments).await.status.success(), "{arguments:?}");
    }
    assert_eq!(outbox(&["drop", letter]).await.status.code(), Some(1), "it is a message again");
    bench.settle_all().await;
    let received = bench.vendor.received();
    assert!(received.last().unwrap().text().contains("one") && received.len() == 3);
}
