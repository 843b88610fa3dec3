//! Weighs what the postings say: BM25F over the zones of a section and its article.
//!
//! An article's own words (title, tags) count for every section of it; within a word the zones add up
//! before saturation, so that a word in title and body is not counted as two. Words that stand for a query's
//! word by weaker evidence (a longer word that begins with it) count only where the stronger found nothing.
//! Postings are read whole, word by word: totals and facets need every match, and the reader is told by
//! which evidence each article was found.

use std::io;
use std::sync::{Mutex, PoisonError};

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;

use super::analyser::STEM_MARK;
use super::index::{LocaleIndex, Place, Segment};
use super::query::Word;
use super::schema::Zone;

/// BM25's saturation: how soon more of the same word adds little.
const K1: f32 = 1.2;
/// An exact match counts this much more than one by stem.
const EXACT_BONUS: f32 = 0.5;
/// A longer word that begins with the query's word counts this much.
const PREFIX_SHARE: f32 = 0.5;
/// An article's own words count for its sections, and this much again for the article as a whole: a title that
/// answers beats a section that mentions.
const OWN_SHARE: f32 = 0.5;
/// Longer words that one beginning stands for, in each zone of each segment; the most frequent ones.
const MOST_EXPANSIONS: usize = 50;

/// Weight of a word in a zone, and how much the zone's length matters (BM25's b).
fn weight(zone: Zone) -> (f32, f32) {
    match zone {
        Zone::Title => (2.0, 0.5),
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
    pub fn measure(segments: &[Segment], places: &[Place]) -> Self {
        Self(Zone::ALL.map(|zone| {
            let (mut sum, mut count) = (0u64, 0u64);
            for segment in segments {
                let (_, lengths) = &segment.zones[zone as usize];
                let living =
                    (0..lengths.num_docs()).filter(|doc| places[(segment.first + doc) as usize].article.is_some());
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

/// What is known of a section, or of an article's own words; bit n stands for the query's word n.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cell {
    pub score: f32,
    /// Met in any way.
    pub met: u32,
    /// Met by stem or as typed.
    pub stemmed: u32,
    /// Met as typed.
    pub exact: u32,
}

#[derive(Default)]
struct Board {
    cells: Vec<Cell>,
    /// Cells that are not empty.
    touched: Vec<u32>,
    /// Weighted occurrences of the word at hand.
    frequency: Vec<f32>,
    fresh: Vec<u32>,
}

impl Board {
    fn fit(&mut self, length: usize) {
        if self.cells.len() < length {
            self.cells.resize(length, Cell::default());
            self.frequency.resize(length, 0.0);
        }
    }

    fn add(&mut self, at: u32, frequency: f32) {
        let sum = &mut self.frequency[at as usize];
        if *sum == 0.0 {
            self.fresh.push(at);
        }
        *sum += frequency;
    }

    fn gain(&mut self, at: u32, score: f32, bit: u32) {
        let cell = &mut self.cells[at as usize];
        if cell.met == 0 {
            self.touched.push(at);
        }
        cell.met |= bit;
        cell.score += score;
    }

    fn forget_frequencies(&mut self) {
        for at in self.fresh.drain(..) {
            self.frequency[at as usize] = 0.0;
        }
    }

    fn clear(&mut self) {
        for at in self.touched.drain(..) {
            self.cells[at as usize] = Cell::default();
        }
    }
}

/// What one query found in one locale.
#[derive(Default)]
pub struct Tally {
    /// By document.
    sections: Board,
    articles: Board,
    /// By article: was it counted for the word at hand?
    counted: Vec<bool>,
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
        self.sections.fit(index.places.len());
        self.articles.fit(index.articles.len());
        self.counted.resize(index.articles.len().max(self.counted.len()), false);
        for (number, word) in words.iter().enumerate() {
            let mut pass = Pass { index, tally: self, bit: 1 << number, known: 0 };
            pass.whole_word(word)?;
            if word.grows {
                pass.longer_words(word)?;
            }
        }
        Ok(())
    }

    fn clear(&mut self) {
        self.sections.clear();
        self.articles.clear();
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Evidence {
    Exact,
    Stemmed,
    Prefix,
}

/// One word of the query on its way through the postings.
struct Pass<'a> {
    index: &'a LocaleIndex,
    tally: &'a mut Tally,
    bit: u32,
    /// Articles that met it by stronger evidence.
    known: u32,
}

impl Pass<'_> {
    /// The word as typed and whatever shares its stem. A stem that equals its word is indexed once, as the word.
    fn whole_word(&mut self, word: &Word) -> io::Result<()> {
        let stem = word.stem.as_deref().unwrap_or(&word.exact);
        let exact_weight = if word.stem.is_some() { EXACT_BONUS } else { 1.0 + EXACT_BONUS };
        self.read(&word.exact, exact_weight, Evidence::Exact)?;
        self.read(&format!("{STEM_MARK}{stem}"), 1.0, Evidence::Stemmed)?;
        if word.stem.is_some() {
            self.read(stem, 1.0, Evidence::Stemmed)?;
        }
        self.settle(1.0);
        Ok(())
    }

    fn longer_words(&mut self, word: &Word) -> io::Result<()> {
        let index = self.index;
        let mut longer = Vec::new();
        // One letter begins words of every body; only those that name something are worth proposing.
        let names = word.exact.chars().nth(1).is_none();
        let zones = || Zone::ALL.into_iter().filter(|zone| !names || zone.names_something());
        for segment in &index.segments {
            for zone in zones() {
                expansions(segment, zone, &word.exact, &mut longer)?;
                for (_, postings) in longer.drain(..) {
                    self.read_postings(segment, zone, &postings, 1.0, Evidence::Prefix)?;
                }
            }
        }
        self.settle(PREFIX_SHARE);
        Ok(())
    }

    fn read(&mut self, term: &str, weight: f32, evidence: Evidence) -> io::Result<()> {
        let index = self.index;
        for segment in &index.segments {
            for zone in Zone::ALL {
                if let Some(postings) = segment.zones[zone as usize].0.terms().get(term)? {
                    self.read_postings(segment, zone, &postings, weight, evidence)?;
                }
            }
        }
        Ok(())
    }

    fn read_postings(
        &mut self,
        segment: &Segment,
        zone: Zone,
        postings: &TermInfo,
        weight: f32,
        evidence: Evidence,
    ) -> io::Result<()> {
        let (inverted, lengths) = &segment.zones[zone as usize];
        let by_length = &self.index.lengths.0[zone as usize];
        let mut block = inverted.read_block_postings_from_terminfo(postings, IndexRecordOption::WithFreqs)?;
        while block.block_len() > 0 {
            for (document, count) in block.docs().iter().zip(block.freqs()) {
                let frequency = weight * *count as f32 * by_length[lengths.fieldnorm_id(*document) as usize];
                self.note(segment.first + document, zone.is_articles(), frequency, evidence);
            }
            block.advance();
        }
        Ok(())
    }

    fn note(&mut self, document: u32, is_articles: bool, frequency: f32, evidence: Evidence) {
        let Some(article) = self.index.places[document as usize].article else {
            return;
        };
        let Tally { sections, articles, .. } = &mut *self.tally;
        let stronger = articles.cells[article as usize].met;
        let (board, at) = if is_articles { (articles, article) } else { (sections, document) };
        let cell = &mut board.cells[at as usize];
        match evidence {
            Evidence::Exact => cell.exact |= self.bit,
            Evidence::Stemmed => cell.stemmed |= self.bit,
            Evidence::Prefix if (stronger | cell.met) & self.bit != 0 => return,
            Evidence::Prefix => {}
        }
        board.add(at, frequency);
    }

    /// Turns the word's weighted occurrences into scores. A word rare among articles weighs more; weaker evidence
    /// never makes it rarer.
    fn settle(&mut self, share: f32) {
        let Tally { sections, articles, counted } = &mut *self.tally;
        let (places, bit) = (&self.index.places, self.bit);
        let article_of = |document: u32| places[document as usize].article;
        let mut count = self.known;
        let mentioned = || articles.fresh.iter().copied().chain(sections.fresh.iter().filter_map(|at| article_of(*at)));
        for article in mentioned() {
            count += u32::from(!std::mem::replace(&mut counted[article as usize], true));
        }
        mentioned().for_each(|article| counted[article as usize] = false);
        self.known = count.min(self.index.articles.len() as u32);
        let rarity = share * rarity(self.known, self.index.articles.len());
        for at in 0..sections.fresh.len() {
            let document = sections.fresh[at];
            let own = article_of(document).map_or(0.0, |article| articles.frequency[article as usize]);
            let both = saturate(own + sections.frequency[document as usize]);
            sections.gain(document, rarity * (both - saturate(own)), bit);
        }
        for at in 0..articles.fresh.len() {
            let article = articles.fresh[at];
            articles.gain(article, (1.0 + OWN_SHARE) * rarity * saturate(articles.frequency[article as usize]), bit);
        }
        sections.forget_frequencies();
        articles.forget_frequencies();
    }
}

/// BM25's inverse document frequency.
fn rarity(with: u32, all: usize) -> f32 {
    let (with, all) = (with as f32, all as f32);
    (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
}

fn saturate(frequency: f32) -> f32 {
    frequency * (1.0 + K1) / (frequency + K1)
}

/// The most frequent words of a zone that begin with `prefix` and are longer.
fn expansions(segment: &Segment, zone: Zone, prefix: &str, into: &mut Vec<(u32, TermInfo)>) -> io::Result<()> {
    // No UTF-8 holds the byte 0xff: it stands behind every word with this beginning.
    let behind = [prefix.as_bytes(), &[0xff]].concat();
    let terms = segment.zones[zone as usize].0.terms();
    let mut longer = terms.range().gt(prefix).lt(behind).into_stream()?;
    while longer.advance() {
        into.push((longer.value().doc_freq, longer.value().clone()));
    }
    if into.len() > MOST_EXPANSIONS {
        into.select_nth_unstable_by_key(MOST_EXPANSIONS, |(frequency, _)| std::cmp::Reverse(*frequency));
        into.truncate(MOST_EXPANSIONS);
    }
    Ok(())
}
