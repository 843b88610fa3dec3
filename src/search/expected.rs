//! Runs what editors say must be found, and tells what came instead.

use app::model::Hit;

use super::{Index, Query, search};
use crate::content::{Problem, SEARCH_TESTS, SearchTest, Severity, Snapshot};
use crate::identity;

/// Hits looked through for where the article stands.
const FAR: usize = 50;
/// Hits named that came instead.
const NAMED: usize = 3;

/// A warning for every test whose article is not among the first `top` results of its reader.
pub fn failures(index: &Index, snapshot: &Snapshot, tests: &[SearchTest]) -> Vec<Problem> {
    tests.iter().filter_map(|test| Some(problem(test, failure(index, snapshot, test)?))).collect()
}

fn problem(test: &SearchTest, message: String) -> Problem {
    Problem {
        severity: Severity::Warning,
        kind: "search-test".to_owned(),
        file: SEARCH_TESTS.to_owned(),
        position: test.position,
        message,
        cure: "Give the article the reader's words, in its title, a heading or `keywords`; or correct the test."
            .to_owned(),
    }
}

fn failure(index: &Index, snapshot: &Snapshot, test: &SearchTest) -> Option<String> {
    let SearchTest { query, expect, top, locale, audience, .. } = test;
    let viewer = identity::from_command_line(audience);
    let Some(page) = snapshot.view(&viewer).at(&format!("/{}", expect.trim_matches('/'))) else {
        return Some(format!("\"{query}\" expects {expect}, and this reader has no page there."));
    };
    let asked = Query { text: query.clone(), locale: locale.clone(), limit: FAR, ..Query::default() };
    let results = search(index, snapshot, &viewer, &asked);
    let found = (1..).zip(&results.hits).find(|(_, hit)| hit.id == page.id);
    let before = found.map_or(NAMED, |(place, _)| NAMED.min(place - 1));
    let instead: Vec<String> =
        results.hits.iter().take(before).map(|hit| format!("{} {}", hit.url, why(hit))).collect();
    let instead = instead.join(", ");
    match found {
        Some((place, _)) if place <= *top => None,
        Some((place, hit)) => Some(format!(
            "\"{query}\" finds {expect} at place {place} {}, not among the first {top}; before it come {instead}.",
            why(hit)
        )),
        None if instead.is_empty() => Some(format!("\"{query}\" finds nothing, not {expect}.")),
        None => Some(format!("\"{query}\" does not find {expect}; it finds {instead}.")),
    }
}

fn why(hit: &Hit) -> String {
    format!("({}, {:.2})", hit.rung.name(), hit.score)
}
