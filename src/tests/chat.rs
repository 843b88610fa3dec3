//! Chats: a reader's browser, an agent's, the stream between them, and the ticket it becomes.

mod bot;
mod ends;
mod figures;
mod hours;
mod routed;
mod stream;
mod vendor;

use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, Response, StatusCode};
use signpost::chat::Chat;
use signpost::tickets::Ticket;
use uuid::Uuid;

use crate::agent::{accounts, agent};
use crate::events::Browser;
use crate::site::{self, Site};

const FILES: &[(&str, &str)] = &[
    ("start/export.md", "# Export invoices\n\nOpen Settings, then press Export."),
    ("start/internal.md", "---\naudience: [staff]\n---\n# Export for staff\n\nThe secret way."),
];
const SETTINGS: &str = "[chat]\nopen = true\nper_minute = 600\n[tickets]\nper_address = 1000\n";

async fn chatting() -> Site {
    let site = site::serve_with(SETTINGS, FILES).await;
    accounts(&site).await;
    site
}

/// What stands in a page between two texts.
fn between<'p>(page: &'p str, before: &str, after: &str) -> &'p str {
    let rest = page.split_once(before).unwrap_or_else(|| panic!("{before} is missing in\n{page}")).1;
    rest.split_once(after).unwrap().0
}

async fn begin(browser: &Browser<'_>, fields: &[(&str, &str)]) -> Response {
    let page = browser.page("/chat").await;
    let secret = between(&page, "name=\"begin\" value=\"", "\"").to_owned();
    let fields: Vec<_> = [("deed", "begin"), ("begin", &secret)].into_iter().chain(fields.iter().copied()).collect();
    browser.post("/chat", &fields).await
}

/// Ada, who is there, and a reader who says hello.
async fn met<'s>(site: &'s Site, fields: &[(&str, &str)]) -> (Browser<'s>, Browser<'s>, Chat) {
    let (ada, reader) = (agent(site, "ada@example.com").await, Browser::of(site));
    ada.page("/agent/chats").await;
    let fields: Vec<_> = [("text", "Hello, export fails")].into_iter().chain(fields.iter().copied()).collect();
    assert_eq!(begin(&reader, &fields).await.status(), StatusCode::SEE_OTHER);
    let chat = the_chat(site).await;
    (ada, reader, chat)
}

/// The last that began.
async fn the_chat(site: &Site) -> Chat {
    let chat = sqlx::query_as("select * from chats order by id desc limit 1");
    chat.fetch_one(site.help.store.readers()).await.unwrap()
}

async fn say(browser: &Browser<'_>, id: &str, text: &str) -> StatusCode {
    browser.post("/chat/messages", &[("id", id), ("text", text)]).await.status()
}

fn key() -> String {
    Uuid::new_v4().to_string()
}

async fn do_as(agent: &Browser<'_>, chat: &Chat, fields: &[(&str, &str)]) -> Response {
    agent.post(&format!("/agent/chats/{}", chat.id), fields).await
}

async fn answer(agent: &Browser<'_>, chat: &Chat, text: &str) {
    let fields = [("deed", "say"), ("id", &key()), ("text", text)];
    assert_eq!(do_as(agent, chat, &fields).await.status(), StatusCode::SEE_OTHER);
}

/// Author and text of what was said.
async fn said(site: &Site, chat: &Chat) -> Vec<(&'static str, String)> {
    let messages = site.help.chats.messages(&chat.id, 0, true).await.unwrap();
    assert!(messages.iter().zip(1..).all(|(message, place)| message.place == place), "{messages:?}");
    messages.into_iter().map(|message| (message.author.name(), message.text)).collect()
}

async fn tickets(site: &Site) -> Vec<Ticket> {
    sqlx::query_as("select * from tickets order by number").fetch_all(site.help.store.readers()).await.unwrap()
}

async fn texts(site: &Site, ticket: &Ticket) -> Vec<String> {
    let messages = site.help.tickets.conversation(&ticket.id).await.unwrap();
    messages.into_iter().map(|message| message.text).collect()
}

fn later(seconds: i64) -> Timestamp {
    Timestamp::now() + SignedDuration::from_secs(seconds)
}

#[tokio::test]
async fn nobody_there_is_said_before_the_first_word_and_the_form_takes_it_up() {
    let site = chatting().await;
    let reader = Browser::of(&site);
    assert!(!reader.page("/contact").await.contains("\"/chat\""));
    let page = reader.page("/chat").await;
    assert!(page.contains("Nobody is there right now.") && page.contains("/contact/question"), "{page}");
    assert!(!page.contains("<textarea"), "nothing can be written that nobody reads");
    // Somebody was there when the page was made.
    let fields =
        [("deed", "begin"), ("text", "Hello <b>you</b>"), ("email", "jo@example.com"), ("page", "/start/export")];
    let form = reader.post("/chat", &fields).await;
    let form = form.headers()["location"].to_str().unwrap().to_owned();
    assert!(form.starts_with("/contact/question?draft="), "{form}");
    let page = reader.page(&form).await;
    assert!(page.contains("Hello &lt;b>you&lt;/b></textarea>"), "{page}");
    assert!(page.contains("value=\"jo@example.com\"") && page.contains("value=\"/start/export\""), "{page}");
}

