//! What is forgotten by age, and what of a reader who wants it.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::*;
use crate::program::signpost;

fn in_days(days: i64) -> Timestamp {
    Timestamp::now() + SignedDuration::from_hours(24 * days)
}

async fn left(site: &Site) -> (i64, i64, i64) {
    let sql = "select (select count(*) from questions), (select count(*) from replies),
                      (select count(*) from questions
                       where coalesce(name, email, reader, session) is not null or audiences <> '[]')";
    sqlx::query_as(sql).fetch_one(site.help.store.readers()).await.unwrap()
}

#[tokio::test]
async fn refused_questions_go_soon_and_names_late() {
    let site = open_with(&format!("{SETTINGS}{}", site::with_tokens())).await;
    let (reader, ada) = (Browser::of(&site), agent(&site, "ada@example.com").await);
    asked(&reader).await;
    press(&site, &ada, &[("deed", "refuse")]).await;
    send(&reader, "/questions/start-export", &ASKED, Some(&site::token(&["staff"]))).await;
    press(&site, &ada, &[("deed", "reply"), ("text", "Yes.")]).await;
    let community = &site.help.community;
    community.forget(in_days(29)).await.unwrap();
    assert_eq!(left(&site).await, (2, 1, 2));
    community.forget(in_days(31)).await.unwrap();
    assert_eq!(left(&site).await, (1, 1, 1), "what is shown stays");
    community.forget(in_days(1096)).await.unwrap();
    assert_eq!(left(&site).await, (1, 1, 0), "without whose it is");
    site.help.show_questions().await.unwrap();
    let page = reader.page("/start/export").await;
    assert!(page.contains("<bdi>Somebody</bdi>") && page.contains("offline"), "{page}");
}

#[tokio::test]
async fn a_reader_is_erased_with_all_it_asked_and_said() {
    let site = open_with(&format!("{SETTINGS}{}", site::with_tokens())).await;
    let (reader, ada) = (Browser::of(&site), agent(&site, "ada@example.com").await);
    let (jo, eve) = (site::token_of("jo", &[]), site::token_of("eve", &[]));
    let path = "/questions/start-export";
    for (token, title) in [(&jo, "Of Jo"), (&eve, "Of Eve")] {
        send(&reader, path, &[("title", title)], Some(token)).await;
        press(&site, &ada, &[("deed", "reply"), ("text", "Yes.")]).await;
    }
    let of_eve = newest(&site).await.path();
    send(&reader, &of_eve, &[("text", "Jo says so too")], Some(&jo)).await;
    let reply = newest(&site).await.replies.iter().find(|reply| !reply.by_team).unwrap().id.clone();
    press(&site, &ada, &[("deed", "show"), ("reply", &reply)]).await;
    press(&site, &ada, &[("deed", "accept"), ("reply", &reply)]).await;
    assert!(reader.page("/start/export").await.contains("Jo says so too"));

    let folder = site.data().to_owned();
    let data = folder.to_str().unwrap();
    let shown = signpost(&folder, &["privacy", "export", "jo", "--data", data]);
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains("Of Jo") && shown.contains("Jo says so too") && !shown.contains("Of Eve"), "{shown}");
    let erased = signpost(&folder, &["privacy", "erase", "jo", "--data", data]);
    assert!(String::from_utf8_lossy(&erased.stdout).contains("2 questions and replies were deleted"), "{erased:?}");
    site.help.keep_house(Timestamp::now()).await.unwrap();
    let article = reader.page("/start/export").await;
    assert!(!article.contains("Of Jo") && !article.contains("Jo says so too"), "{article}");
    assert!(article.contains("Of Eve") && !article.contains("Accepted answer"), "{article}");
}

/// What `signpost privacy` says about a reader.
fn privacy(site: &Site, command: &str, whose: &str) -> String {
    let folder = site.data();
    let told = signpost(folder, &["privacy", command, whose, "--data", folder.to_str().unwrap()]);
    String::from_utf8(told.stdout).unwrap()
}

#[tokio::test]
async fn readers_who_share_a_browser_are_shown_and_erased_each_for_itself() {
    let site = open_with(&format!("{SETTINGS}{}", site::with_tokens())).await;
    let reader = Browser::of(&site);
    reader.allow("all").await;
    assert_eq!(reader.tell(&json!({ "events": [{ "kind": "page_viewed" }] })).await.status(), 204);
    let session: String =
        sqlx::query_scalar("select max(session) from events").fetch_one(site.help.store.readers()).await.unwrap();
    let (jo, eve) = (site::token_of("jo", &[]), site::token_of("eve", &[]));
    let told = json!({ "session": session, "consent": ["analytics"], "events": [{ "kind": "page_viewed" }] });
    let tell = site.request(Method::POST, "/api/v1/events").bearer_auth(&jo).body(told.to_string());
    assert_eq!(tell.send().await.unwrap().status(), 204);
    for (token, title) in [(Some(&jo), "Of Jo"), (Some(&eve), "Of Eve"), (None, "Of nobody")] {
        let sent = send(&reader, "/questions/start-export", &[("title", title)], token.map(String::as_str)).await;
        assert_eq!(sent.status(), StatusCode::SEE_OTHER);
    }
    let shown = privacy(&site, "export", "jo");
    assert!(shown.contains("Of Jo") && shown.contains("Of nobody") && !shown.contains("Of Eve"), "{shown}");
    let erased = privacy(&site, "erase", "jo");
    assert!(erased.contains("2 questions and replies were deleted"), "{erased}");
    assert!(privacy(&site, "export", "eve").contains("Of Eve"));
}

#[tokio::test]
async fn an_address_is_found_however_it_is_typed() {
    let site = open().await;
    let fields = [("title", "Does it work?"), ("email", " Jo@Customer.Example")];
    send(&Browser::of(&site), "/questions/start-export", &fields, None).await;
    assert_eq!(newest(&site).await.email.as_deref(), Some("jo@customer.example"));
    let shown = privacy(&site, "export", "JO@customer.example");
    assert!(shown.contains("Does it work?"), "{shown}");
    let erased = privacy(&site, "erase", "JO@customer.example");
    assert!(erased.contains("1 questions and replies were deleted"), "{erased}");
    assert_eq!(left(&site).await, (0, 0, 0));
}

#[tokio::test]
async fn a_session_is_kept_of_who_allowed_it_and_of_nobody_else() {
    let site = open().await;
    for allows in [false, true] {
        let reader = Browser::of(&site);
        if allows {
            reader.allow("all").await;
        }
        assert_eq!(reader.tell(&json!({ "events": [{ "kind": "page_viewed" }] })).await.status(), 204);
        asked(&reader).await;
        let question = newest(&site).await;
        press(&site, &agent(&site, "ada@example.com").await, &[("deed", "show")]).await;
        send(&reader, &question.path(), &[("text", "Me too")], None).await;
        let sql =
            "select (select session from questions where id = $1), (select session from replies where question = $1)";
        let kept: (Option<String>, Option<String>) =
            sqlx::query_as(sql).bind(question.id).fetch_one(site.help.store.readers()).await.unwrap();
        assert_eq!((kept.0.is_some(), kept.1.is_some()), (allows, allows));
    }
}
