//! Numbers as people write them: groups of three digits, as the Unicode CLDR has them ("Number Symbols").

use super::Words;

/// How a language groups the digits of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grouping {
    /// Stands between groups of three digits.
    pub mark: char,
    /// Digits a number has at least to be grouped: Spanish leaves four together.
    pub from_digits: usize,
}

impl Words {
    /// `1758` as people who read these words write it: `1,758`.
    pub fn number(&self, number: usize) -> String {
        let digits = number.to_string();
        let Grouping { mark, from_digits } = self.grouping;
        if digits.len() < from_digits {
            return digits;
        }
        let mut grouped = String::with_capacity(digits.len() * 2);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                grouped.push(mark);
            }
            grouped.push(digit);
        }
        grouped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_as_the_language_does() {
        let check = |locale: &str, number: usize, expect: &str| assert_eq!(Words::of(locale).number(number), expect);
        check("en", 0, "0");
        check("en", 758, "758");
        check("en", 1_758, "1,758");
        check("en", 1_234_567, "1,234,567");
        check("de", 1_758, "1.758");
        check("fr", 1_758, "1\u{202f}758");
        check("es", 1_758, "1758");
        check("es", 21_758, "21.758");
        check("ar", 1_758, "1,758");
    }

    #[test]
    fn counted_words_are_grouped_too() {
        let words = Words::of("de");
        assert_eq!(words.count(&words.results, 12_345), "12.345 Ergebnisse");
    }
}
