//! What did not arrive, and what Amazon SES received.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

use super::{ADA, Post, mail};
use crate::contract::sns::Topic;
use crate::hooks::Call;
use crate::hooks::handling::now;

#[tokio::test]
async fn a_report_ends_letters_only_where_it_names_one_of_ours() {
    let post = Post::open("").await;
    let letter: String = sqlx::query_scalar("select id from outbox where channel = 'mail'")
        .fetch_one(post.room.site.help.store.readers())
        .await
        .unwrap();
    let report = |id: &str, status: &str| {
        format!(
            "From: MAILER-DAEMON@mx.example\nTo: help@acme.example\nMessage-ID: <{id}{status}@mx.example>\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\
             Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n\
             Final-Recipient: rfc822; ada@customer.example\nAction: failed\nStatus: {status}\n\
             Diagnostic-Code: smtp; 550 ada@customer.example unknown\n--b\n\
             Content-Type: text/rfc822-headers\n\nX-HC-Message-Id: {id}\n--b--\n"
        )
    };
    let known = async || {
        let known: Vec<(String, Option<String>, String)> =
            sqlx::query_as("select address, reason, detail from suppressions")
                .fetch_all(post.room.site.help.store.readers())
                .await
                .unwrap();
        known
    };
    assert_eq!(post.arrives(&report("019a0000-0000-7000-8000-000000000000", "5.1.1")).await, "ignored");
    assert!(known().await.is_empty());
    assert_eq!(post.arrives(&report(&letter, "4.2.2")).await, "bounced");
    assert_eq!(known().await[0].1, None, "it may pass");
    assert_eq!(post.arrives(&report(&letter, "5.2.2")).await, "bounced");
    assert_eq!(post.arrives(&report(&letter, "5.7.1")).await, "bounced");
    assert_eq!(known().await[0].1, None, "one letter was refused, not all");
    assert_eq!(post.arrives(&report(&letter, "5.1.1")).await, "bounced");
    let expect = ("ada@customer.example", Some("bounce"), "5.1.1 550 (the recipient) unknown");
    let found = known().await.remove(0);
    assert_eq!((found.0.as_str(), found.1.as_deref(), found.2.as_str()), expect);
}

#[tokio::test]
async fn amazon_brings_a_mail_through_its_topic() {
    let topic = Topic::open().await;
    let post = Post::open(&topic.settings()).await;
    let tell = async |id: &str, content: serde_json::Value, encoding: &str| {
        let message = json!({
            "notificationType": "Received", "content": content, "mail": { "source": "ada@customer.example" },
            "receipt": { "recipients": [post.address], "spamVerdict": { "status": "PASS" },
                "action": { "type": "SNS", "encoding": encoding } },
        });
        let told = topic.notification(id, &message.to_string(), now());
        post.room.tell(Call { to: "ses", headers: Vec::new(), body: told.to_string(), at: now() }).await
    };
    let plain = mail(ADA, "help@acme.example", "1", "By Amazon");
    assert_eq!(tell("1", json!(plain), "UTF8").await, "answered");
    assert_eq!(post.last().await.text, "By Amazon");
    let encoded = BASE64_STANDARD.encode(mail(ADA, "help@acme.example", "2", "In Base64"));
    assert_eq!(tell("2", json!(encoded), "BASE64").await, "answered");
    assert_eq!(post.last().await.text, "In Base64");
    assert!(tell("3", json!(null), "UTF8").await.contains("by its action SNS"));
}
