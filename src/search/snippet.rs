//! Marks what matched, and cuts the few words around it.
//!
//! The text is cut into words as for the index, and a word is marked when one of the query's words finds
//! it there: as typed, by its stem, or as its beginning.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;

use app::model::{Marked, Span};

use super::language::Language;
use super::query::{Form, Word};
use super::words::{self, Shape, Text};

/// Length of a snippet, in characters.
const LENGTH: usize = 160;
/// Characters shown before the first match of a snippet.
const LEAD: usize = 40;
/// Words to mark on the opened page.
const MOST_TERMS: usize = 8;
/// Enough to find a good stretch; a text full of matches is not read to its end.
const MOST_MATCHES: usize = 32;
/// A longer section is looked through up to here, in bytes.
const MOST_TEXT: usize = 16 << 10;

/// A matched stretch of text, and the number of the query's word that matched.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Match {
    range: Range<usize>,
    word: usize,
}

/// A word to mark.
struct Mark<'q> {
    /// Number of the query's word that it is, or stands for.
    word: usize,
    form: &'q Form,
    grows: bool,
}

/// Finds a query's words in texts of one language.
pub struct Highlighter<'q> {
    marks: Vec<Mark<'q>>,
    language: &'q Language,
    /// What a word without marks begins with, if it can match at all.
    beginnings: Vec<&'q [u8]>,
    /// By a word's first byte: can it match at all?
    first_bytes: [bool; 256],
    /// Which word shares its stem, by exact form: stemming is dear and texts repeat themselves.
    by_stem: RefCell<HashMap<String, Option<usize>>>,
}

impl<'q> Highlighter<'q> {
    pub fn new(words: &'q [Word], language: &'q Language) -> Self {
        let marks = marks(words, language);
        let beginnings: Vec<&[u8]> = marks.iter().flat_map(|mark| beginnings(mark.form, language)).collect();
        // Of letters beyond ASCII anything may come once their marks are taken off.
        let mut first_bytes: [bool; 256] = std::array::from_fn(|byte| byte >= 0xc0);
        for beginning in &beginnings {
            match beginning.first() {
                Some(first) => {
                    first_bytes[usize::from(*first)] = true;
                    first_bytes[usize::from(first.to_ascii_uppercase())] = true;
                }
                None => first_bytes = std::array::from_fn(|byte| byte >= 0x80 || (byte as u8).is_ascii_alphanumeric()),
            }
        }
        Self { marks, language, beginnings, first_bytes, by_stem: RefCell::default() }
    }

    /// The whole of `text`, marked.
    pub fn mark(&self, text: &str) -> Marked {
        spans(text, 0..text.len(), &self.matches(text))
    }

    /// The best stretch of `text`, marked, and the words that matched as they stand in it, each once.
    pub fn snippet(&self, text: &str) -> (Marked, Vec<String>) {
        let text = &text[..floor(text, MOST_TEXT)];
        let matches = self.matches(text);
        (excerpt(text, &matches), terms(text, &matches))
    }

    /// In order.
    fn matches(&self, text: &str) -> Vec<Match> {
        let (mut found, mut exact) = (Vec::<Match>::new(), String::new());
        for part in self.candidates(text) {
            self.language.exact(part.text, &mut exact);
            let Some(word) = self.word(part.text, &exact, part.shape) else {
                continue;
            };
            let full = found.len() == MOST_MATCHES;
            match found.last_mut() {
                // A part of a compound marked whole, or pairs of characters that overlap.
                Some(last) if part.start < last.range.end => last.range.end = last.range.end.max(part.end()),
                _ if full => break,
                _ => found.push(Match { range: part.start..part.end(), word }),
            }
        }
        found
    }

