//! `/admin`: the state of the site, for admins who signed in and for whoever gave the token.

pub mod delivery;
pub mod privacy;
pub mod tickets;

use std::sync::{Arc, OnceLock};

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;

use leptos::nonce::use_nonce;
use leptos::prelude::*;

use app::model::{AdminPage, CanaryRow, Frame, LoginPage, LoginWay, ProblemGroup, ProblemRow, Severity};
use app::pages::Panels;
use app::words::{Word, Words};

use super::agent::login::{end_former, staff_cookie, user_agent};
use super::agent::{self, Agent, NO_STORE, Next, Role, see_other};
use super::asked::Client;
use super::error::Error;
use super::{frame, guard};
use crate::content::{self, Kind};
use crate::delivery::outbox;
use crate::edition::Edition;
use crate::staff::session::Session;
use crate::staff::{account, place, session};
use crate::{Help, identity, mail, staff};

/// The page, streamed in order: its head at once, each panel when its figures are there.
pub async fn page(State(help): State<Arc<Help>>, _: Admin, request: Request) -> Result<Response, Error> {
    let edition = help.edition.load_full();
    let frame = staff_frame(&help, |words| &words.site_state);
    let state = AdminPage { mails_waiting: mails_waiting(&help).await?, ..state(&help, &edition) };
    let panels = {
        let help = help.clone();
        move || Panels {
            problems: Box::pin(problems(edition.clone())),
            canaries: Box::pin(canaries(edition.clone())),
            slowest: Box::pin(slowest(help.clone())),
        }
    };
    let page = move || view! { <app::pages::Admin frame=frame.clone() page=state.clone() panels=panels()/> };
    Ok(streamed(request, page).await)
}

/// Somebody who may see `/admin`: an admin's account, or whoever gave the token.
pub struct Admin;

impl FromRequestParts<Arc<Help>> for Admin {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, help: &Arc<Help>) -> Result<Self, Response> {
        let session = agent::session_of(help, &parts.headers).await.map_err(Error::into_response)?;
        let Some(Session { id, account }) = session else {
            return Err(to_sign_in(help, parts).await.into_response());
        };
        let allowed = account.map_or(Ok(()), |account| Agent::of(help, account, id).needs(Role::Admin));
        allowed.map(|()| Self).map_err(Error::into_response)
    }
}

/// To the accounts' sign-in where there are accounts, else to the token's.
async fn to_sign_in(help: &Help, parts: &Parts) -> Result<Response, Error> {
    let next = Next::of(parts);
    match (account::any(&help.store).await?, &help.config.admin.token) {
        (true, _) => Ok(see_other(help, &next.after("/agent/login"), [])),
        (false, Some(_)) => Ok(see_other(help, "/admin/login", [])),
        (false, None) => Err(Error::NotFound),
    }
}

fn staff_frame(help: &Help, title: impl Fn(&Words) -> &Word) -> Frame {
    let site = frame::site(help, &help.config.content.default_locale);
    frame::plain(site.clone(), title(&site.words).to_string())
}

/// Sends `page` as it becomes ready; its scripts carry a nonce of this answer.
async fn streamed<V: IntoView + 'static>(
    request: Request,
    page: impl Fn() -> V + Clone + Send + Sync + 'static,
) -> Response {
    let nonce = Arc::new(OnceLock::new());
    let keep = {
        let nonce = nonce.clone();
        move || drop(use_nonce().map(|made| nonce.set(made.to_string())))
    };
    let mut response = leptos_axum::render_app_to_stream_in_order_with_context(keep, page)(request).await;
    if let Some(nonce) = nonce.get() {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, guard::policy_with_nonce(nonce));
    }
    response.headers_mut().extend(NO_STORE.map(|(name, value)| (name, header::HeaderValue::from_static(value))));
    response
}

