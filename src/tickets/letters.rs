//! Letters to a requester, promised with their cause.

use anyhow::{Context, Result};
use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::{Message, Ticket, Tickets};
use crate::mail::{self, Letter, Reader};

/// Why a requester is written to.
pub(super) enum Cause<'a> {
    Opened,
    /// An agent said this.
    Replied(&'a Message),
    /// And how good was the help?
    Solved,
}

impl Tickets {
    /// Promises the letter; none where the requester left no address.
    pub(super) async fn write(
        &self,
        transaction: &mut SqliteConnection,
        ticket: &Ticket,
        cause: Cause<'_>,
        now: Timestamp,
    ) -> Result<()> {
        let Some(address) = ticket.email.as_deref().filter(|email| mail::is_address(email)) else { return Ok(()) };
        let (number, link) = (ticket.number.to_string(), self.link(ticket));
        let (subject, link) = (ticket.subject.as_str(), link.as_str());
        let letter = match cause {
            Cause::Opened => Letter::TicketOpened { ticket: &number, subject, link },
            Cause::Replied(message) => {
                let agent = message.name.as_deref().unwrap_or(&self.site);
                Letter::Reply { ticket: &number, subject, agent, text: &message.text, link }
            }
            Cause::Solved => Letter::Rating { ticket: &number, subject, link },
        };
        let deed = mail::deed(&letter, &self.site, Reader { address, locale: &ticket.locale });
        let promised = self.delivery.promise_all(transaction, mail::CHANNEL, deed, now).await;
        promised.context("cannot promise a mail").map(drop)
    }

    /// The requester's page, as a whole address.
    fn link(&self, ticket: &Ticket) -> String {
        let prefix = if ticket.locale == self.default_locale { String::new() } else { format!("/{}", ticket.locale) };
        self.address.absolute(&format!("{prefix}{}", ticket.path()))
    }
}
