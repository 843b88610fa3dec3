//! What a viewer may not see does not exist, on no route and in no order of asking.

use crate::site::{self, Site};

const SECRET_WORD: &str = "xylophone";

const FILES: &[(&str, &str)] = &[
    ("index.md", "# Welcome"),
    ("start/index.md", "# Start"),
    ("start/public.md", "---\ntags: [shared]\nupdated: 2026-01-01\n---\n# Public page\n\nFor all."),
    (
        "start/secret.md",
        "---\nid: the-secret\naudience: [staff]\ntags: [shared, xylophone]\nupdated: 2026-01-02\naliases: [/old-secret]\n---\n\
         # Play the xylophone\n\nThe xylophone handshake.\n\n![Plan](plan.png)",
    ),
    ("xylophone/index.md", "---\naudience: [staff]\n---\n# Xylophone matters"),
    ("xylophone/inside.md", "---\naudience: [staff]\n---\n# Xylophone inside\n\nText."),
    ("start/plan.png", "not really a picture"),
    ("de/start/secret.md", "---\naudience: [staff]\n---\n# Xylophone auf Deutsch"),
    ("de/start/public.md", "# Öffentlich"),
];

/// Every address that lists or shows pages.
const READS: &[&str] = &[
    "/",
    "/de",
    "/start",
    "/start/public",
    "/start/public.md",
    "/search?q=xylophone",
    "/search/results?q=xylophone",
    "/search/results?q=xylo&typing=1",
    "/search?q=handshake&tag=xylophone",
    "/search?q=page&tag=shared",
    "/de/search?q=xylophone",
    "/api/v1/search?q=page",
    "/api/v1/search?q=handshake",
    "/sitemap.xml",
    "/feed.xml",
    "/de/feed.xml",
    "/llms.txt",
    "/nothing/play-the-handshake",
];

/// Addresses of what only staff may see.
const HIDDEN: &[&str] = &[
    "/start/secret",
    "/start/secret.md",
    "/start/secret/",
    "/Start/Secret",
    "/start/secret.html",
    "/old-secret",
    "/a/the-secret",
    "/xylophone",
    "/xylophone/inside",
    "/de/start/secret",
    "/start/plan.png",
];

async fn with_tokens() -> Site {
    site::serve_with(&site::with_tokens(), FILES).await
}

async fn as_staff(site: &Site, path: &str) -> reqwest::Response {
    site.ask(path).bearer_auth(site::token(&["staff"])).send().await.unwrap()
}

/// The answer without the words the question itself brought.
fn without_echo(body: &str) -> String {
    ["value=\"xylophone\"", "q=xylophone", "“xylophone”", "\"query\":\"xylophone\"", "tag=xylophone"]
        .iter()
        .fold(body.to_lowercase(), |body, echo| body.replace(echo, ""))
}

#[tokio::test]
async fn nothing_of_a_hidden_page_shows_anywhere() {
    let site = with_tokens().await;
    for path in READS {
        // Staff first: whatever was made for them must not be kept for others.
        as_staff(&site, path).await;
        let body = site.get(path).await.text().await.unwrap();
        for word in ["play the xylophone", "handshake.", "xylophone matters", "xylophone inside", "xylophone auf"] {
            assert!(!without_echo(&body).contains(word), "{path} shows {word:?} to everybody:\n{body}");
        }
        assert!(!body.contains("/start/secret"), "{path} links to the hidden page:\n{body}");
    }
}

#[tokio::test]
async fn hidden_addresses_look_like_no_addresses() {
    let site = with_tokens().await;
    for path in HIDDEN {
        assert_eq!(site.status(path).await, 404, "{path} before staff asked");
        let status = as_staff(&site, path).await.status().as_u16();
        assert!([200, 302, 308].contains(&status), "{path} for staff: {status}");
        assert_eq!(site.status(path).await, 404, "{path} after staff asked");
    }
}

#[tokio::test]
async fn staff_see_and_find_what_is_theirs() {
    let site = with_tokens().await;
    let found: serde_json::Value = as_staff(&site, "/api/v1/search?q=xylophone").await.json().await.unwrap();
    assert!(found["total"].as_u64().unwrap() >= 2, "{found}");
    let body = as_staff(&site, "/sitemap.xml").await.text().await.unwrap();
    assert!(body.contains("/start/secret"));
    let response = as_staff(&site, "/start/secret").await;
    assert_eq!(response.headers()["cache-control"], "private, no-cache");
    assert!(response.text().await.unwrap().contains(SECRET_WORD));
}

#[tokio::test]
async fn counts_and_facets_leave_hidden_pages_out() {
    let site = with_tokens().await;
    let found: serde_json::Value = site.get("/api/v1/search?q=page").await.json().await.unwrap();
    let facets = found["facets"].to_string();
    assert!(!facets.contains(SECRET_WORD), "{facets}");
    let nothing: serde_json::Value = site.get("/api/v1/search?q=handshake").await.json().await.unwrap();
    assert_eq!(nothing["total"], 0);
    assert_eq!(site.status("/api/v1/search?q=page&tag=xylophone").await, 400, "a hidden tag is an unknown tag");
}

#[tokio::test]
async fn one_url_asked_by_two_viewers_in_both_orders() {
    for staff_first in [true, false] {
        let site = with_tokens().await;
        let mut answers = Vec::new();
        for staff in [staff_first, !staff_first] {
            let response = if staff { as_staff(&site, "/start").await } else { site.get("/start").await };
            assert!(response.headers().get("set-cookie").is_none());
            assert_eq!(response.headers()["vary"], "Accept-Encoding, Authorization, Cookie");
            answers.push((staff, response.text().await.unwrap()));
        }
        for (staff, body) in answers {
            assert_eq!(body.contains("Play the xylophone"), staff, "staff first: {staff_first}");
        }
    }
}
