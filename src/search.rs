//! Search: one function behind page, fragment, API and command line.
//!
//! A page is indexed section by section ([`schema`]), each word in its exact form and by its stem
//! ([`words`], [`analyser`], [`language`]). [`search`] weighs every match ([`score`]), ranks the articles
//! the viewer may see ([`rank`]), counts what each filter would leave ([`filter`]) and shows the best of
//! them with what matched marked ([`hit`], [`snippet`]).

mod analyser;
mod canary;
mod compound;
mod expected;
mod explain;
mod filter;
mod hit;
mod index;
mod language;
pub mod meaning;
mod phrase;
mod pins;
mod query;
mod rank;
mod schema;
mod score;
mod settings;
mod snippet;
mod spelling;
mod synonyms;
mod vectors;
mod words;

#[cfg(test)]
mod tests;

use std::time::Instant;

use app::model::{Facet, Hit, Notice, Rung, SearchResults};

pub use canary::{canaries, self_test};
pub use expected::failures;
pub use filter::Attribute;
pub use index::Index;
pub use query::{Ladder, Query};
pub use settings::Settings;

use crate::content::{Snapshot, View};
use crate::identity::Viewer;
use index::LocaleIndex;

/// With so few articles found, a likelier word may be proposed.
const FEW: usize = 3;

/// Searches `snapshot` as `viewer`: what the viewer may not see is neither found nor counted. Never fails;
/// whatever the reader should know of how the query was understood is in the notices.
///
/// `index` must have been opened for this very `snapshot`.
pub fn search(index: &Index, snapshot: &Snapshot, viewer: &Viewer, query: &Query) -> SearchResults {
    let started = Instant::now();
    debug_assert!(index.is_of(snapshot), "an index answers for its own snapshot only");
    let view = snapshot.view(viewer);
    let mut notices = Vec::new();
    let text = query::clean(&query.text, &mut notices);
    let limit = index.settings.limit(query.limit);
    let found = in_some_locale(index, &view, query, &text, limit, &mut notices);
    SearchResults {
        query: text,
        total: found.total,
        limit,
        offset: query.offset,
        took_us: started.elapsed().as_micros().try_into().unwrap_or(u64::MAX),
        hits: found.hits,
        suggestion: found.suggestion,
        facets: found.facets,
        notices,
    }
}

#[derive(Default)]
struct Found {
    total: usize,
    hits: Vec<Hit>,
    facets: Vec<Facet>,
    notices: Vec<Notice>,
    suggestion: Option<String>,
    /// Some of the words asked for were found, not their meaning alone.
    has_words: bool,
}

/// In the locale asked for; if that has nothing, in the first one that has something, the default before others.
fn in_some_locale(
    index: &Index,
    view: &View<'_>,
    query: &Query,
    text: &str,
    limit: usize,
    notices: &mut Vec<Notice>,
) -> Found {
    let asked = query.locale.as_deref().and_then(|locale| index.locale(locale)).or(index.locales().first());
    if let Some(unknown) = query.locale.as_ref().filter(|locale| index.locale(locale).is_none()) {
        notices.push(Notice::UnknownFilter { name: "locale".to_owned(), value: unknown.clone() });
    }
    let Some(asked) = asked else {
        return Found::default();
    };
    let mut found = in_locale(index, asked, view, query, text, limit);
    if !found.has_words {
        let others = index.locales().iter().filter(|other| other.locale() != asked.locale());
        let elsewhere = others.map(|other| (other, in_locale(index, other, view, query, text, limit)));
        if let Some((other, instead)) = elsewhere.into_iter().find(|(_, found)| found.has_words) {
            found = instead;
            found.notices.push(Notice::OtherLanguage { locale: other.locale().to_owned(), name: String::new() });
        }
    }
    notices.append(&mut found.notices);
    found
}

fn in_locale(index: &Index, locale: &LocaleIndex, view: &View<'_>, query: &Query, text: &str, limit: usize) -> Found {
    let mut notices = Vec::new();
    let mut reading = query::read(text, &locale.language, &mut notices);
    widen(&mut reading, query.ladder, locale, view);
    let filter = filter::Filter::of(query, &reading, locale, view, &mut notices);
    let required = rank::Required::of(&reading.words);
    index.scratch.with(|tally| {
        if let Err(cause) = tally.weigh(locale, &reading.words) {
            unreadable(locale, &cause);
        }
        let matches = ranked(locale, view, query, &reading, &filter, tally);
        let best = rank::best(&matches, &locale.articles, query.offset, limit);
        let highlighter = snippet::Highlighter::new(&reading.words, &locale.language);
        let showcase = hit::Showcase { index, locale, view: *view, tally, highlighter: &highlighter, required };
        let mut hits: Vec<Hit> = best.iter().filter_map(|found| showcase.hit(found)).collect();
        if query.explain {
            explain(index, locale, &reading, &best, &mut hits);
        }
        let total = matches.iter().filter(|found| found.is_kept()).count();
        if let Some(to) = spelling::corrected(text, &reading.words, locale).filter(|_| total > 0) {
            notices.push(Notice::Corrected { to, as_typed_url: String::new() });
        }
        let lacks_words = |found: &rank::Match| matches!(found.rung(required), Rung::Meaning | Rung::Partial);
        if total > 0 && matches.iter().all(|found| !found.is_kept() || lacks_words(found)) {
            notices.push(Notice::FewerWords);
        }
        let has_words = matches.iter().any(|found| found.evidence.met() != 0 || found.pinned.is_some());
        let facets = filter::facets(&matches, &filter, locale, view);
        let suggestion =
            (total <= FEW && query.ladder.typos).then(|| spelling::likelier(text, &reading, locale, view)).flatten();
        Found { total, hits, facets, notices, suggestion, has_words }
    })
}

fn ranked(
    locale: &LocaleIndex,
    view: &View<'_>,
    query: &Query,
    reading: &query::Reading,
    filter: &filter::Filter,
    tally: &score::Tally,
) -> Vec<rank::Match> {
    let required = rank::Required::of(&reading.words);
    let mut matches = rank::matches(locale, tally, view, filter, required);
    if let Some(vectors) = locale.vectors.as_ref().filter(|_| query.ladder.meaning) {
        let meant = spelling::corrected(&reading.plain, &reading.words, locale);
        let similar = vectors.similar(meant.as_deref().unwrap_or(&reading.plain), &locale.articles);
        rank::blend(&mut matches, &similar, locale, view, filter, required);
    }
    rank::pin(&mut matches, locale.pins.on_top(reading), locale, view, filter);
    matches
}

fn explain(index: &Index, locale: &LocaleIndex, reading: &query::Reading, best: &[rank::Match], hits: &mut [Hit]) {
    match index.scratch.with(|tally| explain::explain(best, &reading.words, locale, tally)) {
        Ok(all) => hits.iter_mut().zip(all).for_each(|(hit, explanation)| hit.explanation = Some(explanation)),
        Err(cause) => unreadable(locale, &cause),
    }
}

fn unreadable(locale: &LocaleIndex, cause: &std::io::Error) {
    tracing::error!(locale = locale.locale(), "search index cannot be read: {cause}");
}

/// Adds to the words what may stand in their place.
fn widen(reading: &mut query::Reading, ladder: Ladder, locale: &LocaleIndex, view: &View<'_>) {
    if ladder.compounds {
        compound::add(reading, locale);
    }
    if ladder.synonyms {
        locale.synonyms.add(reading);
    }
    if ladder.typos {
        spelling::correct(&mut reading.words, locale, view);
    }
}
