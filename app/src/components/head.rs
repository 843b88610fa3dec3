//! What machines read first.

use leptos::html;
use leptos::prelude::*;

use crate::model::{Frame, Meta};

/// Sets the chosen theme before the first paint. Constant, so that the server can allow it by its hash; it is
/// the only inline script there is.
pub const THEME_SCRIPT: &str = r#"(d=>{d.js="";try{let t=localStorage.getItem("theme");t&&(d.theme=t)}catch{}})(document.documentElement.dataset)"#;

/// `collects`: what happens on the page is told.
pub fn head(frame: &Frame, collects: bool) -> impl IntoView + use<> {
    let Frame { site, meta, .. } = frame;
    view! {
        <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <title>{title(frame)}</title>
            {meta.description.clone().map(|text| view! { <meta name="description" content=text/> })}
            {(!meta.indexed).then(|| view! { <meta name="robots" content="noindex"/> })}
            <script inner_html=THEME_SCRIPT></script>
            <link rel="stylesheet" href=site.stylesheet_url.clone()/>
            {meta.portal.clone().map(|portal| view! { <link rel="stylesheet" href=portal.stylesheet_url/> })}
            {site.brand_url.clone().map(|url| view! { <link rel="stylesheet" href=url/> })}
            <link rel="icon" href=site.favicon_url.clone() type="image/svg+xml"/>
            {addresses(meta)}
            <link rel="alternate" type="application/atom+xml" href=site.feed_url.clone() title=site.name.clone()/>
            {open_graph(frame)}
            {json_ld(&meta.json_ld)}
            <script
                src=site.script_url.clone()
                defer
                data-islands=site.islands_js_url.clone()
                data-wasm=site.islands_wasm_url.clone()
                data-copy=site.words.copy_code.clone()
                data-copied=site.words.copied.clone()
                data-chat=site.chat.as_ref().filter(|_| collects).map(|chat| chat.script_url.clone())
                data-bar=site.chat.as_ref().filter(|_| collects).map(|chat| chat.url.clone())
            ></script>
            {meta.portal.clone().map(|portal| {
                view! {
                    <script src=portal.script_url defer data-events=portal.events_url
                        data-new=site.words.agent.new_count.clone() data-changed=site.words.agent.changed_live.clone()
                        data-lost=site.words.agent.live_lost.clone()></script>
                }
            })}
            {site.tags_url.clone().filter(|_| collects).map(|url| view! { <script src=url defer></script> })}
            {site.events.clone().filter(|_| collects).map(|events| view! { <script src=events.script_url defer data-to=events.url></script> })}
        </head>
    }
}

fn title(frame: &Frame) -> String {
    let Frame { site, meta, .. } = frame;
    match meta.title.is_empty() || meta.title == site.name {
        true => site.name.clone(),
        false => format!("{} · {}", meta.title, site.name),
    }
}

fn addresses(meta: &Meta) -> impl IntoView + use<> {
    let alternates: Vec<_> = meta
        .alternates
        .iter()
        .map(|other| view! { <link rel="alternate" hreflang=other.hreflang.clone() href=other.url.clone()/> })
        .collect();
    let markdown = meta.markdown_url.clone();
    view! {
        {meta.canonical.clone().map(|url| view! { <link rel="canonical" href=url/> })}
        {alternates}
        {markdown.map(|url| view! { <link rel="alternate" type="text/markdown" href=url/> })}
    }
}

fn open_graph(frame: &Frame) -> impl IntoView + use<> {
    let Frame { site, meta, .. } = frame;
    let kind = if meta.og_type.is_empty() { "website" } else { meta.og_type };
    let title = if meta.title.is_empty() { &site.name } else { &meta.title };
    [
        ("og:type", Some(kind.to_owned())),
        ("og:title", Some(title.clone())),
        ("og:site_name", Some(site.name.clone())),
        ("og:description", meta.description.clone()),
        ("og:url", meta.canonical.clone()),
        ("article:modified_time", meta.modified.clone()),
    ]
    .into_iter()
    .filter_map(|(property, content)| Some(html::meta().attr("property", property).content(content?)))
    .collect::<Vec<_>>()
}

/// Data, not script: the policy need not know it.
fn json_ld(documents: &[String]) -> impl IntoView + use<> {
    documents
        .iter()
        .map(|document| view! { <script type="application/ld+json" inner_html=document.clone()></script> })
        .collect::<Vec<_>>()
}