#[tokio::test]
async fn whoever_is_there_is_offered_where_nothing_is_found_and_where_people_are_asked() {
    let site = chatting().await;
    let (ada, reader) = (agent(&site, "ada@example.com").await, Browser::of(&site));
    assert!(!reader.page("/search?q=zxqvjk").await.contains("Chat with us"));
    ada.page("/agent/chats").await;
    for path in ["/contact", "/search?q=zxqvjk", "/search/results?q=zxqvjk"] {
        assert!(reader.page(path).await.contains("href=\"/chat\""), "{path}");
    }
    assert!(!reader.page("/search?q=export").await.contains("href=\"/chat\""));
    let closed = site::serve(FILES).await;
    for path in ["/chat", "/chat/stream", "/chat/bar"] {
        assert_eq!(closed.status(path).await, 404, "{path}");
    }
}

#[tokio::test]
async fn what_a_reader_searched_travels_unless_it_is_struck_out() {
    let site = chatting().await;
    let ada = agent(&site, "ada@example.com").await;
    ada.page("/agent/chats").await;
    let reader = Browser::of(&site);
    reader.get("/search?q=quarterly+invoices").await;
    reader.get("/privacy").await;
    let page = reader.page("/chat").await;
    assert!(page.contains("Searched for “quarterly invoices”"), "{page}");
    let pieces: Vec<_> =
        page.split("name=\"piece\" value=\"").skip(1).map(|it| it.split('"').next().unwrap()).collect();
    let fields: Vec<_> =
        [("text", "Hello")].into_iter().chain(pieces.iter().skip(1).map(|id| ("piece", *id))).collect();
    begin(&reader, &fields).await;
    let chat = the_chat(&site).await;
    assert_eq!(chat.dossier.len(), pieces.len() - 1);
    assert!(!chat.dossier.iter().any(|clue| clue.text.contains("quarterly")), "{:?}", chat.dossier);
    assert_eq!(crate::events::kinds(&site, "trail").await.last().map(String::as_str), Some("chat_started"));
}

#[tokio::test]
async fn a_message_sent_again_is_said_once_and_the_order_has_no_gaps() {
    let site = chatting().await;
    let (ada, reader, chat) = met(&site, &[]).await;
    let id = key();
    let again = futures::future::join_all((0..5).map(|_| say(&reader, &id, "Once"))).await;
    assert_eq!(again, [StatusCode::NO_CONTENT; 5]);
    let texts: Vec<_> = (0..40).map(|number| number.to_string()).collect();
    let ids: Vec<_> = texts.iter().map(|_| key()).collect();
    let many = ids.iter().zip(&texts).map(|(id, text)| say(&reader, id, text));
    assert!(futures::future::join_all(many).await.iter().all(|status| *status == StatusCode::NO_CONTENT));
    answer(&ada, &chat, "**Hello** <script>alert(1)</script>").await;
    let said = said(&site, &chat).await;
    assert_eq!(said.iter().filter(|(_, text)| text == "Once").count(), 1);
    assert_eq!(said.len(), 1 + 1 + 40 + 2, "and Ada, who joined and answered: {said:?}");
    let page = reader.page("/chat").await;
    assert!(page.contains("<strong>Hello</strong>") && !page.contains("<script>alert"), "{page}");
}

#[tokio::test]
async fn the_first_message_sent_again_is_one_chat() {
    let site = chatting().await;
    let (ada, reader) = (agent(&site, "ada@example.com").await, Browser::of(&site));
    ada.page("/agent/chats").await;
    let secret = between(&reader.page("/chat").await, "name=\"begin\" value=\"", "\"").to_owned();
    let fields = [("deed", "begin"), ("begin", secret.as_str()), ("text", "Hello")];
    for browser in [&Browser::of(&site), &reader, &reader] {
        assert_eq!(browser.post("/chat", &fields).await.status(), StatusCode::SEE_OTHER);
    }
    let chat = the_chat(&site).await;
    assert_eq!(said(&site, &chat).await, [("reader", "Hello".to_owned())]);
    assert_eq!(site.help.chats.lists("x", Timestamp::now()).await.unwrap()[0].count, 1);
}

#[tokio::test]
async fn nobody_reads_or_writes_anothers_chat() {
    let site = chatting().await;
    let (_, reader, chat) = met(&site, &[]).await;
    let stranger = Browser::of(&site);
    assert!(!stranger.page("/chat").await.contains("export fails"));
    assert_eq!(say(&stranger, &key(), "Hello").await, StatusCode::NOT_FOUND);
    assert_eq!(stranger.get("/chat/stream").await.status(), StatusCode::NO_CONTENT);
    assert_eq!(stranger.get("/chat/bar").await.status(), StatusCode::NO_CONTENT);
    assert_eq!(stranger.request(Method::POST, "/chat/typing").send().await.unwrap().status(), StatusCode::NOT_FOUND);
    for path in ["/agent/chats".to_owned(), format!("/agent/chats/{}", chat.id), "/agent/chats/events".to_owned()] {
        assert_eq!(reader.get(&path).await.status(), StatusCode::SEE_OTHER, "{path}");
    }
    let forged = site.request(Method::POST, "/chat/messages").header("sec-fetch-site", "cross-site");
    assert_eq!(forged.form(&[("id", key().as_str()), ("text", "x")]).send().await.unwrap().status(), 403);
    assert!(reader.page("/chat/bar").await.contains("Your chat is going on"));
}

