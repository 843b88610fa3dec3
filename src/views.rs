//! How often articles are opened: anonymous counts by article and day, from which the home page picks
//! what is popular. Nothing about who opened them is kept.

use std::collections::HashMap;
use std::sync::Mutex;

use anyhow::Result;
use jiff::Timestamp;

use crate::store::{Store, day};

/// Days that count for what is popular.
const WINDOW_DAYS: i64 = 30;

/// Openings since the last [`flush`].
#[derive(Debug, Default)]
pub struct Views(Mutex<HashMap<String, i64>>);

impl Views {
    /// The article was opened once.
    pub fn count(&self, article_id: &str) {
        let mut counts = self.0.lock().expect("nothing panics while it is held");
        match counts.get_mut(article_id) {
            Some(count) => *count += 1,
            None => drop(counts.insert(article_id.to_owned(), 1)),
        }
    }

    fn take(&self) -> HashMap<String, i64> {
        std::mem::take(&mut self.0.lock().expect("nothing panics while it is held"))
    }

    fn put_back(&self, counts: HashMap<String, i64>) {
        let mut current = self.0.lock().expect("nothing panics while it is held");
        for (article, views) in counts {
            *current.entry(article).or_default() += views;
        }
    }
}

/// Writes what was counted; on failure it is kept for the next time.
///
/// # Errors
/// A database that cannot be written.
pub async fn flush(views: &Views, store: &Store, now: Timestamp) -> Result<()> {
    let counts = views.take();
    if counts.is_empty() {
        return Ok(());
    }
    let written = write(&counts, store, now).await;
    if written.is_err() {
        views.put_back(counts);
    }
    written
}

async fn write(counts: &HashMap<String, i64>, store: &Store, now: Timestamp) -> Result<()> {
    let mut transaction = store.writer().begin().await?;
    for (article, views) in counts {
        sqlx::query(
            "insert into article_views (article_id, day, views) values ($1, $2, $3)
             on conflict (article_id, day) do update set views = views + excluded.views",
        )
        .bind(article)
        .bind(day(now))
        .bind(views)
        .execute(&mut *transaction)
        .await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Ids of the articles opened most in the last thirty days, most first.
///
/// # Errors
/// A database that cannot be read.
pub async fn popular(store: &Store, now: Timestamp, limit: u32) -> Result<Vec<String>> {
    let ids = sqlx::query_scalar(
        "select article_id from article_views where day > $1
         group by article_id order by sum(views) desc, article_id limit $2",
    )
    .bind(day(now) - WINDOW_DAYS)
    .bind(limit)
    .fetch_all(store.readers())
    .await?;
    Ok(ids)
}

/// How often each article was opened after the day `since`, days since 1970-01-01 UTC.
///
/// # Errors
/// A database that cannot be read.
pub async fn by_article(store: &Store, since: i64) -> Result<Vec<(String, i64)>> {
    let views = sqlx::query_as("select article_id, sum(views) from article_views where day > $1 group by article_id");
    Ok(views.bind(since).fetch_all(store.readers()).await?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[tokio::test]
    async fn what_is_opened_most_lately_is_popular() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).await.unwrap();
        let at = |day: i64| Timestamp::from_second(day * 86_400).unwrap();
        let open = async |article: &str, times: usize, day: i64| {
            let views = Views::default();
            (0..times).for_each(|_| views.count(article));
            flush(&views, &store, at(day)).await.unwrap();
        };
        open("once-famous", 100, 10).await;
        open("liked", 2, 99).await;
        open("loved", 2, 99).await;
        open("loved", 3, 100).await;
        assert_eq!(popular(&store, at(100), 5).await.unwrap(), ["loved", "liked"]);
        assert_eq!(popular(&store, at(100), 1).await.unwrap(), ["loved"]);
    }

    #[tokio::test]
    async fn counts_survive_a_database_that_cannot_be_written() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).await.unwrap();
        let views = Views::default();
        views.count("article");
        store.close().await;
        assert!(flush(&views, &store, Timestamp::UNIX_EPOCH).await.is_err());
        let store = crate::store::open(folder.path()).await.unwrap();
        flush(&views, &store, Timestamp::UNIX_EPOCH).await.unwrap();
        assert_eq!(popular(&store, Timestamp::UNIX_EPOCH, 5).await.unwrap(), ["article"]);
    }
}
