//! The index tested before anyone relies on it: articles must be found by their own titles.

use anyhow::{Result, ensure};
use app::model::CanaryRow;

use super::{Index, Query, query, search};
use crate::content::{Kind, Page, Snapshot, Status};
use crate::identity;

/// Articles asked for in each locale, spread over the site.
const PER_LOCALE: usize = 3;

/// Asks for a few articles by their titles, each as someone who may see it.
pub fn canaries(index: &Index, snapshot: &Snapshot) -> Vec<CanaryRow> {
    snapshot
        .locales()
        .iter()
        .flat_map(|locale| chosen(snapshot, locale))
        .map(|page| ask(index, snapshot, page))
        .collect()
}

/// # Errors
/// When an index has documents but no terms, or an article is not found by its own title: such an index
/// must not answer anyone.
pub fn self_test(index: &Index, snapshot: &Snapshot) -> Result<()> {
    ensure!(index.is_of(snapshot), "the search index was opened for other content than is served");
    for locale in index.locales() {
        ensure!(
            locale.places.len() == 0 || locale.has_terms(),
            "the search index of locale {} has documents but no terms; delete the index directory to build it anew",
            locale.locale()
        );
    }
    for canary in canaries(index, snapshot) {
        ensure!(canary.found, "searching for {:?} does not find {}", canary.query, canary.expected);
    }
    Ok(())
}

fn ask(index: &Index, snapshot: &Snapshot, page: &Page) -> CanaryRow {
    let viewer = identity::from_command_line(&page.audience.iter().cloned().collect::<Vec<_>>());
    let query = Query {
        text: page.title.clone(),
        locale: Some(page.locale.clone()),
        limit: index.settings.max_limit,
        ..Query::default()
    };
    let results = search(index, snapshot, &viewer, &query);
    let found = results.hits.iter().any(|hit| hit.id == page.id);
    CanaryRow { query: query.text, expected: page.path.clone(), found }
}

/// Articles whose title nothing else in the locale bears and that search uses in full.
fn chosen<'a>(snapshot: &'a Snapshot, locale: &str) -> Vec<&'a Page> {
    let is_found = |page: &&Page| page.locale == locale && page.status == Status::Published && page.searchable;
    let pages = || snapshot.pages_for_index().iter().filter(is_found);
    let mut titles: Vec<&str> = pages().map(|page| page.title.as_str()).collect();
    titles.sort_unstable();
    let bearers =
        |title: &str| titles.partition_point(|other| *other <= title) - titles.partition_point(|other| *other < title);
    let can_be_asked = |title: &str| {
        let letters = title.chars().filter(|letter| letter.is_alphanumeric()).count();
        title.len() <= 100 && letters >= 3 && !query::has_operators(title)
    };
    let alone: Vec<&Page> = pages()
        .filter(|page| page.kind == Kind::Article && can_be_asked(&page.title) && bearers(&page.title) == 1)
        .collect();
    alone.iter().step_by(alone.len().div_ceil(PER_LOCALE).max(1)).copied().collect()
}
