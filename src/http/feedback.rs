//! `/feedback/{id}`: whether an article helped. Personal, so never part of the article's page, which is everybody's.

use std::sync::Arc;

use app::model::{FeedbackPage, VoteState};
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;

use super::asked::{Asked, Client, Reader};
use super::error::Error;
use super::visit::Visit;
use super::{address, fill, frame, respond};
use crate::content::{Page, short_hash};
use crate::feedback::{self, Ballot, LONGEST_COMMENT, REASONS, Vote};
use crate::{Help, mask};
use app::model::event::within;

#[derive(Debug, Deserialize)]
pub struct Voting {
    helpful: String,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    comment: Option<String>,
}

impl Voting {
    fn vote(self) -> Result<Vote, Error> {
        let helpful = match self.helpful.as_str() {
            "yes" => true,
            "no" => false,
            other => return Err(Error::BadRequest(format!("helpful is {other:?}; take yes or no"))),
        };
        let reason = self.reason.filter(|reason| !reason.is_empty());
        if let Some(unknown) = reason.as_deref().filter(|reason| !REASONS.contains(reason)) {
            return Err(Error::BadRequest(format!("there is no reason {unknown:?}; take {}", REASONS.join(", "))));
        }
        let comment = self.comment.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let comment = comment.map(|text| within(&mask::masked(&text).unwrap_or(text), LONGEST_COMMENT).to_owned());
        Ok(Vote { helpful, reason, comment })
    }
}

pub async fn page(
    State(help): State<Arc<Help>>,
    asked: Asked,
    visit: Visit,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let page = asked.view().by_id(&id).ok_or(Error::NotFound)?;
    let vote = match visit.session {
        Some(session) => feedback::vote_of(&help.store, &ballot(session, page, &version(page))).await?,
        None => None,
    };
    let state = match vote {
        None => VoteState::Open,
        Some(Vote { helpful: true, .. }) => VoteState::Helped,
        Some(Vote { reason: None, comment: None, .. }) => VoteState::DidNotHelp,
        Some(_) => VoteState::Told,
    };
    let site = frame::site(&help, &page.locale);
    let shown = FeedbackPage {
        title: page.title.clone(),
        article_url: help.address.href(&address::encoded(&page.path)),
        vote_url: url(&help, page),
        state,
        related: fill::related(&help, asked.view(), page),
    };
    Ok(respond::send_once(app::pages::feedback(&frame::plain(site, page.title.clone()), &shown), &headers))
}

pub async fn vote(
    State(help): State<Arc<Help>>,
    asked: Asked,
    Client(address): Client,
    mut visit: Visit,
    reader: Reader,
    Path(id): Path<String>,
    form: Result<Form<Voting>, FormRejection>,
) -> Result<Response, Error> {
    let page = asked.view().by_id(&id).ok_or(Error::NotFound)?;
    let vote = form?.0.vote()?;
    let session = visit.session();
    if !help.limits.allow(address, session, 1) {
        return Err(Error::TooMany);
    }
    let version = version(page);
    let ballot = ballot(session, page, &version);
    // The search that led here is written first.
    help.events.take(None, help.searches.told_by(&reader).into_iter().collect()).await?;
    let query = crate::events::last_query(&help.store, &session.to_string()).await?;
    let event = vote.event(&ballot, query);
    // A crawler's vote counts no more than its visit.
    if let Some(entry) = visit.saw(&help, event, &page.locale, &page.path) {
        feedback::vote(&help.store, &help.events, &ballot, &vote, &entry, Timestamp::now()).await?;
    }
    let headers = [(header::LOCATION, url(&help, page)), (header::CACHE_CONTROL, "no-store".to_owned())];
    let mut response = (StatusCode::SEE_OTHER, headers).into_response();
    visit.keep(&mut response);
    Ok(response)
}

/// Where votes on `page` go.
pub fn url(help: &Help, page: &Page) -> String {
    help.address.href(&format!("/feedback/{}", page.id))
}

fn version(page: &Page) -> String {
    short_hash(&page.hash)
}

fn ballot<'a>(session: uuid::Uuid, page: &'a Page, version: &'a str) -> Ballot<'a> {
    Ballot { session, article: &page.id, version, locale: &page.locale }
}
