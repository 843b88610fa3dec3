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
    let (granted, others): (Vec<&Entry>, Vec<&Entry>) = entries.into_iter().partition(|entry| entry.is_granted());
    let steps = others.into_iter().filter(|entry| is_step(entry.event.kind()));
    let row = |entry| row(ids.next(), entry);
    insert(transaction, Table::Events, granted.into_iter().filter_map(row).collect()).await?;
    insert(transaction, Table::Trail, steps.filter_map(row).collect()).await
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Table {
    Events,
    Trail,
}

async fn insert(transaction: &mut SqliteConnection, table: Table, rows: Vec<Row<'_>>) -> Result<()> {
    let (sql, failed) = match table {
        Table::Events => ("insert into events (id, at, kind, session, body, grants) ", "cannot write events"),
        Table::Trail => ("insert into trail (id, at, kind, session, body) ", "cannot write the trail"),
    };
    for rows in rows.chunks(ROWS) {
        let mut insert: QueryBuilder<Sqlite> = QueryBuilder::new(sql);
        insert.push_values(rows, |mut values, row| {
            values
                .push_bind(&row.id)
                .push_bind(row.entry.at.as_millisecond())
                .push_bind(row.entry.event.kind())
                .push_bind(row.session)
                .push_bind(&row.body);
            // Only sinks ask what was granted; of the trail nothing goes to them.
            if table == Table::Events {
                values.push_bind(row.entry.grants.letters());
            }
        });
        insert.build().execute(&mut *transaction).await.context(failed)?;
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
