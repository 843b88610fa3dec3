//! Pages of agents.

mod account;
mod alerts;
mod aside;
mod chats;
mod keys;
mod questions;
mod queue;
mod reply;
mod routing;
mod talk;
mod ticket;

pub use account::account;
pub use alerts::alerts;
pub use chats::chats;
pub use questions::{moderation, question_queue};
pub use queue::queue;
pub use ticket::ticket;

use leptos::prelude::*;

use super::document::{Kind, document};
use crate::model::agent::{Choice, Clock, ClockState};
use crate::model::{Frame, Priority, Status};
use crate::words::Words;

const CHATS: &str = "/agent/chats";
const QUESTIONS: &str = "/agent/questions";
const ALERTS: &str = "/agent/alerts";

/// A page of the portal at `path`, with the way to the others, its keys and the line that tells of changes.
fn portal<'a, V: IntoView>(frame: &'a Frame, path: &'a str, content: V) -> impl IntoView + use<'a, V> {
    let site = frame.site.as_ref();
    let words = &site.words;
    let portal = frame.meta.portal.as_ref();
    let is_admin = portal.is_some_and(|portal| portal.is_admin);
    let has_alerts = portal.is_some_and(|portal| portal.has_alerts);
    let questions = portal.and_then(|portal| portal.questions);
    let is_there = |page: &str| match page {
        CHATS => site.chat.is_some(),
        QUESTIONS => questions.is_some(),
        ALERTS => has_alerts,
        "/admin" => is_admin,
        _ => true,
    };
    let pages = [
        ("/agent", &words.agent.queue),
        (CHATS, &words.agent.chats),
        (QUESTIONS, &words.agent.questions),
        (ALERTS, &words.agent.alerts),
        ("/agent/account", &words.account),
        ("/admin", &words.site_state),
    ];
    let links: Vec<_> = pages
        .into_iter()
        .filter(|(to, _)| is_there(to))
        .map(|(to, name)| {
            let current = (to == path).then_some("page");
            let waiting = questions.filter(|waiting| to == QUESTIONS && *waiting > 0);
            let waiting = waiting.map(|waiting| view! { " "<span class="count">{words.number(waiting)}</span> });
            view! { <li><a href=format!("{}{to}", site.base) aria-current=current>{name.as_ref()}{waiting}</a></li> }
        })
        .collect();
    let content = view! {
        <div class="portal">
            <div class="portal-top">
                <nav class="staff-pages" aria-label=words.main_navigation.as_ref()><ul>{links}</ul></nav>
                <p class="live js-only" id="live" role="status"></p>
                <button type="button" class="quiet js-only" data-keys="">{words.agent.keys.as_ref()}" "<kbd>"?"</kbd></button>
            </div>
            {content}
        </div>
        {keys::dialog(words)}
    };
    document(frame, Kind::Staff, content)
}

fn status_badge(words: &Words, status: Status) -> impl IntoView + use<'_> {
    let class = match status {
        Status::New => "badge important",
        Status::Open => "badge",
        Status::Pending => "badge doubtful",
        Status::Solved => "badge good",
        Status::Closed => "badge faint",
    };
    view! { <span class=class>{words.agent.status_of(status).as_ref()}</span> }
}

/// What is usual is not said.
fn priority_badge(words: &Words, priority: Priority) -> impl IntoView + use<'_> {
    let class = match priority {
        Priority::Low => "badge faint",
        Priority::Normal => return None,
        Priority::High => "badge doubtful",
        Priority::Urgent => "badge bad",
    };
    Some(view! { <span class=class>{words.agent.priority_of(priority).as_ref()}</span> })
}

fn clock(clock: &Clock) -> impl IntoView + use<'_> {
    let class = match clock.state {
        ClockState::Fine => "clock",
        ClockState::Soon => "clock soon",
        ClockState::Overdue => "clock late",
    };
    view! { <span class=class>{clock.text.as_str()}</span> }
}

fn options(choices: &[Choice]) -> impl IntoView + use<'_> {
    let option = |choice: &Choice| {
        view! { <option value=choice.value.clone() selected=choice.chosen>{choice.label.clone()}</option> }
    };
    choices.iter().map(option).collect::<Vec<_>>()
}
