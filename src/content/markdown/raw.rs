//! Raw HTML on its way to the sanitiser: links resolved, ids noted, what is no HTML shown as text.
//! Nothing here makes anything safe; `clean` does.

use super::escape::{attribute, escape};
use super::tags::{Known, known};

/// What is done with the parts of raw HTML.
pub trait Visit {
    /// `href` or `src` of a tag; what shall stand there instead.
    fn link(&mut self, tag: &str, target: &str, at: usize) -> Option<String>;
    fn id(&mut self, id: &str);
    fn text(&mut self, text: &str);
    /// A tag that will be removed, or is no HTML.
    fn odd(&mut self, tag: &str, known: Known, at: usize);
}

/// `at` below is the byte offset in `html`.
pub fn rewrite(html: &str, out: &mut String, visit: &mut impl Visit) {
    let mut at = 0;
    while let Some(open) = html[at..].find('<').map(|open| at + open) {
        plain(&html[at..open], out, visit);
        at = open + markup(&html[open..], open, out, visit);
    }
    plain(&html[at..], out, visit);
}

fn plain(text: &str, out: &mut String, visit: &mut impl Visit) {
    out.push_str(text);
    if !text.is_empty() {
        visit.text(&unescape(text));
    }
}

/// Entities that matter to a search; the rest may stay as it is.
fn unescape(text: &str) -> String {
    text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// Handles what begins with `<` and says how long it is.
fn markup(html: &str, at: usize, out: &mut String, visit: &mut impl Visit) -> usize {
    if let Some(rest) = html.strip_prefix("<!--") {
        return rest.find("-->").map_or(html.len(), |end| 4 + end + 3);
    }
    let Some(tag) = Tag::read(html) else {
        out.push_str("&lt;");
        visit.text("<");
        return 1;
    };
    match known(tag.name) {
        Known::Allowed => tag.write(at, out, visit),
        odd => {
            visit.odd(tag.name, odd, at);
            if odd == Known::No {
                escape(out, &html[..tag.len]);
                visit.text(&html[..tag.len]);
            } else if tag.is_text_only() {
                return tag.past_its_end(html);
            }
        }
    }
    tag.len
}

struct Tag<'a> {
    name: &'a str,
    closing: bool,
    attributes: Vec<(&'a str, Option<&'a str>, usize)>,
    len: usize,
}

impl<'a> Tag<'a> {
    fn read(html: &'a str) -> Option<Self> {
        let closing = html.starts_with("</");
        let start = if closing { 2 } else { 1 };
        let name = until(&html[start..], |c| c.is_ascii_whitespace() || c == '/' || c == '>');
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let mut tag = Self { name, closing, attributes: Vec::new(), len: start + name.len() };
        loop {
            let rest = &html[tag.len..];
            let skipped = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/').len();
            tag.len += skipped;
            match html[tag.len..].chars().next()? {
                '>' => {
                    tag.len += 1;
                    return Some(tag);
                }
                _ => tag.attribute(html)?,
            }
        }
    }

    fn attribute(&mut self, html: &'a str) -> Option<()> {
        let rest = &html[self.len..];
        let name = until(&rest[rest.chars().next()?.len_utf8()..], |c| {
            c.is_ascii_whitespace() || matches!(c, '/' | '>' | '=')
        });
        let name = &rest[..rest.chars().next()?.len_utf8() + name.len()];
        self.len += name.len();
        let after = html[self.len..].trim_start();
        let Some(value) = after.strip_prefix('=').map(str::trim_start) else {
            self.attributes.push((name, None, self.len));
            return Some(());
        };
        let at = html.len() - value.len();
        let (value, past) = match value.chars().next()? {
            quote @ ('"' | '\'') => {
                let value = &value[1..];
                let end = value.find(quote)?;
                (&value[..end], at + end + 2)
            }
            _ => {
                let value = until(value, |c| c.is_ascii_whitespace() || c == '>');
                (value, at + value.len())
            }
        };
        self.attributes.push((name, Some(value), at));
        self.len = past;
        Some(())
    }

    fn write(&self, at: usize, out: &mut String, visit: &mut impl Visit) {
        out.push_str(if self.closing { "</" } else { "<" });
        out.push_str(self.name);
        for (name, value, offset) in &self.attributes {
            let lower = name.to_ascii_lowercase();
            let Some(value) = value.map(unescape) else {
                attribute(out, &lower, "");
                continue;
            };
            match lower.as_str() {
                "href" | "src" => match visit.link(self.name, &value, at + offset) {
                    Some(target) => attribute(out, &lower, &target),
                    None => continue,
                },
                "id" | "name" => {
                    visit.id(&value);
                    attribute(out, &lower, &value);
                }
                _ => attribute(out, &lower, &value),
            }
        }
        out.push('>');
        if matches!(self.name, "br" | "td" | "th" | "li" | "p" | "div" | "summary" | "dt" | "dd") {
            visit.text(" ");
        }
    }

    /// Its content is no markup and goes with it.
    fn is_text_only(&self) -> bool {
        !self.closing
            && matches!(
                self.name.to_ascii_lowercase().as_str(),
                "script" | "style" | "template" | "textarea" | "title" | "noscript" | "iframe"
            )
    }

    fn past_its_end(&self, html: &str) -> usize {
        let lower = html.to_ascii_lowercase();
        let end = lower.find(&format!("</{}", self.name.to_ascii_lowercase()));
        end.map_or(html.len(), |end| lower[end..].find('>').map_or(html.len(), |close| end + close + 1))
    }
}

fn until(text: &str, stop: impl Fn(char) -> bool) -> &str {
    &text[..text.find(stop).unwrap_or(text.len())]
}
