//! Letters to a requester, promised with their cause.

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use sqlx::SqliteConnection;

use super::{Message, Ticket, Tickets, arrive};
use crate::mail::{self, Letter, Reader};
use crate::passes::{self, Purpose};

/// Letters an hour that tell one address of tickets that arrived.
const OPENED: i64 = 3;

/// Why a requester is written to.
pub(super) enum Cause<'a> {
    Opened,
    /// An agent said this.
    Replied(&'a Message),
    /// And how good was the help?
    Solved,
    /// The same of a chat that was answered: nothing was written to them of it before.
    Over,
}

impl Tickets {
    /// Promises the first letter about a ticket, unless its requester is to get none. Its address is typed, proved by
    /// nothing: so it holds no word of whoever typed it, and an address that was told of some within the hour is told of
    /// no more.
    pub(super) async fn write_first(
        &self,
        transaction: &mut SqliteConnection,
        ticket: &Ticket,
        cause: Cause<'_>,
        now: Timestamp,
    ) -> Result<()> {
        if ticket.quiet {
            return Ok(());
        }
        let tickets: i64 = sqlx::query_scalar(
            "select count(*) from (select 1 from tickets
                 where lower(email) = lower($1) and updated_at > $2 and opened_at > $2 and not held limit $3)",
        )
        .bind(&ticket.email)
        .bind((now - SignedDuration::from_hours(1)).as_millisecond())
        .bind(OPENED + 1)
        .fetch_one(&mut *transaction)
        .await
        .context("cannot count the tickets of an address")?;
        if tickets > OPENED {
            return Ok(());
        }
        self.write(transaction, ticket, cause, now).await
    }

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
        let reply_to = self.inbound.reply_to(&arrive::word(ticket));
        let by_mail = reply_to.is_some();
        let letter = match cause {
            Cause::Opened => Letter::TicketOpened { ticket: &number, link, by_mail },
            Cause::Replied(message) => {
                let agent = message.name.as_deref().unwrap_or(&self.site);
                Letter::Reply { ticket: &number, subject, agent, text: &message.text, link, by_mail }
            }
            Cause::Solved => Letter::Rating { ticket: &number, subject, link },
            Cause::Over => Letter::Rating { ticket: &number, subject: "", link },
        };
        let mut mail = mail::written(&letter, &self.site, Reader { address, locale: &ticket.locale });
        // An answer by mail finds its ticket by both: some programs keep the one, some the other.
        if by_mail {
            (mail.reply_to, mail.thread) = (reply_to, Some(arrive::word(ticket)));
        }
        let promised = self.delivery.promise_all(transaction, mail::CHANNEL, mail.deed(), now).await;
        promised.context("cannot promise a mail").map(drop)
    }

    /// Sends a link that shows all that came from an address in small letters; nothing where nothing did.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn send_link(&self, address: &str, locale: &str, now: Timestamp) -> Result<()> {
        if self.of_address(address).await?.is_empty() {
            return Ok(());
        }
        let mut transaction = self.store.writer().begin().await.context("cannot begin to write a link")?;
        let secret = passes::issue(&mut transaction, Purpose::SignIn, address, now).await?;
        let link = self.address.absolute_in(locale, &self.default_locale, &format!("/requests/in/{secret}"));
        let letter = Letter::SignInLink { link: &link, minutes: u32::try_from(Purpose::SignIn.lasts().as_mins())? };
        let mail = mail::written(&letter, &self.site, Reader { address, locale });
        self.delivery.promise_all(&mut transaction, mail::CHANNEL, mail.deed(), now).await?;
        transaction.commit().await.context("cannot write a link")?;
        self.delivery.wake();
        Ok(())
    }

    /// The requester's page, as a whole address.
    fn link(&self, ticket: &Ticket) -> String {
        self.address.absolute_in(&ticket.locale, &self.default_locale, &ticket.path())
    }
}
