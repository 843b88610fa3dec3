//! The one pass: events in, HTML and [`Outline`] out.

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Alignment, Event, Tag, TagEnd};

use super::code::Code;
use super::events::Events;
use super::footnotes::Footnotes;
use super::outline::Outline;
use super::{Job, Rendered, clean, escape::escape, faq};
use crate::content::links::Link;
use crate::content::{Position, Problem, Prose};

mod blocks;
mod heading;
mod html;
mod inline;

/// Containers nested deeper than this are not written; what is in them is.
const DEEPEST: usize = 60;

pub struct Writer<'a> {
    job: Job<'a>,
    html: String,
    outline: Outline,
    footnotes: Footnotes,
    code: Code,
    links: Vec<Link>,
    problems: Vec<Problem>,
    /// The page holds raw HTML, so the whole of it goes through the sanitiser.
    raw: bool,
    /// How each open container ends; empty for one that was not written.
    containers: Vec<&'static str>,
    /// How each open link ends.
    open_links: Vec<&'static str>,
    faq: Option<u8>,
    item_open: bool,
    seen_heading: bool,
    heading: Option<heading::Open>,
    /// Texts gathered for something else than the flow: `alt` of an image, the body of a code block, raw HTML.
    gathering: Vec<Gathering>,
    table: Table,
    tables: usize,
    /// HTML of what is outside the footnote being written.
    outside: Vec<(String, String)>,
}

enum Gathering {
    Image { opening: String, title: String, text: String },
    Code { language: String, text: String, at: usize },
    Html { text: String, at: usize },
}

impl Gathering {
    fn text(&mut self) -> &mut String {
        match self {
            Self::Image { text, .. } | Self::Code { text, .. } | Self::Html { text, .. } => text,
        }
    }
}

#[derive(Default)]
struct Table {
    columns: Vec<Alignment>,
    column: usize,
    head: bool,
}

impl<'a> Writer<'a> {
    pub fn new(job: Job<'a>, events: &Events<'_>) -> Self {
        Self {
            job,
            html: String::with_capacity(job.body.len() * 3 / 2),
            outline: Outline::default(),
            footnotes: Footnotes::default(),
            code: Code::default(),
            links: Vec::new(),
            problems: Vec::new(),
            raw: events.iter().any(|(event, _)| matches!(event, Event::Html(_) | Event::InlineHtml(_))),
            containers: Vec::new(),
            open_links: Vec::new(),
            faq: faq::level(events, job.faq, &job.page.title),
            item_open: false,
            seen_heading: false,
            heading: None,
            gathering: Vec::new(),
            table: Table::default(),
            tables: 0,
            outside: Vec::new(),
        }
    }

    pub fn run(mut self, events: Events<'_>) -> Rendered {
        for (event, at) in events {
            self.event(event, at);
        }
        self.close_item();
        self.footnotes.list(&mut self.html, self.job.labels);
        for anchor in self.footnotes.anchors().collect::<Vec<_>>() {
            self.outline.note_anchor(&anchor);
        }
        self.finish()
    }

    fn finish(self) -> Rendered {
        let html = if self.raw { self.code.put_in(&clean::clean(&self.html)) } else { self.html };
        let outline = self.outline.finish();
        let digest = blake3::hash(html.as_bytes()).into();
        let prose = Prose {
            html,
            markdown: Arc::clone(self.job.body),
            headings: outline.headings,
            sections: outline.sections,
            summary: outline.summary,
            words: outline.words,
        };
        let faq = self.faq.is_some();
        Rendered {
            prose: Arc::new(prose),
            digest,
            faq,
            links: self.links,
            anchors: outline.anchors,
            problems: self.problems,
        }
    }

    fn event(&mut self, event: Event<'_>, at: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, at),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(code) => self.code_span(&code),
            Event::Html(html) => self.gather_html(&html),
            Event::InlineHtml(html) => self.raw_html(&html, at.start),
            Event::SoftBreak => self.line_break("\n"),
            Event::HardBreak => self.line_break("<br>\n"),
            Event::Rule => self.block("<hr>\n"),
            Event::FootnoteReference(label) => self.footnotes.reference(&mut self.html, &label),
            Event::TaskListMarker(done) => self.task(done),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
        }
    }

    fn block(&mut self, html: &str) {
        self.outline.gap();
        self.html.push_str(html);
    }

    /// Opens a container, unless the nesting is absurd.
    fn open(&mut self, begin: &str, end: &'static str) {
        self.outline.gap();
        let write = self.containers.len() < DEEPEST;
        self.containers.push(if write { end } else { "" });
        if write {
            self.html.push_str(begin);
        }
    }

    fn close(&mut self) {
        self.outline.gap();
        self.html.push_str(self.containers.pop().unwrap_or_default());
    }

    /// A tag around words; nothing while they are gathered for the `alt` of an image.
    fn inline(&mut self, tag: &str) {
        if self.gathering.is_empty() {
            self.html.push_str(tag);
        }
    }

    fn position(&self, offset: usize) -> Position {
        Position::at(self.job.body, offset).below(self.job.lines_above)
    }

    fn escape(&mut self, text: &str) {
        escape(&mut self.html, text);
    }

    fn start(&mut self, tag: Tag<'_>, at: Range<usize>) {
        match tag {
            Tag::Heading { level, id, .. } => self.start_heading(faq::number(level), id.as_deref()),
            Tag::Emphasis => self.inline("<em>"),
            Tag::Strong => self.inline("<strong>"),
            Tag::Strikethrough => self.inline("<del>"),
            Tag::Superscript => self.inline("<sup>"),
            Tag::Subscript => self.inline("<sub>"),
            Tag::Link { link_type, dest_url, title, .. } => self.start_link(link_type, &dest_url, &title, at.start),
            Tag::Image { link_type, dest_url, title, .. } => self.start_image(link_type, &dest_url, &title, at.start),
            block => self.start_block(block, at.start),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::Emphasis => self.inline("</em>"),
            TagEnd::Strong => self.inline("</strong>"),
            TagEnd::Strikethrough => self.inline("</del>"),
            TagEnd::Superscript => self.inline("</sup>"),
            TagEnd::Subscript => self.inline("</sub>"),
            TagEnd::Link => self.end_link(),
            TagEnd::Image => self.end_image(),
            block => self.end_block(block),
        }
    }
}
