//! Taking events as one would write it first: parse, hand to a writer that commits what waits together.

use std::sync::Arc;

use anyhow::Result;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use serde_json::Value;
use signpost::store::Store;
use sqlx::QueryBuilder;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

const GROUP: usize = 256;
const ROWS: usize = 40;

pub struct Batch {
    events: Vec<Value>,
    id: String,
    session: String,
    done: oneshot::Sender<bool>,
}

pub type Queue = Arc<mpsc::Sender<Batch>>;

/// Starts the writer.
pub fn open(store: Store) -> Queue {
    let (sender, queue) = mpsc::channel(1024);
    tokio::spawn(write(store, queue));
    Arc::new(sender)
}

pub async fn collect(State(queue): State<Queue>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let Ok(Value::Object(mut batch)) = serde_json::from_slice(&body) else { return StatusCode::BAD_REQUEST };
    let (Some(Value::Array(events)), Some(Value::String(id))) = (batch.remove("events"), batch.remove("id")) else {
        return StatusCode::BAD_REQUEST;
    };
    let cookies = headers.get(header::COOKIE).and_then(|cookies| cookies.to_str().ok()).unwrap_or_default();
    let session = cookies.rsplit('=').next().unwrap_or_default().to_owned();
    let (done, written) = oneshot::channel();
    if queue.try_send(Batch { events, id, session, done }).is_err() {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    match written.await {
        Ok(true) => StatusCode::NO_CONTENT,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

async fn write(store: Store, mut queue: mpsc::Receiver<Batch>) {
    let mut group = Vec::with_capacity(GROUP);
    while queue.recv_many(&mut group, GROUP).await > 0 {
        let good = commit(&store, &group).await.inspect_err(|cause| eprintln!("cannot write: {cause:#}")).is_ok();
        for batch in group.drain(..) {
            if batch.done.send(good).is_err() {
                eprintln!("the sender of a batch did not wait");
            }
        }
    }
}

async fn commit(store: &Store, group: &[Batch]) -> Result<()> {
    let mut transaction = store.writer().begin().await?;
    let now = Timestamp::now().as_millisecond();
    for batch in group {
        sqlx::query("insert into event_batches (id, at) values ($1, $2) on conflict (id) do nothing")
            .bind(&batch.id)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
    }
    let id = || Uuid::now_v7().to_string();
    let events = group.iter().flat_map(|batch| batch.events.iter().map(|event| (id(), &batch.session, event)));
    let events: Vec<(String, &String, &Value)> = events.collect();
    for run in events.chunk_by(|(_, one, _), (_, next, _)| one == next) {
        sqlx::query("insert into event_runs (session, first, last) values ($1, $2, $3)")
            .bind(run[0].1)
            .bind(&run[0].0)
            .bind(&run[run.len() - 1].0)
            .execute(&mut *transaction)
            .await?;
    }
    for rows in events.chunks(ROWS) {
        let mut insert: QueryBuilder<sqlx::Sqlite> =
            QueryBuilder::new("insert into events (id, at, kind, session, grants, body) ");
        insert.push_values(rows, |mut values, (id, session, event)| {
            let body = format!(
                r#"{{"v":1,"id":"{id}","at":{now},"session":"{session}","locale":"en","device":"desktop","release":"0123456789ab","event":{event}}}"#
            );
            values
                .push_bind(id)
                .push_bind(now)
                .push_bind(event["kind"].as_str().unwrap_or_default().to_owned())
                .push_bind(session.as_str())
                .push_bind("a")
                .push_bind(body);
        });
        insert.build().execute(&mut *transaction).await?;
    }
    Ok(transaction.commit().await?)
}
