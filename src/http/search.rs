//! The doors to search: page, fragment and API. All ask the same function and show its one answer.

use std::sync::Arc;
use std::time::Instant;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query as Parameters, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use app::model::{ArticleLink, LanguageLink, Notice, QueryLink, SearchPage, SearchResults};

use super::asked::{Asked, Reader};
use super::error::Error;
use super::{frame, locale, respond};
use crate::Help;
use crate::edition::Edition;
use crate::identity::Viewer;
use crate::search::{self, Attribute, Ladder, Query};

/// Query parameters, in order; a name may come more than once.
type Pairs = Vec<(String, String)>;

/// Parameters of a search beside its filters.
const PARAMETERS: [&str; 7] = ["q", "page", "limit", "locale", "typing", "verbatim", "explain"];
/// Parameters that narrow the results.
const FILTERS: [&str; 4] = ["category", "tag", "version", "audience"];

/// Results on one page.
const PAGE: usize = 10;
/// Pages of results a reader may leaf through.
const LAST_PAGE: usize = 100;
/// Searches of others that are proposed.
const MOST_POPULAR: usize = 4;
/// Proposals on a not-found page.
const PROPOSALS: usize = 5;

/// `/search`, `/{locale}/search`
pub async fn page(
    State(help): State<Arc<Help>>,
    asked: Asked,
    reader: Reader,
    locale: Option<Path<String>>,
    headers: HeaderMap,
    parameters: Result<Parameters<Pairs>, QueryRejection>,
) -> Result<Response, Error> {
    let locale = asked.locale(&help, locale)?;
    Ok(respond::send_once(whole(&help, &asked, &reader, &Wish::of(parameters?.0, locale)), &headers))
}

/// `/search/results`, `/{locale}/search/results`: what the island swaps in.
pub async fn fragment(
    State(help): State<Arc<Help>>,
    asked: Asked,
    reader: Reader,
    locale: Option<Path<String>>,
    headers: HeaderMap,
    parameters: Result<Parameters<Pairs>, QueryRejection>,
) -> Result<Response, Error> {
    let locale = asked.locale(&help, locale)?;
    Ok(respond::send_once(part(&help, &asked, &reader, &Wish::of(parameters?.0, locale)), &headers))
}

