//! A vendor's chat behind the button: the first words are a ticket at its desk, its reader goes on there by their own will,
//! and it is away when it cannot be had.

use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use signpost::delivery::Next;

use super::{FILES, begin, between, tickets};
use crate::contract::Misbehave::{Reset, Status};
use crate::contract::intercom::{ADMIN, Intercom, VERSION};
use crate::contract::vendors::SECRET;
use crate::contract::{Judged, Received, Vendor};
use crate::events::Browser;
use crate::site::{self, Site};

const HOSTS: &str = "https://widget.intercom.io";
const FIRST: &[(&str, &str)] = &[("text", "Export fails\nsince yesterday"), ("email", "jo@example.com")];

fn settings(desk: &str, more: &str) -> String {
    format!(
        r#"
[chat]
open = true
with = "intercom"
{more}
[chat.intercom]
workspace = "ab1cd2ef"
secret = "ic-identity-secret-77aa"
[privacy]
purposes = ["preferences", "analytics"]
[tickets]
per_address = 1000
[[tickets.desks]]
desk = "intercom"
[desks.intercom]
url = "{desk}"
token = "{SECRET}"
admin = {ADMIN}
version = "{VERSION}"
[identity]
secrets = ["{}"]
"#,
        site::SECRET
    )
}

async fn chatting(more: &str) -> (Intercom, Vendor, Site) {
    let intercom = Intercom::default();
    intercom.with(|state| state.now = Timestamp::now());
    let vendor = intercom.open().await;
    let site = site::serve_with(&settings(&vendor.url, more), FILES).await;
    (intercom, vendor, site)
}

async fn deliver(site: &Site) {
    let mut lanes = site.help.delivery.lanes();
    let lane = lanes.iter_mut().find(|lane| lane.name() == "intercom").unwrap();
    while lane.step(Timestamp::now()).await.unwrap() == Next::Now {}
}

async fn allow(browser: &Browser<'_>) {
    let choice = [("way", "page"), ("choice", "chosen"), ("purpose", "preferences")];
    assert_eq!(browser.post("/privacy", &choice).await.status(), StatusCode::SEE_OTHER);
}

async fn policy(browser: &Browser<'_>, path: &str) -> String {
    browser.get(path).await.headers()["content-security-policy"].to_str().unwrap().to_owned()
}

async fn identity(browser: &Browser<'_>) -> Result<Value, StatusCode> {
    let answer = browser.request(Method::POST, "/chat/identity").send().await.unwrap();
    if answer.status() != StatusCode::OK {
        return Err(answer.status());
    }
    assert_eq!(answer.headers()["cache-control"], "private, no-store");
    Ok(serde_json::from_str(&answer.text().await.unwrap()).unwrap())
}

#[tokio::test]
async fn the_first_words_are_a_conversation_there_before_its_reader_goes_on() {
    let (intercom, vendor, site) = chatting("").await;
    let reader = Browser::of(&site);
    reader.page("/start/export").await;
    assert!(reader.page("/contact").await.contains("href=\"/chat\""));
    let page = reader.page("/chat").await;
    assert!(page.contains("it goes on in the chat of Intercom") && !page.contains("intercom.io"), "{page}");
    let begun = begin(&reader, &[FIRST, &[("piece", "page"), ("page", "/start/export")]].concat()).await;
    assert_eq!((begun.status(), begun.headers()["location"].to_str().unwrap()), (StatusCode::SEE_OTHER, "/chat"));
    let made = tickets(&site).await;
    assert_eq!((made.len(), made[0].subject.as_str(), made[0].form.as_str()), (1, "Export fails", "question"));
    let channel: String =
        sqlx::query_scalar("select channel from tickets").fetch_one(site.help.store.readers()).await.unwrap();
    assert_eq!(channel, "chat");
    deliver(&site).await;
    assert_eq!(vendor.faults(), Vec::<String>::new());
    intercom.with(|state| {
        let conversation = &state.conversations[0];
        assert!(conversation["source"]["body"].as_str().unwrap().contains("since yesterday"), "{conversation}");
        let note = &conversation["conversation_parts"]["conversation_parts"][0];
        assert_eq!(note["part_type"], "note");
        assert!(note["body"].as_str().unwrap().contains("/start/export"), "{note}");
    });
    let page = reader.page("/chat").await;
    assert!(page.contains("Your message has arrived.") && page.contains(&made[0].path()), "{page}");
}

