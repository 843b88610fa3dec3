//! Events that no reader caused, to show what would be sent.

use jiff::Timestamp;

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
