//! Search: one function behind page, fragment, API and command line.
//!
//! A page is indexed section by section ([`schema`]), each word in its exact form and by its stem
//! ([`words`], [`analyser`], [`language`]). [`search`] weighs every match ([`score`]), ranks the articles
//! the viewer may see ([`rank`]), counts what each filter would leave ([`filter`]) and shows the best of
//! them with what matched marked ([`hit`], [`snippet`]).

mod analyser;
mod answer;
mod canary;
mod compound;
mod expected;
mod explain;
mod filter;
mod hit;
mod index;
pub(crate) mod language;
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

use app::model::{Facet, FacetValue, Notice, SearchResults};

pub use analyser::{Analyser, STEM_MARK};
pub use canary::{canaries, self_test};
pub use expected::failures;
pub use filter::Attribute;
pub use index::Index;
pub use language::Language;
pub use query::{Form, Ladder, Query, forms};
pub use settings::Settings;
pub use words::Text;

use crate::content::{Snapshot, View};
use crate::identity::Viewer;
use answer::{Asked, Found};
use index::LocaleIndex;

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
    let mut found = in_some_locale(index, &view, query, &text, limit, &mut notices);
    if query.count_locales {
        found.facets.extend(locales(index, &view, query, &text));
    }
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

/// How many articles each of the site's languages has for the same search; nothing where no other has any.
fn locales(index: &Index, view: &View<'_>, query: &Query, text: &str) -> Option<Facet> {
    let [first, _, ..] = index.locales() else { return None };
    let asked = query.locale.as_deref().and_then(|locale| index.locale(locale)).unwrap_or(first).locale();
    // Words alone: what means the same is for who reads the hits.
    let ladder = Ladder { meaning: false, ..query.ladder };
    let counted = Query { ladder, explain: false, offset: 0, ..query.clone() };
    let value = |locale: &LocaleIndex| FacetValue {
        value: locale.locale().to_owned(),
        label: locale.locale().to_owned(),
        count: Asked { index, locale, view, query: &counted, text, limit: 0 }.answer().total,
        selected: locale.locale() == asked,
        url: String::new(),
    };
    let values = index.locales().iter().map(value).filter(|value| value.count > 0 || value.selected);
    let values: Vec<FacetValue> = values.collect();
    (values.len() > 1).then_some(Facet { name: "locale", values })
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
    let mut found = Asked { index, locale: asked, view, query, text, limit }.answer();
    if !found.has_words {
        let others = index.locales().iter().filter(|other| other.locale() != asked.locale());
        let elsewhere = others.map(|other| (other, Asked { index, locale: other, view, query, text, limit }.answer()));
        if let Some((other, instead)) = elsewhere.into_iter().find(|(_, found)| found.has_words) {
            found = instead;
            found.notices.push(Notice::OtherLanguage { locale: other.locale().to_owned(), name: String::new() });
        }
    }
    notices.append(&mut found.notices);
    found
}
