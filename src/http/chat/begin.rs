//! A chat before its first word, and the first word.

use std::collections::HashMap;
use std::net::IpAddr;

use app::model::event::Name;
use app::model::{ChatStart, Clue, Event, FieldKind, FieldRow, PieceRow};
use app::words::{Words, fill};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::{Timestamp, Zoned};

use super::{keep, vendor};
use crate::chat::{Beginning, LONGEST};
use crate::http::asked::Reader;
use crate::http::contact::{self, Place, see_other, work};
use crate::http::error::Error;
use crate::http::pairs::{self, Pairs, refuse_machines};
use crate::http::visit::Visit;
use crate::http::{frame, respond};
use crate::mail;
use crate::tickets::{self, Before, Draft, dossier};
use app::model::event::within;

/// Characters of a name.
const LONGEST_NAME: usize = 200;

/// What a reader typed so far.
#[derive(Default)]
struct Typed<'t> {
    text: &'t str,
    name: &'t str,
    email: &'t str,
    secret: &'t str,
    /// Of the page it began at.
    draft: Draft,
    /// Ids of pieces that stay; at first all do.
    ticked: Option<Vec<String>>,
    fault: Option<String>,
    email_fault: Option<String>,
}

/// `/chat` before the first word, with what the page that leads here knows: `page`, `release`.
pub async fn page(
    place: &Place<'_>,
    address: IpAddr,
    visit: &Visit,
    parameters: &HashMap<String, String>,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let told = |name: &str, longest| parameters.get(name).map(|value| within(value, longest).to_owned());
    let page = told("page", 300).or_else(|| contact::page_before(place.help, headers));
    let draft = Draft { page, release: told("release", 64), ..Draft::default() };
    shown(place, address, visit, Typed { draft, ..Typed::default() }, headers).await
}

async fn shown(
    place: &Place<'_>,
    address: IpAddr,
    visit: &Visit,
    typed: Typed<'_>,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let (help, now) = (place.help, Timestamp::now());
    let site = frame::site(help, &place.locale);
    let settings = &help.config.tickets;
    let secret =
        Some(typed.secret).filter(|secret| contact::is_secret(secret)).map_or_else(tickets::secret, str::to_owned);
    let hidden = [("page", &typed.draft.page), ("release", &typed.draft.release)];
    let hidden = hidden.into_iter().filter_map(|(name, value)| Some((name, value.clone()?)));
    let subject = place.asked.viewer.subject();
    let who = subject.map(|who| who.name.clone().or(who.email.clone()).unwrap_or_else(|| who.id.clone()));
    let page = ChatStart {
        action_url: place.href("/chat"),
        form_url: place.href(&format!("/contact/{}", help.config.chat.form)),
        people: help.chats.has_people(now),
        vendor: help.chats.vendor().map(|vendor| vendor.messenger.name()),
        bot: help.chats.bot().map(str::to_owned),
        opens: help.chats.opens(now).map(|time| from(&site.words, &time)),
        hours: settings.hours.as_ref().map(|hours| place.text(hours).to_owned()),
        fields: fields(place, &typed),
        asked_as: who.map(|name| fill(&site.words.asked_as, &[("name", &name)])),
        pieces: pieces(place, visit, &typed, headers, now).await?,
        work: work::asked(place, &sealed(&secret), address, now),
        hidden: hidden.chain([("begin", secret)]).collect(),
        text: typed.text.to_owned(),
        longest: LONGEST,
        fault: typed.fault.or_else(|| typed.email_fault.as_ref().map(|_| site.words.fault_summary.to_string())),
        stylesheet_url: frame::asset(help, "chat.css"),
    };
    Ok(respond::send_once(app::pages::chat_start(&place.frame(&site.words.chat), &page), headers))
}

/// `23 November 2026, 09:00 (Europe/Berlin)`
fn from(words: &Words, time: &Zoned) -> String {
    let date = words.date(time.year(), time.month(), time.day());
    format!("{date}, {} ({})", time.strftime("%H:%M"), time.strftime("%Q"))
}

/// What the work for a chat is good for: not for a draft of the same secret.
fn sealed(secret: &str) -> String {
    format!("chat/{secret}")
}

fn fields(place: &Place<'_>, typed: &Typed<'_>) -> Vec<FieldRow> {
    let site = frame::site(place.help, &place.locale);
    let words = &site.words;
    let row = |name: &'static str, label: &str, kind: FieldKind, value: &str| FieldRow {
        name: name.to_owned(),
        label: label.to_owned(),
        help: None,
        kind,
        value: value.to_owned(),
        required: false,
        autocomplete: Some(name),
        fault: None,
    };
    let subject = place.asked.viewer.subject();
    let name = subject
        .is_none_or(|subject| subject.name.is_none())
        .then(|| row("name", &words.field_name, FieldKind::Line, typed.name));
    let email = contact::email_of(place.asked).is_none().then(|| FieldRow {
        help: Some(words.chat_email_help.to_string()),
        fault: typed.email_fault.clone(),
        ..row("email", &words.field_email, FieldKind::Email, typed.email)
    });
    name.into_iter().chain(email).collect()
}

