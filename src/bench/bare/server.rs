//! Axum as one would use it first: three routes, no layers.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::serve::ListenerExt;
use axum::{Json, Router};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use super::index::Bare;

#[derive(Deserialize)]
struct Asked {
    q: String,
    #[serde(default)]
    typing: Option<String>,
}

#[derive(Serialize)]
struct Hit {
    title: String,
    url: String,
}

/// Serves what [`super::prepare`] left in `folder`, until the process is stopped.
pub async fn serve(folder: &Path) -> Result<()> {
    let (brotli, html) = (read(folder, "br")?, read(folder, "identity")?);
    let index = Arc::new(Bare::open(&folder.join("index"))?);
    let routes = Router::new()
        .route("/br", get(async move || brotli.clone()))
        .route("/identity", get(async move || html.clone()))
        .route("/readyz", get(async || "ready\n"))
        .route("/search", get(search))
        .with_state(index);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        if let Err(cause) = stream.set_nodelay(true) {
            eprintln!("cannot set TCP_NODELAY: {cause}");
        }
    });
    Ok(axum::serve(listener, routes).await?)
}

fn read(folder: &Path, name: &str) -> Result<Bytes> {
    Ok(std::fs::read(folder.join(name))?.into())
}

async fn search(State(index): State<Arc<Bare>>, Query(asked): Query<Asked>) -> Result<Json<Vec<Hit>>, StatusCode> {
    let found = index.search(&asked.q, asked.typing.is_some()).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let hit = |(title, path): &(String, String)| Hit { title: title.clone(), url: path.clone() };
    Ok(Json(found.into_iter().map(hit).collect()))
}
