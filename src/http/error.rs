//! What can go wrong between request and answer.
//!
//! A handler returns an [`Error`] and says no more: [`dress`] makes it a page for people, problem+json
//! (RFC 9457) for the API, with the right status. The page speaks its reader's language, the API English. Only [`Error::Internal`] is logged, here, once.

use axum::Json;
use axum::extract::Request;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;
use tracing::error;

use app::model::{ErrorPage, NotFoundPage};
use app::words::{Word, Words};

use super::{asked, frame, search};
use crate::Help;
use crate::events::Refused;
use crate::identity::Refusal;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is nothing at this address")]
    NotFound,
    #[error("this address does not take that method")]
    MethodNotAllowed,
    #[error("{0}")]
    BadRequest(String),
    #[error("the body is too large")]
    TooLarge,
    #[error("{0}")]
    Unauthorized(#[from] Refusal),
    /// A program that calls without proof of who it is.
    #[error("{0}")]
    Unproved(String),
    #[error("the request came from another site's page; open the form here and send it again")]
    Forged,
    #[error("your account may not do this; ask an admin of this help center")]
    Forbidden,
    #[error("too many attempts; wait a minute and try again")]
    TooMany,
    #[error("too much arrives at once; send it again in a moment")]
    Busy,
    #[error("the form came too slowly; try again with a better connection or smaller files")]
    Stalled,
    #[error("the answer took too long; try again in a moment")]
    TooSlow,
    #[error("{0}")]
    Refused(#[from] Refused),
    #[error("something went wrong here; try again in a moment")]
    Internal(#[from] anyhow::Error),
}

impl Error {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unauthorized(_) | Self::Unproved(_) => StatusCode::UNAUTHORIZED,
            Self::Forged | Self::Forbidden => StatusCode::FORBIDDEN,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Stalled => StatusCode::REQUEST_TIMEOUT,
            Self::TooSlow | Self::Busy | Self::Refused(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<FormRejection> for Error {
    fn from(rejection: FormRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            _ => Self::BadRequest(rejection.body_text()),
        }
    }
}

impl From<QueryRejection> for Error {
    fn from(rejection: QueryRejection) -> Self {
        Self::BadRequest(rejection.body_text())
    }
}

/// What is told, until [`dress`] knows how.
#[derive(Debug, Clone)]
struct Told {
    message: String,
    /// The message says more than the status does.
    exact: bool,
    /// An account's role is too low.
    forbidden: bool,
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Self::Internal(cause) = &self {
            error!("cannot answer a request: {cause:#}");
        }
        let mut response = self.status().into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let exact = matches!(self, Self::BadRequest(_) | Self::Unauthorized(_));
        match &self {
            Self::TooMany => drop(headers.insert(header::RETRY_AFTER, HeaderValue::from_static("60"))),
            Self::TooSlow | Self::Busy | Self::Refused(_) => {
                drop(headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5")));
            }
            Self::Unauthorized(_) => drop(headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
            Self::Unproved(_) => drop(headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Signature"))),
            _ => {}
        }
        let forbidden = matches!(self, Self::Forbidden);
        response.extensions_mut().insert(Told { message: self.to_string(), exact, forbidden });
        response
    }
}

/// The request as far as an error page needs it.
pub struct Wanted {
    uri: Uri,
    /// Only those that tell who asks.
    headers: HeaderMap,
}

impl Wanted {
    pub fn of(request: &Request) -> Self {
        let proofs = [header::AUTHORIZATION, header::COOKIE];
        let headers = proofs.into_iter().filter_map(|name| Some((name.clone(), request.headers().get(name)?.clone())));
        Self { uri: request.uri().clone(), headers: headers.collect() }
    }
}

/// Gives an error its body; any other answer passes untouched.
pub fn dress(help: &Help, wanted: Wanted, id: &HeaderValue, response: Response) -> Response {
    let Some(told) = response.extensions().get().cloned().or_else(|| refused_by_axum(&response)) else {
        return response;
    };
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_TYPE);
    parts.headers.remove(header::CONTENT_LENGTH);
    let path = wanted.uri.path();
    let path = path.strip_prefix(&help.address.base).unwrap_or(path);
    let mut dressed = if path.starts_with("/api/") || path.starts_with("/hooks/") {
        problem(parts.status, &told.message)
    } else {
        page(help, path, &wanted.headers, parts.status, told, id).into_response()
    };
    *dressed.status_mut() = parts.status;
    dressed.headers_mut().extend(parts.headers);
    dressed
}

/// An extractor of axum's own refuses in plain text, which none of our handlers does.
fn refused_by_axum(response: &Response) -> Option<Told> {
    let kind = response.headers().get(header::CONTENT_TYPE)?;
    let plain = response.status().is_client_error() && kind.as_bytes().starts_with(b"text/plain");
    let message = response.status().canonical_reason().unwrap_or("Error").to_owned();
    plain.then_some(Told { message, exact: false, forbidden: false })
}

fn problem(status: StatusCode, message: &str) -> Response {
    let title = status.canonical_reason().unwrap_or("Error");
    let body = json!({ "type": "about:blank", "title": title, "status": status.as_u16(), "detail": message });
    ([(header::CONTENT_TYPE, "application/problem+json")], Json(body).into_response().into_body()).into_response()
}

fn page(
    help: &Help,
    path: &str,
    headers: &HeaderMap,
    status: StatusCode,
    told: Told,
    id: &HeaderValue,
) -> Html<String> {
    let edition = help.edition.load();
    let viewer = asked::viewer(help, headers).unwrap_or_else(|_| crate::identity::anonymous());
    let locale = frame::locale_of(&edition.snapshot, path);
    let site = frame::site(help, &locale);
    if status == StatusCode::NOT_FOUND {
        let query = frame::words_of(path);
        let proposals = search::proposals(&edition, &viewer, &locale, &query);
        let title = site.words.not_found_title.to_string();
        return Html(app::pages::not_found(&frame::plain(site, title), &NotFoundPage { query, proposals }));
    }
    let (title, message) = match told.forbidden {
        true => (&site.words.not_allowed_title, &site.words.not_allowed_text),
        false => words_for(&site.words, status),
    };
    let page = ErrorPage {
        status: status.as_u16(),
        title: title.to_string(),
        message: message.to_string(),
        detail: told.exact.then_some(told.message),
        request_id: id.to_str().ok().map(str::to_owned),
    };
    let title = page.title.clone();
    Html(app::pages::error(&frame::plain(site, title), &page))
}

/// What happened, and what to do.
fn words_for(words: &Words, status: StatusCode) -> (&Word, &Word) {
    match status {
        StatusCode::UNAUTHORIZED => (&words.not_signed_in_title, &words.not_signed_in_text),
        StatusCode::FORBIDDEN => (&words.forbidden_title, &words.forbidden_text),
        StatusCode::METHOD_NOT_ALLOWED => (&words.method_not_allowed_title, &words.method_not_allowed_text),
        StatusCode::PAYLOAD_TOO_LARGE => (&words.too_large_title, &words.too_large_text),
        StatusCode::TOO_MANY_REQUESTS => (&words.too_many_title, &words.too_many_text),
        StatusCode::REQUEST_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            (&words.too_slow_title, &words.too_slow_text)
        }
        status if status.is_client_error() => (&words.bad_request_title, &words.bad_request_text),
        _ => (&words.internal_error_title, &words.internal_error_text),
    }
}

pub async fn method_not_allowed() -> Error {
    Error::MethodNotAllowed
}

/// Above the site's base path there is nothing of ours.
pub async fn outside_base() -> Error {
    Error::NotFound
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_error_has_words_of_its_own_in_every_language() {
        for locale in ["en", "de", "fr", "es", "ar"] {
            let statuses = [400, 401, 403, 405, 413, 429, 500, 503].map(StatusCode::from_u16);
            let titles: HashSet<_> = statuses.iter().flatten().map(|it| words_for(Words::of(locale), *it).0).collect();
            assert_eq!(titles.len(), statuses.len(), "{locale}");
        }
        let of = |status| words_for(Words::english(), status).0;
        assert_eq!(of(StatusCode::REQUEST_TIMEOUT), of(StatusCode::GATEWAY_TIMEOUT));
        assert_eq!(of(StatusCode::IM_A_TEAPOT), of(StatusCode::BAD_REQUEST));
    }
}
