//! `/chat`: a reader talks with a person, or with a bot before one. Every deed is a form of the page; the script does
//! the same in place, and follows the stream. Whose chat it is, a cookie says.

mod begin;
mod shown;
mod stream;
mod vendor;

use std::collections::HashMap;
use std::sync::Arc;

use app::words::fill;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use cookie::{Cookie, SameSite};
use jiff::Timestamp;
use serde::Deserialize;

use super::asked::{self, Asked, Client, Reader};
use super::contact::{Place, Segments, see_other};
use super::error::Error;
use super::pairs::{self, Pairs};
use super::visit::Visit;
use super::{frame, respond};
use crate::chat::{self, Chat, Ender, LONGEST, Said, Saying};
use crate::{Help, mail};
use shown::Page;

pub use shown::line;
pub use stream::stream;
pub use vendor::identity;

/// Holds the secret of a reader's chat.
const COOKIE: &str = "__Host-signpost-chat";
/// Says to our script that there is one, and nothing else.
const MARK: &str = "__Host-signpost-chatting";
/// Seconds that a browser keeps them: longer than a chat goes on.
const KEPT: i64 = 24 * 3600;
/// Characters of a message's key.
const LONGEST_KEY: usize = 40;

/// Where a reader is, on a site that chats.
fn place<'a>(help: &'a Help, asked: &'a Asked, segments: &HashMap<String, String>) -> Result<Place<'a>, Error> {
    if help.config.chat.open { Place::of(help, asked, segments) } else { Err(Error::NotFound) }
}

/// The chat of whoever asks.
async fn own(help: &Help, headers: &HeaderMap) -> Result<Option<Chat>, Error> {
    let Some(secret) = asked::cookie(headers, COOKIE) else { return Ok(None) };
    let chat = help.chats.by_secret(&secret).await?;
    let goes_on = chat.iter().filter(|chat| !chat.is_over());
    goes_on.for_each(|chat| help.chats.live().reader_is_here(&chat.id, Timestamp::now()));
    Ok(chat)
}

/// `?new` begins another one, once the last is over.
pub async fn page(
    State(help): State<Arc<Help>>,
    asked: Asked,
    Client(address): Client,
    visit: Visit,
    Path(segments): Segments,
    Query(parameters): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let place = place(&help, &asked, &segments)?;
    let known = own(&help, &headers).await?;
    if known.as_ref().is_none_or(Chat::is_over) && help.chats.vendor().is_some() {
        return vendor::page(&place, address, &visit, &parameters, &headers).await;
    }
    match known.filter(|chat| !chat.is_over() || !parameters.contains_key("new")) {
        Some(chat) => shown(&place, &chat, "", None, &headers).await,
        None => begin::page(&place, address, &visit, &parameters, &headers).await,
    }
}

async fn shown(
    place: &Place<'_>,
    chat: &Chat,
    text: &str,
    fault: Option<String>,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let page = Page::of(place.help, &place.locale);
    let shown = page.whole(chat, text, fault).await?;
    let frame = place.frame(&frame::site(place.help, &place.locale).words.chat);
    let mut response = respond::send_once(app::pages::chat(&frame, &shown), headers);
    if chat.is_over() {
        mark(&mut response, false);
    }
    Ok(response)
}

/// `deed`: `begin`, `say`, `look`, `person`, `leave` or `end`.
#[expect(clippy::too_many_arguments, reason = "each is a part of the request that beginning a chat needs")]
pub async fn deed(
    State(help): State<Arc<Help>>,
    asked: Asked,
    Client(address): Client,
    visit: Visit,
    reader: Reader,
    Path(segments): Segments,
    headers: HeaderMap,
    pairs: Result<Form<Pairs>, FormRejection>,
) -> Result<Response, Error> {
    let place = place(&help, &asked, &segments)?;
    let Form(pairs) = pairs?;
    let known = own(&help, &headers).await?;
    let deed = pairs::text(&pairs, "deed");
    match known {
        // Of a second tab, or sent again.
        Some(chat) if deed == "begin" && !chat.is_over() => {
            let key = chat::first_key(pairs::text(&pairs, "begin"));
            match say(&place, &chat, &key, pairs::text(&pairs, "text")).await? {
                Ok(()) => Ok(see_other(&place.href("/chat?said#text"))),
                Err(fault) => shown(&place, &chat, pairs::text(&pairs, "text"), Some(fault), &headers).await,
            }
        }
        // Said while it ended, it is heard all the same.
        Some(chat) if deed == "say" || (deed != "begin" && !chat.is_over()) => {
            do_in(&place, &chat, deed, &pairs, &headers).await
        }
        Some(_) if deed != "begin" => Ok(see_other(&place.href("/chat"))),
        _ => {
            let form = begin::Form { place: &place, address, reader: &reader, pairs: &pairs, headers: &headers };
            form.begin(visit).await
        }
    }
}

