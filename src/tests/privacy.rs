//! What a reader allows, and the trail that only the reader sees.

use reqwest::Method;
use serde_json::json;

use crate::events::{Browser, kinds};
use crate::site;

const FILES: &[(&str, &str)] = &[("index.md", "# Welcome"), ("start/install.md", "# Install the program\n\nRun it.")];

#[tokio::test]
async fn the_question_is_shown_until_it_is_answered() {
    let site = site::serve(FILES).await;
    let browser = Browser::of(&site);
    let asks = async || browser.page("/privacy/banner.css").await.contains("display:block");
    assert!(site.page("/").await.contains("/privacy/banner.css"), "the question stands in a page that is anybody's");
    assert!(asks().await);
    let answer = browser
        .request(Method::POST, "/privacy")
        .header("referer", format!("{}/search?q=install", site.url))
        .form(&[("way", "banner"), ("choice", "none")])
        .send()
        .await
        .unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["location"]), (303, &"/search?q=install".parse().unwrap()));
    assert!(!asks().await);
    let (shown, granted, way): (String, String, String) =
        sqlx::query_as("select shown, granted, way from consents").fetch_one(site.help.store.readers()).await.unwrap();
    assert_eq!((shown.as_str(), granted.as_str(), way.as_str()), (r#"["analytics"]"#, "[]", "banner"));
}

#[tokio::test]
async fn a_signal_against_tracking_is_followed_whatever_was_chosen() {
    let site = site::serve(FILES).await;
    let browser = Browser::of(&site);
    browser.allow("all").await;
    for signal in ["sec-gpc", "dnt"] {
        let asked = browser.request(Method::GET, "/privacy").header(signal, "1").send().await.unwrap();
        assert!(asked.text().await.unwrap().contains("Your browser says that you do not want to be tracked"));
        let batch = json!({ "events": [{ "kind": "page_viewed", "page": "/" }] });
        let told = browser.request(Method::POST, "/api/v1/events").header(signal, "1").body(batch.to_string());
        assert_eq!(told.send().await.unwrap().status(), 204);
    }
    let quiet =
        Browser::of(&site).request(Method::GET, "/privacy/banner.css").header("sec-gpc", "1").send().await.unwrap();
    assert_eq!(quiet.text().await.unwrap(), "", "who said no is not asked");
    assert_eq!(kinds(&site, "events").await, [""; 0]);
    assert_eq!(kinds(&site, "trail").await, ["page_viewed", "page_viewed"]);
}

#[tokio::test]
async fn single_purposes_can_be_chosen_and_taken_back() {
    let site = site::serve_with("[privacy]\npurposes = [\"preferences\", \"analytics\", \"marketing\"]", FILES).await;
    let browser = Browser::of(&site);
    let chosen = [("way", "page"), ("choice", "chosen"), ("purpose", "analytics"), ("purpose", "marketing")];
    assert_eq!(browser.post("/privacy", &chosen).await.status(), 303);
    let page = browser.page("/privacy").await;
    let is_ticked = |purpose: &str| {
        let input = page.split(&format!("value=\"{purpose}\"")).nth(1).unwrap();
        input[..input.find('>').unwrap()].contains("checked")
    };
    assert!(is_ticked("necessary") && is_ticked("analytics") && is_ticked("marketing") && !is_ticked("preferences"));
    let goal = json!({ "events": [{ "kind": "cta_clicked", "goal": "upgrade", "page": "/" }] });
    assert_eq!(browser.tell(&goal).await.status(), 204);
    let purpose = app::model::Purpose::Marketing;
    let sendable =
        async || signpost::events::after(&site.help.store, "", None, purpose, 10).await.unwrap().events.len();
    assert_eq!(sendable().await, 2, "the session's beginning and the goal");
    browser.post("/privacy", &[("way", "page"), ("choice", "chosen"), ("purpose", "analytics")]).await;
    assert_eq!(sendable().await, 0, "what was not sent for marketing stays here");
}

#[tokio::test]
async fn one_purpose_more_leaves_the_others_as_they_were_chosen() {
    let settings = r#"
[privacy]
purposes = ["preferences", "analytics"]
country_header = "cf-ipcountry"
regions = [{ countries = ["US"], granted = ["analytics"] }]
[server]
trusted_proxies = ["127.0.0.1"]
"#;
    let site = site::serve_with(settings, FILES).await;
    let allows = async |browser: &Browser<'_>, purpose: &str| {
        let form = [("way", "page"), ("choice", "also"), ("purpose", purpose)];
        let answer = browser.request(Method::POST, "/privacy").header("cf-ipcountry", "US").form(&form).send().await;
        assert_eq!(answer.unwrap().status(), 303);
        let last = "select shown, granted from consents order by id desc limit 1";
        let last: (String, String) = sqlx::query_as(last).fetch_one(site.help.store.readers()).await.unwrap();
        last
    };
    let of = |shown: &str, granted: &str| (shown.to_owned(), granted.to_owned());
    let (one, both) = (r#"["preferences"]"#, r#"["preferences","analytics"]"#);
    let browser = Browser::of(&site);
    assert_eq!(allows(&browser, "preferences").await, of(one, one), "what a region grants nobody chose");
    let browser = Browser::of(&site);
    browser.post("/privacy", &[("way", "page"), ("choice", "chosen"), ("purpose", "analytics")]).await;
    assert_eq!(allows(&browser, "preferences").await, of(one, both));
    assert_eq!(allows(&browser, "marketing").await, of("[]", both), "nobody is asked for that here");
}

#[tokio::test]
async fn a_region_may_grant_before_anything_is_chosen() {
    let settings = "[privacy]\ncountry_header = \"cf-ipcountry\"\nregions = [{ countries = [\"US\"], granted = [\"analytics\"] }]\n[server]\ntrusted_proxies = [\"127.0.0.1\"]";
    let site = site::serve_with(settings, FILES).await;
    for (country, table) in [("US", "events"), ("DE", "trail")] {
        let browser = Browser::of(&site);
        let batch = json!({ "events": [{ "kind": "page_viewed", "page": "/" }] });
        let told =
            browser.request(Method::POST, "/api/v1/events").header("cf-ipcountry", country).body(batch.to_string());
        assert_eq!(told.send().await.unwrap().status(), 204);
        assert!(kinds(&site, table).await.contains(&"page_viewed".to_owned()), "{country}");
    }
}

#[tokio::test]
async fn a_reader_sees_the_trail_and_strikes_out_of_it() {
    let site = site::serve(FILES).await;
    let browser = Browser::of(&site);
    browser.get("/search?q=install").await;
    let article =
        json!({ "events": [{ "kind": "article_viewed", "page": "/start/install", "article": "start-install" }] });
    browser.tell(&article).await;
    let page = browser.page("/privacy").await;
    assert!(page.contains("Searched for “install”: 1 result"), "{page}");
    assert!(page.contains("Opened Install the program"));
    assert!(!Browser::of(&site).page("/privacy").await.contains("Install the program"), "nobody else sees it");
    let step = page.split("name=\"step\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(Browser::of(&site).post("/privacy/trail", &[("step", step)]).await.status(), 303);
    assert_eq!(kinds(&site, "trail").await.len(), 2, "nobody else strikes it out");
    assert_eq!(browser.post("/privacy/trail", &[("step", step)]).await.status(), 303);
    assert_eq!(kinds(&site, "trail").await, ["article_viewed"]);
    browser.post("/privacy/trail", &[("step", "all")]).await;
    assert!(browser.page("/privacy").await.contains("Nothing is noted here."));
}

#[tokio::test]
async fn a_trail_is_forgotten_after_half_an_hour() {
    let site = site::serve(FILES).await;
    Browser::of(&site).tell(&json!({ "events": [{ "kind": "page_viewed", "page": "/" }] })).await;
    let later = |minutes: i64| jiff::Timestamp::now() + jiff::SignedDuration::from_mins(minutes);
    site.help.keep_house(later(29)).await.unwrap();
    assert_eq!(kinds(&site, "trail").await.len(), 1);
    site.help.keep_house(later(31)).await.unwrap();
    assert_eq!(kinds(&site, "trail").await, [""; 0]);
}

#[tokio::test]
async fn where_nothing_is_collected_nobody_is_asked() {
    let site = site::serve_with("[events]\ncollect = false", FILES).await;
    let page = site.page("/").await;
    assert!(!page.contains("/privacy/banner.css") && !page.contains("/api/v1/events"));
    let batch = json!({ "events": [{ "kind": "page_viewed" }] });
    assert_eq!(Browser::of(&site).tell(&batch).await.status(), 404);
}

#[tokio::test]
async fn vendors_are_loaded_and_allowed_only_where_they_are_granted() {
    let settings = "[privacy]\npurposes = [\"analytics\", \"marketing\"]\n[tags]\nhotjar = { id = \"1234567\" }\nvwo = { id = \"12\", purpose = \"marketing\" }";
    let site = site::serve_with(settings, FILES).await;
    let browser = Browser::of(&site);
    let policy = async || {
        let answer = browser.get("/start/install").await;
        let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(answer.text().await.unwrap().contains("src=\"/privacy/tags.js\""), "the page itself is everybody's");
        policy
    };
    assert_eq!(browser.page("/privacy/tags.js").await, "");
    assert!(!policy().await.contains("https://static.hotjar.com"));
    browser.post("/privacy", &[("choice", "chosen"), ("purpose", "analytics")]).await;
    for _ in 0..2 {
        // The second time it is a kept answer.
        let policy = policy().await;
        assert!(policy.contains("https://static.hotjar.com https://script.hotjar.com;"), "{policy}");
        assert!(policy.contains("wss://*.hotjar.com") && !policy.contains("visualwebsiteoptimizer"), "{policy}");
    }
    let script = browser.page("/privacy/tags.js").await;
    assert!(script.contains("https://static.hotjar.com/c/hotjar-1234567.js") && !script.contains("j.php"), "{script}");
}
