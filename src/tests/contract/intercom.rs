//! Intercom: keeps contacts and conversations, has a search that knows what is new only after minutes of a clock that is
//! set, and counts how often a conversation was begun.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::vendors::{SECRET, asked, json as body_of, must};
use super::{Judged, Received, Vendor};

/// After so long the search knows what is new.
const LAG: SignedDuration = SignedDuration::from_mins(9);
/// Id of the admin who writes notes.
pub const ADMIN: u64 = 600_700_800;
pub const VERSION: &str = "2.14";

#[derive(Clone, Default)]
pub struct Intercom(Arc<Mutex<State>>);

#[derive(Default)]
pub struct State {
    pub now: Timestamp,
    pub contacts: Vec<Value>,
    pub conversations: Vec<Value>,
}

impl Intercom {
    pub async fn open(&self) -> Vendor {
        let intercom = self.clone();
        Vendor::of(Box::new(move |received, does| intercom.0.lock().unwrap().judge(received, does))).await
    }

    /// What it holds.
    pub fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.0.lock().unwrap())
    }

    /// How often a conversation was begun, by the mark that stands in it.
    pub fn made(&self) -> BTreeMap<String, usize> {
        self.with(|state| {
            let mut made = BTreeMap::new();
            for conversation in &state.conversations {
                let body = conversation["source"]["body"].as_str().unwrap();
                let (_, mark) = body.rsplit_once("[ref ").unwrap();
                *made.entry(mark.split(']').next().unwrap().to_owned()).or_default() += 1;
            }
            made
        })
    }
}

fn error(status: u16, code: &str, message: &str) -> Judged {
    let errors = json!([{ "code": code, "message": message }]);
    Ok((status, json!({ "type": "error.list", "request_id": "req-hc-0001", "errors": errors }).to_string()))
}

fn text<'v>(value: &'v Value, name: &str) -> Result<&'v str, String> {
    value[name].as_str().filter(|text| !text.is_empty()).ok_or_else(|| format!("parameter_not_found {name}"))
}

