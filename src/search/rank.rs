//! From weighed sections to ranked articles: what a viewer may see, what the filters leave, in which order.

use std::cmp::Ordering;

use app::model::Rung;

use super::filter::Filter;
use super::index::{Article, LocaleIndex};
use super::query::Word;
use super::score::{Cell, Evidence, Tally};
use super::vectors::{Question, Similar};
use crate::content::View;

/// From so many required words on, an article may lack some of them: a question in a sentence asks with more
/// words than its answer uses.
const MANY_WORDS: u32 = 4;
/// What lacks some of many words and scores below this share of the best is no answer.
const FAINT: f32 = 0.2;

/// How much of a score is meaning.
const MEANING_SHARE: f32 = 0.55;
/// From this cosine on, an article without any of the words may answer.
const MEANS_THE_SAME: f32 = 0.35;
/// Matches compared by meaning, the best by their words: as many as can be leafed through.
const MOST_COMPARED: usize = 1_000;
/// Articles without any of the words, at most.
const MOST_BY_MEANING: usize = 20;

/// An article that met the query's words, or some of them.
#[derive(Debug, Clone, Copy)]
pub struct Match {
    /// Index into the locale's articles.
    pub article: u32,
    pub score: f32,
    /// How much of the score is meaning.
    pub meaning: f32,
    /// Everything met by it and all its sections.
    pub evidence: Evidence,
    /// The document of its best section; `None` when only its own words met the query.
    pub best: Option<u32>,
    pub in_category: bool,
    pub has_values: bool,
    /// Editors put it on top: its place among those.
    pub pinned: Option<u32>,
}

impl Match {
    /// Nothing known but which article.
    fn of(article: u32) -> Self {
        let evidence = Evidence::default();
        Self {
            article,
            score: 0.0,
            meaning: 0.0,
            evidence,
            best: None,
            in_category: true,
            has_values: true,
            pinned: None,
        }
    }

    fn filtered(self, filter: &Filter, articles: &[Article]) -> Self {
        let article = &articles[self.article as usize];
        Self { in_category: filter.in_category(article), has_values: filter.has_values(article), ..self }
    }

    /// Passes every filter.
    pub fn is_kept(&self) -> bool {
        self.in_category && self.has_values
    }

    pub fn rung(&self, required: Required) -> Rung {
        if self.pinned.is_some() { Rung::Pinned } else { required.rung(self.evidence) }
    }
}

/// Which of the query's words an answer needs; bit n stands for word n.
#[derive(Debug, Clone, Copy)]
pub struct Required(u32);

impl Required {
    /// With nothing but optional words, all of them are needed.
    pub fn of(words: &[Word]) -> Self {
        let bits = |only_required: bool| {
            words
                .iter()
                .enumerate()
                .filter(|(_, word)| word.required || !only_required)
                .map(|(number, _)| 1 << number)
                .sum()
        };
        Self(Some(bits(true)).filter(|bits| *bits != 0).unwrap_or_else(|| bits(false)))
    }

    fn is_nothing(self) -> bool {
        self.0 == 0
    }

    fn all_in(self, bits: u32) -> bool {
        bits & self.0 == self.0
    }

    fn any_in(self, bits: u32) -> bool {
        bits & self.0 != 0
    }

    /// Articles with some of them do not matter where one has them all.
    pub fn want_all(self) -> bool {
        !self.is_nothing() && !self.are_many()
    }

    pub fn are_met(self, found: &Match) -> bool {
        self.all_in(found.evidence.met())
    }

    fn are_many(self) -> bool {
        self.0.count_ones() >= MANY_WORDS
    }

    /// By which evidence were the words met, as weak as the weakest.
    fn rung(self, evidence: Evidence) -> Rung {
        let mut met = 0;
        for rung in Rung::OF_WORDS {
            met |= evidence.by(rung);
            if self.all_in(met) {
                return rung;
            }
        }
        if met == 0 { Rung::Meaning } else { Rung::Partial }
    }
}

/// What a viewer may see of what was found, unordered: articles with all the words; where none has, or the words
/// are many, with some of them.
pub fn matches(index: &LocaleIndex, tally: &Tally, view: &View<'_>, filter: &Filter, required: Required) -> Vec<Match> {
    let mut found = if required.is_nothing() && filter.is_chosen() {
        everything(index)
    } else {
        let mut found = gather(index, tally);
        found.retain(|found| required.any_in(found.evidence.met()));
        found
    };
    found.retain_mut(|found| {
        *found = found.filtered(filter, &index.articles);
        let article = &index.articles[found.article as usize];
        filter.admits(found.article) && (found.in_category || found.has_values) && article.is_visible(view)
    });
    keep_answers(&mut found, required);
    found
}

/// A filter chosen and nothing asked: all that the filter leaves.
fn everything(index: &LocaleIndex) -> Vec<Match> {
    (0..).take(index.articles.len()).map(Match::of).collect()
}

/// Drops what lacks a word, unless nothing has them all or there are many.
fn keep_answers(found: &mut Vec<Match>, required: Required) {
    let has_all = |found: &Match| required.are_met(found);
    if !required.are_many() && found.iter().any(|found| found.is_kept() && has_all(found)) {
        found.retain(has_all);
        return;
    }
    let best = found.iter().filter(|found| found.is_kept()).map(|found| found.score).fold(0.0, f32::max);
    found.retain(|found| has_all(found) || found.score >= best * FAINT);
}