async fn pieces(
    place: &Place<'_>,
    visit: &Visit,
    typed: &Typed<'_>,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<Vec<PieceRow>, Error> {
    let site = frame::site(place.help, &place.locale);
    let minutes = |at: i64| usize::try_from((now.as_millisecond() - at) / 60_000).unwrap_or(0);
    let pieces = contact::pieces(place, visit, &typed.draft, headers).await?;
    let row = |piece: dossier::Piece| PieceRow {
        ticked: typed.ticked.as_ref().is_none_or(|ticked| ticked.contains(&piece.id)),
        when: piece.clue.at.map(|at| site.ago(minutes(at))),
        text: piece.clue.text,
        id: piece.id,
    };
    Ok(pieces.into_iter().map(row).collect())
}

/// The first word as it was sent.
pub struct Form<'a> {
    pub place: &'a Place<'a>,
    pub address: IpAddr,
    pub reader: &'a Reader,
    pub pairs: &'a Pairs,
    pub headers: &'a HeaderMap,
}

impl Form<'_> {
    pub async fn begin(&self, mut visit: Visit) -> Result<Response, Error> {
        let (help, now) = (self.place.help, Timestamp::now());
        refuse_machines(self.pairs)?;
        let typed = self.typed();
        if typed.fault.is_some() || typed.email_fault.is_some() {
            let page = shown(self.place, self.address, &visit, typed, self.headers).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
        if !help.limits.allow_ticket(self.address) {
            return Err(Error::TooMany);
        }
        if !help.chats.is_answered(now) {
            return self.to_form(&typed, now).await;
        }
        let held = !self.is_proved(typed.secret, now);
        if held && !help.limits.allow_unproved(self.address) {
            return Err(Error::TooMany);
        }
        // What was searched for just now is part of what travels.
        help.events.take(None, help.searches.told_by(self.reader).into_iter().collect()).await?;
        let secret = if contact::is_secret(typed.secret) { typed.secret.to_owned() } else { tickets::secret() };
        let (dossier, before) = self.travels(&visit, &typed).await?;
        let path = format!("{}/chat", frame::prefix(help, &self.place.locale));
        let event = visit.saw(help, Event::ChatStarted { chat: Name::of("") }, &self.place.locale, &path);
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let viewer = &self.place.asked.viewer;
        let beginning = Beginning {
            secret: secret.clone(),
            text: typed.text.to_owned(),
            name: some(typed.name),
            email: some(typed.email),
            reader: viewer.subject().cloned(),
            locale: self.place.locale.clone(),
            audiences: viewer.audiences().clone(),
            dossier,
            before,
            consent: visit.choice,
            page: typed.draft.page.clone(),
            session: visit.session,
            event,
            held,
        };
        if help.chats.vendor().is_some() {
            let mut response = vendor::open(self.place, beginning, now).await?;
            visit.keep(&mut response);
            return Ok(response);
        }
        help.chats.begin(beginning, now).await?;
        let mut response = see_other(&self.place.href("/chat?said#text"));
        keep(&mut response, &secret);
        visit.keep(&mut response);
        Ok(response)
    }

    fn is_proved(&self, secret: &str, now: Timestamp) -> bool {
        let (challenge, number) = (pairs::text(self.pairs, "challenge"), pairs::text(self.pairs, "work"));
        work::is_done(self.place, &sealed(secret), challenge, number, now)
    }

    fn typed(&self) -> Typed<'_> {
        let words = &frame::site(self.place.help, &self.place.locale).words;
        let told = |name: &str, longest| Some(within(pairs::text(self.pairs, name), longest).to_owned());
        let (text, email) = (pairs::text(self.pairs, "text"), pairs::text(self.pairs, "email").trim());
        let too_long = text.chars().count() > LONGEST;
        let fault = match text.trim().is_empty() {
            true => Some(words.fault_missing.to_string()),
            false => too_long.then(|| fill(&words.fault_too_long, &[("longest", &words.number(LONGEST))])),
        };
        let ticked = self.pairs.iter().filter(|(name, _)| name == "piece").map(|(_, id)| id.clone());
        Typed {
            text,
            name: within(pairs::text(self.pairs, "name").trim(), LONGEST_NAME),
            email,
            secret: pairs::text(self.pairs, "begin"),
            draft: Draft {
                page: told("page", 300).filter(|page| page.starts_with('/')),
                release: told("release", 64).filter(|release| !release.is_empty()),
                ..Draft::default()
            },
            ticked: Some(ticked.collect()),
            fault,
            email_fault: (!email.is_empty() && !mail::is_address(email)).then(|| words.fault_email.to_string()),
        }
    }

    async fn travels(&self, visit: &Visit, typed: &Typed<'_>) -> Result<(Vec<Clue>, Before), Error> {
        let pieces = contact::pieces(self.place, visit, &typed.draft, self.headers).await?;
        Ok(dossier::ticked(pieces, typed.ticked.as_deref().unwrap_or_default()))
    }

    /// Whoever was there is gone since the page was made: the form takes up all that was typed.
    async fn to_form(&self, typed: &Typed<'_>, now: Timestamp) -> Result<Response, Error> {
        let form = &self.place.help.config.chat.form;
        let draft = Draft {
            form: form.clone(),
            text: typed.text.to_owned(),
            name: typed.name.to_owned(),
            email: typed.email.to_owned(),
            begun_at: now.as_millisecond(),
            ..typed.draft.clone()
        };
        let secret = tickets::secret();
        self.place.help.tickets.keep_draft(&secret, &draft, now).await?;
        Ok(see_other(&self.place.href(&format!("/contact/{form}?draft={secret}"))))
    }
}
