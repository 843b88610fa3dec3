//! What readers did, from the request to the disk.

mod limits;

use std::sync::Arc;

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::site::{self, Site};

const FILES: &[(&str, &str)] = &[("index.md", "# Welcome"), ("start/install.md", "# Install the program\n\nRun it.")];

/// A reader's browser: keeps cookies, and calls itself one.
pub struct Browser<'s> {
    site: &'s Site,
    client: reqwest::Client,
    cookies: Arc<Jar>,
}

impl<'s> Browser<'s> {
    pub fn of(site: &'s Site) -> Self {
        Self::with(site, Arc::default())
    }

    /// With the cookies of another one.
    pub fn with(site: &'s Site, cookies: Arc<Jar>) -> Self {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        Self { site, client: client.cookie_provider(cookies.clone()).build().unwrap(), cookies }
    }

    pub fn cookies(&self) -> Arc<Jar> {
        self.cookies.clone()
    }

    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.site.url)).header("sec-fetch-site", "same-origin")
    }

    pub async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    pub async fn page(&self, path: &str) -> String {
        self.get(path).await.text().await.unwrap()
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        self.request(Method::POST, path).form(fields).send().await.unwrap()
    }

    pub async fn tell(&self, batch: &Value) -> Response {
        self.request(Method::POST, "/api/v1/events").body(batch.to_string()).send().await.unwrap()
    }

    pub async fn allow(&self, choice: &str) {
        assert_eq!(self.post("/privacy", &[("way", "banner"), ("choice", choice)]).await.status(), 303);
    }
}

/// Cookies as a browser keeps them on this machine, where `Secure` ones travel without TLS.
#[derive(Default)]
pub struct Jar(std::sync::Mutex<std::collections::BTreeMap<String, String>>);

impl reqwest::cookie::CookieStore for Jar {
    fn set_cookies(&self, lines: &mut dyn Iterator<Item = &reqwest::header::HeaderValue>, _: &reqwest::Url) {
        let mut jar = self.0.lock().unwrap();
        for line in lines {
            let cookie = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = cookie.split_once('=').unwrap();
            jar.insert(name.to_owned(), value.to_owned());
        }
    }

    fn cookies(&self, _: &reqwest::Url) -> Option<reqwest::header::HeaderValue> {
        let jar = self.0.lock().unwrap();
        let line = jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        (!line.is_empty()).then(|| line.parse().unwrap())
    }
}

/// Kinds and bodies of a table, oldest first.
pub async fn rows(site: &Site, table: &str) -> Vec<(String, Value)> {
    let sql = format!("select kind, body from {table} order by id");
    let rows: Vec<(String, String)> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(site.help.store.readers()).await.unwrap();
    rows.into_iter().map(|(kind, body)| (kind, serde_json::from_str(&body).unwrap())).collect()
}

pub async fn kinds(site: &Site, table: &str) -> Vec<String> {
    rows(site, table).await.into_iter().map(|(kind, _)| kind).collect()
}

fn viewed() -> Value {
    json!({ "locale": "en", "events": [
        { "kind": "page_viewed", "page": "/start/install" },
        { "kind": "article_viewed", "page": "/start/install", "article": "start-install" },
    ]})
}

#[tokio::test]
async fn without_consent_there_is_a_trail_and_nothing_else() {
    let site = site::serve(FILES).await;
    let browser = Browser::of(&site);
    assert_eq!(browser.tell(&viewed()).await.status(), 204);
    assert_eq!(kinds(&site, "events").await, [""; 0]);
    assert_eq!(kinds(&site, "trail").await, ["page_viewed", "article_viewed"]);
}

#[tokio::test]
async fn with_consent_events_carry_what_surrounds_them() {
    let site = site::serve(FILES).await;
    let browser = Browser::of(&site);
    browser.allow("all").await;
    assert_eq!(browser.tell(&viewed()).await.status(), 204);
    assert_eq!(kinds(&site, "events").await, ["session_started", "page_viewed", "article_viewed"]);
    let (_, body) = rows(&site, "events").await.remove(2);
    assert_eq!(body["v"], 1);
    for (field, expect) in
        [("page", "/start/install"), ("article", "start-install"), ("locale", "en"), ("device", "desktop")]
    {
        assert_eq!(body[field], expect, "{body}");
    }
    let session = body["session"].as_str().unwrap();
    assert_eq!(rows(&site, "events").await[0].1["session"], session, "one visit is one session");
    assert_eq!(kinds(&site, "trail").await, [""; 0]);
}

