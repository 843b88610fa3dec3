//! Content at its addresses: home, categories, articles, their Markdown, files beside them, and the
//! redirects that lead there.

use std::sync::Arc;
use std::time::Instant;

use app::model::SlowPage;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::asked::Asked;
use super::error::Error;
use super::respond::HTML;
use super::{address, files, fill, frame, respond};
use crate::Help;
use crate::answers::Answer;
use crate::community::Shown;
use crate::content::{Page, RESERVED, View};
use crate::edition::Edition;

const MARKDOWN: &str = "text/markdown; charset=utf-8";

/// A page that was made before, given without the way through the routes: what readers ask for most.
pub fn kept(help: &Help, request: &Request) -> Option<Response> {
    if request.method() != Method::GET {
        return None;
    }
    let path = request.uri().path().strip_prefix(help.address.base.as_str())?;
    let asked = Asked::by(help, request.headers()).ok()?;
    let answer = asked.edition.answers.get(&asked.viewer, path)?;
    answer.article_id.is_some().then(|| read(help, &answer, request.headers(), &asked))
}

/// Whatever no route names: a path of the content.
pub async fn content(
    State(help): State<Arc<Help>>,
    asked: Asked,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let kept = asked.edition.answers.get(&asked.viewer, uri.path());
    if let Some(answer) = kept.filter(|_| method.is_safe()) {
        return Ok(read(&help, &answer, &headers, &asked));
    }
    let path = address::canonical(uri.path())?;
    let view = asked.view();
    if !method.is_safe() {
        return Err(if find(&help, view, &path).is_some() { Error::MethodNotAllowed } else { Error::NotFound });
    }
    let asked_in_public = help.community.shown();
    if let Some(answer) = answer(&help, view, &path) {
        if address::encoded(&path) != uri.path() {
            return Ok(moved(&help, &path, uri.query()));
        }
        asked.edition.answers.keep(&asked.viewer, uri.path(), answer.clone());
        forget_if_decided(&help, &asked_in_public, &asked.edition, uri.path());
        return Ok(read(&help, &answer, &headers, &asked));
    }
    if let Some(media) = view.media(&path) {
        return files::media(&help, &asked, media, &headers).await;
    }
    let target = view
        .redirect(&path)
        .map(str::to_owned)
        .or_else(|| translated(&help, view, &path))
        .or_else(|| respelled(&help, view, &path))
        .or_else(|| route(&path, uri.path()));
    target.map(|target| moved(&help, &target, uri.query())).ok_or(Error::NotFound)
}

/// `/a/{id}`: the lasting link, whatever the article's path is by now.
pub async fn lasting(State(help): State<Arc<Help>>, asked: Asked, Path(id): Path<String>) -> Result<Response, Error> {
    let page = asked.view().by_id(&id).ok_or(Error::NotFound)?;
    let url = help.address.href(&address::encoded(&page.path));
    Ok((StatusCode::FOUND, [(header::LOCATION, url)]).into_response())
}

/// What is at an address.
enum Found<'a> {
    /// A page, shown to readers of `locale`, which is another than its own where it is not translated.
    Page {
        page: &'a Page,
        locale: String,
    },
    Markdown(&'a Page),
}

fn find<'a>(help: &Help, view: View<'a>, path: &str) -> Option<Found<'a>> {
    if let Some(page) = view.at(path) {
        return Some(Found::Page { page, locale: page.locale.clone() });
    }
    if let Some(stem) = path.strip_suffix(".md") {
        let stem = if stem == "/index" { "/" } else { stem };
        return view.at(stem).map(Found::Markdown);
    }
    let locale = frame::locale_of(view.snapshot(), path);
    let untranslated = path.strip_prefix(&frame::prefix(help, &locale)).filter(|rest| *rest != path)?;
    let page = view.at(untranslated).filter(|page| translation(view, page, &locale).is_none())?;
    Some(Found::Page { page, locale })
}

/// The answer made of what is at a decoded path.
pub fn answer(help: &Help, view: View, path: &str) -> Option<Arc<Answer>> {
    let start = Instant::now();
    let answer = match find(help, view, path)? {
        Found::Page { page, locale } => {
            let mut answer = Answer::new(HTML, fill::page(help, view, page, &locale));
            answer.article_id = Some(page.id.clone());
            answer
        }
        Found::Markdown(page) => Answer::new(MARKDOWN, fill::markdown(page)),
    };
    let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
    help.slowest.note(SlowPage { path: path.to_owned(), milliseconds, bytes: answer.body.len() });
    Some(Arc::new(answer))
}

/// Somebody may have decided on a question while the page was made and kept: then the next reader gets it anew.
pub fn forget_if_decided(help: &Help, shown: &Arc<Shown>, edition: &Edition, path: &str) {
    if !Arc::ptr_eq(shown, &help.community.shown()) {
        edition.answers.forget(path);
    }
}

fn read(help: &Help, answer: &Answer, headers: &HeaderMap, asked: &Asked) -> Response {
    let mut response = respond::send(answer, headers, &asked.viewer);
    match &answer.article_id {
        Some(id) => help.views.count(id),
        // The HTML page is the one to be indexed by engines.
        None => drop(response.headers_mut().insert("x-robots-tag", HeaderValue::from_static("noindex"))),
    }
    response
}

fn translation<'a>(view: View<'a>, page: &'a Page, locale: &str) -> Option<&'a Page> {
    view.translations(page).find(|other| other.locale == locale)
}

/// Where a path leads that is another page's under the prefix of a locale which has that page elsewhere.
fn translated(help: &Help, view: View, path: &str) -> Option<String> {
    let locale = frame::locale_of(view.snapshot(), path);
    let page = view.at(path.strip_prefix(&frame::prefix(help, &locale))?)?;
    translation(view, page, &locale).map(|page| page.path.clone())
}

/// A route of ours with a slash too many: `/search/`.
fn route(path: &str, asked: &str) -> Option<String> {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    (RESERVED.contains(&first) && path != asked).then(|| path.to_owned())
}

fn respelled(help: &Help, view: View, path: &str) -> Option<String> {
    address::other_spellings(path).filter(|other| other.as_str() != path).find_map(|other| {
        let redirected = || view.redirect(&other).map(str::to_owned);
        find(help, view, &other).map(|_| other.clone()).or_else(redirected)
    })
}

fn moved(help: &Help, target: &str, query: Option<&str>) -> Response {
    let (path, anchor) = target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)));
    let mut location = help.address.href(&address::encoded(path));
    if let Some(query) = query {
        location.extend(["?", query]);
    }
    if let Some(anchor) = anchor {
        location.extend(["#", anchor]);
    }
    (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)]).into_response()
}
