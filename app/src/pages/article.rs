//! An article.

use leptos::prelude::*;

use super::document::{Kind, document};
use super::render;
use crate::components::{article_list, branch, crumbs, questions, side_buttons, to_the_forum, toc, vote};
use crate::model::{ArticleLink, ArticlePage, FallbackNotice, Frame, Site, TagLink, Updated, VoteState};
use crate::words::fill;

pub fn article(frame: &Frame, page: &ArticlePage) -> String {
    render(|| document(frame, Kind::Article, content(&frame.site, page)))
}

fn content<'a>(site: &'a Site, page: &'a ArticlePage) -> impl IntoView + use<'a> {
    view! {
        {side_buttons(site, &page.branch, &page.toc)}
        <div class="layout">
            {branch(site, &page.branch)}
            <div class="reading">
                {crumbs(site, &page.crumbs)}
                {fallback(site, page.fallback.as_ref())}
                {text(page)}
                {page.vote_url.as_deref().map(|url| vote(site, url, VoteState::Open))}
                {page.questions.as_ref().map(|asked| questions(site, asked))}
                {to_the_forum(site)}
                {about(site, page)}
                {neighbours(site, page)}
                {article_list("related", &site.words.related_articles, &page.related)}
            </div>
            {toc(site, &page.toc)}
        </div>
    }
}

/// The part that may be in another language than the page around it.
fn text(page: &ArticlePage) -> impl IntoView + use<'_> {
    let (lang, dir) = page.fallback.as_ref().map(|other| (other.locale.as_str(), other.direction.attribute())).unzip();
    view! {
        <article lang=lang dir=dir data-article=page.id.as_str()>
            <h1>{page.title.as_str()}</h1>
            {page.description.as_deref().map(|text| view! { <p class="lead">{text}</p> })}
            <div class="prose" class:faq=page.faq inner_html=page.html.as_str()></div>
        </article>
    }
}

/// Says that the reader asked for one language and gets another.
pub fn fallback<'a>(site: &'a Site, notice: Option<&'a FallbackNotice>) -> impl IntoView + use<'a> {
    notice.map(|shown| {
        view! { <p class="notice">{fill(&site.words.not_translated, &[("language", &shown.name)])}</p> }
    })
}

fn about<'a>(site: &'a Site, page: &'a ArticlePage) -> impl IntoView + use<'a> {
    let words = &site.words;
    view! {
        <div class="about">
            {tags(site, &page.tags)}
            <ul class="tools" aria-label=words.page_tools.as_ref()>
                {page.updated.as_ref().map(|updated| date(site, updated))}
                <li><a href=page.markdown_url.as_str()>{words.view_markdown.as_ref()}</a></li>
                <li><a href=page.lasting_url.as_str()>{words.lasting_link.as_ref()}</a></li>
            </ul>
        </div>
    }
}

/// The sentence is cut where the date stands, so that it can be a `<time>`.
fn date<'a>(site: &'a Site, updated: &'a Updated) -> impl IntoView + use<'a> {
    let sentence = site.words.updated.as_ref();
    let (before, after) = sentence.split_once("{date}").unwrap_or((sentence, ""));
    view! { <li>{before}<time datetime=updated.iso.as_str()>{updated.text.as_str()}</time>{after}</li> }
}

fn tags<'a>(site: &'a Site, tags: &'a [TagLink]) -> impl IntoView + use<'a> {
    (!tags.is_empty()).then(|| {
        let tags: Vec<_> =
            tags.iter().map(|tag| view! { <li><a href=tag.url.as_str()>{tag.name.as_str()}</a></li> }).collect();
        view! { <ul class="tags" aria-label=site.words.tags.as_ref()>{tags}</ul> }
    })
}

fn neighbours<'a>(site: &'a Site, page: &'a ArticlePage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let step = |link: Option<&'a ArticleLink>, rel: &'static str, label: &'a str| {
        link.map(|link| {
            view! { <a class=rel rel=rel href=link.url.as_str()><span>{label}</span>{link.title.as_str()}</a> }
        })
    };
    (page.previous.is_some() || page.next.is_some()).then(|| {
        view! {
            <nav class="neighbours" aria-label=format!("{} / {}", words.previous_article, words.next_article)>
                {step(page.previous.as_ref(), "prev", words.previous_article.as_ref())}
                {step(page.next.as_ref(), "next", words.next_article.as_ref())}
            </nav>
        }
    })
}
