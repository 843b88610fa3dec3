//! `/agent/questions`: what readers ask in public and say to it, for an agent's look.

mod shown;

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Context;
use app::model::QuestionState;
use app::model::event::within;
use app::words::fill;
use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;

use super::{Agent, NO_STORE, portal, see_other};
use crate::Help;
use crate::community::{Deed, LONGEST_TEXT, Question};
use crate::http::error::Error;

/// Characters of a reason.
const LONGEST_REASON: usize = 300;

/// What the address says; what it does not know it takes for not said.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    state: String,
    page: String,
}

pub async fn list(
    State(help): State<Arc<Help>>,
    agent: Agent,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Error> {
    let Query(Asked { state, page }) = asked?;
    if !help.community.is_open() {
        return Err(Error::NotFound);
    }
    let state = QuestionState::try_from(state).unwrap_or(QuestionState::Waiting);
    // Counts from 0 where the address counts from 1.
    let page = page.parse::<u32>().unwrap_or(1).clamp(1, 1_000_000) - 1;
    let site = agent.site(&help);
    let (questions, counts) = tokio::try_join!(help.community.list(state, page), help.community.counts())?;
    let shown = shown::queue(&help, &site.words, state, page, questions, counts, Timestamp::now());
    let frame = portal(&help, &agent, site.words.agent.questions.to_string());
    Ok((NO_STORE, Html(app::pages::question_queue(&frame, &shown))).into_response())
}

async fn of(help: &Help, id: &str) -> Result<Question, Error> {
    let question = if help.community.is_open() { help.community.by_id(id).await? } else { None };
    question.ok_or(Error::NotFound)
}

pub async fn page(
    State(help): State<Arc<Help>>,
    agent: Agent,
    Path(id): Path<String>,
    Query(parameters): Query<HashMap<String, String>>,
) -> Result<Response, Error> {
    let question = of(&help, &id).await?;
    let notice = parameters.contains_key("done").then(|| agent.site(&help).words.agent.done_saved.to_string());
    looked_at(&help, &agent, &question, Written { notice, ..Written::default() }).await
}

/// What an agent wrote, and what became of it.
#[derive(Debug, Default)]
struct Written {
    notice: Option<String>,
    refusal: Option<String>,
    text: String,
}

async fn looked_at(help: &Help, agent: &Agent, question: &Question, written: Written) -> Result<Response, Error> {
    let page = shown::page(help, agent, question, written, Timestamp::now()).await?;
    let frame = portal(help, agent, page.title.clone());
    Ok((NO_STORE, Html(app::pages::moderation(&frame, &page))).into_response())
}

#[derive(Debug, Deserialize)]
pub struct Decided {
    seen: i64,
    /// `show`, `refuse`, `accept`, `unaccept` or `reply`.
    deed: String,
    /// Id of the reply that it is about; empty for the question.
    #[serde(default)]
    reply: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    text: String,
}

pub async fn decide(
    State(help): State<Arc<Help>>,
    agent: Agent,
    Path(id): Path<String>,
    form: Result<Form<Decided>, FormRejection>,
) -> Result<Response, Error> {
    let Form(form) = form?;
    let question = of(&help, &id).await?;
    let site = agent.site(&help);
    let own = &site.words.agent;
    let text = form.text.replace("\r\n", "\n");
    let deed = deed(&form, &text)?;
    let refused = match deed {
        Deed::Reply(text) if text.trim().is_empty() => Some(own.text_missing.to_string()),
        Deed::Reply(text) if text.chars().count() > LONGEST_TEXT => {
            Some(fill(&own.text_too_long, &[("count", &site.words.number(LONGEST_TEXT))]))
        }
        _ => None,
    };
    if let Some(refusal) = refused {
        let written = Written { refusal: Some(refusal), text, ..Written::default() };
        let page = looked_at(&help, &agent, &question, written).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let by = (agent.id.as_str(), agent.name.as_str());
    if help.community.decide(&question, deed, form.seen, by, Timestamp::now()).await? {
        help.show_questions().await?;
        return Ok(see_other(&help, &format!("/agent/questions/{}?done", question.id), []));
    }
    let now = of(&help, &id).await?;
    let written = Written { refusal: Some(own.question_changed.to_string()), text, ..Written::default() };
    let page = looked_at(&help, &agent, &now, written).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

fn deed<'f>(form: &'f Decided, text: &'f str) -> Result<Deed<'f>, Error> {
    let reply = Some(form.reply.as_str()).filter(|id| !id.is_empty());
    match (form.deed.as_str(), reply) {
        ("show", of) => Ok(Deed::Show(of)),
        ("refuse", of) => Ok(Deed::Refuse(of, within(&form.reason, LONGEST_REASON))),
        ("accept", Some(reply)) => Ok(Deed::Accept(Some(reply))),
        ("unaccept", _) => Ok(Deed::Accept(None)),
        ("reply", None) => Ok(Deed::Reply(text)),
        (other, _) => Err(Error::BadRequest(format!(
            "deed is {other:?}; take show, refuse, unaccept or reply, or accept with the id of a reply"
        ))),
    }
}

/// A Markdown file for editors: the question and its answer, as a draft.
pub async fn stub(State(help): State<Arc<Help>>, _: Agent, Path(id): Path<String>) -> Result<Response, Error> {
    let question = of(&help, &id).await?;
    let answer = question.answer().ok_or(Error::NotFound)?;
    let title = serde_json::to_string(&question.title).context("a text is JSON")?;
    let link = help.address.absolute(&question.path());
    let text = format!(
        "---\ntitle: {title}\nstatus: draft\n---\n\n<!-- From {link}. Take out what is personal. -->\n\n{}\n",
        answer.text
    );
    let name = format!("attachment; filename=\"question-{}.md\"", question.id);
    let headers =
        [(header::CONTENT_TYPE, "text/markdown; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((NO_STORE, headers, text).into_response())
}
