//! A session's last half hour, for its reader's eyes: what a ticket may tell, and what the reader may strike out.

use anyhow::Result;
use app::model::event::Text;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::runs::{EVENTS_BY_SESSION, forget_empty};
use crate::store::Store;

/// How far back the trail goes.
pub const TRAIL: SignedDuration = SignedDuration::from_mins(30);

/// Kinds that are no step of a reader's, and tell an agent nothing.
const NO_STEPS: [&str; 3] = ["session_started", "experiment_exposed", "web_vitals"];

/// Does an event of this kind belong to the trail?
pub(super) fn is_step(kind: &str) -> bool {
    !NO_STEPS.contains(&kind)
}

/// One step of a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub id: String,
    /// Milliseconds since 1970-01-01 UTC.
    pub at: i64,
    pub kind: String,
    /// The whole event, as JSON.
    pub body: String,
}

/// What the session did in the last half hour, oldest first.
///
/// # Errors
/// A database that cannot be read.
pub async fn trail(store: &Store, session: &str, now: Timestamp) -> Result<Vec<Step>> {
    let sql = format!(
        "select id, at, kind, body from
            (select id, at, kind, body from trail where session = $1
             union all select id, at, kind, body from {EVENTS_BY_SESSION} where event_runs.session = $1)
         where at > $2 order by at, id"
    );
    let rows: Vec<(String, i64, String, String)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(session)
        .bind((now - TRAIL).as_millisecond())
        .fetch_all(store.readers())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, at, kind, body)| Step { id, at, kind, body })
        .filter(|step| is_step(&step.kind))
        .collect())
}

/// Ids of the articles that the session opened or voted on within the last half hour: they were no answer.
///
/// # Errors
/// A database that cannot be read.
pub async fn articles_read(store: &Store, session: &str, now: Timestamp) -> Result<Vec<String>> {
    let steps = trail(store, session, now).await?;
    let article =
        |step: &Step| serde_json::from_str::<Value>(&step.body).ok()?.get("article")?.as_str().map(str::to_owned);
    let read =
        steps.iter().filter(|step| ["article_viewed", "article_read", "article_rated"].contains(&step.kind.as_str()));
    Ok(read.filter_map(article).collect())
}

/// The query the session searched for last.
///
/// # Errors
/// A database that cannot be read.
pub async fn last_query(store: &Store, session: &str) -> Result<Option<Text<200>>> {
    let sql = format!(
        "select json_extract(body, '$.query') from
            (select id, kind, body from trail where session = $1
             union all select id, kind, body from {EVENTS_BY_SESSION} where event_runs.session = $1)
         where kind = 'search_performed' order by id desc limit 1"
    );
    let query: Option<String> =
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(session).fetch_optional(store.readers()).await?;
    Ok(query.map(|query| Text::of(&query)))
}

/// Strikes one step out, or all of them: it is gone, and is not sent where it was not yet.
///
/// # Errors
/// A database that cannot be written.
pub async fn trim(store: &Store, session: &str, step: Option<&str>) -> Result<()> {
    let mut transaction = store.writer().begin().await?;
    let of_trail = "delete from trail where session = $1 and ($2 is null or id = $2)".to_owned();
    let of_events = format!(
        "delete from events where id in
            (select id from {EVENTS_BY_SESSION} where event_runs.session = $1 and ($2 is null or id = $2))"
    );
    for sql in [of_trail, of_events] {
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(session).bind(step).execute(&mut *transaction).await?;
    }
    forget_empty(&mut transaction, session).await?;
    Ok(transaction.commit().await?)
}

/// Forgets what is older than half an hour, and which batches were taken too long ago to be sent again.
///
/// # Errors
/// A database that cannot be written.
pub(super) async fn forget(store: &Store, now: Timestamp) -> Result<()> {
    let ages = [("delete from trail where at <= $1", TRAIL), ("delete from event_batches where at <= $1", BATCHES)];
    for (sql, age) in ages {
        sqlx::query(sql).bind((now - age).as_millisecond()).execute(store.writer()).await?;
    }
    Ok(())
}

/// How long a batch that is sent again is known: its events wait at most three days for a connection.
const BATCHES: SignedDuration = SignedDuration::from_hours(24 * 4);
