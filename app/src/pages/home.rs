//! The front page: ask first, browse second.

use leptos::prelude::*;

use super::document::{Kind, document};
use super::render;
use crate::components::{Behaviour, article_list, category_grid, search_box};
use crate::model::{Frame, HomePage, Site};

pub fn home(frame: &Frame, page: &HomePage) -> String {
    render(|| document(frame, Kind::Home, content(&frame.site, page)))
}

fn content<'a>(site: &'a Site, page: &'a HomePage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let empty = page.categories.is_empty() && page.articles.is_empty();
    view! {
        {hero(site)}
        <div class="page">
            {empty.then(|| view! { <p class="nothing">{words.empty_site.as_ref()}</p> })}
            {page.html.as_deref().map(|html| view! { <div class="prose" inner_html=html></div> })}
            {category_grid(site, "topics", &page.categories)}
            <div class="columns">
                {article_list("picked", &words.picked_articles, &page.picked)}
                {article_list("popular", &words.popular_articles, &page.popular)}
            </div>
            {article_list("articles", &words.more_articles, &page.articles)}
        </div>
    }
}

fn hero(site: &Site) -> impl IntoView + use<'_> {
    let tagline = site.tagline.as_deref().map(|line| view! { <p class="tagline">{line}</p> });
    view! {
        <div class="hero">
            <h1>{site.words.search_invitation.as_ref()}</h1>
            {tagline}
            {search_box(site, Behaviour::Choose, "", Vec::new(), None)}
        </div>
    }
}
