//! What becomes of tickets: solved, opened again, rated, here or at another desk. It is counted, and told to sinks as
//! events of the visit the ticket came from, to those alone whom its reader granted it.

use anyhow::{Context, Result};
use app::model::event::{List, Name, Text};
use app::model::{Channel, Event, Purpose, Rating, Status};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;
use sqlx::types::Json;

use super::{Opening, Ticket, Tickets};
use crate::events::Later;
use crate::{events, mask};

/// What a reader did before asking, as far as they let it travel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// Articles that were opened: id, and path of the category.
    pub articles: Vec<(String, Option<String>)>,
    /// Searches that found no answer: masked.
    pub searches: Vec<String>,
    /// Categories as `routing.yml` names them, `billing/refunds`: of the page it was asked from, then of what was read, the
    /// last first. Only where tickets are routed.
    #[serde(default)]
    pub topics: Vec<String>,
}

/// How a ticket stood.
#[derive(Debug, sqlx::FromRow)]
pub struct Stood {
    #[sqlx(try_from = "String")]
    status: Status,
    solved_at: Option<i64>,
}

/// What is told of a ticket.
#[derive(sqlx::FromRow)]
struct Told {
    id: String,
    form: String,
    #[sqlx(try_from = "String")]
    channel: Channel,
    #[sqlx(json)]
    tags: Vec<String>,
    opened_at: i64,
    replied_at: Option<i64>,
    reopened: i64,
    entry: Option<Json<Later>>,
}

/// With the ticket: how it came, what its reader did before, and what may be told of it later.
pub(super) async fn keep(transaction: &mut SqliteConnection, opening: &Opening) -> Result<()> {
    // Nothing without its reader's own yes, as nobody could take back what nobody said.
    let granted = opening.event.as_ref().filter(|entry| entry.grants.allow(Purpose::Analytics));
    let later = granted.filter(|_| opening.consent.is_some()).map(Later::of);
    sqlx::query("update tickets set channel = $2, entry = $3, consent = $4 where id = $1")
        .bind(opening.id.to_string())
        .bind(opening.channel.name())
        .bind(later.as_ref().map(Json))
        .bind(later.as_ref().and(opening.consent).map(|consent| consent.to_string()))
        .execute(&mut *transaction)
        .await
        .context("cannot write how a ticket came")?;
    let Before { articles, searches, .. } = &opening.before;
    for (rows, sql) in [
        (
            serde_json::to_string(articles)?,
            "insert into ticket_articles select $1, value ->> 0, value ->> 1 from json_each($2) where true
             on conflict do nothing",
        ),
        (
            serde_json::to_string(searches)?,
            "insert into ticket_searches select $1, value from json_each($2) where true on conflict do nothing",
        ),
    ] {
        if rows != "[]" {
            let insert = sqlx::query(sql).bind(opening.id.to_string()).bind(rows).execute(&mut *transaction).await;
            insert.context("cannot write what was read before a ticket")?;
        }
    }
    Ok(())
}

/// Nothing of a ticket that goes on in another one, or looks like spam: its end is no outcome.
pub(super) async fn stood(transaction: &mut SqliteConnection, ticket: &str) -> Result<Option<Stood>> {
    let stood =
        sqlx::query_as("select status, solved_at from tickets where id = $1 and merged_into is null and held = 0");
    stood.bind(ticket).fetch_optional(transaction).await.context("cannot read how a ticket stands")
}

fn is_over(status: Status) -> bool {
    matches!(status, Status::Solved | Status::Closed)
}

impl Tickets {
    /// Notes what the new status makes of a ticket that stood otherwise: one solving is one event, however often it is
    /// told.
    pub(super) async fn note_outcome(
        &self,
        transaction: &mut SqliteConnection,
        ticket: &str,
        stood: Stood,
        status: Status,
        now: Timestamp,
    ) -> Result<()> {
        match (is_over(stood.status), is_over(status)) {
            (false, true) => {
                let Some(told) = told(transaction, ticket).await? else { return Ok(()) };
                let (articles, categories) = read(transaction, ticket).await?;
                let event = solved(&told, articles, categories, now);
                self.write_outcome(transaction, told.entry, event, now).await
            }
            (true, false) => {
                let update = sqlx::query("update tickets set reopened = reopened + 1 where id = $1").bind(ticket);
                update.execute(&mut *transaction).await.context("cannot write that a ticket was opened again")?;
                let Some(told) = told(transaction, ticket).await? else { return Ok(()) };
                let event = Event::TicketReopened {
                    ticket: Name::of(&told.id),
                    form: Name::of(&told.form),
                    channel: Name::of(told.channel.name()),
                    solved_seconds: seconds(stood.solved_at.unwrap_or(now.as_millisecond()), now.as_millisecond()),
                };
                self.write_outcome(transaction, told.entry, event, now).await
            }
            _ => Ok(()),
        }
    }

