//! Agents and admins sign in with accounts of their own.

use std::process::{Command, Output, Stdio};

use reqwest::{Method, Response};

use crate::events::Browser;
use crate::site::{self, Site};
use signpost::staff::account::{self, New, Role};

const FILES: &[(&str, &str)] = &[("start/good.md", "# Good\n\nText.")];
const PASSWORD: &str = "correct horse";

async fn with_accounts(settings: &str) -> Site {
    let site = site::serve_with(settings, FILES).await;
    for (email, name, role) in [("ada@example.com", "Ada", Role::Agent), ("grace@example.com", "Grace", Role::Admin)] {
        let email = &email.parse().unwrap();
        let new = New { email, name, role, password: &PASSWORD.into() };
        account::add(&site.help.store, new, jiff::Timestamp::now()).await.unwrap();
    }
    site
}

async fn sign_in(browser: &Browser<'_>, email: &str, password: &str, next: &str) -> Response {
    browser.post("/agent/login", &[("email", email), ("password", password), ("next", next)]).await
}

async fn signed_in<'s>(site: &'s Site, email: &str) -> Browser<'s> {
    let browser = Browser::of(site);
    assert_eq!(sign_in(&browser, email, PASSWORD, "").await.status(), 303);
    browser
}

fn location(response: &Response) -> &str {
    response.headers()["location"].to_str().unwrap()
}

#[tokio::test]
async fn whoever_is_not_signed_in_is_sent_to_the_sign_in_and_comes_back() {
    let site = with_accounts("").await;
    let browser = Browser::of(&site);
    let away = browser.get("/agent/account?done=saved").await;
    assert_eq!(away.status(), 303);
    let sign_in_url = location(&away).to_owned();
    assert_eq!(sign_in_url, "/agent/login?next=%2Fagent%2Faccount%3Fdone%3Dsaved");
    let form = browser.page(&sign_in_url).await;
    assert!(form.contains("name=\"next\" value=\"/agent/account?done=saved\""), "{form}");
    let response = sign_in(&browser, "Ada@Example.com", PASSWORD, "/agent/account?done=saved").await;
    assert_eq!((response.status().as_u16(), location(&response)), (303, "/agent/account?done=saved"));
    assert!(browser.page("/agent/account").await.contains("ada@example.com"));
    assert_eq!(location(&browser.get(&sign_in_url).await), "/agent/account?done=saved", "no need to sign in twice");
}

#[tokio::test]
async fn the_sign_in_leads_nowhere_else() {
    let site = with_accounts("").await;
    for next in ["https://evil.example/", "//evil.example/agent", "/\\evil.example", "/start/good", "/agent/login"] {
        let response = sign_in(&Browser::of(&site), "ada@example.com", PASSWORD, next).await;
        assert_eq!(location(&response), "/agent", "{next}");
    }
}

