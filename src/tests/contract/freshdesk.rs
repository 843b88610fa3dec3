//! Freshdesk: keeps tickets, notes and files, knows no idempotency keys, and counts how often a ticket was made.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::vendors::{SECRET, must};
use super::{Judged, Received, Vendor};

#[derive(Clone, Default)]
pub struct Freshdesk(Arc<Mutex<State>>);

#[derive(Default)]
pub struct State {
    pub now: Timestamp,
    pub tickets: Vec<Value>,
    /// Notes, by ticket.
    pub notes: BTreeMap<i64, Vec<Value>>,
    /// Name and bytes, by ticket.
    pub files: BTreeMap<i64, Vec<(String, Vec<u8>)>>,
}

/// Name and bytes of each file.
type Files = Vec<(String, Vec<u8>)>;

impl Freshdesk {
    pub async fn open(&self) -> Vendor {
        let freshdesk = self.clone();
        Vendor::of(Box::new(move |received, does| freshdesk.0.lock().unwrap().judge(received, does))).await
    }

    /// What it holds.
    pub fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.0.lock().unwrap())
    }

    /// How often a ticket was made, by the tag that refers to ours: the last one.
    pub fn made(&self) -> BTreeMap<String, usize> {
        self.with(|state| {
            let mut made = BTreeMap::new();
            for ticket in &state.tickets {
                let tag = ticket["tags"].as_array().unwrap().last().unwrap().as_str().unwrap();
                *made.entry(tag.to_owned()).or_default() += 1;
            }
            made
        })
    }
}

fn invalid(field: &str, code: &str, message: &str) -> (u16, String) {
    let errors = json!([{ "field": field, "message": message, "code": code }]);
    (400, json!({ "description": "Validation failed", "errors": errors }).to_string())
}

/// Identities, one of which a ticket needs.
const IDENTITIES: [&str; 3] = ["email", "phone", "unique_external_id"];

impl State {
    fn judge(&mut self, received: &Received, does: bool) -> Judged {
        let basic = super::vendors::basic(SECRET, "X");
        must(received.header("authorization") == Some(&basic), || "invalid_credentials".to_owned())?;
        let path = received.url.path().to_owned();
        let (_, path) = path.split_once("/api/v2/").ok_or_else(|| format!("path {path}"))?;
        must(!received.url.path().contains("//"), || format!("path {path}"))?;
        let parts: Vec<_> = path.split('/').collect();
        match (received.method.as_str(), parts.as_slice()) {
            ("GET", ["tickets", id]) => self.show(id),
            ("POST", ["tickets"]) => self.create(received, does),
            ("GET", ["tickets"]) => self.list(received),
            ("GET", ["tickets", id, "conversations"]) => self.conversations(id, received),
            ("POST", ["tickets", id, "notes"]) => self.note(id, received, does),
            _ => Err(format!("{} {path}", received.method)),
        }
    }

    fn create(&mut self, received: &Received, does: bool) -> Judged {
        let (fields, files) = content(received)?;
        if let Some(refused) = refused(&fields, &files) {
            return Ok(refused);
        }
        if !does {
            return Ok((201, String::new()));
        }
        let id = 1024 + self.tickets.len() as i64;
        let mut ticket = fields.clone();
        ticket.insert("id".to_owned(), id.into());
        ticket.insert("requester_id".to_owned(), 43_000_123_456_i64.into());
        ticket.insert("created_at".to_owned(), self.now.to_string().into());
        ticket.insert("updated_at".to_owned(), self.now.to_string().into());
        ticket.insert("unheard_of".to_owned(), json!([1]));
        self.tickets.push(Value::Object(ticket.clone()));
        self.files.entry(id).or_default().extend(files);
        Ok((201, Value::Object(ticket).to_string()))
    }

