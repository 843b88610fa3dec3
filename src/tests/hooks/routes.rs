//! The route as senders meet it.

use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, Response};
use signpost::webhooks::inbox;

use super::{Call, SETTINGS, freshdesk, standard, zendesk};
use crate::site::{self, Site};

const FILES: &[(&str, &str)] = &[("index.md", "# Welcome")];
const BODY: &str = r#"{"ticket_id":"41207","status":"solved","updated_at":"2026-07-25T10:00:00Z"}"#;

async fn send(site: &Site, call: &Call) -> Response {
    let mut request = site.request(Method::POST, &format!("/hooks/{}", call.to)).body(call.body.clone());
    for (name, value) in &call.headers {
        request = request.header(*name, value);
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn what_is_proved_is_answered_with_200_and_stored_once() {
    let settings = format!("[site]\nurl = \"https://example.com/help\"\n{SETTINGS}");
    let site = site::serve_with(&settings, FILES).await;
    let template = BODY.replace("updated_at", "updated");
    let now = Timestamp::now();
    for call in [zendesk(BODY, now), freshdesk(&template, now), standard("msg_1", BODY, now)] {
        for _ in 0..2 {
            let answer = send(&site, &call).await;
            assert_eq!(answer.status(), 200, "{}", call.to);
            assert!(answer.headers().get("set-cookie").is_none());
            assert_eq!(answer.text().await.unwrap(), "");
        }
        let stored = inbox::list(&site.help.store, None, Some(call.to), 10).await.unwrap();
        assert_eq!(stored.len(), 1, "{}", call.to);
        let stored = inbox::find(&site.help.store, &stored[0].id).await.unwrap().unwrap();
        assert_eq!((stored.body.as_deref(), stored.state.as_str()), (Some(call.body.as_str()), "waiting"));
    }
    let figures = site.help.metrics.text();
    for line in [
        r#"signpost_hooks_received_total{provider="zendesk",answer="stored"} 1"#,
        r#"signpost_hooks_received_total{provider="crm",answer="known"} 1"#,
    ] {
        assert!(figures.contains(line), "{line} is missing in\n{figures}");
    }
}

#[tokio::test]
async fn who_asks_whether_anybody_is_there_is_answered() {
    let site = site::serve_with(SETTINGS, FILES).await;
    for (name, status) in [("intercom", 200), ("nobody", 404)] {
        let asked = site.request(Method::HEAD, &format!("/hooks/{name}")).send().await.unwrap();
        assert_eq!(asked.status(), status, "{name}");
    }
}

#[tokio::test]
async fn a_browser_from_elsewhere_needs_the_same_proof_and_no_more() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let mut call = zendesk(BODY, Timestamp::now());
    call.headers
        .extend([("origin", "https://zendesk.example".to_owned()), ("sec-fetch-site", "cross-site".to_owned())]);
    assert_eq!(send(&site, &call).await.status(), 200);
    call.headers.remove(0);
    assert_eq!(send(&site, &call).await.status(), 401);
}

#[tokio::test]
async fn refusals_say_why_to_machines() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let now = Timestamp::now();
    let check = async |call: Call, status: u16, expect: &str| {
        let answer = send(&site, &call).await;
        assert_eq!(answer.status(), status, "{call:?}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        assert_eq!(answer.headers().contains_key("www-authenticate"), status == 401);
        let text = answer.text().await.unwrap();
        assert!(text.contains(expect), "{text}");
    };
    check(Call { to: "nobody", ..zendesk(BODY, now) }, 404, "nothing at this address").await;
    check(Call { body: "{}".to_owned(), ..zendesk(BODY, now) }, 401, "none of the secrets").await;
    check(Call { headers: Vec::new(), ..zendesk(BODY, now) }, 401, "is missing").await;
    let mut doubled = zendesk(BODY, now);
    doubled.headers.push(doubled.headers[0].clone());
    check(doubled, 401, "more than once").await;
    check(zendesk(BODY, now - SignedDuration::from_secs(302)), 401, "5 minutes ago").await;
    check(zendesk(BODY, now + SignedDuration::from_secs(330)), 401, "ahead of our clock").await;
    check(zendesk("ticket_id=41207", now), 400, "not JSON").await;
    check(zendesk("[]", now), 400, "no object").await;
    check(freshdesk("<ticket/>", now), 400, "not JSON").await;
    check(freshdesk("", now), 400, "not JSON").await;
    check(standard("msg_1", "", now), 400, "not JSON").await;
    assert!(inbox::list(&site.help.store, None, None, 10).await.unwrap().is_empty());
    let asked = site.get("/hooks/zendesk").await;
    assert_eq!(asked.status(), 405);
}

#[tokio::test]
async fn a_body_may_have_a_megabyte() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let body = |bytes: usize| format!("{{\"ticket_id\":\"1\",\"filler\":\"{}\"}}", "x".repeat(bytes - 29));
    assert_eq!(body(1 << 20).len(), 1 << 20);
    assert_eq!(send(&site, &zendesk(&body(1 << 20), Timestamp::now())).await.status(), 200);
    let refused = send(&site, &zendesk(&body((1 << 20) + 1), Timestamp::now())).await;
    assert_eq!(refused.status(), 413);
}

