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

#[tokio::test]
async fn staff_sees_what_proposals_spare_and_which_articles_answer() {
    let settings = format!("[admin]\ntoken = \"{TOKEN}\"\n[tickets]\nhold_out = 0.2");
    let site = site::serve_with(&settings, FILES).await;
    let cookie = signed_in(&site).await;
    let page = async || {
        let page = site.ask("/admin/tickets").header("cookie", &cookie).send().await.unwrap();
        (page.status().as_u16(), page.text().await.unwrap())
    };
    let (status, empty) = page().await;
    assert_eq!(status, 200);
    assert!(
        empty.contains("Too few to judge by") && empty.contains("None yet.") && empty.contains("</html>"),
        "{empty}"
    );
    // Of 100 who were shown answers 80 sent no ticket, of 50 others 20; one article answered 8 of those who opened it.
    sqlx::query(
        "with recursive n (i) as (select 1 union all select i + 1 from n where i < 150)
         insert into proposals (id, at, form, held_out, shown, opened, answered, outcome)
         select 'p' || i, i, 'question', i > 100, '[]', iif(i <= 10, 'start-good', null), i <= 8,
             iif(i <= 80 or i > 130, iif(i <= 10, 'deflected', 'gone'), 'ticket') from n",
    )
    .execute(site.help.store.writer())
    .await
    .unwrap();
    let (_, full) = page().await;
    for part in ["80 (80.0 %)", "20 (40.0 %)", "+40.0", "+23.", "+54.", ">10<", ">8<"] {
        assert!(full.contains(part), "{part} is missing in {full}");
    }
    assert!(full.contains("/a/start-good") && full.contains(">Good<"), "{full}");
    assert!(!full.contains("it may be chance") && !full.contains("Too few"), "{full}");
    assert_eq!(site.redirect("/admin/tickets").await, (303, "/admin/login".to_owned()));
}
