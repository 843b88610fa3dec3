//! How a ticket stands, into which one it is merged, and the draft of an article that it asks for.

use std::fmt::Write;
use std::sync::Arc;

use anyhow::Context;
use app::model::{Author, Priority, Status};
use app::words::fill;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;

use super::ticket::{self, Written};
use super::{Agent, NO_STORE, routing, see_other};
use crate::Help;
use crate::http::error::Error;
use crate::staff::account;
use crate::tickets::{Change, Ticket, Unmerged};

/// Tags of a ticket, and characters of each.
const MOST_TAGS: usize = 20;
const LONGEST_TAG: usize = 60;

#[derive(Debug, Deserialize)]
pub struct Stand {
    seen: i64,
    status: String,
    priority: String,
    /// Id of an agent; empty for nobody.
    assignee: String,
    tags: String,
    /// Empty or absent: as it is.
    #[serde(default)]
    class: String,
    /// Empty for none, absent: as it is.
    #[serde(default)]
    group: Option<String>,
    /// `take`: assign it to whoever presses, and nothing else; `release`: it is no spam.
    #[serde(default)]
    deed: String,
}

pub async fn change(
    State(help): State<Arc<Help>>,
    agent: Agent,
    Path(number): Path<String>,
    form: Result<Form<Stand>, FormRejection>,
) -> Result<Response, Error> {
    let Form(form) = form?;
    let ticket = ticket::of(&help, &number).await?;
    let by = (agent.id.as_str(), agent.name.as_str());
    if form.deed == "release" {
        help.tickets.release(&ticket, by, Timestamp::now()).await?;
        return Ok(see_other(&help, &format!("/agent/tickets/{number}?done=saved"), []));
    }
    let change = match form.deed.as_str() {
        "take" => Change { assignee: Some(Some((agent.id.clone(), agent.name.clone()))), ..Change::default() },
        _ => wanted(&help, &ticket, &form).await?,
    };
    if help.tickets.change(&ticket, &change, form.seen, by, Timestamp::now()).await? {
        return Ok(see_other(&help, &format!("/agent/tickets/{number}?done=saved"), []));
    }
    let refusal = Some(agent.site(&help).words.agent.changed_meanwhile.to_string());
    let written = Written { refusal, ..Written::default() };
    let now = help.tickets.by_id(&ticket.id).await?.context("the ticket is gone")?;
    ticket::shown(&help, &agent, &now, written, None, StatusCode::CONFLICT).await
}

async fn wanted(help: &Help, ticket: &Ticket, form: &Stand) -> Result<Change, Error> {
    let assignee = match form.assignee.as_str() {
        "" => None,
        id => {
            let accounts = account::list(&help.store).await?;
            // Whoever has it may keep it, even with an account that was disabled.
            let fits = |account: &account::Account| {
                account.id == id && (account.disabled_at.is_none() || ticket.assignee.as_deref() == Some(id))
            };
            let found = accounts.into_iter().find(fits).map(|account| (account.id, account.name));
            Some(found.ok_or_else(|| Error::BadRequest(format!("there is no agent {id:?}; choose one of the list")))?)
        }
    };
    Ok(Change {
        status: Some(Status::try_from(form.status.clone()).map_err(Error::BadRequest)?),
        priority: Some(Priority::try_from(form.priority.clone()).map_err(Error::BadRequest)?),
        assignee: Some(assignee),
        tags: Some(tags(&form.tags)),
        class: class(help, ticket, &form.class)?,
        group: group(help, ticket, form.group.as_deref())?,
    })
}

fn class(help: &Help, ticket: &Ticket, class: &str) -> Result<Option<String>, Error> {
    let known = ticket.class.as_deref() == Some(class) || routing::class_names(help).contains(&class);
    match class {
        "" => Ok(None),
        class if known => Ok(Some(class.to_owned())),
        _ => Err(Error::BadRequest(format!("there is no class {class:?}; choose one of the list"))),
    }
}

/// Nothing where it stays; none of them for an empty name.
fn group(help: &Help, ticket: &Ticket, group: Option<&str>) -> Result<Option<Option<String>>, Error> {
    match group {
        None => Ok(None),
        Some("") => Ok(Some(None)),
        Some(group) if ticket.group.as_deref() == Some(group) || help.tickets.rules().groups.contains_key(group) => {
            Ok(Some(Some(group.to_owned())))
        }
        Some(group) => Err(Error::BadRequest(format!("there is no group {group:?}; choose one of the list"))),
    }
}

