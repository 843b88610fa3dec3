//! What a reader asks for, bounded and cleaned.

mod operators;

use app::model::{Notice, Rung};
use unicode_normalization::UnicodeNormalization;

use super::filter::Attribute;
use super::language::Language;
use super::words::{self, Shape, Text, is_unspaced};

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
    /// An article needs all of them.
    pub attributes: Vec<(Attribute, String)>,
    pub limit: usize,
    pub offset: usize,
    pub ladder: Ladder,
    /// Count what every language of the site has, as a facet; that takes as many searches as there are languages.
    pub count_locales: bool,
    /// Tell of every hit what its score is made of.
    pub explain: bool,
}

/// Which rungs may be used beside whole words; readers get all of them, measurements leave some out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ladder {
    /// Words written together or apart.
    pub compounds: bool,
    pub synonyms: bool,
    /// Words one or two letters away.
    pub typos: bool,
    /// Articles that mean the same in other words.
    pub meaning: bool,
}

impl Default for Ladder {
    fn default() -> Self {
        Self { compounds: true, synonyms: true, typos: true, meaning: true }
    }
}

/// A word in the forms the index holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    pub exact: String,
    /// `None` when it equals the exact form.
    pub stem: Option<String>,
}

impl Form {
    /// Of a word as somebody wrote it.
    pub fn of(word: &str, language: &Language) -> Self {
        let mut exact = String::new();
        language.exact(word, &mut exact);
        let stem = language.stem(word, &exact);
        Self { exact, stem }
    }

    pub fn stem(&self) -> &str {
        self.stem.as_deref().unwrap_or(&self.exact)
    }

    /// One letter of an alphabet; one character of a script without spaces says much more.
    pub fn is_one_letter(&self) -> bool {
        let mut letters = self.exact.chars();
        letters.next().is_some_and(|letter| !is_unspaced(letter)) && letters.next().is_none()
    }
}

/// The words of `text` as they follow one another, a compound by its parts.
pub fn forms(text: &str, language: &Language) -> Vec<Form> {
    let parts = words::words(text, Text::Prose).filter(|part| is_asked_for(part) && part.shape != Shape::Compound);
    parts.map(|part| Form::of(part.text, language)).collect()
}

/// Words that are as good as a query's word, or nearly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// How they come to stand for it: a compound, a synonym, a typo; or a typo of a word that the site lacks, for
    /// meaning alone.
    pub rung: Rung,
    /// One, or several that must stand one after another.
    pub forms: Vec<Form>,
}

impl Alternative {
    pub fn text(&self) -> String {
        self.forms.iter().map(|form| form.exact.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// One word of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub form: Form,
    /// An article without it is not a whole answer. Stop words and compounds as a whole are not required.
    pub required: bool,
    /// Also met as the beginning of a longer word: it stands last and nothing says it is complete.
    pub grows: bool,
    /// Looked for as well, strongest first.
    pub instead: Vec<Alternative>,
}

/// A query as it was understood.
#[derive(Debug, Default)]
pub struct Reading {
    /// The words to search for, each once.
    pub words: Vec<Word>,
    /// The words as they follow one another, stop words and all but no compound as a whole.
    pub sequence: Vec<Part>,
    /// What must stand in an article, word by word; each in exact form.
    pub phrases: Vec<Vec<Form>>,
    /// What must not.
    pub excluded: Vec<Vec<Form>>,
    /// The text without what is excluded and without quotation marks.
    pub plain: String,
}

/// A word where it stands in the query.
#[derive(Debug)]
pub struct Part {
    pub form: Form,
    /// Index into the words to search for; `None` for a stop word that is left out.
    pub word: Option<usize>,
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

/// Would a search for this text take some of it as a phrase, or leave something out?
pub fn has_operators(text: &str) -> bool {
    let found = operators::read(text);
    !(found.phrases.is_empty() && found.excluded.is_empty())
}

/// What becomes of words that carry no meaning in a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopWords {
    /// Left out beside words that mean something.
    LeftOut,
    Kept,
}

/// Reads `text`, which is [`clean`].
pub fn read(text: &str, language: &Language, stop_words: StopWords, notices: &mut Vec<Notice>) -> Reading {
    let operators::Operators { plain, phrases, excluded } = operators::read(text);
    let words = words(&plain, language, stop_words, notices);
    let part = |form: Form| Part { word: words.iter().position(|word| word.form.exact == form.exact), form };
    let sequence = forms(&plain, language).into_iter().map(part).collect();
    let all = |texts: Vec<&str>| {
        texts.into_iter().map(|text| forms(text, language)).filter(|forms| !forms.is_empty()).collect::<Vec<_>>()
    };
    notices.extend(excluded.iter().map(|words| Notice::Excluded { words: (*words).to_owned() }));
    Reading { words, sequence, phrases: all(phrases), excluded: all(excluded), plain }
}

/// The words to search for, each once. With nothing but stop words, these are searched.
fn words(text: &str, language: &Language, stop_words: StopWords, notices: &mut Vec<Notice>) -> Vec<Word> {
    let mut found: Vec<(Word, bool)> = Vec::new();
    for part in words::words(text, Text::Prose).filter(is_asked_for) {
        let word = word(part, text, language);
        if found.iter().any(|(known, _)| known.form.exact == word.form.exact) {
            continue;
        }
        if found.len() == MOST_WORDS {
            let used = text[..part.start].chars().count();
            notices.retain(|notice| !matches!(notice, Notice::QueryShortened { .. }));
            notices.push(Notice::QueryShortened { used });
            break;
        }
        let stop = stop_words == StopWords::LeftOut && language.is_stop_word(&word.form.exact);
        found.push((word, stop));
    }
    if found.iter().any(|(word, stop)| word.required && !stop) {
        found.retain(|(_, stop)| !stop);
    }
    // The first letter of a word still to come narrows nothing.
    if let [.., (last, _)] = &mut found[..] {
        last.required &= !(last.grows && last.form.is_one_letter());
    }
    found.into_iter().map(|(word, _)| word).collect()
}

fn is_asked_for(part: &words::Word<'_>) -> bool {
    part.shape != Shape::LastLetter
}

fn word(part: words::Word<'_>, text: &str, language: &Language) -> Word {
    let mut form = Form::of(part.text, language);
    let required = match part.shape {
        Shape::Plain | Shape::Gram | Shape::LastLetter => true,
        // The parts say what the whole says; the `s` of "snapshot's" says nothing.
        Shape::Part => part.text.chars().nth(1).is_some(),
        Shape::Compound => false,
    };
    if matches!(part.shape, Shape::Compound | Shape::Gram) {
        form.stem = None;
    }
    let grows = match part.shape {
        // A character alone is the beginning of a pair.
        Shape::Gram => part.text.chars().nth(1).is_none(),
        _ => part.end() == text.len(),
    };
    Word { form, required, grows, instead: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[&str]) -> Vec<Notice> {
        let mut notices = Vec::new();
        let cleaned = clean(text, &mut notices);
        let found = read(&cleaned, &Language::of("en"), StopWords::LeftOut, &mut notices).words;
        assert_eq!(found.iter().map(|word| word.form.exact.as_str()).collect::<Vec<_>>(), expect, "{text}");
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
        let grows = |text: &str| {
            words(text, &Language::of("en"), StopWords::LeftOut, &mut Vec::new()).pop().is_some_and(|word| word.grows)
        };
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
