//! What each vendor's contract says of a request.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;

use super::{Judged, Received};

pub const SECRET: &str = "s3cr3t-and-never-shown";
pub const WEBHOOK_SECRET: &str = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

pub(super) fn must(is: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if is { Ok(()) } else { Err(what()) }
}

pub(super) fn asked(received: &Received, method: &str, path: &str, content_type: &str) -> Result<(), String> {
    must(received.method == method, || format!("method {}", received.method))?;
    must(received.url.path().ends_with(path), || format!("path {}", received.url.path()))?;
    must(!received.url.path().contains("//"), || format!("path {}", received.url.path()))?;
    let found = received.header("content-type");
    must(found == Some(content_type), || format!("content-type {found:?}"))
}

pub(super) fn json(received: &Received) -> Result<Value, String> {
    serde_json::from_slice(&received.body).map_err(|cause| format!("no JSON: {cause}"))
}

fn list<'v>(value: &'v Value, what: &str) -> Result<&'v Vec<Value>, String> {
    value.as_array().ok_or_else(|| format!("{what} is no list"))
}

pub fn ga4(received: &Received) -> Judged {
    asked(received, "POST", "/mp/collect", "application/json")?;
    must(received.query("measurement_id").as_deref() == Some("G-TEST"), || "measurement_id".to_owned())?;
    must(received.query("api_secret").as_deref() == Some(SECRET), || "api_secret".to_owned())?;
    must(received.body.len() < 130_000, || "longer than 130 kB".to_owned())?;
    let json = json(received)?;
    must(json["client_id"].as_str().is_some_and(|id| !id.is_empty()), || "client_id".to_owned())?;
    let events = list(&json["events"], "events")?;
    must((1..=25).contains(&events.len()), || format!("{} events", events.len()))?;
    for event in events {
        ga4_event(event)?;
    }
    Ok((204, String::new()))
}

fn ga4_event(event: &Value) -> Result<(), String> {
    let name = event["name"].as_str().ok_or("an event without a name")?;
    let reserved = ["session_start", "user_engagement", "error", "screen_view", "ad_click", "first_visit"];
    let is_good = |name: &str| {
        name.len() <= 40
            && name.starts_with(|first: char| first.is_ascii_alphabetic())
            && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    };
    must(is_good(name) && !reserved.contains(&name), || format!("NAME_INVALID {name}"))?;
    let params = event["params"].as_object().ok_or("params")?;
    must(params.len() <= 25, || format!("{} params", params.len()))?;
    for (name, value) in params {
        must(is_good(name), || format!("param {name}"))?;
        let is_plain = value.is_number() || value.as_str().is_some_and(|text| text.chars().count() <= 100);
        must(is_plain, || format!("VALUE_INVALID {name}: {value}"))?;
    }
    Ok(())
}

