//! `/requests/{secret}`: what became of a ticket, for whoever holds its link; `/requests`: all of a reader's whom the
//! host signed in, or who has the link that a letter brought.

pub mod link;

use std::collections::HashMap;
use std::sync::Arc;

use app::model::event::within;
use app::model::{
    Author, FileRow, PieceRow, Rating, RequestPage, RequestRow, RequestsPage, Said as Text, SaidRow, Status,
};
use app::words::{Words, fill};
use axum::extract::{Multipart, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::asked::{Asked, Client};
use super::attachments::{self, Use, size};
use super::contact::{Place, Segments, see_other};
use super::error::Error;
use super::parts::Parts;
use super::{frame, respond};
use crate::Help;
use crate::tickets::{self, Attachment, Message, Said, Speaker, Ticket};

/// Characters of an answer, and of what is said beside a rating.
const LONGEST_ANSWER: usize = 20_000;
const LONGEST_COMMENT: usize = 2_000;

/// `/requests`
pub async fn list(
    State(help): State<Arc<Help>>,
    asked: Asked,
    Path(segments): Segments,
    Query(parameters): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let place = Place::of(&help, &asked, &segments)?;
    let site = frame::site(&help, &place.locale);
    let tickets = match (asked.viewer.subject(), link::requester(&help, &headers).await?) {
        (Some(reader), _) => help.tickets.of_reader(&reader.id).await?,
        (None, Some(email)) => help.tickets.of_address(&email).await?,
        (None, None) => return link::form(&place, parameters.contains_key("sent"), &headers),
    };
    let row = |ticket: Ticket| RequestRow {
        number: ticket.number,
        url: place.href(&ticket.path()),
        updated: when(&site.words, ticket.updated_at),
        status: ticket.status,
        subject: ticket.subject,
    };
    let page = RequestsPage { requests: tickets.into_iter().map(row).collect(), contact_url: place.href("/contact") };
    Ok(respond::send_once(app::pages::requests(&place.frame(&site.words.your_requests), &page), &headers))
}

async fn ticket(help: &Help, segments: &HashMap<String, String>) -> Result<Ticket, Error> {
    let secret = segments.get("secret").map_or("", String::as_str);
    help.tickets.by_secret(secret).await?.ok_or(Error::NotFound)
}

/// The page; `?sent` right after it was sent.
pub async fn page(
    State(help): State<Arc<Help>>,
    asked: Asked,
    Path(segments): Segments,
    Query(parameters): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let place = Place::of(&help, &asked, &segments)?;
    let ticket = ticket(&help, &segments).await?;
    let just_sent = parameters.contains_key("sent").then(|| {
        let words = &frame::site(&help, &place.locale).words;
        match &ticket.email {
            Some(email) => fill(&words.request_sent_mail, &[("email", email)]),
            None => words.request_sent_here.to_string(),
        }
    });
    shown(&place, &ticket, just_sent, None, &headers).await
}

async fn shown(
    place: &Place<'_>,
    ticket: &Ticket,
    just_sent: Option<String>,
    fault: Option<(String, String)>,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let help = place.help;
    let site = frame::site(help, &place.locale);
    let messages = help.tickets.messages(&ticket.id, false).await?;
    let files = help.tickets.attachments(&ticket.id).await?;
    let of_reader = place.asked.viewer.subject().is_some();
    let page = RequestPage {
        number: ticket.number,
        subject: ticket.subject.clone(),
        status: ticket.status,
        opened: when(&site.words, ticket.opened_at),
        messages: messages.iter().map(|message| said(place, ticket, message, &files)).collect(),
        sent_along: ticket.dossier.iter().map(sent_along).collect(),
        action_url: place.href(&ticket.path()),
        files: attachments::allowed(help),
        follow_url: place.href(&format!("/contact/{}?follows={}", ticket.form, ticket.secret)),
        just_sent,
        rating: ticket.rating(),
        fault,
        requests_url: of_reader.then(|| place.href("/requests")),
    };
    let mut response = respond::send_once(app::pages::request(&place.frame(&page.subject), &page), headers);
    // Its address is a secret, which no link to elsewhere shall tell.
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    Ok(response)
}

fn sent_along(clue: &app::model::Clue) -> PieceRow {
    PieceRow { id: String::new(), when: None, text: clue.text.clone(), ticked: true }
}

fn said(place: &Place<'_>, ticket: &Ticket, message: &Message, files: &[Attachment]) -> SaidRow {
    let site = frame::site(place.help, &place.locale);
    let file = |file: &Attachment| FileRow {
        name: file.name.clone(),
        url: place.href(&format!("{}/files/{}", ticket.path(), file.id)),
        size: size(&site.words, file.bytes),
    };
    SaidRow {
        author: message.author,
        name: match message.author {
            Author::Requester => site.words.from_you.to_string(),
            Author::Agent | Author::System => message.name.clone().unwrap_or_else(|| site.name.clone()),
        },
        when: when(&site.words, message.at),
        text: match message.author {
            Author::Agent => Text::Html(tickets::prose::html(&message.text)),
            Author::Requester | Author::System => Text::Plain(message.text.clone()),
        },
        files: files.iter().filter(|file| file.message == message.id).map(file).collect(),
    }
}

/// A day and a time, in UTC.
fn when(words: &Words, at: i64) -> String {
    let time = Timestamp::from_millisecond(at).unwrap_or_default().to_zoned(TimeZone::UTC);
    format!("{}, {} UTC", words.date(time.year(), time.month(), time.day()), time.strftime("%H:%M"))
}

/// `deed`: `answer`, `solved` or `rate`.
pub async fn deed(
    State(help): State<Arc<Help>>,
    asked: Asked,
    Client(address): Client,
    Path(segments): Segments,
    headers: HeaderMap,
    form: Multipart,
) -> Result<Response, Error> {
    let place = Place::of(&help, &asked, &segments)?;
    let ticket = ticket(&help, &segments).await?;
    let parts = Parts::read(form).await?;
    let now = Timestamp::now();
    match parts.text("deed") {
        "solved" => help.tickets.solve(&ticket, now).await?,
        "rate" => rate(&help, &ticket, &parts, now).await?,
        "answer" if ticket.status == Status::Closed => {
            return Err(Error::BadRequest("this request is closed; ask again about it in a new one".to_owned()));
        }
        "answer" if !help.limits.allow_ticket(address) => return Err(Error::TooMany),
        "answer" => {
            let text = parts.text("text").to_owned();
            if let Err(fault) = answer(&place, &ticket, parts, now).await? {
                let page = shown(&place, &ticket, None, Some((fault, text)), &headers).await?;
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
            }
            // There what was said just now is in sight.
            return Ok(see_other(&place.href(&format!("{}?said#last", ticket.path()))));
        }
        other => return Err(Error::BadRequest(format!("deed is {other:?}; take answer, solved or rate"))),
    }
    Ok(see_other(&place.href(&ticket.path())))
}

async fn answer(place: &Place<'_>, ticket: &Ticket, parts: Parts, now: Timestamp) -> Result<Result<(), String>, Error> {
    let help = place.help;
    let words = &frame::site(help, &place.locale).words;
    let text = parts.text("text").trim().to_owned();
    if text.is_empty() {
        return Ok(Err(words.fault_missing.to_string()));
    }
    if text.chars().count() > LONGEST_ANSWER {
        return Ok(Err(fill(&words.fault_too_long, &[("longest", &words.number(LONGEST_ANSWER))])));
    }
    let taken = match help.tickets.take(parts.files).await? {
        Ok(taken) => taken,
        Err(refused) => return Ok(Err(attachments::refusal(words, &refused))),
    };
    let said = Said {
        speaker: Speaker::Requester,
        text: &text,
        internal: false,
        articles: &[],
        attachments: &taken,
        status: None,
    };
    help.tickets.say(ticket, &said, now).await?;
    Ok(Ok(()))
}

async fn rate(help: &Help, ticket: &Ticket, parts: &Parts, now: Timestamp) -> Result<(), Error> {
    let rating = Rating::try_from(parts.text("rating").to_owned()).map_err(Error::BadRequest)?;
    let comment = Some(within(parts.text("text").trim(), LONGEST_COMMENT)).filter(|text| !text.is_empty());
    Ok(help.tickets.rate(ticket, rating, comment, now).await?)
}

/// A file of the conversation; always to be saved, never shown as a page of ours.
pub async fn file(State(help): State<Arc<Help>>, Path(segments): Segments) -> Result<Response, Error> {
    let ticket = ticket(&help, &segments).await?;
    let id = segments.get("id").map_or("", String::as_str);
    let (row, stored) = help.tickets.attachment(id).await?.ok_or(Error::NotFound)?;
    let is_shown = row.ticket == ticket.id
        && help.tickets.messages(&ticket.id, false).await?.iter().any(|it| it.id == row.message);
    if !is_shown {
        return Err(Error::NotFound);
    }
    attachments::given(&help, &row, stored, Use::Save).await
}
