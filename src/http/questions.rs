//! `/questions/{article}`: what readers ask in public about an article, and the form to ask;
//! `/questions/{article}/{question}`: one question, and the form to reply. Made for each request; what stands under the
//! article itself is everybody's.

mod once;
mod rows;

use std::collections::HashMap;
use std::sync::Arc;

use app::model::{FieldKind, FieldRow, Frame, Purpose, QuestionForm, QuestionPage, QuestionsPage};
use app::words::fill;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use tracing::error;
use uuid::Uuid;

use super::asked::{Asked, Client};
use super::contact::{self, Place, Segments, see_other};
use super::error::Error;
use super::pairs::{self, Pairs, refuse_machines};
use super::visit::Visit;
use super::{address, frame, respond, structured};
use crate::Help;
use crate::community::{Question, Written};
use crate::content::{Kind, Page, Status};
use crate::tickets::Faults;

pub use rows::{text, under};

/// Questions on one page.
const PAGE: usize = 20;

/// What a page of questions is about.
struct About<'a> {
    place: Place<'a>,
    article: &'a Page,
    /// The one that is replied to.
    question: Option<Question>,
}

impl<'a> About<'a> {
    /// # Errors
    /// A site whose readers cannot ask in public; an article that this reader may not see, which is one that is not
    /// there; a question that is not shown.
    fn of(help: &'a Help, asked: &'a Asked, segments: &HashMap<String, String>) -> Result<Self, Error> {
        let segment = |name: &str| segments.get(name).map_or("", String::as_str);
        let locale = asked.locale(help, segments.get("locale").cloned().map(Path))?;
        let article = asked.view().by_id(segment("article")).filter(|page| page.kind == Kind::Article);
        let article = article.filter(|_| help.community.is_open()).ok_or(Error::NotFound)?;
        let question = match segments.get("question") {
            Some(id) => {
                let shown = help.community.shown();
                let found = shown.get(&article.id).and_then(|shown| shown.iter().find(|it| it.id == *id));
                Some(found.cloned().ok_or(Error::NotFound)?)
            }
            None => None,
        };
        Ok(Self { place: Place { help, asked, locale }, article, question })
    }

    fn url(&self) -> String {
        match &self.question {
            Some(question) => self.place.href(&question.path()),
            None => self.all_url(),
        }
    }

    fn all_url(&self) -> String {
        self.place.href(&format!("/questions/{}", self.article.id))
    }

    /// The article's own, or where one of the default language stands in for the reader's.
    fn article_url(&self) -> String {
        let Place { help, locale, .. } = &self.place;
        let stands_in = self.article.locale == help.config.content.default_locale;
        let prefix = if stands_in { frame::prefix(help, locale) } else { String::new() };
        help.address.href(&address::encoded(&format!("{prefix}{}", self.article.path)))
    }

    /// `page` counts from 1, and is the last one where there are fewer.
    fn page(&self, form: QuestionForm, is_sent: bool, page: usize) -> String {
        let Place { help, locale, .. } = &self.place;
        let site = frame::site(help, locale);
        let (title, article_url) = (self.article.title.clone(), self.article_url());
        if let Some(question) = &self.question {
            let frame = self.frame_of(question);
            let question = rows::row(help, locale, question, usize::MAX);
            let page = QuestionPage { title, article_url, all_url: self.all_url(), question, is_sent, form };
            return app::pages::question(&frame, &page);
        }
        let shown = help.community.shown();
        let all = shown.get(&self.article.id).map_or(&[][..], Vec::as_slice);
        let pages = all.len().div_ceil(PAGE).max(1);
        let page = page.clamp(1, pages);
        let questions = all.iter().skip((page - 1) * PAGE).take(PAGE);
        let questions = questions.map(|question| rows::row(help, locale, question, 1)).collect();
        let at = |page: usize| format!("{}?page={page}", self.all_url());
        let previous_url = (page > 1).then(|| at(page - 1));
        let next_url = (page < pages).then(|| at(page + 1));
        let frame = self.place.frame(&fill(&site.words.questions_of, &[("title", &title)]));
        let page = QuestionsPage { title, article_url, questions, page, pages, previous_url, next_url, is_sent, form };
        app::pages::questions(&frame, &page)
    }

    /// One that somebody replied to is a page for engines to know, if everybody may see it.
    fn frame_of(&self, question: &Question) -> Frame {
        let mut frame = self.place.frame(&question.title);
        let Page { status, audience, .. } = self.article;
        if *status == Status::Published && audience.is_empty() && !question.replies.is_empty() {
            let help = self.place.help;
            let path = format!("{}{}", frame::prefix(help, &question.locale), question.path());
            frame.meta.canonical = Some(help.address.absolute(&path));
            frame.meta.json_ld = vec![structured::of_question(question)];
            frame.meta.indexed = true;
        }
        frame
    }

    /// `once`: its own number.
    fn form(&self, written: &Written, once: String, faults: &Faults, fault: Option<String>) -> QuestionForm {
        QuestionForm {
            action_url: self.url(),
            fields: self.fields(written, faults),
            hidden: vec![("once", once)],
            fault,
        }
    }

