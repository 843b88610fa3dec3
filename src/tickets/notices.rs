//! What people are told when they do not look: the one place through which every notice goes, by mail or to a channel.

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sqlx::SqliteConnection;
use tracing::{error, warn};

use super::{Ticket, Tickets};
use crate::mail::{self, Common, Letter, Reader, What};
use crate::routing::{Shared, Target, Turn, is_channel};

/// Numbers that a notice names.
const NAMED: usize = 5;

/// What happened.
#[derive(Debug, Clone, Copy)]
pub(super) enum Notice<'a> {
    /// The rules want somebody to look at a ticket that came in.
    Routed(&'a Ticket),
    /// A promise comes near its end, or past it. `zone`: by whose clock.
    Due { ticket: &'a Ticket, target: Target, due_at: Timestamp, zone: &'a str },
    /// Somebody is on call after somebody else.
    OnCall { rotation: &'a str, turn: &'a Turn<'a>, before: &'a str, zone: &'a str },
    /// Somebody wants to hear of such a ticket.
    Alert { ticket: &'a Ticket, alert: &'a str },
    /// Many tickets have something in common. `id`: of what was told; `tickets`: numbers, the latest first.
    Burst { id: &'a str, alert: &'a str, shared: Shared, about: &'a str, within: SignedDuration, tickets: &'a [i64] },
}

impl<'a> Notice<'a> {
    fn ticket(&self) -> Option<&'a Ticket> {
        match self {
            Self::Routed(ticket) | Self::Due { ticket, .. } | Self::Alert { ticket, .. } => Some(ticket),
            Self::OnCall { .. } | Self::Burst { .. } => None,
        }
    }

    /// As messages to channels name it.
    fn kind(&self, now: Timestamp) -> &'static str {
        match self {
            Self::Routed(_) => "ticket.routed",
            Self::Due { due_at, .. } if *due_at <= now => "ticket.overdue",
            Self::Due { .. } => "ticket.due",
            Self::OnCall { .. } => "on_call.changed",
            Self::Alert { .. } => "ticket.alert",
            Self::Burst { .. } => "tickets.burst",
        }
    }

    /// What machines may want to know beside the text. Of a requester there is the subject, and nothing else.
    fn facts(&self) -> Value {
        match *self {
            Self::Routed(ticket) => json!({ "ticket": ticket.number, "subject": ticket.subject }),
            Self::Due { ticket, target, due_at, .. } => json!({
                "ticket": ticket.number, "subject": ticket.subject, "target": target.name(), "due_at": due_at,
            }),
            Self::OnCall { rotation, turn, before, .. } => json!({
                "rotation": rotation, "agent": turn.agent, "before": before, "until": turn.until,
            }),
            Self::Alert { ticket, alert } => {
                json!({ "ticket": ticket.number, "subject": ticket.subject, "alert": alert })
            }
            Self::Burst { alert, shared, about, tickets, .. } => json!({
                "alert": alert, "of": shared.name(), "about": about, "count": tickets.len(),
                "tickets": &tickets[..tickets.len().min(NAMED)],
            }),
        }
    }

    fn path(&self) -> String {
        match (self.ticket(), self) {
            (Some(ticket), _) => format!("/agent/tickets/{}", ticket.number),
            (None, Self::Burst { id, .. }) => format!("/agent/alerts#{id}"),
            (None, _) => "/agent".to_owned(),
        }
    }
}

