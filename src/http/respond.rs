//! An [`Answer`] becomes a response: not modified, or the form the client understands best.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::answers::Answer;
use crate::identity::Viewer;

/// Must be asked again each time, which a 304 makes cheap; a viewer's own never lies in a shared cache.
fn cache_control(viewer: &Viewer) -> HeaderValue {
    HeaderValue::from_static(if viewer.is_public() { "public, no-cache" } else { "private, no-cache" })
}

pub const HTML: &str = "text/html; charset=utf-8";

const VARY: HeaderValue = HeaderValue::from_static("Accept-Encoding, Authorization, Cookie");

/// Headers of a page, about: room is made once.
const HEADERS: usize = 14;

/// Sends `answer` as `request` wants it.
pub fn send(answer: &Answer, request: &HeaderMap, viewer: &Viewer) -> Response {
    let mut response = if is_known(request, &answer.etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        encoded(answer, request)
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, answer.etag.clone());
    headers.insert(header::CACHE_CONTROL, cache_control(viewer));
    headers.insert(header::VARY, VARY);
    response
}

/// Sends a page made for this one request, which nobody may keep.
pub fn send_once(html: String, request: &HeaderMap) -> Response {
    let mut response = encoded(&Answer::new(HTML, html), request);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response.headers_mut().insert(header::VARY, VARY);
    response
}

fn encoded(answer: &Answer, request: &HeaderMap) -> Response {
    let (body, encoding) = match best_encoding(request) {
        Encoding::Brotli => (answer.brotli(), Some("br")),
        Encoding::Gzip => (answer.gzip(), Some("gzip")),
        Encoding::Identity => (answer.body.clone(), None),
    };
    let mut response = Response::new(Body::from(body));
    response.headers_mut().reserve(HEADERS);
    response.headers_mut().insert(header::CONTENT_TYPE, answer.content_type.clone());
    if let Some(encoding) = encoding {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Does the client hold this version already (`If-None-Match`, RFC 9110, section 13.1.2)?
pub fn is_known(request: &HeaderMap, etag: &HeaderValue) -> bool {
    let (Some(known), Ok(etag)) = (request.get(header::IF_NONE_MATCH), etag.to_str()) else { return false };
    let Ok(known) = known.to_str() else { return false };
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    known.trim() == "*" || known.split(',').any(|tag| opaque(tag) == opaque(etag))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

/// The best of what we have that the client accepts (`Accept-Encoding`, RFC 9110, section 12.5.3).
pub fn best_encoding(request: &HeaderMap) -> Encoding {
    let accepted = request.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepts = |name: &str| {
        accepted.split(',').any(|coding| {
            let (coding, quality) = coding.split_once(';').unwrap_or((coding, "q=1"));
            coding.trim().eq_ignore_ascii_case(name) && !is_zero(quality)
        })
    };
    match () {
        () if accepts("br") => Encoding::Brotli,
        () if accepts("gzip") => Encoding::Gzip,
        () => Encoding::Identity,
    }
}

/// `q=0`, `q=0.000`: not acceptable.
fn is_zero(quality: &str) -> bool {
    quality.trim().trim_start_matches("q=").parse::<f32>().is_ok_and(|quality| quality == 0.0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_client_gets_what_it_accepts() {
        let check = |accepted: &str, expect: Encoding| {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, accepted.parse().unwrap())]);
            assert_eq!(best_encoding(&headers), expect, "{accepted}");
        };
        check("gzip, deflate, br, zstd", Encoding::Brotli);
        check("gzip;q=1.0, br;q=0", Encoding::Gzip);
        check("GZIP", Encoding::Gzip);
        check("deflate", Encoding::Identity);
        check("", Encoding::Identity);
        assert_eq!(best_encoding(&HeaderMap::new()), Encoding::Identity);
    }

    #[test]
    fn a_known_version_is_not_sent_again() {
        let check = |known: &str, expect: bool| {
            let headers = HeaderMap::from_iter([(header::IF_NONE_MATCH, known.parse().unwrap())]);
            assert_eq!(is_known(&headers, &HeaderValue::from_static("W/\"abc\"")), expect, "{known}");
        };
        check("W/\"abc\"", true);
        check("\"abc\"", true);
        check("\"x\", W/\"abc\"", true);
        check("*", true);
        check("\"x\"", false);
        assert!(!is_known(&HeaderMap::new(), &HeaderValue::from_static("W/\"abc\"")));
    }
}
