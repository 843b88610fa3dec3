//! `/hooks/{provider}`: what other programs tell. Proved by what they send and by nothing else: no cookie, no origin, no
//! reader.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, FromRequest, Path, Request, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use tracing::{info, warn};

use super::error::Error;
use super::guard;
use crate::Help;
use crate::webhooks::{self, Refused, Taken};

/// Takes a call and answers once it is on disk: 200, also for what was taken before; 400 for what its sender should not
/// send, 401 without proof, 404 for a sender nobody set up, 413 above a megabyte, or above 36 for a mail with its
/// files; 500 only when it was not stored.
///
/// Whoever cannot be its sender is refused by the head of the call, before its body is read.
pub async fn take(
    State(help): State<Arc<Help>>,
    Path(provider): Path<String>,
    mut request: Request,
) -> Result<StatusCode, Error> {
    let refused = |refused| told(&provider, refused);
    let largest = match webhooks::admit(&help.hooks, &provider, request.headers()) {
        Ok(largest) => largest,
        Err(cause) => {
            guard::linger(request);
            return Err(refused(cause));
        }
    };
    DefaultBodyLimit::max(largest).apply(&mut request);
    let headers = request.headers().clone();
    let body = Bytes::from_request(request, &()).await.map_err(unread)?;
    match webhooks::receive(&help.hooks, &provider, &headers, &body, Timestamp::now()).await {
        Ok(Taken::Trial) => {
            info!(provider, "a trial of an inbound webhook arrived: it is answered and changes nothing")
        }
        Ok(Taken::Stored | Taken::Known) => {}
        Err(cause) => return Err(refused(cause)),
    }
    Ok(StatusCode::OK)
}

/// Some senders ask first whether anybody is there.
pub async fn is_there(State(help): State<Arc<Help>>, Path(provider): Path<String>) -> Result<StatusCode, Error> {
    if help.hooks.has(&provider) { Ok(StatusCode::OK) } else { Err(Error::NotFound) }
}

fn unread(rejection: BytesRejection) -> Error {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::BadRequest(rejection.body_text()),
    }
}

fn told(provider: &str, refused: Refused) -> Error {
    match refused {
        Refused::NoSender(_) => Error::NotFound,
        Refused::NotStored(cause) => Error::Internal(cause),
        Refused::TooLarge => Error::TooLarge,
        Refused::Unproved(reason) => {
            warn!(provider, "refused an inbound webhook: {reason}");
            Error::Unproved(reason)
        }
        Refused::Malformed(reason) => {
            warn!(provider, "refused an inbound webhook: {reason}");
            Error::BadRequest(reason)
        }
    }
}
