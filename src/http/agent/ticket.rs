//! `/agent/tickets/{number}`: the page of a ticket, with what its forms say.

use std::sync::Arc;

use app::model::agent::{Choice, ClueRow, ReplyForm, Standing, TicketPage};
use app::model::{Clue, Status};
use app::words::{Words, fill};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;

use super::find::Whom;
use super::{Agent, NO_STORE, clock, find, mail, portal, routing, talk, undelivered};
use crate::Help;
use crate::http::error::Error;
use crate::staff::account::{self, Account};
use crate::tickets::{Ticket, macros};

/// Characters of a reply or a note.
pub const LONGEST: usize = 20_000;

/// What a form said, when the page is shown again because of it.
#[derive(Debug, Default)]
pub struct Written {
    pub text: String,
    pub is_note: bool,
    pub status: Option<Status>,
    pub find: String,
    pub refusal: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    find: String,
    done: String,
}

/// The ticket of an address.
pub async fn of(help: &Help, number: &str) -> Result<Ticket, Error> {
    let number = number.parse().map_err(|_| Error::NotFound)?;
    help.tickets.by_number(number).await?.ok_or(Error::NotFound)
}

pub async fn page(
    State(help): State<Arc<Help>>,
    agent: Agent,
    Path(number): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Error> {
    let asked = asked?.0;
    let ticket = of(&help, &number).await?;
    let words = &agent.site(&help).words.agent;
    let notice = match asked.done.as_str() {
        "sent" => Some(&words.done_sent),
        "noted" => Some(&words.done_noted),
        "saved" => Some(&words.done_saved),
        "merged" => Some(&words.done_merged),
        "unmerged" => Some(&words.done_unmerged),
        "again" => Some(&words.done_again),
        "mail" => Some(&words.done_mail_allowed),
        "muted" => Some(&words.muted_hint),
        "unmuted" => Some(&words.done_unmuted),
        _ => None,
    };
    let notice = notice.map(ToString::to_string);
    let written = Written { find: asked.find, ..Written::default() };
    shown(&help, &agent, &ticket, written, notice, StatusCode::OK).await
}

/// The page as it is now, with what was written.
pub async fn shown(
    help: &Help,
    agent: &Agent,
    ticket: &Ticket,
    written: Written,
    notice: Option<String>,
    status: StatusCode,
) -> Result<Response, Error> {
    let now = Timestamp::now();
    let site = agent.site(help);
    let words = &site.words;
    let accounts = account::list(&help.store).await?;
    let earlier = help.tickets.earlier(ticket).await?;
    let url = help.address.href(&format!("/agent/tickets/{}", ticket.number));
    let page = TicketPage {
        number: ticket.number,
        subject: ticket.subject.clone(),
        status: ticket.status,
        clock: clock::due(words, ticket.due_at(), now),
        seen: ticket.updated_at,
        notice,
        refusal: written.refusal.clone(),
        links: talk::links(help, words, ticket, now).await?,
        talk: talk::of(help, words, ticket, now).await?,
        find: find::find(help, words, Whom::of(ticket), &written.find, now).await?,
        reply: reply(help, agent, words, ticket, written),
        standing: standing(help, agent, words, ticket, &accounts),
        routing: routing::panel(help, words, ticket, now).await?,
        requester: requester(words, ticket),
        fields: ticket.fields.iter().map(|(name, value)| (name.clone(), plain(value))).collect(),
        clues: clues(words, &ticket.dossier, ticket.opened_at),
        earlier: earlier.iter().map(|it| find::link_to(help, words, it, it.subject.clone(), now)).collect(),
        places: places(help, words, ticket).await?,
        undelivered: undelivered::of(help, words, ticket, now).await?,
        mail: mail::of(help, words, ticket, now).await?,
        is_merged: ticket.merged_into.is_some(),
        muted: help.tickets.routes().then_some(ticket.muted_at.is_some()),
        stub_url: format!("{url}/stub.md"),
        url,
    };
    let frame = portal(help, agent, format!("#{} {}", ticket.number, ticket.subject));
    Ok((status, NO_STORE, Html(app::pages::ticket(&frame, &page))).into_response())
}

fn reply(help: &Help, agent: &Agent, words: &Words, ticket: &Ticket, written: Written) -> ReplyForm {
    let settings = help.tickets.settings();
    let usual = Choice { value: String::new(), label: words.agent.as_usual.to_string(), chosen: false };
    let statuses = super::status_choices(words, written.status);
    let macros = settings.macros.iter();
    ReplyForm {
        text: written.text,
        is_note: written.is_note,
        statuses: [usual].into_iter().chain(statuses).collect(),
        macros: macros.map(|(name, text)| (name.clone(), macros::filled(text, ticket, &agent.name))).collect(),
        files: (settings.attachments.files > 0)
            .then_some((settings.attachments.files, (settings.attachments.bytes >> 20).max(1))),
        longest: LONGEST,
    }
}

fn standing(help: &Help, agent: &Agent, words: &Words, ticket: &Ticket, accounts: &[Account]) -> Standing {
    let nobody = Choice { value: String::new(), label: words.agent.nobody.to_string(), chosen: false };
    let usable = |account: &&Account| account.disabled_at.is_none() || ticket.assignee.as_ref() == Some(&account.id);
    let assignees = accounts.iter().filter(usable).map(|account| Choice {
        value: account.id.clone(),
        label: account.name.clone(),
        chosen: ticket.assignee.as_ref() == Some(&account.id),
    });
    let priorities = app::model::Priority::ALL.iter().map(|priority| Choice {
        value: priority.name().to_owned(),
        label: words.agent.priority_of(*priority).to_string(),
        chosen: *priority == ticket.priority,
    });
    let no_class = Choice { value: String::new(), label: "–".to_owned(), chosen: true };
    let no_class = ticket.class.is_none().then_some(no_class);
    Standing {
        statuses: super::status_choices(words, Some(ticket.status)).collect(),
        priorities: priorities.collect(),
        assignees: [nobody].into_iter().chain(assignees).collect(),
        classes: no_class.into_iter().chain(routing::classes(help, words, ticket.class.as_deref())).collect(),
        groups: routing::groups(help, ticket.group.as_deref()),
        tags: ticket.tags.join(", "),
        held: ticket.held,
        is_mine: ticket.assignee.as_ref() == Some(&agent.id),
    }
}

fn requester(words: &Words, ticket: &Ticket) -> Vec<(String, String)> {
    let rating = ticket.rating().map(|rating| match rating {
        app::model::Rating::Good => words.agent.rating_good.to_string(),
        app::model::Rating::Bad => words.agent.rating_bad.to_string(),
    });
    let rating = rating.map(|text| match &ticket.rating_comment {
        Some(comment) => format!("{text}: {comment}"),
        None => text,
    });
    let facts = [
        (&words.name, ticket.name.clone()),
        (&words.email, ticket.email.clone()),
        (&words.agent.plan, ticket.plan.clone()),
        (&words.language, Some(crate::http::locale::name(&ticket.locale))),
        (&words.agent.rating, rating),
    ];
    facts.into_iter().filter_map(|(name, value)| Some((name.to_string(), value?))).collect()
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Steps by how long before the ticket they were.
pub fn clues(words: &Words, dossier: &[Clue], opened_at: i64) -> Vec<ClueRow> {
    let before = |at: i64| {
        let passed = clock::span(words, (opened_at - at).max(0));
        fill(&words.agent.before, &[("time", &passed)])
    };
    let row = |clue: &Clue| ClueRow { kind: clue.kind.clone(), when: clue.at.map(before), text: clue.text.clone() };
    dossier.iter().map(row).collect()
}

async fn places(help: &Help, words: &Words, ticket: &Ticket) -> Result<Vec<(String, String, Option<String>)>, Error> {
    let row = |place: crate::tickets::Place| {
        let state = match &place.remote_id {
            Some(id) => fill(&words.agent.place_there, &[("id", id)]),
            None => words.agent.place_waits.to_string(),
        };
        (place.desk, state, place.url)
    };
    Ok(help.tickets.places(&ticket.id).await?.into_iter().map(row).collect())
}
