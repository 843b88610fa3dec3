//! How long a request may take. An answer has its time; a form with files, or a mail that a program hands on, has more
//! while its bytes come, so that a telephone line is no obstacle, but neither is a connection held by somebody who sends
//! next to nothing.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header;
use futures::StreamExt;
use hyper::body::{Frame, SizeHint};
use tokio::time::{Instant, timeout, timeout_at};

use crate::http::Settings;
use crate::http::error::Error;

/// Bytes that must come within each `request_seconds`, 13 kbit/s by default: the slowest mobile line brings more.
const PIECE: usize = 16 * 1024;
/// How long a connection stays open for what was refused.
const LINGER: Duration = Duration::from_secs(5);

/// The deadline of one request, which moves on while an upload comes.
#[derive(Debug)]
pub struct Pace {
    limit: Duration,
    /// Of the whole upload.
    last: Instant,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    deadline: Instant,
    /// Bytes since the deadline moved.
    came: usize,
    is_coming: bool,
}

impl Pace {
    pub fn new(settings: &Settings, is_upload: bool, now: Instant) -> Self {
        let limit = Duration::from_secs(settings.request_seconds);
        let state = State { deadline: now + limit, came: 0, is_coming: is_upload };
        Self { limit, last: now + Duration::from_secs(settings.upload_seconds), state: Mutex::new(state) }
    }

    /// Runs until the deadline, wherever it is by then.
    ///
    /// # Errors
    /// What came too slowly, or was answered too slowly.
    pub async fn keep<T>(&self, run: impl Future<Output = T>) -> Result<T, Error> {
        let mut run = std::pin::pin!(run);
        loop {
            let deadline = self.deadline();
            if let Ok(done) = timeout_at(deadline, &mut run).await {
                return Ok(done);
            }
            if self.deadline() <= deadline {
                return Err(if self.state(|state| state.is_coming) { Error::Stalled } else { Error::TooSlow });
            }
        }
    }

    fn deadline(&self) -> Instant {
        self.state(|state| state.deadline)
    }

    fn came(&self, bytes: usize, now: Instant) {
        self.state(|state| {
            state.came += bytes;
            if state.came >= PIECE && state.is_coming {
                (state.came, state.deadline) = (0, (now + self.limit).min(self.last));
            }
        });
    }

    fn ended(&self, now: Instant) {
        self.state(|state| {
            if std::mem::take(&mut state.is_coming) {
                state.deadline = now + self.limit;
            }
        });
    }

    fn state<T>(&self, with: impl FnOnce(&mut State) -> T) -> T {
        with(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Does it bring a form with files (RFC 7578), or more bytes than `most`? A program that does not say how many
/// (`hook`) may send a whole mail.
pub fn is_upload(request: &Request, most: usize, hook: bool) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE);
    let is_form = kind.is_some_and(|kind| kind.as_bytes().to_ascii_lowercase().starts_with(b"multipart/form-data"));
    let bytes = request.body().size_hint().exact();
    is_form || bytes.map_or(hook, |bytes| usize::try_from(bytes).is_ok_and(|bytes| bytes > most))
}

/// Takes what still comes of a request that is refused, and keeps none of it: were the connection closed meanwhile, its
/// sender would not hear the answer.
pub fn linger(request: Request) {
    let mut rest = request.into_body().into_data_stream();
    let forget = async move { while let Some(Ok(_)) = rest.next().await {} };
    drop(tokio::spawn(timeout(LINGER, forget)));
}

/// The request, whose body tells `pace` what comes.
pub fn paced(request: Request, pace: &Arc<Pace>) -> Request {
    request.map(|body| Body::new(Paced { body, pace: pace.clone() }))
}

struct Paced {
    body: Body,
    pace: Arc<Pace>,
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => self.pace.came(frame.data_ref().map_or(0, Bytes::len), Instant::now()),
            Poll::Ready(_) => self.pace.ended(Instant::now()),
            Poll::Pending => {}
        }
        // Whoever knows the length need not ask for more.
        if self.body.is_end_stream() {
            self.pace.ended(Instant::now());
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::future::{pending, ready};

    use super::*;

    fn of(kind: &str, body: Body) -> Request {
        Request::builder().header(header::CONTENT_TYPE, kind).body(body).unwrap()
    }

    fn pace(kind: &str, milliseconds: u64) -> Pace {
        let is_upload = is_upload(&of(kind, Body::empty()), 64, false);
        let pace = Pace::new(&Settings::default(), is_upload, Instant::now());
        let limit = Duration::from_millis(milliseconds);
        Pace { limit, last: Instant::now() + limit * 6, ..pace }
    }

    const FORM: &str = "multipart/form-data; boundary=x";

    /// When the deadline is, in seconds from the start, after these bytes came at these seconds.
    fn deadline(kind: &str, came: &[(u64, usize)], ended: Option<u64>) -> u64 {
        let (start, pace) = (Instant::now(), pace(kind, 10_000));
        let at = |second: u64| start + Duration::from_secs(second);
        pace.state(|state| state.deadline = at(10));
        came.iter().for_each(|(second, bytes)| pace.came(*bytes, at(*second)));
        ended.into_iter().for_each(|second| pace.ended(at(second)));
        (pace.deadline() - start).as_secs_f64().round() as u64
    }

    #[test]
    fn a_form_may_come_slowly_but_must_come() {
        assert_eq!(deadline(FORM, &[], None), 10);
        assert_eq!(deadline(FORM, &[(9, PIECE), (18, PIECE)], None), 28, "a telephone line");
        assert_eq!(deadline(FORM, &[(1, 100), (9, 100)], None), 10, "next to nothing");
        assert_eq!(deadline(FORM, &[(6, PIECE / 2), (9, PIECE / 2)], None), 19);
        assert_eq!(deadline(FORM, &[(55, PIECE), (59, PIECE)], None), 60, "no upload lasts for ever");
        assert_eq!(deadline(FORM, &[(9, PIECE)], Some(12)), 22, "the answer has its time from then on");
        assert_eq!(deadline(FORM, &[], Some(59)), 69);
        assert_eq!(deadline("text/plain", &[(9, PIECE)], Some(9)), 10, "no form with files");
    }

    #[test]
    fn what_is_large_is_an_upload_whatever_it_is() {
        let check = |kind: &str, body: Body, hook: bool, expect: bool| {
            assert_eq!(is_upload(&of(kind, body), 64, hook), expect, "{kind}");
        };
        check(FORM, Body::from("x"), false, true);
        check("application/json", Body::from("x".repeat(64)), true, false);
        check("application/json", Body::from("x".repeat(65)), true, true);
        let endless = || Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>());
        check("message/rfc822", endless(), true, true);
        check("application/json", endless(), false, false);
    }

    #[tokio::test]
    async fn what_runs_ends_at_the_deadline_wherever_that_is() {
        let late = pace(FORM, 1);
        assert!(matches!(late.keep(pending::<()>()).await, Err(Error::Stalled)));
        let late = pace("text/plain", 1);
        assert!(matches!(late.keep(pending::<()>()).await, Err(Error::TooSlow)));
        let moved = pace(FORM, 1);
        let run = async {
            moved.state(|state| state.deadline += Duration::from_secs(600));
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        assert!(moved.keep(run).await.is_ok());
        assert!(pace(FORM, 1).keep(ready(())).await.is_ok());
    }
}
