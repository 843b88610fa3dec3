//! Questions that readers ask in public, from the form to the article.

mod forgetting;
mod forum;
mod reading;
mod seeing;
mod twice;

use reqwest::{Method, Response, StatusCode};
use signpost::community::Question;

use crate::agent::{accounts, agent};
use crate::events::Browser;
use crate::site::{self, Site};

const FILES: &[(&str, &str)] = &[
    ("start/export.md", "# Export\n\nOpen Settings, then press Export."),
    ("start/secret.md", "---\nid: the-secret\naudience: [staff]\n---\n# Export for staff\n\nThe secret way."),
    ("de/start/other.md", "# Anderes\n\nText."),
];
const SETTINGS: &str = "[community]\nquestions = true\n[tickets]\nfill_seconds = 0\n";
const ASKED: [(&str, &str); 4] = [
    ("title", "Does it work <b>offline</b>?"),
    ("text", "I am on a train.\r\nOften."),
    ("name", "Jo"),
    ("email", "jo@customer.example"),
];

async fn open() -> Site {
    open_with(SETTINGS).await
}

async fn open_with(settings: &str) -> Site {
    let site = site::serve_with(settings, FILES).await;
    accounts(&site).await;
    site
}

/// The number of the form on the page at `path`.
async fn once(browser: &Browser<'_>, path: &str, token: Option<&str>) -> String {
    number(&request(browser, Method::GET, path, token).send().await.unwrap().text().await.unwrap())
}

fn number(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"once\" value=\"").unwrap_or_else(|| panic!("no form: {page}"));
    rest.split('"').next().unwrap().to_owned()
}

fn request(browser: &Browser<'_>, method: Method, path: &str, token: Option<&str>) -> reqwest::RequestBuilder {
    let request = browser.request(method, path);
    token.into_iter().fold(request, |request, token| request.bearer_auth(token))
}

/// Fills in the form at `path` and sends it.
async fn send(browser: &Browser<'_>, path: &str, fields: &[(&str, &str)], token: Option<&str>) -> Response {
    let once = once(browser, path, token).await;
    let fields: Vec<_> = [("once", once.as_str())].into_iter().chain(fields.iter().copied()).collect();
    request(browser, Method::POST, path, token).form(&fields).send().await.unwrap()
}

async fn asked(browser: &Browser<'_>) {
    let answer = send(browser, "/questions/start-export", &ASKED, None).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()["location"], "/questions/start-export?said");
}

/// The newest question, as agents see it.
async fn newest(site: &Site) -> Question {
    let sql = "select id from questions order by at desc, id desc limit 1";
    let id: String = sqlx::query_scalar(sql).fetch_one(site.help.store.readers()).await.unwrap();
    site.help.community.by_id(&id).await.unwrap().unwrap()
}

/// An agent presses a button on the page of the newest question.
async fn press(site: &Site, browser: &Browser<'_>, fields: &[(&str, &str)]) -> StatusCode {
    let question = newest(site).await;
    let seen = question.updated_at.to_string();
    let fields: Vec<_> = [("seen", seen.as_str())].into_iter().chain(fields.iter().copied()).collect();
    browser.post(&format!("/agent/questions/{}", question.id), &fields).await.status()
}

async fn mails(site: &Site) -> Vec<String> {
    let sql = "select body ->> '$.deed.subject' from outbox where channel = 'mail' order by id";
    sqlx::query_scalar(sql).fetch_all(site.help.store.readers()).await.unwrap()
}

