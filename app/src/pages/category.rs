//! A category: what it is about, what lies below it.

use leptos::prelude::*;

use super::article::fallback;
use super::document::{Kind, document};
use super::render;
use crate::components::{article_list, branch, category_grid, crumbs, side_buttons, toc};
use crate::model::{CategoryPage, Frame, Site};

pub fn category(frame: &Frame, page: &CategoryPage) -> String {
    render(|| document(frame, Kind::Category, content(&frame.site, page)))
}

fn content<'a>(site: &'a Site, page: &'a CategoryPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let empty = page.categories.is_empty() && page.articles.is_empty() && page.html.is_none();
    let (lang, dir) = page.fallback.as_ref().map(|other| (other.locale.as_str(), other.direction.attribute())).unzip();
    view! {
        {side_buttons(site, &page.branch, &page.toc)}
        <div class="layout">
            {branch(site, &page.branch)}
            <div class="reading">
                {crumbs(site, &page.crumbs)}
                {fallback(site, page.fallback.as_ref())}
                <h1 lang=lang dir=dir>{page.title.as_str()}</h1>
                {page.description.as_deref().map(|text| view! { <p class="lead" lang=lang dir=dir>{text}</p> })}
                {page.html.as_deref().map(|html| view! { <div class="prose" lang=lang dir=dir inner_html=html></div> })}
                {category_grid(site, "topics", &page.categories)}
                {article_list("articles", &words.all_articles, &page.articles)}
                {empty.then(|| view! { <p class="nothing">{words.empty_category.as_ref()}</p> })}
            </div>
            {toc(site, &page.toc)}
        </div>
    }
}
