//! Code blocks. In a page that goes through the sanitiser they wait outside and are put in after.

use super::super::highlight;
use super::escape::{attribute, escape};

#[derive(Default)]
pub struct Code {
    /// Of each waiting block, its HTML.
    waiting: Vec<String>,
}

impl Code {
    /// `wait` when the page will go through the sanitiser. False when nobody knows the language.
    pub fn block(&mut self, out: &mut String, language: &str, text: &str, wait: bool) -> bool {
        let known = highlight::language(language);
        out.push_str("<div class=\"code\"");
        if !language.is_empty() {
            attribute(out, "data-language", language);
        }
        out.push_str("><pre tabindex=\"0\">");
        if wait {
            out.push_str(&placeholder(self.waiting.len()));
            self.waiting.push(code(known, text));
        } else {
            out.push_str(&code(known, text));
        }
        out.push_str("</pre></div>\n");
        known.is_some() || language.is_empty()
    }

    /// A placeholder cannot be forged inside an attribute: its own quotes would have been escaped there.
    pub fn put_in(&self, html: &str) -> String {
        let mut out = String::with_capacity(html.len() + self.waiting.iter().map(String::len).sum::<usize>());
        let mut rest = html;
        while let Some(at) = rest.find(OPEN) {
            out.push_str(&rest[..at]);
            let after = &rest[at + OPEN.len()..];
            let (number, past) = after.split_once(CLOSE).unwrap_or_default();
            match number.parse().ok().and_then(|number: usize| self.waiting.get(number)) {
                Some(block) => {
                    out.push_str(block);
                    rest = past;
                }
                None => {
                    out.push_str(OPEN);
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out
    }
}

const OPEN: &str = "<code data-code=\"";
const CLOSE: &str = "\"></code>";

fn placeholder(number: usize) -> String {
    format!("{OPEN}{number}{CLOSE}")
}

fn code(language: Option<highlight::Language>, text: &str) -> String {
    let mut html = String::with_capacity(text.len() * 2);
    html.push_str("<code>");
    match language {
        Some(language) => highlight::highlight(&mut html, language, text),
        None => escape(&mut html, text),
    }
    html.push_str("</code>");
    html
}
