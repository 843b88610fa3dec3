//! What a hit's score is made of.

use std::io;

use app::model::{Explanation, Rung, WordPart};

use super::index::LocaleIndex;
use super::query::Word;
use super::rank::Match;
use super::score::{Cell, Tally};

/// Explains every match, in order: each word is weighed alone once more, and their scores add up.
///
/// # Errors
/// An index that cannot be read.
pub fn explain(
    found: &[Match],
    words: &[Word],
    index: &LocaleIndex,
    tally: &mut Tally,
) -> io::Result<Vec<Explanation>> {
    let boost = |found: &Match| index.articles[found.article as usize].boost;
    let empty = |found: &Match| Explanation { words: Vec::new(), meaning: found.meaning, boost: boost(found) };
    let mut all: Vec<Explanation> = found.iter().map(empty).collect();
    for word in words {
        tally.weigh(index, std::slice::from_ref(word))?;
        for (found, explanation) in found.iter().zip(&mut all) {
            explanation.words.extend(part(word, &alone(found, tally)));
        }
        tally.clear();
    }
    for (found, explanation) in found.iter().zip(&mut all) {
        // Scores of words were scaled to the best of all matches; that of this match tells by how much.
        let sum: f32 = explanation.words.iter().map(|part| part.score).sum();
        let scale = if sum == 0.0 { 0.0 } else { (found.score - found.meaning) / sum };
        explanation.words.iter_mut().for_each(|part| part.score *= scale);
    }
    Ok(all)
}

/// What is known of a match from one word.
fn alone(found: &Match, tally: &Tally) -> Cell {
    let mut cell = tally.article(found.article);
    if let Some(section) = found.best.map(|document| tally.section(document)) {
        cell.score += section.score;
        cell.evidence.add(section.evidence);
    }
    cell
}

fn part(word: &Word, cell: &Cell) -> Option<WordPart> {
    let rung = Rung::OF_WORDS.into_iter().find(|rung| cell.evidence.by(*rung) != 0)?;
    let instead = word.instead.iter().filter(|instead| instead.rung == rung).map(|instead| instead.text()).collect();
    Some(WordPart { word: word.form.exact.clone(), rung, instead, score: cell.score })
}
