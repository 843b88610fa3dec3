//! Weighs what the postings say: BM25F over the zones of a section and its article.
//!
//! An article's own words (title, tags) count for every section of it; within a word the zones add up
//! before saturation, so that a word in title and body is not counted as two. Words that stand for a query's
//! word by weaker evidence (a longer word that begins with it) count only where the stronger found nothing.
//! Postings are read whole, word by word: totals and facets need every match, and the reader is told by
//! which evidence each article was found.

mod board;
mod pass;

use std::io;
use std::sync::{Mutex, PoisonError};

use tantivy::fieldnorm::FieldNormReader;

use super::index::{LocaleIndex, Places, Segment};
use super::query::Word;
use super::schema::Zone;
use board::Board;
pub use board::{Cell, Evidence};
use pass::Pass;

/// Weight of a word in a zone, and how much the zone's length matters (BM25's b).
fn weight(zone: Zone) -> (f32, f32) {
    match zone {
        Zone::Title => (1.5, 0.75),
        Zone::Labels => (1.5, 0.3),
        Zone::Heading => (1.5, 0.5),
        Zone::Body => (1.0, 0.75),
        Zone::Code => (0.5, 0.75),
    }
}

/// Weight of one occurrence by zone and coded field length.
pub struct Lengths([[f32; 256]; Zone::ALL.len()]);

impl Lengths {
    /// Averages over living documents only: deletions leave no trace in any score.
    pub fn measure(segments: &[Segment], places: &Places) -> Self {
        Self(Zone::ALL.map(|zone| {
            let (mut sum, mut count) = (0u64, 0u64);
            for segment in segments {
                let (_, lengths) = &segment.zones[zone as usize];
                let living = (0..lengths.num_docs()).filter(|doc| places.article(segment.first + doc).is_some());
                for length in living.map(|doc| lengths.fieldnorm(doc)).filter(|length| *length > 0) {
                    (sum, count) = (sum + u64::from(length), count + 1);
                }
            }
            let average = (sum as f32 / count.max(1) as f32).max(1.0);
            let (weight, b) = weight(zone);
            std::array::from_fn(|code| {
                weight / (1.0 - b + b * FieldNormReader::id_to_fieldnorm(code as u8) as f32 / average)
            })
        }))
    }
}

/// What one query found in one locale.
#[derive(Default)]
pub struct Tally {
    /// By document.
    sections: Board,
    articles: Board,
    /// By article: which words it met, in any way.
    met: Vec<u32>,
    /// Articles that met a word, each once.
    touched: Vec<u32>,
    /// By article: the last word it was counted for, of all words so far.
    counted: Vec<u64>,
    words: u64,
}

impl Tally {
    /// Documents that met a word, each once.
    pub fn sections(&self) -> &[u32] {
        &self.sections.touched
    }

    /// Articles whose own words met a word, each once.
    pub fn articles(&self) -> &[u32] {
        &self.articles.touched
    }

    pub fn section(&self, document: u32) -> Cell {
        self.sections.cells[document as usize]
    }

    pub fn article(&self, article: u32) -> Cell {
        self.articles.cells[article as usize]
    }

    /// Weighs every word against every posting.
    pub fn weigh(&mut self, index: &LocaleIndex, words: &[Word]) -> io::Result<()> {
        self.fit(index);
        words.iter().enumerate().try_for_each(|(number, word)| self.word(index, word, number, 0))
    }

    /// Weighs only what stands in articles that may have all the required words: rare words come first, and of each
    /// further one only those articles are looked at that have the words before it. What has them all gets the same
    /// score as by [`weigh`](Self::weigh), in far less time where a word is common.
    pub fn weigh_together(&mut self, index: &LocaleIndex, words: &[Word]) -> io::Result<()> {
        self.fit(index);
        let mut order: Vec<(usize, &Word)> = words.iter().enumerate().collect();
        order.sort_by_cached_key(|(_, word)| (!word.required, word.grows, pass::sections_with(index, word)));
        let mut within = 0;
        for (number, word) in order {
            self.word(index, word, number, within)?;
            within |= if word.required { 1 << number } else { 0 };
        }
        Ok(())
    }

    fn fit(&mut self, index: &LocaleIndex) {
        self.sections.fit(index.places.len());
        self.articles.fit(index.articles.len());
        let articles = index.articles.len().max(self.counted.len());
        self.counted.resize(articles, 0);
        self.met.resize(articles, 0);
    }

    fn word(&mut self, index: &LocaleIndex, word: &Word, number: usize, within: u32) -> io::Result<()> {
        self.words += 1;
        let mut pass = Pass { index, tally: self, bit: 1 << number, within, known: 0 };
        pass.whole_word(word)?;
        if word.grows {
            pass.longer_words(word)?;
        }
        pass.alternatives(word)
    }

    /// Forgets everything found, to be used again.
    pub fn clear(&mut self) {
        self.sections.clear();
        self.articles.clear();
        for article in self.touched.drain(..) {
            self.met[article as usize] = 0;
        }
    }
}

/// Tallies ready for use, so that a search allocates nothing as large as the site.
#[derive(Default)]
pub struct Scratch(Mutex<Vec<Tally>>);

impl Scratch {
    /// Runs `search` with an empty tally.
    pub fn with<T>(&self, search: impl FnOnce(&mut Tally) -> T) -> T {
        let idle = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut tally = idle().pop().unwrap_or_default();
        let found = search(&mut tally);
        tally.clear();
        idle().push(tally);
        found
    }
}
