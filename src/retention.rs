//! How long what is kept is kept: ages by table, counts that outlive the rows, and the proof of what went.

use anyhow::{Context, Result, ensure};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;
use sqlx::SqliteConnection;
use tracing::info;

use crate::events;
use crate::store::{Store, day, first_id};

/// `[retention]`: ages in days.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Events of sessions, since they came.
    pub events_days: u32,
    /// Proofs of what readers chose.
    pub consents_days: u32,
    /// Votes, which cannot be led back to a session.
    pub votes_days: u32,
    /// Anonymous counts by day: openings, searches, events.
    pub counts_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { events_days: 395, consents_days: 1095, votes_days: 1095, counts_days: 1095 }
    }
}

impl Settings {
    /// # Errors
    /// Events that would go before their day is counted.
    pub fn check(&self) -> Result<()> {
        ensure!(
            i64::from(self.events_days) > LATE,
            "retention.events_days is {}; take at least {}: a day is counted when no more of its events can come",
            self.events_days,
            LATE + 1
        );
        Ok(())
    }
}

/// Days that an event may be late: so long it waits for a connection.
const LATE: i64 = 3;

/// Rows that are deleted in one transaction: others need not wait long for theirs.
const PIECE: i64 = 5_000;

/// A table whose rows have an age. Events have theirs, too, and more to go with them.
struct Aged {
    table: &'static str,
    key: &'static str,
    since: Since,
    days: u32,
}

/// What says when a row began to age.
enum Since {
    /// `at`, in milliseconds.
    At,
    /// `day`.
    Day,
}

fn tables(settings: &Settings) -> [Aged; 5] {
    let by_day = |table, key, days| Aged { table, key, since: Since::Day, days };
    [
        Aged { table: "consents", key: "id", since: Since::At, days: settings.consents_days },
        by_day("votes", "id", settings.votes_days),
        by_day("article_views", "article_id, day", settings.counts_days),
        by_day("search_counts", "day, locale, query", settings.counts_days),
        by_day("event_counts", "day, kind, locale", settings.counts_days),
    ]
}

/// Counts the days that are over, deletes what is too old, and writes down how much of what went.
///
/// # Errors
/// A database that cannot be written.
pub async fn run(store: &Store, settings: &Settings, now: Timestamp) -> Result<()> {
    count_days(store, now).await.context("cannot count the events of past days")?;
    let before = |days: u32| now - SignedDuration::from_hours(24 * i64::from(days));
    let days = settings.events_days;
    let rows = events::purge(store, before(days), PIECE).await.context("cannot purge events")?;
    prove(store, "events", days, before(days), rows, now).await?;
    for aged in tables(settings) {
        let before = before(aged.days);
        let rows = purge(store, &aged, before).await.with_context(|| format!("cannot purge {}", aged.table))?;
        prove(store, aged.table, aged.days, before, rows, now).await?;
    }
    Ok(())
}

/// Writes down how many rows went, if any did.
async fn prove(store: &Store, table: &str, days: u32, before: Timestamp, rows: u64, now: Timestamp) -> Result<()> {
    if rows == 0 {
        return Ok(());
    }
    info!(table, rows, "deleted what is older than {days} days");
    let detail = json!({ "table": table, "older_than": before.to_string(), "rows": rows });
    write_down(&mut *store.writer().acquire().await?, "purge", &detail, now).await
}

/// Each day is counted once, when no more of its events can come.
async fn count_days(store: &Store, now: Timestamp) -> Result<()> {
    const DAY: i64 = 86_400_000;
    let counted: Option<i64> =
        sqlx::query_scalar("select max(day) from event_counts").fetch_one(store.readers()).await?;
    let from = counted.map_or(0, |day| (day + 1) * DAY);
    sqlx::query(
        "insert into event_counts (day, kind, locale, events, sessions)
         select at / $1, kind, coalesce(json_extract(body, '$.locale'), ''), count(*), count(distinct session)
         from events where id >= $4 and at >= $2 and at < $3 group by 1, 2, 3
         on conflict (day, kind, locale) do nothing",
    )
    .bind(DAY)
    .bind(from)
    .bind((day(now) - LATE) * DAY)
    // None came before it happened.
    .bind(first_id(Timestamp::from_millisecond(from)?))
    .execute(store.writer())
    .await?;
    Ok(())
}

