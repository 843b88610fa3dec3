//! One word of a query read from the postings and turned into scores.

use std::cmp::Reverse;
use std::io;

use app::model::Rung;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;

use super::{Cell, Tally};
use crate::search::analyser::STEM_MARK;
use crate::search::index::{LocaleIndex, Segment};
use crate::search::phrase;
use crate::search::query::{Form, Word};
use crate::search::schema::Zone;

/// BM25's saturation: how soon more of the same word adds little. Later than with one field alone, as zones add up.
const K1: f32 = 2.0;
/// An exact match counts this much more than one by stem.
const EXACT_BONUS: f32 = 0.5;
/// A longer word that begins with the query's word counts this much.
const PREFIX_SHARE: f32 = 0.5;
/// A word that editors say means the same counts this much.
const SYNONYM_SHARE: f32 = 0.9;
/// A word that a mistyped one may stand for counts this much.
const TYPO_SHARE: f32 = 0.8;
/// An article's own words count for its sections, and this much again for the article as a whole: a title that
/// answers beats a section that mentions.
const OWN_SHARE: f32 = 0.5;
/// Places where those stand that are read, in each zone of each segment: on a large site, a letter or two begin words
/// of every page.
const MOST_POSTINGS: u32 = 20_000;
/// Longer words that one beginning stands for, in each zone of each segment; the most frequent ones.
const MOST_EXPANSIONS: usize = 50;

/// One word of the query on its way through the postings.
pub struct Pass<'a> {
    pub index: &'a LocaleIndex,
    pub tally: &'a mut Tally,
    pub bit: u32,
    /// Only articles that met all of these words are looked at.
    pub within: u32,
    /// Articles that met it so far, looked at or not.
    pub known: u32,
}

