//! Articles that editors put on top of a search.

use std::collections::HashMap;

use super::index::Article;
use super::language::Language;
use super::query::{self, Reading, StopWords};
use crate::content::Snapshot;

/// The pins of one locale.
#[derive(Default)]
pub struct Pins {
    /// What is searched for → the articles, in the order of the file.
    articles: HashMap<Vec<String>, Vec<u32>>,
}

impl Pins {
    pub fn of(snapshot: &Snapshot, articles: &[Article], language: &Language) -> Self {
        let pages = snapshot.pages_for_index();
        let numbers: HashMap<&str, u32> = articles
            .iter()
            .zip(0..)
            .map(|(article, number)| (pages[article.page.index()].path.as_str(), number))
            .collect();
        let mut pins = Self::default();
        for pin in &snapshot.steering().pins {
            let Some(article) = numbers.get(pin.path().as_str()) else { continue };
            for query in pin.query.all() {
                // The space behind says that the last word is complete.
                let reading = query::read(&format!("{query} "), language, StopWords::LeftOut, &mut Vec::new());
                pins.articles.entry(key(&reading)).or_default().push(*article);
            }
        }
        pins
    }

    /// Pinned on top of just this search.
    pub fn on_top(&self, reading: &Reading) -> &[u32] {
        match self.articles.is_empty() {
            true => &[],
            false => self.articles.get(&key(reading)).map_or(&[], Vec::as_slice),
        }
    }
}

/// The words that matter, in any order and with any ending.
fn key(reading: &Reading) -> Vec<String> {
    let mut stems: Vec<String> =
        reading.words.iter().filter(|word| word.required).map(|word| word.form.stem().to_owned()).collect();
    stems.sort_unstable();
    stems
}
