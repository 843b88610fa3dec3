//! What surrounds every page: the site as one locale shows it, and what machines read in `<head>`.

use std::sync::Arc;

use app::model::{Alternate, ChatScript, Collection, Forum, Frame, LanguageLink, Meta, NavLink, Shortcuts, Site};
use app::words::Words;

use super::locale;
use crate::content::{Page, Snapshot, Status, View};
use crate::help::Own;
use crate::{Help, assets, site};

/// The part of the frame that all pages of a locale share; made once.
pub fn site(help: &Help, locale: &str) -> Arc<Site> {
    if let Some(site) = help.sites.get(locale) {
        return site.clone();
    }
    let site = Arc::new(make_site(help, locale));
    help.sites.insert(locale.to_owned(), site.clone());
    site
}

/// The site for staff who read the interface in `locale`, which its content may lack.
pub fn staff_site(help: &Help, locale: &str) -> Arc<Site> {
    if help.edition.load().snapshot.locales().iter().any(|known| known == locale) {
        return site(help, locale);
    }
    let of_content = site(help, &help.config.content.default_locale);
    Arc::new(Site {
        locale: locale.to_owned(),
        direction: locale::direction(locale),
        words: words(help, locale),
        ..Site::clone(&of_content)
    })
}

fn make_site(help: &Help, locale: &str) -> Site {
    let settings = &help.config.site;
    let prefix = prefix(help, locale);
    let href = |path: &str| help.address.href(&format!("{prefix}{path}"));
    let asset = |name: &str| asset(help, name);
    let links = |links: &[site::Link]| {
        let local = |url: &str| if url.starts_with('/') { help.address.href(url) } else { url.to_owned() };
        links.iter().map(|link| NavLink { title: link.title.clone(), url: local(&link.url) }).collect()
    };
    let asks = help.config.asks();
    let collection = help
        .config
        .events
        .collect
        .then(|| Collection { script_url: asset("events.js"), url: help.address.href("/api/v1/events") });
    Site {
        name: help.name().to_owned(),
        tagline: settings.tagline.clone(),
        base: help.address.base.clone(),
        locale: locale.to_owned(),
        direction: locale::direction(locale),
        words: words(help, locale),
        home_url: help.address.href(if prefix.is_empty() { "/" } else { &prefix }),
        search_url: href("/search"),
        results_url: href("/search/results"),
        logo_url: help.logo.as_ref().map(|own| own_url(help, own)),
        brand_url: help.brand.as_ref().map(|own| own_url(help, own)),
        header_links: links(&settings.header_links),
        footer_links: links(&settings.footer_links),
        shortcuts: Shortcuts { slash: settings.shortcut_slash, ctrl_k: settings.shortcut_ctrl_k },
        stylesheet_url: asset("site.css"),
        script_url: asset("site.js"),
        islands_js_url: asset("islands.js"),
        islands_wasm_url: asset("islands.wasm"),
        drafts_url: asset("contact.js"),
        favicon_url: help.address.href("/favicon.svg"),
        feed_url: href("/feed.xml"),
        privacy_url: href("/privacy"),
        contact_url: help.config.tickets.open.then(|| href("/contact")),
        chat: help.config.chat.open.then(|| ChatScript { script_url: asset("chat-bar.js"), url: href("/chat/bar") }),
        forum: help.community.forum.as_ref().map(|forum| Forum {
            url: forum.home().to_owned(),
            search_url: forum.search_page(),
            results_url: href("/search/forum"),
            script_url: asset("forum.js"),
        }),
        consent_css_url: asks.then(|| help.address.href("/privacy/banner.css")),
        tags_url: (!help.config.tags.is_empty()).then(|| help.address.href("/privacy/tags.js")),
        events: collection,
    }
}

fn own_url(help: &Help, own: &Own) -> String {
    help.address.href(&format!("/assets/{}", own.name))
}

fn words(help: &Help, locale: &str) -> Words {
    let words = Words::of(locale);
    match help.config.site.words.get(locale) {
        // Checked when the program started.
        Some(overrides) => words.clone().with_overrides(overrides.clone()).expect("the overrides were tried at start"),
        None => words.clone(),
    }
}

/// Path prefix of a locale: empty for the default one, else `/de`.
pub fn prefix(help: &Help, locale: &str) -> String {
    let default = &help.config.content.default_locale;
    if locale == default { String::new() } else { format!("/{locale}") }
}

