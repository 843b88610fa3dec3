//! Axum as one would use it first: a few routes, no layers.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use axum::{Json, Router};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use signpost::store;
use tokio::net::TcpListener;

use super::index::{Bare, Found};
use super::{INDEX, events, tickets};

#[derive(Deserialize)]
struct Asked {
    q: String,
    #[serde(default)]
    typing: Option<String>,
    /// From how many letters on a word may have a typo.
    #[serde(default)]
    letters: usize,
}

#[derive(Serialize)]
struct Results {
    total: usize,
    categories: Vec<(String, u64)>,
    hits: Vec<Hit>,
}

#[derive(Serialize)]
struct Hit {
    title: String,
    url: String,
    snippet: Option<String>,
}

/// Serves what [`super::keep`] and [`super::index`] left in `folder`, until the process is stopped.
pub async fn serve(folder: &Path) -> Result<()> {
    let mut routes = Router::new().route("/readyz", get(async || "ready\n"));
    if folder.join(INDEX).exists() {
        let index = Arc::new(Bare::open(&folder.join(INDEX))?);
        let searches =
            Router::new().route("/search", get(search)).route("/titles", get(titles)).route("/typos", get(typos));
        routes = routes.merge(searches.with_state(index));
    } else {
        // The same database, the same tables, the same pragmas.
        let store = store::open(folder).await?;
        let events = Router::new().route("/api/v1/events", post(events::collect)).route("/sink", post(async || "ok"));
        routes = routes.merge(events.with_state(events::open(store.clone())));
        let tickets = Router::new().route("/contact/draft/{secret}", post(tickets::take));
        routes = routes.merge(tickets.with_state(tickets::open(store)));
    }
    for form in ["br", "identity"].into_iter().filter(|form| folder.join(form).exists()) {
        let page = Page::read(folder, form)?;
        routes = routes.route(&format!("/{form}"), get(async move || page.clone()));
    }
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        if let Err(cause) = stream.set_nodelay(true) {
            eprintln!("cannot set TCP_NODELAY: {cause}");
        }
    });
    Ok(axum::serve(listener, routes).await?)
}

/// What is sent, as it is.
#[derive(Clone)]
struct Page {
    headers: HeaderMap,
    body: Bytes,
}

impl Page {
    fn read(folder: &Path, form: &str) -> Result<Self> {
        let body = std::fs::read(folder.join(form))?.into();
        let headers = std::fs::read(folder.join(form).with_extension("json"))?;
        let headers: HashMap<String, String> = serde_json::from_slice(&headers)?;
        Ok(Self { headers: HeaderMap::try_from(&headers)?, body })
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        (self.headers, self.body).into_response()
    }
}

async fn search(State(index): State<Arc<Bare>>, Query(asked): Query<Asked>) -> Result<Json<Results>, StatusCode> {
    let Found { total, categories, hits } = index.search(&asked.q, asked.typing.is_some()).map_err(failed)?;
    let hits = hits.into_iter().map(|(title, snippet)| hit(title, Some(snippet))).collect();
    Ok(Json(Results { total, categories, hits }))
}

async fn titles(State(index): State<Arc<Bare>>, Query(asked): Query<Asked>) -> Result<Json<Vec<Hit>>, StatusCode> {
    listed(index.titles(&asked.q, asked.typing.is_some()))
}

async fn typos(State(index): State<Arc<Bare>>, Query(asked): Query<Asked>) -> Result<Json<Vec<Hit>>, StatusCode> {
    listed(index.with_typos(&asked.q, asked.typing.is_some(), asked.letters))
}

fn listed(found: Result<Vec<&(String, String)>>) -> Result<Json<Vec<Hit>>, StatusCode> {
    Ok(Json(found.map_err(failed)?.into_iter().map(|title| hit(title, None)).collect()))
}

fn hit((title, path): &(String, String), snippet: Option<String>) -> Hit {
    Hit { title: title.clone(), url: path.clone(), snippet }
}

fn failed(cause: anyhow::Error) -> StatusCode {
    eprintln!("a search failed: {cause:#}");
    StatusCode::INTERNAL_SERVER_ERROR
}
