//! `/contact`: the ways to a person. A form is kept as a draft, looked at with what may answer it and what goes along,
//! and then sent; each step is a page of its own and needs no script.

mod about;
mod browser;
mod fields;
mod review;
mod topics;
pub mod work;

use std::collections::HashMap;
use std::sync::Arc;

use app::model::{ContactPage, Event, FormPage, Frame, Way};
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use tracing::{error, warn};

use super::asked::{Asked, Reader};
use super::error::Error;
use super::pairs::{Pairs, refuse_machines, text, value};
use super::visit::Visit;
use super::{frame, respond};
use crate::Help;
use crate::tickets::{self, Draft, Faults};
use app::model::event::{Name, within};
use app::words::fill;

pub use fields::{email_of, row};
pub use review::{open, pieces, review, send};
pub use work::Given;

/// Names and values of a route's segments.
pub type Segments = Path<HashMap<String, String>>;

/// Where a reader is: in which locale, at which form.
pub struct Place<'a> {
    pub help: &'a Help,
    pub asked: &'a Asked,
    pub locale: String,
}

impl<'a> Place<'a> {
    /// # Errors
    /// A site whose readers cannot ask, a locale it has not.
    pub fn of(help: &'a Help, asked: &'a Asked, segments: &HashMap<String, String>) -> Result<Self, Error> {
        if !help.config.tickets.open {
            return Err(Error::NotFound);
        }
        let locale = asked.locale(help, segments.get("locale").cloned().map(Path))?;
        Ok(Self { help, asked, locale })
    }

    pub fn href(&self, path: &str) -> String {
        self.help.address.href(&format!("{}{path}", frame::prefix(self.help, &self.locale)))
    }

    pub fn frame(&self, title: &str) -> Frame {
        frame::plain(frame::site(self.help, &self.locale), title.to_owned())
    }

    fn plan(&self) -> Option<&str> {
        self.asked.viewer.subject().and_then(|subject| subject.plan.as_deref())
    }

    pub fn text<'t>(&self, text: &'t tickets::Text) -> &'t str {
        text.of(&self.locale, &self.help.config.content.default_locale)
    }

    /// A form that this reader may use, with its title and what it is for.
    fn form(&self, name: &str) -> Result<(&'a tickets::Form, String, Option<String>), Error> {
        let form =
            self.help.config.tickets.form(name).filter(|form| form.is_for(self.plan())).ok_or(Error::NotFound)?;
        let site = frame::site(self.help, &self.locale);
        let words = &site.words;
        let usual = match name {
            "question" => Some((&words.form_question, &words.form_question_text)),
            "bug" => Some((&words.form_bug, &words.form_bug_text)),
            "idea" => Some((&words.form_idea, &words.form_idea_text)),
            _ => None,
        };
        let own = |text: &Option<tickets::Text>| text.as_ref().map(|text| self.text(text).to_owned());
        let title = own(&form.title).or_else(|| usual.map(|(title, _)| title.to_string()));
        let about = own(&form.about).or_else(|| usual.map(|(_, about)| about.to_string()));
        Ok((form, title.unwrap_or_else(|| name.to_owned()), about))
    }
}

