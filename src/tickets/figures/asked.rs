//! What was read and searched for before people asked all the same, and how that ended: what the owners of articles want
//! to know. Only of steps that readers let travel with their ticket.

use anyhow::{Context, Result};
use jiff::Timestamp;

use super::MOST;
use crate::tickets::Tickets;

/// Tickets whose reader had opened an article before.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct AskedAfter {
    /// Id of the article.
    pub article: String,
    pub tickets: i64,
    pub solved: i64,
    /// Rated so by their requester.
    pub good: i64,
    pub bad: i64,
}

/// What such tickets were about: a class or a tag, and how many have it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct About {
    /// Id of the article.
    pub article: String,
    pub name: String,
    /// No class, but a tag.
    pub is_tag: bool,
    pub tickets: i64,
}

/// The article that agents gave most often to those who had opened another one.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Instead {
    /// Id of the one that was opened.
    pub article: String,
    pub given: String,
    pub tickets: i64,
}

/// Tickets whose reader had searched for something and found no answer.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Unanswered {
    pub query: String,
    pub tickets: i64,
    pub solved: i64,
    /// Milliseconds since 1970-01-01 UTC.
    pub last_at: i64,
}

impl Tickets {
    /// Of tickets opened since then, by article, those first after which most was asked.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn asked_after(&self, since: Timestamp) -> Result<Vec<AskedAfter>> {
        let rows = sqlx::query_as(
            "select article, count(*) as tickets, sum(solved) as solved, coalesce(sum(rating = 'good'), 0) as good,
                 coalesce(sum(rating = 'bad'), 0) as bad
             from articles_asked where opened_at >= $1 group by article order by tickets desc, article",
        );
        let rows = rows.bind(since.as_millisecond()).fetch_all(self.store.readers()).await;
        rows.context("cannot read what was asked after articles were read")
    }

    /// Of tickets opened since then, by article: their classes, then their tags, those first that most have.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn asked_about(&self, since: Timestamp) -> Result<Vec<About>> {
        let rows = sqlx::query_as(
            "with asked as (
                 select articles_asked.article, tickets.class, tickets.tags
                 from articles_asked cross join tickets on tickets.id = articles_asked.ticket
                 where articles_asked.opened_at >= $1
             )
             select article, class as name, 0 as is_tag, count(*) as tickets from asked
             where class is not null group by article, class
             union all
             select article, tag.value, 1, count(*) from asked cross join json_each(tags) as tag
             group by article, tag.value
             order by article, is_tag, tickets desc, name",
        );
        let rows = rows.bind(since.as_millisecond()).fetch_all(self.store.readers()).await;
        rows.context("cannot read what was asked about after articles were read")
    }

    /// Of tickets opened since then, by the article that had been opened.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn given_instead(&self, since: Timestamp) -> Result<Vec<Instead>> {
        let rows = sqlx::query_as(
            "with pairs as (
                 select asked.article, given.value as given, count(distinct asked.ticket) as tickets
                 from articles_asked as asked
                 cross join messages on messages.ticket = asked.ticket and messages.internal = 0
                     and messages.articles <> '[]'
                 cross join json_each(messages.articles) as given
                 where asked.opened_at >= $1 and given.value <> asked.article
                 group by asked.article, given.value
             )
             select article, given, max(tickets) as tickets from pairs group by article",
        );
        let rows = rows.bind(since.as_millisecond()).fetch_all(self.store.readers()).await;
        rows.context("cannot read which articles were given in place of others")
    }

    /// Of tickets opened since then, those searches first that led to most.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn unanswered(&self, since: Timestamp) -> Result<Vec<Unanswered>> {
        let rows = sqlx::query_as(
            "select query, count(*) as tickets, sum(solved) as solved, max(opened_at) as last_at
             from searches_asked where opened_at >= $1 group by query order by tickets desc, last_at desc, query limit $2",
        );
        let rows = rows.bind(since.as_millisecond()).bind(MOST).fetch_all(self.store.readers()).await;
        rows.context("cannot read which searches led to tickets")
    }
}
