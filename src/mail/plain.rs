//! HTML of a mail, or of what an agent wrote elsewhere, as plain text: what is quoted behind `>`, as in a text part, so
//! that one set of rules finds it.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

/// Elements that begin a line of their own.
const LINES: [&str; 17] = [
    "address", "article", "aside", "dd", "div", "dl", "dt", "footer", "header", "hr", "li", "main", "section", "table",
    "tbody", "td", "tr",
];
/// Elements with room above and below.
const PARAGRAPHS: [&str; 11] = ["blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "ul"];
/// Elements whose text nobody sees.
const UNSEEN: [&str; 6] = ["head", "noscript", "script", "style", "template", "title"];
/// Levels of quotes that are told apart.
const DEEPEST: usize = 20;

/// The text of an HTML document, or of a piece of one.
pub fn text(html: &str) -> String {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    // Only a script could stop it, and none is run.
    let _stopped = tokenizer.feed(&input);
    tokenizer.end();
    let written = tokenizer.sink.0.into_inner().out;
    written.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned()
}

#[derive(Default)]
struct Sink(RefCell<Writer>);

#[derive(Default)]
struct Writer {
    out: String,
    /// Line breaks before the next character.
    breaks: usize,
    /// White space before the next character.
    is_apart: bool,
    /// Blockquotes, and elements whose text is not seen, that are open.
    quotes: usize,
    unseen: usize,
    /// Blockquotes around what was written last.
    depth: usize,
    /// Addresses of links that are open, and where their texts begin.
    links: Vec<(Option<String>, usize)>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut writer = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => writer.write(&text),
            Token::TagToken(tag) => {
                writer.tag(&tag);
                return raw(&tag);
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// What stands in these is no markup.
fn raw(tag: &Tag) -> TokenSinkResult<()> {
    match (tag.kind, &*tag.name) {
        (TagKind::StartTag, "script") => TokenSinkResult::RawData(RawKind::ScriptData),
        (TagKind::StartTag, "style") => TokenSinkResult::RawData(RawKind::Rawtext),
        (TagKind::StartTag, "title" | "textarea") => TokenSinkResult::RawData(RawKind::Rcdata),
        _ => TokenSinkResult::Continue,
    }
}

impl Writer {
    fn tag(&mut self, tag: &Tag) {
        let name = &*tag.name;
        let begins = tag.kind == TagKind::StartTag;
        if PARAGRAPHS.contains(&name) {
            self.breaks = self.breaks.max(2);
        } else if LINES.contains(&name) {
            self.breaks = self.breaks.max(1);
        }
        match name {
            "br" if self.unseen == 0 => self.breaks = (self.breaks + 1).min(3),
            "body" => self.unseen = 0,
            "blockquote" => self.quotes = count(self.quotes, begins).min(DEEPEST),
            "a" if begins => self.links.push((address(tag), self.out.len())),
            "a" => self.end_link(),
            "li" if begins => self.write("- "),
            _ if UNSEEN.contains(&name) => self.unseen = count(self.unseen, begins),
            _ => {}
        }
    }

    fn write(&mut self, text: &str) {
        if self.unseen > 0 {
            return;
        }
        for letter in text.chars() {
            match letter {
                // Mails hide these in what their list of mails shows.
                '\u{200b}' | '\u{feff}' | '\u{34f}' | '\u{ad}' => {}
                _ if letter.is_whitespace() => self.is_apart = true,
                _ => {
                    self.start();
                    self.out.push(letter);
                }
            }
        }
    }

    /// Makes the line breaks, the marks of quotes or the space that are due.
    fn start(&mut self) {
        if self.breaks > 0 && !self.out.is_empty() {
            let between = format!("\n{}", "> ".repeat(self.quotes.min(self.depth)));
            self.out.push_str(&between.repeat(self.breaks - 1));
            self.out.push('\n');
        }
        if self.breaks > 0 || self.out.is_empty() {
            self.out.push_str(&"> ".repeat(self.quotes));
        } else if self.is_apart {
            self.out.push(' ');
        }
        (self.breaks, self.is_apart, self.depth) = (0, false, self.quotes);
    }

    /// Where a link led, unless it says so itself.
    fn end_link(&mut self) {
        let Some((Some(address), from)) = self.links.pop() else { return };
        let shown = self.out.get(from..).unwrap_or_default().trim();
        let bare = address.split_once("://").map_or("", |(_, rest)| rest.trim_end_matches('/'));
        if !shown.is_empty() && !shown.contains(bare) {
            self.write(&format!(" <{address}>"));
        }
    }
}

fn count(open: usize, begins: bool) -> usize {
    if begins { open + 1 } else { open.saturating_sub(1) }
}

/// Of a link to a page.
fn address(tag: &Tag) -> Option<String> {
    let address = tag.attrs.iter().find(|attribute| &*attribute.name.local == "href")?.value.to_string();
    (address.starts_with("https://") || address.starts_with("http://")).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_becomes_text() {
        let check = |html: &str, expect: &str| assert_eq!(text(html), expect, "{html}");
        check("<p>Hello <b>Ada</b>,</p>\n<p>it&nbsp;works &amp; helps.</p>", "Hello Ada,\n\nit works & helps.");
        check("<div>one</div><div>two<br>three</div><div><br></div><div>four</div>", "one\ntwo\nthree\n\nfour");
        check("<html><head><title>No</title><style>p{}</style></head><body>Yes<script>a<b</script></body>", "Yes");
        check("<ul><li>one<li>two</ul>", "- one\n- two");
        check("<table><tr><td>a</td><td>b</td></tr></table>", "a\nb");
        check("See <a href=\"https://a.example/?x=1&amp;y\">this</a>!", "See this <https://a.example/?x=1&y>!");
        check("<a href=\"https://a.example/\">a.example</a> <a href=\"javascript:x\">y</a>", "a.example y");
        check("plain text\n  with  room", "plain text with room");
        check("<p>broken <b", "broken");
        check("", "");
    }

    #[test]
    fn quotes_are_marked_as_in_text() {
        let check = |html: &str, expect: &str| assert_eq!(text(html), expect, "{html}");
        check(
            "<div>Works.</div><div class=gmail_quote><div>On 25 Jul 2026 Sam wrote:<br></div><blockquote><div>Try</div>\
             <div>twice</div></blockquote></div>",
            "Works.\nOn 25 Jul 2026 Sam wrote:\n\n> Try\n> twice",
        );
        check("<blockquote>a<blockquote>b</blockquote>c</blockquote>d", "> a\n>\n> > b\n>\n> c\n\nd");
        check("</blockquote>a", "a");
    }
}