impl Tickets {
    /// Promises the notice to each of these e-mail addresses and channels; to nobody where its ticket is muted.
    pub(super) async fn notify(
        &self,
        transaction: &mut SqliteConnection,
        told: &[String],
        notice: &Notice<'_>,
        now: Timestamp,
    ) -> Result<()> {
        if notice.ticket().is_some_and(|ticket| ticket.muted_at.is_some()) {
            return Ok(());
        }
        for name in told {
            let (channel, deed) = match is_channel(name) {
                true if self.delivery.tells(name) => (name.as_str(), self.message(notice, now)),
                false if mail::is_address(name) => {
                    (mail::CHANNEL, self.letter_of(transaction, name, notice, now).await?)
                }
                true => {
                    error!(channel = name, "routing.yml tells a channel that the settings do not have");
                    continue;
                }
                false => {
                    warn!(address = name, "routing.yml tells somebody to whom no mail can be sent");
                    continue;
                }
            };
            let promised = self.delivery.promise_all(transaction, channel, deed, now).await;
            promised.context("cannot promise a notice")?;
        }
        Ok(())
    }

    async fn letter_of(
        &self,
        transaction: &mut SqliteConnection,
        address: &str,
        notice: &Notice<'_>,
        now: Timestamp,
    ) -> Result<Value> {
        let locale: Option<Option<String>> = sqlx::query_scalar("select locale from agents where email = $1")
            .bind(address)
            .fetch_optional(transaction)
            .await
            .context("cannot read an agent's language")?;
        let locale = locale.flatten().unwrap_or_else(|| self.default_locale.clone());
        let reader = Reader { address, locale: &locale };
        let write =
            |notice: mail::Notice<'_>, link: &str| mail::written(&Letter::Notice { notice, link }, &self.site, reader);
        Ok(self.with_words(notice, now, write).deed())
    }

    /// For a channel: a text, and what machines may want to know.
    fn message(&self, notice: &Notice<'_>, now: Timestamp) -> Value {
        let mut message = notice.facts();
        message["type"] = notice.kind(now).into();
        message["link"] = self.address.absolute(&notice.path()).into();
        let write = |notice: mail::Notice<'_>, link: &str| mail::told(&notice, link, &self.site, &self.default_locale);
        message["text"] = self.with_words(notice, now, write).into();
        message
    }

    /// Has the notice written with all that it says, and where it leads.
    fn with_words<T>(&self, notice: &Notice<'_>, now: Timestamp, write: impl FnOnce(mail::Notice<'_>, &str) -> T) -> T {
        let link = self.address.absolute(&notice.path());
        match *notice {
            Notice::Routed(Ticket { number, subject, .. }) => {
                write(mail::Notice::Routed { ticket: &number.to_string(), subject }, &link)
            }
            Notice::Due { ticket: Ticket { number, subject, .. }, target, due_at, zone } => {
                let (ticket, at) = (&number.to_string(), &shown(due_at, zone));
                write(mail::Notice::Due { ticket, subject, what: what(target), at, is_late: due_at <= now }, &link)
            }
            Notice::OnCall { rotation, turn, before, zone } => {
                let until = &shown(turn.until, zone);
                write(mail::Notice::OnCall { rotation, agent: turn.agent, before, until }, &link)
            }
            Notice::Alert { ticket: Ticket { number, subject, .. }, alert } => {
                write(mail::Notice::Alert { alert, ticket: &number.to_string(), subject }, &link)
            }
            Notice::Burst { alert, shared, about, within, tickets, .. } => {
                let numbers: Vec<_> = tickets.iter().take(NAMED).map(|number| format!("#{number}")).collect();
                let (within, numbers, count) = (&format!("{within:#}"), &numbers.join(", "), tickets.len());
                let common = common(shared);
                write(mail::Notice::Burst { alert, count, within, common, name: about, tickets: numbers }, &link)
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

fn common(shared: Shared) -> Common {
    match shared {
        Shared::Article => Common::Article,
        Shared::Query => Common::Search,
        Shared::Topic => Common::Category,
        Shared::Class => Common::Class,
    }
}

/// `2026-12-28 10:30 (Europe/Berlin)`: read alike in every language.
fn shown(at: Timestamp, zone: &str) -> String {
    let time = at.in_tz(zone).unwrap_or_else(|_| at.to_zoned(jiff::tz::TimeZone::UTC));
    time.strftime("%Y-%m-%d %H:%M (%Q)").to_string()
}
