//! Text cut into words, the same way for pages, queries and highlighting.
//!
//! A run of letters and digits is a word. Runs joined by one of `. _ - '` are a compound and are found
//! whole and by their parts: `settings.json` is itself, `settings` and `json`; so is `maxRetries`.
//! Scripts written without spaces are cut into overlapping pairs of characters.

use std::collections::VecDeque;

use unicode_normalization::char::is_combining_mark;

/// Longer words are noise (keys, base64): they are not indexed whole, in bytes.
const LONGEST: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A word of its own.
    Plain,
    /// A compound as a whole; its parts follow.
    Compound,
    /// A part of a compound.
    Part,
    /// One or two characters of a script without spaces.
    Gram,
    /// The last character of a run of them, for whoever looks for it alone; no query asks for it.
    LastLetter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'t> {
    pub text: &'t str,
    /// Byte offset in the text.
    pub start: usize,
    pub shape: Shape,
}

impl Word<'_> {
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// What kind of text it is: decides whether `OpenSearch` is one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// A name such as `GitHub` stays whole; `maxRetries` is taken apart.
    Prose,
    /// Every change of case begins a part.
    Code,
}

/// The words of `text` in order; a compound comes before its parts.
pub fn words(text: &str, kind: Text) -> Words<'_> {
    Words { text, kind, at: 0, pending: VecDeque::new() }
}

pub struct Words<'t> {
    text: &'t str,
    kind: Text,
    at: usize,
    pending: VecDeque<Word<'t>>,
}

impl<'t> Iterator for Words<'t> {
    type Item = Word<'t>;

    fn next(&mut self) -> Option<Word<'t>> {
        loop {
            if let Some(word) = self.pending.pop_front() {
                return Some(word);
            }
            let (start, first) = self.skip_to_word()?;
            let word = match first {
                _ if first.is_ascii() => self.plain_ascii(start).or_else(|| self.read_run(start)),
                _ if is_unspaced(first) => self.read_grams(start),
                _ => self.read_run(start),
            };
            if word.is_some() {
                return word;
            }
        }
    }
}

impl<'t> Words<'t> {
    fn skip_to_word(&mut self) -> Option<(usize, char)> {
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            self.at += rest.iter().position(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii())?;
            let first = match self.text.as_bytes()[self.at] {
                byte if byte.is_ascii() => char::from(byte),
                _ => self.text[self.at..].chars().next()?,
            };
            if first.is_alphanumeric() {
                return Some((self.at, first));
            }
            self.at += first.len_utf8();
        }
    }

    /// The common case, without decoding: an ASCII word that nothing joins to another and no hump divides.
    fn plain_ascii(&mut self, start: usize) -> Option<Word<'t>> {
        let rest = &self.text.as_bytes()[start..];
        let (mut length, mut has_hump, mut was_lower) = (0, false, false);
        while let Some(byte) = rest.get(length).filter(|byte| byte.is_ascii_alphanumeric()) {
            has_hump |= was_lower && byte.is_ascii_uppercase();
            was_lower = byte.is_ascii_lowercase();
            length += 1;
        }
        if has_hump || length > LONGEST || goes_on(&rest[length..]) {
            return None;
        }
        self.at = start + length;
        Some(Word { text: &self.text[start..self.at], start, shape: Shape::Plain })
    }

    /// Reads letters, digits and single joiners between them from `start` on. A plain word is returned,
    /// a compound is left in `pending`.
    fn read_run(&mut self, start: usize) -> Option<Word<'t>> {
        let (mut end, mut changes_case, mut joined) = (start, false, false);
        let mut letters = self.text[start..].char_indices().peekable();
        let mut before = ' ';
        while let Some((offset, letter)) = letters.next() {
            if is_inside(letter) {
                changes_case |= letter.is_uppercase() && before.is_lowercase();
            } else if is_joiner(letter) && letters.peek().is_some_and(|(_, next)| is_inside(*next)) {
                joined = true;
            } else {
                break;
            }
            end = start + offset + letter.len_utf8();
            before = letter;
        }
        self.at = end;
        let word = Word { text: &self.text[start..end], start, shape: Shape::Plain };
        if !(joined || changes_case && self.takes_apart(word.text)) {
            return (word.text.len() <= LONGEST).then_some(word);
        }
        self.push_compound(word);
        None
    }

    fn push_compound(&mut self, word: Word<'t>) {
        if word.text.len() <= LONGEST {
            self.pending.push_back(Word { shape: Shape::Compound, ..word });
        }
        let mut from = 0;
        for part in word.text.split(is_joiner) {
            self.push_part(part, word.start + from);
            from += part.len();
            from += word.text[from..].chars().next().map_or(0, char::len_utf8);
        }
    }

    /// A part between joiners, and where its case changes its own parts.
    fn push_part(&mut self, part: &'t str, start: usize) {
        let humps = match self.takes_apart(part) {
            true => humps(part),
            false => Vec::new(),
        };
        if part.len() <= LONGEST && part.len() < self.pending.front().map_or(usize::MAX, |whole| whole.text.len()) {
            self.pending.push_back(Word { text: part, start, shape: Shape::Part });
        }
        for (from, to) in humps.iter().zip(humps.iter().skip(1)) {
            self.pending.push_back(Word { text: &part[*from..*to], start: start + from, shape: Shape::Part });
        }
    }

    fn takes_apart(&self, word: &str) -> bool {
        self.kind == Text::Code || word.starts_with(char::is_lowercase)
    }

    fn read_grams(&mut self, start: usize) -> Option<Word<'t>> {
        let run = &self.text[start..];
        let length = run.find(|letter| !is_unspaced(letter)).unwrap_or(run.len());
        self.at = start + length;
        let mut ends =
            run[..length].char_indices().map(|(offset, letter)| (offset, offset + letter.len_utf8())).peekable();
        let mut alone = true;
        while let Some((from, to)) = ends.next() {
            let (end, shape) = match ends.peek() {
                Some((_, end)) => (*end, Shape::Gram),
                None if alone => (to, Shape::Gram),
                None => (to, Shape::LastLetter),
            };
            self.pending.push_back(Word { text: &run[from..end], start: start + from, shape });
            alone = false;
        }
        None
    }
}