/// `/contact`
pub async fn page(
    State(help): State<Arc<Help>>,
    asked: Asked,
    Path(segments): Segments,
    Query(parameters): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let place = Place::of(&help, &asked, &segments)?;
    let settings = &help.config.tickets;
    let forms = settings.forms().into_iter().filter_map(|(name, _)| {
        let (_, title, about) = place.form(name).ok()?;
        Some(Way { title, about, url: place.href(&format!("/contact/{name}")) })
    });
    let now = Timestamp::now();
    let words = &frame::site(&help, &place.locale).words;
    let chat = help.chats.is_answered(now).then(|| Way {
        title: words.chat.to_string(),
        about: Some(match (help.chats.bot(), help.chats.vendor()) {
            (Some(name), _) => fill(&words.chat_bot, &[("name", name)]),
            (None, Some(vendor)) => fill(&words.chat_vendor, &[("name", vendor.messenger.name())]),
            (None, None) => words.chat_people.to_string(),
        }),
        url: place.href("/chat"),
    });
    let links = settings.links.iter().filter(|link| link.is_for(place.plan(), &place.locale));
    let links = links.map(|link| Way {
        title: place.text(&link.title).to_owned(),
        about: link.about.as_ref().map(|about| place.text(about).to_owned()),
        url: link.url.clone(),
    });
    let page = ContactPage {
        ways: chat.into_iter().chain(forms).chain(links).collect(),
        hours: settings.hours.as_ref().map(|hours| place.text(hours).to_owned()),
        requests_url: asked.viewer.subject().map(|_| place.href("/requests")),
        answered: parameters.contains_key("answered"),
    };
    let frame = place.frame(&words.contact);
    Ok(respond::send_once(app::pages::contact(&frame, &page), &headers))
}

/// `/contact/{form}`, with what the page that leads here knows: `page`, `release`, `subject`, `follows`; or `draft`, to
/// change what was written.
pub async fn form(
    State(help): State<Arc<Help>>,
    asked: Asked,
    mut visit: Visit,
    Path(segments): Segments,
    Query(mut parameters): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let place = Place::of(&help, &asked, &segments)?;
    let name = segments.get("form").map_or("", String::as_str);
    let (form, ..) = place.form(name)?;
    let secret = parameters.remove("draft").unwrap_or_default();
    let kept = help.tickets.draft(&secret, Timestamp::now()).await?;
    let draft = kept.unwrap_or_else(|| begun(&help, &place, form, &mut parameters, &headers));
    let path = format!("{}/contact/{name}", frame::prefix(&help, &place.locale));
    if let Some(started) = visit.saw(&help, Event::TicketStarted { form: Name::of(name) }, &place.locale, &path) {
        help.events.note(started);
    }
    let shown = shown(&place, name, &draft, &secret, &Faults::new())?;
    let mut response = respond::send_once(app::pages::ask(&place.frame(&shown.title), &shown), &headers);
    visit.keep(&mut response);
    Ok(response)
}

/// A draft nobody wrote yet.
fn begun(
    help: &Help,
    place: &Place<'_>,
    form: &tickets::Form,
    parameters: &mut HashMap<String, String>,
    headers: &HeaderMap,
) -> Draft {
    let mut told = |name: &str, longest| parameters.remove(name).map(|value| within(&value, longest).to_owned());
    Draft {
        subject: told("subject", 200).unwrap_or_default(),
        text: form.template.as_ref().map(|text| place.text(text).to_owned()).unwrap_or_default(),
        page: told("page", 300).or_else(|| page_before(help, headers)),
        release: told("release", 64),
        follows: told("follows", 64),
        ..Draft::default()
    }
}

/// The page of this site that the reader came from.
pub fn page_before(help: &Help, headers: &HeaderMap) -> Option<String> {
    let before = headers.get(header::REFERER)?.to_str().ok()?.strip_prefix(&help.address.origin)?;
    let path = before.split(['?', '#']).next()?;
    let path = path.strip_prefix(help.address.base.as_str())?;
    let is_way = ["/contact", "/chat", "/requests"].iter().any(|way| path.contains(way));
    (path.starts_with('/') && path.len() <= 300 && !is_way).then(|| path.to_owned())
}

