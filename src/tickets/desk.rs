//! Tickets at other desks: what they are told, and what they tell back.

use anyhow::{Context, Result};
use app::model::{Author, Status};
use jiff::Timestamp;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::conversation::{self, Message};
use super::{Taken, Ticket, Tickets};
use crate::delivery::receipts;
use crate::integrations::desk::{Answered, Deed, File, Opened, html};

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
    /// By the desk's clock.
    pub at: Timestamp,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Comment {
    /// What the desk calls it: heard twice it is said once.
    pub remote_id: String,
    pub text: String,
    pub public: bool,
    pub name: Option<String>,
}

/// What became of news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    Applied,
    /// Something newer was heard before.
    Stale,
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
    let newer = sqlx::query(
        "insert into desk_tickets (ticket, desk, remote_id, heard_at) values ($1, $2, $3, $4)
         on conflict (ticket, desk) do update set remote_id = excluded.remote_id, heard_at = excluded.heard_at
         where heard_at is null or heard_at < excluded.heard_at",
    )
    .bind(&ticket)
    .bind(&news.desk)
    .bind(&news.remote_id)
    .bind(news.at.as_millisecond())
    .execute(&mut *transaction)
    .await
    .context("cannot write news of a desk")?;
    let is_newer = newer.rows_affected() == 1;
    if let Some(status) = news.status.filter(|_| is_newer) {
        conversation::set_status(&mut transaction, &ticket, status, false, now).await?;
    }
    let is_said = match &news.comment {
        Some(comment) if !is_ours(&mut transaction, &ticket, comment).await? => {
            say(&mut transaction, &ticket, news, comment).await?
        }
        _ => false,
    };
    transaction.commit().await?;
    tickets.tell(&ticket);
    Ok(if is_newer || is_said { Heard::Applied } else { Heard::Stale })
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

/// False when it was heard before.
async fn say(transaction: &mut SqliteConnection, ticket: &str, news: &News, comment: &Comment) -> Result<bool> {
    let message = Message {
        id: id_of(news, comment).to_string(),
        ticket: ticket.to_owned(),
        at: news.at.as_millisecond(),
        author: Author::Agent,
        agent: None,
        name: comment.name.clone(),
        internal: !comment.public,
        text: comment.text.clone(),
        articles: Vec::new(),
    };
    let known: i64 = sqlx::query_scalar("select count(*) from messages where id = $1")
        .bind(&message.id)
        .fetch_one(&mut *transaction)
        .await?;
    if known == 0 {
        conversation::insert(transaction, &message, &[]).await?;
    }
    Ok(known == 0)
}

/// The same for the same comment, in the order of time as all ids are (UUIDv7, RFC 9562).
fn id_of(news: &News, comment: &Comment) -> Uuid {
    let hash = blake3::hash(format!("{}/{}/{}", news.desk, news.remote_id, comment.remote_id).as_bytes());
    let mut random = [0; 10];
    random.copy_from_slice(&hash.as_bytes()[..10]);
    uuid::Builder::from_unix_timestamp_millis(news.at.as_millisecond().unsigned_abs(), &random).into_uuid()
}

/// Promises a new ticket to every desk it belongs to.
pub(super) async fn promise_opened(
    tickets: &Tickets,
    transaction: &mut SqliteConnection,
    ticket: &Ticket,
    first: &Message,
    attachments: &[Taken],
    now: Timestamp,
) -> Result<()> {
    for desk in tickets.settings.desks_of(&ticket.form, ticket.plan.as_deref(), &ticket.locale) {
        sqlx::query("insert into desk_tickets (ticket, desk) values ($1, $2)")
            .bind(&ticket.id)
            .bind(desk)
            .execute(&mut *transaction)
            .await?;
        let deed = Deed::Opened(Box::new(opened(tickets, ticket, first, attachments)));
        promise(tickets, transaction, desk, &deed, now).await?;
    }
    Ok(())
}

/// Promises what the requester said to every desk that the ticket is at.
pub(super) async fn promise_answered(
    tickets: &Tickets,
    transaction: &mut SqliteConnection,
    ticket: &Ticket,
    message: &Message,
    attachments: &[Taken],
    now: Timestamp,
) -> Result<()> {
    let desks: Vec<String> = sqlx::query_scalar("select desk from desk_tickets where ticket = $1")
        .bind(&ticket.id)
        .fetch_all(&mut *transaction)
        .await?;
    let answered = Answered {
        ticket: ticket.id.clone(),
        message: message.id.clone(),
        text: message.text.clone(),
        name: ticket.name.clone(),
        email: ticket.email.clone(),
        files: files(tickets, attachments),
        at: message.at,
    };
    let deed = Deed::Answered(Box::new(answered));
    for desk in desks {
        promise(tickets, transaction, &desk, &deed, now).await?;
    }
    Ok(())
}

async fn promise(
    tickets: &Tickets,
    transaction: &mut SqliteConnection,
    desk: &str,
    deed: &Deed,
    now: Timestamp,
) -> Result<()> {
    let about = match deed {
        Deed::Opened(opened) => &opened.ticket,
        Deed::Answered(answered) => &answered.ticket,
    };
    let deed = serde_json::to_value(deed).context("cannot write what a desk shall know as JSON")?;
    tickets.delivery.promise_in_order(transaction, desk, deed, about, now).await?;
    Ok(())
}

fn opened(tickets: &Tickets, ticket: &Ticket, first: &Message, attachments: &[Taken]) -> Opened {
    Opened {
        ticket: ticket.id.clone(),
        number: ticket.number,
        form: ticket.form.clone(),
        subject: ticket.subject.clone(),
        text: first.text.clone(),
        priority: ticket.priority,
        tags: ticket.tags.clone(),
        name: ticket.name.clone(),
        email: ticket.email.clone(),
        reader: ticket.reader.clone(),
        plan: ticket.plan.clone(),
        locale: ticket.locale.clone(),
        fields: ticket.fields.clone(),
        dossier: ticket.dossier.clone(),
        url: tickets.address.absolute(&format!("/agent/tickets/{}", ticket.number)),
        files: files(tickets, attachments),
        at: ticket.opened_at,
    }
}

fn files(tickets: &Tickets, attachments: &[Taken]) -> Vec<File> {
    let file = |taken: &Taken| File {
        name: taken.name.clone(),
        media_type: taken.media_type.clone(),
        bytes: taken.bytes.unsigned_abs(),
        path: tickets.folder.join(&taken.id),
    };
    attachments.iter().map(file).collect()
}