/// A compound of hyphens without them: `wi-fi` is also written `wifi`.
pub fn written_together(compound: &str) -> Option<String> {
    let is_hyphen = |letter: char| matches!(letter, '-' | '‐');
    let only_hyphens = compound.chars().all(|letter| is_hyphen(letter) || letter.is_alphabetic());
    (only_hyphens && compound.contains(is_hyphen)).then(|| compound.replace(is_hyphen, ""))
}

/// Do these bytes behind an ASCII word belong to it, or may they?
fn goes_on(behind: &[u8]) -> bool {
    match *behind {
        [] => false,
        [byte, ..] if !byte.is_ascii() => true,
        [byte, next, ..] => is_joiner(char::from(byte)) && (next.is_ascii_alphanumeric() || !next.is_ascii()),
        [_] => false,
    }
}

/// Byte offsets at which the parts of `maxHTTPRetries` begin, and its end; empty when there is one part only.
fn humps(word: &str) -> Vec<usize> {
    let letters: Vec<(usize, char)> = word.char_indices().collect();
    let begins = |at: usize| {
        let (before, letter) = (letters[at - 1].1, letters[at].1);
        let next_is_lower = letters.get(at + 1).is_some_and(|(_, next)| next.is_lowercase());
        letter.is_uppercase() && (!before.is_uppercase() || next_is_lower)
    };
    let inner: Vec<usize> = (1..letters.len()).filter(|at| begins(*at)).map(|at| letters[at].0).collect();
    match inner.is_empty() {
        true => inner,
        false => [0].into_iter().chain(inner).chain([word.len()]).collect(),
    }
}

fn is_inside(letter: char) -> bool {
    match letter.is_ascii() {
        true => letter.is_ascii_alphanumeric(),
        false => (letter.is_alphanumeric() || is_combining_mark(letter) || letter == '\u{ad}') && !is_unspaced(letter),
    }
}

/// Full stop, underscore, hyphens, apostrophes; the zero-width joint of Persian words.
fn is_joiner(letter: char) -> bool {
    matches!(letter, '.' | '_' | '-' | '\'' | '’' | '‐' | '\u{200c}')
}

/// Thai, Lao, Burmese, Khmer, Kana, Han, Hangul.
pub fn is_unspaced(letter: char) -> bool {
    matches!(letter,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '々' | '〆'
        | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: Text, text: &str, expect: &[&str]) {
        let found: Vec<Word> = words(text, kind).collect();
        assert_eq!(found.iter().map(|word| word.text).collect::<Vec<_>>(), expect, "{text}");
        for word in found {
            assert_eq!(&text[word.start..word.end()], word.text, "{text}");
        }
    }

    #[test]
    fn compounds_are_found_whole_and_in_parts() {
        check(Text::Prose, "Open settings.json.", &["Open", "settings.json", "settings", "json"]);
        check(Text::Prose, "wi-fi don't", &["wi-fi", "wi", "fi", "don't", "don", "t"]);
        check(Text::Prose, "set maxRetries", &["set", "maxRetries", "max", "Retries"]);
        check(Text::Prose, "OpenSearch on GitHub", &["OpenSearch", "on", "GitHub"]);
        check(Text::Code, "OpenSearch", &["OpenSearch", "Open", "Search"]);
        check(Text::Code, "knn.parseHTTPBody", &["knn.parseHTTPBody", "knn", "parseHTTPBody", "parse", "HTTP", "Body"]);
        check(Text::Prose, "a--b -c- 2.11.0", &["a", "b", "c", "2.11.0", "2", "11", "0"]);
    }

    #[test]
    fn scripts_without_spaces_are_cut_into_pairs() {
        check(Text::Prose, "検索する API", &["検索", "索す", "する", "る", "API"]);
        check(Text::Prose, "字", &["字"]);
        check(Text::Prose, "กู้คืน", &["กู", "ู้", "้ค", "คื", "ืน", "น"]);
    }

    #[test]
    fn marks_stay_with_their_letters() {
        check(Text::Prose, "cafe\u{301} हिन्दी", &["cafe\u{301}", "हिन्दी"]);
    }

    #[test]
    fn nothing_to_find() {
        check(Text::Prose, "", &[]);
        check(Text::Prose, " ... -- ''’ \u{301} ☃ 🦀", &[]);
        check(Text::Prose, &"x".repeat(LONGEST + 1), &[]);
    }
}