/// As a person reads it, in UTC; of milliseconds since 1970.
fn when(at: i64) -> String {
    let time = Timestamp::from_millisecond(at).unwrap_or_default();
    time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// What went wrong, as a panel says it.
fn told(cause: anyhow::Error) -> String {
    format!("{cause:#}")
}

pub async fn login_form(State(help): State<Arc<Help>>) -> Result<Response, Error> {
    exists(&help)?;
    Ok(form(&help, None))
}

#[derive(Debug, Deserialize)]
pub struct Login {
    token: String,
}

pub async fn login(
    State(help): State<Arc<Help>>,
    Client(address): Client,
    headers: HeaderMap,
    login: Result<Form<Login>, FormRejection>,
) -> Result<Response, Error> {
    exists(&help)?;
    let Form(login) = login?;
    if !help.throttle.allow(address) {
        return Err(Error::TooMany);
    }
    if !staff::is_token(&help.config.admin, &login.token) {
        tracing::warn!(%address, "refused a wrong admin token");
        let words = &frame::site(&help, &help.config.content.default_locale).words;
        let page = form(&help, Some(words.wrong_token.to_string()));
        return Ok((StatusCode::UNAUTHORIZED, page).into_response());
    }
    end_former(&help, &headers).await?;
    let place = place::of(user_agent(&headers), address);
    let secret = session::open(&help.store, None, &place, Timestamp::now()).await?;
    Ok(see_other(&help, "/admin", [staff_cookie(&secret, session::IDLE)]))
}

/// Without a token nobody signs in with one.
fn exists(help: &Help) -> Result<(), Error> {
    if help.config.admin.token.is_some() { Ok(()) } else { Err(Error::NotFound) }
}

fn form(help: &Help, refusal: Option<String>) -> Response {
    let site = frame::site(help, &help.config.content.default_locale);
    let title = site.words.sign_in.to_string();
    let other_url = Some(help.address.href("/agent/login"));
    let page = LoginPage { way: LoginWay::Token, next: None, refusal, other_url };
    (NO_STORE, Html(app::pages::login(&frame::plain(site, title), &page))).into_response()
}

fn state(help: &Help, edition: &Edition) -> AdminPage {
    let snapshot = &edition.snapshot;
    let everybody = identity::anonymous();
    let count = |kind: Kind| snapshot.view(&everybody).pages().filter(|page| page.kind == kind).count();
    AdminPage {
        snapshot: content::short_hash(snapshot.hash()),
        commit: snapshot.commit().map(str::to_owned),
        built_at: snapshot.built_at().strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        source: help.source.to_string(),
        articles: count(Kind::Article),
        categories: count(Kind::Category),
        locales: snapshot.locales().to_vec(),
        ready: crate::search::self_test(&edition.index, snapshot).is_ok(),
        mails_waiting: 0,
    }
}

/// Those that only wait for a mail server to be set.
async fn mails_waiting(help: &Help) -> Result<usize, Error> {
    if help.config.mail.is_set() {
        return Ok(0);
    }
    Ok(usize::try_from(outbox::waiting(&help.store, mail::CHANNEL).await?).unwrap_or(0))
}

async fn problems(edition: Arc<Edition>) -> Result<Vec<ProblemGroup>, String> {
    let row = |problem: &content::Problem| ProblemRow {
        place: problem.place(),
        message: problem.message.clone(),
        cure: problem.cure.clone(),
    };
    let group = |((severity, kind), problems): ((content::Severity, &str), Vec<&content::Problem>)| ProblemGroup {
        severity: match severity {
            content::Severity::Error => Severity::Error,
            content::Severity::Warning => Severity::Warning,
            content::Severity::Notice => Severity::Notice,
        },
        kind: kind.to_owned(),
        problems: problems.into_iter().map(row).collect(),
    };
    Ok(content::by_kind(edition.snapshot.problems()).into_iter().map(group).collect())
}

/// Asked anew for each visit, aside: a canary query is quick, but there may be many.
async fn canaries(edition: Arc<Edition>) -> Result<Vec<CanaryRow>, String> {
    let asked = tokio::task::spawn_blocking(move || crate::search::canaries(&edition.index, &edition.snapshot)).await;
    asked.map_err(|error| error.to_string())
}

async fn slowest(help: Arc<Help>) -> Result<Vec<app::model::SlowPage>, String> {
    Ok(help.slowest.list())
}
