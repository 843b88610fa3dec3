//! The doors to search: page, fragment and API. All ask the same function and show its one answer.

mod forum;
mod wish;

use std::sync::Arc;
use std::time::Instant;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Path, Query as Parameters, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use app::model::{ArticleLink, LanguageLink, Notice, QueryLink, SearchPage, SearchResults};

use super::asked::{Asked, Reader};
use super::error::Error;
use super::pairs::Pairs;
use super::visit::Visit;
use super::{frame, go, locale, respond};
use crate::Help;
use crate::edition::Edition;
use crate::identity::Viewer;
use crate::search;
pub use forum::forum;
use wish::{FILTERS, LAST_PAGE, PAGE, PARAMETERS, Wish, link, toggled, value};

/// Searches of others that are proposed.
const MOST_POPULAR: usize = 4;
/// Proposals on a not-found page.
const PROPOSALS: usize = 5;

/// Who searches, in which visit.
pub struct By {
    reader: Reader,
    visit: Visit,
}

impl FromRequestParts<Arc<Help>> for By {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, help: &Arc<Help>) -> Result<Self, Error> {
        let reader = Reader::from_request_parts(parts, help).await?;
        Ok(Self { reader, visit: Visit::from_request_parts(parts, help).await? })
    }
}

impl By {
    fn searched(&mut self, help: &Help, locale: &str, found: &SearchResults) {
        let Self { reader, visit } = self;
        let path = format!("{}/search", frame::prefix(help, locale));
        help.searches.note(&*reader, locale, found, Instant::now(), |event| visit.saw(help, event, locale, &path));
    }
}

/// `/search`, `/{locale}/search`
pub async fn page(
    State(help): State<Arc<Help>>,
    asked: Asked,
    mut by: By,
    locale: Option<Path<String>>,
    headers: HeaderMap,
    parameters: Result<Parameters<Pairs>, QueryRejection>,
) -> Result<Response, Error> {
    let wish = Wish::of(parameters?.0, asked.locale(&help, locale)?);
    let mut response = respond::send_once(whole(&help, &asked, &mut by, &wish), &headers);
    by.visit.keep(&mut response);
    Ok(response)
}

/// `/search/results`, `/{locale}/search/results`: what the island swaps in.
pub async fn fragment(
    State(help): State<Arc<Help>>,
    asked: Asked,
    mut by: By,
    locale: Option<Path<String>>,
    headers: HeaderMap,
    parameters: Result<Parameters<Pairs>, QueryRejection>,
) -> Result<Response, Error> {
    let wish = Wish::of(parameters?.0, asked.locale(&help, locale)?);
    let mut response = respond::send_once(part(&help, &asked, &mut by, &wish), &headers);
    by.visit.keep(&mut response);
    Ok(response)
}

/// `GET /api/v1/search`, with the parameters of [`PARAMETERS`] and [`FILTERS`]
pub async fn api(
    State(help): State<Arc<Help>>,
    asked: Asked,
    mut by: By,
    parameters: Result<Parameters<Pairs>, QueryRejection>,
) -> Result<Response, Error> {
    let pairs = parameters?.0;
    let locale = value(&pairs, "locale").unwrap_or(&help.config.content.default_locale).to_owned();
    if !asked.edition.snapshot.locales().contains(&locale) {
        return Err(Error::BadRequest(format!(
            "there is no locale {locale:?} here; take one of {}",
            asked.edition.snapshot.locales().join(", ")
        )));
    }
    if let Some((unknown, _)) = pairs.iter().find(|(name, _)| !wish::is_known(name)) {
        return Err(Error::BadRequest(format!(
            "there is no parameter {unknown:?} here; take {}",
            [&PARAMETERS[..], &FILTERS].concat().join(", ")
        )));
    }
    let limit = match value(&pairs, "limit") {
        Some(limit) => limit.parse().map_err(|_| Error::BadRequest(format!("limit is {limit:?}; give a number")))?,
        None => PAGE,
    };
    let wish = Wish { limit, ..Wish::of(pairs, locale) };
    let results = run(&help, &asked, &wish);
    if let Some(Notice::UnknownFilter { name, value }) =
        results.notices.iter().find(|it| matches!(it, Notice::UnknownFilter { .. }))
    {
        return Err(Error::BadRequest(format!(
            "there is no {name} {value:?} here; the facets of a search name them all"
        )));
    }
    // A program that searches is no reader's visit, unless it says whose.
    by.visit.is_bot |= by.visit.session.is_none();
    by.searched(&help, &wish.locale, &results);
    Ok(([(header::CACHE_CONTROL, "private, no-store")], Json(results)).into_response())
}

/// What search proposes for the words of a path that leads nowhere.
pub fn proposals(edition: &Edition, viewer: &Viewer, locale: &str, words: &str) -> Vec<ArticleLink> {
    let wish = Wish { limit: PROPOSALS, ..Wish::of(vec![("q".to_owned(), words.to_owned())], locale.to_owned()) };
    // Nobody searched: not counted.
    let results = search::search(&edition.index, &edition.snapshot, viewer, &wish.query());
    let link = |hit: app::model::Hit| ArticleLink {
        title: hit.title.plain(),
        url: hit.url.split('#').next().unwrap_or_default().to_owned(),
        description: None,
        category: hit.category,
    };
    results.hits.into_iter().map(link).collect()
}

