//! A forum elsewhere: linked, searched after a search, never waited for.

use std::time::Duration;

use super::*;
use crate::contract::{Misbehave, Vendor, discourse};

async fn with_forum(vendor: &Vendor) -> Site {
    let url = &vendor.url;
    let settings = format!("[community]\ndiscourse_url = \"{url}/forum\"\ndiscourse_timeout_ms = 300\n");
    site::serve_with(&settings, FILES).await
}

async fn ask(site: &Site, query: &str) -> String {
    let answer = Browser::of(site).get(&format!("/search/forum?q={query}")).await;
    assert_eq!(answer.status(), StatusCode::OK, "{query}");
    answer.text().await.unwrap()
}

#[tokio::test]
async fn a_search_shows_what_the_forum_has_and_what_strangers_wrote_there_stays_text() {
    let vendor = Vendor::open(discourse::search).await;
    let site = with_forum(&vendor).await;
    let home = format!("href=\"{}/forum\"", vendor.url);
    assert!(site.page("/start/export").await.contains(&home), "the article links it");
    let page = site.page("/search?q=export").await;
    assert!(page.contains("data-forum=\"/search/forum?q=export\"") && page.contains("/assets/forum."), "{page}");
    assert!(page.contains(&format!("href=\"{}/forum/search?q=export\"", vendor.url)), "a link without script: {page}");
    site.page("/search/results?q=expo").await;
    site.page("/search/results?q=export&typing=1").await;
    assert_eq!(vendor.received().len(), 0, "nobody is asked while a reader types");

    let found = ask(&site, "Export").await;
    assert!(found.contains("From the community") && found.contains(">Solved<"), "{found}");
    assert!(!found.contains("<script") && !found.contains("<img") && !found.contains("<b>"), "{found}");
    assert!(found.contains("&lt;img src=x onerror=alert(1)&gt;"), "{found}");
    for link in found.split("href=\"").skip(1) {
        assert!(link.starts_with(&format!("{}/forum/", vendor.url)), "{link}");
    }
    ask(&site, "export%20").await;
    assert_eq!(vendor.received().len(), 1, "the same is remembered for a while");
    assert!(!ask(&site, "nothing").await.contains("From the community"));
    assert_eq!(vendor.faults(), Vec::<String>::new());
}

#[tokio::test]
async fn what_looks_personal_is_not_passed_on() {
    let vendor = Vendor::open(discourse::search).await;
    let site = with_forum(&vendor).await;
    for query in ["invoice+of+jo%40example.com", "card+4111+1111+1111+1111", "", "+"] {
        assert!(!ask(&site, query).await.contains("From the community"), "{query}");
    }
    let crawler = site.ask("/search/forum?q=export").header("user-agent", "Googlebot/2.1").send().await.unwrap();
    assert!(!crawler.text().await.unwrap().contains("From the community"));
    assert_eq!(vendor.received().len(), 0);
}

#[tokio::test]
async fn a_forum_that_does_not_answer_leaves_the_link() {
    let limited = r#"{"errors":["slow down"],"error_type":"rate_limit","extras":{"wait_seconds":5}}"#;
    let faults = [
        Misbehave::Status(200, limited),
        Misbehave::Status(404, r#"{"errors":["no"],"error_type":"not_found"}"#),
        Misbehave::Status(500, ""),
        Misbehave::WebPage(200),
        Misbehave::HalfABody(200),
        Misbehave::Oversized,
        Misbehave::Reset,
        Misbehave::Hang,
        Misbehave::Late(Duration::from_millis(600)),
    ];
    for fault in faults {
        let vendor = Vendor::open(discourse::search).await;
        let site = with_forum(&vendor).await;
        vendor.plan([fault.clone()]);
        let found = ask(&site, "export").await;
        assert!(!found.contains("From the community"), "{fault:?}: {found}");
        assert!(found.contains("/forum/search?q=export"), "{fault:?}: {found}");
    }
}

#[tokio::test]
async fn one_that_fails_again_and_again_or_asks_for_patience_is_left_alone() {
    let vendor = Vendor::open(discourse::search).await;
    let site = with_forum(&vendor).await;
    vendor.plan(std::iter::repeat_n(Misbehave::Status(503, ""), 5));
    for number in 0..8 {
        ask(&site, &format!("export+{number}")).await;
    }
    assert_eq!(vendor.received().len(), 5, "then the breaker is open");

    let vendor = Vendor::open(discourse::search).await;
    let site = with_forum(&vendor).await;
    vendor.plan([Misbehave::RetryAfter(429, "30")]);
    for number in 0..3 {
        ask(&site, &format!("export+{number}")).await;
    }
    assert_eq!(vendor.received().len(), 1);
}

#[tokio::test]
async fn without_a_forum_at_the_address_the_site_is_served_all_the_same() {
    let settings = "[community]\ndiscourse_url = \"http://127.0.0.1:9/\"\n";
    let site = site::serve_with(settings, FILES).await;
    assert!(ask(&site, "export").await.contains("http://127.0.0.1:9/search?q=export"));
}
