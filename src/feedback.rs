//! Did an article help? One vote for a session and a version of the article; the last one counts.

use anyhow::{Context, Result};
use app::model::Event;
use app::model::event::{Name, Text};
use jiff::Timestamp;
use uuid::Uuid;

use crate::events::{self, Entry, Events};
use crate::store::{Store, day};

/// Why an article did not help, as on the wire.
pub const REASONS: [&str; 5] = ["incomplete", "unclear", "wrong", "outdated", "other"];
/// Characters of a comment that are kept.
pub const LONGEST_COMMENT: usize = 2000;

/// What a reader says of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote {
    pub helpful: bool,
    pub reason: Option<String>,
    /// Masked.
    pub comment: Option<String>,
}

/// The article a vote is about.
#[derive(Debug, Clone, Copy)]
pub struct Ballot<'a> {
    pub session: Uuid,
    pub article: &'a str,
    pub version: &'a str,
    pub locale: &'a str,
}

impl Ballot<'_> {
    /// The same for the same session, article and version, and nothing else.
    fn id(&self) -> String {
        let hash = blake3::hash(format!("{}/{}/{}", self.session, self.article, self.version).as_bytes());
        hash.to_hex()[..32].to_owned()
    }
}

impl Vote {
    /// The event it is.
    pub fn event(&self, ballot: &Ballot<'_>, query: Option<Text<200>>) -> Event {
        Event::ArticleRated {
            article: Name::of(ballot.article),
            helpful: self.helpful,
            reason: self.reason.as_deref().map(Name::of),
            comment: self.comment.as_deref().map(Text::of),
            version: Name::of(ballot.version),
            query,
        }
    }
}

/// Takes a vote, and with it in one transaction its event; one that says nothing new, sent again after a lost answer,
/// is no second event.
///
/// # Errors
/// A database that cannot be written.
pub async fn vote(
    store: &Store,
    events: &Events,
    ballot: &Ballot<'_>,
    vote: &Vote,
    entry: &Entry,
    now: Timestamp,
) -> Result<()> {
    let mut transaction = store.writer().begin().await.context("cannot begin to write a vote")?;
    let taken = sqlx::query(
        "insert into votes (id, day, article, version, locale, helpful, reason, comment)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (id) do update set helpful = excluded.helpful,
             reason = excluded.reason, comment = coalesce(excluded.comment, comment)
         where helpful <> excluded.helpful or reason is not excluded.reason
             or comment is not coalesce(excluded.comment, comment)",
    )
    .bind(ballot.id())
    .bind(day(now))
    .bind(ballot.article)
    .bind(ballot.version)
    .bind(ballot.locale)
    .bind(vote.helpful)
    .bind(&vote.reason)
    .bind(&vote.comment)
    .execute(&mut *transaction)
    .await
    .context("cannot write a vote")?;
    if taken.rows_affected() > 0 {
        events::write(&mut transaction, &events.ids, [entry]).await?;
    }
    transaction.commit().await?;
    events.arrived.send_replace(());
    Ok(())
}

/// What readers said of an article.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Tally {
    pub article: String,
    pub helpful: i64,
    pub unhelpful: i64,
}

/// What readers said of each article, beginning with the day `first`, since 1970-01-01 UTC.
///
/// # Errors
/// A database that cannot be read.
pub async fn tallies(store: &Store, first: i64) -> Result<Vec<Tally>> {
    let tallies = sqlx::query_as(
        "select article, sum(helpful) as helpful, sum(not helpful) as unhelpful from votes where day >= $1
         group by article",
    );
    tallies.bind(first).fetch_all(store.readers()).await.context("cannot read what readers said of articles")
}

/// What this session said of this version of the article.
///
/// # Errors
/// A database that cannot be read.
pub async fn vote_of(store: &Store, ballot: &Ballot<'_>) -> Result<Option<Vote>> {
    let row: Option<(bool, Option<String>, Option<String>)> =
        sqlx::query_as("select helpful, reason, comment from votes where id = $1")
            .bind(ballot.id())
            .fetch_optional(store.readers())
            .await?;
    Ok(row.map(|(helpful, reason, comment)| Vote { helpful, reason, comment }))
}

/// Votes on each article after the day `since`, days since 1970-01-01 UTC: its id, how many, and how many that it helped.
///
/// # Errors
/// A database that cannot be read.
pub async fn by_article(store: &Store, since: i64) -> Result<Vec<(String, i64, i64)>> {
    let votes = sqlx::query_as("select article, count(*), sum(helpful) from votes where day > $1 group by article");
    Ok(votes.bind(since).fetch_all(store.readers()).await?)
}
