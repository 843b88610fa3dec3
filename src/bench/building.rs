//! From a folder to a site: the cold build, and every page rendered and compressed.

use std::ops::Add;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use jiff::Timestamp;
use signpost::content::{self, Options, Snapshot, Source};
use signpost::search::Index;

use crate::process::processor_time;
use crate::subject::Subject;
use crate::table::{Table, ratio, time};
use crate::visits::answer_all;

const TIMES: usize = 5;

/// A site, built.
pub struct Built {
    content: Spent,
    indexing: Spent,
    pub snapshot: Snapshot,
    pub index: Index,
}

impl Built {
    fn whole(&self) -> Spent {
        self.content + self.indexing
    }
}

/// Builds from nothing several times; what was built is for the other measurements.
pub async fn measure(subject: &Subject, table: &mut Table) -> Result<Built> {
    table.section(["Building the site", "time", "processor", "pages/s", "MB/s", "aim"]);
    let first = once(subject, 0)?;
    row(table, "cold build: read, render, index; first in the process", first.whole(), subject, "≤ 4.3 s");
    let mut built = vec![first];
    for number in 1..TIMES {
        built.push(once(subject, number)?);
    }
    built.sort_by_key(|built| built.whole().time);
    let middle = built.swap_remove(TIMES / 2);
    row(table, "cold build, median of 5", middle.whole(), subject, "");
    row(table, "  of which content: read and render", middle.content, subject, "");
    row(table, "  of which search index", middle.indexing, subject, "");
    let (pages, spent) = answer_all(subject).await?;
    let name = format!("all {pages} pages answered and compressed (brotli, first request)");
    row(table, &name, spent, subject, "");
    Ok(middle)
}

/// Do twice as many bytes take twice as long? The same figures of every site searched.
pub fn compare(sites: &[(&Subject, &Built)], table: &mut Table) {
    table.section(["Building by size", "time", "processor", "pages/s", "MB/s", "MB/s, ratio"]);
    let [(least, first), ..] = sites else { return };
    let speed = |subject: &Subject, spent: Spent| subject.bytes as f64 / spent.processor.as_secs_f64();
    for (subject, built) in sites {
        let parts = [("content", first.content, built.content), ("search index", first.indexing, built.indexing)];
        for (part, at_first, spent) in parts {
            let name = format!("{}: {part}", subject.name());
            let ratio = ratio(speed(subject, spent), speed(least, at_first));
            row(table, &name, spent, subject, &ratio);
        }
    }
    table.note("Ratio: of processor time, to the first site's; 1.00 is linear in bytes.");
}

/// What work took: by the clock, and of all processor cores together.
#[derive(Clone, Copy)]
pub struct Spent {
    time: Duration,
    processor: Duration,
}

impl Add for Spent {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { time: self.time + other.time, processor: self.processor + other.processor }
    }
}

/// When work began.
pub struct Start(Instant, Duration);

impl Start {
    pub fn now() -> Result<Self> {
        Ok(Self(Instant::now(), processor_time(std::process::id())?))
    }

    pub fn spent(&self) -> Result<Spent> {
        Ok(Spent { time: self.0.elapsed(), processor: processor_time(std::process::id())? - self.1 })
    }
}

fn row(table: &mut Table, name: &str, spent: Spent, subject: &Subject, last: &str) {
    let seconds = spent.time.as_secs_f64();
    let pages = format!("{:.0}", subject.pages as f64 / seconds);
    let megabytes = format!("{:.1}", subject.bytes as f64 / 1e6 / seconds);
    table.row([name.to_owned(), time(spent.time), time(spent.processor), pages, megabytes, last.to_owned()]);
}

/// As `serve` does with an empty data directory, the caches on disk included.
pub fn once(subject: &Subject, number: usize) -> Result<Built> {
    let folder = subject.folder(&format!("build-{number}"));
    let (settings, prose) = (content::Settings::default(), folder.join("prose"));
    let how = Options { cache: Some(&prose), ..Options::new(&settings, Timestamp::now()) };
    let start = Start::now()?;
    let snapshot = content::load(&Source::Dir(subject.content.clone()), &how, None)?;
    let content = start.spent()?;
    let start = Start::now()?;
    let index = Index::open(Some(&folder.join("index")), &snapshot, &Default::default(), "")?;
    let indexing = start.spent()?;
    ensure!(index.is_of(&snapshot), "the index is of another snapshot");
    Ok(Built { content, indexing, snapshot, index })
}
