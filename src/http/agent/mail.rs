//! Why mail does not reach a requester, and the way to send it again.

use std::sync::Arc;

use app::model::agent::MailTrouble;
use app::words::{Words, fill};
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::Timestamp;

use super::{Agent, clock, see_other, ticket};
use crate::Help;
use crate::http::error::Error;
use crate::mail::suppression::{self, Reason};
use crate::tickets::Ticket;

pub async fn of(help: &Help, words: &Words, ticket: &Ticket, now: Timestamp) -> anyhow::Result<Option<MailTrouble>> {
    let Some(address) = ticket.email.as_deref() else { return Ok(None) };
    let Some(known) = suppression::find(&help.store, address).await? else { return Ok(None) };
    let own = &words.agent;
    let (text, at) = match known.reason() {
        Some(Reason::Bounce) => (&own.mail_bounced, known.since),
        Some(Reason::Complaint) => (&own.mail_complained, known.since),
        Some(Reason::Unsubscribe) => (&own.mail_unsubscribed, known.since),
        None => (&own.mail_slow, known.delayed_at),
    };
    let count = words.number(usize::try_from(known.delays).unwrap_or(0));
    let time = clock::ago(words, at.unwrap_or_default(), now);
    let text = fill(text, &[("address", address), ("time", &time), ("count", &count)]);
    let detail = known.detail.clone().filter(|detail| !detail.is_empty());
    Ok(Some(MailTrouble { text, detail, is_final: known.reason().is_some() }))
}

/// Lets mail go to the requester again.
pub async fn allow(State(help): State<Arc<Help>>, agent: Agent, Path(number): Path<String>) -> Result<Response, Error> {
    let ticket = ticket::of(&help, &number).await?;
    if let Some(address) = &ticket.email {
        suppression::forget(&help.store, address).await?;
        tracing::info!(ticket = ticket.number, agent = agent.id, "an agent lets mail go to a requester again");
    }
    Ok(see_other(&help, &format!("/agent/tickets/{number}?done=mail"), []))
}
