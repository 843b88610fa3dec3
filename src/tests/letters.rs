//! What letters lead to: a requester's own list, an agent's first password, no more digests. And who is written to.

use std::process::{Command, Output};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use signpost::staff::account;
use signpost::tickets::Draft;

use crate::events::Browser;
use crate::site::{self, Site};
use crate::tickets::opening;

const MAIL: &str = "[mail]\nurl = \"smtp://localhost:9\"\nfrom = \"Help <help@acme.example>\"\n";

/// What is promised to the mail server, oldest first.
async fn mails(site: &Site) -> Vec<Value> {
    let mails: Vec<String> =
        sqlx::query_scalar("select body -> '$.deed' from outbox where channel = 'mail' order by id")
            .fetch_all(site.help.store.readers())
            .await
            .unwrap();
    mails.iter().map(|mail| serde_json::from_str(mail).unwrap()).collect()
}

/// The path that the only link to `start` in a mail leads to.
fn link(mail: &Value, start: &str) -> String {
    let text = mail["text"].as_str().unwrap();
    let at = text.find(start).unwrap_or_else(|| panic!("no {start} in {text}"));
    text[at..].split_whitespace().next().unwrap().to_owned()
}

fn location(response: &reqwest::Response) -> &str {
    response.headers()["location"].to_str().unwrap()
}

async fn ask(site: &Site, email: &str) {
    let draft = Draft {
        form: "question".to_owned(),
        email: email.to_owned(),
        subject: format!("From {email}"),
        text: "It fails.".to_owned(),
        ..Draft::default()
    };
    site.help.tickets.open(opening(draft), Timestamp::now()).await.unwrap();
}

#[tokio::test]
async fn a_link_shows_a_requester_all_requests_once() {
    let site = site::serve_with(MAIL, &[("index.md", "# Welcome")]).await;
    ask(&site, "Ada@customer.example").await;
    ask(&site, "bo@customer.example").await;
    let browser = Browser::of(&site);
    assert!(browser.page("/requests").await.contains("name=\"email\""));
    assert_eq!(browser.post("/requests", &[("email", "nobody")]).await.status(), 422);
    let mut answers = Vec::new();
    for email in ["ada@customer.example", "eve@customer.example"] {
        let answer = browser.post("/requests", &[("email", email)]).await;
        answers.push((answer.status().as_u16(), location(&answer).to_owned()));
    }
    assert_eq!(answers[0], answers[1], "the answer tells nothing");
    assert!(browser.page(&answers[0].1).await.contains("If there are requests from this address"));
    while mails(&site).await.len() < 3 {
        tokio::task::yield_now().await;
    }
    let letter = mails(&site).await.pop().unwrap();
    assert_eq!((letter["to"].as_str(), letter["automatic"].as_bool()), (Some("ada@customer.example"), Some(true)));
    let door = link(&letter, "/requests/in/");
    assert!(browser.page(&door).await.contains("ada@customer.example"), "looking opens nothing");
    assert_eq!(location(&browser.post(&door, &[]).await), "/requests");
    let list = browser.page("/requests").await;
    assert!(list.contains("From Ada@customer.example") && !list.contains("From bo@"), "{list}");
    assert_eq!(browser.get(&door).await.status(), 410);
    assert_eq!(Browser::of(&site).post(&door, &[]).await.status(), 410);
    assert!(Browser::of(&site).page("/requests").await.contains("name=\"email\""), "another browser sees nothing");
}

fn signpost(site: &Site, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_signpost"))
        .args(words)
        .args(["--data".as_ref(), site.data().as_os_str()])
        .env("SIGNPOST__SITE__URL", "https://help.acme.example")
        .current_dir(site.data())
        .output()
        .unwrap()
}

