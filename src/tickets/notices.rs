//! What agents are told when they do not look: the one place through which every notice goes.

use anyhow::{Context, Result};
use jiff::Timestamp;
use sqlx::SqliteConnection;
use tracing::warn;

use super::{Ticket, Tickets};
use crate::mail::{self, Letter, Reader, What};
use crate::routing::{Target, Turn};

/// What happened.
#[derive(Debug, Clone, Copy)]
pub(super) enum Notice<'a> {
    /// The rules want somebody to look at a ticket that came in.
    Routed(&'a Ticket),
    /// A promise comes near its end, or past it. `zone`: by whose clock.
    Due { ticket: &'a Ticket, target: Target, due_at: Timestamp, zone: &'a str },
    /// Somebody is on call after somebody else.
    OnCall { rotation: &'a str, turn: &'a Turn<'a>, before: &'a str, zone: &'a str },
}

impl Tickets {
    /// Promises the notice to each of these e-mail addresses.
    pub(super) async fn notify(
        &self,
        transaction: &mut SqliteConnection,
        people: &[String],
        notice: &Notice<'_>,
        now: Timestamp,
    ) -> Result<()> {
        for address in people {
            if !mail::is_address(address) {
                warn!(address, "routing.yml tells somebody to whom no mail can be sent");
                continue;
            }
            let locale: Option<Option<String>> = sqlx::query_scalar("select locale from agents where email = $1")
                .bind(address)
                .fetch_optional(&mut *transaction)
                .await
                .context("cannot read an agent's language")?;
            let locale = locale.flatten().unwrap_or_else(|| self.default_locale.clone());
            let deed = self.deed_of(notice, Reader { address, locale: &locale }, now);
            let promised = self.delivery.promise_all(transaction, mail::CHANNEL, deed, now).await;
            promised.context("cannot promise a notice")?;
        }
        Ok(())
    }

    fn deed_of(&self, notice: &Notice<'_>, reader: Reader<'_>, now: Timestamp) -> serde_json::Value {
        let send = |notice: mail::Notice<'_>, path: &str| {
            let link = self.address.absolute(path);
            mail::written(&Letter::Notice { notice, link: &link }, &self.site, reader).deed()
        };
        let path = |ticket: &Ticket| format!("/agent/tickets/{}", ticket.number);
        match *notice {
            Notice::Routed(ticket) => {
                let number = ticket.number.to_string();
                send(mail::Notice::Routed { ticket: &number, subject: &ticket.subject }, &path(ticket))
            }
            Notice::Due { ticket, target, due_at, zone } => {
                let (number, at) = (ticket.number.to_string(), shown(due_at, zone));
                let (subject, what, is_late) = (ticket.subject.as_str(), what(target), due_at <= now);
                send(mail::Notice::Due { ticket: &number, subject, what, at: &at, is_late }, &path(ticket))
            }
            Notice::OnCall { rotation, turn, before, zone } => {
                let until = shown(turn.until, zone);
                send(mail::Notice::OnCall { rotation, agent: turn.agent, before, until: &until }, "/agent")
            }
        }
    }
}

fn what(target: Target) -> What {
    match target {
        Target::FirstReply => What::FirstReply,
        Target::NextReply => What::NextReply,
        Target::Solve => What::Solution,
    }
}

/// `2026-12-28 10:30 (Europe/Berlin)`: read alike in every language.
fn shown(at: Timestamp, zone: &str) -> String {
    let time = at.in_tz(zone).unwrap_or_else(|_| at.to_zoned(jiff::tz::TimeZone::UTC));
    time.strftime("%Y-%m-%d %H:%M (%Q)").to_string()
}
