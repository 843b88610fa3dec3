//! Recipes that ship with the program: each can be used as it is, once its secrets are given.

use std::path::Path;

use jiff::Timestamp;
use serde_json::json;
use signpost::integrations::sample;
use signpost::{config, help};

/// Where each recipe wants its secrets.
const SECRETS: [(&str, &[&str]); 8] = [
    ("adobe-analytics", &["ADOBE__AUTH__CLIENT_SECRET"]),
    ("kafka-rest", &["KAFKA__AUTH__PASSWORD"]),
    ("posthog", &["POSTHOG__SECRETS__KEY"]),
    ("postmark", &["POSTMARK__AUTH__KEY"]),
    ("segment", &["SEGMENT__AUTH__USER"]),
    ("teams", &["TEAMS__SECRETS__ADDRESS"]),
    ("twilio-sms", &["TWILIO__SECRETS__ACCOUNT", "TWILIO__AUTH__USER", "TWILIO__AUTH__PASSWORD"]),
    ("uservoice", &["USERVOICE__AUTH__CLIENT_SECRET"]),
];

#[tokio::test]
async fn every_recipe_makes_the_request_its_vendor_expects() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/integrations/recipes");
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), SECRETS.len());
    for (file, (name, secrets)) in files.iter().zip(SECRETS) {
        assert_eq!(file.file_stem().unwrap(), name);
        let variable = |name: &&str| (format!("SIGNPOST__CONNECTORS__{name}"), "s3cr3t-and.never/shown".to_owned());
        let config = config::read(Some(file), secrets.iter().map(variable)).unwrap();
        let (_, sink) = help::destinations(&config).build().unwrap().remove(0);
        let (key, now) = ("0190aaaa-0000-8000-8000-000000000000", Timestamp::from_second(1_785_000_000).unwrap());
        let shown = if sink.purpose().is_some() {
            let mut parts = sink.parts(key, &sample::events(now), now).await.unwrap();
            assert_eq!(parts.len(), 1);
            parts.remove(0).request.shown()
        } else {
            let deed = json!({
                "text": "Export \"fails\" & more", "subject": "Export fails", "body": "Since\nyesterday.",
                "to": "+4930123456", "email": "ada@example.com",
            });
            sink.shown(key, &deed, now).unwrap()
        };
        assert!(!shown.contains("s3cr3t"), "{shown}");
        insta::assert_snapshot!(format!("recipe_{name}"), shown);
    }
}