#[tokio::test]
async fn the_vendor_is_let_in_by_who_allowed_it_and_on_that_page_alone() {
    let (_, _vendor, site) = chatting("").await;
    let reader = Browser::of(&site);
    begin(&reader, FIRST).await;
    deliver(&site).await;
    let page = reader.page("/chat").await;
    assert!(page.contains("Allow Intercom") && !page.contains("Go on in the chat"), "{page}");
    assert!(!policy(&reader, "/chat").await.contains("intercom"));
    assert_eq!(identity(&reader).await, Err(StatusCode::BAD_REQUEST));
    allow(&reader).await;
    let page = reader.page("/chat").await;
    assert!(page.contains("Go on in the chat") && !page.contains("intercom.io"), "nothing is asked yet: {page}");
    let allowed = policy(&reader, "/chat").await;
    assert!(allowed.contains(HOSTS) && allowed.contains("style-src 'self' 'unsafe-inline'"), "{allowed}");
    let request = tickets(&site).await[0].path();
    for path in ["/chat?new", "/contact", "/start/export", request.as_str()] {
        assert!(!policy(&reader, path).await.contains("intercom"), "{path}");
    }
    let told = identity(&reader).await.unwrap();
    assert_eq!(
        (told["with"].as_str(), told["script"].as_str()),
        (Some("intercom"), Some("https://widget.intercom.io/widget/ab1cd2ef"))
    );
    // An address that nobody proved shows nobody's conversations.
    assert_eq!((told["settings"].get("intercom_user_jwt"), &told["conversation"]), (None, &Value::Null));
    assert_eq!(told["first"], "#1001: Export fails");
    assert_eq!(identity(&Browser::of(&site)).await, Err(StatusCode::NOT_FOUND));
}

/// Of a reader whom the host signed in.
fn token(claims: &Value) -> String {
    let key = jsonwebtoken::EncodingKey::from_secret(site::SECRET.as_bytes());
    jsonwebtoken::encode(&jsonwebtoken::Header::default(), claims, &key).unwrap()
}

/// Begins and goes on as whom the token says: what the vendor is told, and the claims signed for it.
async fn gone_on(site: &Site, reader: &Browser<'_>, token: &str, typed: &[(&str, &str)]) -> (Value, Value) {
    let page = reader.request(Method::GET, "/chat").bearer_auth(token).send().await.unwrap().text().await.unwrap();
    let knows_email = !page.contains("name=\"email\"");
    assert_eq!(knows_email, typed.is_empty(), "asked for what is not known: {page}");
    let secret = between(&page, "name=\"begin\" value=\"", "\"");
    let fields = [&[("deed", "begin"), ("begin", secret), ("text", "Export fails")][..], typed].concat();
    let begun = reader.request(Method::POST, "/chat").bearer_auth(token).form(&fields).send().await.unwrap();
    assert_eq!(begun.status(), StatusCode::SEE_OTHER);
    allow(reader).await;
    deliver(site).await;
    let answer = reader.request(Method::POST, "/chat/identity").bearer_auth(token).send().await.unwrap();
    let told: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    let jwt = told["settings"]["intercom_user_jwt"].as_str().unwrap();
    let key = jsonwebtoken::DecodingKey::from_secret(b"ic-identity-secret-77aa");
    let validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::HS256);
    let said = jsonwebtoken::decode::<Value>(jwt, &key, &validation).unwrap().claims;
    (told, said)
}

#[tokio::test]
async fn whom_the_host_signed_in_goes_on_as_that_user_and_nobody_else_does() {
    let (_, _vendor, site) = chatting("").await;
    let reader = Browser::of(&site);
    let exp = Timestamp::now().as_second() + 600;
    let token = token(&json!({ "sub": "user_4711", "email": "ada@customer.example", "exp": exp }));
    let (told, said) = gone_on(&site, &reader, &token, &[]).await;
    assert_eq!(told["conversation"], "12045");
    assert_eq!((said["user_id"].as_str(), said["email"].as_str()), (Some("user_4711"), Some("ada@customer.example")));
    let ends = said["exp"].as_i64().unwrap() - Timestamp::now().as_second();
    assert!((3500..=3600).contains(&ends), "{ends}");
    // Signed out, the same browser holds nothing.
    assert_eq!(identity(&reader).await, Err(StatusCode::NOT_FOUND));
    assert!(reader.page("/chat").await.contains("name=\"begin\""));
}