/// A call that begins and does not go on.
async fn stalled(site: &Site, to: &str, headers: &[(&str, &str)]) -> u16 {
    let begun = futures::stream::iter([Ok::<_, std::io::Error>("{")]);
    let body = reqwest::Body::wrap_stream(futures::StreamExt::chain(begun, futures::stream::pending()));
    let mut request = site.request(Method::POST, &format!("/hooks/{to}")).body(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap().status().as_u16()
}

const POSTMARK: &str = "[hooks.postmark]\nkind = \"postmark-inbound\"\n\
                        secrets = [\"a-secret-of-a-webhook-of-more-than-32-bytes\"]\n";

#[tokio::test]
async fn who_cannot_be_the_sender_is_refused_before_the_body() {
    let site = site::serve_with(&format!("{SETTINGS}{POSTMARK}"), FILES).await;
    assert_eq!(stalled(&site, "nobody", &[]).await, 404);
    assert_eq!(stalled(&site, "freshdesk", &[]).await, 401);
    assert_eq!(stalled(&site, "postmark", &[("X-HC-Secret", "another")]).await, 401);
    let figures = site.help.metrics.text();
    assert!(figures.contains(r#"provider="postmark",answer="unproved"} 1"#), "{figures}");
}

#[tokio::test]
async fn a_mail_may_come_slowly_and_few_are_held_at_once() {
    let settings = format!("[server]\nrequest_seconds = 2\nuploads_per_address = 1\n{SETTINGS}{POSTMARK}");
    let site = site::serve_with(&settings, FILES).await;
    let secret = [("X-HC-Secret", "a-secret-of-a-webhook-of-more-than-32-bytes")];
    let large = async || {
        let request = site.request(Method::POST, "/hooks/postmark").body("x".repeat(100_000));
        request.send().await.unwrap().status().as_u16()
    };
    let others = async {
        let mut answered = large().await;
        while answered != 503 {
            assert_eq!(answered, 401);
            answered = large().await;
        }
        assert_eq!(send(&site, &zendesk(BODY, Timestamp::now())).await.status(), 200, "a small one needs no room");
    };
    let (slow, ()) = tokio::join!(stalled(&site, "postmark", &secret), others);
    assert_eq!(slow, 408, "it had as long as bytes came");
    assert_eq!(large().await, 401, "and its room is free again");
}

#[tokio::test]
async fn what_cannot_be_stored_is_to_be_sent_again() {
    let site = site::serve_with(SETTINGS, FILES).await;
    sqlx::query("drop table hooks").execute(site.help.store.writer()).await.unwrap();
    assert_eq!(send(&site, &zendesk(BODY, Timestamp::now())).await.status(), 500);
}
