//! Words and phrases that tell what a ticket is about, compared as search compares them: by their stems.

use std::collections::BTreeMap;

use unicode_segmentation::UnicodeSegmentation;

use super::node::{Name, Node};
use super::reader::Reader;
use crate::search::language::Language;

/// Words for tickets in any language.
const ANY: &str = "any";

/// Phrases by the locale of the tickets in which they are looked for.
#[derive(Debug, Clone, Default)]
pub struct Words {
    by_locale: BTreeMap<String, Vec<Name>>,
}

/// A ticket's words in the forms that are compared.
pub(super) struct Said {
    locale: String,
    words: Vec<Word>,
}

struct Word {
    exact: String,
    stem: Option<String>,
}

impl Said {
    pub fn of(texts: &[&str], locale: &str) -> Self {
        let language = Language::of(locale);
        // What is asked in one text does not go on in the next.
        let words =
            texts.iter().flat_map(|text| words(text, language).chain([Word { exact: String::new(), stem: None }]));
        Self { locale: locale.to_owned(), words: words.collect() }
    }

    /// A phrase's words follow one another; `refund*` is a beginning.
    pub fn holds(&self, phrase: &str) -> bool {
        let language = Language::of(&self.locale);
        let (phrase, open) = phrase.strip_suffix('*').map_or((phrase, false), |phrase| (phrase, true));
        let wanted: Vec<Word> = words(phrase, language).collect();
        let last = wanted.len().saturating_sub(1);
        let fits = |(at, (wanted, said)): (usize, (&Word, &Word))| match open && at == last {
            true => said.exact.starts_with(&wanted.exact),
            false => wanted.is(said),
        };
        !wanted.is_empty() && self.words.windows(wanted.len()).any(|said| wanted.iter().zip(said).enumerate().all(fits))
    }
}

impl Word {
    fn is(&self, other: &Self) -> bool {
        let (own, others) = (self.stem.as_ref().unwrap_or(&self.exact), other.stem.as_ref().unwrap_or(&other.exact));
        self.exact == other.exact || own == others
    }
}

/// `l'application` is two words, as people look for one of them.
fn words(text: &str, language: Language) -> impl Iterator<Item = Word> {
    text.unicode_words().flat_map(|word| word.split(['\'', '’'])).filter(|word| !word.is_empty()).map(move |word| {
        let mut exact = String::new();
        language.exact(word, &mut exact);
        Word { stem: language.stem(word, &exact), exact }
    })
}

impl Words {
    /// Those that stand in the ticket: of its locale, of its language and of any.
    pub(super) fn found(&self, said: &Said) -> Vec<&str> {
        let language = said.locale.split(['-', '_']).next().unwrap_or_default();
        let mut locales = vec![said.locale.as_str(), language, ANY];
        locales.dedup();
        let phrases = locales.into_iter().filter_map(|locale| self.by_locale.get(locale)).flatten();
        phrases.map(Name::as_str).filter(|phrase| said.holds(phrase)).collect()
    }

    /// A list for any language, or one for each locale.
    pub(super) fn read(reader: &mut Reader, node: &Node, what: &str) -> Self {
        let mut by_locale = BTreeMap::new();
        if let super::node::Value::List(_) | super::node::Value::Text(_) = node.value {
            by_locale.insert(ANY.to_owned(), reader.texts(node, what));
        } else {
            for (locale, node) in reader.map(node, what).iter() {
                by_locale.insert(locale.text.clone(), reader.texts(node, what));
            }
        }
        Self { by_locale }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_other_forms_but_not_within_others() {
        let check = |locale: &str, text: &str, phrase: &str, expect: bool| {
            assert_eq!(Said::of(&[text], locale).holds(phrase), expect, "{phrase} in {text:?}");
        };
        check("en", "I want my payments refunded!", "refund", true);
        check("en", "The credit cards are refused", "credit card", true);
        check("en", "Credit where it is due, a card too", "credit card", false);
        check("en", "prefundraiser", "refund", false);
        check("en", "Refundability?", "refund*", true);
        check("de", "Meine Rechnungen fehlen", "Rechnung", true);
        check("de", "Die Rechnungsnummer fehlt", "Rechnung", false);
        check("de", "Die Rechnungsnummer fehlt", "Rechnung*", true);
        check("fr", "L’application plante", "application", true);
        check("fr", "Je veux être remboursée", "rembourser", true);
        check("ar", "أريد استرداد المبلغ من الفاتورة", "فاتورة", true);
        check("es", "Las facturas", "factura", true);
        check("en", "", "refund", false);
        check("en", "refund", "", false);
    }

    #[test]
    fn a_phrase_does_not_go_from_the_subject_into_the_text() {
        assert!(!Said::of(&["My credit", "card is new"], "en").holds("credit card"));
    }
}
