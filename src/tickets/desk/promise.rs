//! What desks are told: promised with its cause.

use anyhow::{Context, Result};
use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::News;
use crate::delivery::outbox;
use crate::integrations::desk::{Answered, Changed, Deed, File, Opened};
use crate::tickets::{Message, Taken, Ticket, Tickets};

/// Promises a new ticket to these desks.
pub async fn promise_opened(
    tickets: &Tickets,
    transaction: &mut SqliteConnection,
    ticket: &Ticket,
    desks: &[&str],
    first: &Message,
    attachments: &[Taken],
    now: Timestamp,
) -> Result<()> {
    for desk in desks {
        sqlx::query("insert into desk_tickets (ticket, desk) values ($1, $2)")
            .bind(&ticket.id)
            .bind(*desk)
            .execute(&mut *transaction)
            .await?;
        let deed = Deed::Opened(Box::new(opened(tickets, ticket, first, attachments)));
        promise(tickets, transaction, desk, &deed, now).await?;
    }
    Ok(())
}

/// Promises what the requester said to every desk that the ticket is at.
pub async fn promise_answered(
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

/// Promises to ask the desk how the ticket stands there, unless that is about to be done.
pub async fn promise_look(
    tickets: &Tickets,
    transaction: &mut SqliteConnection,
    ticket: &str,
    news: &News,
    now: Timestamp,
) -> Result<()> {
    let deed = Deed::Changed(Changed { ticket: ticket.to_owned(), remote_id: news.remote_id.clone() });
    let json = serde_json::to_value(&deed)?;
    if !outbox::is_to_be_tried(transaction, &news.desk, &json, ticket).await? {
        promise(tickets, transaction, &news.desk, &deed, now).await?;
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
    let about = deed.ticket().to_owned();
    let deed = serde_json::to_value(deed).context("cannot write what a desk shall know as JSON")?;
    tickets.delivery.promise_in_order(transaction, desk, deed, &about, now).await?;
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
        class: ticket.class.clone(),
        group: ticket.group.clone(),
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
