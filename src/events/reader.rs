//! All that is kept of one reader whom the host signed in: shown, or erased.

use anyhow::Result;
use sqlx::SqliteConnection;

use super::runs::EVENTS_BY_SESSION;
use crate::store::Store;

/// The sessions in which a reader was signed in, by its [`pseudonym`], which is `$1`.
pub const SESSIONS_OF_READER: &str = "select session from events where body ->> 'user' = $1
                            union select session from trail where body ->> 'user' = $1";

/// Who a reader is in events: the host's id, but of an e-mail address its hash, as it is no id to pass on.
pub fn pseudonym(subject: &str) -> String {
    match subject.contains('@') {
        true => format!("hash:{}", &blake3::hash(subject.as_bytes()).to_hex()[..32]),
        false => subject.to_owned(),
    }
}

/// Every event of the reader's sessions, oldest first, as JSON.
///
/// # Errors
/// A database that cannot be read.
pub async fn of_reader(store: &Store, subject: &str) -> Result<Vec<String>> {
    let sql = format!(
        "select body from {EVENTS_BY_SESSION}
         where event_runs.session in (select session from events where body ->> 'user' = $1) order by id"
    );
    let bodies = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(pseudonym(subject));
    Ok(bodies.fetch_all(store.readers()).await?)
}

/// Deletes every event of the reader's sessions, what happened before the reader signed in included; gives how many.
///
/// # Errors
/// A database that cannot be written.
pub async fn erase_reader(transaction: &mut SqliteConnection, subject: &str) -> Result<u64> {
    // Asked once: what is deleted first may be what names the reader.
    let sql = format!("select json_group_array(session) from ({SESSIONS_OF_READER})");
    let sessions: String =
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(pseudonym(subject)).fetch_one(&mut *transaction).await?;
    let of_reader = "in (select value from json_each($1))";
    let of_events = format!("select id from {EVENTS_BY_SESSION} where event_runs.session {of_reader}");
    let mut erased = 0;
    for what in [format!("trail where session {of_reader}"), format!("events where id in ({of_events})")] {
        let sql = format!("delete from {what}");
        let deleted = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(&sessions).execute(&mut *transaction).await?;
        erased += deleted.rows_affected();
    }
    let sql = format!("delete from event_runs where session {of_reader}");
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(&sessions).execute(transaction).await?;
    Ok(erased)
}
