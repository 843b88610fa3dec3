//! What a search found. The search page and the fragment the island swaps in are this one function.

use leptos::prelude::*;

use super::pager;
use super::vote::to_a_person;
use crate::model::{Facet, FacetValue, Notice, SearchPage, Site};
use crate::words::fill;

mod hit;

use crate::model::text_fragment::percent_encode;
use hit::hit;

/// Values of a filter that are seen at once; the rest can be opened.
const FIRST_VALUES: usize = 8;

pub fn results<'a>(site: &'a Site, page: &'a SearchPage) -> impl IntoView + use<'a> {
    let results = &page.results;
    let hits: Vec<_> = results.hits.iter().map(|found| hit(site, found)).collect();
    let popular = (!page.popular.is_empty()).then(|| popular(site, page));
    let has_list = !hits.is_empty() || popular.is_some();
    view! {
        <div class="results-head">
            {count(site, page)}
            {suggestion(site, page)}
            {results.notices.iter().map(|notice| told(site, page, notice)).collect::<Vec<_>>()}
        </div>
        <div class="results-body">
            {facets(site, page)}
            <div class="results-main">
                {has_list.then(|| view! { <ol class="hits" id="hits" aria-label=site.words.hits.as_ref()>{popular}{hits}</ol> })}
                {see_all(site, page)}
                {pager(site, page.page, page.pages, page.previous_url.as_deref(), page.next_url.as_deref())}
                {(!results.hits.is_empty()).then(|| to_a_person(site))}
            </div>
        </div>
    }
}

fn popular<'a>(site: &'a Site, page: &'a SearchPage) -> impl IntoView + use<'a> {
    let queries: Vec<_> = page
        .popular
        .iter()
        .map(|query| view! { <li class="query"><a href=query.url.as_str()>{query.text.as_str()}</a></li> })
        .collect();
    view! { <li class="query-title">{site.words.popular_searches.as_ref()}</li> {queries} }
}

fn is_empty_query(page: &SearchPage) -> bool {
    page.results.query.trim().is_empty()
}

/// Also what the island says aloud.
fn count<'a>(site: &'a Site, page: &'a SearchPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let query = page.results.query.as_str();
    let nothing = page.results.total == 0;
    let text = match (is_empty_query(page), nothing) {
        (true, true) => words.search_start.to_string(),
        (false, true) => fill(&words.nothing_found, &[("query", query)]),
        (_, false) => words.count(&words.results, page.results.total),
    };
    let advice = (nothing && !is_empty_query(page))
        .then(|| view! { <p>{words.nothing_found_advice.as_ref()}</p> {to_chat(site, page)} {to_a_person(site)} });
    view! { <p class="count" data-count="">{text}</p> {advice} }
}

fn to_chat<'a>(site: &'a Site, page: &'a SearchPage) -> impl IntoView + use<'a> {
    let url = page.chat_url.as_deref();
    url.map(|url| view! { <p class="to-a-person"><a href=url>{site.words.chat.as_ref()}</a></p> })
}

fn suggestion<'a>(site: &'a Site, page: &'a SearchPage) -> impl IntoView + use<'a> {
    page.results.suggestion.as_deref().map(|better| {
        let url = format!("{}?q={}", site.search_url, percent_encode(better));
        view! { <p class="suggestion">{format!("{}: ", site.words.did_you_mean)}<a href=url>{better}</a></p> }
    })
}

fn told<'a>(site: &'a Site, page: &'a SearchPage, notice: &'a Notice) -> impl IntoView + use<'a> {
    let words = &site.words;
    let query = page.results.query.trim();
    let text = match notice {
        Notice::QueryShortened { used } => fill(&words.query_shortened, &[("used", &words.number(*used))]),
        Notice::UnknownFilter { name, value } => {
            fill(&words.unknown_filter, &[("name", facet_name(site, name)), ("value", value)])
        }
        Notice::Corrected { to, .. } => fill(&words.corrected, &[("query", query), ("corrected", to.trim())]),
        Notice::FewerWords => words.fewer_words.to_string(),
        Notice::Excluded { words: excluded } => fill(&words.excluded, &[("words", excluded)]),
        Notice::OtherLanguage { name, .. } => fill(&words.other_language, &[("language", name)]),
    };
    let way_back = match notice {
        Notice::Corrected { as_typed_url, .. } => {
            let text = fill(&words.search_as_typed, &[("query", query)]);
            Some(view! { " " <a href=as_typed_url.as_str()>{text}</a> })
        }
        _ => None,
    };
    view! { <p class="notice">{text}{way_back}</p> }
}

fn facet_name<'a>(site: &'a Site, name: &'a str) -> &'a str {
    match name {
        "category" => &site.words.category,
        "tag" => &site.words.tag,
        "locale" => &site.words.language,
        "version" => &site.words.version,
        "audience" => &site.words.audience,
        _ => name,
    }
}

fn facets<'a>(site: &'a Site, page: &'a SearchPage) -> impl IntoView + use<'a> {
    let groups: Vec<_> =
        page.results.facets.iter().filter(|facet| !facet.values.is_empty()).map(|facet| group(site, facet)).collect();
    let clear = page.clear_url.as_deref().map(|url| {
        view! { <p><a class="clear" href=url>{site.words.clear_filters.as_ref()}</a></p> }
    });
    (!groups.is_empty()).then(|| {
        view! { <nav class="facets" aria-label=site.words.filters.as_ref()>{groups}{clear}</nav> }
    })
}

fn group<'a>(site: &'a Site, facet: &'a Facet) -> impl IntoView + use<'a> {
    let chosen = facet.values.iter().filter(|value| value.selected).count();
    let (first, more) = facet.values.split_at(facet.values.len().min(FIRST_VALUES.max(chosen)));
    let list =
        |values: &'a [FacetValue]| view! { <ul>{values.iter().map(|it| value(site, it)).collect::<Vec<_>>()}</ul> };
    let more = (!more.is_empty()).then(|| {
        view! { <details class="more-values"><summary>{site.words.more_filters.as_ref()}</summary>{list(more)}</details> }
    });
    view! { <p class="side-title">{facet_name(site, facet.name)}</p>{list(first)}{more} }
}

fn value<'a>(site: &'a Site, value: &'a FacetValue) -> impl IntoView + use<'a> {
    let current = value.selected.then_some("true");
    view! {
        <li>
            <a href=value.url.as_str() aria-current=current>
                <span>{value.label.as_str()}</span><span class="number">{site.words.number(value.count)}</span>
            </a>
        </li>
    }
}

/// In the dialog: from the first few to all of them.
fn see_all<'a>(site: &'a Site, page: &'a SearchPage) -> impl IntoView + use<'a> {
    let results = &page.results;
    let url = format!("{}?q={}", site.search_url, percent_encode(&results.query));
    (results.total > 0).then(|| view! { <p class="see-all"><a href=url>{site.words.see_all_results.as_ref()}</a></p> })
}