#[tokio::test]
async fn a_question_is_shown_once_an_agent_let_it_through_and_its_asker_is_told_of_the_answer() {
    let site = open().await;
    let (reader, ada) = (Browser::of(&site), agent(&site, "ada@example.com").await);
    assert!(reader.page("/start/export").await.contains("Ask a question"));
    asked(&reader).await;
    for path in ["/start/export", "/questions/start-export"] {
        assert!(!reader.page(path).await.contains("Does it work"), "{path} shows it before anybody looked");
    }
    let queue = ada.page("/agent/questions").await;
    assert!(queue.contains("Does it work") && queue.contains("<span class=\"count\">1</span>"), "{queue}");
    assert_eq!(press(&site, &ada, &[("deed", "show")]).await, StatusCode::SEE_OTHER);
    let article = reader.page("/start/export").await;
    assert!(article.contains("Does it work &lt;b&gt;offline&lt;/b&gt;?"), "{article}");
    assert!(article.contains("<bdi>Jo</bdi>"), "{article}");
    assert!(mails(&site).await.is_empty(), "nothing is answered yet");

    let path = newest(&site).await.path();
    let said = send(&reader, &path, &[("text", "It does for me."), ("name", "")], None).await;
    assert_eq!(said.headers()["location"], format!("{path}?said").as_str());
    assert!(!reader.page(&path).await.contains("It does for me."));
    assert!(ada.page("/agent/questions").await.contains("1 reply waits"));
    let reply = newest(&site).await.replies[0].id.clone();
    assert_eq!(press(&site, &ada, &[("deed", "show"), ("reply", &reply)]).await, StatusCode::SEE_OTHER);
    assert!(reader.page(&path).await.contains("It does for me."));
    assert!(mails(&site).await.is_empty(), "another reader's words are no answer yet");
    assert_eq!(press(&site, &ada, &[("deed", "reply"), ("text", "Yes, **offline**.")]).await, StatusCode::SEE_OTHER);
    assert_eq!(mails(&site).await, ["Re: Does it work <b>offline</b>?"]);
    assert_eq!(newest(&site).await.email, None, "it is needed no more");

    let team = newest(&site).await.replies.iter().find(|reply| reply.by_team).unwrap().id.clone();
    assert_eq!(press(&site, &ada, &[("deed", "accept"), ("reply", &team)]).await, StatusCode::SEE_OTHER);
    let article = reader.page("/start/export").await;
    assert!(article.contains("Accepted answer") && article.contains("Yes, <strong>offline</strong>."), "{article}");
    assert!(!article.contains("It does for me."), "the accepted one stands under the article");
    assert_eq!(mails(&site).await.len(), 1, "one letter, and no more");
    let page = reader.page(&path).await;
    assert!(
        page.contains("\"@type\":\"QAPage\"") && page.contains("\"acceptedAnswer\":{\"@type\":\"Answer\""),
        "{page}"
    );
    assert!(
        page.contains("\"text\":\"\\u003cp>Yes, \\u003cstrong>offline\\u003c/strong>.\\u003c/p>\""),
        "HTML: {page}"
    );
    assert!(!page.contains("noindex") && page.contains("offline\\u003c/b>"), "{page}");
    let stub = ada.page(&format!("/agent/questions/{}/stub.md", newest(&site).await.id)).await;
    assert!(stub.contains("title: \"Does it work <b>offline</b>?\"\nstatus: draft"), "{stub}");
    assert!(stub.contains(&path) && stub.ends_with("Yes, **offline**.\n"), "{stub}");

    let back = [("deed", "refuse"), ("reason", "Not about the article")];
    assert_eq!(press(&site, &ada, &back).await, StatusCode::SEE_OTHER);
    assert!(!reader.page("/start/export").await.contains("offline"), "what is taken back is gone");
    assert_eq!(reader.get(&path).await.status(), StatusCode::NOT_FOUND);
    let refused = ada.page("/agent/questions?state=refused").await;
    assert!(refused.contains("Does it work"), "{refused}");
    let page = ada.page(&format!("/agent/questions/{}", newest(&site).await.id)).await;
    assert!(page.contains("Refused by Ada: Not about the article"), "{page}");
}

#[tokio::test]
async fn what_is_not_taken_is_shown_again_with_its_words() {
    let site = open().await;
    let reader = Browser::of(&site);
    let path = "/questions/start-export";
    let check = async |fields: &[(&str, &str)], status: u16, said: &str, kept: &str| {
        let answer = send(&reader, path, fields, None).await;
        assert_eq!(answer.status().as_u16(), status, "{fields:?}");
        let page = answer.text().await.unwrap();
        assert!(page.contains(said) && page.contains(kept), "{fields:?}: {page}");
    };
    check(&[("title", ""), ("text", "My words")], 422, "Please fill this in.", "My words").await;
    let long = "x".repeat(151);
    check(&[("title", &long)], 422, "150", &long).await;
    check(&[("title", "How?"), ("email", "nobody")], 422, "e-mail", "How?").await;
    check(&[("title", "How?"), ("website", "x")], 400, "website", "").await;
    let forged = [("title", "My words"), ("once", "0.0")];
    let answer = reader.post(path, &forged).await;
    assert_eq!(answer.status(), 422);
    assert!(answer.text().await.unwrap().contains("My words"), "a form that is not ours is given anew");
    let count: i64 =
        sqlx::query_scalar("select count(*) from questions").fetch_one(site.help.store.readers()).await.unwrap();
    assert_eq!(count, 0);
}

#[tokio::test]
async fn a_machine_is_too_fast_and_an_address_has_its_limit() {
    let settings = "[community]\nquestions = true\n[tickets]\nfill_seconds = 60\n";
    let site = open_with(settings).await;
    let answer = send(&Browser::of(&site), "/questions/start-export", &ASKED, None).await;
    assert_eq!(answer.status(), 422);
    assert!(answer.text().await.unwrap().contains("That was very fast."));
    let site = open_with(&format!("{SETTINGS}per_address = 1\n")).await;
    let reader = Browser::of(&site);
    asked(&reader).await;
    let answer = send(&reader, "/questions/start-export", &ASKED, None).await;
    assert_eq!(answer.status(), 429);
    assert!(answer.text().await.unwrap().contains("I am on a train."), "the words are kept");
}

#[tokio::test]
async fn two_agents_do_not_decide_over_each_other() {
    let site = open().await;
    let (ada, grace) = (agent(&site, "ada@example.com").await, agent(&site, "grace@example.com").await);
    asked(&Browser::of(&site)).await;
    let question = newest(&site).await;
    let seen = question.updated_at.to_string();
    let path = format!("/agent/questions/{}", question.id);
    assert_eq!(ada.post(&path, &[("seen", &seen), ("deed", "refuse")]).await.status(), StatusCode::SEE_OTHER);
    let late = [("seen", seen.as_str()), ("deed", "reply"), ("text", "Yes, it does.")];
    let answer = grace.post(&path, &late).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    let page = answer.text().await.unwrap();
    assert!(page.contains("Somebody decided about this"), "{page}");
    let empty = [("deed", "reply"), ("text", " ")];
    assert_eq!(press(&site, &grace, &empty).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(press(&site, &grace, &[("deed", "accept")]).await, StatusCode::BAD_REQUEST);
}