    /// The words of `text` that can match. Most cannot by how they begin: only what stands between white space around
    /// a beginning is cut into words.
    fn candidates<'t>(&self, text: &'t str) -> impl Iterator<Item = words::Word<'t>> {
        let (bytes, mut from) = (text.as_bytes(), 0);
        let chunks = std::iter::from_fn(move || {
            let at = (from..bytes.len()).find(|at| self.can_begin(bytes, *at))?;
            let start =
                bytes[from..at].iter().rposition(u8::is_ascii_whitespace).map_or(from, |space| from + space + 1);
            from = bytes[at + 1..].iter().position(u8::is_ascii_whitespace).map_or(bytes.len(), |space| at + 1 + space);
            Some((start, &text[start..from]))
        });
        let cut = |(start, chunk)| {
            words::words(chunk, Text::Prose).map(move |word| words::Word { start: start + word.start, ..word })
        };
        chunks.flat_map(cut).filter(|word| self.begins_like(word.text.as_bytes()))
    }

    /// Can a word that matches begin here? Says yes at times where none does, but never no where one does.
    fn can_begin(&self, text: &[u8], at: usize) -> bool {
        let first = text[at];
        if !self.first_bytes[usize::from(first)] {
            return false;
        }
        let goes_on = at > 0 && text[at - 1].is_ascii_alphanumeric() && first.is_ascii() && !first.is_ascii_uppercase();
        !goes_on && !text[at..].starts_with(PUNCTUATION) && self.begins_like(&text[at..])
    }

    fn begins_like(&self, word: &[u8]) -> bool {
        self.beginnings.iter().any(|beginning| {
            let start = &word[..beginning.len().min(word.len())];
            start.eq_ignore_ascii_case(beginning) || !start.is_ascii() || !word.first().is_some_and(u8::is_ascii)
        })
    }

    fn word(&self, text: &str, exact: &str, shape: Shape) -> Option<usize> {
        let together = (shape == Shape::Compound).then(|| words::written_together(exact)).flatten();
        let as_typed = |mark: &&Mark<'_>| {
            let word = &mark.form.exact;
            word == exact || mark.grows && exact.starts_with(word) || together.as_ref() == Some(word)
        };
        if let Some(mark) = self.marks.iter().find(as_typed) {
            return Some(mark.word);
        }
        if !matches!(shape, Shape::Plain | Shape::Part) {
            return None;
        }
        if let Some(known) = self.by_stem.borrow().get(exact) {
            return *known;
        }
        let stem = self.language.stem(text, exact);
        let stem = stem.as_deref().unwrap_or(exact);
        let word = self.marks.iter().find(|mark| mark.form.stem() == stem).map(|mark| mark.word);
        self.by_stem.borrow_mut().insert(exact.to_owned(), word);
        word
    }
}

/// The query's words first; of words in their place those that say something.
fn marks<'q>(words: &'q [Word], language: &Language) -> Vec<Mark<'q>> {
    let asked = words.iter().enumerate().map(|(word, asked)| Mark { word, form: &asked.form, grows: asked.grows });
    let instead = words.iter().enumerate().flat_map(|(word, asked)| {
        asked.instead.iter().flat_map(move |instead| {
            let alone = instead.forms.len() == 1;
            instead.forms.iter().map(move |form| (alone, Mark { word, form, grows: false }))
        })
    });
    let says_something =
        |(alone, mark): (bool, Mark<'q>)| (alone || !language.is_stop_word(&mark.form.exact)).then_some(mark);
    asked.chain(instead.filter_map(says_something)).collect()
}

/// Dashes, quotation marks and ellipses, in UTF-8: U+2000 to U+203F, none of which begins a word.
const PUNCTUATION: &[u8] = &[0xe2, 0x80];

/// What a word without marks begins with if `word` finds it, by either of its forms.
fn beginnings<'q>(word: &'q Form, language: &Language) -> impl Iterator<Item = &'q [u8]> {
    let stem = word.stem();
    let alike = word.exact.bytes().zip(stem.bytes()).take_while(|(one, other)| one == other).count();
    let letters = language.kept_letters(stem).min(alike.max(1));
    let both = [&word.exact, stem].map(|form| &form.as_bytes()[..letters.min(form.len())]);
    both.into_iter().take(if alike == 0 { 2 } else { 1 })
}

/// The stretch with the most of the query's words, a little before the first of them.
fn window(text: &str, matches: &[Match]) -> Range<usize> {
    let first = (0..matches.len()).max_by_key(|at| (richness(&matches[*at..]), Reverse(*at)));
    let start = first.map_or(0, |at| start_of(text, matches[at].range.start));
    start..end_of(text, start)
}

/// How many of the query's words, and how many matches, stand close behind the first match.
fn richness(matches: &[Match]) -> (u32, usize) {
    let end = matches[0].range.start + LENGTH - LEAD;
    let close = matches.iter().take_while(|found| found.range.end <= end);
    let (words, count) = close.fold((0u64, 0), |(words, count), found| (words | 1 << found.word, count + 1));
    (words.count_ones(), count)
}

/// `LEAD` characters before `at`, moved to where a word begins; the text's beginning if that is near.
fn start_of(text: &str, at: usize) -> usize {
    let Some((start, _)) = text[..at].char_indices().rev().nth(LEAD) else {
        return 0;
    };
    let mut letters = text[start..at].char_indices();
    letters.by_ref().find(|(_, letter)| letter.is_whitespace());
    letters.next().map_or(at, |(word, _)| start + word)
}

