//! The agents' page of chats, with what its forms say.

use app::model::agent::{Choice, Said as Text, Talk, Voice};
use app::model::{ChatAuthor, ChatGroup, ChatRoom, ChatRow, ChatsPage};
use app::words::Words;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use uuid::Uuid;

use crate::Help;
use crate::chat::{Chat, LONGEST, Listed, Message};
use crate::http::agent::find::{self, Whom};
use crate::http::agent::{Agent, NO_STORE, clock, portal, ticket};
use crate::http::chat::line;
use crate::http::error::Error;
use crate::http::locale;
use crate::identity;
use crate::staff::account;
use crate::tickets::{macros, prose};

/// What a form said, when the page is shown again because of it.
#[derive(Debug, Default)]
pub struct Typed {
    pub text: String,
    pub find: String,
    pub key: String,
    pub refusal: Option<String>,
}

pub async fn shown(
    help: &Help,
    agent: &Agent,
    chat: Option<&Chat>,
    typed: Typed,
    status: StatusCode,
) -> Result<Response, Error> {
    let now = Timestamp::now();
    let site = agent.site(help);
    let words = &site.words;
    let [waiting, mine, others] = help.chats.lists(&agent.id, now).await?;
    let waits = waiting.count;
    let own = &words.agent;
    let groups = [
        (&own.chats_waiting, &own.no_chats, waiting),
        (&own.chats_mine, &own.no_chats_mine, mine),
        (&own.chats_others, &own.no_chats_others, others),
    ];
    let groups = groups.map(|(title, nothing, list)| ChatGroup {
        title: title.to_string(),
        nothing: nothing.to_string(),
        count: usize::try_from(list.count).unwrap_or_default(),
        rows: list.chats.into_iter().map(|listed| row(help, words, listed, chat, now)).collect(),
    });
    let room = match chat {
        Some(chat) => Some(room(help, agent, words, chat, typed, now).await?),
        None => None,
    };
    let page = ChatsPage { here_url: help.address.href("/agent/chats/here"), groups: groups.into(), chat: room };
    // Seen in the tab while another one is looked at.
    let count = if waits > 0 { format!("({waits}) ") } else { String::new() };
    let mut frame = portal(help, agent, format!("{count}{}", words.agent.chats));
    if let Some(portal) = &mut frame.meta.portal {
        let of = chat.map(|chat| format!("?chat={}", chat.id)).unwrap_or_default();
        portal.events_url = help.address.href(&format!("/agent/chats/events{of}"));
    }
    Ok((status, NO_STORE, Html(app::pages::chats(&frame, &page))).into_response())
}

fn row(help: &Help, words: &Words, listed: Listed, open: Option<&Chat>, now: Timestamp) -> ChatRow {
    let Listed { chat, begins } = listed;
    ChatRow {
        url: help.address.href(&format!("/agent/chats/{}", chat.id)),
        who: who(words, &chat),
        begins: begins.lines().next().unwrap_or_default().chars().take(120).collect(),
        waits: clock::span(words, (now.as_millisecond() - chat.since).max(0)),
        since: clock::exact(chat.since),
        unanswered: chat.said_by == ChatAuthor::Reader,
        current: open.is_some_and(|open| open.id == chat.id),
        agent: chat.agent_name,
        id: chat.id,
    }
}

fn who(words: &Words, chat: &Chat) -> String {
    let known = chat.name.clone().or(chat.email.clone()).or(chat.reader.clone());
    known.unwrap_or_else(|| words.agent.chat_reader.to_string())
}