    /// The requester says how good the help was; may be said again, and counts once while it is the same.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn rate(&self, ticket: &Ticket, rating: Rating, comment: Option<&str>, now: Timestamp) -> Result<()> {
        let mut transaction = self.store.writer().begin().await.context("cannot begin to write a rating")?;
        let before: Option<String> = sqlx::query_scalar("select rating from tickets where id = $1")
            .bind(&ticket.id)
            .fetch_one(&mut *transaction)
            .await
            .context("cannot read a rating")?;
        sqlx::query("update tickets set rating = $2, rating_comment = $3, rated_at = $4 where id = $1")
            .bind(&ticket.id)
            .bind(rating.name())
            .bind(comment)
            .bind(now.as_millisecond())
            .execute(&mut *transaction)
            .await
            .context("cannot write a rating")?;
        if before.as_deref() != Some(rating.name())
            && let Some(told) = told(&mut transaction, &ticket.id).await?
        {
            let event = Event::TicketRated {
                ticket: Name::of(&told.id),
                form: Name::of(&told.form),
                channel: Name::of(told.channel.name()),
                good: rating == Rating::Good,
            };
            self.write_outcome(&mut transaction, told.entry, event, now).await?;
        }
        transaction.commit().await.context("cannot write a rating")?;
        self.tell(&ticket.id);
        Ok(())
    }

    async fn write_outcome(
        &self,
        transaction: &mut SqliteConnection,
        later: Option<Json<Later>>,
        mut event: Event,
        now: Timestamp,
    ) -> Result<()> {
        let Some(Json(later)) = later else { return Ok(()) };
        event.mask(&mask::masked);
        events::write(transaction, &self.ids, [&later.entry(event, now)]).await
    }
}

async fn told(transaction: &mut SqliteConnection, ticket: &str) -> Result<Option<Told>> {
    let told = sqlx::query_as("select * from tickets where id = $1 and entry is not null").bind(ticket);
    told.fetch_optional(transaction).await.context("cannot read what is told of a ticket")
}

type Names<const MAX: usize> = List<Name<MAX>>;

/// Articles that were opened before a ticket, and the categories they lie in.
async fn read(transaction: &mut SqliteConnection, ticket: &str) -> Result<(Names<128>, Names<200>)> {
    let rows: Vec<(String, Option<String>)> =
        sqlx::query_as("select article, category from ticket_articles where ticket = $1 order by article")
            .bind(ticket)
            .fetch_all(transaction)
            .await
            .context("cannot read which articles were opened before a ticket")?;
    let mut categories: Vec<_> = rows.iter().filter_map(|(_, category)| category.as_deref()).collect();
    categories.sort_unstable();
    categories.dedup();
    let articles = List::of(rows.iter().map(|(article, _)| Name::of(article)));
    Ok((articles, List::of(categories.into_iter().map(Name::of))))
}

fn solved(told: &Told, articles: Names<128>, categories: Names<200>, now: Timestamp) -> Event {
    Event::TicketSolved {
        ticket: Name::of(&told.id),
        form: Name::of(&told.form),
        channel: Name::of(told.channel.name()),
        articles,
        categories,
        tags: List::of(told.tags.iter().map(|tag| Text::of(tag))),
        answer_seconds: told.replied_at.map(|at| seconds(told.opened_at, at)),
        solve_seconds: seconds(told.opened_at, now.as_millisecond()),
        reopened: told.reopened > 0,
    }
}

/// Between two times in milliseconds.
fn seconds(from: i64, to: i64) -> u32 {
    // The greatest number stands for one that is missing.
    u32::try_from((to - from).max(0) / 1000).unwrap_or(u32::MAX).min(u32::MAX - 1)
}
