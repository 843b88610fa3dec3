//! What search knows of a language: how its words are cut to their stems, which marks it tells apart,
//! and which words carry no meaning in a question. The one place where a locale decides anything.

mod fold;
mod stop;

use frostem::{Algorithm, Stemmer};

/// How the words of one locale are compared.
#[derive(Clone, Copy)]
pub struct Language {
    stemmer: Option<Stemmer>,
    /// Letters with a mark that this language counts as letters of their own.
    kept: &'static str,
    stop_words: &'static str,
    /// A word and its stem begin with the same letter.
    stems_keep_beginning: bool,
    /// Words of more than a few letters change at their end only.
    cuts_endings_only: bool,
}

impl Language {
    /// `locale` is a BCP 47 tag. A language without a stemmer is compared by whole words.
    pub fn of(locale: &str) -> Self {
        let primary = locale.split(['-', '_']).next().unwrap_or(locale).to_ascii_lowercase();
        let (algorithm, kept) = match primary.as_str() {
            "ar" => (Some(Algorithm::Arabic), ""),
            "da" => (Some(Algorithm::Danish), "æøå"),
            "de" => (Some(Algorithm::German), "äöü"),
            "el" => (Some(Algorithm::Greek), ""),
            "en" => (Some(Algorithm::English), ""),
            "es" => (Some(Algorithm::Spanish), "ñ"),
            "fi" => (Some(Algorithm::Finnish), "äöå"),
            "fr" => (Some(Algorithm::French), ""),
            "hu" => (Some(Algorithm::Hungarian), "öőüű"),
            "it" => (Some(Algorithm::Italian), ""),
            "nb" | "nn" | "no" => (Some(Algorithm::Norwegian), "æøå"),
            "nl" => (Some(Algorithm::Dutch), ""),
            "pt" => (Some(Algorithm::Portuguese), ""),
            "ro" => (Some(Algorithm::Romanian), ""),
            "ru" => (Some(Algorithm::Russian), "й"),
            "sv" => (Some(Algorithm::Swedish), "äöå"),
            "ta" => (Some(Algorithm::Tamil), ""),
            "tr" => (Some(Algorithm::Turkish), "çğöşü"),
            _ => (None, ""),
        };
        Self {
            stemmer: algorithm.map(Stemmer::new),
            kept,
            stop_words: stop::words(&primary),
            stems_keep_beginning: !matches!(primary.as_str(), "ar" | "nl"),
            cuts_endings_only: primary == "en",
        }
    }

    /// Does `word`, in its exact form, say nothing about what is asked? "how", "the".
    pub fn is_stop_word(&self, word: &str) -> bool {
        self.stop_words.split_ascii_whitespace().any(|stop| stop == word)
    }

    /// How many letters every word of this stem has in common with it at least, from the first on, if none of them
    /// has a mark.
    pub fn kept_letters(&self, stem: &str) -> usize {
        match (self.stems_keep_beginning, self.cuts_endings_only, stem.len()) {
            (false, ..) => 0,
            // "dying" and "skies" belong to "die" and "sky"; in longer words the last letter of a stem may differ.
            (true, true, 5..) => 3,
            (true, true, 4) => 2,
            (true, ..) => 1,
        }
    }

    /// Writes the form in which `word` is compared exactly: lower case, without the marks this language ignores.
    pub fn exact(&self, word: &str, into: &mut String) {
        into.clear();
        match word.is_ascii() {
            true => {
                into.push_str(word);
                into.make_ascii_lowercase();
            }
            false => fold::fold(&fold::lowercase(word), self.kept, into),
        }
    }

    /// The stem of `word` in its compared form; `None` when it equals the exact form or the word has no stem.
    pub fn stem(&self, word: &str, exact: &str) -> Option<String> {
        let stemmer = self.stemmer?;
        if exact.len() < 3 || exact.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let stem = match word.is_ascii() {
            true => stemmer.stem(exact).into_owned(),
            false => {
                let mut folded = String::new();
                fold::fold(&stemmer.stem(&fold::lowercase(word)), self.kept, &mut folded);
                folded
            }
        };
        (stem != exact && !stem.is_empty()).then_some(stem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(locale: &str, word: &str, exact: &str, stem: Option<&str>) {
        let (language, mut found) = (Language::of(locale), String::new());
        language.exact(word, &mut found);
        assert_eq!(found, exact, "exact form of {word} in {locale}");
        assert_eq!(language.stem(word, exact).as_deref(), stem, "stem of {word} in {locale}");
    }

    #[test]
    fn words_are_compared_as_their_language_compares_them() {
        check("en", "Restoring", "restoring", Some("restor"));
        check("en-GB", "snapshot", "snapshot", None);
        check("en", "Café", "cafe", None);
        check("en", "ＡＰＩ", "api", None);
        check("de", "Häuser", "häuser", Some("haus"));
        check("de", "Straße", "strasse", Some("strass"));
        check("fr", "réseaux", "reseaux", Some("reseau"));
        check("es", "Montañas", "montañas", Some("montañ"));
        check("sv", "Åtgärderna", "åtgärderna", Some("åtgärd"));
        check("ru", "файлы", "файлы", Some("файл"));
        check("ru", "ёлка", "елка", Some("елк"));
        check("ar", "الكِتاب", "الكتاب", Some("كتاب"));
        check("tr", "İşlemler", "işlemler", Some("işlem"));
        check("el", "Καλημέρα", "καλημερα", Some("καλημερ"));
        check("ja", "検索", "検索", None);
        check("xx", "Ångström", "angstrom", None);
    }

    #[test]
    fn question_words_are_stop_words() {
        for (locale, word) in [("en", "how"), ("de", "wie"), ("fr", "comment"), ("es", "puedo"), ("ru", "как")] {
            assert!(Language::of(locale).is_stop_word(word), "{word} in {locale}");
        }
        assert!(!Language::of("en").is_stop_word("snapshot"));
    }
}