    /// By requester, the newest first.
    fn list(&self, received: &Received) -> Judged {
        let by = IDENTITIES.into_iter().find_map(|name| Some((name, received.query(name)?)));
        let (name, value) = by.ok_or("tickets are listed by requester")?;
        let (order, by) = (received.query("order_type"), received.query("order_by"));
        must((order.as_deref(), by.as_deref()) == (Some("desc"), Some("created_at")), || "order".to_owned())?;
        let own: Vec<_> = self.tickets.iter().rev().filter(|ticket| ticket[name] == value.as_str()).collect();
        Ok((200, json!(page_of(&own, received)?).to_string()))
    }

    fn has(&self, id: &str) -> Option<i64> {
        let id = id.parse().ok()?;
        self.tickets.iter().any(|ticket| ticket["id"] == id).then_some(id)
    }

    fn show(&self, id: &str) -> Judged {
        let ticket = self.tickets.iter().find(|ticket| id.parse().is_ok_and(|id: i64| ticket["id"] == id));
        Ok(ticket.map_or((404, String::new()), |ticket| (200, ticket.to_string())))
    }

    /// What an agent does in the only ticket: says something, and has it stand so.
    pub fn work(&mut self, text: &str, html: &str, is_public: bool, status: u8) {
        let id = self.tickets[0]["id"].as_i64().unwrap();
        let notes = self.notes.entry(id).or_default();
        notes.push(json!({
            "id": 99_000 + notes.len(), "body": html, "body_text": text, "incoming": false, "private": !is_public,
            "user_id": 5_550_001, "created_at": self.now.to_string(),
        }));
        self.tickets[0]["status"] = status.into();
        self.tickets[0]["updated_at"] = self.now.to_string().into();
    }

    fn conversations(&self, id: &str, received: &Received) -> Judged {
        let Some(id) = self.has(id) else { return Ok((404, String::new())) };
        let notes: Vec<_> = self.notes.get(&id).into_iter().flatten().collect();
        Ok((200, json!(page_of(&notes, received)?).to_string()))
    }

    fn note(&mut self, id: &str, received: &Received, does: bool) -> Judged {
        let Some(id) = self.has(id) else { return Ok((404, String::new())) };
        let (fields, files) = content(received)?;
        let text = fields.get("body").and_then(Value::as_str).filter(|text| !text.is_empty());
        let Some(text) = text else { return Ok(invalid("body", "missing_field", "It should be a String")) };
        must(!text.contains("<script") && !text.contains("<img"), || format!("not escaped: {text}"))?;
        let is_flag = |name: &str| fields.get(name).is_none_or(Value::is_boolean);
        must(is_flag("private") && is_flag("incoming"), || "datatype_mismatch".to_owned())?;
        if does {
            let notes = self.notes.entry(id).or_default();
            let mut note = fields.clone();
            note.insert("id".to_owned(), (88_000 + notes.len()).into());
            note.insert("body_text".to_owned(), text.into());
            note.insert("created_at".to_owned(), self.now.to_string().into());
            notes.push(Value::Object(note));
            self.files.entry(id).or_default().extend(files);
        }
        let mut note = fields;
        note.insert("id".to_owned(), 9.into());
        Ok((201, Value::Object(note).to_string()))
    }
}

fn page_of<'v>(all: &[&'v Value], received: &Received) -> Result<Vec<&'v Value>, String> {
    let number = |name: &str| received.query(name).unwrap_or_default().parse::<usize>().map_err(|_| name.to_owned());
    let (page, size) = (number("page")?, number("per_page")?);
    must((1..=300).contains(&page) && (1..=100).contains(&size), || format!("page {page} of {size}"))?;
    Ok(all.iter().skip((page - 1) * size).take(size).copied().collect())
}

