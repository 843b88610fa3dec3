//! From a folder to a site: the cold build, and every page rendered and compressed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
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
use crate::table::{Table, median, time};

const TIMES: usize = 5;

/// Builds from nothing several times; the snapshot is for the other measurements.
pub async fn measure(subject: &Subject, table: &mut Table) -> Result<Snapshot> {
    table.section(["Building the site", "time", "pages/s", "MB/s", "aim"]);
    let mut built = Vec::new();
    for number in 0..TIMES {
        built.push(build(subject, number)?);
    }
    let total = |(content, index, _): &(Duration, Duration, Snapshot)| *content + *index;
    row(table, "cold build, first in the process: read, render, index", total(&built[0]), subject, "≤ 4.3 s");
    row(table, "cold build, median of 5", median(built.iter().map(total).collect()), subject, "");
    row(table, "  of which content: read and render", median(built.iter().map(|it| it.0).collect()), subject, "");
    row(table, "  of which search index", median(built.iter().map(|it| it.1).collect()), subject, "");
    let (pages, took) = answer_all(subject).await?;
    let name = format!("all {pages} pages answered and compressed (brotli, first request)");
    row(table, &name, took, subject, "");
    built.pop().map(|(_, _, snapshot)| snapshot).context("it was built at least once")
}

fn row(table: &mut Table, name: &str, took: Duration, subject: &Subject, aim: &str) {
    let seconds = took.as_secs_f64();
    let pages = format!("{:.0}", subject.pages as f64 / seconds);
    let megabytes = format!("{:.1}", subject.bytes as f64 / 1e6 / seconds);
    table.row([name.to_owned(), time(took), pages, megabytes, aim.to_owned()]);
}

/// As `serve` does with an empty data directory, the caches on disk included.
fn build(subject: &Subject, number: usize) -> Result<(Duration, Duration, Snapshot)> {
    let folder = subject.folder(&format!("build-{number}"));
    let (settings, prose) = (content::Settings::default(), folder.join("prose"));
    let how = Options { cache: Some(&prose), ..Options::new(&settings, Timestamp::now()) };
    let start = Instant::now();
    let snapshot = content::load(&Source::Dir(subject.content.clone()), &how, None)?;
    let content = start.elapsed();
    let index = Index::open(Some(&folder.join("index")), &snapshot, &Default::default(), "")?;
    let both = start.elapsed();
    ensure!(index.is_of(&snapshot), "the index is of another snapshot");
    Ok((content, both - content, snapshot))
}

/// Asks for every page of the sitemap once, in process, as a browser would.
async fn answer_all(subject: &Subject) -> Result<(usize, Duration)> {
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
    let start = Instant::now();
    let asked: Vec<_> = paths
        .into_iter()
        .map(|path| (site.clone(), path))
        .map(|(site, path)| tokio::spawn(async move { answer(site, &path, "br").await }))
        .collect();
    for answer in asked {
        answer.await??;
    }
    let took = start.elapsed();
    help.close().await?;
    Ok((count, took))
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
