//! What machines read.

use crate::site;

const FILES: &[(&str, &str)] = &[
    ("index.md", "# Welcome"),
    ("start/a.md", "---\nid: lasting-a\nupdated: 2026-05-01\ndescription: About <A> & more\n---\n# A & B\n\nText."),
    ("start/b.md", "---\nupdated: 2026-06-01\n---\n# B\n\nText."),
    ("start/hidden.md", "---\nstatus: unlisted\n---\n# Hidden"),
    ("start/aside.md", "---\nnav_exclude: true\n---\n# Aside"),
    ("start/draft.md", "---\nstatus: draft\n---\n# Draft"),
    ("de/start/a.md", "---\nupdated: 2026-05-02\n---\n# A auf Deutsch"),
];

const SETTINGS: &str = "[site]\nname = \"Acme & Co\"\nurl = \"https://help.example.com\"";

#[tokio::test]
async fn the_sitemap_is_valid_and_lists_what_is_listed() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let response = site.get("/sitemap.xml").await;
    assert_eq!(response.headers()["content-type"], "application/xml; charset=utf-8");
    let text = response.text().await.unwrap();
    let map = roxmltree::Document::parse(&text).unwrap();
    let root = map.root_element();
    assert_eq!(root.tag_name().namespace(), Some("http://www.sitemaps.org/schemas/sitemap/0.9"));
    let mut addresses = Vec::new();
    for url in root.children().filter(roxmltree::Node::is_element) {
        assert_eq!(url.tag_name().name(), "url");
        let names: Vec<_> =
            url.children().filter(|node| node.is_element()).map(|node| node.tag_name().name()).collect();
        assert_eq!(names.first(), Some(&"loc"));
        assert!(names.iter().all(|name| ["loc", "lastmod", "link"].contains(name)), "{names:?}");
        addresses.push(url.first_element_child().unwrap().text().unwrap().to_owned());
    }
    assert!(addresses.contains(&"https://help.example.com/start/a".to_owned()));
    assert!(addresses.contains(&"https://help.example.com/de/start/a".to_owned()));
    assert!(addresses.contains(&"https://help.example.com/start/aside".to_owned()), "out of the menu, not of the map");
    assert!(!text.contains("hidden") && !text.contains("draft"), "{text}");
    assert_eq!(site.status("/sitemap-1.xml").await, 404, "what fits into one file has no parts");
    assert!(text.contains("<lastmod>2026-05-01</lastmod>") && text.contains("hreflang=\"de\""));
}

#[tokio::test]
async fn the_feed_is_atom_newest_first() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let text = site.page("/feed.xml").await;
    let feed = roxmltree::Document::parse(&text).unwrap();
    let root = feed.root_element();
    assert!(root.has_tag_name(("http://www.w3.org/2005/Atom", "feed")));
    let child = |name: &str| root.children().find(|node| node.tag_name().name() == name).and_then(|node| node.text());
    assert_eq!(child("title"), Some("Acme & Co"));
    assert_eq!(child("updated"), Some("2026-06-01T00:00:00Z"));
    let entries: Vec<_> = root.children().filter(|node| node.tag_name().name() == "entry").collect();
    let of =
        |at: usize, name: &str| entries[at].children().find(|n| n.tag_name().name() == name).unwrap().text().unwrap();
    assert_eq!((of(0, "title"), of(1, "title")), ("B", "A & B"));
    assert_eq!(of(1, "id"), "https://help.example.com/a/lasting-a");
    assert_eq!(of(1, "summary"), "About <A> & more");
    let german = site.page("/de/feed.xml").await;
    assert!(german.contains("A auf Deutsch") && german.contains("xml:lang=\"de\""));
    assert_eq!(site.status("/fr/feed.xml").await, 404);
}

#[tokio::test]
async fn robots_and_llms_name_the_site() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let robots = site.page("/robots.txt").await;
    assert!(robots.contains("Sitemap: https://help.example.com/sitemap.xml"));
    let llms = site.page("/llms.txt").await;
    assert!(llms.starts_with("# Acme & Co\n"), "{llms}");
    assert!(llms.contains("- [A & B](https://help.example.com/start/a.md): About <A> & more"), "{llms}");
    assert!(!llms.contains("Hidden"));
}

#[tokio::test]
async fn the_markdown_lies_beside_the_article() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let response = site.get("/start/a.md").await;
    assert_eq!(response.headers()["content-type"], "text/markdown; charset=utf-8");
    assert_eq!(response.headers()["x-robots-tag"], "noindex");
    assert_eq!(response.text().await.unwrap(), "# A & B\n\nText.");
    assert!(site.page("/index.md").await.starts_with("# Welcome"));
}

#[tokio::test]
async fn structured_data_is_json_and_cannot_break_out() {
    let files = [("one.md", "---\ntitle: \"</script><script>alert(1)</script>\"\n---\nText.")];
    let site = site::serve_with(SETTINGS, &files).await;
    let page = site.page("/one").await;
    assert!(!page.contains("<script>alert"), "{page}");
    let documents = page.split("application/ld+json\">").skip(1).map(|rest| rest.split("</script>").next().unwrap());
    let parsed: Vec<serde_json::Value> = documents.map(|text| serde_json::from_str(text).unwrap()).collect();
    assert_eq!(parsed.len(), 2);
    assert_eq!(parsed[1]["headline"], "</script><script>alert(1)</script>");
}
