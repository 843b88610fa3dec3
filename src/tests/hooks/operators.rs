//! What operators see and do.

use std::path::Path;
use std::process::Output;

use serde_json::Value;
use signpost::webhooks;
use signpost::webhooks::inbox;

use super::{Call, SETTINGS, freshdesk, headers, zendesk};
use crate::site::{self, Site};

const TOKEN: &str = "correct-horse-battery-staple";

fn now() -> jiff::Timestamp {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

/// With one that is dead, one that waits and one that is done.
async fn with_hooks() -> Site {
    let settings = format!("[admin]\ntoken = \"{TOKEN}\"\n{SETTINGS}");
    let site = site::serve_with(&settings, &[("index.md", "# Welcome")]).await;
    let help = &site.help;
    let take = async |call: Call| {
        webhooks::receive(&help.hooks, call.to, &headers(&call), call.body.as_bytes(), call.at).await.unwrap();
    };
    take(zendesk(r#"{"ticket":"1"}"#, now())).await;
    take(freshdesk(r#"{"ticket_id":"1","status":"Open"}"#, now())).await;
    while webhooks::step(&help.hooks, &help.tickets, now()).await.unwrap() == webhooks::Next::Now {}
    take(freshdesk(r#"{"ticket_id":"2","status":"Open"}"#, now())).await;
    site
}

async fn signpost(folder: &Path, arguments: &[&str]) -> Output {
    let (folder, arguments) = (folder.to_owned(), arguments.iter().map(|&one| one.to_owned()).collect::<Vec<_>>());
    let command = move || {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_signpost"));
        command.arg("hooks").args(arguments).current_dir(folder).output().unwrap()
    };
    tokio::task::spawn_blocking(command).await.unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn the_command_shows_and_steers() {
    let site = with_hooks().await;
    let dead = inbox::list(&site.help.store, Some("dead"), None, 10).await.unwrap().remove(0);
    let data = site.stop().await;
    let hooks = async |arguments: &[&str]| signpost(data.path(), &[arguments, &["--data", "."]].concat()).await;
    let listed = text(&hooks(&["list"]).await.stdout);
    for part in ["dead", "zendesk", "`ticket_id` is missing", "waiting", "freshdesk", "unknown_ticket", &dead.id] {
        assert!(listed.contains(part), "{part} is missing in\n{listed}");
    }
    let count = async |arguments: &[&str]| {
        let listed = hooks(&[&["list", "--json"], arguments].concat()).await.stdout;
        serde_json::from_slice::<Value>(&listed).unwrap().as_array().unwrap().len()
    };
    assert_eq!((count(&[]).await, count(&["--state", "dead"]).await), (3, 1));
    assert_eq!((count(&["--provider", "freshdesk"]).await, count(&["--limit", "1"]).await), (2, 1));
    let shown: Value = serde_json::from_slice(&hooks(&["show", &dead.id]).await.stdout).unwrap();
    assert_eq!((&shown["body"], &shown["state"]), (&Value::from(r#"{"ticket":"1"}"#), &Value::from("dead")));
    assert!(hooks(&["replay", &dead.id]).await.status.success());
    assert_eq!(count(&["--state", "waiting"]).await, 2);
    assert!(hooks(&["drop", &dead.id]).await.status.success());
    for arguments in [["drop", &dead.id], ["replay", &dead.id], ["show", "nothing"]] {
        let refused = hooks(&arguments).await;
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}");
        assert!(text(&refused.stderr).contains("signpost hooks list"), "{arguments:?}");
    }
}

#[tokio::test]
async fn a_list_leaves_what_was_said_where_it_is() {
    let site = with_hooks().await;
    let store = &site.help.store;
    let dead = inbox::list(store, Some("dead"), None, 10).await.unwrap().remove(0);
    assert_eq!(dead.body, None, "it may be a mail of many megabytes");
    assert!(inbox::find(store, &dead.id).await.unwrap().unwrap().body.is_some());
    let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(
        "explain query plan select id, provider, event, state, outcome, attempts, due_at, last_error from hooks
         where state = 'dead' or $1 is null order by received_at desc, id desc limit 100",
    )
    .fetch_all(store.readers())
    .await
    .unwrap();
    assert!(plan[0].3.contains("COVERING INDEX hooks_listed"), "no row is read for it: {plan:?}");
}

#[tokio::test]
async fn staff_sends_in_again_what_could_not_be_handled() {
    let site = with_hooks().await;
    let login = site.request(reqwest::Method::POST, "/admin/login").form(&[("token", TOKEN)]).send().await.unwrap();
    let cookie = login.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let page =
        async || site.ask("/admin/delivery").header("cookie", &cookie).send().await.unwrap().text().await.unwrap();
    let dead = inbox::list(&site.help.store, Some("dead"), None, 10).await.unwrap().remove(0);
    let shown = page().await;
    assert!(shown.contains("Inbound webhooks that failed") && shown.contains(&dead.id), "{shown}");
    assert!(shown.contains("`ticket_id` is missing"), "{shown}");
    for (deed, expect) in [("retry", "waiting"), ("drop", "done")] {
        let form = [("deed", deed), ("what", dead.id.as_str())];
        let steered = site.request(reqwest::Method::POST, "/admin/delivery").header("cookie", &cookie).form(&form);
        assert_eq!(steered.send().await.unwrap().status(), 303);
        assert_eq!(inbox::find(&site.help.store, &dead.id).await.unwrap().unwrap().state, expect);
    }
    assert!(page().await.contains("Everything that came in could be handled."));
}
