//! A vendor's chat behind the button: the first words are a ticket at its desk, and its reader goes on there by their own
//! will.

mod away;

use jiff::Timestamp;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use signpost::delivery::Next;

use super::{FILES, begin, between, chatting as with_our_own, met, tickets};
use crate::contract::Vendor;
use crate::contract::intercom::{ADMIN, Intercom, VERSION};
use crate::contract::vendors::SECRET;
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
    let choice = [("way", "page"), ("choice", "also"), ("purpose", "preferences")];
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
    assert!(page.contains("data-ends=\"/chat\""), "what is kept of the first words in the tab goes: {page}");
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

#[tokio::test]
async fn what_the_vendor_needs_comes_to_what_its_reader_chose() {
    let (_, _vendor, site) = chatting("").await;
    let reader = Browser::of(&site);
    begin(&reader, FIRST).await;
    let page = reader.page("/chat").await;
    assert!(page.contains("name=\"choice\" value=\"also\""), "{page}");
    assert_eq!(page.matches("name=\"purpose\"").count(), 1, "{page}");
    // Chosen in another tab, since.
    reader.post("/privacy", &[("way", "page"), ("choice", "chosen"), ("purpose", "analytics")]).await;
    allow(&reader).await;
    assert!(reader.page("/chat").await.contains("Go on in the chat"));
    let proofs: Vec<(String, String)> = sqlx::query_as("select shown, granted from consents order by id")
        .fetch_all(site.help.store.readers())
        .await
        .unwrap();
    let both = r#"["preferences","analytics"]"#;
    let expect = [(both, r#"["analytics"]"#), (r#"["preferences"]"#, both)];
    assert_eq!(proofs, expect.map(|(shown, granted)| (shown.to_owned(), granted.to_owned())));
}

#[tokio::test]
async fn a_chat_of_our_own_that_is_over_makes_room() {
    let site = with_our_own().await;
    let (ada, reader, _) = met(&site, &[]).await;
    let cookies = reader.cookies();
    drop((ada, reader));
    let vendor = Intercom::default().open().await;
    let site = site.restart(&settings(&vendor.url, "")).await;
    let reader = Browser::with(&site, cookies);
    assert!(reader.page("/chat").await.contains("Hello, export fails"), "what goes on goes on");
    reader.post("/chat", &[("deed", "end")]).await;
    let page = reader.page("/chat").await;
    assert!(page.contains("it goes on in the chat of Intercom"), "{page}");
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
