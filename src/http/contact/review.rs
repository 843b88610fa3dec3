//! `/contact/draft/{secret}`: what may answer it, what goes along, and the sending.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use anyhow::Context as _;
use app::model::event::Name;
use app::model::{ArticleLink, Channel, Clue, Event, PieceRow, ReviewPage};
use app::words::{Words, fill};
use axum::extract::{Multipart, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{Place, Segments, about, browser, see_other, topics, work};
use crate::Help;
use crate::events;
use crate::http::asked::{Asked, Client};
use crate::http::attachments;
use crate::http::error::Error;
use crate::http::parts::Parts;
use crate::http::privacy::trail;
use crate::http::visit::Visit;
use crate::http::{address, frame, locale, respond};
use crate::search::{self, Query as Search};
use crate::tickets::dossier::{self, Piece};
use crate::tickets::{Draft, Opening, Proposal};

/// Articles that are proposed.
const PROPOSED: usize = 4;
/// Words of a text that are searched for; the first ones say what it is about.
const WORDS: usize = 40;

/// Looks for what may answer the draft, but for what its reader has read already.
pub async fn propose(
    place: &Place<'_>,
    visit: &mut Visit,
    draft: &Draft,
    secret: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let help = place.help;
    let session = visit.session();
    let is_held_out = help.tickets.is_held_out(session);
    let found = if is_held_out { Vec::new() } else { found(place, draft, &session.to_string(), now).await? };
    let proposal = Proposal { session, form: &draft.form, shown: &found, is_held_out };
    // The event it may become needs the reader's grants of now.
    let entry = visit.entry(now, Event::TicketDeflected { article: Name::of("") }, Default::default());
    help.tickets.propose(secret, &proposal, &entry, now).await?;
    Ok(())
}

/// Ids of articles, best first, by what the reader wrote and searched for last.
async fn found(place: &Place<'_>, draft: &Draft, session: &str, now: Timestamp) -> anyhow::Result<Vec<String>> {
    let read = events::articles_read(&place.help.store, session, now).await?;
    let searched = events::last_query(&place.help.store, session).await?;
    let searched = searched.as_ref().map_or("", |query| query.as_str());
    let written = draft.subject.split_whitespace().chain(draft.text.split_whitespace()).take(WORDS);
    let text: Vec<&str> = written.chain(searched.split_whitespace()).collect();
    let query = Search {
        text: text.join(" "),
        locale: Some(place.locale.clone()),
        limit: PROPOSED + read.len(),
        ..Search::default()
    };
    let Asked { viewer, edition } = place.asked;
    let results = search::search(&edition.index, &edition.snapshot, viewer, &query);
    let ids = results.hits.into_iter().map(|hit| hit.id).filter(|id| !read.contains(id));
    Ok(ids.take(PROPOSED).collect())
}

pub async fn review(
    State(help): State<Arc<Help>>,
    asked: Asked,
    Client(address): Client,
    visit: Visit,
    Path(segments): Segments,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let place = Place::of(&help, &asked, &segments)?;
    let secret = secret(&segments);
    let Some(draft) = help.tickets.draft(secret, Timestamp::now()).await? else {
        return sent_before(&place, secret).await;
    };
    let pieces = pieces(&place, &visit, &draft, &headers).await?;
    shown(&place, secret, &draft, pieces, None, address, &headers).await
}

fn secret(segments: &HashMap<String, String>) -> &str {
    segments.get("secret").map_or("", String::as_str)
}

/// What the reader chose before, and why it was not sent; at first everything is ticked.
type Again<'a> = (&'a [String], String);

