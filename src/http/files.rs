//! Files: the program's own assets, and what lies beside the pages.

use std::sync::Arc;

use anyhow::Context;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::asked::Asked;
use super::error::Error;
use super::respond::{self, Encoding};
use super::streamed;
use crate::content::Media;
use crate::{Help, assets};

/// The name holds a hash of the bytes, so they never change.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// An SVG opened by itself is a document: it may show, not run.
const PICTURE_ONLY: HeaderValue = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

pub async fn asset(
    State(help): State<Arc<Help>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    if let Some(own) = help.brand.iter().chain(&help.logo).find(|own| own.name == name) {
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(own.content_type)),
            (header::CACHE_CONTROL, IMMUTABLE),
            (header::CONTENT_SECURITY_POLICY, PICTURE_ONLY),
        ];
        return Ok((headers, own.bytes.clone()).into_response());
    }
    let asset = assets::get(&name).ok_or(Error::NotFound)?;
    let cache = if asset.is_immutable() { IMMUTABLE } else { A_DAY };
    Ok(send(asset, &headers, cache))
}

pub async fn favicon(headers: HeaderMap) -> Result<Response, Error> {
    let asset = assets::get("favicon.svg").ok_or(Error::NotFound)?;
    Ok(send(asset, &headers, A_DAY))
}

fn send(asset: &'static assets::Asset, request: &HeaderMap, cache: HeaderValue) -> Response {
    let (bytes, encoding) = match (respond::best_encoding(request), asset.brotli, asset.gzip) {
        (Encoding::Brotli, Some(brotli), _) => (brotli, Some("br")),
        (Encoding::Brotli | Encoding::Gzip, _, Some(gzip)) => (gzip, Some("gzip")),
        _ => (asset.bytes, None),
    };
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    headers.insert(header::CACHE_CONTROL, cache);
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// A file from beside the pages: opened when it is asked for, and sent as it is read.
pub async fn media(help: &Arc<Help>, asked: &Asked, media: &Media, headers: &HeaderMap) -> Result<Response, Error> {
    let (source, wanted) = (help.source.clone(), media.clone());
    let opened = tokio::task::spawn_blocking(move || source.open(&wanted)).await.map_err(anyhow::Error::from)?;
    let opened = opened.with_context(|| format!("cannot open {} beside the pages", media.source))?;
    let mut response = streamed::answer(opened, media.content_type, headers).await?;
    let public = asked.viewer.is_public();
    let cache = if public { "public, max-age=300" } else { "private, no-cache" };
    let out = response.headers_mut();
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if media.content_type == "image/svg+xml" {
        out.insert(header::CONTENT_SECURITY_POLICY, PICTURE_ONLY);
    }
    Ok(response)
}