/// `LENGTH` characters behind `start`, moved back to where a word ends.
fn end_of(text: &str, start: usize) -> usize {
    let Some((length, _)) = text[start..].char_indices().nth(LENGTH) else {
        return text.len();
    };
    let space = text[start..start + length].rfind(char::is_whitespace).filter(|space| *space > length / 2);
    start + space.unwrap_or(length)
}

/// `range` of `text` as spans, with an ellipsis where text was left out.
fn spans(text: &str, range: Range<usize>, matches: &[Match]) -> Marked {
    let mut spans = Vec::new();
    let mut push = |text: &str, matched: bool| {
        if !text.is_empty() {
            spans.push(Span { text: text.to_owned(), matched });
        }
    };
    if range.start > 0 {
        push("…", false);
    }
    let mut at = range.start;
    for found in matches.iter().filter(|found| found.range.start >= range.start && found.range.end <= range.end) {
        push(&text[at..found.range.start], false);
        push(&text[found.range.clone()], true);
        at = found.range.end;
    }
    push(&text[at..range.end], false);
    if range.end < text.len() {
        push("…", false);
    }
    Marked(spans)
}

fn excerpt(text: &str, matches: &[Match]) -> Marked {
    let mut marked = spans(text, window(text, matches), matches);
    collapse_spaces(&mut marked);
    marked
}

fn collapse_spaces(marked: &mut Marked) {
    for span in &mut marked.0 {
        if span.text.contains(['\n', '\t', '\r']) {
            span.text = span.text.replace(['\n', '\t', '\r'], " ");
        }
    }
}

fn terms(text: &str, matches: &[Match]) -> Vec<String> {
    let mut terms: Vec<String> = Vec::new();
    for found in matches {
        let term = &text[found.range.clone()];
        if !terms.iter().any(|known| known == term) {
            terms.push(term.to_owned());
        }
        if terms.len() == MOST_TERMS {
            break;
        }
    }
    terms
}

/// The last character boundary up to `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::query;

    fn check(locale: &str, asked: &str, text: &str, expect: &str) -> Vec<String> {
        let language = Language::of(locale);
        let words = query::read(asked, &language, query::StopWords::LeftOut, &mut Vec::new()).words;
        let (marked, terms) = Highlighter::new(&words, &language).snippet(text);
        let shown: String = marked
            .0
            .iter()
            .map(|span| if span.matched { format!("[{}]", span.text) } else { span.text.clone() })
            .collect();
        assert_eq!(shown, expect, "{asked}");
        terms
    }

    #[test]
    fn what_really_matched_is_marked() {
        check("en", "restore snapshots ", "Restoring a snapshot, restored.", "[Restoring] a [snapshot], [restored].");
        check("en", "rest", "Restore at rest, arrest", "[Restore] at [rest], arrest");
        check("en", "how do I rest", "How I do rest", "How I do [rest]");
        check("en", "json", "Open settings.json!", "Open settings.[json]!");
        check("en", "settings.json", "Open settings.json!", "Open [settings.json]!");
        check("fr", "reseau ", "Les réseaux privés", "Les [réseaux] privés");
        check("ja", "検索結果", "全文検索の結果を検索結果に", "全文[検索]の[結果]を[検索結果]に");
        check("ru", "файл ", "Удалить файлы", "Удалить [файлы]");
    }

    #[test]
    fn terms_stand_as_in_the_text() {
        let terms = check("en", "restore ", "Restore, restoring, Restore", "[Restore], [restoring], [Restore]");
        assert_eq!(terms, ["Restore", "restoring"]);
    }

    #[test]
    fn the_window_holds_the_most_words() {
        let filler = "lorem ipsum dolor ".repeat(20);
        let text = format!("snapshot first. {filler}here you restore the snapshot {filler}");
        let language = Language::of("en");
        let words = query::read("restore snapshot ", &language, query::StopWords::LeftOut, &mut Vec::new()).words;
        let (marked, _) = Highlighter::new(&words, &language).snippet(&text);
        assert_eq!(marked.0.iter().filter(|span| span.matched).count(), 2);
        let plain = marked.plain();
        assert!(plain.starts_with('…') && plain.ends_with('…') && plain.chars().count() <= LENGTH + 2, "{plain}");
    }

    #[test]
    fn without_a_match_the_text_begins() {
        check("en", "absent ", "Nothing here\nto see", "Nothing here to see");
        check("en", "absent ", "", "");
    }
}
