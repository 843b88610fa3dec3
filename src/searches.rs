//! What readers search for: anonymous counts by query, language and day. What looks personal in a query is masked
//! before it is kept, and keys typed one after another count as the one search they end in.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::Result;
use app::model::event::{Name, Text};
use app::model::{Event, Rung, SearchResults};
use jiff::Timestamp;

use crate::edition::Edition;
use crate::events::Entry;
use crate::search::{self, Ladder, Query};
use crate::store::{Store, day};
use crate::{identity, mask};

/// A query that goes on from one so short ago is the same thought.
const ONE_THOUGHT: Duration = Duration::from_secs(30);
/// Different searches, and readers who are searching, kept in memory at most; whatever is more goes uncounted.
const MOST: usize = 10_000;
/// Days that count for what is popular.
const WINDOW_DAYS: i64 = 30;
/// Of one language, kept ready to be proposed.
const MOST_PROPOSED: usize = 50;

/// Searches since the last [`flush`].
#[derive(Debug, Default)]
pub struct Searches {
    memory: Mutex<Memory>,
    /// Of this start of the program only: a reader's number means nothing elsewhere.
    readers: RandomState,
}

#[derive(Debug, Default)]
struct Memory {
    /// By reader: what may still be being typed.
    thoughts: HashMap<u64, Thought>,
    counts: HashMap<(String, String), Count>,
    /// Thoughts that ended and are not told yet.
    ended: Vec<Entry>,
}

#[derive(Debug)]
struct Thought {
    search: Search,
    at: Instant,
    /// The event of the reader's visit it becomes when it ends, unless that was told.
    event: Option<Entry>,
}

/// A search as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Search {
    locale: String,
    /// Lower case, one space between words, masked.
    query: String,
    results: usize,
    rung: Option<Rung>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Count {
    searches: i64,
    results: usize,
    rung: Option<Rung>,
}

impl Searches {
    /// Somebody searched. `reader` tells one reader from the next while they type; it is not kept. `event` makes the
    /// event of the reader's visit, once the thought ends.
    pub fn note(
        &self,
        reader: impl Hash,
        locale: &str,
        found: &SearchResults,
        now: Instant,
        event: impl FnOnce(Event) -> Option<Entry>,
    ) {
        let query = mask::normalised(&found.query);
        if query.is_empty() || found.offset > 0 {
            return;
        }
        let (results, rung) = (found.total, found.hits.first().map(|hit| hit.rung));
        let search = Search { locale: locale.to_owned(), query, results, rung };
        let reader = self.readers.hash_one(reader);
        let mut memory = self.memory.lock().expect("nothing panics while it is held");
        let before = memory.thoughts.remove(&reader);
        let same = |before: &Thought| goes_on(&before.search, &search, now.duration_since(before.at));
        let refines = before.as_ref().filter(|before| !same(before) && now.duration_since(before.at) < ONE_THOUGHT);
        let refines = refines.map(|before| Text::of(&before.search.query));
        match before {
            Some(before) if !same(&before) => memory.end(before),
            _ => {}
        }
        let event = event(Event::SearchPerformed {
            query: Text::of(&search.query),
            results: u32::try_from(results).unwrap_or(u32::MAX),
            took_us: u32::try_from(found.took_us).unwrap_or(u32::MAX),
            rung: rung.map(|rung| Name::of(rung.name())),
            refines,
        });
        if memory.thoughts.len() < MOST {
            memory.thoughts.insert(reader, Thought { search, at: now, event });
        }
    }

    /// The events of what `reader` searched for until now: what comes next comes after them.
    pub fn told_by(&self, reader: impl Hash) -> Option<Entry> {
        let reader = self.readers.hash_one(reader);
        let mut memory = self.memory.lock().expect("nothing panics while it is held");
        memory.thoughts.get_mut(&reader).and_then(|thought| thought.event.take())
    }

    /// The events of thoughts that ended.
    pub fn ended(&self) -> Vec<Entry> {
        std::mem::take(&mut self.memory.lock().expect("nothing panics while it is held").ended)
    }

    /// What is thought to its end by `now`; everything without one.
    fn take(&self, now: Option<Instant>) -> HashMap<(String, String), Count> {
        let mut memory = self.memory.lock().expect("nothing panics while it is held");
        let is_over = |at: Instant| now.is_none_or(|now| now.duration_since(at) >= ONE_THOUGHT);
        let over: Vec<_> = memory.thoughts.extract_if(|_, thought| is_over(thought.at)).collect();
        over.into_iter().for_each(|(_, thought)| memory.end(thought));
        std::mem::take(&mut memory.counts)
    }

