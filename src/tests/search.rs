//! One search behind every door.

use crate::site;

const FILES: &[(&str, &str)] = &[
    ("index.md", "# Welcome"),
    (
        "backup/restore.md",
        "---\ntags: [recovery]\n---\n# Restore a snapshot\n\nHow to get data back.\n\n## From the command line\n\n\
         Run the restore command with `snapshot.name` set.\n\n## From the dashboard\n\nClick *Restore*.",
    ),
    (
        "backup/create.md",
        "# Create snapshots\n\nSnapshots are made every night.\n\n## Restore points\n\nKept for a week.",
    ),
    ("start/install.md", "# Install\n\nUnpack the archive & run it."),
    ("de/backup/restore.md", "# Sicherung zurückspielen\n\nSo kommen Daten zurück."),
];

#[tokio::test]
async fn page_fragment_and_api_give_the_same_hits_in_the_same_order() {
    let site = site::serve(FILES).await;
    let answer: serde_json::Value = site.get("/api/v1/search?q=restore+snapshot").await.json().await.unwrap();
    let urls: Vec<_> = answer["hits"].as_array().unwrap().iter().map(|hit| hit["url"].as_str().unwrap()).collect();
    assert!(urls.len() >= 2 && urls[0].starts_with("/backup/restore"), "{answer}");
    for path in ["/search?q=restore+snapshot", "/search/results?q=restore+snapshot"] {
        let page = site.page(path).await;
        let mut last = 0;
        for url in &urls {
            let at = page.find(&format!("=\"{url}")).unwrap_or_else(|| panic!("{url} is missing on {path}\n{page}"));
            assert!(at > last, "{url} stands in another place on {path}");
            last = at;
        }
    }
}