async fn shown(
    place: &Place<'_>,
    secret: &str,
    draft: &Draft,
    pieces: Vec<Piece>,
    again: Option<Again<'_>>,
    client: IpAddr,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let (_, title, _) = place.form(&draft.form)?;
    let site = frame::site(place.help, &place.locale);
    let now = Timestamp::now();
    let (ticked, fault) = again.unzip();
    let proposals = place.help.tickets.proposed(secret).await?;
    let minutes = |at: i64| usize::try_from((now.as_millisecond() - at) / 60_000).unwrap_or(0);
    let page = ReviewPage {
        title,
        subject: draft.subject.clone(),
        text: draft.text.clone(),
        edit_url: place.href(&format!("/contact/{}?draft={secret}", draft.form)),
        action_url: place.href(&format!("/contact/draft/{secret}")),
        proposals: proposals.iter().filter_map(|id| proposal(place, secret, id)).collect(),
        pieces: pieces
            .into_iter()
            .map(|Piece { id, clue, .. }| PieceRow {
                ticked: ticked.is_none_or(|ticked| ticked.contains(&id)),
                when: clue.at.map(|at| site.ago(minutes(at))),
                text: clue.text,
                id,
            })
            .collect(),
        files: attachments::allowed(place.help),
        fault,
        work: work::asked(place, secret, client, now),
    };
    Ok(respond::send_once(app::pages::review(&place.frame(&page.title), &page), headers))
}

fn proposal(place: &Place<'_>, secret: &str, id: &str) -> Option<ArticleLink> {
    let page = place.asked.view().by_id(id)?;
    Some(ArticleLink {
        title: page.title.clone(),
        url: place.href(&format!("/contact/draft/{secret}/open?article={}", page.id)),
        description: page.description.clone(),
        category: None,
    })
}

/// What an agent should know of this reader.
pub async fn pieces(place: &Place<'_>, visit: &Visit, draft: &Draft, headers: &HeaderMap) -> Result<Vec<Piece>, Error> {
    let help = place.help;
    let now = Timestamp::now();
    let site = frame::site(help, &place.locale);
    let steps = match visit.session {
        Some(session) => events::trail(&help.store, &session.to_string(), now).await?,
        None => Vec::new(),
    };
    // That a form was opened is no news to whoever reads it.
    let steps: Vec<_> = steps.into_iter().filter(|step| !step.kind.starts_with("ticket_")).collect();
    let rows = trail::rows(&site, place.asked.view(), &steps, now);
    let of_trail = rows.into_iter().filter_map(|row| {
        let step = steps.iter().find(|step| step.id == row.id)?;
        let clue = Clue { kind: step.kind.clone(), at: Some(step.at), text: row.text };
        let (about, topic) = (about::step(place.asked.view(), step), topics::step(place, step));
        Some(Piece { id: row.id, clue, about, topic })
    });
    let words = &site.words;
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let browser = Some(browser::name(agent)).filter(|browser| !browser.is_empty());
    let facts = [
        ("page", &words.fact_page, draft.page.clone()),
        ("plan", &words.fact_plan, place.plan().map(str::to_owned)),
        ("language", &words.fact_language, Some(locale::name(&place.locale))),
        ("device", &words.fact_device, visit.device.map(|device| called(words, device))),
        ("browser", &words.fact_browser, browser),
        ("version", &words.fact_version, draft.release.clone()),
        ("network", &words.fact_network, draft.network.clone()),
    ];
    let of_facts = facts.into_iter().filter_map(|(kind, word, value)| {
        let text = fill(word, &[("value", &value?)]);
        let clue = Clue { kind: kind.to_owned(), at: None, text };
        let page = draft.page.as_deref().filter(|_| kind == "page");
        let about = page.and_then(|page| about::page(place.asked.view(), page));
        let topic = page.and_then(|page| topics::page(place, page));
        Some(Piece { id: kind.to_owned(), clue, about, topic })
    });
    Ok(of_trail.chain(of_facts).collect())
}

fn called(words: &Words, device: &str) -> String {
    let word = match device {
        "phone" => &words.device_phone,
        "tablet" => &words.device_tablet,
        _ => &words.device_desktop,
    };
    word.to_string()
}

