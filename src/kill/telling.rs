//! What a reader tells: a batch of events, or a vote.

use reqwest::header::{CONTENT_TYPE, COOKIE};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::json;
use uuid::Uuid;

use crate::program::ARTICLE;

pub enum Told {
    Batch {
        id: Uuid,
        session: Uuid,
        items: Vec<String>,
    },
    /// Each by a session of its own: one session has one vote.
    Vote {
        session: Uuid,
        item: String,
    },
}

impl Told {
    pub fn items(&self) -> &[String] {
        match self {
            Self::Batch { items, .. } => items,
            Self::Vote { item, .. } => std::slice::from_ref(item),
        }
    }

    /// The status of its acknowledgement.
    pub fn taken(&self) -> StatusCode {
        match self {
            Self::Batch { .. } => StatusCode::NO_CONTENT,
            Self::Vote { .. } => StatusCode::SEE_OTHER,
        }
    }

    pub fn request(&self, client: &Client, address: &str) -> RequestBuilder {
        let (session, path, content_type, body) = match self {
            Self::Batch { id, session, items } => (session, "api/v1/events".to_owned(), "text/plain", batch(id, items)),
            Self::Vote { session, item } => {
                let form = format!("helpful=no&reason=unclear&comment={item}");
                (session, format!("feedback/{ARTICLE}"), "application/x-www-form-urlencoded", form)
            }
        };
        let consent = "0".repeat(32);
        client
            .post(format!("http://{address}/{path}"))
            .header("sec-fetch-site", "same-origin")
            .header(COOKIE, format!("__Host-signpost-consent={consent}.a.1; __Host-signpost-visit={session}"))
            .header(CONTENT_TYPE, content_type)
            .body(body)
    }
}

fn batch(id: &Uuid, items: &[String]) -> String {
    let event = |item: &String| json!({ "kind": "article_viewed", "page": "/install", "article": item });
    let events: Vec<_> = items.iter().map(event).collect();
    json!({ "id": id, "locale": "en", "events": events }).to_string()
}
