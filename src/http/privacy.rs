//! `/privacy`: what the reader allows, and what the reader did. Personal: made for one request, kept by nobody.

pub mod trail;

use std::sync::Arc;

use app::model::{PrivacyPage, Purpose, PurposeRow};
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use uuid::Uuid;

use super::asked::{self, Asked, Reader};
use super::error::Error;
use super::pairs::{Pairs, value};
use super::visit::{self, CHOICE_COOKIE, Visit};
use super::{address, frame, respond};
use crate::privacy::{self, Choice, Grants, Signal};
use crate::tickets::Chooser;
use crate::{Help, chat, events};

pub async fn page(
    State(help): State<Arc<Help>>,
    asked: Asked,
    visit: Visit,
    reader: Reader,
    locale: Option<Path<String>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let locale = asked.locale(&help, locale)?;
    // What was noted before is written before: the reader sees all of it.
    help.events.take(None, help.searches.told_by(&reader).into_iter().collect()).await?;
    let site = frame::site(&help, &locale);
    let now = Timestamp::now();
    let steps = match visit.session {
        Some(session) => events::trail(&help.store, &session.to_string(), now).await?,
        None => Vec::new(),
    };
    let page = PrivacyPage {
        purposes: Purpose::ALL.map(|purpose| row(&help, &visit, purpose)).into(),
        signal: visit.standing.signal.map(|signal| match signal {
            Signal::Gpc => "Global Privacy Control",
            Signal::Dnt => "Do Not Track",
        }),
        trail: trail::rows(&site, asked.view(), &steps, now),
    };
    let frame = frame::plain(site.clone(), site.words.privacy.to_string());
    Ok(respond::send_once(app::pages::privacy(&frame, &page), &headers))
}

fn row(help: &Help, visit: &Visit, purpose: Purpose) -> PurposeRow {
    PurposeRow {
        purpose,
        offered: purpose != Purpose::Necessary && help.config.privacy.purposes.allow(purpose),
        granted: visit.standing.grants.allow(purpose),
    }
}

/// `choice`: `all`, `none`, `chosen` with `purpose` once for each, or `also` with one `purpose` that comes to those
/// chosen before; `way`: where the reader was asked.
pub async fn choose(
    State(help): State<Arc<Help>>,
    asked: Asked,
    mut visit: Visit,
    locale: Option<Path<String>>,
    headers: HeaderMap,
    form: Result<Form<Pairs>, FormRejection>,
) -> Result<Response, Error> {
    let locale = asked.locale(&help, locale)?;
    let fields = form?.0;
    let settings = &help.config.privacy;
    let way = value(&fields, "way").filter(|way| ["banner", "page"].contains(way)).unwrap_or("page");
    let before = visit::choice(&headers).filter(|choice| choice.counts(settings));
    let (grants, shown) = chosen(&fields, before.map_or(Grants::NONE, |choice| choice.grants), settings.purposes)?;
    let choice = Choice { id: Uuid::now_v7(), grants, text_version: settings.text_version.clone() };
    let session = visit.session.map(|session| session.to_string());
    let around = privacy::Asked {
        session: session.as_deref(),
        locale: &locale,
        country: visit.country.as_deref(),
        shown,
        signal: visit.standing.signal,
        way,
    };
    privacy::record(&help.store, &choice, &around, Timestamp::now()).await?;
    if let Some(session) = &session {
        events::withdraw(&help.store, session, choice.grants).await?;
    }
    let reader = asked.viewer.subject().map(|reader| reader.id.as_str());
    let chooser = Chooser { before: visit.choice, session: visit.session, reader };
    help.tickets.withdraw(&chooser, &choice).await?;
    chat::withdraw(&help.store, &chooser, &choice).await?;
    visit.allowed(&help, choice.grants, &locale);
    let mut response = back(&help, &headers, &locale);
    let cookie = asked::set_cookie(CHOICE_COOKIE, &choice.cookie(), Choice::LASTS);
    response.headers_mut().insert(header::SET_COOKIE, cookie.parse().map_err(anyhow::Error::from)?);
    Ok(response)
}

