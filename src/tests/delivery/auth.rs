//! The kinds of authentication of connectors.

use jiff::SignedDuration;
use signpost::integrations::Guarantee;

use super::{Bench, Subject};
use crate::contract::Misbehave::Status;
use crate::contract::vendors::{self, SECRET};
use crate::contract::{Received, Vendor};

fn subject(settings: fn(&str) -> String) -> Subject {
    Subject {
        name: "connector.test",
        check: vendors::protected,
        guarantee: Guarantee::AtLeastOnce,
        settings,
        key: Received::text,
        deeds: false,
    }
}

async fn check(settings: fn(&str) -> String, header: &str, expect: &str) {
    let mut bench = Bench::of(subject(settings)).await;
    bench.cause(1).await;
    bench.settle().await;
    let received = bench.vendor.received().pop().unwrap();
    assert_eq!((bench.asked(), received.header(header)), (1, Some(expect)));
}

#[tokio::test]
async fn keys_tokens_and_passwords_go_where_they_belong() {
    let key = |url: &str| {
        format!(
            "[connectors.test]\nurl = \"{url}\"\nauth = {{ kind = \"header\", name = \"X-Key\", key = \"{SECRET}\" }}"
        )
    };
    check(key, "x-key", SECRET).await;
    let bearer =
        |url: &str| format!("[connectors.test]\nurl = \"{url}\"\nauth = {{ kind = \"bearer\", token = \"{SECRET}\" }}");
    check(bearer, "authorization", &format!("Bearer {SECRET}")).await;
    // The example of RFC 7617 section 2.
    let basic = |url: &str| {
        format!(
            "[connectors.test]\nurl = \"{url}\"\n\
             auth = {{ kind = \"basic\", user = \"Aladdin\", password = \"open sesame\" }}"
        )
    };
    check(basic, "authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==").await;
    // Test case 2 of RFC 4231.
    let hmac = |url: &str| {
        format!(
            "[connectors.test]\nurl = \"{url}\"\nbody = \"what do ya want for nothing?\"\ncontent_type = \"text/plain\"\n\
             auth = {{ kind = \"hmac\", header = \"X-Signature\", secret = \"Jefe\", prefix = \"sha256=\" }}"
        )
    };
    let expect = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    check(hmac, "x-signature", expect).await;
}

fn oauth(url: &str) -> String {
    format!(
        "[connectors.test]\nurl = \"{url}/batch\"\n[connectors.test.auth]\nkind = \"oauth2\"\n\
         token_url = \"{url}/token\"\nclient_id = \"client\"\nclient_secret = \"{SECRET}\"\nscope = \"events\""
    )
}

#[tokio::test]
async fn a_token_is_asked_for_once_and_again_before_it_ends() {
    let mut bench = Bench::of(subject(oauth)).await;
    let paths =
        |vendor: &Vendor| vendor.received().iter().map(|received| received.url.path().to_owned()).collect::<Vec<_>>();
    for _ in 0..2 {
        bench.cause(1).await;
        bench.settle().await;
    }
    assert_eq!(paths(&bench.vendor), ["/token", "/batch", "/batch"]);
    let last = bench.vendor.received().pop().unwrap();
    assert_eq!(last.header("authorization"), Some("Bearer t0ken-and-never-shown"));
    bench.now += SignedDuration::from_mins(59);
    bench.cause(1).await;
    bench.settle().await;
    assert_eq!(paths(&bench.vendor)[3..], ["/token", "/batch"]);
}

#[tokio::test]
async fn without_a_token_nothing_is_sent_and_the_reason_is_told() {
    let mut bench = Bench::of(subject(oauth)).await;
    bench.cause(1).await;
    bench.vendor.plan([Status(503, "down"), Status(400, r#"{"error": "invalid_client"}"#)]);
    bench.settle().await;
    assert_eq!(bench.status().await.last_error.unwrap(), "no token was given: answered 503: down");
    bench.settle_all().await;
    let status = bench.status().await;
    assert!(status.locked && status.waiting == 1 && status.last_error.unwrap().contains("invalid_client"));
    assert_eq!(bench.asked(), 2);
}