async fn do_in(
    place: &Place<'_>,
    chat: &Chat,
    deed: &str,
    pairs: &Pairs,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let (help, now) = (place.help, Timestamp::now());
    let (text, key) = (pairs::text(pairs, "text"), pairs::text(pairs, "id"));
    let again = async |fault| {
        let page = shown(place, chat, text, Some(fault), headers).await?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    // What is typed when a reader goes is part of what is left.
    let is_said = deed == "say" || (matches!(deed, "end" | "leave") && !text.trim().is_empty());
    if is_said && let Err(fault) = say(place, chat, key, text).await? {
        return again(fault).await;
    }
    match deed {
        "say" => return Ok(see_other(&place.href("/chat?said#text"))),
        "look" => return shown(place, chat, text, None, headers).await,
        "person" => drop(help.chats.ask_person(&chat.id, now).await?),
        "end" => drop(help.chats.end(&chat.id, Ender::Reader, now).await?),
        "leave" => {
            let email = pairs::text(pairs, "email").trim();
            let is_needed = !chat.can_be_answered() || !email.is_empty();
            if is_needed && !mail::is_address(email) {
                return again(frame::site(help, &place.locale).words.fault_email.to_string()).await;
            }
            help.chats.leave(&chat.id, Some(email).filter(|email| !email.is_empty()), now).await?;
        }
        other => {
            let why = format!("deed is {other:?}; take begin, say, look, person, leave or end");
            return Err(Error::BadRequest(why));
        }
    }
    match deed == "person" && !text.trim().is_empty() {
        // A person is asked while the reader writes.
        true => {
            let chat = help.chats.by_id(&chat.id).await?.ok_or(Error::NotFound)?;
            shown(place, &chat, text, None, headers).await
        }
        false => Ok(see_other(&place.href("/chat"))),
    }
}

/// What is wrong with it, or that it is said.
async fn say(place: &Place<'_>, chat: &Chat, key: &str, text: &str) -> Result<Result<(), String>, Error> {
    let words = &frame::site(place.help, &place.locale).words;
    if text.trim().is_empty() {
        return Ok(Err(words.fault_missing.to_string()));
    }
    if text.chars().count() > LONGEST {
        return Ok(Err(fill(&words.fault_too_long, &[("longest", &words.number(LONGEST))])));
    }
    if !is_key(key) {
        return Err(Error::BadRequest(format!("id is {key:?}; make a UUID for each message")));
    }
    if !place.help.chats.allows(&chat.id) {
        return Err(Error::TooMany);
    }
    let said = place.help.chats.say(Saying::of_reader(&chat.id, key, text), Timestamp::now()).await?;
    Ok(if said == Said::Full { Err(words.chat_full.to_string()) } else { Ok(()) })
}

/// A key of whoever says something; ours have other forms.
fn is_key(key: &str) -> bool {
    (16..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|it| it.is_ascii_hexdigit() || it == b'-')
}

/// Says something, as the script does: 204 once it is on disk, also when it was said before.
pub async fn messages(
    State(help): State<Arc<Help>>,
    asked: Asked,
    Path(segments): Segments,
    headers: HeaderMap,
    pairs: Result<Form<Pairs>, FormRejection>,
) -> Result<StatusCode, Error> {
    let place = place(&help, &asked, &segments)?;
    let Form(pairs) = pairs?;
    let chat = own(&help, &headers).await?.ok_or(Error::NotFound)?;
    match say(&place, &chat, pairs::text(&pairs, "id"), pairs::text(&pairs, "text")).await? {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(fault) => Err(Error::BadRequest(fault)),
    }
}

/// The reader types.
pub async fn typing(State(help): State<Arc<Help>>, headers: HeaderMap) -> Result<StatusCode, Error> {
    let chat = own(&help, &headers).await?.ok_or(Error::NotFound)?;
    if help.chats.allows_typing(&chat.id) {
        help.chats.live().reader_types(&chat.id, chat.agent);
    }
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Seen {
    seen: i64,
}

/// What other pages show while a chat goes on; 204 where none does.
pub async fn bar(
    State(help): State<Arc<Help>>,
    asked: Asked,
    Path(segments): Segments,
    Query(Seen { seen }): Query<Seen>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let place = place(&help, &asked, &segments)?;
    let Some(chat) = own(&help, &headers).await?.filter(|chat| !chat.is_over()) else {
        let mut response = (StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "private, no-store")]).into_response();
        mark(&mut response, false);
        return Ok(response);
    };
    let page = Page::of(&help, &place.locale);
    let bar = page.bar(&chat, seen).await?;
    let html = Html(app::pages::chat_bar(&page.site, &bar));
    Ok(([(header::CACHE_CONTROL, "private, no-store")], html).into_response())
}

/// Sets the cookie of a chat that began.
fn keep(response: &mut Response, secret: &str) {
    let cookie = asked::set_cookie(COOKIE, secret, KEPT);
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    mark(response, true);
}

/// Tells our script whether there is a chat.
fn mark(response: &mut Response, is_on: bool) {
    let cookie = Cookie::build((MARK, if is_on { "1" } else { "" }))
        .path("/")
        .secure(true)
        .same_site(SameSite::Lax)
        .max_age(cookie::time::Duration::seconds(if is_on { KEPT } else { 0 }));
    if let Ok(cookie) = HeaderValue::try_from(cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
