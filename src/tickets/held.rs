//! Tickets that look like spam wait for an agent's look before anybody else hears of them: no desk takes in rubbish,
//! and nobody gets mail because a machine typed an address.

use anyhow::{Context, Result};
use app::model::Author;
use jiff::Timestamp;
use sqlx::SqliteConnection;
use sqlx::types::Json;

use super::agents::{By, Changed, note};
use super::conversation::Message;
use super::letters::Cause;
use super::{Taken, Ticket, Tickets, desk};
use crate::routing::Routed;

/// The tag by which the queue finds them.
const TAG: &str = "held";

pub(super) async fn hold(transaction: &mut SqliteConnection, ticket: &mut Ticket) -> Result<()> {
    ticket.held = true;
    ticket.tags.push(TAG.to_owned());
    set(transaction, ticket).await
}

async fn set(transaction: &mut SqliteConnection, ticket: &Ticket) -> Result<()> {
    let update = sqlx::query("update tickets set held = $2, tags = $3 where id = $1");
    let update = update.bind(&ticket.id).bind(ticket.held).bind(Json(&ticket.tags)).execute(transaction).await;
    update.context("cannot write whether a ticket is held").map(drop)
}

impl Tickets {
    /// An agent saw that it is no spam: desks and the requester are told, as if it had been opened now. What is not
    /// held stays as it is.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn release(&self, ticket: &Ticket, by: By<'_>, now: Timestamp) -> Result<()> {
        let mut transaction = self.store.writer().begin().await.context("cannot begin to release a ticket")?;
        let ticket = sqlx::query_as("select * from tickets where id = $1 and held").bind(&ticket.id);
        let Some(mut ticket): Option<Ticket> = ticket.fetch_optional(&mut *transaction).await? else { return Ok(()) };
        ticket.held = false;
        ticket.tags.retain(|tag| tag != TAG);
        set(&mut transaction, &ticket).await?;
        let routed = self.route_released(&mut transaction, &mut ticket, now).await?;
        self.set_status(&mut transaction, &ticket.id, ticket.status, false, now).await?;
        note(&mut transaction, &ticket.id, &Changed { released: true, ..Changed::default() }, by, now).await?;
        self.tell_all(&mut transaction, &ticket, routed.as_ref(), now).await?;
        transaction.commit().await.context("cannot release a ticket")?;
        self.tell(&ticket.id);
        Ok(())
    }

    /// All that the requester said so far.
    async fn tell_all(
        &self,
        transaction: &mut SqliteConnection,
        ticket: &Ticket,
        routed: Option<&Routed>,
        now: Timestamp,
    ) -> Result<()> {
        let said: Vec<Message> =
            sqlx::query_as("select * from messages where ticket = $1 and author = $2 and not internal order by id")
                .bind(&ticket.id)
                .bind(Author::Requester.name())
                .fetch_all(&mut *transaction)
                .await
                .context("cannot read what was said in a ticket")?;
        for (place, message) in said.iter().enumerate() {
            let files = files(transaction, message).await?;
            match place {
                0 => {
                    self.write_first(transaction, ticket, Cause::Opened, now).await?;
                    self.announce(transaction, ticket, message, &files, routed, now).await?;
                }
                _ => desk::promise_answered(self, transaction, ticket, message, &files, now).await?,
            }
        }
        Ok(())
    }
}

async fn files(transaction: &mut SqliteConnection, message: &Message) -> Result<Vec<Taken>> {
    let files = sqlx::query_as("select id, name, media_type, bytes from attachments where message = $1 order by name");
    files.bind(&message.id).fetch_all(transaction).await.context("cannot read the files of a message")
}
