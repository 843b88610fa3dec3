//! Text, code spans, links, images.

use pulldown_cmark::LinkType;

use super::super::escape::{attribute, escape};
use super::{Gathering, Writer};
use crate::content::Problem;
use crate::content::links::{Link, Resolved, Written};

impl Writer<'_> {
    pub(super) fn text(&mut self, text: &str) {
        if let Some(gathering) = self.gathering.last_mut() {
            gathering.text().push_str(text);
            return;
        }
        self.escape(text);
        self.say(text);
    }

    /// Into the outline: the heading that is open, else the section.
    pub(super) fn say(&mut self, text: &str) {
        match &mut self.heading {
            Some(heading) => heading.text.push_str(text),
            None => self.outline.text(text),
        }
    }

    pub(super) fn code_span(&mut self, code: &str) {
        if let Some(gathering) = self.gathering.last_mut() {
            gathering.text().push_str(code);
            return;
        }
        self.html.push_str("<code>");
        self.escape(code);
        self.html.push_str("</code>");
        self.say(code);
        self.outline.code_span(code);
    }

    pub(super) fn line_break(&mut self, html: &str) {
        if let Some(gathering) = self.gathering.last_mut() {
            gathering.text().push(' ');
            return;
        }
        self.html.push_str(html);
        self.say(" ");
    }

    pub(super) fn task(&mut self, done: bool) {
        let (label, sign) = if done { (self.job.labels.done, "☑") } else { (self.job.labels.open, "☐") };
        self.html.push_str("<span class=\"task\" role=\"img\"");
        attribute(&mut self.html, "aria-label", label);
        self.html.push('>');
        self.html.push_str(sign);
        self.html.push_str("</span> ");
    }

    pub(super) fn start_link(&mut self, kind: LinkType, target: &str, title: &str, at: usize) {
        let written = match kind {
            LinkType::WikiLink { .. } => Written::Wiki(target.to_owned()),
            LinkType::Email => Written::Link(format!("mailto:{target}")),
            _ => Written::Link(target.to_owned()),
        };
        let wiki = matches!(written, Written::Wiki(_));
        let resolved = self.resolve(written, at);
        if !self.gathering.is_empty() {
            self.open_links.push(""); // a link in the text of an image
        } else if wiki && matches!(resolved, Resolved::Broken { .. }) {
            // Two brackets mean other things as well: what leads nowhere stays as it was written.
            self.text("[[");
            self.open_links.push("]]");
        } else if resolved == Resolved::Unsafe {
            self.open_links.push("");
        } else {
            self.open_link(&resolved, title);
            self.open_links.push("</a>");
        }
    }

    fn open_link(&mut self, resolved: &Resolved, title: &str) {
        self.html.push_str("<a");
        if let Some(href) = resolved.href() {
            attribute(&mut self.html, "href", &href);
        }
        if matches!(resolved, Resolved::Outside(_)) {
            self.html.push_str(" rel=\"noopener\"");
        }
        if !title.is_empty() {
            attribute(&mut self.html, "title", title);
        }
        self.html.push('>');
    }

    pub(super) fn end_link(&mut self) {
        match self.open_links.pop() {
            Some("]]") => self.text("]]"),
            end => self.html.push_str(end.unwrap_or_default()),
        }
    }

    pub(super) fn start_image(&mut self, kind: LinkType, target: &str, title: &str, at: usize) {
        let wiki = matches!(kind, LinkType::WikiLink { .. });
        let written = if wiki { Written::Wiki(target.to_owned()) } else { Written::Image(target.to_owned()) };
        let resolved = self.resolve(written, at);
        let mut opening = String::from("<img");
        if let Some(src) = resolved.href() {
            attribute(&mut opening, "src", &src);
        }
        if let Resolved::File { size: Some((width, height)), .. } = resolved {
            attribute(&mut opening, "width", &width.to_string());
            attribute(&mut opening, "height", &height.to_string());
        }
        let text = String::new();
        self.gathering.push(Gathering::Image { opening, title: title.to_owned(), text });
    }

    pub(super) fn end_image(&mut self) {
        let Some(Gathering::Image { opening, title, text }) = self.gathering.pop() else {
            return;
        };
        if let Some(around) = self.gathering.last_mut() {
            around.text().push_str(&text); // an image in the text of an image
            return;
        }
        self.html.push_str(&opening);
        attribute(&mut self.html, "alt", text.trim());
        if !title.is_empty() {
            attribute(&mut self.html, "title", &title);
        }
        self.html.push_str(" loading=\"lazy\" decoding=\"async\">");
        self.say(&text);
    }

    pub(super) fn resolve(&mut self, written: Written, offset: usize) -> Resolved {
        let resolved = self.job.resolver.resolve(self.job.page, &written);
        if resolved == Resolved::Unsafe {
            let (Written::Link(target) | Written::Image(target) | Written::Wiki(target)) = &written;
            let mut shown = String::new();
            escape(&mut shown, target.get(..40).unwrap_or(target));
            let message = format!("The link to `{shown}` could run something, so it leads nowhere.");
            let place = self.position(offset);
            let problem = Problem::warning(
                "unsafe-link",
                &self.job.page.source,
                message,
                "Link to an address that begins with https://.",
            );
            self.problems.push(problem.at(place));
        }
        self.links.push(Link { written, resolved: resolved.clone(), offset });
        resolved
    }
}
