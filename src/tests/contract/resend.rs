//! Mails that Resend received: a webhook tells of them, an API key opens them, and their files lie at addresses that hold
//! a signature.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use serde_json::{Value, json};
use signpost::integrations::webhook::signature;

use super::vendors::must;
use super::{Judge, Judged, Received, Vendor};

pub const KEY: &str = "re_full-access-and-never-shown";
pub const SECRET: &str = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
/// Stands for where it is, in what it answers.
const HERE: &str = "{here}";

pub struct Receiving {
    pub vendor: Vendor,
    /// What lies at which path.
    kept: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Receiving {
    pub async fn open() -> Self {
        let kept = Arc::<Mutex<BTreeMap<String, String>>>::default();
        let shelf = kept.clone();
        let judge: Judge = Box::new(move |received, _| judge(received, &shelf.lock().unwrap()));
        Self { vendor: Vendor::of(judge).await, kept }
    }

    pub fn settings(&self) -> String {
        format!("[hooks.resend]\nsecrets = [\"{SECRET}\"]\nkey = \"{KEY}\"\nendpoint = \"{}\"\n", self.vendor.url)
    }

    /// It received this mail, and these files with it: name, text, and whether the text shows it.
    pub fn keep(&self, id: &str, mut email: Value, files: &[(&str, &str, bool)]) {
        let file = |(name, text, is_shown): &(&str, &str, bool)| {
            self.put(&format!("/inbound/{id}/{name}"), (*text).to_owned());
            json!({ "id": name, "filename": name, "content_type": "text/plain", "size": text.len(),
                "content_disposition": if *is_shown { "inline" } else { "attachment" },
                "content_id": is_shown.then(|| format!("{name}@customer.example")),
                "download_url": format!("{HERE}/inbound/{id}/{name}?signature=s1gned") })
        };
        let files: Vec<Value> = files.iter().map(file).collect();
        email["object"] = "email".into();
        email["id"] = id.into();
        email["attachments"] = files.clone().into();
        self.put(&format!("/emails/receiving/{id}"), email.to_string());
        let listed = json!({ "object": "list", "has_more": false, "data": files });
        self.put(&format!("/emails/receiving/{id}/attachments"), listed.to_string());
    }

    /// It received this mail and kept it as it came.
    pub fn keep_raw(&self, id: &str, message: &str) {
        self.put(&format!("/inbound/{id}/raw"), message.replace('\n', "\r\n"));
        let raw = json!({ "download_url": format!("{HERE}/inbound/{id}/raw?signature=s1gned") });
        self.keep(id, json!({ "from": "somebody@else.example", "text": "not this", "raw": raw }), &[]);
    }

    fn put(&self, path: &str, body: String) {
        self.kept.lock().unwrap().insert(path.to_owned(), body);
    }

    /// Headers and body of the call that tells of it.
    pub fn call(&self, event: &str, id: &str, to: &str, at: Timestamp) -> (Vec<(&'static str, String)>, String) {
        let body = json!({ "type": "email.received", "created_at": at.to_string(), "data": {
            "email_id": id, "created_at": at.to_string(), "from": "ada@customer.example", "to": [to], "cc": [], "bcc": [],
            "subject": "Re: Export fails", "message_id": format!("<{id}@customer.example>"), "attachments": [] } });
        let (body, seconds) = (body.to_string(), at.as_second().to_string());
        let signature = signature(&SECRET.into(), event, &seconds, body.as_bytes()).unwrap();
        (vec![("svix-id", event.to_owned()), ("svix-timestamp", seconds), ("svix-signature", signature)], body)
    }

    /// What it was asked for, in order.
    pub fn asked(&self) -> Vec<String> {
        assert_eq!(self.vendor.faults(), Vec::<String>::new());
        self.vendor.received().iter().map(|received| received.url.path().to_owned()).collect()
    }
}

fn judge(received: &Received, kept: &BTreeMap<String, String>) -> Judged {
    let path = received.url.path();
    must(received.method == "GET", || format!("method {}", received.method))?;
    must(received.header("user-agent").is_some_and(|agent| !agent.is_empty()), || "no user-agent".to_owned())?;
    if path.starts_with("/inbound/") {
        must(received.header("authorization").is_none(), || "the key went where it is not needed".to_owned())?;
        must(received.query("signature").as_deref() == Some("s1gned"), || "AccessDenied".to_owned())?;
    } else if received.header("authorization") != Some(&format!("Bearer {KEY}")) {
        return Ok((401, error(401, "restricted_api_key", "This API key is restricted to only send emails")));
    }
    let here = received.url.origin().ascii_serialization();
    Ok(match kept.get(path) {
        Some(body) => (200, body.replace(HERE, &here)),
        None => (404, error(404, "not_found", "Email not found")),
    })
}

fn error(status: u16, name: &str, message: &str) -> String {
    json!({ "statusCode": status, "name": name, "message": message }).to_string()
}
