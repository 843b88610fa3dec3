//! How pages are sent: compressed once, not twice, with the headers that protect readers; and what
//! operators are told.

use std::io::Read;

use crate::site;

const FILES: &[(&str, &str)] =
    &[("index.md", "# Welcome"), ("start/a.md", "# Article\n\nSome text that is long enough.")];

#[tokio::test]
async fn every_encoding_holds_the_same_page() {
    let site = site::serve(FILES).await;
    let plain = site.page("/start/a").await;
    let response = site.ask("/start/a").header("accept-encoding", "br").send().await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "br");
    let (etag, bytes) = (response.headers()["etag"].clone(), response.bytes().await.unwrap());
    let mut unpacked = String::new();
    brotli::Decompressor::new(bytes.as_ref(), 4096).read_to_string(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain);
    let response = site.ask("/start/a").header("accept-encoding", "gzip").send().await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
    assert_eq!(response.headers()["etag"], etag);
    let mut unpacked = String::new();
    flate2::read::GzDecoder::new(response.bytes().await.unwrap().as_ref()).read_to_string(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain);
    let again = site.ask("/start/a").header("if-none-match", etag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    assert!(again.bytes().await.unwrap().is_empty());
}

#[tokio::test]
async fn every_answer_protects_its_reader() {
    let site = site::serve(FILES).await;
    for path in ["/", "/start/a", "/search?q=a", "/nothing", "/api/v1/search?q=a", "/livez"] {
        let response = site.get(path).await;
        let headers = response.headers();
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("script-src 'self' 'wasm-unsafe-eval' 'sha256-") && !policy.contains("unsafe-inline"),
            "{policy}"
        );
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert!(headers["x-request-id"].len() == 36, "{path}");
    }
}

#[tokio::test]
async fn readiness_really_asks() {
    let site = site::serve(FILES).await;
    assert_eq!(site.page("/livez").await, "alive\n");
    assert_eq!(site.page("/readyz").await, "ready\n");
    let details = reqwest::get(format!("{}/readyz", site.operations)).await.unwrap();
    let details: serde_json::Value = details.json().await.unwrap();
    assert_eq!(details["ready"], true);
    assert!(details["pages"].as_u64().unwrap() >= 3 && details["canaries"].as_u64().unwrap() >= 1, "{details}");

    site.help.store.close().await;
    let response = site.get("/readyz").await;
    assert_eq!(response.status(), 503);
    assert_eq!(response.text().await.unwrap(), "not ready\n");
    let details = reqwest::get(format!("{}/readyz", site.operations)).await.unwrap();
    assert!(details.text().await.unwrap().contains("cannot write to the database"));
}

#[tokio::test]
async fn figures_are_for_operators_only() {
    let site = site::serve(FILES).await;
    site.page("/start/a").await;
    site.get("/nothing").await;
    site.page("/search?q=zzzzz").await;
    assert_eq!(site.status("/metrics").await, 404);
    let response = reqwest::get(format!("{}/metrics", site.operations)).await.unwrap();
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
    let text = response.text().await.unwrap();
    for line in ["signpost_searches_total 1", "signpost_searches_without_hits_total 1", "signpost_snapshots_total 1"] {
        assert!(text.contains(line), "{line} is missing in\n{text}");
    }
    assert!(text.contains("signpost_requests_total{status=\"4xx\"} 2"), "{text}");
}

#[tokio::test]
async fn a_restart_serves_the_same_pages() {
    let site = site::serve(FILES).await;
    let etag = site.get("/start/a").await.headers()["etag"].clone();
    assert!(etag.to_str().unwrap().starts_with("W/\""));
    let data = site.stop().await;
    assert!(data.path().join("signpost.db").is_file());
    assert!(data.path().join("cache/index").is_dir(), "the index lies under the data directory");
}
