//! What a reader asks for, bounded and cleaned.

use app::model::Notice;
use unicode_normalization::UnicodeNormalization;

use super::language::Language;
use super::words::{self, Shape, Text};

/// Characters of a query that are searched, and words of them.
const MOST_CHARACTERS: usize = 200;
pub const MOST_WORDS: usize = 24;

/// A search as it was asked. Every field comes from outside; [`super::search`] bounds what it uses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    pub text: String,
    /// Locale to search in; the default locale when absent.
    pub locale: Option<String>,
    /// Category path without locale and leading slash: `start/install`.
    pub category: Option<String>,
    pub tags: Vec<String>,
    pub limit: usize,
    pub offset: usize,
    pub ladder: Ladder,
    /// Sent while the reader types. Finds the same either way, so that Enter changes nothing; what counts searches
    /// needs to know.
    pub as_you_type: bool,
}

/// Which rungs may be used beside whole words; readers get all of them, measurements leave some out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ladder {
    /// Words one or two letters away.
    pub typos: bool,
    /// Articles that mean the same in other words.
    pub meaning: bool,
}

impl Default for Ladder {
    fn default() -> Self {
        Self { typos: true, meaning: true }
    }
}

/// One word of a query, in the forms the index holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub exact: String,
    /// `None` when it equals the exact form.
    pub stem: Option<String>,
    /// An article without it is not a whole answer. Stop words and compounds as a whole are not required.
    pub required: bool,
    /// Also met as the beginning of a longer word: it stands last and nothing says it is complete.
    pub grows: bool,
    /// Words of the site it may stand for, likeliest first, when it finds nothing itself.
    pub meant: Vec<Word>,
}

impl Word {
    /// A whole word, given in its exact form.
    pub fn complete(exact: String, language: &Language) -> Self {
        let stem = language.stem(&exact, &exact);
        Self { exact, stem, required: false, grows: false, meant: Vec::new() }
    }
}

/// The words to mark in what was found: each, and what it stands for.
pub fn marked(words: &[Word]) -> Vec<Word> {
    words.iter().chain(words.iter().flat_map(|word| &word.meant)).cloned().collect()
}

/// The text of a query without control characters, in composed form (NFC), and shortened to what is searched.
pub fn clean(text: &str, notices: &mut Vec<Notice>) -> String {
    let mut letters = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).nfc();
    let used: String = letters.by_ref().take(MOST_CHARACTERS).collect();
    if letters.any(|letter| !letter.is_whitespace()) {
        notices.push(Notice::QueryShortened { used: MOST_CHARACTERS });
    }
    used
}

/// The words to search for, each once. With nothing but stop words, these are searched.
pub fn words(text: &str, language: &Language, notices: &mut Vec<Notice>) -> Vec<Word> {
    let mut found: Vec<(Word, bool)> = Vec::new();
    for part in words::words(text, Text::Prose) {
        let word = word(part, text, language);
        if found.iter().any(|(known, _)| known.exact == word.exact) {
            continue;
        }
        if found.len() == MOST_WORDS {
            let used = text[..part.start].chars().count();
            notices.retain(|notice| !matches!(notice, Notice::QueryShortened { .. }));
            notices.push(Notice::QueryShortened { used });
            break;
        }
        let stop = language.is_stop_word(&word.exact);
        found.push((word, stop));
    }
    if found.iter().any(|(word, stop)| word.required && !stop) {
        found.retain(|(_, stop)| !stop);
    }
    // The first letter of a word still to come narrows nothing.
    if let [.., (last, _)] = &mut found[..] {
        last.required &= !(last.grows && last.exact.chars().nth(1).is_none());
    }
    found.into_iter().map(|(word, _)| word).collect()
}

fn word(part: words::Word<'_>, text: &str, language: &Language) -> Word {
    let mut exact = String::new();
    language.exact(part.text, &mut exact);
    let stem = match part.shape {
        Shape::Plain | Shape::Part => language.stem(part.text, &exact),
        Shape::Compound | Shape::Gram => None,
    };
    let required = match part.shape {
        Shape::Plain | Shape::Gram => true,
        // The parts say what the whole says; the `s` of "snapshot's" says nothing.
        Shape::Part => part.text.chars().nth(1).is_some(),
        Shape::Compound => false,
    };
    Word { exact, stem, required, grows: part.end() == text.len() && part.shape != Shape::Gram, meant: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[&str]) -> Vec<Notice> {
        let mut notices = Vec::new();
        let cleaned = clean(text, &mut notices);
        let found = words(&cleaned, &Language::of("en"), &mut notices);
        assert_eq!(found.iter().map(|word| word.exact.as_str()).collect::<Vec<_>>(), expect, "{text}");
        notices
    }

    #[test]
    fn stop_words_yield_to_words_that_mean_something() {
        check("How do I restore a snapshot?", &["restore", "snapshot"]);
        check("how to", &["how", "to"]);
        check("the \0 \u{7} restore RESTORE", &["restore"]);
        check("", &[]);
        check("?!… \u{202e} -", &[]);
    }

    #[test]
    fn compounds_ask_for_their_parts() {
        check("settings.json", &["settings.json", "settings", "json"]);
        check("snapshot's", &["snapshot's", "snapshot"]);
    }

    #[test]
    fn only_an_unfinished_last_word_grows() {
        let grows = |text: &str| words(text, &Language::of("en"), &mut Vec::new()).pop().is_some_and(|word| word.grows);
        assert!(grows("restore snap"));
        assert!(!grows("restore snap "));
        assert!(!grows("restore snap?"));
    }

    #[test]
    fn long_queries_are_shortened_and_say_so() {
        assert_eq!(check(&format!("snap {}", "x".repeat(10_000)), &["snap"]), [Notice::QueryShortened { used: 200 }]);
        let many: Vec<String> = (10..60).map(|number| number.to_string()).collect();
        let expect: Vec<&str> = many.iter().take(MOST_WORDS).map(String::as_str).collect();
        assert_eq!(check(&many.join(" "), &expect), [Notice::QueryShortened { used: 72 }]);
        assert_eq!(check("short", &["short"]), []);
    }
}
