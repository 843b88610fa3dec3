//! `/chat/stream`: what happens in a chat, as server-sent events
//! (<https://html.spec.whatwg.org/multipage/server-sent-events.html>). An event's id is the place of a message, so a
//! browser that lost the connection goes on behind the last one it heard.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream;
use jiff::Timestamp;
use serde::Deserialize;
use tracing::error;

use super::{Page, own, place};
use crate::Help;
use crate::chat::{Ear, Signal};
use crate::http::asked::Asked;
use crate::http::contact::Segments;
use crate::http::error::Error;
use crate::http::listen::Stop;
use crate::identity::{self, Viewer};
use crate::telemetry::chats::Stream;

/// A sign of life, for proxies and for browsers that wait.
const BEAT: Duration = Duration::from_secs(20);
/// How long a browser waits before it connects again.
const AGAIN: Duration = Duration::from_secs(2);

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Behind {
    /// Place of the last message that the page shows.
    after: i64,
}

struct Listener {
    help: Arc<Help>,
    locale: String,
    viewer: Viewer,
    chat: String,
    /// Place of the last message that was sent.
    seen: i64,
    ear: Ear,
    /// What was sent of it; nothing at first.
    told: Option<Signal>,
    events: VecDeque<Event>,
    /// Nothing comes any more.
    is_over: bool,
    stop: Stop,
    _counted: Stream,
}

/// 204, which a browser takes for "never again", where there is no chat, or it is over and all of it was heard.
pub async fn stream(
    State(help): State<Arc<Help>>,
    asked: Asked,
    Path(segments): Segments,
    Query(Behind { after }): Query<Behind>,
    headers: HeaderMap,
    stop: Stop,
) -> Result<Response, Error> {
    let locale = place(&help, &asked, &segments)?.locale;
    let Some(chat) = own(&help, &headers).await? else { return Ok(StatusCode::NO_CONTENT.into_response()) };
    let heard = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    if chat.is_over() && heard.is_some() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let ear = help.chats.live().listen(&chat.id);
    let listener = Listener {
        locale,
        viewer: identity::remembered(&chat.audiences),
        chat: chat.id,
        seen: heard.unwrap_or(after),
        ear,
        told: None,
        events: VecDeque::from([Event::default().retry(AGAIN).comment("")]),
        is_over: false,
        stop,
        _counted: help.metrics.chats.stream("reader"),
        help,
    };
    let events = stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok::<_, Infallible>(event), listener))
    });
    let headers = [(header::CACHE_CONTROL, "no-store"), (header::HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((headers, Sse::new(events).keep_alive(KeepAlive::new().interval(BEAT))).into_response())
}

impl Listener {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Some(event);
            }
            if self.is_over {
                return None;
            }
            let Some(signal) = self.ear.hear() else {
                // A browser whose stream only ends connects again, and pushes out the next one.
                self.is_over = true;
                return Some(Event::default().event("elsewhere").data("too many tabs show this chat"));
            };
            if let Err(cause) = self.gather(signal).await {
                // The browser connects again and asks for the same.
                error!("a chat's stream broke off: {cause:#}");
                return None;
            }
            if !self.events.is_empty() {
                continue;
            }
            tokio::select! {
                () = self.stop.asked() => return None,
                changed = self.ear.changed() => changed?,
            }
        }
    }

    /// What happened since: the signal is read first, so that nothing falls between.
    async fn gather(&mut self, signal: Signal) -> anyhow::Result<()> {
        let told = self.told.replace(signal);
        let page = Page::of(&self.help, &self.locale);
        if told.is_none_or(|told| told.said != signal.said) {
            for message in self.help.chats.messages(&self.chat, self.seen, false).await? {
                self.seen = message.place;
                let id = message.place.to_string();
                let html = app::pages::chat_message(&page.site, &page.said(&self.viewer, message));
                self.events.push_back(Event::default().event("said").id(id).data(html));
            }
        }
        if told.is_none_or(|told| told.stands != signal.stands)
            && let Some(chat) = self.help.chats.by_id(&self.chat).await?
        {
            self.is_over = chat.is_over();
            let html = app::pages::chat_stand(&page.site, &page.stand(&chat).await?);
            self.events.push_back(Event::default().event("stands").data(html));
        }
        if told.is_some_and(|told| told.typing != signal.typing)
            && let Some(chat) = self.help.chats.by_id(&self.chat).await?
        {
            let name = chat.agent_name.as_deref().or(self.help.chats.bot()).unwrap_or(&page.site.name);
            self.events.push_back(Event::default().event("typing").data(name));
        }
        Ok(())
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.help.chats.live().left(&self.chat, &self.ear, Timestamp::now());
    }
}
