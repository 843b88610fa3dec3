//! What is forgotten by age, and what of a reader who wants it.

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::program::signpost;

fn in_days(days: i64) -> Timestamp {
    Timestamp::now() + SignedDuration::from_hours(24 * days)
}

async fn left(site: &Site) -> (i64, i64, i64) {
    let sql = "select (select count(*) from questions), (select count(*) from replies),
                      (select count(*) from questions where coalesce(name, email, reader, session) is not null)";
    sqlx::query_as(sql).fetch_one(site.help.store.readers()).await.unwrap()
}

#[tokio::test]
async fn refused_questions_go_soon_and_names_late() {
    let site = open().await;
    let (reader, ada) = (Browser::of(&site), agent(&site, "ada@example.com").await);
    asked(&reader).await;
    press(&site, &ada, &[("deed", "refuse")]).await;
    asked(&reader).await;
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
