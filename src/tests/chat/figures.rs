//! What operators see of chats at `/metrics`.

use app::model::ChatState;
use futures::StreamExt;
use jiff::Timestamp;
use reqwest::header;

use super::{answer, begin, chatting, do_as, key, later, met, say, the_chat};
use crate::events::Browser;
use crate::site::Site;

fn check(site: &Site, expect: &[&str]) {
    let figures = site.help.metrics.text();
    for line in expect {
        let line = format!("signpost_chat_{line}");
        assert!(figures.lines().any(|found| found == line), "{line} is missing in\n{figures}");
    }
}

#[tokio::test]
async fn chats_are_counted_as_they_stand_and_messages_by_whose_they_are() {
    let site = chatting().await;
    let (ada, reader, chat) = met(&site, &[]).await;
    let look = async || site.help.chats.look(Timestamp::now()).await.unwrap();
    look().await;
    check(&site, &["open{state=\"waiting\"} 1", "open{state=\"talking\"} 0", "messages_total{author=\"reader\"} 1"]);
    let again = key();
    for _ in 0..2 {
        say(&reader, &again, "Twice sent").await;
    }
    answer(&ada, &chat, "Hello").await;
    answer(&ada, &chat, "What happens?").await;
    do_as(&ada, &chat, &[("deed", "note"), ("id", &key()), ("text", "Known bug")]).await;
    look().await;
    check(&site, &["open{state=\"waiting\"} 0", "open{state=\"talking\"} 1", "first_answer_seconds_count 1"]);
    check(&site, &["messages_total{author=\"reader\"} 2", "messages_total{author=\"agent\"} 2", "missed_total 0"]);
    do_as(&ada, &chat, &[("deed", "end")]).await;
    look().await;
    check(&site, &["open{state=\"talking\"} 0"]);
    begin(&Browser::of(&site), &[("text", "And I?")]).await;
    site.help.chats.look(later(301)).await.unwrap();
    assert_eq!(the_chat(&site).await.state, ChatState::Missed);
    check(&site, &["missed_total 1", "first_answer_seconds_count 1"]);
}

#[tokio::test]
async fn streams_count_while_they_are_open() {
    let site = chatting().await;
    let (ada, reader, chat) = met(&site, &[]).await;
    let mut streams = Vec::new();
    for (browser, path) in [(&reader, "/chat/stream"), (&reader, "/chat/stream"), (&ada, "/agent/chats/events")] {
        let stream = browser.get(path).await;
        assert_eq!(stream.headers()[header::CONTENT_TYPE], "text/event-stream", "{path}");
        streams.push(stream.bytes_stream());
    }
    for stream in &mut streams {
        stream.next().await.unwrap().unwrap();
    }
    check(&site, &["streams{side=\"reader\"} 2", "streams{side=\"agent\"} 1"]);
    do_as(&ada, &chat, &[("deed", "end")]).await;
    for mut stream in streams.drain(..2) {
        while stream.next().await.is_some() {}
    }
    check(&site, &["streams{side=\"reader\"} 0", "streams{side=\"agent\"} 1"]);
}
