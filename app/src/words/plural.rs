//! Counted words. Forms and rules are those of the Unicode CLDR ("Language Plural Rules", cardinal, integers).

use super::{Word, Words, fill, word};

/// One sentence in the forms a count may ask for. A form that is absent falls back to `other`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plural {
    pub zero: Option<Word>,
    pub one: Option<Word>,
    pub two: Option<Word>,
    pub few: Option<Word>,
    pub many: Option<Word>,
    pub other: Word,
}

/// Which form a count takes in a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PluralRule {
    /// English, German, Spanish: one is 1.
    One,
    /// French: one is 0 and 1.
    ZeroOrOne,
    /// Arabic: six forms.
    Arabic,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

impl PluralRule {
    fn form(self, count: usize) -> Form {
        match (self, count, count % 100) {
            (Self::Arabic, 0, _) => Form::Zero,
            (Self::Arabic, 2, _) => Form::Two,
            (Self::Arabic, _, 3..=10) => Form::Few,
            (Self::Arabic, _, 11..=99) => Form::Many,
            (Self::One | Self::Arabic, 1, _) | (Self::ZeroOrOne, 0 | 1, _) => Form::One,
            (Self::One | Self::ZeroOrOne, ..) if count > 0 && count.is_multiple_of(1_000_000) => Form::Many,
            _ => Form::Other,
        }
    }
}

impl Plural {
    /// For languages that tell one from more.
    pub(super) const fn two_forms(one: &'static str, other: &'static str) -> Self {
        Self { zero: None, one: Some(word(one)), two: None, few: None, many: None, other: word(other) }
    }

    fn text(&self, form: Form) -> &Word {
        let special = match form {
            Form::Zero => &self.zero,
            Form::One => &self.one,
            Form::Two => &self.two,
            Form::Few => &self.few,
            Form::Many => &self.many,
            Form::Other => &None,
        };
        special.as_ref().unwrap_or(&self.other)
    }

    /// Replaces one form; false if there is no form of that name.
    pub(super) fn set(&mut self, form: &str, text: Word) -> bool {
        match form {
            "zero" => self.zero = Some(text),
            "one" => self.one = Some(text),
            "two" => self.two = Some(text),
            "few" => self.few = Some(text),
            "many" => self.many = Some(text),
            "other" => self.other = text,
            _ => return false,
        }
        true
    }
}

impl Words {
    /// `plural` in the form that `count` takes, with `{count}` filled in.
    pub fn count(&self, plural: &Plural, count: usize) -> String {
        fill(plural.text(self.plural_rule.form(count)), &[("count", &self.number(count))])
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn check(locale: &str, count: usize, expect: &str) {
        let words = Words::built_in(locale).unwrap();
        assert_eq!(words.count(&words.articles, count), expect, "{locale} {count}");
    }

    #[test]
    fn every_language_counts_its_own_way() {
        check("en", 0, "0 articles");
        check("en", 1, "1 article");
        check("de", 1, "1 Artikel");
        check("fr", 0, "0 article");
        check("fr", 2, "2 articles");
        check("es", 1, "1 artículo");
    }

    #[test]
    fn arabic_has_six_forms() {
        let forms: Vec<_> = [0, 1, 2, 3, 103, 11, 99, 100, 102].map(|count| PluralRule::Arabic.form(count)).into();
        use Form::{Few, Many, One, Other, Two, Zero};
        assert_eq!(forms, [Zero, One, Two, Few, Few, Many, Many, Other, Other]);
        check("ar", 2, "مقالتان");
        check("ar", 3, "3 مقالات");
        check("ar", 11, "11 مقالة");
    }
}
