//! The exact requests, without their secrets.

use jiff::Timestamp;
use serde_json::json;
use signpost::help;
use signpost::integrations::Sink;

use super::desks::each;
use super::{SUBJECTS, config_of};
use signpost::integrations::sample;

fn now() -> Timestamp {
    Timestamp::from_second(1_785_000_000).unwrap()
}

/// Without what changes with the clock of the signer.
fn still(shown: &str) -> String {
    let mut parts: Vec<String> = shown.split_inclusive('&').map(str::to_owned).collect();
    for part in &mut parts {
        for name in ["X-Amz-Date", "X-Amz-Credential"] {
            if let Some((before, _)) = part.split_once(&format!("{name}=")) {
                *part = format!("{before}{name}=…&");
            }
        }
    }
    parts.concat()
}

#[tokio::test]
async fn requests_are_as_the_manual_shows_them() {
    for subject in SUBJECTS {
        let config = config_of(&(subject.settings)("http://127.0.0.1:9"));
        let (_, sink) = help::destinations(&config).build().unwrap().remove(0);
        let mut shown = Vec::new();
        for part in sink.parts("0190aaaa-0000-8000-8000-000000000000", &sample::events(now()), now()).await.unwrap() {
            shown.push(still(&part.request.shown()));
        }
        if !matches!(sink, Sink::Mixpanel(_)) {
            let deed = json!({ "type": "delivery.held", "sink": "ga4", "text": "Deliveries to <ga4> wait" });
            shown.extend(sink.shown("0190aaaa-0000-8000-8000-000000000001", &deed, now()));
        } else {
            for deed in [json!({"profile": {"user": "u1", "set": {"plan": "pro"}}}), json!({"erase": {"user": "u1"}})] {
                shown.push(sink.shown("key", &deed, now()).unwrap());
            }
        }
        let shown = shown.join("\n\n");
        assert!(!shown.contains("s3cr3t") && !shown.is_empty(), "{shown}");
        insta::assert_snapshot!(subject.name.replace('.', "_"), shown);
    }
}

#[tokio::test]
async fn a_group_of_the_rules_is_its_group_at_the_desk() {
    // Intercom has no groups; there the note tells of it.
    for kind in each().into_iter().filter(|kind| kind.name() != "intercom") {
        let settings = format!("{}\ngroups = {{ support = 36001 }}", kind.settings("http://127.0.0.1:9"));
        let config = config_of(&settings);
        let (_, sink) = help::destinations(&config).build().unwrap().remove(0);
        let shown = sink.shown("key", &sample::deed(now()), now()).unwrap();
        assert!(shown.contains("\"group_id\":36001"), "{}: {shown}", kind.name());
    }
}