/// Apart by commas, each once.
fn tags(text: &str) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in text.split([',', '،']).map(str::trim).filter(|tag| !tag.is_empty()) {
        let tag: String = tag.chars().filter(|it| !it.is_control()).take(LONGEST_TAG).collect();
        if !tags.contains(&tag) && tags.len() < MOST_TAGS {
            tags.push(tag);
        }
    }
    tags
}

#[derive(Debug, Deserialize)]
pub struct Merge {
    into: String,
}

pub async fn merge(
    State(help): State<Arc<Help>>,
    agent: Agent,
    Path(number): Path<String>,
    form: Result<Form<Merge>, FormRejection>,
) -> Result<Response, Error> {
    let Form(Merge { into }) = form?;
    let ticket = ticket::of(&help, &number).await?;
    let wanted = into.trim().trim_start_matches('#');
    let target = match wanted.parse() {
        Ok(wanted) => help.tickets.by_number(wanted).await?,
        Err(_) => None,
    };
    let fits = |target: &Ticket| target.id != ticket.id && target.merged_into.is_none() && ticket.merged_into.is_none();
    if let Some(target) = target.filter(fits) {
        help.tickets.merge(&ticket, &target, (&agent.id, &agent.name), Timestamp::now()).await?;
        return Ok(see_other(&help, &format!("/agent/tickets/{}?done=merged", target.number), []));
    }
    let words = &agent.site(&help).words.agent;
    let refusal = Some(fill(&words.merge_refused, &[("number", wanted)]));
    let written = Written { refusal, ..Written::default() };
    ticket::shown(&help, &agent, &ticket, written, None, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// Lets a merged ticket stand on its own again.
pub async fn unmerge(
    State(help): State<Arc<Help>>,
    agent: Agent,
    Path(number): Path<String>,
) -> Result<Response, Error> {
    let ticket = ticket::of(&help, &number).await?;
    let words = &agent.site(&help).words.agent;
    let target = match &ticket.merged_into {
        Some(target) => help.tickets.by_id(target).await?.map(|target| format!("#{}", target.number)),
        None => None,
    };
    let refused = match help.tickets.unmerge(&ticket, (&agent.id, &agent.name), Timestamp::now()).await? {
        Unmerged::Done | Unmerged::Apart => {
            return Ok(see_other(&help, &format!("/agent/tickets/{number}?done=unmerged"), []));
        }
        Unmerged::Answered => &words.unmerge_answered,
        Unmerged::Along => &words.unmerge_along,
    };
    let refusal = Some(fill(refused, &[("number", &target.unwrap_or_default())]));
    let written = Written { refusal, ..Written::default() };
    ticket::shown(&help, &agent, &ticket, written, None, StatusCode::CONFLICT).await
}

/// A Markdown file for editors: what was asked, and what agents answered, as a draft.
pub async fn stub(State(help): State<Arc<Help>>, _: Agent, Path(number): Path<String>) -> Result<Response, Error> {
    let ticket = ticket::of(&help, &number).await?;
    let messages = help.tickets.messages(&ticket.id, false).await?;
    let title = serde_json::Value::from(ticket.subject.as_str());
    let tags = serde_json::Value::from(ticket.tags.clone());
    let mut text = format!("---\ntitle: {title}\nstatus: draft\ntags: {tags}\n---\n\n");
    write!(text, "<!-- From ticket #{}. Take out what is personal. -->\n\n", ticket.number).context("out of memory")?;
    for said in messages.iter().filter(|said| said.author == Author::Agent) {
        text.push_str(&said.text);
        text.push_str("\n\n");
    }
    let name = format!("attachment; filename=\"ticket-{}.md\"", ticket.number);
    let headers =
        [(header::CONTENT_TYPE, "text/markdown; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((NO_STORE, headers, text).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_apart_by_commas() {
        let check = |text: &str, expect: &[&str]| assert_eq!(tags(text), expect, "{text:?}");
        check(" billing, refund ,, billing", &["billing", "refund"]);
        check("", &[]);
        check("فاتورة، حساب", &["فاتورة", "حساب"]);
    }
}