/// What is granted, and what of the purposes asked for here the reader was shown.
fn chosen(fields: &[(String, String)], before: Grants, asked: Grants) -> Result<(Grants, Grants), Error> {
    let is_named = |purpose: &Purpose| fields.iter().any(|(name, value)| name == "purpose" && value == purpose.name());
    let named = Grants::of(Purpose::ALL.into_iter().filter(is_named)).and(asked);
    match value(fields, "choice") {
        Some("all") => Ok((asked, asked)),
        Some("none") => Ok((Grants::NONE, asked)),
        Some("chosen") => Ok((named, asked)),
        // Whoever chose nothing before has chosen this alone, whatever a region grants.
        Some("also") => Ok((before.and(asked).or(named), named)),
        other => Err(Error::BadRequest(format!("choice is {other:?}; take all, none, chosen or also"))),
    }
}

/// Strikes a step, or `all`, out of the reader's trail.
pub async fn strike(
    State(help): State<Arc<Help>>,
    asked: Asked,
    visit: Visit,
    locale: Option<Path<String>>,
    headers: HeaderMap,
    form: Result<Form<Pairs>, FormRejection>,
) -> Result<Response, Error> {
    let locale = asked.locale(&help, locale)?;
    let fields = form?.0;
    let step = value(&fields, "step").ok_or_else(|| Error::BadRequest("step names what to strike out".to_owned()))?;
    if let Some(session) = visit.session {
        let step = (step != "all").then_some(step);
        events::trim(&help.store, &session.to_string(), step).await?;
    }
    Ok(back(&help, &headers, &locale))
}

/// Shows the question to those who have not answered it. Kept by the reader's browser for as long as it stays the same.
pub async fn banner(visit: Visit, headers: HeaderMap) -> Response {
    let (css, etag) = match visit.standing.undecided && !visit.is_bot {
        true => (ASK, "\"ask\""),
        false => ("", "\"quiet\""),
    };
    let etag = header::HeaderValue::from_static(etag);
    let known = respond::is_known(&headers, &etag);
    let headers = [
        (header::CONTENT_TYPE, header::HeaderValue::from_static("text/css; charset=utf-8")),
        (header::CACHE_CONTROL, header::HeaderValue::from_static("private, no-cache")),
        (header::VARY, header::HeaderValue::from_static("Cookie, Sec-GPC, DNT")),
        (header::ETAG, etag),
    ];
    match known {
        true => (StatusCode::NOT_MODIFIED, headers).into_response(),
        false => (headers, css).into_response(),
    }
}

/// Stands outside of every layer, so before all that `site.css` says. What has the focus is not hidden under it.
const ASK: &str = ".consent{display:block}html{scroll-padding-block-end:16rem}";

/// Loads the scripts of vendors that this reader granted, and no others.
pub async fn tags(State(help): State<Arc<Help>>, visit: Visit) -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "private, no-store")];
    (headers, help.config.tags.loader(visit.standing.grants)).into_response()
}

/// To the page the form was sent from, or to the privacy page.
fn back(help: &Help, headers: &HeaderMap, locale: &str) -> Response {
    let from = headers.get(header::REFERER).and_then(|from| from.to_str().ok()?.parse::<Uri>().ok());
    let path = from.as_ref().and_then(|from| from.path().strip_prefix(&help.address.base));
    let location = match path.and_then(|path| address::canonical(path).ok()) {
        Some(path) => {
            let query = from.as_ref().and_then(Uri::query).map(|query| format!("?{query}")).unwrap_or_default();
            format!("{}{query}", help.address.href(&address::encoded(&path)))
        }
        None => help.address.href(&format!("{}/privacy", frame::prefix(help, locale))),
    };
    (StatusCode::SEE_OTHER, [(header::LOCATION, location), (header::CACHE_CONTROL, "no-store".to_owned())])
        .into_response()
}
