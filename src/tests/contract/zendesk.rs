//! Zendesk: keeps tickets, comments and files, remembers idempotency keys for two hours by a clock that is set, and
//! counts how often a ticket was made.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::vendors::{SECRET, asked, json as body_of, must};
use super::{Judged, Received, Vendor};

/// How long a key is remembered.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(2);
/// Of the agent whose token it is.
pub const AGENT: &str = "agent@acme.example";
const AGENT_ID: i64 = 5_550_001;

#[derive(Clone, Default)]
pub struct Zendesk(Arc<Mutex<State>>);

#[derive(Default)]
pub struct State {
    pub now: Timestamp,
    pub tickets: Vec<Value>,
    /// By ticket.
    pub comments: BTreeMap<i64, Vec<Value>>,
    /// Name and bytes, by token; and whether a comment has it.
    pub uploads: BTreeMap<String, (String, Vec<u8>, bool)>,
    keys: HashMap<String, (Timestamp, Vec<u8>, String)>,
    /// What `x-idempotency-lookup` said; or that the key is another request's.
    pub lookups: Vec<&'static str>,
}

impl Zendesk {
    pub async fn open(&self) -> Vendor {
        let zendesk = self.clone();
        Vendor::of(Box::new(move |received, does| zendesk.0.lock().unwrap().judge(received, does))).await
    }

    /// What it holds.
    pub fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.0.lock().unwrap())
    }

    /// How often a ticket was made, by our id of it.
    pub fn made(&self) -> BTreeMap<String, usize> {
        self.with(|state| {
            let mut made = BTreeMap::new();
            for ticket in &state.tickets {
                *made.entry(ticket["external_id"].as_str().unwrap().to_owned()).or_default() += 1;
            }
            made
        })
    }
}

fn not_found() -> Judged {
    Ok((404, json!({ "error": "RecordNotFound", "description": "Not found" }).to_string()))
}

fn invalid(field: &str, error: &str, what: &str) -> Judged {
    let details = json!({ field: [{ "description": what, "error": error }] });
    let body = json!({ "error": "RecordInvalid", "description": "Record validation errors", "details": details });
    Ok((422, body.to_string()))
}

impl State {
    fn judge(&mut self, received: &Received, does: bool) -> Judged {
        let basic = super::vendors::basic(&format!("{AGENT}/token"), SECRET);
        must(received.header("authorization") == Some(&basic), || "Couldn't authenticate you".to_owned())?;
        let path = received.url.path().to_owned();
        let (_, path) = path.split_once("/api/v2/").ok_or_else(|| format!("path {path}"))?;
        must(!received.url.path().contains("//"), || format!("path {path}"))?;
        let parts: Vec<_> = path.trim_end_matches(".json").split('/').collect();
        match (received.method.as_str(), parts.as_slice()) {
            ("POST", ["uploads"]) => self.upload(received, does),
            ("POST", ["tickets"]) => self.create(received, does),
            ("GET", ["tickets"]) => self.list(received),
            ("GET", ["tickets", id]) => self.show(id),
            ("GET", ["tickets", id, "comments"]) => self.list_comments(id, received),
            ("PUT", ["tickets", id]) => self.update(id, received, does),
            _ => Err(format!("{} {path}", received.method)),
        }
    }

    fn upload(&mut self, received: &Received, does: bool) -> Judged {
        let name = received.query("filename").filter(|name| !name.is_empty()).ok_or("filename")?;
        must(received.header("content-type").is_some_and(|kind| kind.contains('/')), || "content-type".to_owned())?;
        let token = format!("token-{}", self.uploads.len());
        if does {
            self.uploads.insert(token.clone(), (name, received.body.clone(), false));
        }
        Ok((201, json!({ "upload": { "token": token, "attachments": [] } }).to_string()))
    }

    fn create(&mut self, received: &Received, does: bool) -> Judged {
        asked(received, "POST", "/tickets", "application/json")?;
        let key = received.header("idempotency-key").ok_or("no idempotency key")?.to_owned();
        must(key.len() <= 255, || format!("key {key}"))?;
        let now = self.now;
        self.keys.retain(|_, (since, ..)| now.duration_since(*since) < REMEMBERED);
        if let Some((_, body, answer)) = self.keys.get(&key) {
            if *body != received.body {
                self.lookups.push("taken");
                return Ok((400, json!({ "error": "IdempotentRequestError" }).to_string()));
            }
            self.lookups.push("hit");
            return Ok((201, answer.clone()));
        }
        self.lookups.push("miss");
        let asked = body_of(received)?["ticket"].take();
        must(asked["comment"].is_object(), || "ParameterMissing comment".to_owned())?;
        if let Some(invalid) = invalid_field(&asked) {
            return invalid;
        }
        if !does {
            return Ok((201, String::new()));
        }
        // More than a script of a browser could hold.
        let id = (1 << 53) + 1 + self.tickets.len() as i64;
        let requester = if asked["requester"].is_object() { 30_112_045 } else { AGENT_ID };
        let ticket = json!({
            "id": id, "url": format!("https://acme.zendesk.com/api/v2/tickets/{id}.json"), "status": "new",
            "external_id": asked["external_id"], "subject": asked["subject"], "priority": asked["priority"],
            "tags": asked["tags"], "custom_fields": asked["custom_fields"], "requester": asked["requester"],
            "requester_id": requester, "via": { "channel": "api" }, "created_at": now.to_string(), "updated_at": now.to_string(), "unheard_of": [1],
        });
        self.say(id, &asked["comment"])?;
        self.tickets.push(ticket.clone());
        let answer = json!({ "ticket": ticket, "audit": {} }).to_string();
        self.keys.insert(key, (now, received.body.clone(), answer.clone()));
        Ok((201, answer))
    }

