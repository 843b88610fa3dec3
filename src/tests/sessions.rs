//! A host's token opens a session; nothing forged does.

use reqwest::Method;

use crate::site;

const FILES: &[(&str, &str)] =
    &[("index.md", "# Welcome"), ("staff.md", "---\naudience: [staff]\n---\n# For staff\n\nThe secret handshake.")];

#[tokio::test]
async fn a_token_posted_once_becomes_a_cookie() {
    let site = site::serve_with(&site::with_tokens(), FILES).await;
    let token = site::token(&["staff"]);
    let form = [("token", token.as_str()), ("then", "/staff")];
    let response = site.request(Method::POST, "/session").form(&form).send().await.unwrap();
    assert_eq!(response.status(), 303);
    assert_eq!(response.headers()["location"], "/staff");
    let cookie = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    for part in ["__Host-signpost=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(cookie.contains(part), "{part} is missing in {cookie}");
    }
    let cookie = cookie.split(';').next().unwrap();
    let page = site.ask("/staff").header("cookie", cookie).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert_eq!(page.headers()["cache-control"], "private, no-cache");
    assert_eq!(site.status("/staff").await, 404);
}

#[tokio::test]
async fn a_bearer_token_counts_for_one_request() {
    let site = site::serve_with(&site::with_tokens(), FILES).await;
    let ask = async |token: &str| site.ask("/staff").bearer_auth(token).send().await.unwrap().status().as_u16();
    assert_eq!(ask(&site::token(&["staff"])).await, 200);
    assert_eq!(ask(&site::token(&["partners"])).await, 404);
    assert_eq!(ask("forged").await, 401);
}

#[tokio::test]
async fn a_bad_token_opens_no_session() {
    let site = site::serve_with(&site::with_tokens(), FILES).await;
    let response = site.request(Method::POST, "/session").form(&[("token", "forged")]).send().await.unwrap();
    assert_eq!(response.status(), 401);
    assert!(response.headers().get("set-cookie").is_none());
}

#[tokio::test]
async fn after_the_session_comes_a_page_of_this_site() {
    let site = site::serve_with(&site::with_tokens(), FILES).await;
    for then in ["//example.com", "https://example.com/", "/\\example.com"] {
        let form = [("token", site::token(&[])), ("then", then.to_owned())];
        let response = site.request(Method::POST, "/session").form(&form).send().await.unwrap();
        let location = response.headers()["location"].to_str().unwrap();
        assert!(location.starts_with('/') && !location.starts_with("//"), "{then} leads to {location}");
    }
}

#[tokio::test]
async fn deeds_from_other_sites_are_refused() {
    let settings = format!("{}origins = [\"https://app.example.com\"]\n", site::with_tokens());
    let site = site::serve_with(&settings, FILES).await;
    let post = async |origin: Option<&str>, fetch: Option<&str>| {
        let mut request = site.request(Method::POST, "/session").form(&[("token", site::token(&[]))]);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        if let Some(fetch) = fetch {
            request = request.header("sec-fetch-site", fetch);
        }
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(post(None, None).await, 204, "a program without cookies");
    assert_eq!(post(Some(&site.url), Some("same-origin")).await, 204, "our own page");
    assert_eq!(post(Some("https://app.example.com"), Some("cross-site")).await, 204, "the host's page");
    assert_eq!(post(Some("https://evil.example"), Some("cross-site")).await, 403);
    assert_eq!(post(Some("https://evil.example"), None).await, 403);
    assert_eq!(post(None, Some("cross-site")).await, 403);
}
