//! The community's forum: linked, and searched by a script once the page is there.

use leptos::prelude::*;

use crate::model::text_fragment::percent_encode;
use crate::model::{ForumHit, Site};
use crate::words::fill;

/// The way there, where there is one.
pub fn to_the_forum(site: &Site) -> impl IntoView + use<> {
    let forum = site.forum.as_ref();
    forum.map(|forum| {
        view! { <p class="to-forum"><a href=forum.url.clone()>{site.words.ask_forum.clone()}</a></p> }
    })
}

/// Where what the forum has on a search goes. Without script: a link to its own search.
pub fn forum_place(site: &Site, query: &str) -> impl IntoView + use<> {
    let query = query.trim();
    if query.is_empty() {
        return to_the_forum(site).into_any();
    }
    let place = site.forum.as_ref().map(|forum| {
        let results_url = format!("{}?q={}", forum.results_url, percent_encode(query));
        view! {
            <div class="to-forum" data-forum=results_url>{own_search(site, query)}</div>
            <script src=forum.script_url.clone() defer></script>
        }
    });
    place.into_any()
}

fn own_search(site: &Site, query: &str) -> impl IntoView + use<> {
    let search_url = site.forum.as_ref().map(|forum| forum.search_url.as_str()).unwrap_or_default();
    let url = format!("{search_url}?q={}", percent_encode(query));
    view! { <p><a href=url>{fill(&site.words.search_forum, &[("query", query)])}</a></p> }
}

/// What the forum has, and the way to more of it.
pub fn forum_hits<'a>(site: &'a Site, query: &'a str, hits: &'a [ForumHit]) -> impl IntoView + use<'a> {
    let list = (!hits.is_empty()).then(|| {
        let rows: Vec<_> = hits.iter().map(|found| hit(site, found)).collect();
        view! {
            <h2 id="ui-forum">{site.words.from_community.as_ref()}</h2>
            <ul class="rows" aria-labelledby="ui-forum">{rows}</ul>
        }
    });
    view! { {list}{own_search(site, query)} }
}

fn hit<'a>(site: &'a Site, hit: &'a ForumHit) -> impl IntoView + use<'a> {
    let solved =
        hit.is_solved.then(|| view! { " "<span class="badge good">{site.words.status_solved.as_ref()}</span> });
    let blurb =
        (!hit.blurb.is_empty()).then(|| view! { <span class="row-text" dir="auto">{hit.blurb.as_str()}</span> });
    view! {
        <li>
            <a href=hit.url.as_str() rel="noopener nofollow ugc">
                <span class="row-title"><bdi>{hit.title.as_str()}</bdi>{solved}</span>
                {blurb}
            </a>
        </li>
    }
}
