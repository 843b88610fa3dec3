//! What is kept of a mail that became part of a ticket: the table `arrivals`.

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use sqlx::SqliteConnection;
use sqlx::types::Json;

use crate::mail::arrived::Arrived;
use crate::tickets::{Message, Ticket, Tickets, draft};

/// Characters of a whole mail that are kept.
const LONGEST: usize = 200_000;

/// Why a mail is only a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A machine wrote it.
    Automatic,
    /// Its address is not the requester's.
    Stranger,
}

impl Mark {
    fn name(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Stranger => "stranger",
        }
    }
}

impl TryFrom<String> for Mark {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let marks = [Self::Automatic, Self::Stranger];
        marks.into_iter().find(|mark| mark.name() == name).ok_or_else(|| format!("{name:?} marks no mail"))
    }
}

/// Beside the message that a mail became.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Arrival {
    pub message: String,
    /// Address it says it is from.
    pub sender: String,
    mark: Option<String>,
    /// All that it said, where that is more than the message.
    pub original: Option<String>,
    /// Names of files that were not taken.
    #[sqlx(json)]
    pub left_out: Vec<String>,
    ticket: String,
}

/// More than a person sends: two machines may be answering each other.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "its sender sent {most} mails within the hour {place}, as many as mail.inbound.per_hour allows; look whether two \
     machines answer each other, then handle it again or drop it"
)]
pub struct Flood {
    most: u32,
    place: String,
}

/// The same for the same mail into the same ticket; its sender makes the id, so that counts for them alone.
pub fn key(mail: &Arrived, ticket: Option<&Ticket>) -> String {
    let id = mail.id.clone().unwrap_or_else(|| format!("{}\n{}", mail.subject, mail.text));
    draft::hash(&format!("{}\n{}\n{id}", ticket.map_or("", |ticket| &ticket.id), mail.from))
}

impl Arrival {
    pub fn of(mail: &Arrived, message: &Message, mark: Option<Mark>, left_out: &[String]) -> Self {
        let is_all = mail.text.trim() == message.text;
        let whole = || mail.text.chars().take(LONGEST).collect();
        Self {
            message: message.id.clone(),
            sender: mail.from.clone(),
            mark: mark.map(|mark| mark.name().to_owned()),
            original: (!is_all && !mail.text.trim().is_empty()).then(whole),
            left_out: left_out.to_vec(),
            ticket: message.ticket.clone(),
        }
    }

    /// Why it is only a note, where it is.
    pub fn mark(&self) -> Option<Mark> {
        self.mark.clone().and_then(|name| Mark::try_from(name).ok())
    }

    /// False where it is known already.
    pub async fn insert(
        &self,
        connection: &mut SqliteConnection,
        key: &str,
        opened: bool,
        now: Timestamp,
    ) -> Result<bool> {
        let inserted = sqlx::query(
            "insert into arrivals (id, at, sender, ticket, message, mark, opened, original, left_out)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do nothing",
        )
        .bind(key)
        .bind(now.as_millisecond())
        .bind(&self.sender)
        .bind(&self.ticket)
        .bind(&self.message)
        .bind(&self.mark)
        .bind(opened)
        .bind(&self.original)
        .bind(Json(&self.left_out))
        .execute(connection)
        .await
        .context("cannot write that a mail arrived")?;
        Ok(inserted.rows_affected() == 1)
    }
}

impl Tickets {
    /// What came by mail into a ticket and into those merged into it.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn arrivals(&self, ticket: &str) -> Result<Vec<Arrival>> {
        let arrivals = sqlx::query_as(
            "select message, sender, mark, original, left_out, ticket from arrivals
             where ticket in (select id from tickets where id = $1 or merged_into = $1)",
        );
        arrivals.bind(ticket).fetch_all(self.store.readers()).await.context("cannot read what came by mail")
    }

    pub(super) async fn is_known(&self, key: &str) -> Result<bool> {
        let known = sqlx::query_scalar("select exists (select 1 from arrivals where id = $1)").bind(key);
        known.fetch_one(self.store.readers()).await.context("cannot read what came by mail")
    }

    /// How many mails one sender may send in an hour, into one ticket or to open some.
    pub(super) async fn pace(&self, mail: &Arrived, ticket: Option<&Ticket>, now: Timestamp) -> Result<()> {
        let count: i64 = sqlx::query_scalar(
            "select count(*) from arrivals where sender = $1 and at > $2 and iif($3 is null, opened, ticket = $3)",
        )
        .bind(&mail.from)
        .bind((now - SignedDuration::from_hours(1)).as_millisecond())
        .bind(ticket.map(|ticket| &ticket.id))
        .fetch_one(self.store.readers())
        .await
        .context("cannot count what came by mail")?;
        let most = self.inbound.per_hour.get();
        let place = ticket.map_or("to open tickets".to_owned(), |ticket| format!("to request {}", ticket.number));
        if count >= i64::from(most) { Err(Flood { most, place }.into()) } else { Ok(()) }
    }
}
