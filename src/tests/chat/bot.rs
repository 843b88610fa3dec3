//! A bot before a person.

use app::model::ChatState;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{FILES, answer, begin, key, said, say, texts, the_chat, tickets};
use crate::agent::{accounts, agent};
use crate::contract::vendors::{WEBHOOK_SECRET, webhook};
use crate::contract::{Judged, Misbehave, Received, Vendor};
use crate::events::Browser;
use crate::site::{self, Site};

/// Says what was said to it, knows an article, and gives up when it is asked for a person.
fn echo(received: &Received, _: bool) -> Judged {
    webhook(received)?;
    let told: Value = serde_json::from_slice(&received.body).map_err(|cause| cause.to_string())?;
    let messages = told["data"]["messages"].as_array().ok_or("messages")?;
    let last = messages.iter().rfind(|message| message["from"] == "reader").ok_or("no reader")?;
    let text = last["text"].as_str().ok_or("text")?;
    let reply = match text {
        "article" => json!({ "say": "Read **this**:", "articles": ["start-export", "start-internal", "none"] }),
        "person" => json!({ "say": "I ask somebody.", "hand_over": true }),
        text => json!({ "say": format!("You said {text}") }),
    };
    Ok((200, reply.to_string()))
}

async fn with_bot(bot: &Vendor) -> Site {
    let settings = format!(
        "[chat]\nopen = true\nper_minute = 600\n[chat.bot]\nurl = \"{}/hook\"\nsecrets = [\"{WEBHOOK_SECRET}\"]\n\
         timeout_ms = 500\n[tickets]\nper_address = 1000\n",
        bot.url
    );
    let site = site::serve_with(&settings, FILES).await;
    accounts(&site).await;
    site
}

/// Waits until so much was said.
async fn until(site: &Site, count: usize) -> Vec<(&'static str, String)> {
    loop {
        let said = said(site, &the_chat(site).await).await;
        if said.len() >= count {
            return said;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_bot_answers_until_a_person_is_asked_for_and_it_all_becomes_the_ticket() {
    let bot = Vendor::of(Box::new(echo)).await;
    let site = with_bot(&bot).await;
    let (ada, reader) = (agent(&site, "ada@example.com").await, Browser::of(&site));
    assert!(reader.page("/contact").await.contains("Assistant answers first."), "nobody else need be there");
    ada.page("/agent/chats").await;
    begin(&reader, &[("text", "Hello")]).await;
    assert_eq!(until(&site, 2).await[1], ("bot", "You said Hello".to_owned()));
    say(&reader, &key(), "article").await;
    until(&site, 4).await;
    let page = reader.page("/chat").await;
    assert!(page.contains("Program") && page.contains("Read <strong>this</strong>"), "{page}");
    assert!(page.contains("href=\"/start/export\"") && !page.contains("start/internal"), "{page}");
    assert!(page.contains("Talk to a person"));
    assert_eq!(reader.post("/chat", &[("deed", "person")]).await.status(), StatusCode::SEE_OTHER);
    let chat = the_chat(&site).await;
    assert_eq!(chat.state, ChatState::Waiting);
    answer(&ada, &chat, "Hello, this is Ada").await;
    say(&reader, &key(), "Thank you").await;
    reader.post("/chat", &[("deed", "end")]).await;
    let [ticket] = <[_; 1]>::try_from(tickets(&site).await).unwrap();
    let texts = texts(&site, &ticket).await;
    let expect = ["Hello", "You said Hello", "article", "Read **this**:", "Hello, this is Ada", "Thank you"];
    assert_eq!(texts, expect, "and the bot says nothing to a person's chat");
    assert_eq!(bot.received().len(), 2);
    assert!(bot.faults().is_empty(), "{:?}", bot.faults());
}

#[tokio::test]
async fn a_bot_that_fails_or_gives_up_hands_over_at_once() {
    let fates = [
        (Misbehave::Status(500, "{}"), "Hello"),
        (Misbehave::Hang, "Hello"),
        (Misbehave::Reset, "Hello"),
        (Misbehave::Status(200, "{}"), "Hello"),
        (Misbehave::WebPage(200), "Hello"),
        (Misbehave::Well, "person"),
    ];
    for (fate, text) in fates {
        let bot = Vendor::of(Box::new(echo)).await;
        bot.plan([fate.clone()]);
        let site = with_bot(&bot).await;
        agent(&site, "ada@example.com").await.page("/agent/chats").await;
        let reader = Browser::of(&site);
        begin(&reader, &[("text", text)]).await;
        while the_chat(&site).await.state != ChatState::Waiting {
            tokio::task::yield_now().await;
        }
        assert_eq!(bot.received().len(), 1, "{fate:?}: it is asked once");
        assert!(reader.page("/chat").await.contains("A person was asked."), "{fate:?}");
    }
}

#[tokio::test]
async fn where_no_person_is_there_the_bot_says_so_and_what_only_it_heard_is_no_ticket() {
    let bot = Vendor::of(Box::new(echo)).await;
    let site = with_bot(&bot).await;
    let reader = Browser::of(&site);
    assert!(reader.page("/chat").await.contains("Nobody is there right now."));
    begin(&reader, &[("text", "Hello")]).await;
    until(&site, 2).await;
    site.help.chats.look(super::later(601)).await.unwrap();
    assert_eq!(the_chat(&site).await.state, ChatState::Over);
    assert!(tickets(&site).await.is_empty());
    // Who comes back is heard again.
    assert_eq!(say(&reader, &key(), "person").await, StatusCode::NO_CONTENT);
    while the_chat(&site).await.state != ChatState::Missed {
        tokio::task::yield_now().await;
    }
    assert!(reader.page("/chat").await.contains("Tell us where to answer"));
}
