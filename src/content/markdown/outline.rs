//! What a page says, apart from how it looks: headings, sections, anchors, summary, identifiers.

use std::collections::{HashMap, HashSet};

use super::super::{Heading, Section, address};

/// At most this many identifiers are kept of one section.
const MOST_IDENTIFIERS: usize = 300;

#[derive(Default)]
pub struct Outline {
    pub headings: Vec<Heading>,
    pub sections: Vec<Section>,
    current: Section,
    seen: HashSet<String>,
    summary: Summary,
    /// Headings above the current place, outermost first.
    above: Vec<(u8, String)>,
    used: HashMap<String, u32>,
}

/// The first paragraph that says something; a label of two words is taken only if nothing better comes.
#[derive(Default)]
struct Summary {
    text: String,
    good: bool,
    from: Option<usize>,
}

impl Outline {
    /// A unique anchor: the wanted one, or with `-1`, `-2` behind it.
    pub fn anchor(&mut self, wanted: &str) -> String {
        let wanted = match wanted {
            "" => "section".to_owned(),
            theirs if theirs.starts_with(super::super::INTERFACE_IDS) => format!("x-{theirs}"),
            wanted => wanted.to_owned(),
        };
        let mut anchor = wanted.clone();
        while self.used.contains_key(&anchor) {
            let count = self.used.entry(wanted.clone()).or_default();
            *count += 1;
            anchor = format!("{wanted}-{count}");
        }
        self.used.insert(anchor.clone(), 0);
        anchor
    }

    /// An id somebody wrote in raw HTML.
    pub fn note_anchor(&mut self, id: &str) {
        self.used.entry(id.to_owned()).or_default();
    }

    pub fn heading(&mut self, level: u8, title: &str, wanted: Option<&str>) -> String {
        let title = squeeze(title);
        let anchor = self.anchor(&wanted.map_or_else(|| address::anchor(&title), str::to_owned));
        self.close_section();
        self.above.retain(|(above, _)| *above < level);
        self.current = Section {
            anchor: Some(anchor.clone()),
            title: title.clone(),
            above: self.above.iter().map(|(_, title)| title.clone()).collect(),
            ..Section::default()
        };
        self.above.push((level, title.clone()));
        self.headings.push(Heading { anchor: anchor.clone(), title, level });
        anchor
    }

    /// The end of a block or a line: words on its two sides are two words.
    pub fn gap(&mut self) {
        if !self.current.text.is_empty() && !self.current.text.ends_with(' ') {
            self.current.text.push(' ');
        }
    }

    pub fn text(&mut self, text: &str) {
        let out = &mut self.current.text;
        for piece in text.split_inclusive(char::is_whitespace) {
            let word = piece.trim_end();
            out.push_str(word);
            if word.len() < piece.len() && !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        }
    }

    pub fn code_span(&mut self, code: &str) {
        let whole = code.trim();
        if whole.len() <= 80 && !whole.contains(char::is_whitespace) {
            self.identifier(whole.trim_end_matches(['(', ')', ':', ',']));
        } else {
            self.code_block(whole);
        }
    }

    pub fn code_block(&mut self, code: &str) {
        let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '$');
        for word in code.split(|c| !inside(c)) {
            let word = word.trim_matches(['.', '-']);
            if is_identifier(word) {
                self.identifier(word);
            }
        }
    }

    fn identifier(&mut self, word: &str) {
        let few = self.current.identifiers.len() < MOST_IDENTIFIERS;
        if few && word.contains(char::is_alphabetic) && !self.seen.contains(word) {
            self.seen.insert(word.to_owned());
            self.current.identifiers.push(word.to_owned());
        }
    }

    pub fn begin_paragraph(&mut self) {
        self.gap();
        self.summary.from = (!self.summary.good).then_some(self.current.text.len());
    }

    pub fn end_paragraph(&mut self) {
        if let Some(from) = self.summary.from.take() {
            let text = self.current.text.get(from..).unwrap_or_default().trim();
            let good = !text.starts_with("{%") && text.split_whitespace().nth(3).is_some();
            if good || self.summary.text.is_empty() {
                self.summary = Summary { text: text.to_owned(), good, from: None };
            }
        }
        self.gap();
    }

    fn close_section(&mut self) {
        let mut section = std::mem::take(&mut self.current);
        section.text.truncate(section.text.trim_end().len());
        self.seen.clear();
        // An opening without a word is no section.
        if section.anchor.is_some() || !section.text.is_empty() {
            self.sections.push(section);
        }
    }

    pub fn finish(mut self) -> Finished {
        self.close_section();
        let words = self.sections.iter().map(|section| count(&section.text) + count(&section.title)).sum();
        let mut anchors: Vec<String> = self.used.into_keys().collect();
        anchors.sort_unstable();
        Finished { headings: self.headings, sections: self.sections, summary: self.summary.text, words, anchors }
    }
}

pub struct Finished {
    pub headings: Vec<Heading>,
    pub sections: Vec<Section>,
    pub summary: String,
    pub words: u32,
    pub anchors: Vec<String>,
}

fn count(text: &str) -> u32 {
    u32::try_from(text.split_whitespace().count()).unwrap_or(u32::MAX)
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Not a plain word: `max_retries`, `settings.json`, `maxRetries`, `x86`, `no-cache`.
fn is_identifier(word: &str) -> bool {
    let starts = word.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '$');
    let joined = word.contains(|c: char| matches!(c, '_' | '.' | '-' | '$') || c.is_ascii_digit());
    let camel = word.contains(char::is_lowercase) && word.chars().skip(1).any(char::is_uppercase);
    starts && (3..=80).contains(&word.len()) && (joined || camel)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_unique_and_not_the_interfaces_own() {
        let mut outline = Outline::default();
        let mut check = |wanted: &str, expect: &str| assert_eq!(outline.anchor(wanted), expect);
        check("a", "a");
        check("a", "a-1");
        check("a", "a-2");
        check("a-1", "a-1-1");
        check("", "section");
        check("ui-search", "x-ui-search");
    }

    #[test]
    fn identifiers_are_words_of_code() {
        let mut outline = Outline::default();
        outline.code_block("let maxRetries = cfg[\"max_retries\"]; // see settings.json and the word");
        outline.code_span("GET /_search");
        outline.code_span("open()");
        assert_eq!(outline.current.identifiers, ["maxRetries", "max_retries", "settings.json", "_search", "open"]);
    }
}
