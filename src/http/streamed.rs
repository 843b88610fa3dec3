//! A file as a response: whole or in part, never held in memory as a whole unless it lies there anyway.

use std::borrow::Cow;
use std::io::SeekFrom;
use std::ops::Range;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use super::ranges::{self, Wanted};
use super::respond;
use crate::content::Opened;

/// Bytes read from a file at once.
const PIECE: usize = 64 * 1024;

/// `file` as `request` wants it: not again, whole, or one part.
pub async fn answer(file: Opened, content_type: &'static str, request: &HeaderMap) -> anyhow::Result<Response> {
    let (length, etag, modified) = (file.bytes(), etag(&file), last_modified(&file));
    let wanted = match is_known(request, &etag, modified.as_ref()) {
        true => None,
        false => Some(ranges::wanted(request, length, &etag, modified.as_ref())),
    };
    let mut response = match wanted {
        None => StatusCode::NOT_MODIFIED.into_response(),
        Some(Wanted::Nothing) => StatusCode::RANGE_NOT_SATISFIABLE.into_response(),
        Some(Wanted::Whole) => sent(body(file, 0..length).await?, length, content_type),
        Some(Wanted::Part(ref part)) => {
            let mut response = sent(body(file, part.clone()).await?, part.end - part.start, content_type);
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            response
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::ETAG, etag);
    headers.extend(modified.map(|modified| (header::LAST_MODIFIED, modified)));
    headers.extend(wanted.and_then(|wanted| content_range(&wanted, length)).map(|it| (header::CONTENT_RANGE, it)));
    Ok(response)
}

fn sent(body: Body, length: u64, content_type: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::CONTENT_LENGTH, HeaderValue::from(length)),
    ];
    (headers, body).into_response()
}

fn content_range(wanted: &Wanted, length: u64) -> Option<HeaderValue> {
    let text = match wanted {
        Wanted::Whole => return None,
        Wanted::Part(part) => format!("bytes {}-{}/{length}", part.start, part.end - 1),
        Wanted::Nothing => format!("bytes */{length}"),
    };
    HeaderValue::try_from(text).ok()
}

async fn body(file: Opened, part: Range<u64>) -> anyhow::Result<Body> {
    match file {
        Opened::File { file, .. } => {
            let mut file = tokio::fs::File::from_std(file);
            file.seek(SeekFrom::Start(part.start)).await.context("cannot go to the part of a file that is wanted")?;
            Ok(Body::from_stream(ReaderStream::with_capacity(file.take(part.end - part.start), PIECE)))
        }
        Opened::Memory(bytes) => {
            let bytes = match bytes {
                Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                Cow::Owned(bytes) => Bytes::from(bytes),
            };
            Ok(Body::from(bytes.slice(part.start as usize..part.end as usize)))
        }
    }
}

/// Strong, so that parts of one version can be put together: what lies in the program by its bytes, a file by its
/// length and the nanosecond it was written, as its bytes would have to be read first.
fn etag(file: &Opened) -> HeaderValue {
    let text = match file {
        Opened::File { bytes, modified, .. } => {
            let since = modified.duration_since(UNIX_EPOCH).unwrap_or_default();
            format!("\"{bytes:x}-{:x}\"", since.as_nanos())
        }
        Opened::Memory(bytes) => format!("\"{}\"", &blake3::hash(bytes).to_hex()[..20]),
    };
    HeaderValue::try_from(text).expect("hexadecimal digits are visible")
}

fn last_modified(file: &Opened) -> Option<HeaderValue> {
    let Opened::File { modified, .. } = file else { return None };
    let written = DateTimePrinter::new().timestamp_to_rfc9110_string(&whole_second(*modified)?).ok()?;
    HeaderValue::try_from(written).ok()
}

fn whole_second(time: SystemTime) -> Option<Timestamp> {
    Timestamp::from_second(Timestamp::try_from(time).ok()?.as_second()).ok()
}

/// Does the client hold this version already (RFC 9110, section 13.2.2)? The date counts only without an `ETag`, and
/// only the very one we gave.
fn is_known(request: &HeaderMap, etag: &HeaderValue, modified: Option<&HeaderValue>) -> bool {
    match request.contains_key(header::IF_NONE_MATCH) {
        true => respond::is_known(request, etag),
        false => modified.is_some() && request.get(header::IF_MODIFIED_SINCE) == modified,
    }
}

impl Opened {
    fn bytes(&self) -> u64 {
        match self {
            Self::File { bytes, .. } => *bytes,
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }
}
