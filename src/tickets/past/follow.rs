//! The index of past tickets is filled, then follows every change.

use std::sync::atomic::Ordering;

use anyhow::{Context, Result};
use tantivy::{IndexWriter, Term};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tracing::info;

use super::super::Tickets;
use super::Past;
use super::form::{Indexed, READ};

/// Tickets read at once.
const BATCH: i64 = 500;
/// Bytes the writer may hold before it writes a segment.
const MEMORY: usize = 32 << 20;

/// Fills `past`, and ends when nobody changes tickets any more.
pub async fn follow(tickets: &Tickets, past: &Past) -> Result<()> {
    // Before anything is read, so that no change is missed.
    let mut changes = tickets.watch();
    let mut writer = past.index.writer_with_num_threads(1, MEMORY).context("cannot write the index of past tickets")?;
    let mut newest = fill(tickets, past, &mut writer).await?;
    publish(past, &mut writer)?;
    past.whole.store(true, Ordering::Release);
    info!(tickets = past.reader.searcher().num_docs(), "past tickets can be searched");
    while let Some(changed) = next(&mut changes).await {
        let rows = match changed {
            Changes::These(ids) => these(tickets, &ids).await?,
            Changes::Many => since(tickets, newest).await?,
        };
        newest = rows.iter().map(|row| row.updated_at).fold(newest, i64::max);
        for row in rows {
            put(past, &writer, &row)?;
        }
        publish(past, &mut writer)?;
    }
    Ok(())
}

/// What changed; all that waits at once.
enum Changes {
    These(Vec<String>),
    /// More than were remembered.
    Many,
}

async fn next(changes: &mut Receiver<String>) -> Option<Changes> {
    let mut ids = match changes.recv().await {
        Ok(id) => vec![id],
        Err(RecvError::Lagged(_)) => return Some(Changes::Many),
        Err(RecvError::Closed) => return None,
    };
    loop {
        match changes.try_recv() {
            Ok(id) => ids.push(id),
            Err(TryRecvError::Lagged(_)) => return Some(Changes::Many),
            Err(TryRecvError::Empty | TryRecvError::Closed) => return Some(Changes::These(ids)),
        }
    }
}

/// Time of the newest change.
async fn fill(tickets: &Tickets, past: &Past, writer: &mut IndexWriter) -> Result<i64> {
    let (mut after, mut newest) = (String::new(), 0);
    loop {
        let rows: Vec<Indexed> =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("{READ} where id > $1 order by id limit $2")))
                .bind(&after)
                .bind(BATCH)
                .fetch_all(tickets.store.readers())
                .await
                .context("cannot read past tickets")?;
        let Some(last) = rows.last() else { return Ok(newest) };
        after.clone_from(&last.id);
        for row in &rows {
            newest = newest.max(row.updated_at);
            writer.add_document(row.document(&past.fields))?;
        }
    }
}

async fn these(tickets: &Tickets, ids: &[String]) -> Result<Vec<Indexed>> {
    let ids = serde_json::to_string(ids)?;
    let sql = format!("{READ} where id in (select value from json_each($1))");
    let rows = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(ids).fetch_all(tickets.store.readers()).await;
    rows.context("cannot read tickets that changed")
}

async fn since(tickets: &Tickets, newest: i64) -> Result<Vec<Indexed>> {
    let sql = format!("{READ} where updated_at >= $1");
    let rows = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(newest).fetch_all(tickets.store.readers()).await;
    rows.context("cannot read tickets that changed")
}

fn put(past: &Past, writer: &IndexWriter, row: &Indexed) -> Result<()> {
    writer.delete_term(Term::from_field_text(past.fields.id, &row.id));
    writer.add_document(row.document(&past.fields))?;
    Ok(())
}

fn publish(past: &Past, writer: &mut IndexWriter) -> Result<()> {
    writer.commit().context("cannot write the index of past tickets")?;
    past.reader.reload().context("cannot open the index of past tickets")
}
