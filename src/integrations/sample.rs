//! Events and deeds that no reader caused, to show what would be sent.

use app::model::{Clue, Priority};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::desk::{Deed, Opened};
use crate::events::Sendable;

/// One reader's visit that ended at `now`: a search, an article, a vote.
pub fn events(now: Timestamp) -> Vec<Sendable> {
    let event = |n: i64, kind: &str, fields: &str| {
        let at = now.as_millisecond() + (n - 3) * 1000;
        // As of version 7: the time stands first.
        let id = format!("{:08x}-{:04x}-7000-8000-{n:012x}", at >> 16, at & 0xffff);
        let around = r#""session":"c0ffee00-0000-4000-8000-000000000000","locale":"en","device":"desktop","page":"/start/install""#;
        let body = format!(r#"{{"v":1,"id":"{id}","at":{at},"kind":"{kind}",{fields},{around}}}"#);
        Sendable { id, at, kind: kind.to_owned(), session: "c0ffee00-0000-4000-8000-000000000000".to_owned(), body }
    };
    vec![
        event(1, "search_performed", r#""query":"how to \"install\"","results":3,"took_us":900,"rung":"exact""#),
        event(2, "article_viewed", r#""article":"start-install""#),
        event(3, "article_rated", r#""article":"start-install","helpful":true,"version":"8f14e45f""#),
    ]
}

/// A ticket, as a desk is told of it; with what a connector for mail or text messages wants besides.
pub fn deed(now: Timestamp) -> Value {
    let opened = Opened {
        ticket: "019a0000-0000-7000-8000-000000041207".to_owned(),
        number: 41_207,
        form: "bug".to_owned(),
        subject: "Export fails".to_owned(),
        text: "Since yesterday the export ends with an error.".to_owned(),
        priority: Priority::High,
        tags: vec!["export".to_owned()],
        class: Some("technical".to_owned()),
        group: Some("support".to_owned()),
        name: Some("Ada Example".to_owned()),
        email: Some("ada@example.com".to_owned()),
        reader: Some("user-1".to_owned()),
        plan: Some("pro".to_owned()),
        locale: "en".to_owned(),
        fields: Map::from_iter([("version".to_owned(), "2.4".into())]),
        dossier: dossier(now),
        url: "https://help.example.com/agent/tickets/41207".to_owned(),
        files: Vec::new(),
        at: now.as_millisecond(),
    };
    let mut deed = serde_json::to_value(Deed::Opened(Box::new(opened))).expect("a deed is JSON");
    deed["body"] = deed["text"].clone();
    deed["to"] = "+4930123456".into();
    deed
}

fn dossier(now: Timestamp) -> Vec<Clue> {
    let step = |kind: &str, before: i64, text: &str| {
        let at = (before > 0).then(|| now.as_millisecond() - before * 1000);
        Clue { kind: kind.to_owned(), at, text: text.to_owned() }
    };
    vec![
        step("device", 0, "Desktop, online"),
        step("search_performed", 60, "Searched for \u{201c}export error\u{201d}: 3 results"),
        step("article_viewed", 45, "Read \u{201c}Export your data\u{201d} for 40 seconds"),
    ]
}