#[tokio::test]
async fn the_api_answers_as_promised() {
    let site = site::serve(FILES).await;
    let answer: serde_json::Value = site.get("/api/v1/search?q=command+line&limit=1").await.json().await.unwrap();
    assert_eq!(answer["query"], "command line");
    assert!(answer["took_us"].is_u64() && answer["total"].is_u64());
    let hit = &answer["hits"][0];
    for key in ["id", "title", "url", "section", "anchor", "snippet", "category", "score", "rung"] {
        assert!(!hit[key].is_null(), "{key} is missing in {hit}");
    }
    assert_eq!(hit["url"], "/backup/restore#from-the-command-line");
    assert!(hit["section"].as_str().unwrap().contains("<mark>command</mark>"), "{hit}");
    assert_eq!(answer["hits"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn filters_narrow_and_unknown_ones_are_told() {
    let site = site::serve(FILES).await;
    let page = site.page("/search?q=snapshot&category=backup").await;
    assert!(page.contains("/backup/create") && !page.contains("/start/install"));
    let page = site.page("/search?q=restore&tag=recovery").await;
    assert!(page.contains("/backup/restore"));
    let page = site.page("/search?q=restore&tag=nonsense").await;
    assert!(page.contains("nonsense") && page.contains("/backup/restore"), "an unknown filter empties nothing: {page}");
}

#[tokio::test]
async fn the_last_word_may_still_be_growing() {
    let site = site::serve(FILES).await;
    for typed in ["sna", "restore snap", "instal"] {
        let page = site.ask("/search/results").query(&[("q", typed), ("typing", "1")]).send().await.unwrap();
        let page = page.text().await.unwrap();
        assert!(page.contains("<mark>"), "{typed:?} finds nothing: {page}");
    }
}

#[tokio::test]
async fn each_locale_is_searched_for_itself() {
    let site = site::serve(FILES).await;
    let page = site.page("/de/search?q=Sicherungen").await;
    assert!(page.contains("=\"/de/backup/restore"), "{page}");
    assert!(page.contains("<html lang=\"de\""));
    let page = site.page("/de/search?q=install").await;
    assert!(page.contains("/start/install"), "what exists only in English is shown, and told");
    assert!(page.contains("in einer anderen (English)"), "the language is told by its own name: {page}");
    let answer: serde_json::Value = site.get("/api/v1/search?q=install&locale=de").await.json().await.unwrap();
    assert_eq!(answer["notices"][0], serde_json::json!({ "kind": "other_language", "locale": "en" }));
    assert_eq!(site.status("/fr/search?q=x").await, 404);
}

#[tokio::test]
async fn a_tag_alone_lists_what_carries_it() {
    let site = site::serve(FILES).await;
    let answer: serde_json::Value = site.get("/api/v1/search?tag=recovery").await.json().await.unwrap();
    assert_eq!((&answer["total"], &answer["hits"][0]["url"]), (&1.into(), &"/backup/restore".into()), "{answer}");
    let nothing: serde_json::Value = site.get("/api/v1/search").await.json().await.unwrap();
    assert_eq!(nothing["total"], 0);
}

#[tokio::test]
async fn the_api_refuses_what_it_does_not_know() {
    let site = site::serve(FILES).await;
    for (asked, named) in
        [("colour=red", "\"colour\""), ("version=9", "version \"9\""), ("audience=staff", "audience \"staff\"")]
    {
        let answer = site.get(&format!("/api/v1/search?q=restore&{asked}")).await;
        assert_eq!(answer.status(), 400, "{asked}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        let problem: serde_json::Value = answer.json().await.unwrap();
        assert!(problem["detail"].as_str().unwrap().contains(named), "{problem}");
    }
    let page = site.page("/search?q=restore&colour=red").await;
    assert!(page.contains("colour") && page.contains("=\"/backup/restore"), "{page}");
    // Campaigns add parameters of their own to addresses of pages.
    assert!(!site.page("/search?q=restore&utm_source=mail&fbclid=1").await.contains("class=\"notice\""));
}

#[tokio::test]
async fn a_score_can_be_taken_apart_at_every_door() {
    let site = site::serve(FILES).await;
    let answer: serde_json::Value = site.get("/api/v1/search?q=restore+snapsot&explain=1").await.json().await.unwrap();
    let hit = &answer["hits"][0];
    let words = hit["explanation"]["words"].as_array().unwrap();
    let parts: f64 = words.iter().map(|word| word["score"].as_f64().unwrap()).sum();
    let sum = parts + hit["explanation"]["meaning"].as_f64().unwrap();
    assert!((sum - hit["score"].as_f64().unwrap()).abs() < 1e-4, "{hit}");
    assert_eq!(words[1]["instead"][0], "snapshot", "{hit}");
    assert!(site.page("/search?q=restore+snapsot&explain=1").await.contains("snapsot (snapshot) typo"));
    assert!(!site.page("/search?q=restore+snapsot").await.contains("hit-explained"));
}

#[tokio::test]
async fn a_corrected_search_says_so_and_can_be_taken_literally() {
    let site = site::serve(FILES).await;
    let page = site.page("/search?q=snapsot").await;
    assert!(page.contains("/backup/create") && page.contains("“snapshot”"), "{page}");
    assert!(page.contains("href=\"/search?q=snapsot&amp;verbatim=1\""), "{page}");
    let page = site.page("/search?q=snapsot&verbatim=1").await;
    assert!(page.contains("Nothing found for “snapsot”") && !page.contains("=\"/backup/create"), "{page}");
}

#[tokio::test]
async fn editors_steer_a_running_site() {
    let site = site::serve(FILES).await;
    assert!(!site.page("/search?q=unzip").await.contains("=\"/start/install"));
    site.edit("synonyms.yml", "en:\n  - { from: unzip, to: unpack }\n").await;
    assert!(site.page("/search?q=unzip").await.contains("=\"/start/install"));
    site.edit("pins.yml", "- { query: snapshots, article: start/install }\n").await;
    let page = site.page("/search?q=snapshots").await;
    let place = |url: &str| page.find(&format!("=\"{url}")).unwrap_or_else(|| panic!("{url} is missing: {page}"));
    assert!(place("/start/install") < place("/backup/create"));
}

#[tokio::test]
async fn what_many_search_for_is_proposed_to_others() {
    let site = site::serve(FILES).await;
    for reader in 0..5 {
        for typed in ["re", "resto", "restore a snapshot", "jo@example.com"] {
            let asked = site.ask("/search/results").query(&[("q", typed)]).header("user-agent", format!("{reader}"));
            assert_eq!(asked.send().await.unwrap().status(), 200);
        }
    }
    let store = &site.help.store;
    signpost::searches::flush(&site.help.searches, store, jiff::Timestamp::now(), None).await.unwrap();
    site.help.keep_house(jiff::Timestamp::now()).await.unwrap();
    let counted: Vec<(String, i64)> = sqlx::query_as("select query, searches from search_counts order by query")
        .fetch_all(store.readers())
        .await
        .unwrap();
    let expect = [("[email]", 5), ("restore a snapshot", 5)].map(|(query, count)| (query.to_owned(), count));
    assert_eq!(counted, expect);
    let proposed = "<a href=\"/search?q=restore%20a%20snapshot\">restore a snapshot</a>";
    assert!(site.page("/search/results?q=").await.contains(proposed));
    assert!(site.page("/search/results?typing=1&q=rest").await.contains(proposed));
    assert!(!site.page("/search/results?q=rest").await.contains(proposed), "Enter shows hits only");
    assert!(!site.page("/de/search/results?q=").await.contains("snapshot"));
}
