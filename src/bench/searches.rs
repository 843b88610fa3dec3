//! Searches through the API, beside tantivy alone: in process, and behind HTTP.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use signpost::content::Snapshot;

use crate::bare::index::Bare;
use crate::client::{self, Connection};
use crate::process::Program;
use crate::queries::{self, Query};
use crate::table::{Table, quantile, ratio, time};

/// How often each query is asked, in turns with what it is compared with.
const ROUNDS: usize = 40;

/// Times of all queries: ours; tantivy behind HTTP with count and snippets; the same with titles only; tantivy in
/// process, titles only.
#[derive(Default)]
struct Times([Vec<Duration>; 4]);

pub async fn measure(
    site: &Program,
    bare: &Program,
    folder: &Path,
    snapshot: &Snapshot,
    table: &mut Table,
) -> Result<()> {
    let in_process = Bare::open(&folder.join("index"))?;
    table.section([
        "Search, one reader at a time, in turns with bare tantivy *",
        "Signpost API",
        "tantivy, HTTP",
        "ratio",
        "aim",
        "titles only, HTTP",
        "titles only, in process",
    ]);
    let exact = queries::full(snapshot);
    let typed = queries::as_you_type(snapshot);
    for (name, queries, aim) in [("full queries", exact, "≤ 1.50"), ("as you type", typed, "")] {
        let name = format!("{} {name}, {ROUNDS} times", queries.len());
        rows(table, &name, ask(site, bare, &in_process, &queries).await?, aim);
    }
    for line in [
        "* tantivy: any of the words in five fields of a section, by its own means and as JSON: how many, counts by category,",
        "  and of the ten best title, path and snippet. Titles only: of the ten best by title and body, nothing else.",
        "  Signpost: articles with up to four sections, exact and stemmed evidence, snippets, all facets with their links.",
    ] {
        table.note(line);
    }
    Ok(())
}

async fn ask(site: &Program, bare: &Program, in_process: &Bare, queries: &[Query]) -> Result<Times> {
    let mut times = Times::default();
    let (mut ours, mut theirs) = (Connection::open(&site.address).await?, Connection::open(&bare.address).await?);
    // The first round warms all alike and is not counted.
    for round in 0..=ROUNDS {
        for query in queries {
            let took = [
                timed(&mut ours, &client::get(&query.path("/api/v1/search"), client::BROWSER)).await?,
                timed(&mut theirs, &client::get(&query.path("/search"), client::BROWSER)).await?,
                timed(&mut theirs, &client::get(&query.path("/titles"), client::BROWSER)).await?,
                timed_in_process(in_process, query)?,
            ];
            if round > 0 {
                times.0.iter_mut().zip(took).for_each(|(times, took)| times.push(took));
            }
        }
    }
    times.0.iter_mut().for_each(|times| times.sort_unstable());
    Ok(times)
}

async fn timed(connection: &mut Connection, request: &[u8]) -> Result<Duration> {
    let start = Instant::now();
    let status = connection.ask(request).await?.status;
    let took = start.elapsed();
    ensure!(status == 200, "{} was answered with {status}", String::from_utf8_lossy(request));
    Ok(took)
}

fn timed_in_process(bare: &Bare, query: &Query) -> Result<Duration> {
    let start = Instant::now();
    black_box(bare.titles(&query.text, query.typing)?);
    Ok(start.elapsed())
}

fn rows(table: &mut Table, name: &str, times: Times, aim: &str) {
    for (label, share, aim) in [("p50", 0.5, ""), ("p95", 0.95, aim), ("p99", 0.99, aim)] {
        let [ours, theirs, titles, in_process] = times.0.each_ref().map(|times| quantile(times, share));
        let ratio = ratio(ours.as_secs_f64(), theirs.as_secs_f64());
        let name = format!("{name}: {label}");
        table.row([name, time(ours), time(theirs), ratio, aim.to_owned(), time(titles), time(in_process)]);
    }
}