#[tokio::test]
async fn an_address_that_a_signed_in_reader_typed_is_not_signed() {
    let (_, _vendor, site) = chatting("").await;
    let reader = Browser::of(&site);
    let token = token(&json!({ "sub": "user_4711", "exp": Timestamp::now().as_second() + 600 }));
    let (_, said) = gone_on(&site, &reader, &token, &[("email", "somebody.else@customer.example")]).await;
    assert_eq!((said["user_id"].as_str(), said.get("email")), (Some("user_4711"), None));
}

async fn set(site: &Site, sql: &'static str) {
    sqlx::query(sql).execute(site.help.store.writer()).await.unwrap();
    site.help.chats.look(Timestamp::now()).await.unwrap();
}

#[tokio::test]
async fn a_desk_that_is_not_reached_makes_the_chat_go_away_and_come_back() {
    let (_, _vendor, site) = chatting("").await;
    let (before, reader) = (Browser::of(&site), Browser::of(&site));
    begin(&before, FIRST).await;
    allow(&before).await;
    for stopped in ["locked = 1", "paused = 1", "opened_until = 9999999999999"] {
        set(
            &site,
            match stopped {
                "locked = 1" => "update sinks set locked = 1 where name = 'intercom'",
                "paused = 1" => "update sinks set paused = 1 where name = 'intercom'",
                _ => "update sinks set opened_until = 9999999999999 where name = 'intercom'",
            },
        )
        .await;
        let page = reader.page("/chat").await;
        assert!(
            page.contains("The chat is away right now.") && page.contains("/contact/question"),
            "{stopped}: {page}"
        );
        assert!(!page.contains("<textarea"), "{stopped}");
        assert!(!reader.page("/contact").await.contains("href=\"/chat\""), "{stopped}");
        let page = before.page("/chat").await;
        assert!(
            page.contains("The chat is away right now.") && !page.contains("Go on in the chat"),
            "{stopped}: {page}"
        );
        assert_eq!(identity(&before).await, Err(StatusCode::NOT_FOUND), "{stopped}");
        set(&site, "update sinks set locked = 0, paused = 0, opened_until = 0").await;
        assert!(reader.page("/contact").await.contains("href=\"/chat\""), "{stopped}");
        assert!(before.page("/chat").await.contains("Go on in the chat"), "{stopped}");
    }
    // Whoever has the page open since before is led to the form, with everything.
    let page = reader.page("/chat").await;
    let secret = between(&page, "name=\"begin\" value=\"", "\"").to_owned();
    set(&site, "update sinks set locked = 1 where name = 'intercom'").await;
    let form = reader.post("/chat", &[FIRST, &[("deed", "begin"), ("begin", &secret)]].concat()).await;
    let form = form.headers()["location"].to_str().unwrap().to_owned();
    assert!(form.starts_with("/contact/question?draft="), "{form}");
    assert!(reader.page(&form).await.contains("since yesterday"));
    assert_eq!(tickets(&site).await.len(), 1, "nothing was sent");
}

fn well(received: &Received) -> Judged {
    match (received.method.as_str(), received.url.path()) {
        ("GET", "/api/v2/status.json") => {
            Ok((200, r#"{"page":{},"status":{"indicator":"none","description":"All Systems Operational"}}"#.to_owned()))
        }
        other => Err(format!("{other:?}")),
    }
}

#[tokio::test]
async fn a_status_page_is_believed_once_a_minute() {
    let page = Vendor::open(well).await;
    let (_, _vendor, site) = chatting(&format!("status_url = \"{}\"", page.url)).await;
    let start = Timestamp::now();
    let is_away = async |seconds: i64| {
        site.help.chats.look(start + SignedDuration::from_secs(seconds)).await.unwrap();
        site.help.chats.vendor().unwrap().is_away()
    };
    assert!(!is_away(0).await);
    page.plan([Status(200, r#"{"status":{"indicator":"major"}}"#)]);
    assert!(!is_away(30).await, "not asked again so soon");
    assert!(is_away(61).await);
    assert!(is_away(100).await, "as it said last");
    assert!(!is_away(125).await, "by itself it is back");
    for silent in
        [Reset, Status(500, "oh"), Status(200, "<html>"), Status(200, r#"{"status":{"indicator":"critical"}}"#)]
    {
        let says_down = matches!(silent, Status(_, said) if said.contains("critical"));
        page.plan([silent]);
        let second = 200 + 61 * page.received().len() as i64;
        assert_eq!(is_away(second).await, says_down);
    }
    assert_eq!((page.faults(), page.received().len()), (Vec::<String>::new(), 7));
}