#[tokio::test]
async fn cookies_hold_secrets_that_the_database_does_not_know() {
    let site = with_accounts("").await;
    let response = sign_in(&Browser::of(&site), "ada@example.com", PASSWORD, "").await;
    let cookies: Vec<_> =
        response.headers().get_all("set-cookie").iter().map(|line| line.to_str().unwrap().to_owned()).collect();
    assert_eq!(cookies.len(), 2);
    for part in ["__Host-signpost-staff=", "HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
        assert!(cookies[0].contains(part), "{part} is missing in {}", cookies[0]);
    }
    let secret = cookies[0].split(['=', ';']).nth(1).unwrap();
    let known: Vec<String> = sqlx::query_scalar("select secret_hash from staff_sessions")
        .fetch_all(site.help.store.readers())
        .await
        .unwrap();
    assert!(!known.iter().any(|hash| hash == secret));
    let kept: Vec<String> =
        sqlx::query_scalar("select password_hash from agents").fetch_all(site.help.store.readers()).await.unwrap();
    assert!(kept.iter().all(|hash| hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")), "{kept:?}");
    assert_ne!(kept[0], kept[1], "the same password has a salt of its own in each account");
}

#[tokio::test]
async fn a_wrong_password_and_no_account_are_refused_in_the_same_words() {
    let site = with_accounts("").await;
    let refused = async |email: &str, password: &str| {
        let response = sign_in(&Browser::of(&site), email, password, "").await;
        assert_eq!(response.status(), 401);
        assert!(!response.headers().contains_key("set-cookie"));
        let page = response.text().await.unwrap();
        assert!(!page.contains(password), "the page repeats the password");
        page.replace(email, "")
    };
    let wrong = refused("ada@example.com", "wrong password").await;
    assert!(wrong.contains("role=\"alert\" class=\"refusal\">E-mail address and password do not belong"), "{wrong}");
    assert_eq!(wrong, refused("nobody@example.com", "wrong password").await);
    assert_eq!(Browser::of(&site).post("/agent/login", &[("email", "ada@example.com")]).await.status(), 400);
}

#[tokio::test]
async fn guessing_is_throttled_in_words() {
    let site = with_accounts("").await;
    let owner = signed_in(&site, "ada@example.com").await;
    let stranger = Browser::of(&site);
    for _ in 0..9 {
        assert_eq!(sign_in(&stranger, "ada@example.com", "guess", "").await.status(), 401);
    }
    let refused = sign_in(&stranger, "ada@example.com", PASSWORD, "").await;
    assert_eq!((refused.status().as_u16(), &refused.headers()["retry-after"]), (429, &"60".parse().unwrap()));
    assert!(refused.text().await.unwrap().contains("Wait a minute"));
    assert_eq!(sign_in(&owner, "ada@example.com", PASSWORD, "").await.status(), 303, "the owner is not locked out");
}

#[tokio::test]
async fn admin_is_for_admins() {
    let site = with_accounts("").await;
    let away = Browser::of(&site).get("/admin/delivery").await;
    assert_eq!(location(&away), "/agent/login?next=%2Fadmin%2Fdelivery");
    let agent = signed_in(&site, "ada@example.com").await;
    let refused = agent.get("/admin").await;
    assert_eq!(refused.status(), 403);
    assert!(refused.text().await.unwrap().contains("Your account does not include this page"));
    let steer = agent.post("/admin/delivery", &[("deed", "pause"), ("what", "x")]).await;
    assert_eq!(steer.status(), 403);
    let admin = signed_in(&site, "grace@example.com").await;
    for path in ["/admin", "/admin/delivery", "/admin/privacy"] {
        assert_eq!(admin.get(path).await.status(), 200, "{path}");
    }
    assert_eq!(site.status("/admin/login").await, 404, "there is no token");
}

#[tokio::test]
async fn the_token_opens_admin_beside_accounts_but_no_portal() {
    let site = with_accounts("[admin]\ntoken = \"a-token-for-tests\"").await;
    let browser = Browser::of(&site);
    assert!(browser.page("/agent/login").await.contains("href=\"/admin/login\""));
    assert_eq!(browser.post("/admin/login", &[("token", "a-token-for-tests")]).await.status(), 303);
    assert_eq!(browser.get("/admin").await.status(), 200);
    assert_eq!(location(&browser.get("/agent/account").await), "/agent/login?next=%2Fagent%2Faccount");
}

#[tokio::test]
async fn an_agent_says_name_and_language() {
    let site = with_accounts("").await;
    let browser = signed_in(&site, "ada@example.com").await;
    let save = async |name: &str, locale: &str| {
        browser.post("/agent/account", &[("name", name), ("locale", locale)]).await.status().as_u16()
    };
    assert_eq!(save(" Ada Lovelace ", "ar").await, 303);
    let page = browser.page("/agent/account?done=saved").await;
    assert!(page.contains("lang=\"ar\" dir=\"rtl\"") && page.contains("value=\"Ada Lovelace\""), "{page}");
    assert!(page.contains("role=\"status\" class=\"notice\">تم الحفظ."), "{page}");
    assert!(page.contains("action=\"/search\""), "the content has no Arabic, so search is the site's: {page}");
    assert_eq!(save("Ada", "").await, 303);
    assert!(browser.page("/agent/account").await.contains("lang=\"en\""));
    assert_eq!(save("", "").await, 422);
    assert_eq!(save("Ada", "tlh").await, 400);
}

#[tokio::test]
async fn another_password_signs_out_everywhere_else() {
    let site = with_accounts("").await;
    let (here, there) = (signed_in(&site, "ada@example.com").await, signed_in(&site, "ada@example.com").await);
    let change = async |present: &str, new: &str| {
        let response = here.post("/agent/account/password", &[("present", present), ("new", new)]).await;
        (response.status().as_u16(), response.text().await.unwrap())
    };
    let (status, page) = change("wrong", "another horse").await;
    assert_eq!((status, page.contains("not your current password")), (422, true));
    let (status, page) = change(PASSWORD, "short").await;
    assert_eq!((status, page.contains("too short")), (422, true));
    assert_eq!(change(PASSWORD, "another horse").await.0, 303);
    assert_eq!(here.get("/agent/account").await.status(), 200);
    assert_eq!(there.get("/agent/account").await.status(), 303);
    assert_eq!(sign_in(&there, "ada@example.com", PASSWORD, "").await.status(), 401);
    assert_eq!(sign_in(&there, "ada@example.com", "another horse", "").await.status(), 303);
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let site = with_accounts("").await;
    let (here, there) = (signed_in(&site, "ada@example.com").await, signed_in(&site, "ada@example.com").await);
    let stranger = signed_in(&site, "grace@example.com").await;
    let page = here.page("/agent/account").await;
    assert_eq!(page.matches("Firefox, Linux").count(), 2, "{page}");
    assert!(page.contains("127.0.0.0/24") && page.contains("This browser"));
    let id = page.split("name=\"session\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(stranger.post("/agent/account/sessions", &[("session", id)]).await.status(), 303);
    assert_eq!(there.get("/agent/account").await.status(), 200, "nobody ends another's session");
    assert_eq!(here.post("/agent/account/sessions", &[("session", id)]).await.status(), 303);
    assert_eq!(there.get("/agent/account").await.status(), 303);
    let third = signed_in(&site, "ada@example.com").await;
    assert_eq!(here.post("/agent/account/sessions", &[]).await.status(), 303);
    assert_eq!(third.get("/agent/account").await.status(), 303);
    assert_eq!(here.post("/agent/logout", &[]).await.status(), 303);
    assert_eq!(here.get("/agent/account").await.status(), 303);
    assert_eq!(stranger.get("/agent/account").await.status(), 200);
}

#[tokio::test]
async fn a_page_of_another_site_signs_nobody_in() {
    let site = with_accounts("").await;
    let form = [("email", "ada@example.com"), ("password", PASSWORD)];
    let forged = site.request(Method::POST, "/agent/login").header("origin", "https://evil.example").form(&form);
    assert_eq!(forged.send().await.unwrap().status(), 403);
}

fn user(site: &Site, words: &[&str], stdin: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_signpost"))
        .arg("user")
        .args(words)
        .arg("--data")
        .arg(site.data())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), stdin.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8([output.stdout.clone(), output.stderr.clone()].concat()).unwrap()
}

#[tokio::test]
async fn the_command_makes_and_ends_accounts_beside_a_server_that_runs() {
    let site = site::serve(FILES).await;
    let done = |words: &[&str], stdin: &str| {
        let output = user(&site, words, stdin);
        assert!(output.status.success(), "{words:?}: {}", said(&output));
        said(&output)
    };
    assert!(done(&["list"], "").contains("There is no account yet"));
    let made = done(&["add", "Ada@example.com", "--name", "Ada", "--role", "admin"], "");
    let password = made.split("shown only now: ").nth(1).unwrap().trim().to_owned();
    let browser = Browser::of(&site);
    assert_eq!(sign_in(&browser, "ada@example.com", &password, "/admin").await.status(), 303);
    assert_eq!(browser.get("/admin").await.status(), 200);

    let told = done(&["add", "eve@example.com", "--name", "Eve", "--password-stdin"], "a password of Eve\n");
    assert!(!told.contains("a password of Eve"));
    assert_eq!(sign_in(&Browser::of(&site), "eve@example.com", "a password of Eve", "").await.status(), 303);
    let list: serde_json::Value = serde_json::from_str(&done(&["list", "--json"], "")).unwrap();
    assert_eq!((&list[0]["email"], &list[0]["role"]), (&"ada@example.com".into(), &"admin".into()));
    assert!(!list.to_string().contains("argon2"), "a list shows no hashes");

    done(&["sign-out", "ada@example.com"], "");
    assert_eq!(browser.get("/admin").await.status(), 303);
    assert_eq!(sign_in(&browser, "ada@example.com", &password, "").await.status(), 303);
    done(&["disable", "ada@example.com"], "");
    assert_eq!(browser.get("/admin").await.status(), 303);
    assert_eq!(sign_in(&browser, "ada@example.com", &password, "").await.status(), 401);
    assert!(done(&["list"], "").contains("ada@example.com  admin  Ada  (disabled)"));
    done(&["enable", "ada@example.com"], "");
    done(&["password", "ada@example.com", "--password-stdin"], "another password");
    assert_eq!(sign_in(&browser, "ada@example.com", &password, "").await.status(), 401);
    assert_eq!(sign_in(&browser, "ada@example.com", "another password", "").await.status(), 303);
}

#[tokio::test]
async fn the_command_says_what_is_wrong() {
    let site = site::serve(FILES).await;
    let check = |words: &[&str], stdin: &str, code: i32, expect: &str| {
        let output = user(&site, words, stdin);
        assert_eq!(output.status.code(), Some(code), "{words:?}: {}", said(&output));
        assert!(said(&output).contains(expect), "{words:?}: {}", said(&output));
    };
    let add = ["add", "ada@example.com", "--name", "Ada", "--password-stdin"];
    check(&add, "short", 1, "at least 10 characters");
    check(&add, "long enough a password", 0, "may sign in as agent");
    check(&add, "long enough a password", 1, "has an account already");
    check(&["add", "ada", "--name", "Ada"], "", 2, "is no e-mail address");
    check(&["add", "eve@example.com", "--name", "Eve", "--role", "boss"], "", 2, "agent, admin");
    check(&["disable", "nobody@example.com"], "", 1, "there is no account nobody@example.com");
}
