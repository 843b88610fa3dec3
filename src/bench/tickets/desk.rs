//! A desk that takes tickets over HTTP, strictly, and remembers how often it was told of each.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use signpost::store;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::timeout;
use uuid::Uuid;

/// How long the tickets of a turn may take to arrive.
const PATIENCE: Duration = Duration::from_secs(300);

pub struct Desk {
    url: String,
    taken: Taken,
}

/// Ids of tickets, and how often each was told.
type Taken = watch::Sender<HashMap<String, u32>>;

impl Desk {
    pub async fn open() -> Result<Self> {
        let taken = Taken::default();
        let routes = Router::new().route("/tickets", post(take)).with_state(taken.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/tickets", listener.local_addr()?);
        tokio::spawn(async move {
            if let Err(cause) = axum::serve(listener, routes).await {
                eprintln!("the desk ended: {cause}");
            }
        });
        Ok(Self { url, taken })
    }

    /// Settings that send it every ticket.
    pub fn settings(&self) -> String {
        format!(
            "[connectors.desk]\ntakes = \"deeds\"\nurl = \"{}\"\nper_second = 100000\n\
             idempotency_header = \"Idempotency-Key\"\nanswer = {{ json = true, remote_id = \"/id\" }}\n\
             [[tickets.desks]]\ndesk = \"connector.desk\"\n",
            self.url
        )
    }

    /// Waits until it knows so many tickets.
    pub async fn has(&self, tickets: usize) -> Result<()> {
        let mut taken = self.taken.subscribe();
        let all = timeout(PATIENCE, taken.wait_for(|taken| taken.len() >= tickets)).await;
        let known = self.taken.borrow().len();
        all.with_context(|| format!("{known} of {tickets} tickets arrived within {PATIENCE:?}"))??;
        Ok(())
    }

    /// Compares what it was told with the tickets in `data`, and says how many these are.
    pub async fn judge(&self, data: &Path) -> Result<usize> {
        let store = store::open(data).await?;
        let ids: Vec<String> = sqlx::query_scalar("select id from tickets").fetch_all(store.readers()).await?;
        store.close().await;
        let taken = self.taken.borrow();
        let lost = ids.iter().filter(|id| !taken.contains_key(*id)).count();
        let twice = taken.values().filter(|times| **times > 1).count();
        let unknown = taken.len() + lost - ids.len();
        ensure!(lost + twice + unknown == 0, "{lost} tickets are lost, {twice} came twice, {unknown} nobody sent");
        Ok(ids.len())
    }
}

/// Takes what is whole, and nothing else.
async fn take(State(taken): State<Taken>, headers: HeaderMap, Json(deed): Json<Value>) -> (StatusCode, Json<Value>) {
    let says = |name: &str| deed[name].as_str().is_some_and(|text| !text.is_empty());
    let is_whole = deed["type"] == "ticket.opened"
        && ["subject", "text", "email", "url"].into_iter().all(says)
        && deed["dossier"].as_array().is_some_and(|clues| clues.len() >= 10);
    let ticket = deed["ticket"].as_str().filter(|id| id.parse::<Uuid>().is_ok());
    let Some(ticket) = ticket.filter(|_| is_whole && headers.contains_key("idempotency-key")) else {
        return (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "error": "this is no whole ticket" })));
    };
    taken.send_modify(|taken| *taken.entry(ticket.to_owned()).or_default() += 1);
    (StatusCode::CREATED, Json(json!({ "id": format!("D-{}", deed["number"]) })))
}
