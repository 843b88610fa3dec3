//! `/session`: a host brings its reader's token once, the reader keeps it as a cookie.

use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;

use super::address;
use super::asked::{self, READER_COOKIE};
use super::error::Error;
use crate::{Help, identity};

#[derive(Debug, Deserialize)]
pub struct Opening {
    token: String,
    /// Where the reader goes then: a path of this site, without the base.
    #[serde(default)]
    then: Option<String>,
}

/// Takes a token from the form field `token`, or from `Authorization: Bearer`.
pub async fn open(
    State(help): State<Arc<Help>>,
    headers: HeaderMap,
    form: Result<Form<Opening>, FormRejection>,
) -> Result<Response, Error> {
    let opening = match (asked::bearer(&headers), form) {
        (Some(token), _) => Opening { token: token.to_owned(), then: None },
        (None, form) => form?.0,
    };
    let seconds = identity::seconds_left(&opening.token, &help.config.identity, Timestamp::now())?;
    let cookie = asked::set_cookie(READER_COOKIE, &opening.token, seconds.max(0));
    Ok(match opening.then {
        Some(path) => see_other(&help, &path, cookie)?,
        None => (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)], NO_STORE).into_response(),
    })
}

/// Forgets the reader.
pub async fn close(State(help): State<Arc<Help>>) -> Result<Response, Error> {
    see_other(&help, "/", asked::set_cookie(READER_COOKIE, "", 0))
}

const NO_STORE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

/// Only paths of this site: whatever `path` is, what follows is one.
fn see_other(help: &Help, path: &str, cookie: String) -> Result<Response, Error> {
    let location = help.address.href(&address::encoded(&address::canonical(path)?));
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location), (header::SET_COOKIE, cookie)], NO_STORE).into_response())
}
