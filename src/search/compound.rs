//! One word or two: `wifi` is also written `wi fi`, and `log in` also `login`.

use app::model::Rung;

use super::index::LocaleIndex;
use super::phrase;
use super::query::{Alternative, Form, Part, Reading};

/// The parts of a word written apart have so many letters at least.
const SHORTEST: usize = 2;

/// Adds to words that follow one another what they are together, and to a word what it is in two, where the site
/// writes it so.
pub fn add(reading: &mut Reading, index: &LocaleIndex) {
    let Reading { words, sequence, .. } = reading;
    let mut add = |part: &Part, forms: Vec<Form>| {
        if let Some(word) = part.word.and_then(|word| words.get_mut(word)) {
            word.instead.push(Alternative { rung: Rung::Compound, forms });
        }
    };
    let of = |exact: String| Form::of(&exact, &index.language);
    for pair in sequence.windows(2).filter(|pair| pair[0].word.is_some()) {
        let together = format!("{}{}", pair[0].form.exact, pair[1].form.exact);
        if index.vocabulary.has(&together) {
            pair.iter().for_each(|part| add(part, vec![of(together.clone())]));
        }
    }
    for part in sequence.iter() {
        if let Some((first, second)) = apart(&part.form.exact, index) {
            add(part, vec![of(first), of(second)]);
        }
    }
}

/// The two words of the site that `word` is made of and that follow one another somewhere.
fn apart(word: &str, index: &LocaleIndex) -> Option<(String, String)> {
    let splits = word.char_indices().map(|(at, _)| word.split_at(at)).skip(SHORTEST);
    let known = splits.filter(|(first, second)| {
        second.chars().nth(SHORTEST - 1).is_some() && index.vocabulary.has(first) && index.vocabulary.has(second)
    });
    let written = |(first, second): &(&str, &str)| {
        phrase::articles(index, &[first, second]).is_ok_and(|articles| articles.contains(&true))
    };
    known.into_iter().find(written).map(|(first, second)| (first.to_owned(), second.to_owned()))
}