/// `GET /api/v1/search`, with the parameters of [`PARAMETERS`] and [`FILTERS`]
pub async fn api(
    State(help): State<Arc<Help>>,
    asked: Asked,
    reader: Reader,
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
    if let Some((unknown, _)) = pairs.iter().find(|(name, _)| !is_known(name)) {
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
    help.searches.note(&reader, &wish.locale, &results, Instant::now());
    Ok(([(header::CACHE_CONTROL, "private, no-store")], Json(results)).into_response())
}

fn is_known(name: &str) -> bool {
    PARAMETERS.contains(&name) || FILTERS.contains(&name)
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

/// A search as the parameters ask for it.
struct Wish {
    pairs: Pairs,
    locale: String,
    limit: usize,
    /// 1-based.
    page: usize,
}

impl Wish {
    fn of(pairs: Pairs, locale: String) -> Self {
        let page = value(&pairs, "page").and_then(|page| page.parse().ok()).unwrap_or(1);
        Self { locale, limit: PAGE, page: page.clamp(1, LAST_PAGE), pairs }
    }

    fn wanted(&self, attribute: Attribute) -> Vec<(Attribute, String)> {
        all(&self.pairs, attribute.name()).map(|value| (attribute, value.to_owned())).collect()
    }

    fn query(&self) -> Query {
        let text = |name| value(&self.pairs, name).unwrap_or_default().to_owned();
        let filter = |name| Some(text(name)).filter(|value| !value.is_empty());
        Query {
            text: text("q"),
            locale: Some(self.locale.clone()),
            category: filter("category"),
            attributes: Attribute::ALL.into_iter().flat_map(|it| self.wanted(it)).collect(),
            limit: self.limit,
            offset: (self.page - 1) * self.limit,
            as_you_type: value(&self.pairs, "typing").is_some(),
            ladder: Ladder { typos: value(&self.pairs, "verbatim").is_none(), ..Ladder::default() },
            explain: value(&self.pairs, "explain").is_some(),
        }
    }
}

fn value<'a>(pairs: &'a Pairs, name: &'a str) -> Option<&'a str> {
    all(pairs, name).next()
}

fn all<'a>(pairs: &'a Pairs, name: &'a str) -> impl Iterator<Item = &'a str> {
    pairs.iter().filter(move |(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
}

fn run(help: &Help, asked: &Asked, wish: &Wish) -> SearchResults {
    let start = Instant::now();
    let edition = &asked.edition;
    let mut results = search::search(&edition.index, &edition.snapshot, &asked.viewer, &wish.query());
    help.metrics.count_search(results.total, start.elapsed());
    let base = results_url(help, &wish.locale);
    for facet in &mut results.facets {
        for value in &mut facet.values {
            value.url = toggled(&base, wish, facet.name, &value.value, value.selected);
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

fn filled(help: &Help, asked: &Asked, reader: &Reader, wish: &Wish) -> SearchPage {
    let results = run(help, asked, wish);
    help.searches.note(reader, &wish.locale, &results, Instant::now());
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
    let only_query = wish.pairs.iter().filter(|(name, _)| name == "q").cloned();
    SearchPage {
        popular: popular(help, wish, &results.query),
        page: wish.page,
        pages,
        previous_url: (wish.page > 1).then(|| at(wish.page - 1)),
        next_url: (wish.page < pages).then(|| at(wish.page + 1)),
        clear_url: filtered.then(|| link(&base, only_query)),
        results,
    }
}

/// Before anything is typed what many search for; while a reader types in a box what goes on from it.
fn popular(help: &Help, wish: &Wish, query: &str) -> Vec<QueryLink> {
    let typed = query.trim_start().to_lowercase();
    if !typed.is_empty() && !wish.query().as_you_type {
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

fn whole(help: &Help, asked: &Asked, reader: &Reader, wish: &Wish) -> String {
    let site = frame::site(help, &wish.locale);
    let page = filled(help, asked, reader, wish);
    let mut frame = frame::plain(site, String::new());
    frame.meta.title = title(&page.results.query, &frame.site.words.search);
    frame.languages = languages(help, asked, wish);
    frame.query = Some(page.results.query.clone());
    app::pages::search(&frame, &page)
}

/// The same words in the site's other languages; what narrows them is each language's own.
fn languages(help: &Help, asked: &Asked, wish: &Wish) -> Vec<LanguageLink> {
    let words = || wish.pairs.iter().filter(|(name, _)| name == "q").cloned();
    let link = |locale: &String| LanguageLink {
        name: locale::name(locale),
        url: link(&results_url(help, locale), words()),
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

fn part(help: &Help, asked: &Asked, reader: &Reader, wish: &Wish) -> String {
    let site = frame::site(help, &wish.locale);
    app::pages::results_fragment(&site, &filled(help, asked, reader, wish))
}

fn results_url(help: &Help, locale: &str) -> String {
    help.address.href(&format!("{}/search", frame::prefix(help, locale)))
}

/// The search with one filter value chosen, or given up; from its first page.
fn toggled(base: &str, wish: &Wish, name: &str, value: &str, selected: bool) -> String {
    let many = name != "category";
    let kept = wish.pairs.iter().filter(|(key, old)| match key.as_str() {
        "page" | "typing" => false,
        key if key == name => many && old != value,
        _ => true,
    });
    let chosen = (!selected).then(|| (name.to_owned(), value.to_owned()));
    link(base, kept.cloned().chain(chosen))
}

fn link(base: &str, pairs: impl Iterator<Item = (String, String)>) -> String {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs: Vec<_> = pairs
        .filter(|(name, _)| {
            ["q", "page", "verbatim", "explain"].contains(&name.as_str()) || FILTERS.contains(&name.as_str())
        })
        .map(|(name, value)| format!("{name}={}", encode(&value)))
        .collect();
    format!("{base}?{}", pairs.join("&"))
}