/// What a person writes is shown in paragraphs, and nothing in it works.
fn shown(body: &str) -> String {
    format!("<p>{}</p>", body.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', "<br>"))
}

impl State {
    fn judge(&mut self, received: &Received, does: bool) -> Judged {
        must(received.header("authorization") == Some(&format!("Bearer {SECRET}")), || "unauthorized".to_owned())?;
        let version = received.header("intercom-version");
        must(version == Some(VERSION), || format!("intercom-version {version:?}"))?;
        let path = received.url.path().to_owned();
        must(!path.contains("//"), || format!("path {path}"))?;
        let begins = ["/contacts", "/conversations"].into_iter().filter_map(|name| path.find(name)).min();
        let parts: Vec<_> = path[begins.ok_or_else(|| format!("path {path}"))? + 1..].split('/').collect();
        match (received.method.as_str(), parts.as_slice()) {
            ("GET", ["contacts", "find_by_external_id", id]) => self.find(id),
            ("POST", ["contacts", "search"]) => self.search_contacts(&sent(received)?),
            ("POST", ["contacts"]) => self.contact(&sent(received)?, does),
            ("POST", ["conversations"]) => self.create(&sent(received)?, does),
            ("POST", ["conversations", "search"]) => self.search(&sent(received)?),
            ("GET", ["conversations", id]) => self.show(id),
            ("POST", ["conversations", id, "reply"]) => self.reply(id, &sent(received)?, does),
            _ => Err(format!("{} {path}", received.method)),
        }
    }

    /// Of what was made so long ago that the search knows it.
    fn indexed<'v>(&self, all: &'v [Value]) -> impl Iterator<Item = &'v Value> + use<'v> {
        let newest = (self.now - LAG).as_second();
        all.iter().filter(move |one| one["created_at"].as_i64().unwrap() <= newest)
    }

    fn find(&self, id: &str) -> Judged {
        let id = percent_encoding::percent_decode_str(id).decode_utf8().map_err(|_| "external_id")?;
        match self.contacts.iter().find(|contact| contact["external_id"] == *id) {
            Some(contact) => Ok((200, contact.to_string())),
            None => error(404, "not_found", "User Not Found"),
        }
    }

    fn search_contacts(&self, search: &Value) -> Judged {
        let filters = filters(search)?;
        let is = |contact: &Value| {
            filters.iter().all(|(field, operator, value)| operator == "=" && contact[field] == *value)
        };
        let data: Vec<_> = self.indexed(&self.contacts).filter(|contact| is(contact)).collect();
        Ok((
            200,
            json!({ "type": "list", "data": data, "total_count": data.len(), "pages": { "type": "pages" } })
                .to_string(),
        ))
    }

    fn contact(&mut self, asked: &Value, does: bool) -> Judged {
        let role = text(asked, "role")?;
        must(["user", "lead"].contains(&role), || format!("role {role}"))?;
        if asked["email"].as_str().is_some_and(|email| !email.contains('@')) {
            return error(400, "parameter_invalid", "email is invalid");
        }
        let same = |one: &&Value| {
            let is = |field: &str| !asked[field].is_null() && one[field] == asked[field];
            one["role"] == "user" && role == "user" && (is("external_id") || is("email"))
        };
        if let Some(known) = self.contacts.iter().find(same) {
            let id = known["id"].as_str().unwrap();
            return error(409, "conflict", &format!("contact already exists with id={id}"));
        }
        let mut contact = asked.clone();
        contact["type"] = "contact".into();
        contact["id"] = format!("66a1b2c3d4e5f607182{:05x}", self.contacts.len()).into();
        contact["created_at"] = self.now.as_second().into();
        contact["unheard_of"] = json!([1]);
        if does {
            self.contacts.push(contact.clone());
        }
        Ok((200, contact.to_string()))
    }

    fn create(&mut self, asked: &Value, does: bool) -> Judged {
        let contact = text(&asked["from"], "id")?.to_owned();
        must(["user", "lead", "contact"].contains(&text(&asked["from"], "type")?), || "from.type".to_owned())?;
        if !self.contacts.iter().any(|known| known["id"] == contact.as_str()) {
            return error(404, "not_found", "User Not Found");
        }
        let body = shown(text(asked, "body")?);
        let (id, now) = ((12_045 + self.conversations.len()).to_string(), self.now.as_second());
        let message = format!("5001{:05}", self.conversations.len());
        let answer = json!({
            "type": "user_message", "id": message, "created_at": now, "body": body, "message_type": "inapp",
            "conversation_id": id,
        });
        if does {
            self.conversations.push(json!({
                "type": "conversation", "id": id, "created_at": now, "updated_at": now, "state": "open", "open": true,
                "title": asked["subject"],
                "source": { "type": "conversation", "id": message, "body": body, "author": { "type": "user", "id": contact } },
                "contacts": { "type": "contact.list", "contacts": [{ "type": "contact", "id": contact }] },
                "conversation_parts": { "type": "conversation_part.list", "total_count": 0, "conversation_parts": [] },
            }));
        }
        Ok((200, answer.to_string()))
    }

    /// One a page, so that whoever looks has to turn it.
    fn search(&self, search: &Value) -> Judged {
        let filters = filters(search)?;
        let is = |conversation: &Value| {
            filters.iter().all(|(field, operator, value)| match (field.as_str(), operator.as_str()) {
                ("contact_ids", "IN") => {
                    value.as_array().unwrap().contains(&conversation["contacts"]["contacts"][0]["id"])
                }
                ("created_at", ">") => conversation["created_at"].as_i64() > value.as_i64(),
                _ => panic!("{field} {operator}"),
            })
        };
        let found: Vec<_> = self.indexed(&self.conversations).filter(|conversation| is(conversation)).collect();
        let from: usize = search["pagination"]["starting_after"].as_str().map_or(0, |after| after.parse().unwrap());
        let next = (from + 1 < found.len()).then(|| json!({ "per_page": 1, "starting_after": (from + 1).to_string() }));
        let page: Vec<_> = found.iter().skip(from).take(1).collect();
        let answer = json!({
            "type": "conversation.list", "conversations": page, "total_count": found.len(),
            "pages": { "type": "pages", "page": from + 1, "per_page": 1, "next": next },
        });
        Ok((200, answer.to_string()))
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.conversations.iter().position(|conversation| conversation["id"] == id)
    }

    fn show(&self, id: &str) -> Judged {
        match self.place(id) {
            Some(place) => Ok((200, self.conversations[place].to_string())),
            None => error(404, "not_found", "Resource Not Found"),
        }
    }

    fn reply(&mut self, id: &str, asked: &Value, does: bool) -> Judged {
        let Some(place) = self.place(id) else { return error(404, "not_found", "Resource Not Found") };
        let body = text(asked, "body")?;
        must(!body.contains("<script") && !body.contains("<img"), || format!("not escaped: {body}"))?;
        let (kind, body, author) = match (text(asked, "message_type")?, text(asked, "type")?) {
            ("note", "admin") => {
                must(text(asked, "admin_id")? == ADMIN.to_string(), || format!("admin_id {asked}"))?;
                ("note", body.to_owned(), json!({ "type": "admin", "id": ADMIN.to_string(), "name": "Signpost" }))
            }
            ("comment", "user") => {
                let contact = text(asked, "intercom_user_id")?;
                let own = &self.conversations[place]["contacts"]["contacts"][0]["id"];
                must(own == contact, || format!("intercom_user_id {contact}"))?;
                ("comment", shown(body), json!({ "type": "user", "id": contact, "name": "Ada" }))
            }
            other => return Err(format!("reply {other:?}")),
        };
        if does {
            self.say(place, kind, &body, author);
            if kind == "comment" {
                self.stands(place, "open");
            }
        }
        Ok((200, self.conversations[place].to_string()))
    }

    fn say(&mut self, place: usize, kind: &str, body: &str, author: Value) {
        let now = self.now.as_second();
        let conversation = &mut self.conversations[place];
        let parts = conversation["conversation_parts"]["conversation_parts"].as_array_mut().unwrap();
        let id = (129 + parts.len()).to_string();
        parts.push(json!({
            "type": "conversation_part", "id": id, "part_type": kind, "body": body, "created_at": now, "author": author,
        }));
        let count = parts.len();
        conversation["conversation_parts"]["total_count"] = count.into();
        conversation["updated_at"] = now.into();
    }

    fn stands(&mut self, place: usize, state: &str) {
        self.conversations[place]["state"] = state.into();
        self.conversations[place]["open"] = (state == "open").into();
    }

    /// What an agent does in the only conversation: says something, and has it stand so.
    pub fn work(&mut self, html: &str, is_public: bool, state: &str) {
        let author = json!({ "type": "admin", "id": "7", "name": "Sam" });
        self.say(0, if is_public { "comment" } else { "note" }, html, author.clone());
        let part = json!({ "type": "bot", "id": "8", "name": "Operator" });
        self.say(0, "assignment", "", author);
        self.say(0, "comment", "<p>We answer within a day</p>", part);
        self.stands(0, state);
    }
}

fn sent(received: &Received) -> Result<Value, String> {
    asked(received, "POST", "", "application/json")?;
    body_of(received)
}

/// Field, operator and value of each filter.
fn filters(search: &Value) -> Result<Vec<(String, String, Value)>, String> {
    let query = &search["query"];
    must(query["operator"] == "AND", || format!("query {query}"))?;
    let size = search["pagination"]["per_page"].as_u64().unwrap_or_default();
    must((1..=150).contains(&size), || format!("per_page {size}"))?;
    let all = query["value"].as_array().ok_or("query.value")?;
    must((1..=15).contains(&all.len()), || "15 filters at most".to_owned())?;
    all.iter()
        .map(|one| Ok((text(one, "field")?.to_owned(), text(one, "operator")?.to_owned(), one["value"].clone())))
        .collect()
}