async fn room(
    help: &Help,
    agent: &Agent,
    words: &Words,
    chat: &Chat,
    typed: Typed,
    now: Timestamp,
) -> Result<ChatRoom, Error> {
    let url = help.address.href(&format!("/agent/chats/{}", chat.id));
    let ticket = match &chat.ticket {
        Some(ticket) => help.tickets.by_id(ticket).await?,
        None => None,
    };
    let whom = Whom { audiences: &chat.audiences, locale: &chat.locale, ticket: None };
    let macros = help.tickets.settings().macros.iter();
    let messages = help.chats.messages(&chat.id, 0, true).await?;
    Ok(ChatRoom {
        typing_url: format!("{url}/typing"),
        who: who(words, chat),
        state: chat.state,
        agent: chat.agent_name.clone(),
        is_mine: chat.agent.as_ref() == Some(&agent.id),
        talk: messages.into_iter().map(|message| talk(help, words, chat, message, now)).collect(),
        ticket: ticket.map(|ticket| (ticket.number, help.address.href(&format!("/agent/tickets/{}", ticket.number)))),
        reader: reader(words, chat),
        clues: ticket::clues(words, &chat.dossier, chat.began_at),
        find: find::find(help, words, whom, &typed.find, now).await?,
        macros: macros
            .map(|(name, text)| (name.clone(), macros::filled_for(text, chat.name.as_deref(), "", &agent.name)))
            .collect(),
        agents: agents(help, chat).await?,
        key: if typed.key.is_empty() { Uuid::new_v4().to_string() } else { typed.key },
        text: typed.text,
        longest: LONGEST,
        refusal: typed.refusal,
        url,
    })
}

/// Whoever else could have it.
async fn agents(help: &Help, chat: &Chat) -> anyhow::Result<Vec<Choice>> {
    let usable =
        |it: &account::Account| it.disabled_at.is_none() && chat.agent.is_some() && chat.agent.as_ref() != Some(&it.id);
    let accounts = account::list(&help.store).await?.into_iter().filter(usable);
    Ok(accounts.map(|account| Choice { value: account.id, label: account.name, chosen: false }).collect())
}

fn reader(words: &Words, chat: &Chat) -> Vec<(String, String)> {
    let facts = [
        (&words.name, chat.name.clone()),
        (&words.email, chat.email.clone()),
        (&words.agent.plan, chat.plan.clone()),
        (&words.language, Some(locale::name(&chat.locale))),
        (&words.page, chat.page.clone()),
    ];
    facts.into_iter().filter_map(|(name, value)| Some((name.to_string(), value?))).collect()
}

fn talk(help: &Help, words: &Words, chat: &Chat, message: Message, now: Timestamp) -> Talk {
    let voice = match message.author {
        ChatAuthor::Reader => Voice::Requester,
        ChatAuthor::Line => Voice::Line,
        ChatAuthor::Agent | ChatAuthor::Bot if message.internal => Voice::Note,
        ChatAuthor::Agent | ChatAuthor::Bot => Voice::Agent,
    };
    let said = match message.author {
        ChatAuthor::Reader => Text::Text(message.text.clone()),
        ChatAuthor::Line => Text::Text(line(words, &message)),
        ChatAuthor::Agent | ChatAuthor::Bot => Text::Html(prose::html(&message.text)),
    };
    let name = match (message.author, message.name) {
        (ChatAuthor::Reader, _) => who(words, chat),
        (ChatAuthor::Bot, name) => format!("{} ({})", name.unwrap_or_default(), words.chat_is_bot),
        (ChatAuthor::Line, _) => String::new(),
        (ChatAuthor::Agent, name) => name.unwrap_or_default(),
    };
    Talk {
        id: message.key,
        voice,
        name,
        when: clock::ago(words, message.at, now),
        at: clock::exact(message.at),
        said,
        answers: articles(help, chat, &message.articles),
        files: Vec::new(),
        mail: None,
    }
}

fn articles(help: &Help, chat: &Chat, ids: &[String]) -> Vec<(String, String)> {
    let edition = help.edition.load();
    let viewer = identity::remembered(&chat.audiences);
    let view = edition.snapshot.view(&viewer);
    let pages = ids.iter().filter_map(|id| view.by_id(id));
    pages.map(|page| (page.title.clone(), help.address.href(&page.path))).collect()
}
