//! Events become rows.

use anyhow::{Context as _, Result};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::runs::Runs;
use super::trail::is_step;
use super::{Body, Entry, Ids};
use app::model::event::VERSION;

/// Rows of one statement: enough that its cost is theirs, few enough that statements of every length stay prepared, and
/// that nobody who needs the processor meanwhile waits long for it.
const ROWS: usize = 20;

/// Writes `entries` within the transaction of their cause. Those without a session are nobody's and left out.
///
/// # Errors
/// A database that cannot be written.
pub async fn write<'a>(
    transaction: &mut SqliteConnection,
    ids: &Ids,
    entries: impl IntoIterator<Item = &'a Entry>,
) -> Result<()> {
    let of_sessions = entries.into_iter().filter_map(|entry| Some((entry, entry.context.session.as_ref()?.as_str())));
    let (granted, mut others): (Vec<_>, Vec<_>) = of_sessions.partition(|(entry, _)| entry.is_granted());
    others.retain(|(entry, _)| is_step(entry.event.kind()));
    insert(transaction, Table::Events, ids, &granted).await?;
    insert(transaction, Table::Trail, ids, &others).await
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Table {
    Events,
    Trail,
}

async fn insert(transaction: &mut SqliteConnection, table: Table, ids: &Ids, entries: &[(&Entry, &str)]) -> Result<()> {
    let (sql, failed) = match table {
        Table::Events => ("insert into events (id, at, kind, session, body, grants) ", "cannot write events"),
        Table::Trail => ("insert into trail (id, at, kind, session, body) ", "cannot write the trail"),
    };
    for entries in entries.chunks(ROWS) {
        let mut insert: QueryBuilder<Sqlite> = QueryBuilder::new(sql);
        let mut runs = Runs::default();
        insert.push_values(entries, |mut values, (entry, session)| {
            let id = ids.next();
            let text = id.to_string();
            let body = body(&text, entry);
            values
                .push_bind(text)
                .push_bind(entry.at.as_millisecond())
                .push_bind(entry.event.kind())
                .push_bind(*session)
                .push_bind(body);
            // Only sinks ask what was granted; of the trail nothing goes to them.
            if table == Table::Events {
                values.push_bind(entry.grants.letters());
                runs.note(session, id);
            }
        });
        if table == Table::Events {
            runs.write_with(&mut insert);
        }
        insert.build().execute(&mut *transaction).await.context(failed)?;
    }
    Ok(())
}

fn body(id: &str, entry: &Entry) -> String {
    let body = Body { v: VERSION, id, at: entry.at.as_millisecond(), event: &entry.event, context: &entry.context };
    serde_json::to_string(&body).expect("an event is JSON: its keys are text")
}
