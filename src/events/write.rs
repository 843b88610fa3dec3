//! Events become rows.

use anyhow::{Context as _, Result};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use uuid::Uuid;

use super::trail::is_step;
use super::{Body, Entry, Ids};
use app::model::event::VERSION;

/// Rows of one statement: enough that its cost is theirs, few enough that statements of every length stay prepared.
const ROWS: usize = 40;

struct Row<'a> {
    id: String,
    entry: &'a Entry,
    session: &'a str,
    body: String,
}

/// Writes `entries` within the transaction of their cause. Those without a session are nobody's and left out.
///
/// # Errors
/// A database that cannot be written.
pub async fn write<'a>(
    transaction: &mut SqliteConnection,
    ids: &Ids,
    entries: impl IntoIterator<Item = &'a Entry>,
) -> Result<()> {
    let (granted, others): (Vec<Row>, Vec<Row>) =
        entries.into_iter().filter_map(|entry| row(ids.next(), entry)).partition(|row| row.entry.is_granted());
    for rows in granted.chunks(ROWS) {
        let mut insert: QueryBuilder<Sqlite> =
            QueryBuilder::new("insert into events (id, at, kind, session, grants, body) ");
        insert.push_values(rows, |mut values, row| {
            values
                .push_bind(&row.id)
                .push_bind(row.entry.at.as_millisecond())
                .push_bind(row.entry.event.kind())
                .push_bind(row.session)
                .push_bind(row.entry.grants.letters())
                .push_bind(&row.body);
        });
        insert.build().execute(&mut *transaction).await.context("cannot write events")?;
    }
    let steps: Vec<Row> = others.into_iter().filter(|row| is_step(row.entry.event.kind())).collect();
    for rows in steps.chunks(ROWS) {
        let mut insert: QueryBuilder<Sqlite> = QueryBuilder::new("insert into trail (id, at, kind, session, body) ");
        insert.push_values(rows, |mut values, row| {
            values
                .push_bind(&row.id)
                .push_bind(row.entry.at.as_millisecond())
                .push_bind(row.entry.event.kind())
                .push_bind(row.session)
                .push_bind(&row.body);
        });
        insert.build().execute(&mut *transaction).await.context("cannot write the trail")?;
    }
    Ok(())
}

fn row(id: Uuid, entry: &Entry) -> Option<Row<'_>> {
    let session = entry.context.session.as_ref()?.as_str();
    let id = id.to_string();
    let body =
        Body { v: VERSION, id: &id, at: entry.at.as_millisecond(), event: &entry.event, context: &entry.context };
    let body = serde_json::to_string(&body).expect("an event is JSON: its keys are text");
    Some(Row { id, entry, session, body })
}