/// The locale a path lies in: its first segment where that is one, else the default.
pub fn locale_of(snapshot: &Snapshot, path: &str) -> String {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let locales = snapshot.locales();
    let found = locales.iter().skip(1).find(|locale| *locale == first).or(locales.first());
    found.cloned().unwrap_or_else(|| "en".to_owned())
}

/// A path as words somebody might search for: `/start/how-to_install.html` → `start how to install`.
pub fn words_of(path: &str) -> String {
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let path = decoded.strip_suffix(".html").or(decoded.strip_suffix(".md")).unwrap_or(&decoded);
    let words: Vec<_> = path.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// The frame of a page that has no address of its own: errors, search, staff.
pub fn plain(site: Arc<Site>, title: String) -> Frame {
    let meta = Meta { title, og_type: "website", ..Meta::default() };
    Frame { site, meta, languages: Vec::new(), query: None }
}

/// The frame of a page that is read in `locale`.
pub fn of_page(help: &Help, view: View, page: &Page, locale: &str, json_ld: Vec<String>) -> Frame {
    let site = site(help, locale);
    let article = page.kind == crate::content::Kind::Article;
    let meta = Meta {
        title: page.title.clone(),
        description: page.description.clone().or_else(|| Some(page.prose.summary.clone()).filter(|it| !it.is_empty())),
        canonical: Some(help.address.absolute(&page.path)),
        alternates: alternates(help, view, page),
        markdown_url: Some(help.address.absolute(&markdown_path(page))),
        og_type: if article { "article" } else { "website" },
        modified: page.updated.map(|date| date.to_string()),
        json_ld,
        indexed: page.status == Status::Published && locale == page.locale,
        portal: None,
    };
    Frame { site, meta, languages: languages(help, view, page, locale), query: None }
}

/// Where a page's Markdown is: its path + `.md`; a home page's is `/index.md`.
pub fn markdown_path(page: &Page) -> String {
    match page.path.as_str() {
        "/" => "/index.md".to_owned(),
        path => format!("{path}.md"),
    }
}

fn alternates(help: &Help, view: View, page: &Page) -> Vec<Alternate> {
    let mut alternates: Vec<_> = view
        .translations(page)
        .map(|page| Alternate { hreflang: page.locale.clone(), url: help.address.absolute(&page.path) })
        .collect();
    if alternates.len() < 2 {
        return Vec::new();
    }
    let default = &help.config.content.default_locale;
    if let Some(Alternate { url, .. }) = alternates.iter().find(|other| other.hreflang == *default).cloned() {
        alternates.push(Alternate { hreflang: "x-default".to_owned(), url });
    }
    alternates
}

/// Every locale of the site; where the page is not translated, its fallback under that locale's prefix.
fn languages(help: &Help, view: View, page: &Page, current: &str) -> Vec<LanguageLink> {
    let locales = view.snapshot().locales();
    if locales.len() < 2 {
        return Vec::new();
    }
    let link = |locale: &String| {
        let translation = view.translations(page).find(|other| other.locale == *locale);
        let path = translation.map_or_else(|| fallback_path(help, page, locale), |page| page.path.clone());
        LanguageLink {
            name: locale::name(locale),
            url: help.address.href(&path),
            current: locale == current,
            locale: locale.clone(),
        }
    };
    locales.iter().map(link).collect()
}

/// Where readers of another locale go from a page that is not translated: the default locale's page under
/// their prefix, or their home page.
fn fallback_path(help: &Help, page: &Page, locale: &str) -> String {
    let prefix = prefix(help, locale);
    let shown = page.locale == help.config.content.default_locale && page.path != "/";
    match (prefix.as_str(), shown) {
        ("", _) => "/".to_owned(),
        (prefix, true) => format!("{prefix}{}", page.path),
        (prefix, false) => prefix.to_owned(),
    }
}

/// The address of a file of our own, which changes with it.
pub fn asset(help: &Help, name: &str) -> String {
    help.address.href(&format!("/assets/{}", assets::hashed(name).unwrap_or(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_words_to_search_for() {
        let check = |path: &str, expect: &str| assert_eq!(words_of(path), expect);
        check("/start/how-to_install.html", "start how to install");
        check("/%C3%BCber/uns.md", "über uns");
        check("/%ff//", "");
    }
}
