//! `/search/forum`: what the community's forum has on a search that was sent. It is not asked while a reader types.

use std::sync::Arc;

use app::model::ForumHit;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::Timestamp;

use super::wish::value;
use crate::Help;
use crate::http::asked::Asked;
use crate::http::error::Error;
use crate::http::pairs::Pairs;
use crate::http::visit::Visit;
use crate::http::{frame, respond};
use crate::integrations::discourse::Topic;

pub async fn forum(
    State(help): State<Arc<Help>>,
    asked: Asked,
    visit: Visit,
    locale: Option<Path<String>>,
    headers: HeaderMap,
    parameters: Result<Query<Pairs>, QueryRejection>,
) -> Result<Response, Error> {
    let forum = help.community.forum.as_ref().ok_or(Error::NotFound)?;
    let locale = asked.locale(&help, locale)?;
    let Query(pairs) = parameters?;
    let query = value(&pairs, "q").unwrap_or_default().trim();
    // A crawler has no question.
    let topics = if visit.is_bot { Arc::default() } else { forum.search(query, Timestamp::now()).await };
    let hits: Vec<_> = topics.iter().map(hit).collect();
    let site = frame::site(&help, &locale);
    Ok(respond::send_once(app::pages::forum_fragment(&site, query, &hits), &headers))
}

fn hit(topic: &Topic) -> ForumHit {
    let Topic { title, url, blurb, is_solved } = topic.clone();
    ForumHit { title, url, blurb, is_solved }
}
