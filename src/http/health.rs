//! Is the program alive, is it ready, what are its figures.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;

use crate::{Help, telemetry};

/// The process answers.
pub async fn live() -> &'static str {
    "alive\n"
}

/// Ready or not, in a word: anyone may ask.
pub async fn ready(State(help): State<Arc<Help>>) -> Response {
    let ready = readiness(&help).await.ready;
    (status(ready), if ready { "ready\n" } else { "not ready\n" }).into_response()
}

/// Ready or not, and why: for operators.
pub async fn ready_in_detail(State(help): State<Arc<Help>>) -> Response {
    let readiness = readiness(&help).await;
    (status(readiness.ready), Json(readiness)).into_response()
}

fn status(ready: bool) -> StatusCode {
    if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}

#[derive(Debug, Serialize)]
struct Readiness {
    ready: bool,
    pages: usize,
    /// Canary queries run now against the index that serves, and what they missed.
    canaries: usize,
    canaries_missed: Vec<String>,
    /// Why the database cannot be written.
    database: Option<String>,
}

/// Really asks: pages to show, canaries found, a row written.
async fn readiness(help: &Help) -> Readiness {
    let edition = help.edition.load_full();
    let canaries = crate::search::canaries(&edition.index, &edition.snapshot);
    let missed: Vec<_> = canaries.iter().filter(|canary| !canary.found).map(|canary| canary.query.clone()).collect();
    let pages = edition.snapshot.view(&crate::identity::anonymous()).pages().count();
    let database = help.store.prove_writable(Timestamp::now()).await.err().map(|error| format!("{error:#}"));
    let ready = missed.is_empty() && database.is_none();
    Readiness { ready, pages, canaries: canaries.len(), canaries_missed: missed, database }
}

pub async fn metrics(State(help): State<Arc<Help>>) -> Response {
    ([(header::CONTENT_TYPE, telemetry::METRICS_CONTENT_TYPE)], help.metrics.text()).into_response()
}
