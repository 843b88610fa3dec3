//! Everything that is left when the program is dead: its database, its files, what the vendors took note of.

use std::fs;

use anyhow::{Context, Result};
use app::model::Clue;
use serde_json::Value;
use signpost::delivery::dead;
use signpost::store::{self, Store};
use uuid::Uuid;

use crate::asking::TICKET;
use crate::desks::{Desks, NAMES};
use crate::judge::{Receipt, Record, Row, Sink};
use crate::program::{self, Place, Status};
use crate::readers::Readers;
use crate::tickets;
use crate::vendors::{self, Vendors};

/// Of events and votes.
pub async fn told(place: &Place, readers: &Readers, vendors: &Vendors) -> Result<Record> {
    let (rows, votes) = database(place).await?;
    let files = files(place)?;
    let sink = |status: Status| {
        let receipts = if status.name == "files" { files.clone() } else { vendors.received(&status.name) };
        let votes_only = status.name == vendors::WEBHOOK;
        let Status { name, guarantee, unknown, waiting, dead, .. } = status;
        Sink { name, guarantee, votes_only, receipts, unknown, waiting, dead }
    };
    let sinks = program::outbox(place)?.into_iter().filter(|status| status.purpose.is_some()).map(sink).collect();
    let mut acknowledged = readers.acknowledged();
    acknowledged.retain(|item| !item.starts_with(TICKET));
    Ok(Record { acknowledged, unanswered: readers.unanswered(), rows, votes, sinks })
}

/// Of tickets.
pub async fn asked(place: &Place, readers: &Readers, desks: &Desks) -> Result<tickets::Record> {
    let store = store::open(&place.data()).await?;
    let status = program::outbox(place)?;
    let mut at = Vec::new();
    for (name, (tickets, faults)) in NAMES.into_iter().zip(desks.tickets().into_iter().zip(desks.faults())) {
        let waiting = status.iter().find(|sink| sink.name == name).map_or(0, |sink| sink.waiting);
        let dead = dead::list(&store, Some(name), u32::MAX).await?.len();
        at.push(tickets::Desk { name: name.to_owned(), tickets, faults, waiting, dead });
    }
    let rows = tickets(place, &store).await?;
    store.close().await;
    Ok(tickets::Record { asked: readers.asked(), rows, desks: at })
}

#[derive(sqlx::FromRow)]
struct Ticket {
    id: String,
    secret: String,
    subject: String,
    opened_at: i64,
    #[sqlx(json)]
    dossier: Vec<Clue>,
    /// What was said, as JSON.
    #[sqlx(json)]
    said: Vec<String>,
}

async fn tickets(place: &Place, store: &Store) -> Result<Vec<tickets::Row>> {
    let tickets: Vec<Ticket> = sqlx::query_as(
        "select id, secret, subject, opened_at, dossier,
             (select json_group_array(text) from messages where ticket = tickets.id) as said from tickets",
    )
    .fetch_all(store.readers())
    .await?;
    let files: Vec<(String, String, String)> =
        sqlx::query_as("select ticket, id, name from attachments").fetch_all(store.readers()).await?;
    let files_of = |ticket: &str| -> Result<Vec<tickets::File>> {
        let own = files.iter().filter(|(of, ..)| of == ticket);
        let read = |id: &String| fs::read(place.data().join("attachments").join(id)).context("an attachment is lost");
        own.map(|(_, id, name)| Ok((name.clone(), read(id)?))).collect()
    };
    let row = |ticket: Ticket| {
        Ok(tickets::Row {
            files: files_of(&ticket.id)?,
            path: format!("/requests/{}", ticket.secret),
            name: ticket.subject,
            text: ticket.said.concat(),
            dossier: ticket.dossier.into_iter().map(|clue| clue.text).collect(),
            at: ticket.opened_at,
            id: ticket.id,
        })
    };
    tickets.into_iter().map(row).collect()
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
