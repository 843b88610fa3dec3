//! What can go wrong between request and answer.
//!
//! A handler returns an [`Error`] and says no more: [`dress`] makes it a page for people, problem+json
//! (RFC 9457) for the API, with the right status. Only [`Error::Internal`] is logged, here, once.

use axum::Json;
use axum::extract::Request;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;
use tracing::error;

use app::model::{ErrorPage, NotFoundPage};

use super::{asked, frame, search};
use crate::Help;
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
    #[error("the request came from another site's page; open the form here and send it again")]
    Forged,
    #[error("too many attempts; wait a minute and try again")]
    TooMany,
    #[error("the answer took too long; try again in a moment")]
    TooSlow,
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
            Self::Unauthorized(_) => StatusCode::UNAUTHORIZED,
            Self::Forged => StatusCode::FORBIDDEN,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::TooSlow => StatusCode::SERVICE_UNAVAILABLE,
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

/// What the reader is told, until [`dress`] knows how.
#[derive(Debug, Clone)]
struct Told(String);

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Self::Internal(cause) = &self {
            error!("cannot answer a request: {cause:#}");
        }
        let mut response = self.status().into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self {
            Self::TooMany => drop(headers.insert(header::RETRY_AFTER, HeaderValue::from_static("60"))),
            Self::TooSlow => drop(headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"))),
            Self::Unauthorized(_) => drop(headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
            _ => {}
        }
        response.extensions_mut().insert(Told(self.to_string()));
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
    let Some(Told(message)) = response.extensions().get().cloned() else { return response };
    let (parts, _) = response.into_parts();
    let path = wanted.uri.path();
    let path = path.strip_prefix(&help.address.base).unwrap_or(path);
    let mut dressed = if path.starts_with("/api/") {
        problem(parts.status, &message)
    } else {
        page(help, path, &wanted.headers, parts.status, message, id).into_response()
    };
    *dressed.status_mut() = parts.status;
    dressed.headers_mut().extend(parts.headers);
    dressed
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
    message: String,
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
    let title = status.canonical_reason().unwrap_or("Error").to_owned();
    let request_id = id.to_str().ok().map(str::to_owned);
    let page = ErrorPage { status: status.as_u16(), title: title.clone(), message, request_id };
    Html(app::pages::error(&frame::plain(site, title), &page))
}

pub async fn method_not_allowed() -> Error {
    Error::MethodNotAllowed
}

/// Above the site's base path there is nothing of ours.
pub async fn outside_base() -> Error {
    Error::NotFound
}