fn refused(fields: &Map<String, Value>, files: &Files) -> Option<(u16, String)> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    if IDENTITIES.iter().filter(|name| fields.contains_key(**name)).count() != 1 {
        return Some(invalid("email", "missing_field", "exactly one identity"));
    }
    if text("email").is_some_and(|email| !email.contains('@')) {
        return Some(invalid("email", "invalid_value", "not a valid e-mail address"));
    }
    if text("subject").is_none() || text("description").is_none() {
        return Some(invalid("subject", "missing_field", "It should not be blank"));
    }
    let within = |name: &str, most: i64| {
        fields.get(name).and_then(Value::as_i64).is_some_and(|value| (1..=most).contains(&value))
    };
    if !(within("status", 5) && within("priority", 4) && within("source", 10)) {
        return Some(invalid("status", "datatype_mismatch", "It should be a/an Integer"));
    }
    let tags = fields.get("tags").and_then(Value::as_array).into_iter().flatten();
    if tags.clone().any(|tag| tag.as_str().is_none_or(|tag| tag.is_empty() || tag.chars().count() > 32)) {
        return Some(invalid("tags", "invalid_size", "It should be 32 characters at most"));
    }
    let own = fields.get("custom_fields").and_then(Value::as_object).into_iter().flatten();
    if let Some((name, _)) = own.clone().find(|(name, _)| !name.starts_with("cf_")) {
        return Some(invalid(name, "invalid_field", "Unexpected/invalid field in request"));
    }
    let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    (bytes > 20 << 20).then(|| invalid("attachments", "invalid_size", "The total size is more than 20 MB"))
}

/// Fields and files of a body in JSON or of a form.
fn content(received: &Received) -> Result<(Map<String, Value>, Files), String> {
    let kind = received.header("content-type").unwrap_or_default();
    if kind == "application/json" {
        let json: Value = serde_json::from_slice(&received.body).map_err(|cause| format!("invalid_json: {cause}"))?;
        return Ok((json.as_object().ok_or("invalid_json")?.clone(), Vec::new()));
    }
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").ok_or_else(|| format!("content-type {kind}"))?;
    form(&received.body, &format!("--{boundary}"))
}

fn form(body: &[u8], edge: &str) -> Result<(Map<String, Value>, Files), String> {
    let (mut fields, mut files) = (Map::new(), Vec::new());
    let mut rest = body.strip_prefix(edge.as_bytes()).ok_or("no boundary at the start")?;
    let next = format!("\r\n{edge}");
    while rest != b"--\r\n" {
        let place = |of: &[u8], what: &[u8]| of.windows(what.len()).position(|window| window == what);
        let end = place(rest, next.as_bytes()).ok_or("no boundary at the end")?;
        let part = rest[..end].strip_prefix(b"\r\n").ok_or("no line after a boundary")?;
        rest = &rest[end + next.len()..];
        let middle = place(part, b"\r\n\r\n").ok_or("a part without a head")?;
        let (head, content) = (std::str::from_utf8(&part[..middle]).map_err(|_| "head")?, &part[middle + 4..]);
        let attribute = |name: &str| Some(head.split_once(&format!(" {name}=\""))?.1.split_once('"')?.0.to_owned());
        match (attribute("name").ok_or("a part without a name")?.as_str(), attribute("filename")) {
            ("attachments[]", Some(name)) => files.push((name, content.to_vec())),
            (name, None) => put(&mut fields, name, String::from_utf8(content.to_vec()).map_err(|_| "text")?),
            (name, _) => return Err(format!("a file in the field {name}")),
        }
    }
    must(!files.is_empty(), || "a form without files".to_owned())?;
    Ok((fields, files))
}

/// Everything in a form is text: what is a number or a flag becomes one.
fn put(fields: &mut Map<String, Value>, name: &str, text: String) {
    if let Some(list) = name.strip_suffix("[]") {
        let list = fields.entry(list).or_insert_with(|| json!([]));
        list.as_array_mut().unwrap().push(text.into());
    } else if let Some((map, key)) = name.strip_suffix(']').and_then(|name| name.split_once('[')) {
        fields.entry(map).or_insert_with(|| json!({}))[key] = text.into();
    } else {
        let value = match name {
            "status" | "priority" | "source" | "private" | "incoming" => {
                serde_json::from_str(&text).unwrap_or_default()
            }
            _ => text.into(),
        };
        fields.insert(name.to_owned(), value);
    }
}