    fn fields(&self, written: &Written, faults: &Faults) -> Vec<FieldRow> {
        let site = frame::site(self.place.help, &self.place.locale);
        let words = &site.words;
        let row = contact::row(words, faults);
        let name = FieldRow {
            help: Some(words.question_name_help.to_string()),
            autocomplete: Some("nickname"),
            ..row("name", &words.field_name, FieldKind::Line, &written.name, false)
        };
        if self.question.is_some() {
            return vec![row("text", &words.your_reply, FieldKind::Text, &written.text, true), name];
        }
        let email = FieldRow {
            help: Some(words.question_email_help.to_string()),
            autocomplete: Some("email"),
            ..row("email", &words.field_email, FieldKind::Email, &written.email, false)
        };
        vec![
            row("title", &words.question_line, FieldKind::Line, &written.title, true),
            row("text", &words.question_details, FieldKind::Text, &written.text, false),
            name,
            email,
        ]
    }
}

pub async fn page(
    State(help): State<Arc<Help>>,
    asked: Asked,
    Path(segments): Segments,
    Query(parameters): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let about = About::of(&help, &asked, &segments)?;
    // Whom the host signed in need not type it, but may leave it out.
    let subject = asked.viewer.subject();
    let written = Written {
        name: subject.and_then(|subject| subject.name.clone()).unwrap_or_default(),
        email: subject.and_then(|subject| subject.email.clone()).unwrap_or_default(),
        ..Written::default()
    };
    let form = about.form(&written, once::give(&help.seal), &Faults::new(), None);
    let page = parameters.get("page").and_then(|page| page.parse().ok()).unwrap_or(1);
    Ok(respond::send_once(about.page(form, parameters.contains_key("said"), page), &headers))
}

/// Takes a question or a reply, or shows it again with what is wrong.
pub async fn send(
    State(help): State<Arc<Help>>,
    asked: Asked,
    Client(client): Client,
    visit: Visit,
    Path(segments): Segments,
    headers: HeaderMap,
    pairs: Result<Form<Pairs>, FormRejection>,
) -> Result<Response, Error> {
    let about = About::of(&help, &asked, &segments)?;
    let Form(pairs) = pairs?;
    refuse_machines(&pairs)?;
    let value = |name: &str| pairs::text(&pairs, name).replace("\r\n", "\n");
    let mut written = Written {
        id: Uuid::nil(),
        title: value("title"),
        text: value("text"),
        name: value("name"),
        email: value("email"),
        reader: asked.viewer.subject().map(|subject| subject.id.clone()),
        session: visit.session.filter(|_| visit.standing.grants.allow(Purpose::Analytics)),
        audiences: asked.viewer.audiences().clone(),
    };
    let given = value("once");
    let id = once::id(&help.seal, &given);
    // Ours goes back into the form: what was taken by it is not taken again, and for how long it is open goes on.
    let number = || if id.is_some() { given.clone() } else { once::give(&help.seal) };
    let again = |status: StatusCode, written: &Written, once: String, faults: &Faults, fault: Option<&str>| {
        let form = about.form(written, once, faults, fault.map(str::to_owned));
        (status, respond::send_once(about.page(form, false, 1), &headers)).into_response()
    };
    let faults = written.check(about.question.is_some());
    if !faults.is_empty() {
        return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, &written, number(), &faults, None));
    }
    let site = frame::site(&help, &about.place.locale);
    let words = &site.words;
    let now = Timestamp::now();
    let fill_time = SignedDuration::from_secs(help.config.tickets.fill_seconds.try_into().unwrap_or(i64::MAX));
    let is_filled = |id: &Uuid| once::open_for(*id, now).is_some_and(|open| open >= fill_time);
    let Some(id) = id.filter(is_filled) else {
        let fault = Some(words.fault_too_fast.as_ref());
        return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, &written, number(), &faults, fault));
    };
    if !help.limits.allow_ticket(client) {
        let fault = Some(words.too_many_text.as_ref());
        return Ok(again(StatusCode::TOO_MANY_REQUESTS, &written, number(), &faults, fault));
    }
    written.id = id;
    match take(&about, &written, now).await {
        Ok(true) => Ok(see_other(&format!("{}?said", about.url()))),
        Ok(false) => {
            let fault = Some(words.fault_sent_before.as_ref());
            Ok(again(StatusCode::CONFLICT, &written, once::give(&help.seal), &faults, fault))
        }
        Err(cause) => {
            error!("cannot keep what a reader asked or said in public: {cause:#}");
            let fault = Some(words.fault_not_kept.as_ref());
            Ok(again(StatusCode::INTERNAL_SERVER_ERROR, &written, number(), &faults, fault))
        }
    }
}

/// False where its number stands for something else.
async fn take(about: &About<'_>, written: &Written, now: Timestamp) -> anyhow::Result<bool> {
    let Place { help, locale, .. } = &about.place;
    match &about.question {
        Some(question) => help.community.reply(written, question, now).await,
        None => help.community.ask(written, &about.article.id, locale, now).await,
    }
}
