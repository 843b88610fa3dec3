//! Events that no reader caused, to show what would be sent.

use crate::events::Sendable;

/// One reader's visit: a search, an article, a vote. Invented, and always the same.
pub fn events() -> Vec<Sendable> {
    let event = |n: u32, kind: &str, fields: &str| {
        let (id, at) = (format!("019f9a10-0000-7000-8000-00000000000{n}"), 1_785_000_000_000 + i64::from(n) * 1000);
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
