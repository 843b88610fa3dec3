//! `/agent/chats/events`: that something changed, as server-sent events; the page then looks for itself. Each beat the
//! page answers, which tells that it is open: a connection alone may be one to nobody.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream;
use jiff::Timestamp;
use serde::Deserialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::Agent;
use crate::Help;
use crate::chat::{News, Told};
use crate::http::agent::NO_STORE;
use crate::http::agent::live::NOTHING;
use crate::http::listen::Stop;
use crate::staff::session;
use crate::telemetry::chats::Stream;

/// Then the page says that it is there, and it is seen whether the session lasts.
const BEAT: Duration = Duration::from_secs(5);
/// How long a browser waits before it connects again.
const AGAIN: Duration = Duration::from_secs(3);

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Looking {
    /// Id of the chat the page shows.
    chat: String,
}

struct Listener {
    help: Arc<Help>,
    agent: String,
    session: String,
    chat: String,
    news: Receiver<News>,
    beat: Interval,
    stop: Stop,
    begun: bool,
    _counted: Stream,
}

pub async fn events(
    State(help): State<Arc<Help>>,
    agent: Agent,
    Query(Looking { chat }): Query<Looking>,
    stop: Stop,
) -> Response {
    let news = help.chats.live().watch();
    help.chats.live().agent_is_here(&agent.id, Timestamp::now());
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat.reset();
    let (begun, counted) = (false, help.metrics.chats.stream("agent"));
    let Agent { id, session, .. } = agent;
    let listener = Listener { help, agent: id, session, chat, news, beat, stop, begun, _counted: counted };
    let events = stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok::<_, Infallible>(event), listener))
    });
    (NO_STORE, Sse::new(events)).into_response()
}

impl Listener {
    /// Nothing when it is over.
    async fn next(&mut self) -> Option<Event> {
        if !self.begun {
            self.begun = true;
            // Whoever connects again looks for what was missed meanwhile.
            return Some(Event::default().event("ready").retry(AGAIN).data(NOTHING));
        }
        loop {
            let told = tokio::select! {
                () = self.stop.asked() => return None,
                _ = self.beat.tick() => {
                    return self.lasts().await.then(|| Event::default().event("beat").data(NOTHING));
                }
                news = self.news.recv() => match news {
                    Ok(news) => self.gather(news),
                    Err(RecvError::Lagged(_)) => Some(Told::Stands),
                    Err(RecvError::Closed) => return None,
                },
            };
            match told {
                Some(Told::Typing) => return Some(Event::default().event("typing").data(NOTHING)),
                Some(Told::Said | Told::Stands) => return Some(Event::default().event("tickets").data(NOTHING)),
                None => {}
            }
        }
    }

    /// What of this and all that waits behind it concerns the page: one event for many.
    fn gather(&mut self, first: News) -> Option<Told> {
        let mut concern = self.concern(&first);
        loop {
            match self.news.try_recv() {
                Ok(news) => concern = louder(concern, self.concern(&news)),
                Err(TryRecvError::Lagged(_)) => concern = Some(Told::Stands),
                Err(TryRecvError::Empty | TryRecvError::Closed) => return concern,
            }
        }
    }

    /// How chats stand concerns everybody; what is said, whoever has the chat or looks at it.
    fn concern(&self, news: &News) -> Option<Told> {
        let is_shown = news.chat == self.chat;
        let is_mine = news.agent.as_ref() == Some(&self.agent);
        let is_news = match news.told {
            Told::Stands => true,
            Told::Said => is_shown || is_mine,
            Told::Typing => is_shown,
        };
        is_news.then_some(news.told)
    }

    async fn lasts(&self) -> bool {
        session::lasts(&self.help.store, &self.session, Timestamp::now()).await.unwrap_or(false)
    }
}

/// That somebody types says less than anything else.
fn louder(one: Option<Told>, other: Option<Told>) -> Option<Told> {
    match (one, other) {
        (None | Some(Told::Typing), Some(other)) => Some(other),
        (one, _) => one,
    }
}
