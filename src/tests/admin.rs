//! `/admin` is for whoever gave the token.

use reqwest::Method;

use crate::site::{self, Site};

const TOKEN: &str = "correct-horse-battery-staple";
const FILES: &[(&str, &str)] =
    &[("start/good.md", "# Good\n\nText."), ("start/bad.md", "---\ntitle: [unclosed\n---\n# Bad")];

pub async fn with_token() -> Site {
    site::serve_with(&format!("[admin]\ntoken = \"{TOKEN}\""), FILES).await
}

async fn login(site: &Site, token: &str) -> reqwest::Response {
    site.request(Method::POST, "/admin/login").form(&[("token", token)]).send().await.unwrap()
}

#[tokio::test]
async fn without_a_token_there_is_no_admin() {
    let site = site::serve(FILES).await;
    assert_eq!(site.status("/admin").await, 404);
    assert_eq!(site.status("/admin/login").await, 404);
}

#[tokio::test]
async fn the_token_opens_a_session_that_can_be_closed() {
    let site = with_token().await;
    assert_eq!(site.redirect("/admin").await, (303, "/admin/login".to_owned()));
    assert_eq!(login(&site, "wrong").await.status(), 401);
    let response = login(&site, TOKEN).await;
    assert_eq!(response.status(), 303);
    let cookie = response.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    assert!(!cookie.contains(TOKEN), "the cookie holds the token itself");

    let page = site.ask("/admin").header("cookie", &cookie).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert_eq!(page.headers()["cache-control"], "no-store");
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    let page = page.text().await.unwrap();
    assert!(page.contains("start/bad.md:"), "the problem's place is missing in {page}");
    assert!(page.contains("</html>"), "the page breaks off: {page}");
    let nonce =
        page.split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("streaming needs a script");
    assert!(policy.contains(&format!("'nonce-{nonce}'")), "{policy} forbids the page's own script");

    let close = site.request(Method::POST, "/admin/logout").header("cookie", &cookie).send().await.unwrap();
    assert_eq!(close.status(), 303);
    let page = site.ask("/admin").header("cookie", &cookie).send().await.unwrap();
    assert_eq!(page.status(), 303, "a closed session still opens the page");
}

#[tokio::test]
async fn guessing_is_throttled() {
    let site = with_token().await;
    let mut last = 0;
    for _ in 0..6 {
        last = login(&site, "guess").await.status().as_u16();
    }
    assert_eq!(last, 429);
    let refused = login(&site, TOKEN).await;
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["retry-after"], "60");
}

pub async fn signed_in(site: &Site) -> String {
    let response = login(site, TOKEN).await;
    response.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn staff_sees_and_steers_what_leaves() {
    let settings = format!("[admin]\ntoken = \"{TOKEN}\"\n[connectors.crm]\nurl = \"http://127.0.0.1:1/\"");
    let site = site::serve_with(&settings, FILES).await;
    let steer = |cookie: &str, deed: &str, what: &str| {
        let form = [("deed", deed), ("what", what)];
        site.request(Method::POST, "/admin/delivery").header("cookie", cookie).form(&form).send()
    };
    assert_eq!(steer("", "pause", "connector.crm").await.unwrap().headers()["location"], "/admin/login");
    let cookie = signed_in(&site).await;
    let page =
        async || site.ask("/admin/delivery").header("cookie", &cookie).send().await.unwrap().text().await.unwrap();
    let before = page().await;
    assert!(before.contains("connector.crm") && before.contains("Everything could be delivered."), "{before}");
    assert_eq!(steer(&cookie, "pause", "connector.crm").await.unwrap().status(), 303);
    assert!(page().await.contains("Paused"));
    assert_eq!(steer(&cookie, "resume", "connector.crm").await.unwrap().status(), 303);
    assert!(!page().await.contains("Paused"));
    assert_eq!(steer(&cookie, "explode", "connector.crm").await.unwrap().status(), 400);
    assert_eq!(steer(&cookie, "drop", "nothing").await.unwrap().status(), 400);
}

#[tokio::test]
async fn staff_sees_what_is_done_with_readers_data() {
    let settings = format!(
        "[admin]\ntoken = \"{TOKEN}\"\n[retention]\nevents_days = 90\n[connectors.crm]\nurl = \"http://127.0.0.1:1/\"\n\
         [tags]\nhotjar = {{ id = \"1234567\" }}"
    );
    let site = site::serve_with(&settings, FILES).await;
    crate::events::Browser::of(&site).allow("all").await;
    let cookie = signed_in(&site).await;
    let page = site.ask("/admin/privacy").header("cookie", &cookie).send().await.unwrap().text().await.unwrap();
    for expect in ["90 d", "connector.crm", "hotjar", "30 min", "Nothing was purged yet."] {
        assert!(page.contains(expect), "{expect} is missing: {page}");
    }
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    assert!(page.contains(&today), "the day of the choice is shown");
}
