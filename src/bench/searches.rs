//! Searches over HTTP, in turns with tantivy behind axum: words typed to their end, and while they are typed.

use std::sync::Arc;

use anyhow::Result;
use signpost::content::Snapshot;

use crate::bare;
use crate::client;
use crate::load::Load;
use crate::process::Program;
use crate::queries::{self, Query};
use crate::subject::Subject;
use crate::table::{Table, count, ratio, time};

const READERS: [usize; 2] = [1, 8];
/// Each server's turns, after one that warms it.
const TURNS: usize = 5;
/// Searches of a turn with many readers, so that they are many most of the time.
const TURN: usize = 400;

/// The site and what it is compared with, each in a process of its own.
pub struct Servers {
    pub site: Program,
    pub bare: Program,
}

impl Servers {
    pub fn start(subject: &Subject, snapshot: &Snapshot) -> Result<Self> {
        let folder = subject.folder("searched");
        bare::index(&folder, snapshot)?;
        let site = Program::site(&subject.content, &folder.join("data"))?;
        Ok(Self { site, bare: Program::bare(&folder)? })
    }
}

/// One way to search, and what it is held against; the first rival is what the aims speak of.
struct Comparison {
    name: &'static str,
    queries: Vec<Query>,
    rivals: [(&'static str, &'static str); 3],
    /// For p95 and p99.
    aims: [&'static str; 2],
}

fn comparisons(snapshot: &Snapshot) -> [Comparison; 2] {
    let (all, titles, typos) = (("tantivy", "/search"), ("titles only", "/titles"), ("naive typos", "/typos"));
    let full = Comparison {
        name: "full queries",
        queries: queries::full(snapshot),
        rivals: [all, titles, typos],
        aims: ["≤ 1.50", "≤ 1.50"],
    };
    let typing = Comparison {
        name: "as you type",
        queries: queries::as_you_type(snapshot),
        rivals: [typos, ("4 letters on", "/typos?letters=4"), all],
        aims: ["≤ 1.00", ""],
    };
    [full, typing]
}

pub async fn measure(servers: &Servers, subject: &Subject, snapshot: &Snapshot, table: &mut Table) -> Result<()> {
    for comparison in comparisons(snapshot) {
        let [one, two, three] = comparison.rivals.map(|(name, _)| name);
        let title = format!("{}: {}, in turns *", subject.name(), comparison.name);
        table.section([&title, "Signpost", one, "ratio", "aim", two, "ratio", three, "ratio"]);
        for readers in READERS {
            rows(table, &comparison, readers, &mut ask(servers, &comparison, readers).await?);
        }
    }
    for line in [
        "* Signpost: the whole ladder, meaning included; articles with up to four sections, snippets, all facets and links.",
        "  tantivy: any of the words in five fields of a section, the last also as a beginning while it is typed; how many,",
        "  counts by category, and of the ten best title, path and snippet, all by its own means and as JSON.",
        "  Titles only: of the ten best by title and body, nothing else. Naive typos: the same, every word as an automaton",
        "  of one typo; 4 letters on: shorter words as they are, where Signpost reads no typos either.",
    ] {
        table.note(line);
    }
    Ok(())
}

/// Ours first, then the rivals'.
async fn ask(servers: &Servers, comparison: &Comparison, readers: usize) -> Result<[Load; 4]> {
    let times = if readers == 1 { 1 } else { TURN.div_ceil(comparison.queries.len().max(1)) };
    let requests = |door: &str| -> Arc<[Vec<u8>]> {
        let asked = comparison.queries.iter().map(|query| client::get(&query.path(door), client::BROWSER));
        vec![asked.collect::<Vec<_>>(); times].concat().into()
    };
    let rivals = comparison.rivals.map(|(_, door)| (&servers.bare, requests(door)));
    let all = [(&servers.site, requests("/api/v1/search"))].into_iter().chain(rivals).collect::<Vec<_>>();
    let mut loads: [Load; 4] = Default::default();
    for (server, requests) in &all {
        Load::default().turn(server, requests, readers, 200).await?;
    }
    for _ in 0..TURNS {
        for (load, (server, requests)) in loads.iter_mut().zip(&all) {
            load.turn(server, requests, readers, 200).await?;
        }
    }
    Ok(loads)
}

fn rows(table: &mut Table, comparison: &Comparison, readers: usize, loads: &mut [Load; 4]) {
    let aims = comparison.aims;
    let who = if readers == 1 { "one reader".to_owned() } else { format!("{readers} readers at once") };
    let many = loads.each_ref().map(Load::per_second);
    row(table, &format!("{who}, {} queries: searches/s", comparison.queries.len()), many, "", |n| count(n as u64));
    let quantiles = loads.each_mut().map(|load| load.quantiles([0.5, 0.95, 0.99]));
    for (place, (label, aim)) in [("p50", ""), ("p95", aims[0]), ("p99", aims[1])].into_iter().enumerate() {
        let times = quantiles.map(|quantiles| quantiles[place].as_secs_f64());
        row(table, &format!("  {label}"), times, aim, seconds);
    }
    // The system counts it too coarsely for the few searches of one reader.
    if readers == 1 {
        return;
    }
    let processor = loads.each_ref().map(|load| load.processor().as_secs_f64());
    row(table, "  server's processor time", processor, "", seconds);
}

fn seconds(seconds: f64) -> String {
    time(std::time::Duration::from_secs_f64(seconds))
}

fn row(table: &mut Table, name: &str, figures: [f64; 4], aim: &str, show: impl Fn(f64) -> String) {
    let [ours, first, second, third] = figures;
    let against = |theirs: f64| [show(theirs), ratio(ours, theirs)];
    let ([one, to_one], [two, to_two], [three, to_three]) = (against(first), against(second), against(third));
    table.row([name.to_owned(), show(ours), one, to_one, aim.to_owned(), two, to_two, three, to_three]);
}
