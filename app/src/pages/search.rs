//! The search page, and its results alone.

use leptos::prelude::*;

use super::document::{Kind, document};
use super::render;
use crate::components::{Behaviour, forum_hits, forum_place, results, search_box};
use crate::model::{ForumHit, Frame, SearchPage, Site};

pub fn search(frame: &Frame, page: &SearchPage) -> String {
    let found = results_fragment(&frame.site, page);
    render(|| document(frame, Kind::Search, content(&frame.site, page, found)))
}

/// What the island swaps in: the same results the page shows.
pub fn results_fragment(site: &Site, page: &SearchPage) -> String {
    render(|| results(site, page))
}

/// `/search/forum`: what the community's forum has on it, to be put in its place.
pub fn forum_fragment(site: &Site, query: &str, hits: &[ForumHit]) -> String {
    render(|| forum_hits(site, query, hits))
}

fn content<'a>(site: &'a Site, page: &'a SearchPage, found: String) -> impl IntoView + use<'a> {
    view! {
        <div class="page">
            <h1>{site.words.search.as_ref()}</h1>
            {search_box(site, Behaviour::Replace, &page.results.query, chosen_filters(page), Some(found))}
            {forum_place(site, &page.results.query)}
        </div>
    }
}

/// Typing on keeps the chosen filters. The language is in the address.
fn chosen_filters(page: &SearchPage) -> Vec<(&'static str, String)> {
    let facets = page.results.facets.iter().filter(|facet| facet.name != "locale");
    facets
        .flat_map(|facet| {
            facet.values.iter().filter(|value| value.selected).map(|value| (facet.name, value.value.clone()))
        })
        .collect()
}
