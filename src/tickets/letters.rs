//! Letters to a requester, promised with their cause.

use anyhow::{Context, Result};
use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::{Message, Ticket, Tickets};
use crate::mail::{self, Letter, Reader};

impl Tickets {
    pub(super) async fn write_opened(
        &self,
        transaction: &mut SqliteConnection,
        ticket: &Ticket,
        now: Timestamp,
    ) -> Result<()> {
        let (number, link) = (ticket.number.to_string(), self.link(ticket));
        let letter = Letter::TicketOpened { ticket: &number, subject: &ticket.subject, link: &link };
        self.write(transaction, ticket, &letter, now).await
    }

    pub(super) async fn write_reply(
        &self,
        transaction: &mut SqliteConnection,
        ticket: &Ticket,
        message: &Message,
        now: Timestamp,
    ) -> Result<()> {
        let (number, link) = (ticket.number.to_string(), self.link(ticket));
        let agent = message.name.as_deref().unwrap_or(&self.site);
        let (subject, text) = (ticket.subject.as_str(), message.text.as_str());
        let letter = Letter::Reply { ticket: &number, subject, agent, text, link: &link };
        self.write(transaction, ticket, &letter, now).await
    }

    pub(super) async fn write_solved(
        &self,
        transaction: &mut SqliteConnection,
        ticket: &Ticket,
        now: Timestamp,
    ) -> Result<()> {
        let (number, link) = (ticket.number.to_string(), self.link(ticket));
        let letter = Letter::Rating { ticket: &number, subject: &ticket.subject, link: &link };
        self.write(transaction, ticket, &letter, now).await
    }

    /// The requester's page, as a whole address.
    fn link(&self, ticket: &Ticket) -> String {
        let prefix = if ticket.locale == self.default_locale { String::new() } else { format!("/{}", ticket.locale) };
        self.address.absolute(&format!("{prefix}{}", ticket.path()))
    }

    /// To nobody where the requester left no address.
    async fn write(
        &self,
        transaction: &mut SqliteConnection,
        ticket: &Ticket,
        letter: &Letter<'_>,
        now: Timestamp,
    ) -> Result<()> {
        let Some(address) = ticket.email.as_deref().filter(|email| mail::is_address(email)) else { return Ok(()) };
        let deed = mail::deed(letter, &self.site, Reader { address, locale: &ticket.locale });
        let promised = self.delivery.promise_all(transaction, mail::CHANNEL, deed, now).await;
        promised.context("cannot promise a mail").map(drop)
    }
}
