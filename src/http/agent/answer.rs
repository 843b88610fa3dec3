//! What is sent from a ticket's form: a reply or a note, or a button that puts something into the text.

use std::sync::Arc;

use anyhow::Context;
use app::model::Status;
use app::words::{Words, fill};
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;

use super::find::Whom;
use super::ticket::{self, LONGEST, Written};
use super::{Agent, find, see_other};
use crate::Help;
use crate::http::attachments;
use crate::http::error::Error;
use crate::http::parts::Parts;
use crate::tickets::{Said, Speaker, Taken, Ticket, Upload, macros};

/// The form as it was sent.
struct Sent {
    seen: i64,
    text: String,
    is_note: bool,
    status: Option<Status>,
    find: String,
    macro_name: String,
    deed: String,
    files: Vec<Upload>,
}

pub async fn answer(
    State(help): State<Arc<Help>>,
    agent: Agent,
    Path(number): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Error> {
    let ticket = ticket::of(&help, &number).await?;
    let form = form.map_err(|rejection| Error::BadRequest(rejection.body_text()))?;
    let mut sent = Sent::of(Parts::read(form).await?);
    let inserted = match sent.deed.as_str() {
        "send" => return say(&help, &agent, &ticket, sent).await,
        "find" => None,
        "macro" => {
            let text = help.tickets.settings().macros.get(&sent.macro_name);
            text.map(|text| macros::filled(text, &ticket, &agent.name))
        }
        deed => find::inserted(&help, Whom::of(&ticket), deed),
    };
    if let Some(inserted) = inserted {
        append(&mut sent.text, &inserted);
    }
    ticket::shown(&help, &agent, &ticket, sent.written(None), None, StatusCode::OK).await
}

/// As a paragraph of its own.
pub fn append(text: &mut String, inserted: &str) {
    text.truncate(text.trim_end().len());
    if !text.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(inserted);
}

async fn say(help: &Help, agent: &Agent, ticket: &Ticket, mut sent: Sent) -> Result<Response, Error> {
    let site = agent.site(help);
    let words = &site.words;
    let taken = match unfit(words, &sent.text) {
        Some(why) => Err(why),
        None => {
            let taken = help.tickets.take(std::mem::take(&mut sent.files)).await?;
            taken.map_err(|refused| attachments::refusal(words, &refused))
        }
    };
    let taken = match taken {
        Ok(taken) => taken,
        Err(why) => {
            return ticket::shown(help, agent, ticket, sent.written(Some(why)), None, StatusCode::UNPROCESSABLE_ENTITY)
                .await;
        }
    };
    if write(help, agent, ticket, &sent, &taken).await? {
        let done = if sent.is_note { "noted" } else { "sent" };
        return Ok(see_other(help, &format!("/agent/tickets/{}?done={done}", ticket.number), []));
    }
    let now = help.tickets.by_id(&ticket.id).await?.context("the ticket is gone")?;
    let why = words.agent.changed_meanwhile.to_string();
    ticket::shown(help, agent, &now, sent.written(Some(why)), None, StatusCode::CONFLICT).await
}

/// False when the ticket changed meanwhile.
async fn write(help: &Help, agent: &Agent, ticket: &Ticket, sent: &Sent, taken: &[Taken]) -> Result<bool, Error> {
    let articles = if sent.is_note { Vec::new() } else { find::given(help, Whom::of(ticket), &sent.text) };
    let said = Said {
        speaker: Speaker::Agent { id: &agent.id, name: &agent.name },
        text: &sent.text,
        internal: sent.is_note,
        articles: &articles,
        attachments: taken,
        status: sent.status,
    };
    let message = help.tickets.say_unless_changed(ticket, &said, sent.seen, Timestamp::now()).await?;
    Ok(message.is_some())
}

fn unfit(words: &Words, text: &str) -> Option<String> {
    if text.trim().is_empty() {
        return Some(words.agent.text_missing.to_string());
    }
    let too_long = text.chars().count() > LONGEST;
    too_long.then(|| fill(&words.agent.text_too_long, &[("count", &words.number(LONGEST))]))
}

impl Sent {
    fn of(parts: Parts) -> Self {
        let text = |name: &str| parts.text(name).to_owned();
        Self {
            seen: parts.text("seen").parse().unwrap_or_default(),
            text: text("text"),
            is_note: parts.text("voice") == "note",
            status: Status::try_from(text("status")).ok(),
            find: text("find"),
            macro_name: text("macro"),
            deed: text("deed"),
            files: parts.files,
        }
    }

    fn written(self, refusal: Option<String>) -> Written {
        Written { text: self.text, is_note: self.is_note, status: self.status, find: self.find, refusal }
    }
}