#[tokio::test]
async fn what_is_too_much_is_refused_and_what_is_secret_is_not_kept() {
    let site = site::serve_with("[chat]\nopen = true\nper_minute = 3\n", FILES).await;
    accounts(&site).await;
    let (_, reader, chat) = met(&site, &[]).await;
    for (id, text) in [("short", "x"), ("'; drop table chats; --", "x")] {
        assert_eq!(say(&reader, id, text).await, StatusCode::BAD_REQUEST, "{id}");
    }
    assert_eq!(say(&reader, &key(), "  ").await, StatusCode::BAD_REQUEST);
    assert_eq!(say(&reader, &key(), &"x".repeat(4_001)).await, StatusCode::BAD_REQUEST);
    assert_eq!(say(&reader, &key(), "My card is 4111 1111 1111 1111.").await, StatusCode::NO_CONTENT);
    assert_eq!(said(&site, &chat).await[1].1, "My card is [card …1111].");
    while say(&reader, &key(), "Again").await != StatusCode::TOO_MANY_REQUESTS {}
    assert!(said(&site, &chat).await.len() <= 5);
    let machine = [("deed", "begin"), ("text", "Hello"), ("website", "http://spam.example")];
    assert_eq!(Browser::of(&site).post("/chat", &machine).await.status(), StatusCode::BAD_REQUEST);
    let unfit = begin(&Browser::of(&site), &[("text", "Hello"), ("email", "nobody")]).await;
    assert_eq!(unfit.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unfit.text().await.unwrap().contains("Hello"), "nothing is lost");
}

#[tokio::test]
async fn one_home_with_many_addresses_is_one_asker() {
    let settings = "[server]\ntrusted_proxies = [\"127.0.0.1\"]\n[chat]\nopen = true\n[tickets]\nper_address = 2\n";
    let site = site::serve_with(settings, FILES).await;
    site.help.chats.live().agent_is_here("ada", Timestamp::now());
    let check = async |address: &str, expect: u16| {
        let begin = site.request(Method::POST, "/chat").header("x-forwarded-for", address);
        let begun = begin.form(&[("deed", "begin"), ("text", "Hello")]).send().await.unwrap();
        assert_eq!(begun.status(), expect, "{address}");
    };
    check("2001:db8::1", 303).await;
    check("2001:db8::2", 303).await;
    check("2001:db8::3", 429).await;
    check("2001:db8:0:1::1", 303).await;
}

#[tokio::test]
async fn without_script_every_deed_is_a_form() {
    let site = chatting().await;
    let (ada, reader, chat) = met(&site, &[]).await;
    let id = between(&reader.page("/chat").await, "name=\"id\" value=\"", "\"").to_owned();
    let looked = reader.post("/chat", &[("deed", "look"), ("id", &id), ("text", "Half of a")]).await;
    let page = looked.text().await.unwrap();
    assert!(page.contains("Half of a</textarea>"), "{page}");
    for _ in 0..2 {
        let sent = reader.post("/chat", &[("deed", "say"), ("id", &id), ("text", "Half of a sentence")]).await;
        assert_eq!(sent.headers()["location"], "/chat?said#text");
    }
    let fields = [("deed", "macro"), ("macro", "none"), ("text", "Begun"), ("id", "x")];
    assert!(do_as(&ada, &chat, &fields).await.text().await.unwrap().contains("Begun</textarea>"));
    let found = ada.page(&format!("/agent/chats/{}?find=export", chat.id)).await;
    assert!(found.contains("link:start-export") && !found.contains("start-internal"), "{found}");
    answer(&ada, &chat, "See [Export](/start/export).").await;
    assert!(reader.page("/chat").await.contains("You are talking with Ada."));
    assert_eq!(said(&site, &chat).await.iter().filter(|(_, text)| text == "Half of a sentence").count(), 1);
    let note = [("deed", "note"), ("id", &key()), ("text", "Looks like a bug")];
    assert_eq!(do_as(&ada, &chat, &note).await.status(), StatusCode::SEE_OTHER);
    assert!(!reader.page("/chat").await.contains("Looks like a bug"), "a note is for agents");
    assert_eq!(reader.post("/chat", &[("deed", "end")]).await.status(), StatusCode::SEE_OTHER);
    let page = reader.page("/chat").await;
    assert!(page.contains("This chat is over.") && page.contains("/requests/"), "{page}");
    assert!(reader.page("/chat?new").await.contains("name=\"begin\""));
}