    fn put_back(&self, counts: HashMap<(String, String), Count>) {
        let mut memory = self.memory.lock().expect("nothing panics while it is held");
        for (search, count) in counts {
            memory.counts.entry(search).and_modify(|newer| newer.searches += count.searches).or_insert(count);
        }
    }
}

impl Memory {
    fn end(&mut self, thought: Thought) {
        if self.ended.len() < MOST {
            self.ended.extend(thought.event);
        }
        self.count(thought.search);
    }

    fn count(&mut self, search: Search) {
        let Search { locale, query, results, rung } = search;
        let full = self.counts.len() >= MOST;
        match self.counts.get_mut(&(locale.clone(), query.clone())) {
            Some(count) => *count = Count { searches: count.searches + 1, results, rung },
            None if full => {}
            None => drop(self.counts.insert((locale, query), Count { searches: 1, results, rung })),
        }
    }
}

/// The same query again, typed on, or taken back by some letters.
fn goes_on(before: &Search, after: &Search, apart: Duration) -> bool {
    let (one, other) = (&before.query, &after.query);
    apart < ONE_THOUGHT && before.locale == after.locale && (one.starts_with(other) || other.starts_with(one))
}

/// Writes what was searched for and is thought to its end, on failure it is kept for the
/// next time. Without `until` everything is.
///
/// # Errors
/// A database that cannot be written.
pub async fn flush(searches: &Searches, store: &Store, now: Timestamp, until: Option<Instant>) -> Result<()> {
    let counts = searches.take(until);
    if counts.is_empty() {
        return Ok(());
    }
    let written = write(&counts, store, day(now)).await;
    if written.is_err() {
        searches.put_back(counts);
    }
    written
}

async fn write(counts: &HashMap<(String, String), Count>, store: &Store, today: i64) -> Result<()> {
    let mut transaction = store.writer().begin().await?;
    for ((locale, query), Count { searches, results, rung }) in counts {
        sqlx::query(
            "insert into search_counts (day, locale, query, searches, results, rung) values ($1, $2, $3, $4, $5, $6)
             on conflict (day, locale, query) do update set
                 searches = searches + excluded.searches, results = excluded.results, rung = excluded.rung",
        )
        .bind(today)
        .bind(locale)
        .bind(query)
        .bind(searches)
        .bind(i64::try_from(*results).unwrap_or(i64::MAX))
        .bind(rung.map(Rung::name))
        .execute(&mut *transaction)
        .await?;
    }
    Ok(transaction.commit().await?)
}

/// By locale: what of `popular` may be proposed to anybody: every word of it stands on public pages.
pub fn proposed(popular: HashMap<String, Vec<String>>, edition: &Edition) -> HashMap<String, Vec<String>> {
    let viewer = identity::anonymous();
    let is_public = |locale: &str, query: &String| {
        let ladder = Ladder { typos: false, meaning: false, ..Ladder::default() };
        let asked =
            Query { text: format!("{query} "), locale: Some(locale.to_owned()), limit: 1, ladder, ..Query::default() };
        let found = search::search(&edition.index, &edition.snapshot, &viewer, &asked);
        found.hits.first().is_some_and(|hit| hit.rung <= Rung::Synonym || hit.rung == Rung::Pinned)
    };
    let keep = |(locale, queries): (String, Vec<String>)| {
        let queries = queries.into_iter().filter(|query| is_public(&locale, query)).take(MOST_PROPOSED).collect();
        (locale, queries)
    };
    popular.into_iter().map(keep).collect()
}

/// What was searched for more than once and never found anything, most often first, beginning with the day `first`,
/// since 1970-01-01 UTC. Nothing in it was masked.
///
/// # Errors
/// A database that cannot be read.
pub async fn unanswered(store: &Store, first: i64, limit: u32) -> Result<Vec<(String, i64)>> {
    let rows = sqlx::query_as(
        "select query, sum(searches) from search_counts where day >= $1 and instr(query, $2) = 0
         group by query having max(results) = 0 and sum(searches) > 1 order by sum(searches) desc, query limit $3",
    );
    Ok(rows.bind(first).bind(mask::BEGINS).bind(limit).fetch_all(store.readers()).await?)
}

