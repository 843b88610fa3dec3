//! The search form, an ordinary `GET`, wrapped by the island that answers while the reader types. A page has one.

use leptos::prelude::*;

use super::icon::{Icon, icon};
use crate::islands::SearchIsland;
use crate::model::Site;

/// How the island treats what it fetches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// The hits are options of the field: it keeps the focus, arrows choose, Enter opens (ARIA combobox).
    Choose,
    /// The results are the page: they are replaced in place, and arrows move the focus through them.
    Replace,
}

impl Behaviour {
    fn attribute(self) -> &'static str {
        match self {
            Self::Choose => "choose",
            Self::Replace => "replace",
        }
    }
}

/// `kept` are fields sent along (the chosen filters); `found` is the HTML below the form from the beginning.
pub fn search_box(
    site: &Site,
    behaviour: Behaviour,
    query: &str,
    kept: Vec<(&'static str, String)>,
    found: Option<String>,
) -> impl IntoView + use<> {
    let results_url = site.results_url.clone();
    let (searching, failed) = (site.words.searching.clone(), site.words.search_failed.clone());
    let (recent, forget) = (site.words.recent_searches.clone(), site.words.forget_recent.clone());
    let form = form(site, query, kept);
    view! {
        <SearchIsland>
            <div class="search" data-behaviour=behaviour.attribute() data-results-url=results_url
                data-searching=searching data-failed=failed data-recent=recent data-forget=forget>
                {form}
                <div class="found" data-found="" inner_html=found></div>
                <p class="unseen" role="status" data-status=""></p>
            </div>
        </SearchIsland>
    }
}

fn form(site: &Site, query: &str, kept: Vec<(&'static str, String)>) -> impl IntoView + use<> {
    let words = &site.words;
    let kept: Vec<_> =
        kept.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect();
    view! {
        <form class="search-form" role="search" action=site.search_url.clone() method="get">
            <label class="unseen" for="q">{words.search.clone()}</label>
            {icon(Icon::Search)}
            <input id="q" name="q" type="search" value=query.to_owned() placeholder=words.search_placeholder.clone()
                autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="search"/>
            {kept}
            <button type="submit">{words.search_button.clone()}</button>
        </form>
    }
}
