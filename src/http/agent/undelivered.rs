//! What a desk did not take of a ticket, and the way to send it again.

use std::sync::Arc;

use app::model::agent::Undelivered;
use app::words::{Words, fill};
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;

use super::ticket::{self, Written};
use super::{Agent, clock, see_other};
use crate::Help;
use crate::delivery::dead;
use crate::http::error::Error;
use crate::tickets::Ticket;

pub async fn of(help: &Help, words: &Words, ticket: &Ticket, now: Timestamp) -> anyhow::Result<Vec<Undelivered>> {
    let row = |letter: dead::Letter| Undelivered {
        text: fill(
            &words.agent.not_delivered_text,
            &[("desk", &letter.sink), ("time", &clock::ago(words, letter.at, now))],
        ),
        id: letter.id,
        reason: letter.reason,
    };
    Ok(dead::about(&help.store, &ticket.id).await?.into_iter().map(row).collect())
}

#[derive(Debug, Deserialize)]
pub struct Again {
    /// Id of a dead letter.
    letter: String,
}

pub async fn retry(
    State(help): State<Arc<Help>>,
    agent: Agent,
    Path(number): Path<String>,
    form: Result<Form<Again>, FormRejection>,
) -> Result<Response, Error> {
    let Form(Again { letter }) = form?;
    let ticket = ticket::of(&help, &number).await?;
    // An agent sends again what belongs to this ticket, and nothing else.
    let is_its = dead::about(&help.store, &ticket.id).await?.iter().any(|one| one.id == letter);
    if is_its && dead::replay(&help.store, &letter, Timestamp::now()).await? {
        tracing::info!(ticket = ticket.number, agent = agent.id, "an agent sent a ticket to its desk again");
        help.delivery.wake();
        return Ok(see_other(&help, &format!("/agent/tickets/{number}?done=again"), []));
    }
    let refusal = Some(agent.site(&help).words.agent.again_gone.to_string());
    let written = Written { refusal, ..Written::default() };
    ticket::shown(&help, &agent, &ticket, written, None, StatusCode::CONFLICT).await
}
