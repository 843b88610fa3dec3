//! Tickets at other desks: what they are told, and what they tell back.

mod promise;

use std::time::Duration;

use anyhow::{Context, Result};
use app::model::{Author, Status};
use jiff::Timestamp;
use serde::Deserialize;
use sqlx::SqliteConnection;
use tracing::error;
use uuid::Uuid;

use super::conversation::{self, Message};
use super::letters::Cause;
use super::{Tickets, find};
use crate::delivery::answers::{self, Answer};
use crate::delivery::receipts;
use crate::integrations::desk::{Told, html};

pub use crate::integrations::desk::Comment;
pub(super) use promise::{promise_answered, promise_opened};

/// How long an answer given elsewhere is news to its requester.
const NEW: Duration = Duration::from_hours(24);

/// What a desk tells of a ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct News {
    /// The sink's name: `zendesk`, `connector.NAME`.
    pub desk: String,
    /// What the desk calls the ticket.
    pub remote_id: String,
    /// What we call it, where the desk says so.
    pub ticket: Option<String>,
    pub status: Option<Status>,
    /// What an agent there told the requester, or other agents.
    pub comment: Option<Comment>,
    pub ask: Ask,
    /// By the desk's clock.
    pub at: Timestamp,
}

/// Is the desk to be asked for what its news leave out?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// They say all.
    Never,
    Also,
    /// They are nothing more than a sign that something changed.
    Instead,
}

/// What became of news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    Applied,
    /// The desk is asked.
    Asked,
    /// Something newer was heard before.
    Stale,
    /// They say nothing, and there is nobody to ask.
    Nothing,
    /// None of our tickets.
    Unknown,
}

/// Takes note of news. What is older than what was heard before changes nothing, but a comment is never lost.
///
/// # Errors
/// A database that cannot be written.
pub async fn heard(tickets: &Tickets, news: &News, now: Timestamp) -> Result<Heard> {
    let mut transaction = tickets.store.writer().begin().await.context("cannot begin to write news of a desk")?;
    let Some(ticket) = ticket_of(&mut transaction, news).await? else { return Ok(Heard::Unknown) };
    let asks = news.ask != Ask::Never && tickets.delivery.can_be_asked(&news.desk);
    if asks {
        promise::promise_look(tickets, &mut transaction, &ticket, news, now).await?;
    }
    let says_nothing = news.status.is_none() && news.comment.is_none();
    let heard = match news.ask {
        Ask::Instead if asks => Heard::Asked,
        _ if says_nothing && asks => Heard::Asked,
        _ if says_nothing => Heard::Nothing,
        _ => match take(tickets, &mut transaction, &ticket, news, now).await? {
            true => Heard::Applied,
            false if asks => Heard::Asked,
            false => Heard::Stale,
        },
    };
    transaction.commit().await.context("cannot write news of a desk")?;
    tickets.tell(&ticket);
    Ok(heard)
}

/// Takes note of the oldest answer of a desk that was asked; false when there is none.
///
/// # Errors
/// A database that cannot be written.
pub async fn learn(tickets: &Tickets, now: Timestamp) -> Result<bool> {
    let Some(answer) = answers::next(&tickets.store).await? else { return Ok(false) };
    if let Err(cause) = note(tickets, &answer, now).await {
        // What the database is too busy for is tried again; what it can never hold would be in the way for ever.
        let refused = cause.downcast_ref::<sqlx::Error>().and_then(sqlx::Error::as_database_error);
        if !refused.is_some_and(|refused| refused.is_unique_violation() || refused.is_foreign_key_violation()) {
            return Err(cause);
        }
        error!(desk = answer.channel, ticket = answer.about, "cannot take note of what a desk said: {cause:#}");
        let mut connection = tickets.store.writer().acquire().await?;
        answers::forget(&mut connection, &answer.id).await?;
    }
    tickets.tell(&answer.about);
    Ok(true)
}

async fn note(tickets: &Tickets, answer: &Answer, now: Timestamp) -> Result<()> {
    let mut transaction = tickets.store.writer().begin().await.context("cannot begin to write what a desk said")?;
    answers::forget(&mut transaction, &answer.id).await?;
    // It may have been forgotten while the desk was asked.
    if is_kept(&mut transaction, &answer.about).await? {
        match read(answer) {
            Ok((mut news, comments)) => {
                take(tickets, &mut transaction, &answer.about, &news, now).await?;
                for comment in comments {
                    news.comment = Some(comment);
                    say(tickets, &mut transaction, &answer.about, &news, now).await?;
                }
            }
            Err(cause) => error!(desk = answer.channel, "cannot read what a desk said of a ticket: {cause:#}"),
        }
    }
    transaction.commit().await.context("cannot write what a desk said")
}

/// How the ticket stands, by an answer of the desk, and what was said there.
fn read(answer: &Answer) -> Result<(News, Vec<Comment>)> {
    let Told { remote_id, status, at, comments } = Told::deserialize(&answer.said)?;
    let (desk, ticket) = (answer.channel.clone(), Some(answer.about.clone()));
    let at = Timestamp::from_millisecond(at)?;
    Ok((News { desk, remote_id, ticket, status, comment: None, ask: Ask::Never, at }, comments))
}