    fn say(&mut self, id: i64, comment: &Value) -> Result<(), String> {
        let text = comment["html_body"].as_str().filter(|text| !text.is_empty()).ok_or("a comment without text")?;
        must(!text.contains("<script") && !text.contains("<img"), || format!("not escaped: {text}"))?;
        for token in comment["uploads"].as_array().into_iter().flatten() {
            let upload = self.uploads.get_mut(token.as_str().ok_or("uploads")?).ok_or("no such upload")?;
            must(!std::mem::replace(&mut upload.2, true), || format!("the upload {token} is used twice"))?;
        }
        let comments = self.comments.entry(id).or_default();
        let mut kept = comment.clone();
        kept["id"] = (7_770_001 + comments.len()).into();
        kept["body"] = kept["html_body"].clone();
        kept["created_at"] = self.now.to_string().into();
        if kept["author_id"].is_null() {
            kept["author_id"] = AGENT_ID.into();
        }
        comments.push(kept);
        Ok(())
    }

    /// What an agent does in the only ticket: says something, and has it stand so.
    pub fn work(&mut self, text: &str, is_public: bool, status: &str) {
        let id = self.tickets[0]["id"].as_i64().unwrap();
        self.say(id, &json!({ "html_body": text, "public": is_public })).unwrap();
        self.tickets[0]["status"] = status.into();
        self.tickets[0]["updated_at"] = self.now.to_string().into();
    }

    fn find(&self, id: &str) -> Option<usize> {
        self.tickets.iter().position(|ticket| id.parse().is_ok_and(|id: i64| ticket["id"] == id))
    }

    fn list(&self, received: &Received) -> Judged {
        let wanted = received.query("external_id").ok_or("the list is asked for by external_id alone")?;
        let tickets: Vec<_> = self.tickets.iter().filter(|ticket| ticket["external_id"] == wanted.as_str()).collect();
        Ok((200, json!({ "tickets": tickets, "count": tickets.len(), "next_page": null }).to_string()))
    }

    fn show(&self, id: &str) -> Judged {
        let Some(place) = self.find(id) else { return not_found() };
        Ok((200, json!({ "ticket": self.tickets[place] }).to_string()))
    }

    /// Two a page, so that whoever looks has to turn it.
    fn list_comments(&self, id: &str, received: &Received) -> Judged {
        let Some(place) = self.find(id) else { return not_found() };
        let size: usize = received.query("page[size]").unwrap_or_default().parse().map_err(|_| "page[size]")?;
        must((1..=100).contains(&size), || format!("page[size] {size}"))?;
        let all = &self.comments[&self.tickets[place]["id"].as_i64().unwrap()];
        let from: usize = received.query("page[after]").map_or(0, |after| after.parse().unwrap());
        let page: Vec<_> = all.iter().skip(from).take(2).collect();
        let meta = json!({ "has_more": from + 2 < all.len(), "after_cursor": (from + 2).to_string() });
        Ok((200, json!({ "comments": page, "meta": meta }).to_string()))
    }

    fn update(&mut self, id: &str, received: &Received, does: bool) -> Judged {
        asked(received, "PUT", id, "application/json")?;
        let Some(place) = self.find(id) else { return not_found() };
        if self.tickets[place]["status"] == "closed" {
            return invalid("status", "InvalidValue", "closed prevents ticket update");
        }
        let update = body_of(received)?["ticket"].take();
        if let Some(invalid) = invalid_field(&update) {
            return invalid;
        }
        if does {
            if update["comment"].is_object() {
                self.say(id.parse().unwrap(), &update["comment"])?;
            }
            if update["status"].is_string() {
                self.tickets[place]["status"] = update["status"].clone();
            }
        }
        Ok((200, json!({ "ticket": self.tickets[place] }).to_string()))
    }
}

fn invalid_field(asked: &Value) -> Option<Judged> {
    let requester = &asked["requester"];
    if requester.is_object() {
        if !requester["email"].as_str().is_some_and(|email| email.contains('@')) {
            return Some(invalid("requester", "InvalidValue", "requester e-mail is malformed"));
        }
        if requester["name"].as_str().is_none_or(str::is_empty) {
            return Some(invalid("requester", "BlankValue", "Name: is too short"));
        }
    }
    let is_one_of =
        |value: &Value, list: &[&str]| value.is_null() || value.as_str().is_some_and(|it| list.contains(&it));
    if !is_one_of(&asked["priority"], &["urgent", "high", "normal", "low"]) {
        return Some(invalid("priority", "InvalidValue", "priority is not known"));
    }
    if !is_one_of(&asked["status"], &["new", "open", "pending", "hold", "solved", "closed"]) {
        return Some(invalid("status", "InvalidValue", "status is not known"));
    }
    let tags = asked["tags"].as_array().into_iter().flatten();
    if tags.clone().any(|tag| tag.as_str().is_none_or(|tag| tag.is_empty() || tag.contains(' '))) {
        return Some(invalid("tags", "InvalidValue", "a tag has a space"));
    }
    let fields = asked["custom_fields"].as_array().into_iter().flatten();
    if fields.clone().any(|field| !field["id"].is_i64() || field.get("value").is_none()) {
        return Some(invalid("custom_fields", "InvalidValue", "a field without an id"));
    }
    None
}
