//! What is searched for: words taken from the content, so that any content can be measured.

use signpost::content::{Kind, Page, Snapshot};
use signpost::identity::anonymous;

use crate::corpus::words::slip;

const QUERIES: usize = 50;
/// How much of the last word is typed.
const TYPED: [usize; 4] = [1, 2, 4, 6];
/// One query in so many has a typo.
const MISTYPED: usize = 3;
/// Letters of a word worth a typo.
const LONG: usize = 4;

/// A search as it is sent.
pub struct Query {
    pub text: String,
    /// The last word is still being typed.
    pub typing: bool,
}

impl Query {
    /// Sent to `door`, a path that may have parameters.
    pub fn path(&self, door: &str) -> String {
        let typing = if self.typing { "&typing=1" } else { "" };
        let joint = if door.contains('?') { '&' } else { '?' };
        format!("{door}{joint}q={}{typing}", self.text.replace(' ', "%20"))
    }
}

/// Fifty queries of complete words: by turns a title's first words and two words that stand close in a text.
/// The space behind says that the last word is complete.
pub fn full(snapshot: &Snapshot) -> Vec<Query> {
    texts(snapshot).into_iter().map(|text| Query { text: text + " ", typing: false }).collect()
}

/// The same queries while their last word is typed, some of them with one letter wrong.
pub fn as_you_type(snapshot: &Snapshot) -> Vec<Query> {
    let typed = |text: String| TYPED.map(|length| typed(&text, length)).into_iter().flatten();
    let texts = texts(snapshot).into_iter().flat_map(typed).enumerate();
    let texts = texts.map(|(number, text)| if number % MISTYPED == 0 { mistyped(&text, number) } else { text });
    texts.map(|text| Query { text, typing: true }).collect()
}

/// With a letter of its longest word wrong, when it has a long one.
fn mistyped(text: &str, number: usize) -> String {
    let longest = text.split(' ').max_by_key(|word| word.len()).filter(|word| word.len() >= LONG);
    longest.map_or_else(|| text.to_owned(), |word| text.replacen(word, &slip(word, number / MISTYPED), 1))
}

fn typed(text: &str, length: usize) -> Option<String> {
    let start = text.rfind(' ').map_or(0, |space| space + 1);
    (text.len() > start + length).then(|| text[..start + length].to_owned())
}

fn texts(snapshot: &Snapshot) -> Vec<String> {
    let viewer = anonymous();
    let pages: Vec<&Page> = snapshot.view(&viewer).pages().filter(|page| page.kind == Kind::Article).collect();
    let spread = pages.iter().step_by((pages.len() / QUERIES).max(1)).take(QUERIES);
    let text = |(number, page): (usize, &&Page)| if number % 2 == 0 { of_title(page) } else { of_text(page) };
    spread.enumerate().map(text).filter(|text| !text.is_empty()).collect()
}

fn of_title(page: &Page) -> String {
    plain_words(&page.title, 2).take(3).collect::<Vec<_>>().join(" ")
}

fn of_text(page: &Page) -> String {
    let text = page.prose.sections.get(page.prose.sections.len() / 2).map_or("", |section| &section.text);
    plain_words(text, 5).step_by(2).take(2).collect::<Vec<_>>().join(" ")
}

/// Words every analyser cuts the same: letters of ASCII only.
fn plain_words(text: &str, at_least: usize) -> impl Iterator<Item = String> {
    let is_plain = move |word: &&str| word.len() >= at_least && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    text.split_whitespace().filter(is_plain).map(str::to_lowercase)
}