#[tokio::test]
async fn who_is_invited_chooses_a_password() {
    let site = site::serve_with(MAIL, &[("index.md", "# Welcome")]).await;
    let invited = signpost(&site, &["user", "invite", "grace@acme.example", "--role", "admin"]);
    assert!(invited.status.success(), "{invited:?}");
    let letter = mails(&site).await.pop().unwrap();
    assert_eq!(letter["to"], "grace@acme.example");
    let welcome = link(&letter, "/agent/welcome/");
    let browser = Browser::of(&site);
    assert!(browser.page(&welcome).await.contains("grace@acme.example"));
    assert_eq!(browser.post(&welcome, &[("password", "short")]).await.status(), 422);
    assert_eq!(location(&browser.post(&welcome, &[("password", "correct horse")]).await), "/agent/login");
    let login = browser.post("/agent/login", &[("email", "grace@acme.example"), ("password", "correct horse")]).await;
    assert_eq!(location(&login), "/agent");
    assert_eq!(browser.get(&welcome).await.status(), 410);
    assert_eq!(browser.post(&welcome, &[("password", "another horse")]).await.status(), 410);
    let account = account::find(&site.help.store, &"grace@acme.example".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!((account.name.as_str(), account.role), ("grace", account::Role::Admin));
}

const OWNED: &[(&str, &str)] = &[
    ("index.md", "# Welcome"),
    ("export.md", "---\nowner: storage team\nreview_by: 2026-11-20\n---\n# Export invoices\n\nPress Export."),
    ("import.md", "---\nowner: sam@acme.example\nreview_by: 2027-11-20\n---\n# Import contacts\n\nPress Import."),
    ("other.md", "---\nowner: nobody we know\nreview_by: 2026-11-20\n---\n# Other\n\nText."),
];
const OWNERS: &str =
    "[mail.owners]\ndigest = true\nreview = true\naddresses = { \"storage team\" = \"Storage@acme.example\" }\n";

#[tokio::test]
async fn owners_hear_of_their_articles_once_a_week() {
    let site = site::serve_with(&format!("{MAIL}{OWNERS}"), OWNED).await;
    let now: Timestamp = "2026-11-23T06:00:00Z".parse().unwrap();
    for (id, article, helpful) in [("1", "export", 1), ("2", "export", 0), ("3", "other", 0)] {
        sqlx::query(
            "insert into votes (id, day, article, version, locale, helpful) values ($1, $2, $3, 'v', 'en', $4)",
        )
        .bind(id)
        .bind(signpost::store::day(now) - 1)
        .bind(article)
        .bind(helpful)
        .execute(site.help.store.writer())
        .await
        .unwrap();
    }
    sqlx::query("insert into search_counts values ($1, 'en', 'invoice as csv', 5, 0, null)")
        .bind(signpost::store::day(now))
        .execute(site.help.store.writer())
        .await
        .unwrap();
    // Asked by a reader who came from the article, one who read it before, and one who read another.
    ask(&site, "ada@customer.example").await;
    ask(&site, "bo@customer.example").await;
    ask(&site, "jo@customer.example").await;
    for sql in [
        "update tickets set opened_at = 1795413600000 - 86400000",
        "insert into ticket_articles select id, 'export', 'start' from tickets where number < 1003",
        "insert into ticket_articles select id, 'other', 'start' from tickets where number = 1003",
        "delete from outbox",
    ] {
        sqlx::query(sql).execute(site.help.store.writer()).await.unwrap();
    }
    let written = async |now: Timestamp| {
        site.help.keep_house(now).await.unwrap();
        let mails = mails(&site).await;
        mails
            .iter()
            .map(|it| format!("{} {}", it["to"].as_str().unwrap(), it["subject"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    let digest = "storage@acme.example Help center: your articles this week";
    let review = "storage@acme.example Help center: articles to read again";
    assert_eq!(written(now).await, [digest, review]);
    let letter = &mails(&site).await[0];
    let text = letter["text"].as_str().unwrap();
    for part in [
        "Export invoices\n  yes: 1 · no: 1",
        "Export invoices\n  requests: 2",
        "invoice as csv\n  searches: 5",
        "/export",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    assert!(!text.contains("Other"), "{text}");
    let day = SignedDuration::from_hours(24);
    assert_eq!(written(now + day).await.len(), 2, "once a week, once a day of review");
    let leave = link(letter, "/privacy/letters/");
    assert!(letter["unsubscribe"].as_str().unwrap().ends_with(&leave));
    let client = reqwest::Client::new();
    let click =
        client.post(format!("{}{leave}", site.url)).form(&[("List-Unsubscribe", "One-Click")]).send().await.unwrap();
    assert_eq!(click.status(), 200);
    sqlx::query("update votes set day = day + 7").execute(site.help.store.writer()).await.unwrap();
    assert_eq!(written(now + day * 7).await.len(), 2, "who left is not written to");
    assert!(Browser::of(&site).page(&leave).await.contains("gets no more of these letters"));
    assert_eq!(Browser::of(&site).get("/privacy/letters/guess").await.status(), 404);
}
