//! The bar at the top: home, search, language, appearance.

use leptos::either::Either;
use leptos::prelude::*;

use super::icon::{Icon, icon};
use crate::model::{Frame, LanguageLink, NavLink, Site};

/// `own_search`: the page has a search field of its own, so the bar needs none.
pub fn header(frame: &Frame, own_search: bool) -> impl IntoView + use<> {
    let site = frame.site.as_ref();
    view! {
        <header class="site-header">
            <div class="bar">
                {brand(site)}
                {main_links(site)}
                {(!own_search).then(|| opener(site))}
                <div class="bar-end">{languages(site, &frame.languages)}{themes(site)}{main_links_button(site)}</div>
            </div>
        </header>
    }
}

fn brand(site: &Site) -> impl IntoView + use<> {
    let name = match site.logo_url.clone() {
        Some(url) => Either::Left(view! { <img src=url alt=site.name.clone() height="28"/> }),
        None => Either::Right(view! { <span class="mark">{icon(Icon::Mark)}</span><span>{site.name.clone()}</span> }),
    };
    view! { <a class="brand" href=site.home_url.clone()>{name}</a> }
}

/// On narrow screens a popover, which needs no script.
fn main_links(site: &Site) -> impl IntoView + use<> {
    let label = site.words.main_navigation.clone();
    (!site.header_links.is_empty()).then(|| {
        view! {
            <nav class="main-links" id="main-links" popover="auto" aria-label=label>{links(&site.header_links)}</nav>
        }
    })
}

fn main_links_button(site: &Site) -> impl IntoView + use<> {
    let label = site.words.main_navigation.clone();
    (!site.header_links.is_empty()).then(|| {
        view! {
            <button type="button" class="icon-button links-button" popovertarget="main-links" aria-label=label>
                {icon(Icon::Menu)}
            </button>
        }
    })
}

pub fn links(links: &[NavLink]) -> impl IntoView + use<> {
    let links: Vec<_> =
        links.iter().map(|link| view! { <li><a href=link.url.clone()>{link.title.clone()}</a></li> }).collect();
    view! { <ul>{links}</ul> }
}

/// Looks like a field, is a link to the search page; the script opens the dialog instead.
fn opener(site: &Site) -> impl IntoView + use<> {
    let keys = site.shortcuts.ctrl_k.then(|| view! { <kbd class="js-only" data-key="k">"Ctrl K"</kbd> });
    view! {
        <a class="opener" href=site.search_url.clone() data-open-search="">
            {icon(Icon::Search)}<span>{site.words.search.clone()}</span>{keys}
        </a>
    }
}

fn languages(site: &Site, languages: &[LanguageLink]) -> impl IntoView + use<> {
    (languages.len() > 1).then(|| {
        let items: Vec<_> = languages.iter().map(language).collect();
        view! {
            <details class="menu">
                <summary aria-label=site.words.language.clone()>{icon(Icon::Language)}</summary>
                <ul>{items}</ul>
            </details>
        }
    })
}

fn language(link: &LanguageLink) -> impl IntoView + use<> {
    view! {
        <li>
            <a href=link.url.clone() hreflang=link.locale.clone() lang=link.locale.clone()
                aria-current=link.current.then_some("true")>{link.name.clone()}</a>
        </li>
    }
}

/// Only with script: without, the page follows the system.
fn themes(site: &Site) -> impl IntoView + use<> {
    let words = &site.words;
    let choices: Vec<_> = [
        ("", &words.theme_system),
        ("light", &words.theme_light),
        ("dark", &words.theme_dark),
        ("contrast", &words.theme_contrast),
    ]
    .into_iter()
    .map(|(value, name)| {
        view! { <li><button type="button" data-set-theme=value aria-pressed="false">{name.clone()}</button></li> }
    })
    .collect();
    view! {
        <details class="menu js-only">
            <summary aria-label=words.theme.clone()>{icon(Icon::Theme)}</summary>
            <ul>{choices}</ul>
        </details>
    }
}
