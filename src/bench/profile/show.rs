//! The profile as tables: the usual cost of each part, and the slowest searches with what most of their time went to.

use std::time::Duration;

use super::Cost;
use crate::table::{Table, count, quantile, time};

const SLOWEST: usize = 8;

type Part = (&'static str, fn(&Cost) -> Duration);

const PARTS: [Part; 8] = [
    ("over HTTP, one reader", |cost| cost.http),
    ("  around the search: connection, routing, JSON, links", Cost::around),
    ("  the search itself, as its answer says (took_us)", |cost| cost.search),
    ("    words met, articles ranked, facets, one hit", Cost::words),
    ("    nine more hits: snippets, marks, sections", |cost| cost.hits),
    ("    what means the same", |cost| cost.meaning),
    ("    typos", |cost| cost.typos),
    ("tantivy in process: ten titles, nothing else", |cost| cost.titles),
];

/// What each part of a search takes, by the kind of query.
pub fn parts(name: &str, full: &[Cost], typing: &[Cost], table: &mut Table) {
    let title = format!("{name}: where the time of a search goes *");
    table.section([&title, "full: p50", "p95", "as you type: p50", "p95"]);
    for (name, part) in PARTS {
        let [a, b] = quantiles(full, part);
        let [c, d] = quantiles(typing, part);
        table.row([name.to_owned(), a, b, c, d]);
    }
    table.note(
        "* Each row has quantiles of its own, so parts need not add up. Hits, meaning and typos: what a search in",
    );
    table.note("  process saves without them; words: what then remains.");
}

fn quantiles(costs: &[Cost], part: fn(&Cost) -> Duration) -> [String; 2] {
    let mut times: Vec<Duration> = costs.iter().map(part).collect();
    times.sort_unstable();
    [0.5, 0.95].map(|share| time(quantile(&times, share)))
}

/// The searches that took longest over HTTP, by their medians, and why.
pub fn slowest<'c>(name: &str, costs: impl Iterator<Item = &'c Cost>, table: &mut Table) {
    let title = format!("{name}: the slowest searches, and what takes most of them");
    table.section([
        &title,
        "over HTTP",
        "took_us",
        "HTTP",
        "words",
        "hits",
        "meaning",
        "typos",
        "most",
        "share",
        "asked",
        "matches",
        "best by",
    ]);
    let mut costs: Vec<&Cost> = costs.collect();
    costs.sort_by_key(|cost| std::cmp::Reverse(cost.http));
    costs.into_iter().take(SLOWEST).for_each(|cost| row(cost, table));
    table.note("asked: words of the query; matches: articles found.");
}

fn row(cost: &Cost, table: &mut Table) {
    let parts = cost.parts();
    let [around, words, hits, meaning, typos] = parts.map(|(_, took)| time(took));
    let (most, took) = parts.into_iter().max_by_key(|(_, took)| *took).unwrap_or_default();
    let share = format!("{:.0} %", took.as_secs_f64() / cost.http.as_secs_f64() * 100.0);
    let asked = cost.text.split_whitespace().count();
    table.row([
        format!("{:?}", cost.text),
        time(cost.http),
        count(cost.search.as_micros() as u64),
        around,
        words,
        hits,
        meaning,
        typos,
        most.to_owned(),
        share,
        asked.to_string(),
        count(cost.matches),
        cost.rung.clone(),
    ]);
}
