//! What machines read beside the sitemap: robots, Atom feed, llms.txt. Each shows what its viewer may see.

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

use super::asked::Asked;
use super::error::Error;
use super::{address, frame, respond};
use crate::Help;
use crate::answers::Answer;
use crate::content::{Kind, Page, Status, View};

const FEED_ENTRIES: usize = 50;

pub async fn robots(State(help): State<Arc<Help>>, uri: Uri, asked: Asked, headers: HeaderMap) -> Response {
    kept(&asked, &uri, &headers, "text/plain; charset=utf-8", || robots_text(&help))
}

pub async fn llms(State(help): State<Arc<Help>>, uri: Uri, asked: Asked, headers: HeaderMap) -> Response {
    kept(&asked, &uri, &headers, "text/plain; charset=utf-8", || llms_text(&help, asked.view()))
}

/// `/feed.xml`, `/{locale}/feed.xml`
pub async fn feed(
    State(help): State<Arc<Help>>,
    locale: Option<Path<String>>,
    uri: Uri,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let locale = asked.locale(&help, locale)?;
    Ok(kept(&asked, &uri, &headers, ATOM, || feed_text(&help, asked.view(), &locale)))
}

const ATOM: &str = "application/atom+xml; charset=utf-8";

/// The answer kept for this edition, made the first time.
pub fn kept(
    asked: &Asked,
    uri: &Uri,
    headers: &HeaderMap,
    content_type: &'static str,
    text: impl FnOnce() -> String,
) -> Response {
    let answers = &asked.edition.answers;
    let answer = answers.get(&asked.viewer, uri.path()).unwrap_or_else(|| {
        let answer = Arc::new(Answer::new(content_type, text()));
        answers.keep(&asked.viewer, uri.path(), answer.clone());
        answer
    });
    respond::send(&answer, headers, &asked.viewer)
}

/// Pages an engine may list, in every locale: hidden in the navigation does not mean hidden from search.
pub fn published<'a>(view: View<'a>) -> impl Iterator<Item = &'a Page> {
    view.pages().filter(|page| page.status == Status::Published)
}

pub fn url(help: &Help, page: &Page) -> String {
    xml(&help.address.absolute(&address::encoded(&page.path)))
}

/// The Robots Exclusion Protocol (RFC 9309).
fn robots_text(help: &Help) -> String {
    let base = &help.address.base;
    let sitemap = help.address.absolute("/sitemap.xml");
    format!(
        "User-agent: *\nDisallow: {base}/search\nDisallow: {base}/go/\nDisallow: {base}/privacy\nDisallow: {base}/admin\nDisallow: {base}/api/\nAllow: /\n\n\
         Sitemap: {sitemap}\n"
    )
}

/// The Atom Syndication Format (RFC 4287): what changed last, newest first.
fn feed_text(help: &Help, view: View, locale: &str) -> String {
    let mut pages: Vec<_> = published(view)
        .filter(|page| page.kind == Kind::Article && page.locale == locale && page.updated.is_some())
        .collect();
    pages.sort_by(|a, b| b.updated.cmp(&a.updated).then(a.path.cmp(&b.path)));
    pages.truncate(FEED_ENTRIES);
    let prefix = frame::prefix(help, locale);
    let home = help.address.absolute(if prefix.is_empty() { "/" } else { &prefix });
    let own = help.address.absolute(&format!("{prefix}/feed.xml"));
    let newest = pages
        .first()
        .and_then(|page| page.updated)
        .map_or_else(|| view.snapshot().built_at().to_string(), |date| format!("{date}T00:00:00Z"));
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
         <title>{name}</title>\n<id>{home}</id>\n<link href=\"{home}\"/>\n<link rel=\"self\" href=\"{own}\"/>\n\
         <updated>{newest}</updated>\n<author><name>{name}</name></author>\n",
        xml(locale),
        name = xml(help.name()),
    );
    for page in pages {
        entry(&mut text, help, page);
    }
    text.push_str("</feed>\n");
    text
}

fn entry(text: &mut String, help: &Help, page: &Page) {
    let id = xml(&help.address.absolute(&format!("/a/{}", page.id)));
    let summary = page.description.as_deref().unwrap_or(&page.prose.summary);
    let updated = page.updated.map(|date| date.to_string()).unwrap_or_default();
    writeln!(
        text,
        "<entry><title>{}</title><id>{id}</id><link href=\"{}\"/><updated>{updated}T00:00:00Z</updated>\
         <summary>{}</summary></entry>",
        xml(&page.title),
        url(help, page),
        xml(summary),
    )
    .expect("writing to a string cannot fail");
}

/// The site as a list of links to Markdown (llmstxt.org).
fn llms_text(help: &Help, view: View) -> String {
    let settings = &help.config.site;
    let mut text = format!("# {}\n", help.name());
    if let Some(tagline) = &settings.tagline {
        text.extend(["\n> ", tagline, "\n"]);
    }
    let Some(home) = view.home(&help.config.content.default_locale) else { return text };
    let loose: Vec<_> = view.children(home).filter(|child| child.kind == Kind::Article).collect();
    if !loose.is_empty() {
        text.push_str("\n## Articles\n\n");
        loose.iter().for_each(|page| llms_line(&mut text, help, page));
    }
    for category in view.children(home).filter(|child| child.kind == Kind::Category) {
        text.extend(["\n## ", &category.title, "\n\n"]);
        llms_branch(&mut text, help, view, category);
    }
    text
}

fn llms_branch(text: &mut String, help: &Help, view: View, category: &Page) {
    for child in view.children(category) {
        match child.kind {
            Kind::Article => llms_line(text, help, child),
            Kind::Category => llms_branch(text, help, view, child),
        }
    }
}

fn llms_line(text: &mut String, help: &Help, page: &Page) {
    let url = help.address.absolute(&address::encoded(&frame::markdown_path(page)));
    let title = page.title.replace(['[', ']'], "");
    text.extend(["- [", &title, "](", &url, ")"]);
    if let Some(description) = &page.description {
        text.extend([": ", description]);
    }
    text.push('\n');
}

/// Text as XML holds it, in elements and attributes; characters XML has no place for are left out.
pub fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if letter.is_control() => {}
            _ => escaped.push(letter),
        }
    }
    escaped
}