#[tokio::test]
async fn a_batch_sent_twice_is_taken_once() {
    let site = site::serve(FILES).await;
    let browser = Browser::of(&site);
    let mut batch = viewed();
    batch["id"] = json!("0b7f6f2e-3d51-4c8a-9a55-1f2e3d4c5b6a");
    for _ in 0..2 {
        assert_eq!(browser.tell(&batch).await.status(), 204);
    }
    assert_eq!(kinds(&site, "trail").await.len(), 2);
}

#[tokio::test]
async fn what_is_wrong_is_refused_as_a_whole() {
    let site = site::serve(FILES).await;
    let browser = Browser::of(&site);
    let mut batch = viewed();
    batch["events"][1]["colour"] = json!("red");
    let answer = browser.tell(&batch).await;
    assert_eq!(answer.status(), 400);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    assert!(answer.text().await.unwrap().contains("events[1]: unknown field `colour`"));
    assert_eq!(kinds(&site, "trail").await, [""; 0]);
}

#[tokio::test]
async fn crawlers_and_other_sites_are_not_counted() {
    let site = site::serve(FILES).await;
    let tell = || site.request(Method::POST, "/api/v1/events").body(viewed().to_string());
    let bot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    assert_eq!(tell().header("user-agent", bot).send().await.unwrap().status(), 204);
    let other = tell().header("sec-fetch-site", "cross-site").header("origin", "https://elsewhere.example");
    assert_eq!(other.send().await.unwrap().status(), 403);
    assert_eq!(kinds(&site, "trail").await, [""; 0]);
}

#[tokio::test]
async fn a_host_tells_of_its_reader_with_a_signed_token() {
    let site = site::serve_with(&site::with_tokens(), FILES).await;
    let mut batch = viewed();
    batch["session"] = json!("0193b0a0-0000-7000-8000-000000000001");
    batch["consent"] = json!(["analytics"]);
    let tell = site.request(Method::POST, "/api/v1/events").bearer_auth(site::token(&[])).body(batch.to_string());
    assert_eq!(tell.send().await.unwrap().status(), 204);
    let (_, body) = rows(&site, "events").await.remove(0);
    assert_eq!((body["user"].as_str(), body["session"].as_str()), (Some("reader-1"), batch["session"].as_str()));
}

#[tokio::test]
async fn keys_typed_one_after_another_are_one_search() {
    let site = site::serve(FILES).await;
    let browser = Browser::of(&site);
    for typed in ["ins", "inst", "instal", "install"] {
        assert_eq!(browser.get(&format!("/search/results?q={typed}&typing=1")).await.status(), 200);
    }
    assert_eq!(browser.tell(&viewed()).await.status(), 204);
    let trail = rows(&site, "trail").await;
    let searches: Vec<_> = trail.iter().filter(|(kind, _)| kind == "search_performed").collect();
    assert_eq!(searches.len(), 1, "{trail:?}");
    assert_eq!((searches[0].1["query"].as_str(), searches[0].1["results"].as_u64()), (Some("install"), Some(1)));
    assert_eq!(trail[0].0, "search_performed", "it came before the page it led to");
}

#[tokio::test]
async fn what_names_a_person_never_reaches_the_disk() {
    let site = site::serve(FILES).await;
    let browser = Browser::of(&site);
    browser.allow("all").await;
    let planted = ["ada.lovelace@example.com", "4111 1111 1111 1111", "+49 30 901820-77", "4111111111111111"];
    for text in planted {
        let query = [("q", text)];
        assert_eq!(browser.request(Method::GET, "/search").query(&query).send().await.unwrap().status(), 200);
        let batch = json!({ "events": [
            { "kind": "search_result_clicked", "query": text, "article": "start-install", "rank": 1, "page": format!("/search?q={text}") },
            { "kind": "error_met", "message": format!("cannot find {text}"), "page": format!("/{text}/x") },
        ]});
        assert_eq!(browser.tell(&batch).await.status(), 204);
    }
    assert!(rows(&site, "events").await.len() > 8);
    site.help.keep_house(jiff::Timestamp::now()).await.unwrap();
    let data = site.stop().await;
    for file in std::fs::read_dir(data.path()).unwrap().map(|file| file.unwrap().path()).filter(|path| path.is_file()) {
        let bytes = std::fs::read(&file).unwrap();
        for text in planted {
            let found = bytes.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text.as_bytes()));
            assert!(!found, "{text} is in {}", file.display());
        }
    }
}

