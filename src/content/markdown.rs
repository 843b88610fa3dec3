//! Markdown → [`Prose`]: parsed once, then one pass over the events writes the HTML and notes headings,
//! sections, links and identifiers on the way.

use std::sync::Arc;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde::{Deserialize, Serialize};

use super::labels::Labels;
use super::links::{Link, Resolver};
use super::{Page, Problem, Prose};

mod clean;
mod code;
mod escape;
mod events;
mod faq;
mod footnotes;
mod kramdown;
mod message;
mod outline;
mod raw;
mod tags;
mod write;

pub(super) use escape::escape;
pub use message::{message, message_links};

/// Changes whenever the same source renders differently, so that kept prose is not used.
pub(super) const VERSION: u32 = 1;

/// What rendering one body needs to know.
#[derive(Clone, Copy)]
pub(super) struct Job<'a> {
    pub page: &'a Page,
    pub body: &'a Arc<str>,
    pub lines_above: u32,
    /// What front matter says; found out from the headings otherwise.
    pub faq: Option<bool>,
    pub resolver: &'a Resolver<'a>,
    pub labels: &'a Labels,
}

/// What rendering gives. Depends on nothing but the body, the page's title and what its links lead to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Rendered {
    pub prose: Arc<Prose>,
    /// Hash of the HTML.
    pub digest: [u8; 32],
    pub faq: bool,
    pub links: Vec<Link>,
    /// Every id a link may name.
    pub anchors: Vec<String>,
    /// Of the body alone, not of its links.
    pub problems: Vec<Problem>,
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM
        | Options::ENABLE_WIKILINKS
}

pub(super) fn render(job: Job<'_>) -> Rendered {
    let (body, cuts) = kramdown::tighten(job.body);
    let events = kramdown::understand(events::parse(&body, &cuts));
    write::Writer::new(job, &events).run(events)
}

/// Plain text of the first heading, for a page without a title.
pub(super) fn first_heading(body: &str) -> Option<String> {
    let mut events =
        Parser::new_ext(body, options()).skip_while(|event| !matches!(event, Event::Start(Tag::Heading { .. })));
    events.next()?;
    let inside = events.take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
    let text: String = inside.filter_map(text_of).collect();
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn text_of(event: Event<'_>) -> Option<String> {
    match event {
        Event::Text(text) | Event::Code(text) => Some(text.into_string()),
        Event::SoftBreak | Event::HardBreak => Some(" ".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
