//! Every page has one address; every other spelling leads there or is refused plainly.

use crate::site;

const FILES: &[(&str, &str)] = &[
    ("index.md", "# Welcome"),
    ("start/index.md", "# Start"),
    ("start/install.md", "---\nid: install\naliases: [/old/install]\n---\n# Install\n\nPut it there."),
    ("start/grüße.md", "# Grüße"),
];

#[tokio::test]
async fn other_spellings_lead_to_the_one_address() {
    let site = site::serve(FILES).await;
    for spelling in [
        "/start/install/",
        "//start//install",
        "/start/install.html",
        "/Start/Install",
        "/old/install",
        "/start/%69nstall",
    ] {
        assert_eq!(site.redirect(spelling).await, (308, "/start/install".to_owned()), "{spelling}");
    }
    assert_eq!(site.redirect("/start/index.html").await, (308, "/start".to_owned()));
    assert_eq!(site.redirect("/a/install").await, (302, "/start/install".to_owned()));
    assert_eq!(site.status("/start/gr%C3%BC%C3%9Fe").await, 200);
}

#[tokio::test]
async fn an_address_under_a_locale_leads_to_the_translation() {
    let site = site::serve(&[
        ("start/install.md", "# Install"),
        ("start/other.md", "# Other"),
        ("de/start/install.md", "---\nslug: einrichten\n---\n# Einrichten"),
    ])
    .await;
    assert_eq!(site.redirect("/de/start/install").await, (308, "/de/start/einrichten".to_owned()));
    assert_eq!(site.status("/de/start/other").await, 200, "what is not translated is shown as it is");
    assert_eq!(site.redirect("/search/?q=install").await, (308, "/search?q=install".to_owned()));
}

#[tokio::test]
async fn a_query_survives_the_redirect() {
    let site = site::serve(FILES).await;
    assert_eq!(site.redirect("/start/install/?from=mail").await.1, "/start/install?from=mail");
}

#[tokio::test]
async fn paths_that_cannot_be_are_refused() {
    let site = site::serve(FILES).await;
    for path in ["/start/../install", "/start/%2e%2e/install", "/start%00", "/%ff", "/start/install%0a"] {
        assert!(site.raw(path).await.starts_with("HTTP/1.1 400 "), "{path}");
    }
    assert!(site.raw("/start/./install").await.starts_with("HTTP/1.1 308 "));
    for path in ["/nothing/here", "/xx/start", "/a/unknown", "/.git/config", "/start/install.md.md"] {
        assert_eq!(site.status(path).await, 404, "{path}");
    }
}

#[tokio::test]
async fn a_redirect_never_leaves_the_site() {
    let site = site::serve(FILES).await;
    for path in ["//example.com/start/install/", "/\\example.com/"] {
        let (_, location) = site.redirect(path).await;
        assert!(!location.starts_with("//") && !location.contains("://"), "{path} leads to {location}");
    }
}

#[tokio::test]
async fn the_whole_site_may_live_under_a_path() {
    let site = site::serve_with("[site]\nurl = \"https://example.com/help\"", FILES).await;
    let home = site.page("").await;
    assert!(home.contains("href=\"/help/start\""), "{home}");
    let article = site.page("/start/install").await;
    assert!(article.contains("https://example.com/help/start/install"));
    assert!(!article.contains("href=\"/start"), "a link misses the base");
    assert_eq!(site.redirect("/start/install/").await, (308, "/help/start/install".to_owned()));
    assert_eq!(site.status("/search?q=install").await, 200);
}
