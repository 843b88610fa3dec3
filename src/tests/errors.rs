//! Bad input gets a clear answer, of the right status, and hurts nobody else.

use reqwest::Method;

use crate::site;

const FILES: &[(&str, &str)] =
    &[("start/install.md", "# Install the program\n\nUnpack the archive."), ("start/upgrade.md", "# Upgrade")];

#[tokio::test]
async fn a_lost_reader_is_shown_ways_out() {
    let site = site::serve(FILES).await;
    let response = site.get("/start/how-to-install-the-program").await;
    assert_eq!(response.status(), 404);
    let page = response.text().await.unwrap();
    assert!(page.contains("href=\"/start/install\""), "the article is not proposed in {page}");
    assert!(page.contains("noindex"));
}

#[tokio::test]
async fn queries_of_every_kind_are_answered() {
    let site = site::serve(FILES).await;
    let planes: String = (0..0x11_u32).filter_map(|plane| char::from_u32(plane * 0x1_0000 + 0x41)).collect();
    for query in [
        "",
        "   ",
        "?!.,;",
        "the of and",
        "\u{0}\u{7}\u{1b}",
        "\"",
        "-",
        "AND OR (",
        "*",
        "<script>alert(1)</script>",
        &planes,
    ] {
        for path in ["/search", "/search/results", "/api/v1/search"] {
            let response = site.ask(path).query(&[("q", query)]).send().await.unwrap();
            assert_eq!(response.status(), 200, "{path} {query:?}");
            let body = response.text().await.unwrap();
            // JSON is no markup, and says so.
            assert!(
                path.starts_with("/api/") || !body.contains("<script>alert"),
                "{path} gives back what was typed as markup"
            );
        }
    }
    let long = "word ".repeat(2000);
    let response = site.ask("/search").query(&[("q", &long)]).send().await.unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn the_api_refuses_what_it_does_not_know() {
    let site = site::serve(FILES).await;
    for query in ["q=install&category=nowhere", "q=install&locale=xx", "q=install&limit=many", "q=install&tag=nothing"]
    {
        let response = site.get(&format!("/api/v1/search?{query}")).await;
        assert_eq!(response.status(), 400, "{query}");
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        let problem: serde_json::Value = response.json().await.unwrap();
        assert_eq!(problem["status"], 400);
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{problem}");
    }
    let response = site.get("/api/v1/nothing").await;
    assert_eq!(response.status(), 404);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
}

#[tokio::test]
async fn methods_and_bodies_are_bounded() {
    let site = site::serve_with(&site::with_tokens(), FILES).await;
    site.page("/start/install").await;
    for path in ["/search", "/start/install", "/livez"] {
        let response = site.request(Method::DELETE, path).send().await.unwrap();
        assert_eq!(response.status(), 405, "{path}");
    }
    assert_eq!(site.request(Method::POST, "/nothing").send().await.unwrap().status(), 404);
    let body = format!("token={}", "x".repeat(100_000));
    let request = site.request(Method::POST, "/session").header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(request.body(body).send().await.unwrap().status(), 413);
}

#[tokio::test]
async fn an_error_is_told_in_the_readers_language() {
    let mut files = FILES.to_vec();
    files.push(("de/start/install.md", "# Einrichten"));
    let site = site::serve(&files).await;
    let check = async |method: Method, path: &str, status: u16, told: &str| {
        let response = site.request(method, path).header("sec-fetch-site", "cross-site").send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{path}");
        let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
        assert_eq!(response.headers().get_all("content-type").iter().count(), 1, "{path}");
        let page = response.text().await.unwrap();
        assert!(page.contains(&format!("<h1>{told}</h1>")) && page.contains(&id), "{path}: {page}");
        assert!(page.contains("role=\"search\"") && page.contains("class=\"way-out\""), "{path}: {page}");
    };
    check(Method::POST, "/de/start/install", 403, "Dies wurde von einer anderen Website gesendet").await;
    check(Method::POST, "/start/install", 403, "This was sent from another site").await;
    check(Method::GET, "/de/start/%00", 400, "Diese Anfrage war nicht zu verstehen").await;
    check(Method::GET, "/a/%ff", 400, "This request could not be understood").await;
    let response = site.request(Method::PUT, "/de/start/install").send().await.unwrap();
    assert_eq!(response.status(), 405);
    assert!(response.text().await.unwrap().contains("<title>Das geht an dieser Stelle nicht"));
    let refused = site.ask("/de/start/install").bearer_auth("no token").send().await.unwrap();
    assert_eq!((refused.status().as_u16(), &refused.headers()["www-authenticate"]), (401, &"Bearer".parse().unwrap()));
    let page = refused.text().await.unwrap();
    assert!(page.contains("Ihre Anmeldung wurde nicht angenommen") && page.contains("Im Einzelnen:"), "{page}");
    assert!(page.contains("<html lang=\"de\""));
    let api = site.request(Method::PUT, "/api/v1/search").send().await.unwrap();
    let problem: serde_json::Value = api.json().await.unwrap();
    assert_eq!(problem["detail"], "this address does not take that method");
}

#[tokio::test]
async fn head_is_answered_like_get_without_a_body() {
    let site = site::serve(FILES).await;
    let response = site.request(Method::HEAD, "/start/install").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.headers()["content-length"].to_str().unwrap().parse::<usize>().unwrap() > 500);
    assert!(response.text().await.unwrap().is_empty());
}
