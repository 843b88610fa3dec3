//! Discourse: a community's forum, whose public search is asked (<https://docs.discourse.org>). It is asked nothing
//! that needs a key.

use anyhow::Result;
use jiff::Timestamp;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use serde::Deserialize;
use url::Url;

use super::Failure;
use super::http::{Answer, RETRIED, Request, base, joined};

/// Topics of an answer that are looked at.
const MOST: usize = 5;
/// Characters of a title, and of the piece of text beside it.
const LONGEST_TITLE: usize = 200;
const LONGEST_BLURB: usize = 240;

/// A forum, by its address.
#[derive(Debug, Clone)]
pub struct Discourse(Url);

/// What was found. Text is text, whatever it looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    pub title: String,
    pub url: String,
    /// A piece of its text around the words.
    pub blurb: String,
    /// It has an accepted answer.
    pub is_solved: bool,
}

/// `GET /search.json`, as far as it is needed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Found {
    posts: Vec<Post>,
    topics: Vec<Known>,
    errors: Vec<String>,
    error_type: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Post {
    topic_id: u64,
    #[serde(default)]
    blurb: String,
}

#[derive(Debug, Deserialize)]
struct Known {
    id: u64,
    title: String,
    #[serde(default)]
    slug: String,
    #[serde(default)]
    has_accepted_answer: bool,
}

impl Discourse {
    /// # Errors
    /// What is no address, or not one of TLS.
    pub fn new(address: &str) -> Result<Self> {
        base(address).map(Self)
    }

    /// For people.
    pub fn home(&self) -> &str {
        self.0.as_str()
    }

    /// For people; the query goes behind `?q=`.
    pub fn search_page(&self) -> String {
        joined(&self.0, "/search").into()
    }

    pub fn search(&self, query: &str) -> Request {
        let mut url = joined(&self.0, "/search.json");
        url.query_pairs_mut().append_pair("q", query);
        let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
        Request { headers, ..Request::get(url) }
    }

    /// The topics of an answer, best first.
    ///
    /// # Errors
    /// What is no answer to a search.
    pub fn topics(&self, answer: Answer, request: &Request, now: Timestamp) -> Result<Vec<Topic>, Failure> {
        let answer = answer.success(request, RETRIED, now)?.no_web_page(request)?;
        let found: Found = serde_json::from_slice(&answer.body)
            .map_err(|cause| Failure::in_doubt(format!("answered what is no search result: {cause}")))?;
        if found.error_type.is_some() || !found.errors.is_empty() {
            return Err(Failure::in_doubt(answer.reason(request)));
        }
        let mut topics: Vec<(u64, Topic)> = Vec::new();
        for post in &found.posts {
            let is_new = topics.len() < MOST && !topics.iter().any(|(id, _)| *id == post.topic_id);
            let known = found.topics.iter().find(|topic| topic.id == post.topic_id).filter(|_| is_new);
            topics.extend(known.map(|known| (known.id, self.topic(known, &post.blurb))));
        }
        Ok(topics.into_iter().map(|(_, topic)| topic).collect())
    }

    fn topic(&self, known: &Known, blurb: &str) -> Topic {
        let mut url = self.0.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().push("t").extend(Some(&known.slug).filter(|slug| !slug.is_empty()));
            path.push(&known.id.to_string());
        }
        Topic {
            title: plain(&known.title, LONGEST_TITLE),
            url: url.into(),
            blurb: plain(blurb, LONGEST_BLURB),
            is_solved: known.has_accepted_answer,
        }
    }
}

/// One line of so many characters.
fn plain(text: &str, longest: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn topics(base: &str, body: &str) -> Result<Vec<Topic>, Failure> {
        let forum = Discourse::new(base).unwrap();
        let answer = Answer { status: 200, headers: HeaderMap::new(), body: body.into() };
        forum.topics(answer, &forum.search("export"), Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_query_is_asked_below_the_forums_address() {
        let check = |address: &str, expect: &str| {
            let forum = Discourse::new(address).unwrap();
            assert_eq!(forum.search("export & import").url.as_str(), expect);
        };
        check("https://forum.example", "https://forum.example/search.json?q=export+%26+import");
        check("https://a.example/forum/", "https://a.example/forum/search.json?q=export+%26+import");
        assert_eq!(Discourse::new("https://a.example/forum").unwrap().search_page(), "https://a.example/forum/search");
        assert!(Discourse::new("http://forum.example").is_err());
    }

    #[test]
    fn topics_come_in_the_order_of_their_posts_each_once() {
        let found = topics(
            "https://a.example/forum",
            r#"{"posts": [{"id": 1, "topic_id": 12, "blurb": "press\n<b>Export</b>"}, {"topic_id": 12, "blurb": "later"},
                          {"topic_id": 99, "blurb": "of no topic"}, {"topic_id": 7, "blurb": ""}],
                "topics": [{"id": 7, "title": "Import", "slug": ""},
                           {"id": 12, "title": "How do I <i>export</i>?", "slug": "how-do-i-export", "has_accepted_answer": true}],
                "users": [{}], "grouped_search_result": {"more_full_page_results": null}}"#,
        );
        let export = Topic {
            title: "How do I <i>export</i>?".to_owned(),
            url: "https://a.example/forum/t/how-do-i-export/12".to_owned(),
            blurb: "press <b>Export</b>".to_owned(),
            is_solved: true,
        };
        let import = Topic {
            title: "Import".to_owned(),
            url: "https://a.example/forum/t/7".to_owned(),
            blurb: String::new(),
            is_solved: false,
        };
        assert_eq!(found.unwrap(), [export, import]);
    }

    #[test]
    fn a_link_leads_nowhere_but_to_the_forum() {
        let check = |slug: &str, expect: &str| {
            let body = serde_json::json!({
                "posts": [{ "topic_id": 1 }], "topics": [{ "id": 1, "title": "x", "slug": slug }],
            });
            assert_eq!(topics("https://f.example", &body.to_string()).unwrap()[0].url, expect, "{slug}");
        };
        check("//evil.example/", "https://f.example/t/%2F%2Fevil.example%2F/1");
        check("..", "https://f.example/t/1");
        check("a?b#c", "https://f.example/t/a%3Fb%23c/1");
    }

    #[test]
    fn what_is_no_search_result_is_a_failure() {
        for body in ["", "{\"errors\": [\"slow down\"], \"error_type\": \"rate_limit\"}", "<html><head>"] {
            assert!(matches!(topics("https://f.example", body), Err(Failure::Retry { .. })), "{body}");
        }
        assert_eq!(topics("https://f.example", "{}").unwrap(), []);
    }
}
