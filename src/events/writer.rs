//! The one that writes: takes batches from a bounded queue and commits together what comes within a few milliseconds, so
//! that the cost of a synced commit is shared.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result};
use jiff::Timestamp;
use sqlx::SqliteConnection;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};
use tracing::error;
use uuid::Uuid;

use super::{Entry, Ids, trail, write};
use crate::store::Store;

/// Batches that may wait; more are refused until some are written.
const QUEUE: usize = 1024;
/// Batches of one transaction.
const GROUP: usize = 256;
/// From one commit to the next at least, while batches keep coming: a synced commit costs about as much as the rows of
/// a batch. Who comes alone is written at once.
const PACE: Duration = Duration::from_millis(3);

/// Where events are handed in.
#[derive(Debug)]
pub struct Events {
    pub ids: Arc<Ids>,
    queue: Mutex<Option<mpsc::Sender<Batch>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    /// Told after each commit: sinks wait for it.
    pub arrived: watch::Sender<()>,
}

#[derive(Debug)]
struct Batch {
    id: Option<Uuid>,
    entries: Vec<Entry>,
    done: Option<oneshot::Sender<bool>>,
}

/// Why events were not taken. All of them were left out, so that they can be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("too many events wait to be written; send them again in a moment")]
    Busy,
    #[error("the events could not be written; send them again")]
    Failed,
}

/// Starts the writer.
///
/// # Errors
/// A database that cannot be read.
pub async fn open(store: &Store) -> Result<Events> {
    let last: Option<String> = sqlx::query_scalar(
        "select max(id) from (select max(id) as id from events union all select max(id) from trail)",
    )
    .fetch_one(store.readers())
    .await
    .context("cannot read the last event")?;
    let ids = Arc::new(Ids::after(last.as_deref()));
    let (sender, queue) = mpsc::channel(QUEUE);
    let arrived = watch::Sender::new(());
    let writer = tokio::spawn(run(store.clone(), ids.clone(), queue, arrived.clone()));
    Ok(Events { ids, queue: Mutex::new(Some(sender)), writer: Mutex::new(Some(writer)), arrived })
}

impl Events {
    /// Takes a batch; returns once it is on disk. A batch whose `id` was taken before is not taken twice.
    ///
    /// # Errors
    /// A queue that is full, a database that cannot be written: none of the batch is kept.
    pub async fn take(&self, id: Option<Uuid>, entries: Vec<Entry>) -> Result<(), Refused> {
        let (done, written) = oneshot::channel();
        self.hand_in(Batch { id, entries, done: Some(done) })?;
        match written.await {
            Ok(true) => Ok(()),
            _ => Err(Refused::Failed),
        }
    }

    /// Takes what the server saw itself, for which nobody waits; what finds the queue full is left out.
    pub fn note(&self, entry: Entry) {
        if let Err(cause) = self.hand_in(Batch { id: None, entries: vec![entry], done: None }) {
            tracing::debug!("an event was left out: {cause}");
        }
    }

    fn hand_in(&self, batch: Batch) -> Result<(), Refused> {
        let queue = self.queue.lock().expect("nothing panics while it is held");
        queue.as_ref().ok_or(Refused::Busy)?.try_send(batch).map_err(|_| Refused::Busy)
    }

    /// Takes no more and waits until what was taken is written.
    pub async fn close(&self) {
        drop(self.queue.lock().expect("nothing panics while it is held").take());
        let writer = self.writer.lock().expect("nothing panics while it is held").take();
        if let Some(writer) = writer
            && let Err(cause) = writer.await
        {
            error!("the writer of events did not end well: {cause}");
        }
    }

    /// Forgets what only the trail or a sender that tries again would need.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn forget(&self, store: &Store, now: Timestamp) -> Result<()> {
        trail::forget(store, now).await
    }
}

