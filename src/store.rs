//! The database: opened, brought up to date, closed. Queries live with the noun they are about.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use uuid::Uuid;

static MIGRATIONS: Migrator = sqlx::migrate!();

const FILE: &str = "signpost.db";
const READERS: u32 = 4;

/// One connection that writes and a few that read; SQLite allows one writer at a time, and waiting for
/// it in a queue of our own is fairer than its busy loop.
#[derive(Debug, Clone)]
pub struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
    file: PathBuf,
}

/// Days since 1970-01-01 UTC, as the database counts them.
pub fn day(now: Timestamp) -> i64 {
    now.as_second().div_euclid(86_400)
}

/// What comes before every id of a row that is made at `at` or later, and behind all made before: ids are UUIDv7
/// (RFC 9562).
pub fn first_id(at: Timestamp) -> String {
    let milliseconds = u128::try_from(at.as_millisecond()).unwrap_or_default();
    Uuid::from_u128(milliseconds << 80).to_string()
}

/// Opens the database in `folder`, makes both where absent, and applies the migrations this program knows.
///
/// # Errors
/// A folder that cannot be written, a damaged file, a database of a newer program.
pub async fn open(folder: &Path) -> Result<Store> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the data directory {}; name another with --data", folder.display()))?;
    let file = folder.join(FILE);
    let options = SqliteConnectOptions::from_str("sqlite:")?
        .filename(&file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5));
    let cannot_open = || format!("cannot open the database {}", file.display());
    // Never opened anew: it keeps the statements it prepared, and the priority of the thread that opened it.
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(for_many_rows(options.clone()))
        .await
        .with_context(cannot_open)?;
    migrate(&writer, &file).await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .connect_with(options.read_only(true).create_if_missing(false))
        .await
        .with_context(cannot_open)?;
    Ok(Store { writer, readers, file })
}

/// What a statement of many rows would otherwise spend on files: undoing it is prepared in memory, its pages are kept
/// there (16 MB), and the log is folded into the database after 16 MB of it rather than 4.
fn for_many_rows(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options.pragma("temp_store", "memory").pragma("cache_size", "-16384").pragma("wal_autocheckpoint", "4096")
}

async fn migrate(pool: &SqlitePool, file: &Path) -> Result<()> {
    match MIGRATIONS.run(pool).await {
        Ok(()) => Ok(()),
        Err(MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _)) => bail!(
            "the database {} was written by a newer Signpost (it has migration {version}, this program does not); \
             start the newer program, or name another directory with --data",
            file.display()
        ),
        Err(error) => Err(error).with_context(|| format!("cannot bring the database {} up to date", file.display())),
    }
}

impl Store {
    /// For statements that change something.
    pub fn writer(&self) -> &SqlitePool {
        &self.writer
    }

    /// For statements that only read.
    pub fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// Writes one row and waits until it is on disk: readiness asks this.
    ///
    /// # Errors
    /// Whatever keeps the database from being written.
    pub async fn prove_writable(&self, now: jiff::Timestamp) -> Result<()> {
        sqlx::query("insert into heartbeat (id, beat_at) values (1, $1) on conflict (id) do update set beat_at = $1")
            .bind(now.as_millisecond())
            .execute(&self.writer)
            .await
            .with_context(|| format!("cannot write to the database {}", self.file.display()))?;
        Ok(())
    }

    /// Finishes what is under way and folds the write-ahead log into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[tokio::test]
    async fn a_database_of_a_newer_program_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path()).await.unwrap();
        sqlx::query(
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
             values (99990101000000, 'from the future', 1, x'00', 0)",
        )
        .execute(store.writer())
        .await
        .unwrap();
        store.close().await;
        let error = open(folder.path()).await.unwrap_err().to_string();
        assert!(error.contains("newer Signpost") && error.contains("99990101000000"), "{error}");
    }

    #[tokio::test]
    async fn the_database_is_made_where_absent_and_can_be_written() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder.path().join("deep/data")).await.unwrap();
        store.prove_writable(jiff::Timestamp::UNIX_EPOCH).await.unwrap();
        let beats: i64 = sqlx::query_scalar("select beat_at from heartbeat").fetch_one(store.readers()).await.unwrap();
        assert_eq!(beats, 0);
        let keys: i64 = sqlx::query_scalar("pragma foreign_keys").fetch_one(store.writer()).await.unwrap();
        assert_eq!(keys, 1);
    }

    #[tokio::test]
    async fn readers_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path()).await.unwrap();
        let refused = sqlx::query("delete from heartbeat").execute(store.readers()).await.unwrap_err();
        assert!(refused.to_string().contains("readonly"), "{refused}");
    }

    #[test]
    fn the_first_id_of_a_time_lies_between_what_came_before_and_after() {
        let before = Uuid::now_v7().to_string();
        let now = Timestamp::now() + jiff::SignedDuration::from_millis(1);
        assert!(before < first_id(now));
        while Timestamp::now() < now {
            std::hint::spin_loop();
        }
        assert!(first_id(now) < Uuid::now_v7().to_string());
    }
}
