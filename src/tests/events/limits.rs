//! Who tells more than is taken.

use app::model::Event;
use futures::FutureExt;
use jiff::Timestamp;
use serde_json::Value;
use signpost::events::Refused;
use signpost::privacy::Grants;

use super::{Browser, FILES, rows, viewed};
use crate::delivery::entry;
use crate::site;

#[tokio::test]
async fn a_session_that_tells_too_much_is_asked_to_wait() {
    let site = site::serve_with("[events]\nper_session = 3", FILES).await;
    let browser = Browser::of(&site);
    assert_eq!(browser.tell(&viewed()).await.status(), 204);
    let answer = browser.tell(&viewed()).await;
    assert_eq!(answer.status(), 429);
    assert!(answer.headers().contains_key("retry-after"));
}

#[tokio::test]
async fn whoever_tells_when_too_much_waits_is_asked_to_come_back() {
    let site = site::serve(FILES).await;
    let browser = Browser::of(&site);
    assert_eq!(browser.tell(&viewed()).await.status(), 204);
    let noted = entry(Event::PageViewed {}, Grants::default(), Timestamp::now());
    // Nobody can write for now.
    let held = site.help.store.writer().acquire().await.unwrap();
    let fill = || (0..3000).for_each(|_| site.help.events.note(noted.clone()));
    fill();
    // The writer takes some off the queue, and waits with them.
    while site.help.events.take(None, vec![noted.clone()]).now_or_never() == Some(Err(Refused::Busy)) {
        tokio::task::yield_now().await;
    }
    fill();
    let answer = browser.tell(&viewed()).await;
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers()["retry-after"], "5");
    drop(held);
    while browser.tell(&viewed()).await.status() != 204 {}
    let of_browser = |body: &Value| body["session"] != noted.context.session.as_ref().unwrap().as_str();
    let told: Vec<_> = rows(&site, "trail").await.into_iter().filter(|(_, body)| of_browser(body)).collect();
    assert_eq!(told.len(), 4, "nothing of what was refused is kept: {told:#?}");
}