/// The way to a proposed answer, which is remembered: should the reader not come back, it was the answer.
pub async fn open(
    State(help): State<Arc<Help>>,
    asked: Asked,
    Path(segments): Segments,
    Query(parameters): Query<HashMap<String, String>>,
) -> Result<Response, Error> {
    let place = Place::of(&help, &asked, &segments)?;
    let article = parameters.get("article").ok_or(Error::NotFound)?;
    let page = asked.view().by_id(article).ok_or(Error::NotFound)?;
    help.tickets.opened(secret(&segments), &page.id).await?;
    Ok(see_other(&place.help.address.href(&address::encoded(&page.path))))
}

pub async fn send(
    State(help): State<Arc<Help>>,
    asked: Asked,
    Client(address): Client,
    mut visit: Visit,
    Path(segments): Segments,
    headers: HeaderMap,
    form: Multipart,
) -> Result<Response, Error> {
    let place = Place::of(&help, &asked, &segments)?;
    let secret = secret(&segments);
    let parts = Parts::read(form).await?;
    if parts.text("deed") == "answered" {
        return answered(&place, secret).await;
    }
    let now = Timestamp::now();
    let Some(draft) = help.tickets.draft(secret, now).await? else {
        return sent_before(&place, secret).await;
    };
    let ticked = parts.texts("piece");
    let pieces = pieces(&place, &visit, &draft, &headers).await?;
    let site = frame::site(&help, &place.locale);
    let again = async |pieces, fault: String| {
        let page = shown(&place, secret, &draft, pieces, Some((&ticked, fault)), address, &headers).await?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    let fill_time = SignedDuration::from_secs(help.config.tickets.fill_seconds.try_into().context("fill_seconds")?);
    if now.as_millisecond() - draft.begun_at < i64::try_from(fill_time.as_millis()).unwrap_or(0) {
        return again(pieces, site.words.fault_too_fast.to_string()).await;
    }
    let is_proved = work::is_done(&place, secret, parts.text("challenge"), parts.text("work"), now);
    if !help.limits.allow_ticket(address) || (!is_proved && !help.limits.allow_unproved(address)) {
        return Err(Error::TooMany);
    }
    let taken = match help.tickets.take(parts.files).await? {
        Ok(taken) => taken,
        Err(refused) => return again(pieces, attachments::refusal(&site.words, &refused)).await,
    };
    let id = Uuid::now_v7();
    let event = Event::TicketCreated { ticket: Name::of(&id.to_string()), form: Name::of(&draft.form) };
    let path = format!("{}/contact/{}", frame::prefix(&help, &place.locale), draft.form);
    let event = visit.saw(&help, event, &place.locale, &path);
    let (dossier, before) = dossier::ticked(pieces, &ticked);
    let opening = Opening {
        id,
        channel: Channel::Portal,
        secret: secret.to_owned(),
        draft,
        reader: asked.viewer.subject().cloned(),
        locale: place.locale.clone(),
        quiet: false,
        audiences: asked.viewer.audiences().clone(),
        dossier,
        before,
        consent: visit.choice,
        session: visit.session,
        attachments: taken,
        event,
        held: !is_proved,
    };
    let ticket = help.tickets.open(opening, now).await?;
    let mut response = see_other(&format!("{}?sent", place.href(&ticket.path())));
    visit.keep(&mut response);
    Ok(response)
}

/// A draft that is sent again, or gone back to: it became a ticket.
async fn sent_before(place: &Place<'_>, secret: &str) -> Result<Response, Error> {
    let ticket = place.help.tickets.of_draft(secret).await?.ok_or(Error::NotFound)?;
    Ok(see_other(&place.href(&ticket.path())))
}

/// The reader found the answer in what was proposed: nothing is sent.
async fn answered(place: &Place<'_>, secret: &str) -> Result<Response, Error> {
    place.help.tickets.answered(secret).await?;
    Ok(see_other(&format!("{}?answered", place.href("/contact"))))
}
