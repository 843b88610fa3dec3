//! A vendor's chat that cannot be had goes away, and comes back.

use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;

use super::{FIRST, allow, chatting, identity};
use crate::chat::{begin, between, tickets};
use crate::contract::Misbehave::{Reset, Status};
use crate::contract::{Judged, Received, Vendor};
use crate::events::Browser;
use crate::site::Site;

async fn set(site: &Site, sql: &'static str) {
    sqlx::query(sql).execute(site.help.store.writer()).await.unwrap();
    site.help.chats.look(Timestamp::now()).await.unwrap();
}

#[tokio::test]
async fn a_desk_that_is_not_reached_makes_the_chat_go_away_and_come_back() {
    let (_, _vendor, site) = chatting("").await;
    let (before, reader) = (Browser::of(&site), Browser::of(&site));
    begin(&before, FIRST).await;
    allow(&before).await;
    for stopped in ["locked = 1", "paused = 1", "opened_until = 9999999999999"] {
        set(
            &site,
            match stopped {
                "locked = 1" => "update sinks set locked = 1 where name = 'intercom'",
                "paused = 1" => "update sinks set paused = 1 where name = 'intercom'",
                _ => "update sinks set opened_until = 9999999999999 where name = 'intercom'",
            },
        )
        .await;
        let page = reader.page("/chat").await;
        assert!(
            page.contains("The chat is away right now.") && page.contains("/contact/question"),
            "{stopped}: {page}"
        );
        assert!(!page.contains("<textarea"), "{stopped}");
        assert!(!reader.page("/contact").await.contains("href=\"/chat\""), "{stopped}");
        let page = before.page("/chat").await;
        assert!(
            page.contains("The chat is away right now.") && !page.contains("Go on in the chat"),
            "{stopped}: {page}"
        );
        assert_eq!(identity(&before).await, Err(StatusCode::NOT_FOUND), "{stopped}");
        set(&site, "update sinks set locked = 0, paused = 0, opened_until = 0").await;
        assert!(reader.page("/contact").await.contains("href=\"/chat\""), "{stopped}");
        assert!(before.page("/chat").await.contains("Go on in the chat"), "{stopped}");
    }
    // Whoever has the page open since before is led to the form, with everything.
    let page = reader.page("/chat").await;
    let secret = between(&page, "name=\"begin\" value=\"", "\"").to_owned();
    set(&site, "update sinks set locked = 1 where name = 'intercom'").await;
    let form = reader.post("/chat", &[FIRST, &[("deed", "begin"), ("begin", &secret)]].concat()).await;
    let form = form.headers()["location"].to_str().unwrap().to_owned();
    assert!(form.starts_with("/contact/question?draft="), "{form}");
    assert!(reader.page(&form).await.contains("since yesterday"));
    assert_eq!(tickets(&site).await.len(), 1, "nothing was sent");
}

fn well(received: &Received) -> Judged {
    match (received.method.as_str(), received.url.path()) {
        ("GET", "/api/v2/status.json") => {
            Ok((200, r#"{"page":{},"status":{"indicator":"none","description":"All Systems Operational"}}"#.to_owned()))
        }
        other => Err(format!("{other:?}")),
    }
}

#[tokio::test]
async fn a_status_page_is_believed_once_a_minute() {
    let page = Vendor::open(well).await;
    let (_, _vendor, site) = chatting(&format!("status_url = \"{}\"", page.url)).await;
    let start = Timestamp::now();
    let is_away = async |seconds: i64| {
        site.help.chats.look(start + SignedDuration::from_secs(seconds)).await.unwrap();
        site.help.chats.vendor().unwrap().is_away()
    };
    assert!(!is_away(0).await);
    page.plan([Status(200, r#"{"status":{"indicator":"major"}}"#)]);
    assert!(!is_away(30).await, "not asked again so soon");
    assert!(is_away(61).await);
    assert!(is_away(100).await, "as it said last");
    assert!(!is_away(125).await, "by itself it is back");
    let silent = || [Reset, Status(500, "oh"), Status(200, "<html>")];
    let critical = || [Status(200, r#"{"status":{"indicator":"critical"}}"#)];
    let first = silent().into_iter().map(|said| (said, false));
    for (said, expect) in first.chain(critical().into_iter().chain(silent()).map(|said| (said, true))) {
        page.plan([said]);
        let second = 200 + 61 * page.received().len() as i64;
        assert_eq!(is_away(second).await, expect, "one that says nothing changes nothing");
    }
    assert!(!is_away(2000).await);
    assert_eq!((page.faults(), page.received().len()), (Vec::<String>::new(), 11));
}
