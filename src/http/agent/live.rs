//! `/agent/events`: which tickets changed, as server-sent events, until the agent signs out or the program stops.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream;
use jiff::Timestamp;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

use super::{Agent, NO_STORE};
use crate::Help;
use crate::http::listen::Stop;
use crate::staff::session;

/// A sign of life, for proxies and for browsers that wait; then it is also seen whether the session lasts.
const BEAT: Duration = Duration::from_secs(15);
/// How long a browser waits before it connects again, in milliseconds.
const AGAIN: Duration = Duration::from_secs(3);
/// Changes told at once; where there are more, the page looks for itself all the same.
const MOST: usize = 100;
/// Browsers pass over an event without data.
pub(super) const NOTHING: &str = " ";

struct Listener {
    help: Arc<Help>,
    session: String,
    changes: Receiver<String>,
    stop: Stop,
    begun: bool,
}

pub async fn events(State(help): State<Arc<Help>>, agent: Agent, stop: Stop) -> Response {
    let changes = help.tickets.watch();
    let listener = Listener { help, session: agent.session, changes, stop, begun: false };
    let events = stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok::<_, Infallible>(event), listener))
    });
    (NO_STORE, Sse::new(events).keep_alive(KeepAlive::new().interval(BEAT))).into_response()
}

impl Listener {
    /// The numbers of tickets that changed; nothing when it is over.
    async fn next(&mut self) -> Option<Event> {
        if !self.begun {
            self.begun = true;
            // Whoever connects again looks for what was missed meanwhile.
            return Some(Event::default().event("ready").retry(AGAIN).data(NOTHING));
        }
        loop {
            let ids = tokio::select! {
                () = self.stop.asked() => return None,
                () = tokio::time::sleep(BEAT) => Vec::new(),
                changed = self.changes.recv() => match changed {
                    Ok(id) => self.gather(id),
                    Err(RecvError::Lagged(_)) => vec![String::new()],
                    Err(RecvError::Closed) => return None,
                },
            };
            if !self.lasts().await {
                return None;
            }
            if !ids.is_empty() {
                return Some(Event::default().event("tickets").data(self.numbers(&ids).await));
            }
        }
    }

    fn gather(&mut self, first: String) -> Vec<String> {
        let mut ids = vec![first];
        while ids.len() < MOST {
            match self.changes.try_recv() {
                Ok(id) => ids.push(id),
                Err(TryRecvError::Lagged(_) | TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        ids
    }

    async fn lasts(&self) -> bool {
        session::lasts(&self.help.store, &self.session, Timestamp::now()).await.unwrap_or(false)
    }

    async fn numbers(&self, ids: &[String]) -> String {
        let mut numbers = Vec::new();
        for id in ids {
            if let Ok(Some(ticket)) = self.help.tickets.by_id(id).await {
                numbers.push(ticket.number.to_string());
            }
        }
        numbers.dedup();
        // Nothing named: the page looks for itself.
        if numbers.is_empty() { NOTHING.to_owned() } else { numbers.join(" ") }
    }
}
