//! A small site for the tests of the pages.

use std::sync::Arc;

use crate::model::{Collection, Direction, Frame, Meta, Shortcuts, Site};
use crate::words::Words;

pub fn frame(locale: &str) -> Frame {
    let site = Site {
        name: "Acme Help".into(),
        tagline: None,
        base: "/help".into(),
        locale: locale.into(),
        direction: if locale == "ar" { Direction::Rtl } else { Direction::Ltr },
        words: Words::built_in(locale).expect("tests name built-in locales").clone(),
        home_url: "/help/".into(),
        search_url: "/help/search".into(),
        results_url: "/help/search/results".into(),
        logo_url: None,
        header_links: Vec::new(),
        footer_links: Vec::new(),
        shortcuts: Shortcuts { slash: true, ctrl_k: true },
        stylesheet_url: "/main.css".into(),
        script_url: "/site.js".into(),
        brand_url: None,
        islands_js_url: "/islands.js".into(),
        islands_wasm_url: "/islands.wasm".into(),
        drafts_url: "/contact.js".into(),
        favicon_url: "/favicon.svg".into(),
        feed_url: "/help/feed.xml".into(),
        privacy_url: "/help/privacy".into(),
        contact_url: Some("/help/contact".into()),
        chat: None,
        forum: None,
        consent_css_url: Some("/help/privacy/banner.css".into()),
        tags_url: None,
        events: Some(Collection { script_url: "/events.js".into(), url: "/help/api/v1/events".into() }),
    };
    let meta = Meta { title: "Fish & <chips>".into(), indexed: true, og_type: "article", ..Meta::default() };
    Frame { site: Arc::new(site), meta, languages: Vec::new(), query: None }
}
