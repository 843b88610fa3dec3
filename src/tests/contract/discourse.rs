//! Discourse's public search, as its documentation says, with what strangers may have written into it.

use serde_json::json;

use super::vendors::must;
use super::{Judged, Misbehave, Received};

/// What it answers to more than two searches in a second, or 15 in a minute, from one address: without `Retry-After`.
pub const TOO_OFTEN: Misbehave =
    Misbehave::Status(429, r#"{"failed":"FAILED","message":"You have performed this action too many times."}"#);

pub fn search(received: &Received) -> Judged {
    must(received.method == "GET", || format!("method {}", received.method))?;
    must(received.url.path() == "/forum/search.json", || format!("path {}", received.url.path()))?;
    must(received.header("accept") == Some("application/json"), || "it would answer a web page".to_owned())?;
    must(received.header("cookie").is_none() && received.header("authorization").is_none(), || "secrets".to_owned())?;
    let query = received.query("q").ok_or("no query")?;
    must((1..=200).contains(&query.chars().count()), || format!("query {query:?}"))?;
    if query.chars().count() < 3 {
        let refusal = json!({ "errors": ["You supplied invalid parameters to the request: q"],
            "error_type": "invalid_parameters" });
        return Ok((400, refusal.to_string()));
    }
    if query.contains("nothing") {
        return Ok((200, json!({ "posts": [], "topics": [], "grouped_search_result": {} }).to_string()));
    }
    let topic = |id: u64, title: &str, slug: &str, solved: bool| {
        json!({ "id": id, "title": title, "fancy_title": "<b>fancy</b>", "slug": slug, "tags": [], "category_id": 5,
            "has_accepted_answer": solved })
    };
    let hostile = "<img src=x onerror=alert(1)> press <b>Export</b>";
    let found = json!({
        "posts": [
            { "id": 1, "topic_id": 12, "blurb": hostile, "username": "eve", "like_count": 0 },
            { "id": 2, "topic_id": 7, "blurb": "Another way", "username": "ada", "like_count": 3 },
        ],
        "topics": [
            topic(7, "Import again", "import-again", false),
            topic(12, "</a><script>alert(1)</script> How do I export?", "../../javascript:alert(1)", true),
        ],
        "users": [], "categories": [], "grouped_search_result": { "more_full_page_results": true },
    });
    Ok((200, found.to_string()))
}
