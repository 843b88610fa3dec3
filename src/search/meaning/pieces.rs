//! Text cut into the pieces that BERT's uncased vocabulary knows (Devlin et al. 2019): lower case without marks, cut at
//! white space and around punctuation and Chinese characters, then by the longest piece that fits, left to right.

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory as Category, GeneralCategoryGroup as Group, UnicodeGeneralCategory};

/// Longer words are keys and base64, not words; in characters.
const LONGEST_WORD: usize = 100;

pub struct Vocabulary {
    beginnings: Pieces,
    /// Without the `##` that marks them in the vocabulary.
    continuations: Pieces,
}

#[derive(Default)]
struct Pieces {
    tokens: FxHashMap<&'static str, u32>,
    /// The longest of them, in bytes.
    longest: usize,
}

impl Vocabulary {
    /// `tokens` in the order of their numbers.
    pub fn new(tokens: impl Iterator<Item = &'static str>) -> Self {
        let (mut beginnings, mut continuations) = (Pieces::default(), Pieces::default());
        for (number, token) in (0..).zip(tokens) {
            match token.strip_prefix("##").filter(|rest| !rest.is_empty()) {
                Some(rest) => continuations.insert(rest, number),
                None => beginnings.insert(token, number),
            }
        }
        Self { beginnings, continuations }
    }

    /// Whole words, each with its number.
    pub fn words(&self) -> impl Iterator<Item = (&'static str, u32)> {
        self.beginnings.tokens.iter().map(|(word, number)| (*word, *number))
    }

    pub fn tokens(&self, text: &str, into: &mut Vec<u32>) {
        let mut clean = String::new();
        for part in text.split([' ', '\n', '\t', '\r']) {
            clean.clear();
            if part.bytes().all(|byte| byte.is_ascii_graphic()) {
                clean.push_str(part);
                clean.make_ascii_lowercase();
            } else {
                normalise(part, &mut clean);
            }
            self.cut(&clean, into);
        }
    }

    /// Words, and every punctuation mark as a word of its own.
    fn cut(&self, clean: &str, into: &mut Vec<u32>) {
        let mut rest = clean;
        while let Some(at) = rest.find(is_boundary) {
            let (word, after) = rest.split_at(at);
            let mark = after.chars().next().map_or(0, char::len_utf8);
            self.word(word, into);
            self.word(after[..mark].trim(), into);
            rest = &after[mark..];
        }
        self.word(rest, into);
    }

    /// All pieces of `word`, or none if some part of it fits no piece.
    fn word(&self, word: &str, into: &mut Vec<u32>) {
        if word.len() > LONGEST_WORD && word.chars().count() > LONGEST_WORD {
            return;
        }
        let (before, mut rest, mut pieces) = (into.len(), word, &self.beginnings);
        while !rest.is_empty() {
            let Some((token, length)) = pieces.longest_of(rest) else {
                into.truncate(before);
                return;
            };
            into.push(token);
            (rest, pieces) = (&rest[length..], &self.continuations);
        }
    }
}

impl Pieces {
    fn insert(&mut self, piece: &'static str, number: u32) {
        self.longest = self.longest.max(piece.len());
        self.tokens.insert(piece, number);
    }

    /// The longest piece that `text` begins with, and its length in bytes.
    fn longest_of(&self, text: &str) -> Option<(u32, usize)> {
        let lengths = (1..=text.len().min(self.longest)).rev();
        lengths.filter_map(|length| Some((*self.tokens.get(text.get(..length)?)?, length))).next()
    }
}

/// Appends `text` in lower case, without marks and invisible characters, with space around Chinese characters.
fn normalise(text: &str, into: &mut String) {
    let visible = text.chars().filter(|char| !is_invisible(*char));
    let spaced = visible.flat_map(|char| {
        let space = is_chinese(char).then_some(' ');
        [space, Some(if char.is_whitespace() { ' ' } else { char }), space].into_iter().flatten()
    });
    let bare = spaced.nfd().filter(|char| char.is_ascii() || char.general_category() != Category::NonspacingMark);
    into.extend(bare.flat_map(char::to_lowercase));
}

fn is_boundary(char: char) -> bool {
    match char.is_ascii() {
        true => char.is_ascii_punctuation() || char == ' ',
        false => char.general_category_group() == Group::Punctuation,
    }
}

/// Control, formatting and private characters, and what stands for bytes that could not be read.
fn is_invisible(char: char) -> bool {
    let other = char.general_category_group() == Group::Other && char.general_category() != Category::Unassigned;
    other || char == char::REPLACEMENT_CHARACTER
}

/// The blocks of unified and compatibility ideographs, as BERT lists them.
fn is_chinese(char: char) -> bool {
    matches!(char,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2a6df}'
        | '\u{2a700}'..='\u{2ceaf}' | '\u{2f800}'..='\u{2fa1f}')
}

#[cfg(test)]
mod tests {
    use crate::search::meaning::Table;

    /// `expect` as the reference tokenizer of the model writes its pieces, those it cannot spell left out.
    fn check(text: &str, expect: &str) {
        let vocabulary = &Table::english().vocabulary;
        let mut found = Vec::new();
        vocabulary.tokens(text, &mut found);
        let number = |piece: &str| match piece.strip_prefix("##") {
            Some(rest) => vocabulary.continuations.tokens[rest],
            None => vocabulary.beginnings.tokens[piece],
        };
        assert_eq!(
            found,
            expect.split(' ').filter(|piece| !piece.is_empty()).map(number).collect::<Vec<_>>(),
            "{text}"
        );
    }

    #[test]
    fn english_is_cut_as_the_model_learned_it() {
        check("How do I reset my password?", "how do i reset my password ?");
        check(
            "Turn on 2FA, then\nre-index opensearch-docs.",
            "turn on 2 ##fa , then re - index opens ##ear ##ch - doc ##s .",
        );
        check("don't e-mail me@example.com", "don ' t e - mail me @ example . com");
        check("Strikethroughing kubectl", "strike ##th ##rou ##ghi ##ng ku ##be ##ct ##l");
        check("C++ & C#", "c + + & c #");
        check("", "");
    }

    #[test]
    fn marks_fall_and_foreign_scripts_are_spelt_as_far_as_known() {
        check("CAFÉ naïve Ångström", "cafe naive ang ##strom");
        check("İstanbul Straße ΣΊΣ", "istanbul st ##raße σ ##ι ##σ");
        check("“Quoted” … 20€ 5×3", "“ quoted ” … 20 ##€ 5 ##× ##3");
        check("日本語の検索", "日 本 語 の");
        check("한국어", "ᄒ ##ᅡ ##ᆫ ##ᄀ ##ᅮ ##ᆨ ##ᄋ ##ᅥ");
        check("a\u{a0}b\u{200b}c\u{ad}d\tx\u{7}y", "a bc ##d x ##y");
        check("😀 smile ☃", "smile");
    }

    #[test]
    fn no_word_is_longer_than_a_hundred_characters() {
        check(&"a".repeat(100), &format!("aaa{}{}", " ##aa".repeat(48), " ##a"));
        check(&"a".repeat(101), "");
        check(&"é".repeat(101), "");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_cut(text in "\\PC*|(?s).*") {
            let (table, mut tokens) = (Table::english(), Vec::new());
            table.tokens(&text, &mut tokens);
            proptest::prop_assert!(tokens.iter().all(|token| (*token as usize) < table.size()));
        }
    }
}
