//! What one locale answers: the query read, widened, weighed, ranked and shown.

use std::io;

use app::model::{Facet, Hit, Notice, Rung};

use super::filter::{self, Filter};
use super::hit::Showcase;
use super::index::{Index, LocaleIndex};
use super::query::{self, Query, Reading, StopWords};
use super::rank::{self, Match, Required};
use super::score::Tally;
use super::snippet::Highlighter;
use super::{compound, explain, spelling};
use crate::content::View;

/// With so few articles found, a likelier word may be proposed.
const FEW: usize = 3;

/// A search in one locale.
pub struct Asked<'a> {
    pub index: &'a Index,
    pub locale: &'a LocaleIndex,
    pub view: &'a View<'a>,
    pub query: &'a Query,
    /// The query's text, cleaned.
    pub text: &'a str,
    pub limit: usize,
}

/// What one locale has.
#[derive(Default)]
pub struct Found {
    pub total: usize,
    pub hits: Vec<Hit>,
    pub facets: Vec<Facet>,
    pub notices: Vec<Notice>,
    pub suggestion: Option<String>,
    /// Some of the words asked for were found, not their meaning alone.
    pub has_words: bool,
}

impl Asked<'_> {
    /// Where nothing has the words that matter, stop words may find something.
    pub fn answer(&self) -> Found {
        let found = self.with(StopWords::LeftOut);
        if found.total > 0 { found } else { self.with(StopWords::Kept) }
    }

    fn with(&self, stop_words: StopWords) -> Found {
        let (locale, query) = (self.locale, self.query);
        let mut notices = Vec::new();
        let mut reading = query::read(self.text, &locale.language, stop_words, &mut notices);
        self.widen(&mut reading);
        let filter = Filter::of(query, &reading, locale, self.view, &mut notices);
        self.index.scratch.with(|tally| {
            let matches = self.matches(&reading, &filter, tally);
            let matches = self.ranked(matches, &reading, &filter);
            let total = matches.iter().filter(|found| found.is_kept()).count();
            notices.extend(self.told(&reading, &matches, total));
            Found {
                total,
                hits: self.shown(&reading, &matches, tally),
                facets: filter::facets(&matches, &filter, locale, self.view),
                notices,
                suggestion: self.suggestion(&reading, total),
                has_words: matches.iter().any(|found| found.evidence.met() != 0 || found.pinned.is_some()),
            }
        })
    }

    /// Adds to the words what may stand in their place.
    fn widen(&self, reading: &mut Reading) {
        let ladder = self.query.ladder;
        if ladder.compounds {
            compound::add(reading, self.locale);
        }
        if ladder.synonyms {
            self.locale.synonyms.add(reading);
        }
        if ladder.typos {
            spelling::correct(&mut reading.words, self.locale, self.view);
        }
    }

    /// Where an article has all the words, those that lack one need not be weighed.
    fn matches(&self, reading: &Reading, filter: &Filter, tally: &mut Tally) -> Vec<Match> {
        let (locale, view, words) = (self.locale, self.view, &reading.words);
        let required = Required::of(words);
        let found = |tally: &Tally| rank::matches(locale, tally, view, filter, required);
        if required.want_all() {
            self.or_told(tally.weigh_together(locale, words));
            let together = found(tally);
            if together.iter().any(|found| found.is_kept() && required.are_met(found)) {
                return together;
            }
            tally.clear();
        }
        self.or_told(tally.weigh(locale, words));
        found(tally)
    }

    fn ranked(&self, mut matches: Vec<Match>, reading: &Reading, filter: &Filter) -> Vec<Match> {
        let (locale, view) = (self.locale, self.view);
        let required = Required::of(&reading.words);
        if let Some(vectors) = locale.vectors.as_ref().filter(|_| self.query.ladder.meaning) {
            let meant = spelling::corrected(&reading.plain, &reading.words, locale, &[Rung::Typo, Rung::Meaning]);
            if let Some(question) = vectors.question(meant.as_deref().unwrap_or(&reading.plain)) {
                rank::blend(&mut matches, &question, locale, view, filter, required);
            }
        }
        rank::pin(&mut matches, locale.pins.on_top(reading), locale, view, filter);
        matches
    }

    fn shown(&self, reading: &Reading, matches: &[Match], tally: &Tally) -> Vec<Hit> {
        let (index, locale) = (self.index, self.locale);
        let best = rank::best(matches, &locale.articles, self.query.offset, self.limit);
        let highlighter = Highlighter::new(&reading.words, &locale.language);
        let required = Required::of(&reading.words);
        let showcase = Showcase { index, locale, view: *self.view, tally, highlighter: &highlighter, required };
        let mut hits: Vec<Hit> = best.iter().filter_map(|found| showcase.hit(found)).collect();
        if self.query.explain {
            let explained = index.scratch.with(|tally| explain::explain(&best, &reading.words, locale, tally));
            self.or_told(explained.map(|all| {
                hits.iter_mut().zip(all).for_each(|(hit, parts)| hit.explanation = Some(parts));
            }));
        }
        hits
    }

    /// What a reader must know of how these were found.
    fn told(&self, reading: &Reading, matches: &[Match], total: usize) -> Vec<Notice> {
        let required = Required::of(&reading.words);
        let corrected = spelling::corrected(self.text, &reading.words, self.locale, &[Rung::Typo])
            .map(|to| Notice::Corrected { to, as_typed_url: String::new() });
        let lacks_words = |found: &Match| matches!(found.rung(required), Rung::Meaning | Rung::Partial);
        let fewer = matches.iter().all(|found| !found.is_kept() || lacks_words(found)).then_some(Notice::FewerWords);
        corrected.into_iter().chain(fewer).filter(|_| total > 0).collect()
    }

    fn suggestion(&self, reading: &Reading, total: usize) -> Option<String> {
        let wanted = total <= FEW && self.query.ladder.typos;
        wanted.then(|| spelling::likelier(self.text, reading, self.locale, self.view)).flatten()
    }

    fn or_told(&self, weighed: io::Result<()>) {
        if let Err(cause) = weighed {
            tracing::error!(locale = self.locale.locale(), "search index cannot be read: {cause}");
        }
    }
}