/// By locale: what was searched for `from` times or more in the last thirty days and found something, most often first;
/// from zero times on is nothing. Nothing in it was masked.
///
/// # Errors
/// A database that cannot be read.
pub async fn popular(store: &Store, now: Timestamp, from: u32) -> Result<HashMap<String, Vec<String>>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "select locale, query from search_counts where day > $1 and results > 0 and instr(query, $2) = 0
         group by locale, query having $3 > 0 and sum(searches) >= $3 order by sum(searches) desc, query",
    )
    .bind(day(now) - WINDOW_DAYS)
    .bind(mask::BEGINS)
    .bind(from)
    .fetch_all(store.readers())
    .await?;
    let mut popular: HashMap<String, Vec<String>> = HashMap::new();
    for (locale, query) in rows {
        popular.entry(locale).or_default().push(query);
    }
    Ok(popular)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn found(query: &str, total: usize) -> SearchResults {
        SearchResults {
            query: query.to_owned(),
            total,
            limit: 10,
            offset: 0,
            took_us: 0,
            hits: Vec::new(),
            suggestion: None,
            facets: Vec::new(),
            notices: Vec::new(),
        }
    }

    fn counted(searches: &Searches) -> Vec<(String, i64, usize)> {
        let counts = searches.take(None).into_iter();
        let mut counts: Vec<_> = counts
            .map(|((locale, query), count)| (format!("{locale} {query}"), count.searches, count.results))
            .collect();
        counts.sort_unstable();
        counts
    }

    #[test]
    fn keys_of_one_thought_are_one_search() {
        let (searches, start) = (Searches::default(), Instant::now());
        let after = |seconds: u64| start + Duration::from_secs(seconds);
        for (seconds, reader, query, total) in [
            (0, "one", "re", 9),
            (1, "two", "re", 9),
            (2, "one", "Rest", 4),
            (3, "one", "restor", 2),
            (4, "one", "rest", 4),
            (5, "one", "restore  snap ", 1),
            (6, "one", "invoice", 3),
            (60, "one", "invoice", 3),
        ] {
            searches.note(reader, "en", &found(query, total), after(seconds), |_| None);
        }
        let expect = [("en invoice", 2, 3), ("en re", 1, 9), ("en restore snap", 1, 1)];
        assert_eq!(counted(&searches), expect.map(|(query, count, results)| (query.to_owned(), count, results)));
    }

    #[test]
    fn what_is_still_being_typed_waits() {
        let (searches, start) = (Searches::default(), Instant::now());
        searches.note(1, "en", &found("rest", 4), start, |_| None);
        assert!(searches.take(Some(start + Duration::from_secs(29))).is_empty());
        assert_eq!(searches.take(Some(start + Duration::from_secs(30))).len(), 1);
    }

    #[tokio::test]
    async fn what_many_search_for_and_find_is_popular() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).await.unwrap();
        let (start, now) = (Instant::now(), Timestamp::now());
        for (query, times, total) in [("refund", 6, 3), ("restore", 9, 3), ("seldom", 4, 3), ("nothing", 9, 0)] {
            let searches = Searches::default();
            (0..times).for_each(|reader| searches.note(reader, "en", &found(query, total), start, |_| None));
            (0..times).for_each(|reader| searches.note(reader, "en", &found("jo@example.com", 1), start, |_| None));
            flush(&searches, &store, now, None).await.unwrap();
        }
        assert_eq!(popular(&store, now, 5).await.unwrap()["en"], ["restore", "refund"]);
        assert_eq!(popular(&store, now, 4).await.unwrap()["en"], ["restore", "refund", "seldom"]);
        assert!(popular(&store, now, 0).await.unwrap().is_empty());
        let later = now + jiff::SignedDuration::from_hours(24 * 31);
        assert!(popular(&store, later, 5).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn counts_survive_a_database_that_cannot_be_written() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).await.unwrap();
        let searches = Searches::default();
        searches.note(1, "en", &found("refund", 1), Instant::now(), |_| None);
        store.close().await;
        assert!(flush(&searches, &store, Timestamp::UNIX_EPOCH, None).await.is_err());
        assert_eq!(counted(&searches), [("en refund".to_owned(), 1, 1)]);
    }
}
