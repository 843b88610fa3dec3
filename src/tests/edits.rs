//! An edit is served and found; a bad one hurts nobody.

use crate::site;

#[tokio::test]
async fn an_edit_is_served_and_found_at_once() {
    let site = site::serve(&[("start/install.md", "# Install\n\nOld words."), ("start/other.md", "# Other")]).await;
    assert!(site.page("/start/install").await.contains("Old words"));
    site.edit("start/install.md", "# Install\n\nBrand new sentence about zebras.").await;
    assert!(site.page("/start/install").await.contains("Brand new sentence"));
    let found: serde_json::Value = site.get("/api/v1/search?q=zebras").await.json().await.unwrap();
    assert_eq!(found["hits"][0]["url"], "/start/install");
    site.edit("start/added.md", "# Added\n\nOne more.").await;
    assert_eq!(site.status("/start/added").await, 200);
}

#[tokio::test]
async fn a_broken_edit_leaves_the_last_good_page() {
    let site = site::serve(&[("start/install.md", "# Install\n\nGood words."), ("start/other.md", "# Other")]).await;
    site.edit("start/install.md", "---\ntitle: [unclosed\n---\n# Broken").await;
    assert!(site.page("/start/install").await.contains("Good words"));
    let problems = site.help.edition.load().snapshot.problems().to_vec();
    let problem = problems.iter().find(|problem| problem.file == "start/install.md").expect("the editor is told");
    assert!(problem.position.is_some(), "{problem}");
    site.edit("start/install.md", "# Install\n\nCured.").await;
    assert!(site.page("/start/install").await.contains("Cured"));
}

#[tokio::test]
async fn an_unchanged_page_keeps_its_etag() {
    let site = site::serve(&[("start/install.md", "# Install"), ("help/other.md", "# Other")]).await;
    let etag = async || site.get("/start/install").await.headers()["etag"].clone();
    let before = etag().await;
    site.edit("help/other.md", "# Other\n\nMore.").await;
    assert_eq!(etag().await, before);
}
