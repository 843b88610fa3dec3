//! Headings: one `h1` a page, an anchor each, and the items of a list of questions.

use super::super::escape::{attribute, escape};
use super::super::faq;
use super::Writer;
use crate::content::address;

/// A heading whose end has not come yet.
pub struct Open {
    level: u8,
    id: Option<String>,
    pub text: String,
    /// Where its HTML begins.
    from: usize,
}

impl Writer<'_> {
    pub(super) fn start_heading(&mut self, level: u8, id: Option<&str>) {
        let id = id.map(|id| id.trim_matches(['"', '\'']).to_owned()).filter(|id| !id.is_empty());
        self.outline.gap();
        self.heading = Some(Open { level, id, text: String::new(), from: self.html.len() });
    }

    pub(super) fn end_heading(&mut self) {
        let Some(heading) = self.heading.take() else {
            return;
        };
        let inner = self.html.split_off(heading.from);
        let first = !std::mem::replace(&mut self.seen_heading, true);
        // The page shows its title itself.
        if heading.level == 1 && first && faq::same(&heading.text, &self.job.page.title) {
            self.outline.note_anchor(&address::anchor(&heading.text));
            return;
        }
        let level = heading.level.max(2);
        let at_top = self.containers.is_empty() && self.outside.is_empty();
        if at_top && self.faq.is_some_and(|item| level <= item) {
            self.close_item();
        }
        let anchor = self.outline.heading(level, &heading.text, heading.id.as_deref());
        let question =
            self.faq == Some(level) && at_top && (self.job.faq == Some(true) || faq::is_question(&heading.text));
        if question {
            self.open_item(level, &anchor, &inner, &heading.text)
        } else {
            self.write_heading(level, &anchor, &inner, &heading.text)
        }
    }

    fn write_heading(&mut self, level: u8, anchor: &str, inner: &str, text: &str) {
        let linked = level <= 4;
        if linked {
            self.html.push_str("<div class=\"heading\">");
        }
        self.html.push_str(&format!("<h{level}"));
        attribute(&mut self.html, "id", anchor);
        self.html.push_str(&format!(">{inner}</h{level}>"));
        if linked {
            self.anchor_link(anchor, text);
            self.html.push_str("</div>");
        }
        self.html.push('\n');
    }

    /// The anchor stands on the answer: only what is inside the closed part is opened by a link to it.
    fn open_item(&mut self, level: u8, anchor: &str, inner: &str, text: &str) {
        self.html.push_str(&format!(
            "<details class=\"faq\"><summary><h{level}>{inner}</h{level}></summary>\n<div class=\"answer\""
        ));
        attribute(&mut self.html, "id", anchor);
        self.html.push('>');
        self.anchor_link(anchor, text);
        self.html.push('\n');
        self.item_open = true;
    }

    pub(super) fn close_item(&mut self) {
        if std::mem::take(&mut self.item_open) {
            self.html.push_str("</div></details>\n");
        }
    }

    fn anchor_link(&mut self, anchor: &str, text: &str) {
        self.html.push_str("<a class=\"anchor\"");
        attribute(&mut self.html, "href", &format!("#{anchor}"));
        self.html.push_str(" aria-label=\"");
        escape(&mut self.html, self.job.labels.section);
        self.html.push(' ');
        escape(&mut self.html, text.trim());
        self.html.push_str("\"></a>");
    }
}
