//! The vendors: each reads what it is sent as its contract says, and takes note of every event.

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use fastrand::Rng;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::judge::Receipt;

/// The most milliseconds that a vendor takes to take note, and once more to answer.
const SLOWEST: u64 = 10;
/// Sinks that keep up, besides `files`. The other two are asked fifty times a second at most: behind them much waits
/// always, which would make every round count.
const QUICK: [&str; 2] = ["mixpanel", "connector.up"];
pub const WEBHOOK: &str = "webhook.votes";

pub struct Vendors {
    pub url: String,
    shared: Arc<Shared>,
}

struct Shared {
    received: Mutex<BTreeMap<&'static str, Vec<Receipt>>>,
    is_risen: AtomicBool,
    rng: Mutex<Rng>,
}

type Vendor = State<Arc<Shared>>;

impl Vendors {
    /// Opens them, but for the one behind `connector.down`.
    pub async fn open(rng: Rng) -> Result<Self> {
        let (received, is_risen, rng) = (Mutex::default(), AtomicBool::new(false), Mutex::new(rng));
        let shared = Arc::new(Shared { received, is_risen, rng });
        let routes = Router::new()
            .route("/ga4/mp/collect", post(ga4))
            .route("/mixpanel/import", post(mixpanel))
            .route("/up", post(up))
            .route("/down", post(down))
            .route("/votes", post(votes))
            .with_state(shared.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        tokio::spawn(async move {
            if let Err(cause) = axum::serve(listener, routes).await {
                eprintln!("the vendors do not listen any more: {cause}");
            }
        });
        Ok(Self { url, shared })
    }

    /// The one that was down all the time is up.
    pub fn rise(&self) {
        self.shared.is_risen.store(true, Ordering::SeqCst);
    }

    pub fn received(&self, sink: &str) -> Vec<Receipt> {
        let received = self.shared.received.lock().unwrap_or_else(PoisonError::into_inner);
        received.get(sink).cloned().unwrap_or_default()
    }

    /// How many of `items` did not arrive yet at every sink that keeps up.
    pub fn in_flight(&self, items: &HashSet<String>, files: &[Receipt]) -> usize {
        let received = self.shared.received.lock().unwrap_or_else(PoisonError::into_inner);
        let quick = QUICK.map(|sink| received.get(sink).map_or(&[][..], Vec::as_slice));
        let arrived = quick.into_iter().chain([files]).map(|receipts| receipts.iter().map(|one| &one.item).collect());
        let arrived: Vec<HashSet<&String>> = arrived.collect();
        items.iter().filter(|item| !arrived.iter().all(|items| items.contains(item))).count()
    }
}

impl Shared {
    /// Takes note some time after it was asked, and answers some time after that: a kill finds requests that will not
    /// be taken and answers that will not arrive.
    async fn take(&self, sink: &'static str, receipts: Vec<Receipt>) -> StatusCode {
        if receipts.is_empty() || receipts.iter().any(|receipt| receipt.id.is_empty()) {
            return StatusCode::BAD_REQUEST;
        }
        self.pass_time().await;
        self.received.lock().unwrap_or_else(PoisonError::into_inner).entry(sink).or_default().extend(receipts);
        self.pass_time().await;
        StatusCode::OK
    }

    async fn pass_time(&self) {
        let wait = self.rng.lock().unwrap_or_else(PoisonError::into_inner).u64(..=SLOWEST);
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
}

/// An event whose id is `id`: a vote's item is its comment, that of any other event its article.
pub fn receipt(fields: &Value, id: &str, key: &str) -> Receipt {
    let item = ["comment", "article", "article_id"].iter().find_map(|name| fields[name].as_str());
    let id = fields[id].as_str().unwrap_or_default().to_owned();
    Receipt { id, item: item.unwrap_or_default().to_owned(), key: key.to_owned() }
}

fn list(body: &Value) -> &[Value] {
    body.as_array().map_or(&[], Vec::as_slice)
}

/// Counts what comes twice as two.
async fn ga4(State(shared): Vendor, Json(body): Json<Value>) -> StatusCode {
    let copy = |event: &Value| receipt(&event["params"], "hc_event_id", &Uuid::now_v7().to_string());
    shared.take("ga4", list(&body["events"]).iter().map(copy).collect()).await
}

/// Counts what comes twice under the same `$insert_id` as one.
async fn mixpanel(State(shared): Vendor, Json(body): Json<Value>) -> (StatusCode, Json<Value>) {
    let events = list(&body).iter().map(|event| &event["properties"]);
    let taken = |event: &Value| receipt(event, "$insert_id", event["$insert_id"].as_str().unwrap_or_default());
    let status = shared.take("mixpanel", events.map(taken).collect()).await;
    (status, Json(json!({ "code": 200, "status": "OK", "num_records_imported": list(&body).len() })))
}

async fn up(State(shared): Vendor, headers: HeaderMap, Json(body): Json<Value>) -> StatusCode {
    shared.take("connector.up", batch(&headers, &body)).await
}

async fn down(State(shared): Vendor, headers: HeaderMap, Json(body): Json<Value>) -> StatusCode {
    if !shared.is_risen.load(Ordering::SeqCst) {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    shared.take("connector.down", batch(&headers, &body)).await
}

fn batch(headers: &HeaderMap, body: &Value) -> Vec<Receipt> {
    let key = header(headers, "idempotency-key");
    list(&body["events"]).iter().map(|event| receipt(event, "id", key)).collect()
}

async fn votes(State(shared): Vendor, headers: HeaderMap, Json(body): Json<Value>) -> StatusCode {
    shared.take(WEBHOOK, vec![receipt(&body["data"], "id", header(&headers, "webhook-id"))]).await
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
