//! `/requests` for whom no host signed in: an address is given, a link goes there, and whoever opens it sees the requests
//! that came from there. What is answered never tells whether there are any.

use std::collections::HashMap;
use std::sync::Arc;

use app::model::{OneField, OneForm};
use app::words::{Words, fill};
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use tracing::error;

use crate::Help;
use crate::http::asked::{self, Asked, Client};
use crate::http::contact::{Place, Segments, see_other};
use crate::http::error::Error;
use crate::http::{frame, respond};
use crate::mail;
use crate::passes::{self, Purpose};

/// The cookie that holds what the link turned into.
const COOKIE: &str = "__Host-signpost-requests";

/// Whose requests this browser may see.
pub async fn requester(help: &Help, headers: &HeaderMap) -> Result<Option<String>, Error> {
    let Some(secret) = asked::cookie(headers, COOKIE) else { return Ok(None) };
    Ok(passes::holder(&help.store, Purpose::Requester, &secret, Timestamp::now()).await?)
}

/// Asks for the address; `sent` after it was given.
///
/// # Errors
/// A site that can send no mail.
pub fn form(place: &Place, sent: bool, headers: &HeaderMap) -> Result<Response, Error> {
    if !place.help.config.mail.is_set() {
        return Err(Error::NotFound);
    }
    let minutes = Purpose::SignIn.lasts().as_mins().to_string();
    let notice = |words: &Words| fill(&words.link_sent, &[("minutes", &minutes)]);
    Ok(shown(place, headers, |words| match sent {
        true => {
            OneForm { notice: Some(notice(words)), button: words.link_again.to_string(), ..asking(place, words, "") }
        }
        false => asking(place, words, ""),
    }))
}

fn asking(place: &Place, words: &Words, given: &str) -> OneForm {
    OneForm {
        text: words.link_ask.to_string(),
        action_url: Some(place.href("/requests")),
        field: Some(OneField::Email(given.to_owned())),
        button: words.link_send.to_string(),
        other: Some((words.contact.to_string(), place.href("/contact"))),
        ..OneForm::default()
    }
}

fn shown(place: &Place, headers: &HeaderMap, page: impl FnOnce(&Words) -> OneForm) -> Response {
    let site = frame::site(place.help, &place.locale);
    let page = page(&site.words);
    respond::send_once(app::pages::one_form(&place.frame(&site.words.your_requests), &page), headers)
}

#[derive(Debug, Deserialize)]
pub struct Given {
    email: String,
}

/// Sends the link, where there is something to see; the answer is the same.
pub async fn ask(
    State(help): State<Arc<Help>>,
    asked: Asked,
    Client(client): Client,
    Path(segments): Segments,
    headers: HeaderMap,
    given: Result<Form<Given>, FormRejection>,
) -> Result<Response, Error> {
    let place = Place::of(&help, &asked, &segments)?;
    let email = given?.0.email.trim().to_lowercase();
    if !help.config.mail.is_set() {
        return Err(Error::NotFound);
    }
    if !mail::is_address(&email) {
        let page = shown(&place, &headers, |words| OneForm {
            refusal: Some(words.link_unfit.to_string()),
            ..asking(&place, words, &email)
        });
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    if !help.throttle.allow_link(client) {
        return Err(Error::TooMany);
    }
    if help.throttle.allow_link_to(&email) {
        // Apart, so that the time of the answer tells nothing either.
        let (help, locale) = (help.clone(), place.locale.clone());
        tokio::spawn(async move {
            if let Err(cause) = help.tickets.send_link(&email, &locale, Timestamp::now()).await {
                error!("cannot send a link to a requester: {cause:#}");
            }
        });
    }
    Ok(see_other(&place.href("/requests?sent")))
}

/// `/requests/in/{secret}`: asks before it opens, for programs look at links before people do.
pub async fn door(
    State(help): State<Arc<Help>>,
    asked: Asked,
    Path(segments): Segments,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let place = Place::of(&help, &asked, &segments)?;
    let secret = secret(&segments);
    let Some(email) = passes::holder(&help.store, Purpose::SignIn, secret, Timestamp::now()).await? else {
        return Ok(gone(&place, &headers));
    };
    Ok(shown(&place, &headers, |words| OneForm {
        text: fill(&words.link_enter, &[("email", &email)]),
        action_url: Some(place.href(&format!("/requests/in/{secret}"))),
        button: words.link_enter_button.to_string(),
        ..OneForm::default()
    }))
}

pub async fn enter(
    State(help): State<Arc<Help>>,
    asked: Asked,
    Path(segments): Segments,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let place = Place::of(&help, &asked, &segments)?;
    let now = Timestamp::now();
    let mut transaction = help.store.writer().begin().await.map_err(anyhow::Error::from)?;
    let holder = passes::redeem(&mut transaction, Purpose::SignIn, secret(&segments), now).await?;
    let Some(email) = holder else { return Ok(gone(&place, &headers)) };
    let secret = passes::issue(&mut transaction, Purpose::Requester, &email, now).await?;
    transaction.commit().await.map_err(anyhow::Error::from)?;
    let cookie = asked::set_cookie(COOKIE, &secret, Purpose::Requester.lasts().as_secs());
    let response = see_other(&place.href("/requests"));
    Ok(([(header::SET_COOKIE, cookie)], response).into_response())
}

fn secret(segments: &HashMap<String, String>) -> &str {
    segments.get("secret").map_or("", String::as_str)
}

fn gone(place: &Place, headers: &HeaderMap) -> Response {
    let page = shown(place, headers, |words| OneForm {
        refusal: Some(words.link_gone.to_string()),
        ..asking(place, words, "")
    });
    (StatusCode::GONE, page).into_response()
}
