//! Files that came with messages: to keep, never to open in the site's name; pictures also to look at.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio_util::io::ReaderStream;

use super::Agent;
use super::talk::PICTURES;
use crate::Help;
use crate::http::error::Error;

/// Whatever it is, it runs nothing and loads nothing.
const NOTHING: &str = "default-src 'none'; sandbox";

pub async fn file(
    State(help): State<Arc<Help>>,
    _: Agent,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let (row, file) = help.tickets.attachment(&id).await?.ok_or(Error::NotFound)?;
    let is_shown = query.as_deref() == Some("show") && PICTURES.contains(&row.media_type.as_str());
    let name = utf8_percent_encode(&row.name, NON_ALPHANUMERIC);
    let disposition = if is_shown { "inline".to_owned() } else { format!("attachment; filename*=UTF-8''{name}") };
    let media_type = if is_shown { row.media_type } else { "application/octet-stream".to_owned() };
    let headers: [(HeaderName, String); 6] = [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_LENGTH, row.bytes.to_string()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CONTENT_SECURITY_POLICY, NOTHING.to_owned()),
        (header::CACHE_CONTROL, "private, max-age=3600".to_owned()),
    ];
    let mut response = Body::from_stream(ReaderStream::new(file)).into_response();
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::try_from(value).map_err(anyhow::Error::from)?);
    }
    Ok(response)
}
