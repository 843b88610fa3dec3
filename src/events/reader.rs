//! All that is kept of one reader whom the host signed in: shown, or erased.

use anyhow::Result;
use sqlx::SqliteConnection;

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
    let bodies = sqlx::query_scalar(
        "select body from events
         where session in (select session from events where body ->> 'user' = $1) order by id",
    );
    Ok(bodies.bind(pseudonym(subject)).fetch_all(store.readers()).await?)
}

/// Deletes every event of the reader's sessions, what happened before the reader signed in included; gives how many.
///
/// # Errors
/// A database that cannot be written.
pub async fn erase_reader(transaction: &mut SqliteConnection, subject: &str) -> Result<u64> {
    let mut erased = 0;
    for table in ["trail", "events"] {
        let sql = format!("delete from {table} where session in ({SESSIONS_OF_READER})");
        let deleted = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(pseudonym(subject)).execute(&mut *transaction).await?;
        erased += deleted.rows_affected();
    }
    Ok(erased)
}