pub fn mixpanel(received: &Received) -> Judged {
    if received.url.path().ends_with("/engage") {
        return engage(received);
    }
    asked(received, "POST", "/import", "application/json")?;
    must(received.query("strict").as_deref() == Some("1"), || "strict".to_owned())?;
    let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{SECRET}:")));
    must(received.header("authorization") == Some(&basic), || "Invalid credentials".to_owned())?;
    let json = json(received)?;
    let events = list(&json, "the body")?;
    must(events.len() <= 2000, || format!("{} events", events.len()))?;
    for event in events {
        let properties = &event["properties"];
        let text = |key: &str| properties[key].as_str().map(str::to_owned).ok_or(format!("{key} is missing"));
        must(event["event"].is_string(), || "an event without a name".to_owned())?;
        must(properties["time"].is_i64(), || "time must be epoch based".to_owned())?;
        let banned = ["anon", "nil", "null", "0", "undefined", "none"];
        must(!banned.contains(&text("distinct_id")?.as_str()), || "distinct_id".to_owned())?;
        let insert_id = text("$insert_id")?;
        let is_good = insert_id.len() <= 36 && insert_id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        must(is_good, || format!("$insert_id {insert_id}"))?;
    }
    Ok((200, format!(r#"{{"code":200,"num_records_imported":{},"status":"OK","new":[1]}}"#, events.len())))
}

fn engage(received: &Received) -> Judged {
    asked(received, "POST", "/engage", "application/json")?;
    let json = json(received)?;
    for update in list(&json, "the body")? {
        must(update["$token"] == SECRET && update["$distinct_id"].is_string(), || format!("update {update}"))?;
        must(update.get("$set").is_some() != update.get("$delete").is_some(), || "one operation".to_owned())?;
    }
    Ok((200, r#"{"error":null,"status":1}"#.to_owned()))
}

pub fn webhook(received: &Received) -> Judged {
    asked(received, "POST", "/hook", "application/json")?;
    let header = |name: &str| received.header(name).ok_or(format!("{name} is missing"));
    let (id, seconds, given) = (header("webhook-id")?, header("webhook-timestamp")?, header("webhook-signature")?);
    must(!id.contains('.') && seconds.parse::<i64>().is_ok_and(|seconds| seconds < 1 << 33), || {
        format!("{id} {seconds}")
    })?;
    let key = BASE64_STANDARD.decode(&WEBHOOK_SECRET["whsec_".len()..]).unwrap();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{id}.{seconds}.").as_bytes());
    mac.update(&received.body);
    let expect = format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()));
    must(given.split(' ').any(|one| one == expect), || format!("signature {given}"))?;
    let json = json(received)?;
    let kind = json["type"].as_str().ok_or("type")?;
    must(kind.chars().all(|c| c.is_ascii_lowercase() || "._".contains(c)), || format!("type {kind}"))?;
    must(json["data"].is_object() && json["timestamp"].is_string(), || format!("payload {json}"))?;
    must(received.body.len() < 20_000, || "longer than 20 kB".to_owned())?;
    Ok((200, String::new()))
}

pub fn slack(received: &Received) -> Judged {
    asked(received, "POST", &format!("/services/{SECRET}"), "application/json")?;
    let json = json(received)?;
    let text = json["text"].as_str().ok_or("no_text")?;
    must((1..=2000).contains(&text.len()), || "no_text".to_owned())?;
    must(!text.replace("&lt;", "").contains('<'), || "not escaped".to_owned())?;
    must(list(&json["blocks"], "blocks")?.len() <= 50, || "invalid_blocks".to_owned())?;
    Ok((200, "ok".to_owned()))
}

pub fn generic(received: &Received) -> Judged {
    asked(received, "POST", "/batch", "application/json")?;
    must(received.header("authorization") == Some(&format!("Bearer {SECRET}")), || "not authorised".to_owned())?;
    let key = received.header("idempotency-key").ok_or("no idempotency key")?;
    must(key.len() == 36, || format!("key {key}"))?;
    let json = json(received)?;
    must(!list(&json["batch"], "batch")?.is_empty(), || "an empty batch".to_owned())?;
    Ok((200, r#"{"success":true,"unknown":{"field":1}}"#.to_owned()))
}

pub fn s3(received: &Received) -> Judged {
    must(received.method == "PUT", || format!("method {}", received.method))?;
    let path = received.url.path();
    must(path.contains("/bucket/events/") && path.ends_with(".ndjson") && !path.contains("//"), || {
        format!("path {path}")
    })?;
    must(received.query("X-Amz-Algorithm").as_deref() == Some("AWS4-HMAC-SHA256"), || "AccessDenied".to_owned())?;
    let signature = received.query("X-Amz-Signature").unwrap_or_default();
    must(signature.len() == 64, || "SignatureDoesNotMatch".to_owned())?;
    for line in received.text().lines() {
        serde_json::from_str::<Value>(line).map_err(|cause| format!("{cause}: {line}"))?;
    }
    Ok((200, String::new()))
}

/// An API behind OAuth 2 client credentials; any other kind of authentication is let through, to be looked at.
pub fn protected(received: &Received) -> Judged {
    if !received.url.path().ends_with("/token") {
        return Ok((200, "{}".to_owned()));
    }
    asked(received, "POST", "/token", "application/x-www-form-urlencoded")?;
    must(received.text() == "grant_type=client_credentials&scope=events", || received.text())?;
    let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("client:{SECRET}")));
    must(received.header("authorization") == Some(&basic), || "invalid_client".to_owned())?;
    Ok((200, r#"{"access_token":"t0ken-and-never-shown","token_type":"Bearer","expires_in":3600}"#.to_owned()))
}

/// RFC 7617.
pub fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}")))
}
