//! Answers proposed before a ticket is sent, and whether they spared one.
//!
//! A reader counts as answered only a day later, when the session sent no ticket. A share of readers is shown nothing,
//! so that what the proposals spare shows in the difference.

use anyhow::{Context, Result};
use app::model::Event;
use app::model::event::Name;
use jiff::{SignedDuration, Timestamp};
use sqlx::types::Json;
use uuid::Uuid;

use super::{Tickets, draft};
use crate::events::{self, Entry, Later};

/// How long a reader may still send a ticket.
const WAIT: SignedDuration = SignedDuration::from_hours(24);

/// What is proposed to a draft's reader.
#[derive(Debug)]
pub struct Proposal<'a> {
    pub session: Uuid,
    pub form: &'a str,
    /// Ids of articles.
    pub shown: &'a [String],
    /// Nothing was shown, so that there is something to compare with.
    pub is_held_out: bool,
}

/// A proposal of a day ago.
#[derive(sqlx::FromRow)]
struct Due {
    id: String,
    answered: bool,
    opened: Option<String>,
    entry: Option<Json<Later>>,
}

impl Tickets {
    /// The same for the same session, so that a second draft does not undo it.
    pub fn is_held_out(&self, session: Uuid) -> bool {
        let hash = blake3::hash(session.as_bytes());
        let place = f64::from(u32::from_le_bytes([hash.as_bytes()[0], hash.as_bytes()[1], hash.as_bytes()[2], 0]));
        place / f64::from(1 << 24) < self.settings.hold_out
    }

    /// Notes what is proposed; `entry` is the event it may become.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn propose(&self, secret: &str, proposal: &Proposal<'_>, entry: &Entry, now: Timestamp) -> Result<()> {
        sqlx::query(
            "insert into proposals (id, at, session, form, held_out, shown, entry) values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (id) do update set shown = excluded.shown",
        )
        .bind(draft::hash(secret))
        .bind(now.as_millisecond())
        .bind(proposal.session.to_string())
        .bind(proposal.form)
        .bind(proposal.is_held_out)
        .bind(Json(proposal.shown))
        .bind(Json(Later::of(entry)))
        .execute(self.store.writer())
        .await
        .context("cannot note what is proposed")?;
        Ok(())
    }

    /// Ids of the articles proposed to the draft's reader.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn proposed(&self, secret: &str) -> Result<Vec<String>> {
        let shown: Option<Json<Vec<String>>> = sqlx::query_scalar("select shown from proposals where id = $1")
            .bind(draft::hash(secret))
            .fetch_optional(self.store.readers())
            .await?;
        Ok(shown.map(|Json(shown)| shown).unwrap_or_default())
    }

    /// The reader opened a proposed article.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn opened(&self, secret: &str, article: &str) -> Result<()> {
        let opened = sqlx::query("update proposals set opened = $2 where id = $1 and outcome is null");
        opened.bind(draft::hash(secret)).bind(article).execute(self.store.writer()).await?;
        Ok(())
    }

    /// The reader says that it was the answer: the draft goes.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn answered(&self, secret: &str) -> Result<()> {
        let id = draft::hash(secret);
        let mut transaction = self.store.writer().begin().await?;
        sqlx::query("update proposals set answered = 1 where id = $1").bind(&id).execute(&mut *transaction).await?;
        sqlx::query("delete from drafts where id = $1").bind(&id).execute(&mut *transaction).await?;
        transaction.commit().await.context("cannot note that a proposal answered")
    }

    /// Settles proposals of a day ago: what became no ticket, and was opened or said to answer, was spared.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn settle_proposals(&self, now: Timestamp) -> Result<()> {
        let mut transaction = self.store.writer().begin().await?;
        let due: Vec<Due> = sqlx::query_as(
            "select id, answered, opened, entry from proposals where outcome is null and at <= $1 order by at limit 500",
        )
        .bind((now - WAIT).as_millisecond())
        .fetch_all(&mut *transaction)
        .await?;
        for Due { id, answered, opened, entry } in due {
            let outcome = if answered || opened.is_some() { "deflected" } else { "gone" };
            sqlx::query("update proposals set outcome = $2, session = null, entry = null where id = $1")
                .bind(&id)
                .bind(outcome)
                .execute(&mut *transaction)
                .await?;
            if let (Some(article), Some(Json(later))) = (opened, entry) {
                let entry = later.entry(Event::TicketDeflected { article: Name::of(&article) }, now);
                events::write(&mut transaction, &self.ids, [&entry]).await?;
            }
        }
        transaction.commit().await?;
        self.arrived.send_replace(());
        Ok(())
    }
}
