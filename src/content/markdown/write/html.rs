//! Raw HTML inside Markdown.

use super::super::raw::{self, Visit};
use super::super::tags::Known;
use super::{Gathering, Writer};
use crate::content::Problem;
use crate::content::links::Written;

impl Writer<'_> {
    pub(super) fn gather_html(&mut self, html: &str) {
        match self.gathering.last_mut() {
            Some(Gathering::Html { text, .. }) => text.push_str(html),
            _ => self.raw_html(html, 0),
        }
    }

    pub(super) fn raw_html(&mut self, html: &str, at: usize) {
        if !self.gathering.is_empty() {
            return; // a tag inside the text of an image
        }
        let mut out = String::with_capacity(html.len());
        raw::rewrite(html, &mut out, &mut Reader { writer: self, at });
        self.html.push_str(&out);
    }
}

struct Reader<'w, 'a> {
    writer: &'w mut Writer<'a>,
    at: usize,
}

impl Visit for Reader<'_, '_> {
    fn link(&mut self, tag: &str, target: &str, at: usize) -> Option<String> {
        let image = tag.eq_ignore_ascii_case("img");
        let written = if image { Written::Image(target.to_owned()) } else { Written::Link(target.to_owned()) };
        self.writer.resolve(written, self.at + at).href()
    }

    fn id(&mut self, id: &str) {
        self.writer.outline.note_anchor(id);
    }

    fn text(&mut self, text: &str) {
        self.writer.say(text);
    }

    fn odd(&mut self, tag: &str, known: Known, at: usize) {
        let (kind, message, cure) = match known {
            Known::No => (
                "unknown-html",
                format!("`<{tag}>` is no HTML, so it is shown as text."),
                "Put it in backticks if it is meant as text.",
            ),
            _ => (
                "removed-html",
                format!("`<{tag}>` may not stand in a page, so it is removed."),
                "Write it in Markdown, or use another element.",
            ),
        };
        let place = self.writer.position(self.at + at);
        let file = &self.writer.job.page.source;
        self.writer.problems.push(Problem::notice(kind, file, message, cure).at(place));
    }
}