async fn run(store: Store, ids: Arc<Ids>, mut queue: mpsc::Receiver<Batch>, arrived: watch::Sender<()>) {
    let mut group = Vec::with_capacity(GROUP);
    let mut due = Instant::now();
    while queue.recv_many(&mut group, GROUP).await > 0 {
        let written = commit(&store, &ids, &mut group, &mut queue, due).await;
        due = Instant::now() + PACE;
        if let Err(cause) = &written {
            error!(batches = group.len(), "events could not be written, their senders are told: {cause:#}");
        }
        for done in group.drain(..).filter_map(|batch| batch.done) {
            if done.send(written.is_ok()).is_err() {
                tracing::debug!("the sender of a batch did not wait for its answer");
            }
        }
        arrived.send_replace(());
    }
}

/// One transaction of `group` and of what comes until it is `due`, which is put into `group`, too. Each row is written
/// as it comes, so that none of the work is left for the end.
async fn commit(
    store: &Store,
    ids: &Ids,
    group: &mut Vec<Batch>,
    queue: &mut mpsc::Receiver<Batch>,
    due: Instant,
) -> Result<()> {
    let mut transaction = store.writer().begin().await.context("cannot begin to write events")?;
    let mut written = 0;
    loop {
        let new = not_taken_before(&mut transaction, &group[written..]).await?;
        write(&mut transaction, ids, new.flat_map(|batch| &batch.entries)).await?;
        written = group.len();
        let more = timeout_at(due, queue.recv_many(group, GROUP - written)).await;
        if matches!(more, Ok(0) | Err(_)) {
            return Ok(transaction.commit().await?);
        }
    }
}

/// In one statement, whatever the length of the group: each goes to the database's thread and back.
async fn not_taken_before<'a>(
    transaction: &mut SqliteConnection,
    group: &'a [Batch],
) -> Result<impl Iterator<Item = &'a Batch> + use<'a>> {
    let ids: Vec<_> = group.iter().filter_map(|batch| batch.id).collect();
    let new = sqlx::query_scalar(
        "insert into event_batches (id, at) select value, $2 from json_each($1) where true
         on conflict (id) do nothing returning id",
    )
    .bind(serde_json::to_string(&ids)?)
    .bind(Timestamp::now().as_millisecond())
    .fetch_all(transaction)
    .await
    .context("cannot write which batches were taken")?;
    let mut new: HashSet<String> = new.into_iter().collect();
    // Removed, as the same batch may be twice in a group.
    Ok(group.iter().filter(move |batch| batch.id.is_none_or(|id| new.remove(&id.to_string()))))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use futures::FutureExt;

    use super::*;
    use crate::events::tests::viewed;

    async fn count(store: &Store) -> i64 {
        sqlx::query_scalar("select count(*) from events").fetch_one(store.readers()).await.unwrap()
    }

    #[tokio::test]
    async fn what_is_too_much_is_refused_and_what_was_taken_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).await.unwrap();
        let events = Arc::new(open(&store).await.unwrap());
        // Nobody else can write for now.
        let held = store.writer().acquire().await.unwrap();
        let mut waiting = tokio::task::JoinSet::new();
        for _ in 0..QUEUE + GROUP + 1 {
            let events = events.clone();
            waiting.spawn(async move { events.take(None, vec![viewed("one")]).await });
        }
        while events.take(None, vec![viewed("one")]).now_or_never() != Some(Err(Refused::Busy)) {
            tokio::task::yield_now().await;
        }
        drop(held);
        let answers = waiting.join_all().await;
        assert!(answers.contains(&Ok(())));
        events.close().await;
        let taken = answers.iter().filter(|answer| answer.is_ok()).count();
        assert!(count(&store).await >= taken as i64, "what was acknowledged is there");
        assert_eq!(events.take(None, vec![viewed("one")]).await, Err(Refused::Busy), "who stops takes nothing more");
    }

    #[tokio::test]
    async fn what_waits_is_written_before_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).await.unwrap();
        let events = open(&store).await.unwrap();
        (0..500).for_each(|_| events.note(viewed("one")));
        events.close().await;
        assert_eq!(count(&store).await, 500);
    }
}
