//! From a folder to a site: the cold build, and every page rendered and compressed.

use std::ops::Add;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use jiff::Timestamp;
use signpost::config::Config;
use signpost::content::{self, Options, Snapshot, Source};
use signpost::edition::{Origin, cache_folder};
use signpost::progress::Progress;
use signpost::search::Index;
use signpost::site::Address;
use signpost::{help, http};
use tower::ServiceExt;

use crate::Subject;
use crate::process::processor_time;
use crate::table::{Table, time};

const TIMES: usize = 5;

/// Builds from nothing several times; the snapshot is for the other measurements.
pub async fn measure(subject: &Subject, table: &mut Table) -> Result<Snapshot> {
    table.section(["Building the site", "time", "processor", "pages/s", "MB/s", "aim"]);
    let mut built = Vec::new();
    for number in 0..TIMES {
        built.push(build(subject, number)?);
    }
    let whole = |(content, index, _): &(Spent, Spent, Snapshot)| *content + *index;
    row(table, "cold build: read, render, index; first in the process", whole(&built[0]), subject, "≤ 4.3 s");
    built.sort_by_key(|build| whole(build).time);
    let (content, index, snapshot) = built.swap_remove(TIMES / 2);
    row(table, "cold build, median of 5", content + index, subject, "");
    row(table, "  of which content: read and render", content, subject, "");
    row(table, "  of which search index", index, subject, "");
    let (pages, spent) = answer_all(subject).await?;
    let name = format!("all {pages} pages answered and compressed (brotli, first request)");
    row(table, &name, spent, subject, "");
    Ok(snapshot)
}

/// What work took: by the clock, and of all processor cores together.
#[derive(Clone, Copy)]
struct Spent {
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
struct Start(Instant, Duration);

impl Start {
    fn now() -> Result<Self> {
        Ok(Self(Instant::now(), processor_time(std::process::id())?))
    }

    fn spent(&self) -> Result<Spent> {
        Ok(Spent { time: self.0.elapsed(), processor: processor_time(std::process::id())? - self.1 })
    }
}

fn row(table: &mut Table, name: &str, spent: Spent, subject: &Subject, aim: &str) {
    let seconds = spent.time.as_secs_f64();
    let pages = format!("{:.0}", subject.pages as f64 / seconds);
    let megabytes = format!("{:.1}", subject.bytes as f64 / 1e6 / seconds);
    table.row([name.to_owned(), time(spent.time), time(spent.processor), pages, megabytes, aim.to_owned()]);
}

/// As `serve` does with an empty data directory, the caches on disk included.
fn build(subject: &Subject, number: usize) -> Result<(Spent, Spent, Snapshot)> {
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
    Ok((content, indexing, snapshot))
}

/// Asks for every page of the sitemap once, in process, as a browser would.
async fn answer_all(subject: &Subject) -> Result<(usize, Spent)> {
    let address = Address::parse("http://127.0.0.1");
    let (config, data) = (Config::default(), subject.folder("data"));
    let origin = Origin {
        source: Source::Dir(subject.content.clone()),
        content: config.content.clone(),
        search: config.search.clone(),
        address: address.clone(),
        cache: Some(cache_folder(&data)),
    };
    let help = Arc::new(help::open(config, origin, &data, Progress::quiet()).await?);
    let site = http::site(help.clone());
    let sitemap = String::from_utf8(answer(site.clone(), "/sitemap.xml", "identity").await?)?;
    let paths = paths(&sitemap, &address.origin);
    let count = paths.len();
    let start = Start::now()?;
    let asked: Vec<_> = paths
        .into_iter()
        .map(|path| (site.clone(), path))
        .map(|(site, path)| tokio::spawn(async move { answer(site, &path, "br").await }))
        .collect();
    for answer in asked {
        answer.await??;
    }
    let spent = start.spent()?;
    help.close().await?;
    Ok((count, spent))
}

async fn answer(site: Router, path: &str, accept_encoding: &str) -> Result<Vec<u8>> {
    let request = Request::get(path).header(header::ACCEPT_ENCODING, accept_encoding).body(Body::empty())?;
    let answer = site.oneshot(request).await?;
    ensure!(answer.status().is_success(), "{path} answered {}", answer.status());
    Ok(to_bytes(answer.into_body(), usize::MAX).await?.to_vec())
}

/// The paths a sitemap names.
pub fn paths(sitemap: &str, origin: &str) -> Vec<String> {
    let locations = sitemap.split("<loc>").skip(1).filter_map(|rest| rest.split("</loc>").next());
    let path = |url: &str| match url.strip_prefix(origin).unwrap_or(url) {
        "" => "/".to_owned(),
        path => path.replace("&amp;", "&"),
    };
    locations.map(path).collect()
}
