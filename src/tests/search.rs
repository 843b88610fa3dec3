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
            let at =
                page.find(&format!("href=\"{url}")).unwrap_or_else(|| panic!("{url} is missing on {path}\n{page}"));
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
    assert!(page.contains("href=\"/de/backup/restore"), "{page}");
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
