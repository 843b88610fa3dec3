//! Words a reader mistyped: which of the site's own words were meant.
//!
//! Only a word that finds nothing and is no common word of its language is corrected, once, against the words of
//! the pages in this language. The words it may stand for are then searched as if they had been typed, and weigh
//! less. A word that only pages have which the viewer may not see is neither known nor proposed.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::LazyLock;

use anyhow::Result;
use app::model::Rung;
use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder, SINK_STATE};
use tantivy::schema::IndexRecordOption;
use tantivy_fst::{Automaton, IntoStreamer, Map, MapBuilder, Streamer};

use super::analyser::STEM_MARK;
use super::index::{LocaleIndex, Segment};
use super::language::Language;
use super::meaning::Table;
use super::query::{Alternative, Form, Reading, Word};
use super::words;
use crate::content::View;

/// From so many letters on, a word may have one letter wrong, and two.
const ONE_EDIT: usize = 4;
const TWO_EDITS: usize = 8;
/// A word in so many times more sections may have been meant by one that finds something too.
const LIKELIER: u64 = 10;
/// Words that one mistyped word may stand for.
const MOST_MEANT: usize = 3;
/// Words of one query that are corrected.
const MOST_CORRECTED: usize = 4;

/// Automata for one and for two edits; neighbouring letters that changed places are one edit
/// (Schulz and Mihov 2002).
static EDITS: LazyLock<[LevenshteinAutomatonBuilder; 2]> =
    LazyLock::new(|| [1, 2].map(|edits| LevenshteinAutomatonBuilder::new(edits, true)));

/// Every word of letters only on the pages in one language, in its exact form, with the number of sections it is in.
pub struct Vocabulary(Map<Vec<u8>>);

/// Common words of English, the commonest counting most.
static ENGLISH: LazyLock<Vocabulary> = LazyLock::new(|| {
    let table = Table::english();
    let words = table.words().filter(|(word, _)| can_be_meant(word));
    let words = words.map(|(word, number)| (word.to_owned(), table.size() as u64 - u64::from(number))).collect();
    Vocabulary::of(words).expect("words that were sorted make a map")
});

impl Vocabulary {
    pub fn read(segments: &[Segment]) -> Result<Self> {
        let mut words: Vec<(String, u64)> = Vec::new();
        for (postings, _) in segments.iter().flat_map(|segment| &segment.zones) {
            let mut terms = postings.terms().stream()?;
            while terms.advance() {
                let word = std::str::from_utf8(terms.key()).unwrap_or_default();
                if word.chars().all(char::is_alphabetic) {
                    words.push((word.to_owned(), u64::from(terms.value().doc_freq)));
                }
            }
        }
        Self::of(words)
    }

    /// Of words, each with how much it counts.
    fn of(mut words: Vec<(String, u64)>) -> Result<Self> {
        words.sort_unstable();
        words.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            kept.1 += if same { later.1 } else { 0 };
            same
        });
        let mut map = MapBuilder::memory();
        for (word, count) in words {
            map.insert(word, count)?;
        }
        Ok(Self(Map::from_bytes(map.into_inner()?)?))
    }

    /// Is `word` on a page, whoever may see that?
    pub fn has(&self, word: &str) -> bool {
        self.0.contains_key(word)
    }

    /// How many sections hold `word`, whoever may see them.
    fn sections(&self, word: &str) -> u64 {
        self.0.get(word).unwrap_or_default()
    }

    /// The words nearest to `word` among those `may_be_meant`, likeliest first: fewest edits, the same first letter,
    /// most sections. With `grows`, also words that begin almost as it does.
    fn near(&self, word: &str, grows: bool, may_be_meant: impl Fn(&str) -> bool) -> Vec<String> {
        let edits = match word.chars().nth(TWO_EDITS - 1) {
            _ if !can_be_meant(word) => return Vec::new(),
            Some(_) => 2,
            None => 1,
        };
        let whole = |edits: usize| EDITS[edits - 1].build_dfa(word);
        let beginning = grows.then(|| EDITS[0].build_prefix_dfa(word));
        let automata = (1..=edits).map(whole).chain(beginning);
        let found = automata.map(|automaton| self.matching(word, automaton, &may_be_meant));
        found.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
    }

    fn matching(&self, word: &str, automaton: DFA, may_be_meant: impl Fn(&str) -> bool) -> Vec<String> {
        let automaton = Edits(automaton);
        let mut stream = self.0.search(&automaton).into_stream();
        let mut found: Vec<(bool, Reverse<u64>, String)> = Vec::new();
        while let Some((key, sections)) = stream.next() {
            let near = String::from_utf8_lossy(key).into_owned();
            found.push((near.chars().next() != word.chars().next(), Reverse(sections), near));
        }
        found.sort_unstable();
        let words = found.into_iter().map(|(.., near)| near);
        words.filter(|near| can_be_meant(near) && may_be_meant(near)).take(MOST_MEANT).collect()
    }
}

/// Numbers and versions are not mistyped words, and short words stand too close to each other.
fn can_be_meant(word: &str) -> bool {
    word.chars().nth(ONE_EDIT - 1).is_some() && word.chars().all(char::is_alphabetic)
}

struct Edits(DFA);

impl Automaton for Edits {
    type State = u32;

    fn start(&self) -> u32 {
        self.0.initial_state()
    }

    fn is_match(&self, state: &u32) -> bool {
        matches!(self.0.distance(*state), Distance::Exact(_))
    }

    fn can_match(&self, state: &u32) -> bool {
        *state != SINK_STATE
    }

    fn accept(&self, state: &u32, byte: u8) -> u32 {
        self.0.transition(*state, byte)
    }
}

