//! Every page of the sitemap, answered once as a browser would ask for it.

use std::sync::Arc;

use anyhow::{Result, ensure};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use signpost::config::Config;
use signpost::progress::Progress;
use signpost::site::Address;
use signpost::{help, http};
use tower::ServiceExt;

use crate::building::{Spent, Start};
use crate::site;
use crate::subject::Subject;

/// How many there are, and what it took, in process.
pub async fn answer_all(subject: &Subject) -> Result<(usize, Spent)> {
    let address = Address::parse("http://127.0.0.1");
    let (config, data) = (Config::default(), subject.folder("data"));
    let origin = site::origin(&config, &subject.content, &data, address.clone());
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