impl Pass<'_> {
    /// The word as typed and whatever shares its stem. A stem that equals its word is indexed once, as the word.
    pub fn whole_word(&mut self, word: &Word) -> io::Result<()> {
        let Form { exact, stem } = &word.form;
        let exact_weight = if stem.is_some() { EXACT_BONUS } else { 1.0 + EXACT_BONUS };
        self.read(exact, exact_weight, Rung::Exact)?;
        self.read(&format!("{STEM_MARK}{}", word.form.stem()), 1.0, Rung::Stemmed)?;
        if let Some(stem) = stem {
            self.read(stem, 1.0, Rung::Stemmed)?;
        }
        self.settle(1.0);
        Ok(())
    }

    /// Words that begin with the word as typed, where nothing stronger was found.
    pub fn longer_words(&mut self, word: &Word) -> io::Result<()> {
        let index = self.index;
        let mut longer = Vec::new();
        // One letter begins words of every body; only those that name something are worth proposing.
        let names = word.form.is_one_letter();
        let zones = || Zone::ALL.into_iter().filter(|zone| !names || zone.names_something());
        for segment in &index.segments {
            for zone in zones() {
                expansions(segment, zone, &word.form.exact, &mut longer)?;
                for (_, postings) in longer.drain(..) {
                    self.read_postings(segment, zone, &postings, 1.0, Rung::Prefix)?;
                }
            }
        }
        self.settle(PREFIX_SHARE);
        Ok(())
    }

    /// Words in its place, where nothing stronger was found.
    pub fn alternatives(&mut self, word: &Word) -> io::Result<()> {
        for (rung, share) in [(Rung::Compound, 1.0), (Rung::Synonym, SYNONYM_SHARE), (Rung::Typo, TYPO_SHARE)] {
            for instead in word.instead.iter().filter(|instead| instead.rung == rung) {
                match &instead.forms[..] {
                    [form] => self.read_form(form, rung)?,
                    forms => self.read_phrase(forms, rung)?,
                }
            }
            self.settle(share);
        }
        Ok(())
    }

    fn read_form(&mut self, form: &Form, rung: Rung) -> io::Result<()> {
        let stem = form.stem();
        self.read(&form.exact, EXACT_BONUS, rung)?;
        self.read(&format!("{STEM_MARK}{stem}"), 1.0, rung)?;
        self.read(stem, 1.0, rung)
    }

    fn read_phrase(&mut self, forms: &[Form], rung: Rung) -> io::Result<()> {
        let (index, words) = (self.index, forms.iter().map(|form| form.exact.as_str()).collect::<Vec<_>>());
        for segment in &index.segments {
            for zone in Zone::ALL {
                let (lengths, by_length) = (&segment.zones[zone as usize].1, &index.lengths.0[zone as usize]);
                for document in phrase::documents(segment, zone, &words)? {
                    let frequency = (1.0 + EXACT_BONUS) * by_length[lengths.fieldnorm_id(document) as usize];
                    self.note(segment.first + document, zone.is_articles(), frequency, rung);
                }
            }
        }
        Ok(())
    }

    fn read(&mut self, term: &str, weight: f32, rung: Rung) -> io::Result<()> {
        let index = self.index;
        for segment in &index.segments {
            for zone in Zone::ALL {
                if let Some(postings) = segment.zones[zone as usize].0.terms().get(term)? {
                    self.read_postings(segment, zone, &postings, weight, rung)?;
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
        rung: Rung,
    ) -> io::Result<()> {
        let (inverted, lengths) = &segment.zones[zone as usize];
        let by_length = &self.index.lengths.0[zone as usize];
        let mut block = inverted.read_block_postings_from_terminfo(postings, IndexRecordOption::WithFreqs)?;
        while block.block_len() > 0 {
            for (document, count) in block.docs().iter().zip(block.freqs()) {
                let frequency = weight * *count as f32 * by_length[lengths.fieldnorm_id(*document) as usize];
                self.note(segment.first + document, zone.is_articles(), frequency, rung);
            }
            block.advance();
        }
        Ok(())
    }

    fn note(&mut self, document: u32, is_articles: bool, frequency: f32, rung: Rung) {
        let Some(article) = self.index.places.article(document) else { return };
        let Tally { sections, articles, met, touched, counted, words } = &mut *self.tally;
        self.known += u32::from(std::mem::replace(&mut counted[article as usize], *words) != *words);
        if met[article as usize] & self.within != self.within {
            return;
        }
        if rung > Rung::Stemmed {
            let known = |cell: &Cell| cell.evidence.met();
            let stronger = known(&articles.cells[article as usize])
                | if is_articles { 0 } else { known(&sections.cells[document as usize]) };
            if stronger & self.bit != 0 {
                return;
            }
        }
        if met[article as usize] == 0 {
            touched.push(article);
        }
        met[article as usize] |= self.bit;
        match is_articles {
            true => articles.add(article, frequency, rung),
            false => sections.add(document, frequency, rung),
        }
    }

    /// Turns the word's weighted occurrences into scores. A word rare among articles weighs more; weaker evidence
    /// never makes it rarer.
    fn settle(&mut self, share: f32) {
        let (places, bit) = (&self.index.places, self.bit);
        let article_of = |document: u32| places.article(document);
        let rarity = share * rarity(self.known, self.index.articles.len());
        let Tally { sections, articles, .. } = &mut *self.tally;
        for at in 0..sections.fresh.len() {
            let document = sections.fresh[at];
            let Some(article) = article_of(document) else { continue };
            let (own, here) = (articles.frequency(article), sections.frequency(document));
            let more = if own == 0.0 { saturate(here) } else { saturate(own + here) - saturate(own) };
            sections.gain(document, rarity * more, bit);
        }
        for at in 0..articles.fresh.len() {
            let article = articles.fresh[at];
            articles.gain(article, (1.0 + OWN_SHARE) * rarity * saturate(articles.frequency(article)), bit);
        }
        sections.next_word();
        articles.next_word();
    }
}

/// In how many sections the word stands, as typed or by its stem, about: enough to know which of two words is rarer.
pub fn sections_with(index: &LocaleIndex, word: &Word) -> u32 {
    let terms = [word.form.exact.clone(), format!("{STEM_MARK}{}", word.form.stem())];
    let bodies = index.segments.iter().map(|segment| segment.zones[Zone::Body as usize].0.terms());
    bodies.flat_map(|body| terms.iter().map(|term| body.get(term).ok().flatten().map_or(0, |it| it.doc_freq))).sum()
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
        into.select_nth_unstable_by_key(MOST_EXPANSIONS, |(frequency, _)| Reverse(*frequency));
        into.truncate(MOST_EXPANSIONS);
    }
    into.sort_unstable_by_key(|(frequency, _)| Reverse(*frequency));
    let mut postings = 0;
    into.retain(|(frequency, _)| {
        postings += frequency;
        postings <= MOST_POSTINGS.max(*frequency)
    });
    Ok(())
}
