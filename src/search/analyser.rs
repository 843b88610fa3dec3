//! Words as the index holds them: each in its exact form and, marked, by its stem, in one field.
//!
//! One pass writes both forms, and one list of postings answers each. A stem equal to its word is not
//! written twice, so whoever looks for a stem asks for both (see [`super::score`]).

use std::collections::HashMap;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::language::Language;
use super::words::{self, Shape, Text, Words};

/// Stands before a stem in the index; no word can hold it.
pub const STEM_MARK: char = '\u{1}';

/// Stems remembered while indexing; a site's vocabulary seldom holds more.
const REMEMBERED: usize = 50_000;

#[derive(Clone)]
pub struct Analyser {
    language: Language,
    kind: Text,
    /// Word → its stem with the mark, where it has one of its own. Stemming is the dearest part of indexing.
    stems: HashMap<Box<str>, Option<Box<str>>>,
}

impl Analyser {
    pub fn new(language: Language, kind: Text) -> Self {
        Self { language, kind, stems: HashMap::new() }
    }

    /// Writes the marked stem of `word` if it has one of its own.
    fn stem(&mut self, word: &str, exact: &str, into: &mut String) {
        if let Some(known) = self.stems.get(exact) {
            into.push_str(known.as_deref().unwrap_or_default());
            return;
        }
        if self.stems.len() >= REMEMBERED {
            self.stems.clear();
        }
        let stem = self.language.stem(word, exact).map(|stem| format!("{STEM_MARK}{stem}").into_boxed_str());
        into.push_str(stem.as_deref().unwrap_or_default());
        self.stems.insert(exact.into(), stem);
    }
}

impl Tokenizer for Analyser {
    type TokenStream<'a> = Tokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens<'a> {
        Tokens { words: words::words(text, self.kind), analyser: self, token: Token::default(), pending: String::new() }
    }
}

pub struct Tokens<'a> {
    words: Words<'a>,
    analyser: &'a mut Analyser,
    token: Token,
    /// Other forms of the word just given that are still to come: its marked stem, a compound written together.
    pending: String,
}

impl TokenStream for Tokens<'_> {
    fn advance(&mut self) -> bool {
        if !self.pending.is_empty() {
            std::mem::swap(&mut self.token.text, &mut self.pending);
            self.pending.clear();
            return true;
        }
        let Some(word) = self.words.next() else {
            return false;
        };
        self.analyser.language.exact(word.text, &mut self.token.text);
        match word.shape {
            Shape::Plain | Shape::Part => self.analyser.stem(word.text, &self.token.text, &mut self.pending),
            Shape::Compound => self.pending.extend(words::written_together(&self.token.text)),
            Shape::Gram | Shape::LastLetter => {}
        }
        // A compound stands where its first part does, so that the parts of a phrase follow one another.
        if self.token.position == usize::MAX || word.start != self.token.offset_from {
            self.token.position = self.token.position.wrapping_add(1);
        }
        (self.token.offset_from, self.token.offset_to) = (word.start, word.end());
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_in_both_forms() {
        let mut analyser = Analyser::new(Language::of("en"), Text::Prose);
        let mut found = Vec::new();
        analyser
            .token_stream("Restoring a snapshot with settings.json")
            .process(&mut |token| found.push(token.text.clone()));
        assert_eq!(
            found,
            ["restoring", "\u{1}restor", "a", "snapshot", "with", "settings.json", "settings", "\u{1}set", "json"]
        );
    }

    #[test]
    fn a_compound_stands_where_its_first_part_does() {
        let mut analyser = Analyser::new(Language::of("en"), Text::Prose);
        let mut found = Vec::new();
        analyser.token_stream("On wi-fi now").process(&mut |token| found.push((token.position, token.text.clone())));
        let expect = [(0, "on"), (1, "wi-fi"), (1, "wifi"), (1, "wi"), (2, "fi"), (3, "now")];
        assert_eq!(found, expect.map(|(position, text)| (position, text.to_owned())));
    }
}