/// Adds to every word that finds nothing the words it may stand for.
pub fn correct(words: &mut [Word], index: &LocaleIndex, view: &View<'_>) {
    let visible = Visible { index, view };
    // A common word that this site happens not to use is not mistyped.
    let is_common = |word: &Word| index.vectors.as_ref().is_some_and(|vectors| vectors.knows(&word.form.exact));
    let is_found = |word: &Word| visible.finds(&word.form) || word.grows && visible.holds_longer(&word.form.exact);
    let is_unknown = |word: &&mut Word| word.required && word.instead.is_empty() && !is_common(word) && !is_found(word);
    let unknown = words.iter_mut().filter(is_unknown).take(MOST_CORRECTED);
    for word in unknown {
        let form = |meant: String| Form::of(&meant, &index.language);
        let meant = index.vocabulary.near(&word.form.exact, word.grows, |near| visible.holds(near));
        word.instead =
            meant.into_iter().map(form).map(|form| Alternative { rung: Rung::Typo, forms: vec![form] }).collect();
        if word.instead.is_empty() && index.vectors.is_some() {
            let meant = ENGLISH.near(&word.form.exact, word.grows, |_| true).into_iter().map(form);
            word.instead = elsewhere(meant.collect(), &visible);
        }
    }
}

/// What stands for a mistyped word of the language: those of which the site has another form; else the likeliest, for
/// its meaning alone.
fn elsewhere(meant: Vec<Form>, visible: &Visible<'_>) -> Vec<Alternative> {
    let (found, other): (Vec<Form>, Vec<Form>) = meant.into_iter().partition(|form| visible.finds(form));
    let (rung, forms) = if found.is_empty() { (Rung::Meaning, other) } else { (Rung::Typo, found) };
    let most = if rung == Rung::Meaning { 1 } else { MOST_MEANT };
    forms.into_iter().take(most).map(|form| Alternative { rung, forms: vec![form] }).collect()
}

/// `text` with words replaced that stand on few of the viewer's pages, or none, by one a letter away which stands in
/// many more sections; `None` when there is none such.
pub fn likelier(text: &str, reading: &Reading, index: &LocaleIndex, view: &View<'_>) -> Option<String> {
    let visible = Visible { index, view };
    let vocabulary = &index.vocabulary;
    let better = |form: &Form| {
        let enough = vocabulary.sections(&form.exact).max(1) * LIKELIER;
        let near = vocabulary.near(&form.exact, false, |near| near != form.exact && visible.holds(near));
        near.into_iter().find(|near| vocabulary.sections(near) >= enough)
    };
    let words = reading.words.iter().filter(|word| word.required && word.instead.is_empty());
    let better: HashMap<&str, String> =
        words.filter_map(|word| Some((word.form.exact.as_str(), better(&word.form)?))).collect();
    replaced(text, &index.language, |exact| better.get(exact).map(String::as_str))
}

/// `text` with every corrected word replaced by the likeliest word it stands for by one of `rungs`; `None` when none
/// was corrected.
pub fn corrected(text: &str, asked: &[Word], index: &LocaleIndex, rungs: &[Rung]) -> Option<String> {
    let meant =
        |word: &'_ Word| word.instead.iter().find(|instead| rungs.contains(&instead.rung)).map(Alternative::text);
    let meant: HashMap<&str, String> =
        asked.iter().filter_map(|word| Some((word.form.exact.as_str(), meant(word)?))).collect();
    replaced(text, &index.language, |exact| meant.get(exact).map(String::as_str))
}

/// `text` with some of its words replaced; `None` when all were left as they are.
fn replaced<'b>(text: &str, language: &Language, better: impl Fn(&str) -> Option<&'b str>) -> Option<String> {
    let (mut replaced, mut at, mut exact) = (String::new(), 0, String::new());
    for part in words::words(text, words::Text::Prose) {
        language.exact(part.text, &mut exact);
        if let Some(better) = better(&exact).filter(|_| part.start >= at) {
            replaced.extend([&text[at..part.start], better]);
            at = part.end();
        }
    }
    replaced.push_str(&text[at..]);
    (at > 0).then_some(replaced)
}

/// What the viewer's pages hold.
struct Visible<'a> {
    index: &'a LocaleIndex,
    view: &'a View<'a>,
}

impl Visible<'_> {
    /// Does the word, or its stem, stand on a page the viewer may see?
    fn finds(&self, form: &Form) -> bool {
        self.holds(&form.exact) || self.holds(&format!("{STEM_MARK}{}", form.stem())) || self.holds(form.stem())
    }

    fn holds_longer(&self, word: &str) -> bool {
        let behind = [word.as_bytes(), &[0xff]].concat();
        let mut longer = self.index.vocabulary.0.range().gt(word).lt(&behind).into_stream();
        while let Some((key, _)) = longer.next() {
            if std::str::from_utf8(key).is_ok_and(|longer| self.holds(longer)) {
                return true;
            }
        }
        false
    }

    fn holds(&self, term: &str) -> bool {
        let mut zones =
            self.index.segments.iter().flat_map(|segment| segment.zones.iter().map(move |zone| (segment, zone)));
        zones.any(|(segment, (postings, _))| {
            let Ok(Some(info)) = postings.terms().get(term) else { return false };
            let Ok(mut block) = postings.read_block_postings_from_terminfo(&info, IndexRecordOption::Basic) else {
                return false;
            };
            let mut seen = false;
            while !seen && block.block_len() > 0 {
                seen = block.docs().iter().any(|document| self.is_visible(segment.first + document));
                block.advance();
            }
            seen
        })
    }

    fn is_visible(&self, document: u32) -> bool {
        let article = self.index.places.article(document);
        article.is_some_and(|article| self.index.articles[article as usize].is_visible(self.view))
    }
}
