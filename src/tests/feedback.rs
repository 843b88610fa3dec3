//! Whether an article helped.

use crate::events::{Browser, kinds, rows};
use crate::site::{self, Site};

const FILES: &[(&str, &str)] = &[
    ("start/install.md", "---\nrelated: [start/update.md]\n---\n# Install\n\nRun it."),
    ("start/update.md", "# Update\n\nRun it again."),
];

async fn votes(site: &Site) -> Vec<(String, bool, Option<String>, Option<String>)> {
    let sql = "select article, helpful, reason, comment from votes order by article";
    sqlx::query_as(sql).fetch_all(site.help.store.readers()).await.unwrap()
}

#[tokio::test]
async fn a_vote_is_taken_without_script_and_the_last_one_counts() {
    let site = site::serve(FILES).await;
    assert!(site.page("/start/install").await.contains("action=\"/feedback/start-install\""));
    let browser = Browser::of(&site);
    for (helpful, said) in [("yes", "Thank you. It is good to know"), ("no", "What was missing?")] {
        let answer = browser.post("/feedback/start-install", &[("helpful", helpful)]).await;
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["location"]),
            (303, &"/feedback/start-install".parse().unwrap())
        );
        assert!(browser.page("/feedback/start-install").await.contains(said), "{helpful}");
    }
    assert!(
        browser.page("/feedback/start-install").await.contains("href=\"/start/update\""),
        "what is related is shown"
    );
    let why = [("helpful", "no"), ("reason", "outdated"), ("comment", "Ask jo@example.com about it")];
    assert_eq!(browser.post("/feedback/start-install", &why).await.status(), 303);
    let (outdated, comment) = ("outdated".to_owned(), "Ask [email] about it".to_owned());
    assert_eq!(votes(&site).await, [("start-install".to_owned(), false, Some(outdated), Some(comment))]);
    assert_eq!(Browser::of(&site).post("/feedback/start-install", &[("helpful", "yes")]).await.status(), 303);
    assert_eq!(votes(&site).await.len(), 2, "another reader has another vote");
}

#[tokio::test]
async fn a_vote_names_the_query_that_led_to_it_and_starts_anew_when_the_text_changes() {
    let site = site::serve(FILES).await;
    let browser = Browser::of(&site);
    browser.allow("all").await;
    browser.get("/search?q=Install").await;
    browser.post("/feedback/start-install", &[("helpful", "no")]).await;
    let rated = rows(&site, "events").await.pop().unwrap();
    assert_eq!((rated.0.as_str(), rated.1["query"].as_str()), ("article_rated", Some("install")));
    assert_eq!(kinds(&site, "events").await, ["session_started", "search_performed", "article_rated"]);
    site.edit("start/install.md", "# Install\n\nRun it twice.").await;
    assert!(browser.page("/feedback/start-install").await.contains("Was this helpful?"));
}

#[tokio::test]
async fn a_vote_sent_again_is_told_once_and_a_changed_one_again() {
    let site = site::serve(FILES).await;
    let browser = Browser::of(&site);
    browser.allow("all").await;
    let why = [("helpful", "no"), ("reason", "outdated"), ("comment", "Ask Jo")];
    for (vote, told) in [(&why[..1], 1), (&why[..1], 1), (&why[..2], 2), (&why, 3), (&why, 3), (&why[..2], 3)] {
        assert_eq!(browser.post("/feedback/start-install", vote).await.status(), 303);
        let kinds = kinds(&site, "events").await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "article_rated").count(), told, "{vote:?}");
    }
}

#[tokio::test]
async fn a_vote_that_cannot_be_read_is_refused() {
    let site = site::serve(FILES).await;
    let browser = Browser::of(&site);
    assert_eq!(browser.post("/feedback/start-install", &[("helpful", "maybe")]).await.status(), 400);
    assert_eq!(browser.post("/feedback/start-install", &[("helpful", "no"), ("reason", "x")]).await.status(), 400);
    assert_eq!(browser.post("/feedback/nowhere", &[("helpful", "yes")]).await.status(), 404);
    assert_eq!(votes(&site).await, []);
}