fn shown(place: &Place<'_>, name: &str, draft: &Draft, secret: &str, faults: &Faults) -> Result<FormPage, Error> {
    let (form, title, about) = place.form(name)?;
    let site = frame::site(place.help, &place.locale);
    let subject = place.asked.viewer.subject();
    let who = subject.map(|who| who.name.clone().or(who.email.clone()).unwrap_or_else(|| who.id.clone()));
    let optional = [("page", &draft.page), ("release", &draft.release), ("follows", &draft.follows)];
    let optional = optional.into_iter().filter_map(|(name, value)| Some((name, value.clone()?)));
    let draft_secret = (!secret.is_empty()).then(|| ("draft", secret.to_owned()));
    Ok(FormPage {
        about,
        action_url: place.href(&format!("/contact/{name}")),
        contact_url: place.href("/contact"),
        fields: fields::rows(place, form, draft, faults),
        asked_as: who.map(|name| fill(&site.words.asked_as, &[("name", &name)])),
        hidden: optional.chain(draft_secret).chain([("network", String::new())]).collect(),
        fault: None,
        title,
    })
}

/// Keeps what was written and leads to the look at it; or shows it again, with what is wrong.
pub async fn write(
    State(help): State<Arc<Help>>,
    asked: Asked,
    mut visit: Visit,
    reader: Reader,
    Path(segments): Segments,
    headers: HeaderMap,
    pairs: Result<Form<Pairs>, FormRejection>,
) -> Result<Response, Error> {
    let place = Place::of(&help, &asked, &segments)?;
    let name = segments.get("form").map_or("", String::as_str);
    let (form, ..) = place.form(name)?;
    let Form(pairs) = pairs?;
    refuse_machines(&pairs)?;
    let now = Timestamp::now();
    let draft = fields::draft(name, form, &pairs, now);
    let again = |status: StatusCode, faults: &Faults, fault: Option<String>| -> Result<Response, Error> {
        let shown = FormPage { fault, ..shown(&place, name, &draft, text(&pairs, "draft"), faults)? };
        let page = respond::send_once(app::pages::ask(&place.frame(&shown.title), &shown), &headers);
        Ok((status, page).into_response())
    };
    let faults = draft.check(form, email_of(&asked).is_none());
    if !faults.is_empty() {
        return again(StatusCode::UNPROCESSABLE_ENTITY, &faults, None);
    }
    let secret = match keep(&help, value(&pairs, "draft"), &draft, now).await {
        Ok(secret) => secret,
        Err(cause) => {
            error!("cannot keep what a reader wrote: {cause:#}");
            let fault = frame::site(&help, &place.locale).words.fault_not_kept.to_string();
            return again(StatusCode::INTERNAL_SERVER_ERROR, &faults, Some(fault));
        }
    };
    if let Err(cause) = beside(&place, &mut visit, &reader, &draft, &secret, now).await {
        // What is kept is not lost for it.
        warn!("a draft goes on without proposals: {cause:?}");
    }
    let mut response = see_other(&place.href(&format!("/contact/draft/{secret}")));
    visit.keep(&mut response);
    Ok(response)
}

/// Keeps the draft under its secret; under a new one for who writes on after it became a ticket, which stays as it was
/// sent.
async fn keep(help: &Help, secret: Option<&str>, draft: &Draft, now: Timestamp) -> anyhow::Result<String> {
    let secret = match secret.filter(|secret| is_secret(secret)) {
        Some(secret) if help.tickets.of_draft(secret).await?.is_none() => secret.to_owned(),
        _ => tickets::secret(),
    };
    help.tickets.keep_draft(&secret, draft, now).await?;
    Ok(secret)
}

/// What goes with a draft: proposals, and what was searched for just now, which is part of what travels.
async fn beside(
    place: &Place<'_>,
    visit: &mut Visit,
    reader: &Reader,
    draft: &Draft,
    secret: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let help = place.help;
    help.events.take(None, help.searches.told_by(reader).into_iter().collect()).await?;
    review::propose(place, visit, draft, secret, now).await
}

pub fn is_secret(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|it| it.is_ascii_hexdigit())
}

pub fn see_other(url: &str) -> Response {
    let headers = [(header::LOCATION, url), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::SEE_OTHER, headers).into_response()
}
