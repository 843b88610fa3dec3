//! A forum elsewhere: linked, searched after a search, never waited for.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use signpost::community::Forum;

use super::*;
use crate::contract::{Misbehave, Vendor, discourse};

async fn with_forum(vendor: &Vendor) -> Site {
    with_patience(vendor, "").await
}

/// With settings of `[delivery]`.
async fn with_patience(vendor: &Vendor, delivery: &str) -> Site {
    let url = &vendor.url;
    let settings =
        format!("[community]\ndiscourse_url = \"{url}/forum\"\ndiscourse_timeout_ms = 300\n[delivery]\n{delivery}\n");
    site::serve_with(&settings, FILES).await
}

fn forum(site: &Site) -> &Forum {
    site.help.community.forum.as_ref().unwrap()
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

/// Asks what nobody asked before, `seconds` after `begun`; the forum's requests until then.
async fn at(vendor: &Vendor, site: &Site, begun: Timestamp, seconds: i64) -> usize {
    let query = format!("export after {seconds}");
    forum(site).search(&query, begun + SignedDuration::from_secs(seconds)).await;
    vendor.received().len()
}

#[tokio::test]
async fn one_that_fails_again_and_again_is_left_alone() {
    let vendor = Vendor::open(discourse::search).await;
    let site = with_forum(&vendor).await;
    vendor.plan(std::iter::repeat_n(Misbehave::Status(503, ""), 5));
    let begun = Timestamp::now();
    for number in 0..5 {
        assert_eq!(at(&vendor, &site, begun, number * 5).await as i64, number + 1);
    }
    assert_eq!(at(&vendor, &site, begun, 49).await, 5, "the breaker is open");
    assert_eq!(at(&vendor, &site, begun, 51).await, 6);
}

#[tokio::test]
async fn one_that_asks_for_patience_did_not_fail_and_gets_an_hour_at_most() {
    let plans = [
        (Misbehave::RetryAfter(429, "30"), 30),
        (Misbehave::RetryAfter(429, "86400"), 3600),
        (discourse::TOO_OFTEN, 60),
    ];
    for (limited, seconds) in plans {
        let vendor = Vendor::open(discourse::search).await;
        let site = with_patience(&vendor, "breaker_failures = 2\nbreaker_open_ms = 7200000").await;
        vendor.plan([limited.clone(), limited.clone()]);
        let begun = Timestamp::now();
        assert_eq!(at(&vendor, &site, begun, 0).await, 1);
        assert_eq!(at(&vendor, &site, begun, seconds - 1).await, 1, "{limited:?}");
        assert_eq!(at(&vendor, &site, begun, seconds + 2).await, 2, "{limited:?}");
        assert_eq!(at(&vendor, &site, begun, seconds * 2 + 4).await, 3, "{limited:?}");
    }
}

#[tokio::test]
async fn a_search_it_refuses_has_no_topics_and_shuts_it_for_nobody() {
    let vendor = Vendor::open(discourse::search).await;
    let site = with_patience(&vendor, "breaker_failures = 1").await;
    for _ in 0..5 {
        assert!(!ask(&site, "ai").await.contains("From the community"));
    }
    assert_eq!(vendor.received().len(), 1, "it will be refused again");
    assert!(ask(&site, "export").await.contains("From the community"));
    assert_eq!(vendor.faults(), Vec::<String>::new());
}

#[tokio::test]
async fn what_was_on_its_way_when_it_was_left_alone_does_not_count() {
    let failed = || Misbehave::Status(503, "");
    for (first, second, seconds) in [
        (failed(), failed(), 30),
        (failed(), Misbehave::Well, 30),
        (Misbehave::RetryAfter(429, "90"), Misbehave::Well, 90),
    ] {
        let vendor = Vendor::open(discourse::search).await;
        let site = with_patience(&vendor, "breaker_failures = 1").await;
        vendor.plan([first.clone(), second.clone()]);
        let begun = Timestamp::now();
        tokio::join!(forum(&site).search("export", begun), forum(&site).search("import", begun));
        assert_eq!(vendor.received().len(), 2);
        assert_eq!(at(&vendor, &site, begun, seconds - 1).await, 2, "{first:?}, {second:?}");
        assert_eq!(at(&vendor, &site, begun, seconds + 2).await, 3, "{first:?}, {second:?}");
    }
}

#[tokio::test]
async fn it_is_not_asked_more_often_than_it_answers_and_a_search_without_a_turn_is_no_failure() {
    let vendor = Vendor::open(discourse::search).await;
    let site = with_patience(&vendor, "breaker_failures = 1").await;
    let begun = Timestamp::now();
    for (query, expect) in [("one", 1), ("two", 2), ("three", 2)] {
        forum(&site).search(query, begun).await;
        assert_eq!(vendor.received().len(), expect, "two in a second");
    }
    let two_seconds = begun + SignedDuration::from_secs(2);
    assert!(!forum(&site).search("three", two_seconds).await.is_empty(), "nothing was learnt of it before");
    for seconds in 4..60 {
        at(&vendor, &site, begun, seconds).await;
    }
    assert_eq!(vendor.received().len(), 15, "fifteen in a minute");
    assert_eq!(at(&vendor, &site, begun, 63).await, 16);
}

#[tokio::test]
async fn without_a_forum_at_the_address_the_site_is_served_all_the_same() {
    let settings = "[community]\ndiscourse_url = \"http://127.0.0.1:9/\"\n";
    let site = site::serve_with(settings, FILES).await;
    assert!(ask(&site, "export").await.contains("http://127.0.0.1:9/search?q=export"));
}