#[tokio::test]
async fn the_schema_names_every_kind_and_field() {
    let site = site::serve(FILES).await;
    let schema: Value = site.get("/api/v1/events/schema").await.json().await.unwrap();
    let kept = schema["oneOf"].as_array().unwrap();
    assert_eq!(kept.len(), app::model::Event::KINDS.len());
    let search = kept.iter().find(|kind| kind["title"] == "search_performed").unwrap();
    assert_eq!(search["properties"]["query"]["maxLength"], 200);
    assert_eq!(search["x-purpose"], "analytics");
    assert!(search["required"].as_array().unwrap().contains(&json!("results")));
    assert!(!search["required"].as_array().unwrap().contains(&json!("refines")));
    let sent = schema["$defs"]["batch"]["properties"]["events"]["items"]["oneOf"].as_array().unwrap();
    assert!(!sent.iter().any(|kind| kind["title"] == "ticket_created"), "the server alone tells of tickets");
}

#[tokio::test]
async fn a_result_is_counted_without_script() {
    let site = site::serve(FILES).await;
    let browser = Browser::of(&site);
    let page = browser.page("/search?q=install").await;
    let via = page.split("<a href=\"").find(|link| link.starts_with("/go/")).unwrap().split('"').next().unwrap();
    assert!(page.contains("data-url=\"/start/install"), "script leads straight to it");
    let answer = browser.get(via).await;
    assert_eq!(answer.status(), 303);
    assert!(answer.headers()["location"].to_str().unwrap().starts_with("/start/install"));
    assert!(browser.page("/privacy").await.contains("Opened result 1 for “install”"));
    assert_eq!(kinds(&site, "trail").await, ["search_performed", "search_result_clicked"]);
    assert_eq!(browser.get("/go/bm9uc2Vuc2U").await.status(), 404);
}

#[tokio::test]
async fn ids_and_paths_that_editors_or_hosts_chose_are_kept_whole() {
    let file = [("start/install-on-ubuntu-24-04-lts.md", "# Install on Ubuntu 24.04 LTS\n\nRun it.")];
    let site = site::serve_with(&site::with_tokens(), &file).await;
    let batch = json!({ "session": "0193b0a0-0000-7000-8000-000000000001", "consent": ["analytics"], "events": [
        { "kind": "page_viewed", "page": "/start/install-on-ubuntu-24-04-lts" },
        { "kind": "page_viewed", "page": "/of/4111111111111111" },
    ]});
    for subject in ["7f0c8a52-5a0e-4c53-9d0b-6f1f2b1f7a10", "jo@example.com"] {
        let token = site::token_of(subject, &[]);
        let tell = site.request(Method::POST, "/api/v1/events").bearer_auth(token).body(batch.to_string());
        assert_eq!(tell.send().await.unwrap().status(), 204);
    }
    let told = rows(&site, "events").await;
    let field = |row: usize, name: &str| told[row].1[name].as_str().unwrap_or_default().to_owned();
    assert_eq!(field(0, "page"), "/start/install-on-ubuntu-24-04-lts");
    assert_eq!(field(1, "page"), "/of/[number]");
    assert_eq!(field(0, "user"), "7f0c8a52-5a0e-4c53-9d0b-6f1f2b1f7a10");
    assert!(field(2, "user").starts_with("hash:"), "an address of e-mail is not passed on");
    assert_eq!(field(0, "device"), "", "the machine that asks is the host's");
}

#[tokio::test]
async fn a_session_that_is_allowed_later_begins_then() {
    let site = site::serve(FILES).await;
    let browser = Browser::of(&site);
    browser.tell(&viewed()).await;
    browser.allow("all").await;
    browser.tell(&viewed()).await;
    assert_eq!(kinds(&site, "events").await, ["session_started", "page_viewed", "article_viewed"]);
    assert_eq!(kinds(&site, "trail").await, ["page_viewed", "article_viewed"]);
}

#[test]
fn the_manual_describes_every_kind_and_field() {
    let manual = include_str!("../../content/develop/events.md");
    let fields = app::model::Event::KINDS.iter().flat_map(|kind| kind.fields).chain(app::model::Context::FIELDS);
    let names = app::model::Event::KINDS.iter().map(|kind| kind.name).chain(fields.map(|field| field.name));
    for name in names {
        assert!(manual.contains(&format!("`{name}`")), "{name} is not described");
    }
}
