//! Everything that is left when the program is dead: its database, its files, what the vendors took note of.

use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;
use signpost::store;
use uuid::Uuid;

use crate::judge::{Receipt, Record, Row, Sink};
use crate::program::{self, Place, Status};
use crate::readers::Readers;
use crate::vendors::{self, Vendors};

pub async fn take(place: &Place, readers: &Readers, vendors: &Vendors) -> Result<Record> {
    let (rows, votes) = database(place).await?;
    let files = files(place)?;
    let sink = |status: Status| {
        let receipts = if status.name == "files" { files.clone() } else { vendors.received(&status.name) };
        let votes_only = status.name == vendors::WEBHOOK;
        let Status { name, guarantee, unknown, waiting, dead } = status;
        Sink { name, guarantee, votes_only, receipts, unknown, waiting, dead }
    };
    // Letters go by mail, no events.
    let of_events = |status: &Status| status.name != signpost::mail::CHANNEL;
    let sinks = program::outbox(place)?.into_iter().filter(of_events).map(sink).collect();
    let (acknowledged, unanswered) = (readers.acknowledged(), readers.unanswered());
    Ok(Record { acknowledged, unanswered, rows, votes, sinks })
}

/// Events and votes.
async fn database(place: &Place) -> Result<(Vec<Row>, Vec<String>)> {
    let store = store::open(&place.data()).await?;
    let events: Vec<(String, String)> =
        sqlx::query_as("select id, body from events order by id").fetch_all(store.readers()).await?;
    let votes = sqlx::query_scalar("select comment from votes").fetch_all(store.readers()).await?;
    store.close().await;
    let rows = events.into_iter().map(|(id, body)| row(id, &body)).collect::<Result<_>>()?;
    Ok((rows, votes))
}

fn row(id: String, body: &str) -> Result<Row> {
    let Receipt { item, .. } = vendors::receipt(&serde_json::from_str(body)?, "id", "");
    // As of version 7: the time stands first (RFC 9562 section 5.7).
    let at = (id.parse::<Uuid>()?.as_u128() >> 80).try_into()?;
    Ok(Row { id, item, at })
}

/// Every line of every whole file: each is a copy of its own.
pub fn files(place: &Place) -> Result<Vec<Receipt>> {
    let mut receipts = Vec::new();
    let Ok(days) = fs::read_dir(place.files()) else { return Ok(receipts) };
    for day in days {
        for file in fs::read_dir(day?.path())? {
            let path = file?.path();
            // What the program was writing when it was killed has another name.
            if path.extension().is_some_and(|extension| extension == "ndjson") {
                let text = fs::read_to_string(&path)?;
                for (number, line) in text.lines().enumerate() {
                    let event: Value =
                        serde_json::from_str(line).with_context(|| format!("{} is not whole", path.display()))?;
                    receipts.push(vendors::receipt(&event, "id", &format!("{}:{number}", path.display())));
                }
            }
        }
    }
    Ok(receipts)
}
