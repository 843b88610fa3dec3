//! What each provider is asked, without secrets.

use jiff::Timestamp;
use serde_json::json;
use signpost::help;

use super::FROM;
use crate::contract::mail::PROVIDERS;
use crate::contract::vendors::SECRET;
use crate::delivery::config_of;

#[test]
fn requests_are_as_the_manual_shows_them() {
    let deed = json!({ "to": "ada@customer.example", "subject": "[#41207] Grüße", "text": "Hello\n", "html": "<p>Hello</p>",
        "thread": "41207", "automatic": true, "unsubscribe": "https://help.acme.example/letters/off/k3y" });
    for provider in PROVIDERS {
        let settings = format!("[mail]\nfrom = \"{FROM}\"\nreply_to = \"help@acme.example\"\n");
        let config = config_of(&format!("{settings}{}", (provider.settings)("https://api.example")));
        let (_, sink) = help::destinations(&config).build().unwrap().pop().unwrap();
        let now = Timestamp::from_second(1_785_000_000).unwrap();
        let shown = sink.shown("0190aaaa-0000-7000-8000-000000000001", &deed, now).unwrap();
        assert!(!shown.contains(SECRET), "{shown}");
        insta::assert_snapshot!(provider.name, shown);
    }
}
