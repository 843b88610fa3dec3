//! What is forgotten: refused things soon, names late, and all of a reader who wants it.

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use sqlx::SqliteConnection;
use tracing::info;

use super::Community;
use crate::events;
use crate::store::Store;

/// Rows that change in one transaction: others need not wait long for theirs.
const PIECE: u32 = 500;

/// Which rows of `table` are the reader's with the pseudonym `$1`, the host's id `$2` and the address `$3`. Several may
/// share a session, so what was written by somebody signed in is theirs alone.
fn of(table: &str) -> String {
    let left = if table == "questions" { "email = $3 or " } else { "" };
    format!("{left}reader = $2 or (reader is null and session in ({}))", events::SESSIONS_OF_READER)
}

impl Community {
    /// Forgets what was refused and who wrote long ago, as the settings say.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn forget(&self, now: Timestamp) -> Result<()> {
        let days = |days: u32| (now - SignedDuration::from_hours(24 * i64::from(days))).as_millisecond();
        let (refused, named) = (days(self.settings.refused_days), days(self.settings.name_days));
        let steps = [
            (
                "delete from questions where id in
                  (select id from questions where state = 'refused' and updated_at <= $1 limit $2)",
                refused,
            ),
            (
                "delete from replies where id in
                  (select id from replies where state = 'refused' and updated_at <= $1 limit $2)",
                refused,
            ),
            (
                "update questions set name = null, email = null, reader = null, session = null, audiences = '[]'
                 where id in (select id from questions where at <= $1
                              and (coalesce(name, email, reader, session) is not null or audiences <> '[]') limit $2)",
                named,
            ),
            (
                "update replies set name = null, reader = null, session = null where id in
                  (select id from replies where at <= $1 and not by_team
                   and coalesce(name, reader, session) is not null limit $2)",
                named,
            ),
        ];
        let mut forgotten = 0;
        for (sql, before) in steps {
            forgotten += self.piece_by_piece(sql, before).await.context("cannot forget old questions and replies")?;
        }
        if forgotten > 0 {
            *self.read.lock().await = None;
            info!(rows = forgotten, "old questions, replies or the names on them were forgotten");
        }
        Ok(())
    }

    /// Does the step until nothing is left of it; tells how many rows it was.
    async fn piece_by_piece(&self, sql: &'static str, before: i64) -> Result<u64> {
        let mut done = 0;
        loop {
            let rows = sqlx::query(sql).bind(before).bind(PIECE).execute(self.store.writer()).await?.rows_affected();
            done += rows;
            if rows < u64::from(PIECE) {
                return Ok(done);
            }
        }
    }
}

/// What a reader asked and said in public, by the host's id or by an address that was left, as JSON: questions, then
/// replies.
///
/// # Errors
/// A database that cannot be read.
pub async fn of_reader(store: &Store, subject: &str) -> Result<Vec<String>> {
    let sql = format!(
        "select json_object('question', id, 'at', at, 'article', article, 'title', title, 'text', text, 'name', name,
             'email', email, 'state', state) from questions where {}
         union all
         select json_object('reply', id, 'at', at, 'question', question, 'text', text, 'name', name, 'state', state)
         from replies where {} order by 1",
        of("questions"),
        of("replies")
    );
    let rows = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(events::pseudonym(subject)).bind(subject);
    let rows = rows.bind(subject.to_lowercase());
    Ok(rows.fetch_all(store.readers()).await?)
}

/// Deletes what the reader asked, by the host's id or by an address that was left, with what was said to it, and what the
/// reader said to others; gives how many. To be called before the reader's events go, which say in which sessions it was.
///
/// # Errors
/// A database that cannot be written.
pub async fn erase_reader(transaction: &mut SqliteConnection, subject: &str) -> Result<u64> {
    let mut erased = 0;
    for table in ["questions", "replies"] {
        let sql = format!("delete from {table} where {}", of(table));
        let delete = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(events::pseudonym(subject)).bind(subject);
        let deleted = delete.bind(subject.to_lowercase()).execute(&mut *transaction).await;
        erased += deleted.with_context(|| format!("cannot erase a reader from {table}"))?.rows_affected();
    }
    sqlx::query("update questions set accepted = null where accepted not in (select id from replies)")
        .execute(transaction)
        .await?;
    Ok(erased)
}
