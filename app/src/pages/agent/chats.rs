//! The chats: who waits, who has whom, and the one at hand.

use leptos::either::Either;
use leptos::prelude::*;

use super::reply::{finder, macros};
use super::{aside, options, portal, talk};
use crate::components::in_textarea;
use crate::model::chat::{ChatGroup, ChatRoom, ChatRow, ChatState, ChatsPage};
use crate::model::{Frame, Site};
use crate::pages::render;
use crate::words::{Words, fill};

pub fn chats(frame: &Frame, page: &ChatsPage) -> String {
    render(|| portal(frame, "/agent/chats", content(&frame.site, page)))
}

fn content<'a>(site: &'a Site, page: &'a ChatsPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let groups: Vec<_> = page.groups.iter().map(|it| group(words, it)).collect();
    let own = &words.agent;
    let room = match &page.chat {
        Some(chat) => Either::Left(room(words, chat)),
        None => Either::Right(view! { <p class="nothing chat-none">{own.chats_text.as_ref()}</p> }),
    };
    view! {
        <div class="chats" class:open=page.chat.is_some() data-here=page.here_url.as_str()>
            <div class="chats-list" id="chats" data-live="">
                <h1>{own.chats.as_ref()}</h1>
                {groups}
            </div>
            {room}
        </div>
    }
}

fn group<'a>(words: &'a Words, group: &'a ChatGroup) -> impl IntoView + use<'a> {
    let rows: Vec<_> = group.rows.iter().map(|it| row(words, it)).collect();
    let rows = match rows.is_empty() {
        true => Either::Left(view! { <p class="nothing">{group.nothing.as_str()}</p> }),
        false => Either::Right(view! { <ul>{rows}</ul> }),
    };
    view! {
        <section>
            <h2>{group.title.as_str()}" "<span class="count">{words.number(group.count)}</span></h2>
            {rows}
        </section>
    }
}

fn row<'a>(words: &'a Words, row: &'a ChatRow) -> impl IntoView + use<'a> {
    let mark = row.unanswered.then(|| {
        view! { <span class="dot" title=words.agent.chat_unanswered.as_ref()><span class="unseen">{words.agent.chat_unanswered.as_ref()}</span></span> }
    });
    let agent = row.agent.as_deref().map(|agent| view! { " · "<bdi>{agent}</bdi> });
    view! {
        <li data-number=row.id.as_str()>
            <a href=row.url.as_str() aria-current=row.current.then_some("true")>
                <span class="chat-who"><strong><bdi>{row.who.as_str()}</bdi></strong>{mark}</span>
                <span class="chat-begins" dir="auto">{row.begins.as_str()}</span>
                <span class="when"><time datetime=row.since.as_str()>{row.waits.as_str()}</time>{agent}</span>
            </a>
        </li>
    }
}

fn room<'a>(words: &'a Words, chat: &'a ChatRoom) -> impl IntoView + use<'a> {
    let own = &words.agent;
    let is_over = chat.state == ChatState::Over;
    view! {
        <div class="talk-and-reply" data-chat=chat.url.as_str() data-typing=chat.typing_url.as_str()>
            <header class="chat-head" id="head" data-live="">
                <h2><bdi>{fill(&own.chat_of, &[("name", &chat.who)])}</bdi></h2>
                {standing(words, chat)}
            </header>
            <section class="chat-talk" id="talk" data-live="" data-end="" tabindex="0" aria-label=own.conversation.as_ref()>
                {talk::list(words, &chat.talk)}
            </section>
            <p class="hint chat-types" id="types" data-types=own.reader_types.as_ref()></p>
            {chat.refusal.as_deref().map(|why| view! { <p class="refusal" id="refusal" role="alert">{why}</p> })}
            {(!is_over).then(|| reply(words, chat))}
        </div>
        <div class="ticket-side">
            {aside::facts(&own.requester, &chat.reader)}
            <section class="panel" id="dossier">
                <h2>{own.dossier.as_ref()}</h2>
                {aside::dossier(words, &chat.clues)}
            </section>
            {(!is_over && !chat.agents.is_empty()).then(|| hand_over(words, chat))}
        </div>
    }
}

/// How it stands, and what may be done with it.
fn standing<'a>(words: &'a Words, chat: &'a ChatRoom) -> impl IntoView + use<'a> {
    let own = &words.agent;
    let text = match (chat.state, chat.agent.as_deref()) {
        (ChatState::Talking, Some(name)) if !chat.is_mine => fill(&own.chat_of_another, &[("name", name)]),
        (ChatState::Bot, _) => own.chat_of_bot.to_string(),
        (ChatState::Missed, _) => words.chat_nobody_came.to_string(),
        (ChatState::Over, _) => words.chat_over.to_string(),
        _ => String::new(),
    };
    let ticket = chat.ticket.as_ref().map(|(number, url)| {
        let text = fill(&own.chat_became, &[("number", &format!("#{number}"))]);
        view! { " "<a href=url.as_str()>{text}</a> }
    });
    let can_take = matches!(chat.state, ChatState::Bot | ChatState::Waiting | ChatState::Missed);
    let deed = |deed: &'static str, word: &'a str, class: &'static str| {
        view! { <button class=class name="deed" value=deed data-take=(deed == "take").then_some("")>{word}</button> }
    };
    view! {
        {(!text.is_empty() || ticket.is_some()).then(|| view! { <p class="hint">{text}{ticket}</p> })}
        {(chat.state != ChatState::Over).then(|| view! {
            <form class="deeds" method="post" action=chat.url.as_str()>
                {can_take.then(|| deed("take", &own.assign_me, ""))}
                {chat.is_mine.then(|| deed("end", &own.chat_solved, "quiet"))}
                {deed("ticket", &own.chat_to_ticket, "quiet")}
            </form>
        })}
    }
}

fn reply<'a>(words: &'a Words, chat: &'a ChatRoom) -> impl IntoView + use<'a> {
    let own = &words.agent;
    view! {
        <form class="reply" id="reply" method="post" action=chat.url.as_str()>
            <input type="hidden" name="id" value=chat.key.as_str() data-message=""/>
            // What Enter in the search presses, where there is no script: the first button of a form.
            <button class="unseen" name="deed" value="find" tabindex="-1" aria-hidden="true"></button>
            <label for="text" class="unseen">{own.your_text.as_ref()}</label>
            <textarea id="text" name="text" rows="3" dir="auto" maxlength=chat.longest.to_string() aria-describedby="text-hint">
                {in_textarea(&chat.text)}
            </textarea>
            <p class="hint" id="text-hint">{own.markdown_hint.as_ref()}" "<span class="js-only">{words.chat_keys.as_ref()}</span></p>
            <div class="send">
                <button class="quiet" name="deed" value="note">{own.chat_note.as_ref()}</button>
                <button name="deed" value="say" data-send="">{own.send.as_ref()}</button>
            </div>
            {macros(words, &chat.macros)}
            {finder(words, &chat.find)}
        </form>
    }
}

fn hand_over<'a>(words: &'a Words, chat: &'a ChatRoom) -> impl IntoView + use<'a> {
    let own = &words.agent;
    view! {
        <section class="panel">
            <h2>{own.chat_hand_over_do.as_ref()}</h2>
            <form class="merge" method="post" action=chat.url.as_str()>
                <label for="to">{own.chat_hand_over.as_ref()}</label>
                <div class="find-row">
                    <select id="to" name="to">{options(&chat.agents)}</select>
                    <button class="quiet" name="deed" value="pass">{own.chat_hand_over_do.as_ref()}</button>
                </div>
            </form>
        </section>
    }
}
