//! `/agent/login` and `/agent/logout`: in with e-mail address and password, out again.

use std::sync::Arc;

use app::model::{LoginPage, LoginWay};
use app::words::{Word, Words};
use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde::Deserialize;

use super::{NO_STORE, Next, see_other, session_of};
use crate::http::asked::{self, Client, STAFF_COOKIE};
use crate::http::error::Error;
use crate::http::frame;
use crate::staff::{Attempt, Outcome, place, session};
use crate::{Help, staff};

/// The cookie that tells a browser that signed in before from strangers.
const KNOWN_COOKIE: &str = "__Host-signpost-known";
const KNOWN: SignedDuration = SignedDuration::from_hours(180 * 24);

#[derive(Debug, Deserialize)]
pub struct Asked {
    next: Option<String>,
}

pub async fn form(
    State(help): State<Arc<Help>>,
    headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Error> {
    let next = Next::checked(asked?.0.next.as_deref());
    if session_of(&help, &headers).await?.is_some_and(|session| session.account.is_some()) {
        return Ok(see_other(&help, next.as_str(), []));
    }
    Ok(page(&help, &next, "", None))
}

#[derive(Debug, Deserialize)]
pub struct SignIn {
    email: String,
    password: SecretString,
    next: Option<String>,
}

pub async fn sign_in(
    State(help): State<Arc<Help>>,
    Client(address): Client,
    headers: HeaderMap,
    given: Result<Form<SignIn>, FormRejection>,
) -> Result<Response, Error> {
    let Form(given) = given?;
    let next = Next::checked(given.next.as_deref());
    let mark = asked::cookie(&headers, KNOWN_COOKIE);
    let attempt = Attempt {
        email: &given.email,
        password: &given.password,
        address,
        place: place::of(user_agent(&headers), address),
        mark: mark.as_deref(),
    };
    let refused = |status: StatusCode, why: fn(&Words) -> &Word| (status, page(&help, &next, &given.email, Some(why)));
    Ok(match staff::sign_in(&help.store, &help.throttle, attempt, Timestamp::now()).await? {
        Outcome::SignedIn(signed_in) => {
            tracing::info!(agent = signed_in.account.id, "signed in");
            end_former(&help, &headers).await?;
            let cookies = [
                staff_cookie(&signed_in.secret, session::LONGEST),
                asked::set_cookie(KNOWN_COOKIE, &signed_in.mark, KNOWN.as_secs()),
            ];
            see_other(&help, next.as_str(), cookies)
        }
        Outcome::Refused => {
            tracing::warn!(%address, "refused a sign-in");
            refused(StatusCode::UNAUTHORIZED, |words| &words.wrong_credentials).into_response()
        }
        Outcome::TooMany => {
            tracing::warn!(%address, "refused a sign-in: too many attempts");
            let (status, page) = refused(StatusCode::TOO_MANY_REQUESTS, |words| &words.too_many_sign_ins);
            (status, [(header::RETRY_AFTER, "60")], page).into_response()
        }
    })
}

pub async fn sign_out(State(help): State<Arc<Help>>, headers: HeaderMap) -> Result<Response, Error> {
    end_former(&help, &headers).await?;
    Ok(see_other(&help, "/agent/login", [staff_cookie("", SignedDuration::ZERO)]))
}

/// Ends the session a browser comes with; the next one has a secret of its own.
pub async fn end_former(help: &Help, headers: &HeaderMap) -> Result<(), Error> {
    match asked::cookie(headers, STAFF_COOKIE) {
        Some(secret) => Ok(session::close(&help.store, &secret).await?),
        None => Ok(()),
    }
}

pub fn staff_cookie(secret: &str, lasts: SignedDuration) -> String {
    asked::set_cookie(STAFF_COOKIE, secret, lasts.as_secs())
}

pub fn user_agent(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::USER_AGENT)?.to_str().ok()
}

fn page(help: &Help, next: &Next, email: &str, refusal: Option<fn(&Words) -> &Word>) -> Response {
    let site = frame::site(help, &help.config.content.default_locale);
    let other = help.config.admin.token.is_some().then(|| help.address.href("/admin/login"));
    let page = LoginPage {
        way: LoginWay::Account { email: email.to_owned() },
        next: next.named().map(str::to_owned),
        refusal: refusal.map(|refusal| refusal(&site.words).to_string()),
        other_url: other,
    };
    let title = site.words.sign_in.to_string();
    (NO_STORE, Html(app::pages::login(&frame::plain(site, title), &page))).into_response()
}
