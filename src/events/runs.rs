//! Where the events of a session lie: in runs of rows that were written one after the other. There is no index on the
//! session of each event, as it would be half of what is written with it.

use anyhow::Result;
use serde_json::json;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use uuid::Uuid;

/// Events by session: ask for those whose `event_runs.session` is the one that is meant.
pub const EVENTS_BY_SESSION: &str = "event_runs cross join events
    on events.id between event_runs.first and event_runs.last and events.session = event_runs.session";

/// The runs of rows that are about to be written.
#[derive(Default)]
pub struct Runs<'a>(Vec<(&'a str, Uuid, Uuid)>);

impl<'a> Runs<'a> {
    /// The next row is `id` of `session`.
    pub fn note(&mut self, session: &'a str, id: Uuid) {
        match self.0.last_mut() {
            Some((same, _, last)) if *same == session => *last = id,
            _ => self.0.push((session, id, id)),
        }
    }

    /// Writes them down in one go with the rows, which `insert` writes.
    pub fn write_with(&self, insert: &mut QueryBuilder<Sqlite>) {
        insert
            .push(
                "; insert into event_runs (session, first, last)
                   select value ->> 0, value ->> 1, value ->> 2 from json_each(",
            )
            .push_bind(json!(self.0).to_string())
            .push(")");
    }
}

/// Forgets the runs of `session` of which nothing is left.
///
/// # Errors
/// A database that cannot be written.
pub async fn forget_empty(connection: &mut SqliteConnection, session: &str) -> Result<()> {
    sqlx::query(
        "delete from event_runs where session = $1 and not exists
            (select 1 from events where id between first and last and events.session = event_runs.session)",
    )
    .bind(session)
    .execute(connection)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use jiff::Timestamp;
    use sqlx::Row;

    use super::*;
    use crate::events::tests::viewed;
    use crate::events::{Ids, last_query, purge, trail, trim, withdraw, write};
    use crate::privacy::Grants;
    use crate::store::{self, Store};

    /// Events of these sessions, written at once for each of the lists.
    async fn written(store: &Store, lists: &[&[&str]]) {
        let ids = Ids::after(None);
        for sessions in lists {
            let entries: Vec<_> = sessions.iter().map(|session| viewed(session)).collect();
            write(&mut store.writer().acquire().await.unwrap(), &ids, &entries).await.unwrap();
        }
    }

    /// How many events each run has, with its session, in the order of the events.
    async fn runs(store: &Store) -> Vec<(String, i64)> {
        let sql = format!(
            "select event_runs.session, count(*) from {EVENTS_BY_SESSION} group by event_runs.session, first order by first"
        );
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(store.readers()).await.unwrap()
    }

    fn run(session: &str, events: i64) -> (String, i64) {
        (session.to_owned(), events)
    }

    #[tokio::test]
    async fn what_a_session_did_is_found_in_all_its_runs() {
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(folder.path()).await.unwrap();
        let many = ["one"; 45];
        written(&store, &[&["one", "one", "two", "one"], &["two"], &many]).await;
        // A statement has twenty rows.
        let of_many = [run("one", 20), run("one", 20), run("one", 5)];
        let first = [run("one", 2), run("two", 1), run("one", 1), run("two", 1)];
        assert_eq!(runs(&store).await, first.iter().cloned().chain(of_many).collect::<Vec<_>>());
        assert_eq!(trail(&store, "one", Timestamp::now()).await.unwrap().len(), 48);
        assert_eq!(trail(&store, "two", Timestamp::now()).await.unwrap().len(), 2);
        assert_eq!(last_query(&store, "one").await.unwrap(), None);

        withdraw(&store, "one", Grants::default()).await.unwrap();
        let left: Vec<String> = sqlx::query_scalar("select session from events where grants <> ''")
            .fetch_all(store.readers())
            .await
            .unwrap();
        assert_eq!(left, ["two", "two"]);

        let steps = trail(&store, "two", Timestamp::now()).await.unwrap();
        trim(&store, "one", Some(&steps[0].id)).await.unwrap();
        assert_eq!(trail(&store, "two", Timestamp::now()).await.unwrap().len(), 2, "nobody strikes out another's");
        trim(&store, "two", Some(&steps[0].id)).await.unwrap();
        assert_eq!(trail(&store, "two", Timestamp::now()).await.unwrap(), steps[1..]);
        trim(&store, "one", None).await.unwrap();
        assert_eq!(runs(&store).await, [run("two", 1)]);
        let kept: i64 = sqlx::query_scalar("select count(*) from event_runs").fetch_one(store.readers()).await.unwrap();
        assert_eq!(kept, 1, "runs without events are forgotten");
    }

    #[tokio::test]
    async fn only_a_sessions_own_rows_are_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(folder.path()).await.unwrap();
        let sql = format!("explain query plan select id from {EVENTS_BY_SESSION} where event_runs.session = 'one'");
        let plan = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(store.readers()).await.unwrap();
        let plan: Vec<String> = plan.iter().map(|step| step.get("detail")).collect();
        assert_eq!(
            plan,
            ["SEARCH event_runs USING PRIMARY KEY (session=?)", "SEARCH events USING PRIMARY KEY (id>? AND id<?)"]
        );
    }

    #[tokio::test]
    async fn old_events_take_their_runs_along() {
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(folder.path()).await.unwrap();
        written(&store, &[&["one", "one", "one", "two", "two"]]).await;
        let before = Timestamp::now();
        let ids = Ids::after(Some(&store::first_id(before + jiff::SignedDuration::from_mins(1))));
        write(&mut store.writer().acquire().await.unwrap(), &ids, &[viewed("one")]).await.unwrap();
        // Pieces end within a run.
        let until = before + jiff::SignedDuration::from_secs(30);
        assert_eq!(purge(&store, until, 2).await.unwrap(), 5);
        assert_eq!(purge(&store, until, 2).await.unwrap(), 0);
        assert_eq!(runs(&store).await, [run("one", 1)]);
        let kept: i64 = sqlx::query_scalar("select count(*) from event_runs").fetch_one(store.readers()).await.unwrap();
        assert_eq!(kept, 1);
    }

    #[tokio::test]
    async fn events_of_before_there_were_runs_get_theirs() {
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(folder.path()).await.unwrap();
        written(&store, &[&["one", "one", "two", "one"], &["one", "two"]]).await;
        let before = "drop table event_runs; create index events_session on events (session);";
        let migration = include_str!("../../migrations/20261122190000_event_runs.sql");
        for sql in [before, migration] {
            sqlx::raw_sql(sql).execute(store.writer()).await.unwrap();
        }
        assert_eq!(runs(&store).await, [run("one", 2), run("two", 1), run("one", 2), run("two", 1)]);
    }
}