/// Adds to the evidence of words, scaled to its best, as much of meaning. Articles without any of the words come in
/// where no article has them all or the words are many: a question, not a name.
pub fn blend(
    found: &mut Vec<Match>,
    question: &Question<'_>,
    index: &LocaleIndex,
    view: &View<'_>,
    filter: &Filter,
    required: Required,
) {
    if required.is_nothing() {
        return;
    }
    let best = found.iter().filter(|found| found.is_kept()).map(|found| found.score).fold(f32::MIN_POSITIVE, f32::max);
    let needs_more = required.are_many() || !found.iter().any(|found| found.is_kept() && required.are_met(found));
    if found.len() > MOST_COMPARED {
        found.select_nth_unstable_by(MOST_COMPARED, |one, other| other.score.total_cmp(&one.score));
    }
    for (place, found) in found.iter_mut().enumerate() {
        if place < MOST_COMPARED {
            let cosine = question.nearest(found.article).cosine.max(0.0);
            found.meaning = MEANING_SHARE * cosine * index.articles[found.article as usize].boost;
        }
        found.score = (1.0 - MEANING_SHARE) * found.score / best + found.meaning;
    }
    if needs_more {
        let more = by_meaning(found, question, index, view, filter);
        found.extend(more);
    }
}

/// Articles without any of the words that mean the same.
fn by_meaning(
    found: &[Match],
    question: &Question<'_>,
    index: &LocaleIndex,
    view: &View<'_>,
    filter: &Filter,
) -> Vec<Match> {
    let mut is_new = vec![true; index.articles.len()];
    found.iter().for_each(|found| is_new[found.article as usize] = false);
    let may_come = |article: u32| {
        is_new[article as usize] && filter.admits(article) && index.articles[article as usize].is_visible(view)
    };
    let near = question.best(MOST_BY_MEANING, may_come);
    let as_match = |near: Similar| {
        let article = &index.articles[near.article as usize];
        let meaning = MEANING_SHARE * near.cosine * article.boost;
        let best = Some(article.documents.0 + near.ordinal).filter(|document| *document < article.documents.1);
        Match { score: meaning, meaning, best, ..Match::of(near.article) }.filtered(filter, &index.articles)
    };
    near.into_iter().filter(|near| near.cosine >= MEANS_THE_SAME).map(as_match).collect()
}

/// Marks the articles that editors put on top, and adds those that were not found.
pub fn pin(found: &mut Vec<Match>, on_top: &[u32], index: &LocaleIndex, view: &View<'_>, filter: &Filter) {
    for (place, article) in (0..).zip(on_top) {
        if let Some(found) = found.iter_mut().find(|found| found.article == *article) {
            found.pinned = Some(place);
            continue;
        }
        if filter.admits(*article) && index.articles[*article as usize].is_visible(view) {
            found.push(Match { pinned: Some(place), ..Match::of(*article) }.filtered(filter, &index.articles));
        }
    }
}

/// One match an article, at its best section.
fn gather(index: &LocaleIndex, tally: &Tally) -> Vec<Match> {
    let mut found: Vec<Match> = tally.articles().iter().map(|article| own(tally, *article)).collect();
    let mut numbers = vec![u32::MAX; index.articles.len()];
    for (number, found) in (0..).zip(&found) {
        numbers[found.article as usize] = number;
    }
    for document in tally.sections() {
        let Some(article) = index.places.article(*document) else { continue };
        let number = &mut numbers[article as usize];
        if *number == u32::MAX {
            *number = found.len() as u32;
            found.push(own(tally, article));
        }
        add_section(&mut found[*number as usize], tally, *document);
    }
    for found in &mut found {
        let section = found.best.map_or(0.0, |document| tally.section(document).score);
        found.score = (found.score + section) * index.articles[found.article as usize].boost;
    }
    found
}

fn own(tally: &Tally, article: u32) -> Match {
    let Cell { score, evidence } = tally.article(article);
    Match { score, evidence, ..Match::of(article) }
}

fn add_section(found: &mut Match, tally: &Tally, document: u32) {
    let section = tally.section(document);
    found.evidence.add(section.evidence);
    // Of equal ones the earlier: a page's documents stand in the order of its sections.
    let better = |best: u32| section.score.total_cmp(&tally.section(best).score).then(best.cmp(&document)).is_gt();
    if found.best.is_none_or(better) {
        found.best = Some(document);
    }
}

/// The best `count` after the first `offset`, best first; of equal ones the earlier page.
pub fn best(matches: &[Match], articles: &[Article], offset: usize, count: usize) -> Vec<Match> {
    let mut kept: Vec<Match> = matches.iter().filter(|found| found.is_kept()).copied().collect();
    let order = |one: &Match, other: &Match| -> Ordering {
        let page = |found: &Match| articles[found.article as usize].page;
        let place = |found: &Match| found.pinned.unwrap_or(u32::MAX);
        let by_score = || other.score.total_cmp(&one.score).then_with(|| page(one).cmp(&page(other)));
        place(one).cmp(&place(other)).then_with(by_score)
    };
    let end = offset.saturating_add(count).min(kept.len());
    if end < kept.len() {
        kept.select_nth_unstable_by(end, order);
        kept.truncate(end);
    }
    kept.sort_unstable_by(order);
    kept.drain(..offset.min(end));
    kept
}
