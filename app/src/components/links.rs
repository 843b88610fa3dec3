//! Lists of articles and grids of categories.

use leptos::prelude::*;

use crate::model::{ArticleLink, CategoryCard, Site};

/// A titled list; nothing when it is empty.
pub fn article_list<'a>(id: &'static str, title: &'a str, articles: &'a [ArticleLink]) -> impl IntoView + use<'a> {
    (!articles.is_empty()).then(|| {
        let rows: Vec<_> = articles.iter().map(row).collect();
        view! {
            <section class="articles" aria-labelledby=id>
                <h2 id=id>{title}</h2>
                <ul class="rows">{rows}</ul>
            </section>
        }
    })
}

/// One article: the whole row opens it.
pub fn row(article: &ArticleLink) -> impl IntoView + use<'_> {
    let category = article.category.as_deref().map(|category| view! { <span class="row-where">{category}</span> });
    let description = article.description.as_deref().map(|text| view! { <span class="row-text">{text}</span> });
    view! {
        <li><a href=article.url.as_str()>{category}<span class="row-title">{article.title.as_str()}</span>{description}</a></li>
    }
}

pub fn category_grid<'a>(site: &'a Site, id: &'static str, cards: &'a [CategoryCard]) -> impl IntoView + use<'a> {
    (!cards.is_empty()).then(|| {
        let cards: Vec<_> = cards.iter().map(|category| card(site, category)).collect();
        view! {
            <section class="categories" aria-labelledby=id>
                <h2 id=id>{site.words.categories.as_ref()}</h2>
                <ul class="cards">{cards}</ul>
            </section>
        }
    })
}

fn card<'a>(site: &'a Site, category: &'a CategoryCard) -> impl IntoView + use<'a> {
    let description = category.description.as_deref().map(|text| view! { <p>{text}</p> });
    let first: Vec<_> = category.first.iter().map(glance).collect();
    let first = (!first.is_empty()).then(|| view! { <ul>{first}</ul> });
    view! {
        <li class="card">
            <h3><a href=category.url.as_str()>{category.title.as_str()}</a></h3>
            {description}
            {first}
            <p class="card-count">{site.words.count(&site.words.articles, category.articles)}</p>
        </li>
    }
}

fn glance(article: &ArticleLink) -> impl IntoView + use<'_> {
    view! { <li><a href=article.url.as_str()>{article.title.as_str()}</a></li> }
}
