//! Letters that mean the same: case, compatibility forms, and marks a language does not tell apart.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, decompose_canonical};

/// Lower case in composed form, marks kept: what stemmers expect.
pub fn lowercase(word: &str) -> String {
    // The dot that lowering İ leaves behind is no letter of its own.
    word.nfkc().flat_map(char::to_lowercase).filter(|letter| *letter != '\u{307}').nfc().collect()
}

/// Writes `word` (in lower case) without the marks outside `kept`.
pub fn fold(word: &str, kept: &str, into: &mut String) {
    for letter in word.chars() {
        match letter {
            'ß' => into.push_str("ss"),
            'ς' => into.push('σ'),
            'ı' => into.push('i'),
            'ł' => into.push('l'),
            'đ' => into.push('d'),
            'ø' if !kept.contains('ø') => into.push('o'),
            'æ' if !kept.contains('æ') => into.push_str("ae"),
            'œ' => into.push_str("oe"),
            '’' => into.push('\''),
            // Soft hyphen, Arabic lengthening stroke.
            '\u{ad}' | 'ـ' => {}
            'أ' | 'إ' | 'آ' => into.push('ا'),
            _ if letter.is_ascii() || kept.contains(letter) => into.push(letter),
            _ => decompose_canonical(letter, |part| into.extend(Some(part).filter(|part| !is_ignored(*part)))),
        }
    }
}

/// Accents of Latin, Greek and Cyrillic, and the vowel signs of Arabic and Hebrew. Marks of other scripts
/// (the vowels of Thai or Devanagari, the voicing of Kana) make another word.
fn is_ignored(part: char) -> bool {
    matches!(part, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{670}')
        && canonical_combining_class(part) != 0
}
