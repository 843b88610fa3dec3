//! The interface's words: one complete static value a locale in `app/words/<locale>.rs`, so that a missing word
//! does not compile. Operators may override single words or start a new locale from a built-in one.

mod agent;
#[path = "../words/ar.rs"]
mod ar;
#[path = "../words/de.rs"]
mod de;
#[path = "../words/en.rs"]
mod en;
#[path = "../words/es.rs"]
mod es;
#[path = "../words/fr.rs"]
mod fr;
mod list;
mod number;
mod plural;

pub use agent::AgentWords;
pub use list::Words;
pub use number::Grouping;
pub use plural::{Plural, PluralRule};

use std::borrow::Cow;
use std::fmt;

/// A word as it is written; `{name}` in it is a place for a value.
pub type Word = Cow<'static, str>;

impl Words {
    /// The built-in words for a BCP 47 tag: `de` and `de-AT` give German; `None` for a language we do not speak.
    pub fn built_in(locale: &str) -> Option<&'static Self> {
        let language = locale.split('-').next().unwrap_or(locale);
        match language.to_ascii_lowercase().as_str() {
            "en" => Some(&en::WORDS),
            "de" => Some(&de::WORDS),
            "fr" => Some(&fr::WORDS),
            "es" => Some(&es::WORDS),
            "ar" => Some(&ar::WORDS),
            _ => None,
        }
    }

    /// English, from which the words of an unknown locale start.
    pub fn english() -> &'static Self {
        &en::WORDS
    }

    /// The words for a locale: its own, or English ones to start from.
    pub fn of(locale: &str) -> &'static Self {
        Self::built_in(locale).unwrap_or_else(Self::english)
    }

    /// A date as people who read these words write it; `month` counts from 1.
    pub fn date(&self, year: i16, month: i8, day: i8) -> String {
        let name = usize::try_from(month - 1).ok().and_then(|month| self.months.split(' ').nth(month));
        let (year, day) = (year.to_string(), day.to_string());
        fill(&self.date, &[("day", &day), ("month", name.unwrap_or_default()), ("year", &year)])
    }

    /// These words with an operator's own in their place. Keys are field names; a plural takes its form after a dot:
    /// `search`, `results.one`.
    ///
    /// # Errors
    /// The first key that names no word.
    pub fn with_overrides<K, V>(mut self, overrides: impl IntoIterator<Item = (K, V)>) -> Result<Self, UnknownWord>
    where
        K: Into<String>,
        V: Into<String>,
    {
        for (key, value) in overrides {
            let key = key.into();
            let (field, form) = key.split_once('.').map_or((key.as_str(), None), |(field, form)| (field, Some(form)));
            let known = match (field, form) {
                // The agents' words: `agent.reply`, `agent.days.one`.
                ("agent", Some(word)) => {
                    let (field, form) = word.split_once('.').map_or((word, None), |(field, form)| (field, Some(form)));
                    self.agent.set(field, form, Cow::Owned(value.into()))
                }
                _ => self.set(field, form, Cow::Owned(value.into())),
            };
            if !known {
                return Err(UnknownWord { key });
            }
        }
        Ok(self)
    }
}

/// An override that names no word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownWord {
    pub key: String,
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the interface has no word called `{}`; {}", self.key, nearest(&self.key))
    }
}

impl std::error::Error for UnknownWord {}

fn nearest(key: &str) -> String {
    let field = key.split('.').next().unwrap_or(key);
    let near = |known: &&&str| known.contains(field) || field.contains(**known);
    match Words::KEYS.iter().find(|known| **known == field) {
        Some(_) => format!(
            "`{field}` is one, with `.zero`, `.one`, `.two`, `.few`, `.many` or `.other` after it if it counts something"
        ),
        None => match Words::KEYS.iter().find(near) {
            Some(known) => format!("did you mean `{known}`?"),
            None => format!("known words: {}", Words::KEYS.join(", ")),
        },
    }
}

/// `text` with every `{name}` replaced by its value.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let place = after.split_once('}').and_then(|(name, tail)| {
            let value = values.iter().find(|(known, _)| *known == name)?.1;
            Some((value, tail))
        });
        match place {
            Some((value, tail)) => {
                filled.push_str(value);
                rest = tail;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

const fn word(text: &'static str) -> Word {
    Cow::Borrowed(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const LOCALES: [&str; 5] = ["en", "de", "fr", "es", "ar"];

    #[test]
    fn values_are_filled_once_and_never_read_again() {
        let check = |text: &str, expect: &str| assert_eq!(fill(text, &[("query", "{count}"), ("count", "3")]), expect);
        check("{count} for “{query}”", "3 for “{count}”");
        check("no place", "no place");
        check("{unknown} {count", "{unknown} {count");
    }

    #[test]
    fn every_translation_has_the_places_english_has() {
        for locale in LOCALES {
            let words = Words::built_in(locale).unwrap();
            let all = |words: &'static Words| words.texts().into_iter().chain(words.agent.texts());
            for ((key, text), (_, english)) in all(words).zip(all(Words::english())) {
                assert!(!text.is_empty(), "{locale}: {key} is empty");
                assert_eq!(places(text), places(english), "{locale}: {key}");
            }
        }
    }

    fn places(text: &str) -> Vec<&str> {
        let mut places: Vec<_> = text.split('{').skip(1).filter_map(|part| part.split_once('}')).collect();
        places.sort_unstable();
        places.into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn a_region_takes_its_language() {
        assert_eq!(Words::built_in("de-AT").unwrap().search, "Suche");
        assert_eq!(Words::built_in("AR").unwrap().search, "بحث");
        assert!(Words::built_in("tlh").is_none());
    }

    #[test]
    fn a_date_is_written_as_its_readers_write_it() {
        let check = |locale: &str, expect: &str| assert_eq!(Words::of(locale).date(2026, 3, 1), expect);
        check("en", "1 March 2026");
        check("de", "1. März 2026");
        check("es", "1 de marzo de 2026");
        check("ar", "1 مارس 2026");
        for locale in LOCALES {
            assert_eq!(Words::of(locale).months.split(' ').count(), 12, "{locale}");
        }
    }

    #[test]
    fn an_operator_overrides_single_words() {
        let overrides = [("search", "Find"), ("articles.one", "1 page"), ("agent.queue", "Inbox")];
        let words = Words::english().clone().with_overrides(overrides).unwrap();
        assert_eq!(words.agent.queue, "Inbox");
        assert_eq!(words.search, "Find");
        assert_eq!(words.count(&words.articles, 1), "1 page");
        assert_eq!(words.count(&words.articles, 2), "2 articles");
    }

    #[test]
    fn an_unknown_word_is_refused_by_name() {
        let refused = |key: &str| Words::english().clone().with_overrides([(key, "x")]).unwrap_err().to_string();
        assert!(refused("search_form").contains("no word called `search_form`; did you mean `search`?"));
        assert!(refused("articles.seven").contains("`.other`"));
        assert!(refused("search.one").contains("if it counts something"));
        assert!(refused("zzz").contains("skip_to_content"));
    }
}