async fn purge(store: &Store, aged: &Aged, before: Timestamp) -> Result<u64> {
    let Aged { table, key, since, .. } = aged;
    let column = match since {
        Since::At => "at",
        Since::Day => "day",
    };
    let sql =
        format!("delete from {table} where ({key}) in (select {key} from {table} where {column} < $1 limit {PIECE})");
    let mut deleted = 0;
    loop {
        let delete = sqlx::query(sqlx::AssertSqlSafe(sql.as_str()));
        let delete = match since {
            Since::At => delete.bind(before.as_millisecond()),
            Since::Day => delete.bind(day(before)),
        };
        let rows = delete.execute(store.writer()).await?;
        deleted += rows.rows_affected();
        if rows.rows_affected() < PIECE as u64 {
            return Ok(deleted);
        }
    }
}

/// The newest deeds of the audit log: when (milliseconds since 1970), what, and details as JSON.
///
/// # Errors
/// A database that cannot be read.
pub async fn audit(store: &Store, limit: u32) -> Result<Vec<(i64, String, String)>> {
    let deeds = sqlx::query_as("select at, deed, detail from audit order by id desc limit $1").bind(limit);
    Ok(deeds.fetch_all(store.readers()).await?)
}

/// Adds a deed to the audit log, in the transaction of the deed.
///
/// # Errors
/// A database that cannot be written.
pub async fn write_down(
    transaction: &mut SqliteConnection,
    deed: &str,
    detail: &serde_json::Value,
    now: Timestamp,
) -> Result<()> {
    sqlx::query("insert into audit (id, at, deed, detail) values ($1, $2, $3, $4)")
        .bind(uuid::Uuid::now_v7().to_string())
        .bind(now.as_millisecond())
        .bind(deed)
        .bind(detail.to_string())
        .execute(transaction)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// One that came two days after it happened.
    async fn add_event(store: &Store, number: &str, at: Timestamp, session: &str) {
        sqlx::query(
            "insert into events (id, at, kind, session, grants, body) values ($1, $2, 'page_viewed', $3, 'a', $4)",
        )
        .bind(first_id(at + SignedDuration::from_hours(48)) + number)
        .bind(at.as_millisecond())
        .bind(session)
        .bind(r#"{"locale":"en"}"#)
        .execute(store.writer())
        .await
        .unwrap();
    }

    #[tokio::test]
    async fn what_is_too_old_goes_its_counts_stay_and_the_deed_is_written_down() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).await.unwrap();
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let before = |days: i64| now - SignedDuration::from_hours(24 * days);
        for (id, days, session) in [
            ("1", 400, "one"),
            ("2", 400, "one"),
            ("3", 400, "two"),
            ("4", 396, "two"),
            ("5", 5, "two"),
            ("6", 2, "two"),
        ] {
            add_event(&store, id, before(days), session).await;
        }
        for _ in 0..2 {
            run(&store, &Settings::default(), now).await.unwrap();
        }
        let left: Vec<String> = sqlx::query_scalar("select substr(id, 37) from events order by id")
            .fetch_all(store.readers())
            .await
            .unwrap();
        assert_eq!(left, ["4", "5", "6"]);
        let counted: Vec<(i64, i64, i64)> =
            sqlx::query_as("select day, events, sessions from event_counts order by day")
                .fetch_all(store.readers())
                .await
                .unwrap();
        assert_eq!(counted, [(day(before(400)), 3, 2), (day(before(396)), 1, 1), (day(before(5)), 1, 1)]);
        let proofs: Vec<String> =
            sqlx::query_scalar("select detail from audit").fetch_all(store.readers()).await.unwrap();
        assert_eq!(proofs.len(), 1, "{proofs:?}");
        assert!(proofs[0].contains(r#""rows":3,"table":"events""#), "{proofs:?}");
        for sql in ["delete from audit", "update audit set deed = ''"] {
            assert!(sqlx::query(sql).execute(store.writer()).await.is_err(), "{sql}");
        }
    }

    #[tokio::test]
    async fn every_view_of_the_warehouse_can_be_asked() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).await.unwrap();
        let views: Vec<String> = sqlx::query_scalar("select name from sqlite_master where type = 'view'")
            .fetch_all(store.readers())
            .await
            .unwrap();
        assert_eq!(views.len(), 14);
        for view in views {
            let sql = format!("select count(*) from {view}");
            let rows: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(store.readers()).await.unwrap();
            assert_eq!(rows, 0, "{view}");
        }
    }

    #[tokio::test]
    async fn every_table_with_an_age_can_be_purged() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).await.unwrap();
        for aged in tables(&Settings::default()) {
            assert_eq!(purge(&store, &aged, Timestamp::now()).await.unwrap(), 0, "{}", aged.table);
        }
    }
}