fn run(help: &Help, asked: &Asked, wish: &Wish) -> SearchResults {
    let start = Instant::now();
    let edition = &asked.edition;
    let mut results = search::search(&edition.index, &edition.snapshot, &asked.viewer, &wish.query());
    help.metrics.count_search(results.total, start.elapsed());
    results.notices.extend(wish.unknown());
    let base = results_url(help, &wish.locale);
    for facet in &mut results.facets {
        for value in &mut facet.values {
            if facet.name == "locale" {
                value.label = locale::name(&value.value);
                value.url = link(&results_url(help, &value.value), wish.words());
            } else {
                value.url = toggled(&base, wish, facet.name, &value.value, value.selected);
            }
        }
    }
    for notice in &mut results.notices {
        match notice {
            Notice::OtherLanguage { locale, name } => *name = locale::name(locale),
            Notice::Corrected { as_typed_url, .. } => {
                let kept = wish.pairs.iter().filter(|(name, _)| name != "page").cloned();
                *as_typed_url = link(&base, kept.chain([("verbatim".to_owned(), "1".to_owned())]));
            }
            _ => {}
        }
    }
    results
}

fn filled(help: &Help, asked: &Asked, by: &mut By, wish: &Wish) -> SearchPage {
    let results = run(help, asked, wish);
    by.searched(help, &wish.locale, &results);
    let pages = results.total.div_ceil(results.limit.max(1)).min(LAST_PAGE);
    let base = results_url(help, &wish.locale);
    let at = |page: usize| {
        link(
            &base,
            wish.pairs
                .iter()
                .filter(|(name, _)| name != "page")
                .cloned()
                .chain([("page".to_owned(), page.to_string())]),
        )
    };
    let filtered = FILTERS.iter().any(|name| value(&wish.pairs, name).is_some());
    let chat = || help.address.href(&format!("{}/chat", frame::prefix(help, &wish.locale)));
    let is_lost = results.total == 0 && help.chats.is_answered(Timestamp::now());
    SearchPage {
        chat_url: is_lost.then(chat),
        popular: popular(help, wish, &results.query),
        page: wish.page,
        pages,
        previous_url: (wish.page > 1).then(|| at(wish.page - 1)),
        next_url: (wish.page < pages).then(|| at(wish.page + 1)),
        clear_url: filtered.then(|| link(&base, wish.words())),
        results,
    }
}

/// Before anything is typed what many search for; while a reader types in a box what goes on from it.
fn popular(help: &Help, wish: &Wish, query: &str) -> Vec<QueryLink> {
    let typed = query.trim_start().to_lowercase();
    if !typed.is_empty() && value(&wish.pairs, "typing").is_none() {
        return Vec::new();
    }
    let popular = help.popular_searches.load();
    let base = results_url(help, &wish.locale);
    let goes_on = |query: &&String| query.starts_with(&typed) && **query != typed.trim_end();
    let link = |query: &String| QueryLink {
        text: query.clone(),
        url: link(&base, [("q".to_owned(), query.clone())].into_iter()),
    };
    popular.get(&wish.locale).into_iter().flatten().filter(goes_on).take(MOST_POPULAR).map(link).collect()
}

fn whole(help: &Help, asked: &Asked, by: &mut By, wish: &Wish) -> String {
    let site = frame::site(help, &wish.locale);
    let mut page = filled(help, asked, by, wish);
    if help.config.events.collect {
        let SearchResults { query, offset, hits, .. } = &mut page.results;
        go::through(help, &wish.locale, query, *offset, hits);
    }
    let mut frame = frame::plain(site, String::new());
    frame.meta.title = title(&page.results.query, &frame.site.words.search);
    frame.languages = languages(help, asked, wish);
    frame.query = Some(page.results.query.clone());
    app::pages::search(&frame, &page)
}

/// The same words in the site's other languages; what narrows them is each language's own.
fn languages(help: &Help, asked: &Asked, wish: &Wish) -> Vec<LanguageLink> {
    let link = |locale: &String| LanguageLink {
        name: locale::name(locale),
        url: link(&results_url(help, locale), wish.words()),
        current: *locale == wish.locale,
        locale: locale.clone(),
    };
    match asked.edition.snapshot.locales() {
        [_] => Vec::new(),
        locales => locales.iter().map(link).collect(),
    }
}

fn title(query: &str, search: &str) -> String {
    if query.is_empty() { search.to_owned() } else { format!("{query} – {search}") }
}

fn part(help: &Help, asked: &Asked, by: &mut By, wish: &Wish) -> String {
    let site = frame::site(help, &wish.locale);
    app::pages::results_fragment(&site, &filled(help, asked, by, wish))
}

fn results_url(help: &Help, locale: &str) -> String {
    help.address.href(&format!("{}/search", frame::prefix(help, locale)))
}
