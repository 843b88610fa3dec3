//! Kramdown's attribute lists (`{: .note}`): understood where they mean something here, never shown.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, Event, Tag, TagEnd};

use super::events::Events;

/// `]({{ site.url }}/x)` is no link in Markdown as long as there are spaces in it, so they are taken out.
/// Says where in the new text each of them was.
pub fn tighten(body: &str) -> (Cow<'_, str>, Vec<usize>) {
    const OPEN: &str = "]({{ ";
    if !body.contains(OPEN) {
        return (Cow::Borrowed(body), Vec::new());
    }
    let (mut out, mut cuts) = (String::with_capacity(body.len()), Vec::new());
    let mut rest = body;
    while let Some(at) = rest.find(OPEN) {
        let target = &rest[at..];
        let end = target.find([')', '\n']).unwrap_or(target.len());
        out.push_str(&rest[..at]);
        let mut inside = false;
        for c in target[..end].chars() {
            inside = c == '{' || inside && c != '}';
            if inside && c == ' ' { cuts.push(out.len()) } else { out.push(c) }
        }
        rest = &target[end..];
    }
    out.push_str(rest);
    (Cow::Owned(out), cuts)
}

pub fn understand(events: Events<'_>) -> Events<'_> {
    if !events.iter().any(|(event, _)| matches!(event, Event::Text(text) if text.contains("{:"))) {
        return events;
    }
    let mut pass = Pass { out: Vec::with_capacity(events.len()), open: Vec::new(), heading: None };
    let mut events = events.into_iter().peekable();
    while let Some((event, at)) = events.next() {
        let ends_line = events.peek().is_none_or(|(next, _)| {
            matches!(next, Event::SoftBreak | Event::HardBreak | Event::End(_) | Event::Start(Tag::List(_)))
        });
        if pass.event(event, at, ends_line) && matches!(events.peek(), Some((Event::SoftBreak, _))) {
            events.next();
        }
    }
    pass.out
}

struct Pass<'a> {
    out: Events<'a>,
    open: Vec<Open>,
    /// Where the last heading starts in `out`, while nothing came after it.
    heading: Option<usize>,
}

/// A block whose end has not come yet.
struct Open {
    start: usize,
    callout: Option<BlockQuoteKind>,
    dropped: bool,
}

impl<'a> Pass<'a> {
    /// True when a list stood at the beginning of its block, so that the line break after it goes too.
    fn event(&mut self, event: Event<'a>, at: Range<usize>, ends_line: bool) -> bool {
        match event {
            Event::Start(tag) => self.start(tag, at),
            Event::End(tag) => self.end(tag, at),
            Event::Text(text) if text.starts_with("{:") && !self.in_code() => {
                return self.text(&text, at, ends_line);
            }
            event => self.out.push((event, at)),
        }
        false
    }

    fn in_code(&self) -> bool {
        self.open.last().is_some_and(|open| matches!(self.out[open.start].0, Event::Start(Tag::CodeBlock(_))))
    }

    fn start(&mut self, tag: Tag<'a>, at: Range<usize>) {
        match tag {
            Tag::Heading { .. } => self.heading = Some(self.out.len()),
            Tag::Paragraph => {}
            _ => self.heading = None,
        }
        self.open.push(Open { start: self.out.len(), callout: None, dropped: false });
        self.out.push((Event::Start(tag), at));
    }

    fn end(&mut self, tag: TagEnd, at: Range<usize>) {
        let Some(open) = self.open.pop() else { return };
        let empty = self.out.len() == open.start + 1;
        if open.dropped || (tag == TagEnd::Paragraph && empty) {
            self.out.truncate(open.start);
            return;
        }
        self.out.push((Event::End(tag), at.clone()));
        if let Some(kind) = open.callout {
            self.callout(open.start, kind, at);
        }
        if tag == TagEnd::Paragraph {
            self.heading = None;
        }
    }

    /// A paragraph becomes a callout; the only one of a quote makes the quote one.
    fn callout(&mut self, start: usize, kind: BlockQuoteKind, at: Range<usize>) {
        match start.checked_sub(1).map(|before| &mut self.out[before].0) {
            Some(Event::Start(Tag::BlockQuote(quote @ None))) => *quote = Some(kind),
            _ => {
                self.out.insert(start, (Event::Start(Tag::BlockQuote(Some(kind))), at.clone()));
                self.out.push((Event::End(TagEnd::BlockQuote(Some(kind))), at));
            }
        }
    }

    fn text(&mut self, text: &str, at: Range<usize>, ends_line: bool) -> bool {
        let (lists, rest) = cut(text);
        let begins_block = self.out.last().is_none_or(|(event, _)| matches!(event, Event::Start(_)));
        let begins_line = begins_block || matches!(self.out.last(), Some((Event::SoftBreak | Event::HardBreak, _)));
        let follows_inline = matches!(self.out.last(), Some((Event::End(_) | Event::Code(_), _)));
        let alone = rest.trim().is_empty();
        if lists.is_empty()
            || !(follows_inline
                || begins_line && (alone && ends_line || lists.starts_with("{::") || lists.starts_with("{:/")))
        {
            self.out.push((Event::Text(text.to_owned().into()), at));
            return false;
        }
        if begins_line {
            self.apply(lists);
        }
        if !alone {
            self.out.push((Event::Text(rest.to_owned().into()), at));
        } else if matches!(self.out.last(), Some((Event::SoftBreak, _))) && begins_line {
            self.out.pop();
        }
        alone && begins_block
    }

    fn apply(&mut self, lists: &str) {
        for word in words(lists) {
            if let Some(id) = word.strip_prefix('#') {
                self.set_heading_id(id);
            } else if word == "toc" {
                let list =
                    self.open.iter().rposition(|open| matches!(self.out[open.start].0, Event::Start(Tag::List(_))));
                if let Some(list) = list {
                    self.open[list].dropped = true;
                }
            } else if let Some(kind) = word.strip_prefix('.').and_then(kind) {
                let block =
                    self.open.last_mut().filter(|open| matches!(self.out[open.start].0, Event::Start(Tag::Paragraph)));
                if let Some(block) = block {
                    block.callout = Some(kind);
                }
            }
        }
    }

    fn set_heading_id(&mut self, new: &str) {
        let heading = self.heading.and_then(|at| self.out.get_mut(at));
        if let Some((Event::Start(Tag::Heading { id, .. }), _)) = heading {
            *id = Some(new.to_owned().into());
        }
    }
}

fn kind(class: &str) -> Option<BlockQuoteKind> {
    Some(match class {
        "note" => BlockQuoteKind::Note,
        "tip" => BlockQuoteKind::Tip,
        "important" => BlockQuoteKind::Important,
        "warning" => BlockQuoteKind::Warning,
        "caution" => BlockQuoteKind::Caution,
        _ => return None,
    })
}

/// The lists at the start of a text, and what follows them.
fn cut(text: &str) -> (&str, &str) {
    let mut end = 0;
    while text[end..].starts_with("{:") {
        let Some(close) = text[end..].find('}') else {
            break;
        };
        end += close + 1;
    }
    text.split_at(end)
}

fn words(lists: &str) -> impl Iterator<Item = &str> {
    lists.split(['{', '}', ':', ' ']).filter(|word| !word.is_empty())
}