async fn is_kept(transaction: &mut SqliteConnection, ticket: &str) -> Result<bool> {
    let kept = sqlx::query_scalar("select exists (select 1 from tickets where id = $1)").bind(ticket);
    kept.fetch_one(transaction).await.context("cannot find the ticket that a desk was asked about")
}

/// Writes how the ticket stands, when nothing newer was heard, and what was said; false when nothing was new.
async fn take(
    tickets: &Tickets,
    transaction: &mut SqliteConnection,
    ticket: &str,
    news: &News,
    now: Timestamp,
) -> Result<bool> {
    let newer = sqlx::query(
        "insert into desk_tickets (ticket, desk, remote_id, heard_at) values ($1, $2, $3, $4)
         on conflict (ticket, desk) do update set remote_id = excluded.remote_id, heard_at = excluded.heard_at
         where heard_at is null or heard_at < excluded.heard_at",
    )
    .bind(ticket)
    .bind(&news.desk)
    .bind(&news.remote_id)
    .bind(news.at.as_millisecond())
    .execute(&mut *transaction)
    .await
    .context("cannot write news of a desk")?;
    let is_newer = newer.rows_affected() == 1;
    if let Some(status) = news.status.filter(|_| is_newer) {
        tickets.set_status(transaction, ticket, status, false, now).await?;
    }
    let is_said = say(tickets, transaction, ticket, news, now).await?;
    Ok(is_newer || is_said)
}

async fn ticket_of(transaction: &mut SqliteConnection, news: &News) -> Result<Option<String>> {
    // What the desk said when it took the ticket counts more than what it repeats of our words.
    let taken = receipts::about(transaction, &news.desk, &news.remote_id).await?;
    let ticket = sqlx::query_scalar(
        "select ticket from desk_tickets where desk = $1 and (remote_id = $2 or (ticket = $3 and remote_id is null))",
    );
    let ticket = ticket.bind(&news.desk).bind(&news.remote_id).bind(taken.as_ref().or(news.ticket.as_ref()));
    ticket.fetch_optional(transaction).await.context("cannot find the ticket that a desk tells of")
}

/// Is it what we told the desk ourselves?
async fn is_ours(transaction: &mut SqliteConnection, ticket: &str, comment: &Comment) -> Result<bool> {
    if !comment.text.contains(html::REFERENCE) {
        return Ok(false);
    }
    let ids: Vec<String> = sqlx::query_scalar("select id from messages where ticket = $1 union select $1")
        .bind(ticket)
        .fetch_all(transaction)
        .await?;
    Ok(ids.iter().any(|id| comment.text.contains(&html::reference(id))))
}

/// False when there is nothing to say: we said it ourselves, or it was heard before.
async fn say(
    tickets: &Tickets,
    transaction: &mut SqliteConnection,
    ticket: &str,
    news: &News,
    now: Timestamp,
) -> Result<bool> {
    let Some(comment) = &news.comment else { return Ok(false) };
    let message = message(ticket, news, comment, now);
    if is_ours(transaction, ticket, comment).await? || is_known(transaction, &message).await? {
        return Ok(false);
    }
    conversation::insert(transaction, &message, &[]).await?;
    if comment.public {
        tickets.note_reply(transaction, ticket, message.at, now).await?;
        mail(tickets, transaction, news, &message, now).await?;
    }
    Ok(true)
}

fn message(ticket: &str, news: &News, comment: &Comment, now: Timestamp) -> Message {
    // However the desk's clock goes, nothing is said in days to come.
    let at = comment.at.min(now.as_millisecond());
    Message {
        id: id_of(news, comment, at).to_string(),
        ticket: ticket.to_owned(),
        at,
        author: Author::Agent,
        agent: None,
        name: comment.name.clone(),
        internal: !comment.public,
        text: comment.text.clone(),
        articles: Vec::new(),
    }
}

/// The same comment may come with another time, and so another beginning of its id.
async fn is_known(transaction: &mut SqliteConnection, message: &Message) -> Result<bool> {
    let known = "select exists (select 1 from messages where ticket = $1 and substr(id, 15) = substr($2, 15))";
    let known = sqlx::query_scalar(known).bind(&message.ticket).bind(&message.id);
    known.fetch_one(transaction).await.context("cannot find what was said")
}

/// Writes to the requester where the desk does not; not of what was said long ago and is heard only now.
async fn mail(
    tickets: &Tickets,
    transaction: &mut SqliteConnection,
    news: &News,
    message: &Message,
    now: Timestamp,
) -> Result<()> {
    let is_new = now.as_millisecond() - message.at < NEW.as_millis() as i64;
    if !is_new || !tickets.settings.mails_for(&news.desk) {
        return Ok(());
    }
    let ticket = find::within(transaction, &message.ticket).await?;
    tickets.write(transaction, &ticket, Cause::Replied(message), now).await
}

/// The same for the same comment, in the order of time as all ids are (UUIDv7, RFC 9562).
fn id_of(news: &News, comment: &Comment, at: i64) -> Uuid {
    let hash = blake3::hash(format!("{}/{}/{}", news.desk, news.remote_id, comment.remote_id).as_bytes());
    let mut random = [0; 10];
    random.copy_from_slice(&hash.as_bytes()[..10]);
    uuid::Builder::from_unix_timestamp_millis(at.unsigned_abs(), &random).into_uuid()
}
