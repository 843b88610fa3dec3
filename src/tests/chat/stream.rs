//! The stream: what it tells, where it goes on, when it ends.

use futures::StreamExt;
use futures::stream::BoxStream;
use reqwest::StatusCode;

use super::{SETTINGS, answer, chatting, do_as, key, met, said, say};
use crate::events::Browser;

/// What a browser hears.
struct Heard {
    bytes: BoxStream<'static, reqwest::Result<bytes::Bytes>>,
    text: String,
}

impl Heard {
    async fn of(browser: &Browser<'_>, path: &str, last: Option<&str>) -> Self {
        let mut request = browser.request(reqwest::Method::GET, path);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self { bytes: answer.bytes_stream().boxed(), text: String::new() }
    }

    /// All that came up to `end`.
    async fn until(&mut self, end: &str) -> &str {
        while !self.text.contains(end) {
            let piece = self.bytes.next().await.unwrap_or_else(|| panic!("no {end} in {}", self.text)).unwrap();
            self.text += std::str::from_utf8(&piece).unwrap();
        }
        &self.text
    }

    async fn rest(mut self) -> String {
        while let Some(Ok(piece)) = self.bytes.next().await {
            self.text += std::str::from_utf8(&piece).unwrap();
        }
        self.text
    }
}

#[tokio::test]
async fn a_stream_goes_on_behind_the_last_message_that_was_heard() {
    let site = chatting().await;
    let (ada, reader, chat) = met(&site, &[]).await;
    let (mut one, mut other) =
        (Heard::of(&reader, "/chat/stream?after=1", None).await, Heard::of(&reader, "/chat/stream", None).await);
    answer(&ada, &chat, "Hello").await;
    say(&reader, &key(), "Hello yourself").await;
    for heard in [&mut one, &mut other] {
        let text = heard.until("Hello yourself").await;
        assert_eq!(
            text.matches("event: said").count(),
            text.matches("\nid: ").count() + text.starts_with("id: ") as usize
        );
        assert!(text.contains("You are talking with Ada."), "{text}");
    }
    assert!(!one.text.contains("export fails") && other.text.contains("export fails"));
    drop((one, other));
    answer(&ada, &chat, "What do you see?").await;
    let mut again = Heard::of(&reader, "/chat/stream?after=1", Some("4")).await;
    let text = again.until("What do you see?").await;
    assert_eq!(text.matches("event: said").count(), 1, "{text}");
    assert!(text.contains("id: 5"), "{text}");
}

#[tokio::test]
async fn either_side_is_told_that_the_other_types() {
    let site = chatting().await;
    let (ada, reader, chat) = met(&site, &[]).await;
    do_as(&ada, &chat, &[("deed", "take")]).await;
    let mut readers = Heard::of(&reader, "/chat/stream", None).await;
    let mut agents = Heard::of(&ada, &format!("/agent/chats/events?chat={}", chat.id), None).await;
    readers.until("event: stands").await;
    agents.until("event: ready").await;
    assert_eq!(ada.post(&format!("/agent/chats/{}/typing", chat.id), &[]).await.status(), 204);
    assert!(readers.until("event: typing").await.ends_with("data: Ada\n\n"));
    assert_eq!(reader.post("/chat/typing", &[]).await.status(), 204);
    agents.until("event: typing").await;
    say(&reader, &key(), "Done").await;
    agents.until("event: tickets").await;
}

#[tokio::test]
async fn it_ends_with_the_chat_and_no_browser_comes_back() {
    let site = chatting().await;
    let (ada, reader, chat) = met(&site, &[]).await;
    answer(&ada, &chat, "Done.").await;
    let heard = Heard::of(&reader, "/chat/stream", None).await;
    do_as(&ada, &chat, &[("deed", "end")]).await;
    let text = heard.rest().await;
    assert!(text.contains("This chat is over.") && text.contains("/requests/"), "{text}");
    let request = reader.request(reqwest::Method::GET, "/chat/stream").header("last-event-id", "4");
    assert_eq!(request.send().await.unwrap().status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn nobody_holds_as_many_connections_as_they_like() {
    let site = chatting().await;
    let (_, reader, _) = met(&site, &[]).await;
    let mut streams = Vec::new();
    for _ in 0..9 {
        let mut heard = Heard::of(&reader, "/chat/stream", None).await;
        heard.until("event: stands").await;
        streams.push(heard);
    }
    let last = streams.pop().unwrap();
    let ended = streams.remove(0).rest();
    let text = tokio::time::timeout(std::time::Duration::from_secs(20), ended).await.expect("the first one ends");
    assert!(text.contains("export fails") && text.contains("event: elsewhere"), "{text}");
    let mut others = futures::future::join_all(streams.into_iter().chain([last]).map(Heard::rest));
    assert!(futures::poll!(&mut others).is_pending(), "the others go on");
}

#[tokio::test]
async fn a_restart_loses_nothing() {
    let site = chatting().await;
    let (ada, reader, chat) = met(&site, &[]).await;
    answer(&ada, &chat, "Hello").await;
    let heard = Heard::of(&reader, "/chat/stream", None).await;
    let ended = tokio::spawn(heard.rest());
    let cookies = reader.cookies();
    let before = said(&site, &chat).await;
    drop((ada, reader));
    let site = site.restart(SETTINGS).await;
    ended.await.unwrap();
    let reader = Browser::with(&site, cookies);
    site.help.chats.look(super::later(20)).await.unwrap();
    assert_eq!(said(&site, &chat).await, before, "everybody has time to come back");
    assert_eq!(say(&reader, &key(), "Are you there?").await, StatusCode::NO_CONTENT);
    let mut heard = Heard::of(&reader, "/chat/stream", Some("3")).await;
    let text = heard.until("Are you there?").await;
    assert_eq!(text.matches("event: said").count(), 1, "{text}");
}
