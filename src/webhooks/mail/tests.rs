#![allow(clippy::unwrap_used)]

use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::SignedDuration;
use serde_json::json;

use super::*;
use crate::mail::arrived::Nature;

fn now() -> Timestamp {
    Timestamp::from_second(1_785_000_000).unwrap()
}

async fn taken(
    way: &Mail,
    kind: &str,
    extra: &[(&'static str, &str)],
    body: &[u8],
) -> Result<(String, Arrived), Refused> {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(kind).unwrap());
    for (name, value) in extra {
        headers.insert(*name, HeaderValue::from_str(value).unwrap());
    }
    way.prove(&headers, body, now()).await
}

const SECRET: &str = "a-secret-of-a-webhook-of-more-than-32-bytes";
const KEY: &str = "mg-signing-key-0a1b2c3d4e5f";
const TOKEN: &str = "c0ffee5eedc0ffee5eedc0ffee5eedc0ffee5eed01234567ab";
const SIGNATURE: &str = "631a87cc5d771d793cbe15f4aedb5729b807f540c35e71b09c503ca6ea14cefc";
const RAW: &str = "From: Ada <ada@customer.example>\r\nTo: reply+1001-0a1b@in.acme.example\r\nMessage-ID: <x@customer.example>\r\n\
                   Subject: Re: Export\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.\r\n";

fn shared() -> Secret {
    Secret::new(vec![SECRET.into()], None, None).unwrap()
}

fn postmark() -> serde_json::Value {
    json!({
        "From": "ada@customer.example", "FromName": "Ada", "FromFull": {"Email": "ada@customer.example", "Name": "Ada"},
        "ToFull": [{"Email": "abc+1001-0a1b@inbound.postmarkapp.com", "Name": "", "MailboxHash": "1001-0a1b"}],
        "OriginalRecipient": "abc+1001-0a1b@inbound.postmarkapp.com", "MailboxHash": "1001-0a1b",
        "Subject": "Re: Export fails", "TextBody": "Still broken\n> old", "HtmlBody": "<p>Still broken</p>",
        "MessageID": "6b7c8d9e-0f1a-4b2c-9d3e-4f5a6b7c8d9e",
        "Headers": [{"Name": "Message-ID", "Value": "<x@customer.example>"}, {"Name": "X-Spam-Status", "Value": "No"},
            {"Name": "References", "Value": "<ticket-1001-0a1b@acme.example>"}],
        "Attachments": [{"Name": "log.txt", "Content": "bGluZQ==", "ContentType": "text/plain", "ContentLength": 4}],
    })
}

#[tokio::test]
async fn postmark_tells_a_mail_in_parts_or_whole() {
    let way = Mail::Postmark(shared());
    let take = async |body: &serde_json::Value, secret: &str| {
        taken(&way, "application/json", &[("x-hc-secret", secret)], body.to_string().as_bytes()).await
    };
    let (event, mail) = take(&postmark(), SECRET).await.unwrap();
    assert_eq!(event, "6b7c8d9e-0f1a-4b2c-9d3e-4f5a6b7c8d9e");
    assert_eq!((mail.from.as_str(), mail.name.as_deref()), ("ada@customer.example", Some("Ada")));
    assert_eq!(mail.to, ["abc+1001-0a1b@inbound.postmarkapp.com"]);
    assert_eq!((mail.id.as_deref(), mail.text.as_str()), (Some("x@customer.example"), "Still broken\n> old"));
    assert_eq!((mail.answers.len(), mail.files[0].bytes.as_slice()), (1, b"line".as_slice()));
    let mut body = postmark();
    body["Headers"][0] = json!({"Name": "Auto-Submitted", "Value": "auto-replied\r\nFrom: eve@evil.example"});
    body["TextBody"] = json!("");
    let (_, mail) = take(&body, SECRET).await.unwrap();
    assert_eq!((mail.from.as_str(), mail.text.as_str()), ("ada@customer.example", "Still broken"));
    assert!(matches!(mail.nature, Nature::Automatic(_)));
    body["RawEmail"] = json!(RAW);
    let (_, mail) = take(&body, SECRET).await.unwrap();
    assert_eq!(mail.text, "I am away.");
    assert!(mail.to.contains(&"abc+1001-0a1b@inbound.postmarkapp.com".to_owned()), "{:?}", mail.to);
    assert!(matches!(take(&postmark(), "another secret").await, Err(Refused::Unproved(_))));
    for broken in [json!([]), json!({"MessageID": "1"}), json!({"From": "ada@customer.example"})] {
        assert!(matches!(take(&broken, SECRET).await, Err(Refused::Malformed(_))), "{broken}");
    }
}

fn urlencoded(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

const MAILGUN: [(&str, &str); 8] = [
    ("sender", "ada@customer.example"),
    ("recipient", "reply+1001-0a1b@in.acme.example"),
    ("body-plain", "Still broken\r\n> old"),
    ("body-html", "<p>Still broken</p>"),
    (
        "message-headers",
        r#"[["From","Ada <ada@customer.example>"],["Message-Id","<x@customer.example>"],["Subject","Re: Export"]]"#,
    ),
    ("timestamp", "1785000000"),
    ("token", TOKEN),
    ("signature", SIGNATURE),
];

#[tokio::test]
async fn mailgun_signs_what_it_posts() {
    let way = Mail::Mailgun(Mailgun::new(vec!["another key".into(), KEY.into()]).unwrap());
    let take = async |fields: &[(&str, &str)]| {
        taken(&way, "application/x-www-form-urlencoded", &[], urlencoded(fields).as_bytes()).await
    };
    let (event, mail) = take(&MAILGUN).await.unwrap();
    assert_eq!((event.as_str(), mail.from.as_str()), (TOKEN, "ada@customer.example"));
    assert_eq!((mail.text.as_str(), mail.subject.as_str()), ("Still broken\n> old", "Re: Export"));
    assert_eq!(
        (mail.to, mail.id.as_deref()),
        (vec!["reply+1001-0a1b@in.acme.example".to_owned()], Some("x@customer.example"))
    );
    let with = |at: usize, name, value| {
        let mut fields = MAILGUN;
        fields[at] = (name, value);
        fields
    };
    let (_, mail) = take(&with(0, "sender", "")).await.unwrap();
    assert_eq!(mail.nature, Nature::Automatic("Return-Path: <>".to_owned()));
    assert_eq!(take(&with(2, "body-mime", RAW)).await.unwrap().1.text, "I am away.");
    for (at, name, value) in
        [(5, "timestamp", "1785000001"), (6, "token", "other"), (6, "x", "y"), (7, "signature", ""), (7, "x", "y")]
    {
        assert!(matches!(take(&with(at, name, value)).await, Err(Refused::Unproved(_))), "{name}={value}");
    }
    assert!(matches!(take(&with(4, "message-headers", "no list")).await, Err(Refused::Malformed(_))));
    let json = taken(&way, "application/json", &[], b"{}").await;
    assert!(matches!(json, Err(Refused::Malformed(_))));
    let headers =
        HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"))]);
    let body = urlencoded(&MAILGUN);
    let late = async |seconds| way.prove(&headers, body.as_bytes(), now() + SignedDuration::from_secs(seconds)).await;
    // Its last repeat comes after eight hours: no mail is lost that came while we were down.
    assert!(late(8 * 3600 + 300).await.is_ok());
    assert!(matches!(late(9 * 3600 + 1).await, Err(Refused::Unproved(_))));
}

/// Bytes, for a field may be in any charset.
fn parts(fields: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (head, value) in fields {
        body.extend_from_slice(format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes());
        body.extend_from_slice(value);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b--\r\n");
    body
}

#[tokio::test]
async fn sendgrid_posts_fields_in_their_own_charsets() {
    let way = Mail::Sendgrid(Secret::new(vec![SECRET.into()], None, Some("signpost")).unwrap());
    let proof = format!("Basic {}", BASE64_STANDARD.encode(format!("signpost:{SECRET}")));
    let kind = "multipart/form-data; boundary=b";
    let take = async |body: &[u8]| taken(&way, kind, &[("authorization", &proof)], body).await;
    let head =
        b"From: Ada <ada@customer.example>\nMessage-ID: <x@customer.example>\nSubject: =?iso-8859-1?q?Gr=FC=DFe?=\n";
    let body = parts(&[
        ("name=\"headers\"", head),
        ("name=\"text\"", b"Gr\xfc\xdfe"),
        ("name=\"charsets\"", br#"{"to":"UTF-8","text":"iso-8859-1"}"#),
        ("name=\"envelope\"", br#"{"to":["reply+1001-0a1b@in.acme.example"],"from":"ada@customer.example"}"#),
        ("name=\"spam_score\"", b"6.1"),
        ("name=\"content-ids\"", br#"{"logo":"attachment2"}"#),
        ("name=\"attachment1\"; filename=\"log.txt\"", b"line"),
        ("name=\"attachment2\"; filename=\"logo.png\"", b"\x89PNG"),
    ]);
    let (_, mail) = take(&body).await.unwrap();
    assert_eq!((mail.text.as_str(), mail.subject.as_str(), mail.spam), ("Grüße", "Grüße", true));
    assert_eq!(mail.to, ["reply+1001-0a1b@in.acme.example"]);
    assert_eq!(mail.files.iter().map(|file| file.inline).collect::<Vec<_>>(), [false, true]);
    let (_, mail) = take(&parts(&[("name=\"email\"", RAW.as_bytes())])).await.unwrap();
    assert_eq!(mail.text, "I am away.");
    assert!(matches!(take(&body[..body.len() / 2]).await, Err(Refused::Malformed(_))));
    assert!(matches!(taken(&way, kind, &[], &body).await, Err(Refused::Unproved(_))));
}
