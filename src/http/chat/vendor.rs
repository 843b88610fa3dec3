//! `/chat` where it goes on in a vendor's chat: its page, which alone lets the vendor's script in, and who goes on there,
//! signed for the vendor. Before the reader's click the vendor is asked for nothing.
//!
//! The page has no secret in its address, as the vendor is told that.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use app::model::ChatVendor;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use super::{KEPT, begin};
use crate::Help;
use crate::chat::Beginning;
use crate::delivery::receipts;
use crate::http::asked::{self, Asked};
use crate::http::contact::{Place, Segments, see_other};
use crate::http::error::Error;
use crate::http::visit::Visit;
use crate::http::{frame, guard, respond};
use crate::integrations::messenger::Visitor;
use crate::tickets::Ticket;

/// Holds the secret of the ticket that the first words became.
const COOKIE: &str = "__Host-signpost-chat-request";

/// The first words, or the way on; `?new` begins anew.
pub async fn page(
    place: &Place<'_>,
    address: IpAddr,
    visit: &Visit,
    parameters: &HashMap<String, String>,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let ticket = own(place.help, place.asked, headers).await?;
    match ticket.filter(|_| !parameters.contains_key("new")) {
        Some(ticket) => shown(place, visit, &ticket, headers),
        None => begin::page(place, address, visit, parameters, headers).await,
    }
}

/// The ticket of whoever asks. That of a reader whom the host signed in is nobody else's, whatever the browser holds.
async fn own(help: &Help, asked: &Asked, headers: &HeaderMap) -> Result<Option<Ticket>, Error> {
    let Some(secret) = asked::cookie(headers, COOKIE) else { return Ok(None) };
    let reader = asked.viewer.subject().map(|subject| &subject.id);
    let is_own = |ticket: &Ticket| ticket.reader.is_none() || ticket.reader.as_ref() == reader;
    Ok(help.tickets.by_secret(&secret).await?.filter(is_own))
}

fn shown(place: &Place<'_>, visit: &Visit, ticket: &Ticket, headers: &HeaderMap) -> Result<Response, Error> {
    let help = place.help;
    let vendor = help.chats.vendor().ok_or(Error::NotFound)?;
    let (messenger, away, grants) = (&vendor.messenger, vendor.is_away(), visit.standing.grants);
    let allow = Some(messenger.purpose()).filter(|purpose| !grants.allow(*purpose));
    let may_come = !away && allow.is_none();
    let page = ChatVendor {
        name: messenger.name(),
        away,
        request: (ticket.number, place.href(&ticket.path())),
        allow,
        identity_url: place.href("/chat/identity"),
        new_url: place.href("/chat?new"),
        script_url: frame::asset(help, "messenger.js"),
        stylesheet_url: frame::asset(help, "chat.css"),
    };
    let frame = place.frame(&frame::site(help, &place.locale).words.chat);
    let mut response = respond::send_once(app::pages::chat_vendor(&frame, &page), headers);
    if may_come {
        let policy = guard::policy_with(help, grants, messenger.sources());
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

/// Makes the ticket of the first words.
pub async fn open(place: &Place<'_>, beginning: Beginning, now: Timestamp) -> Result<Response, Error> {
    let ticket = place.help.chats.begin_at_vendor(beginning, now).await?;
    let mut response = see_other(&place.href("/chat"));
    let cookie = asked::set_cookie(COOKIE, &ticket.secret, KEPT);
    let cookie = HeaderValue::try_from(cookie).map_err(anyhow::Error::from)?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Who goes on in the vendor's chat, signed for it, and where its script is: for the reader of this ticket, who allowed
/// it, and never kept.
pub async fn identity(
    State(help): State<Arc<Help>>,
    asked: Asked,
    visit: Visit,
    Path(segments): Segments,
    headers: HeaderMap,
) -> Result<Response, Error> {
    super::place(&help, &asked, &segments)?;
    let vendor = help.chats.vendor().filter(|vendor| !vendor.is_away()).ok_or(Error::NotFound)?;
    let messenger = &vendor.messenger;
    let ticket = own(&help, &asked, &headers).await?.ok_or(Error::NotFound)?;
    if !visit.standing.grants.allow(messenger.purpose()) {
        let purpose = messenger.purpose().name();
        return Err(Error::BadRequest(format!("allow {purpose:?} at /privacy first: {} needs it", messenger.name())));
    }
    // What a signed-in reader typed is not what the host says: none but that is signed.
    let email = match asked.viewer.subject().filter(|_| ticket.reader.is_some()) {
        Some(subject) => subject.email.clone(),
        None => ticket.email,
    };
    let receipt = receipts::read(&help.store, messenger.desk(), &ticket.id).await?;
    let visitor = Visitor {
        reader: ticket.reader,
        name: ticket.name,
        email,
        ticket: ticket.id,
        number: ticket.number,
        subject: ticket.subject,
        remote_id: receipt.and_then(|receipt| receipt.remote_id),
    };
    let told = messenger.identity(&visitor, Timestamp::now());
    Ok(([(header::CACHE_CONTROL, "private, no-store")], Json(told)).into_response())
}
