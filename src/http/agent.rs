//! `/agent`: who is signed in, for every handler below it.
//!
//! A handler takes an [`Agent`] and so is only ever called for one; whoever is not signed in is sent to the sign-in
//! and comes back from there. What only admins may do asks [`Agent::needs`].

pub mod account;
pub mod alerts;
pub mod answer;
pub mod attachments;
pub mod chats;
pub mod clock;
mod find;
pub mod live;
pub mod login;
pub mod mail;
mod next;
pub mod questions;
pub mod queue;
pub mod routing;
pub mod standing;
mod talk;
pub mod ticket;
pub mod undelivered;
pub mod welcome;

use std::sync::Arc;

use app::model::agent::{Choice, Portal};
use app::model::{Frame, Site, Status};
use app::words::{Word, Words};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use super::asked::{self, STAFF_COOKIE};
use super::error::Error;
use super::frame;
use crate::Help;
use crate::staff::account::Account;
use crate::staff::session::{self, Session};

pub use crate::staff::account::Role;
pub use next::Next;

pub const NO_STORE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

/// Whoever signed in with an account, agent or admin.
#[derive(Debug, Clone)]
pub struct Agent {
    /// UUIDv7 of the account.
    pub id: String,
    pub name: String,
    pub email: String,
    pub role: Role,
    /// BCP 47 tag of the interface: the agent's own, else the site's.
    pub locale: String,
    /// They say that they are not there.
    pub away: bool,
    /// Id of the session, which opens nothing.
    pub session: String,
}

impl Agent {
    pub fn of(help: &Help, account: Account, session: String) -> Self {
        let Account { id, name, email, role, locale, away_at, .. } = account;
        let locale = locale.unwrap_or_else(|| help.config.content.default_locale.clone());
        Self { id, name, email: email.to_string(), role, locale, away: away_at.is_some(), session }
    }

    /// # Errors
    /// A role that is too low.
    pub fn needs(&self, role: Role) -> Result<(), Error> {
        if self.role >= role { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// The site in the agent's language.
    pub fn site(&self, help: &Help) -> Arc<Site> {
        frame::staff_site(help, &self.locale)
    }

    /// The frame of a page in the agent's language.
    pub fn frame(&self, help: &Help, title: impl Fn(&Words) -> &Word) -> Frame {
        let site = self.site(help);
        frame::plain(site.clone(), title(&site.words).to_string())
    }
}

impl FromRequestParts<Arc<Help>> for Agent {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, help: &Arc<Help>) -> Result<Self, Response> {
        match session_of(help, &parts.headers).await.map_err(Error::into_response)? {
            Some(Session { id, account: Some(account) }) => Ok(Self::of(help, account, id)),
            Some(_) | None => Err(see_other(help, &Next::of(parts).after("/agent/login"), [])),
        }
    }
}

/// The session these headers prove. One by the token counts as long as there is a token.
///
/// # Errors
/// A database that cannot be read.
pub async fn session_of(help: &Help, headers: &HeaderMap) -> Result<Option<Session>, Error> {
    let Some(secret) = asked::cookie(headers, STAFF_COOKIE) else { return Ok(None) };
    let session = session::find(&help.store, &secret, Timestamp::now()).await?;
    Ok(session.filter(|session| session.account.is_some() || help.config.admin.token.is_some()))
}

/// Goes on at `location`, a path and query of this site without its base, with cookies to keep.
pub fn see_other(help: &Help, location: &str, cookies: impl IntoIterator<Item = String>) -> Response {
    let location = help.address.href(location);
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, location)], NO_STORE).into_response();
    let cookies = cookies.into_iter().filter_map(|cookie| cookie.parse().ok());
    response.headers_mut().extend(cookies.map(|cookie| (header::SET_COOKIE, cookie)));
    response
}

/// The frame of a page of the portal.
fn portal(help: &Help, agent: &Agent, title: String) -> Frame {
    let asset = |name: &str| frame::asset(help, name);
    let mut frame = frame::plain(agent.site(help), title);
    frame.meta.portal = Some(Portal {
        stylesheet_url: asset("agent.css"),
        script_url: asset("agent.js"),
        events_url: help.address.href("/agent/events"),
        has_alerts: !help.tickets.rules().alerts.is_empty(),
        is_admin: agent.role == Role::Admin,
        questions: help.community.is_open().then(|| help.community.waiting()),
    });
    frame
}

fn status_choices(words: &Words, chosen: Option<Status>) -> impl Iterator<Item = Choice> {
    Status::ALL.iter().map(move |status| Choice {
        value: status.name().to_owned(),
        label: words.agent.status_of(*status).to_string(),
        chosen: chosen == Some(*status),
    })
}

/// What a kind of ticket is called: by the operator, by us, or as the settings name it.
pub fn form_title(help: &Help, words: &Words, name: &str) -> String {
    let title = help.tickets.settings().form(name).and_then(|form| form.title.as_ref());
    match (title, name) {
        (Some(title), _) => title.of(&help.config.content.default_locale, "en").to_owned(),
        (None, "question") => words.agent.kind_question.to_string(),
        (None, "bug") => words.agent.kind_bug.to_string(),
        (None, "idea") => words.agent.kind_idea.to_string(),
        (None, name) => name.to_owned(),
    }
}
