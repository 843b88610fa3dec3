//! `/agent/chats`: who waits, and the talk at hand. Whoever has it open is there, and readers are told so.

mod events;
mod shown;

use std::collections::HashMap;
use std::sync::Arc;

use app::model::ChatState;
use app::words::fill;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;

use super::find::{self, Whom};
use super::{Agent, answer, see_other};
use crate::Help;
use crate::chat::{Chat, Ender, LONGEST, Said, Saying};
use crate::http::error::Error;
use crate::staff::account;
use crate::tickets::macros;

pub use events::events;
use shown::{Typed, shown};

type Segments = Path<HashMap<String, String>>;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    find: String,
}

async fn of(help: &Help, segments: &HashMap<String, String>) -> Result<Option<Chat>, Error> {
    if !help.config.chat.open {
        return Err(Error::NotFound);
    }
    let Some(id) = segments.get("chat") else { return Ok(None) };
    Ok(Some(help.chats.by_id(id).await?.ok_or(Error::NotFound)?))
}

/// With a chat where the address names one.
pub async fn page(
    State(help): State<Arc<Help>>,
    agent: Agent,
    Path(segments): Segments,
    Query(Asked { find }): Query<Asked>,
) -> Result<Response, Error> {
    let chat = of(&help, &segments).await?;
    shown(&help, &agent, chat.as_ref(), Typed { find, ..Typed::default() }, StatusCode::OK).await
}

/// The page is open still: its script says so whenever it is asked.
pub async fn here(State(help): State<Arc<Help>>, agent: Agent) -> StatusCode {
    help.chats.live().agent_is_here(&agent.id, Timestamp::now());
    StatusCode::NO_CONTENT
}

/// The agent types.
pub async fn typing(
    State(help): State<Arc<Help>>,
    agent: Agent,
    Path(segments): Segments,
) -> Result<StatusCode, Error> {
    let chat = of(&help, &segments).await?.ok_or(Error::NotFound)?;
    if chat.agent.as_ref() == Some(&agent.id) && help.chats.allows_typing(&agent.id) {
        help.chats.live().agent_types(&chat.id);
    }
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    /// `take`, `say`, `note`, `pass`, `end`, `ticket`, or what puts something into the text.
    deed: String,
    /// Key of the message.
    id: String,
    text: String,
    /// Id of an agent.
    to: String,
    find: String,
    #[serde(rename = "macro")]
    macro_name: String,
}

pub async fn deed(
    State(help): State<Arc<Help>>,
    agent: Agent,
    Path(segments): Segments,
    form: Result<Form<Sent>, FormRejection>,
) -> Result<Response, Error> {
    let chat = of(&help, &segments).await?.ok_or(Error::NotFound)?;
    let Form(sent) = form?;
    let (by, now) = ((agent.id.as_str(), agent.name.as_str()), Timestamp::now());
    let done = match sent.deed.as_str() {
        "take" => help.chats.take(&chat.id, by, now).await?,
        "pass" => pass(&help, &chat, &sent.to, now).await?,
        "end" => {
            help.chats.end(&chat.id, Ender::Agent(by), now).await?;
            true
        }
        "ticket" => {
            let ticket = help.chats.to_ticket(&chat.id, by, now).await?;
            let number = ticket.map(|ticket| ticket.number.to_string()).ok_or(Error::NotFound)?;
            return Ok(see_other(&help, &format!("/agent/tickets/{number}"), []));
        }
        "say" | "note" => return say(&help, &agent, &chat, sent).await,
        _ => return insert(&help, &agent, &chat, sent).await,
    };
    if done {
        return Ok(see_other(&help, &format!("/agent/chats/{}", chat.id), []));
    }
    let why = agent.site(&help).words.agent.chat_gone.to_string();
    refused(&help, &agent, &chat, sent, why, StatusCode::CONFLICT).await
}

async fn pass(help: &Help, chat: &Chat, to: &str, now: Timestamp) -> Result<bool, Error> {
    let accounts = account::list(&help.store).await?;
    let found = accounts.into_iter().find(|account| account.id == to && account.disabled_at.is_none());
    let to = found.ok_or_else(|| Error::BadRequest(format!("there is no agent {to:?}; choose one of the list")))?;
    Ok(help.chats.pass(&chat.id, (&to.id, &to.name), now).await?)
}

/// Whoever answers a chat of nobody has it; a note is for anybody to write.
async fn say(help: &Help, agent: &Agent, chat: &Chat, sent: Sent) -> Result<Response, Error> {
    let words = &agent.site(help).words;
    let (is_note, now) = (sent.deed == "note", Timestamp::now());
    let length = sent.text.chars().count();
    let unfit = match sent.text.trim().is_empty() {
        true => Some(words.agent.text_missing.to_string()),
        false => (length > LONGEST).then(|| fill(&words.agent.text_too_long, &[("count", &words.number(LONGEST))])),
    };
    if let Some(why) = unfit {
        return refused(help, agent, chat, sent, why, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let by = (agent.id.as_str(), agent.name.as_str());
    let is_mine = chat.state == ChatState::Talking && chat.agent.as_ref() == Some(&agent.id);
    let may = !chat.is_over() && (is_note || is_mine || help.chats.take(&chat.id, by, now).await?);
    if !may {
        return refused(help, agent, chat, sent, words.agent.chat_gone.to_string(), StatusCode::CONFLICT).await;
    }
    let whom = Whom { audiences: &chat.audiences, locale: &chat.locale, ticket: None };
    let articles = if is_note { Vec::new() } else { find::given(help, whom, &sent.text) };
    let saying = Saying::of_agent(&chat.id, &key(&agent.id, &sent.id), by, &sent.text);
    let said = help.chats.say(Saying { internal: is_note, articles, ..saying }, now).await?;
    if said == Said::Full {
        return refused(help, agent, chat, sent, words.chat_full.to_string(), StatusCode::CONFLICT).await;
    }
    Ok(see_other(help, &format!("/agent/chats/{}", chat.id), []))
}

/// Nobody else's key, whatever was sent.
fn key(agent: &str, sent: &str) -> String {
    blake3::hash(format!("{agent}/{sent}").as_bytes()).to_hex()[..32].to_owned()
}

/// A button that puts something into the text.
async fn insert(help: &Help, agent: &Agent, chat: &Chat, mut sent: Sent) -> Result<Response, Error> {
    let whom = Whom { audiences: &chat.audiences, locale: &chat.locale, ticket: None };
    let inserted = match sent.deed.as_str() {
        "macro" => {
            let text = help.tickets.settings().macros.get(&sent.macro_name);
            text.map(|text| macros::filled_for(text, chat.name.as_deref(), "", &agent.name))
        }
        deed => find::inserted(help, whom, deed),
    };
    inserted.iter().for_each(|inserted| answer::append(&mut sent.text, inserted));
    let typed = Typed { text: sent.text, find: sent.find, key: sent.id, refusal: None };
    shown(help, agent, Some(chat), typed, StatusCode::OK).await
}

async fn refused(
    help: &Help,
    agent: &Agent,
    chat: &Chat,
    sent: Sent,
    why: String,
    status: StatusCode,
) -> Result<Response, Error> {
    let now = help.chats.by_id(&chat.id).await?.ok_or(Error::NotFound)?;
    let typed = Typed { text: sent.text, find: sent.find, key: sent.id, refusal: Some(why) };
    shown(help, agent, Some(&now), typed, status).await
}
