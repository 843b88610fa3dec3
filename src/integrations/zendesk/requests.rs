//! What Zendesk is asked, request by request.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::{Files, Settings, Zendesk};
use crate::integrations::Failure;
use crate::integrations::desk::{Answered, File, Opened, html};
use crate::integrations::http::{Request, joined};

/// What stands behind `Basic`: the agent's address with `/token` glued to it, and the token.
pub fn basic(settings: &Settings) -> SecretString {
    let email = settings.email.as_deref().unwrap_or_default();
    BASE64_STANDARD.encode(format!("{email}/token:{}", settings.token.expose_secret())).into()
}

impl Zendesk {
    fn request(&self, method: Method, path: &str, body: Option<Value>) -> Result<Request, Failure> {
        let body = body.map_or_else(String::new, |body| body.to_string());
        let mut request = Request::post(joined(&self.url, path), "application/json", body);
        request.method = method;
        request.secrets = self.secrets();
        let scheme = match self.settings.email {
            Some(_) => format!("Basic {}", basic(&self.settings).expose_secret()),
            None => format!("Bearer {}", self.settings.token.expose_secret()),
        };
        request.header(AUTHORIZATION, &scheme, true)?;
        Ok(request)
    }

    fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Request, Failure> {
        let mut request = self.request(Method::GET, path, None)?;
        request.headers.remove(CONTENT_TYPE);
        if !query.is_empty() {
            request.url.query_pairs_mut().extend_pairs(query);
        }
        Ok(request)
    }

    pub(super) fn create(&self, key: &str, opened: &Opened, files: &Files) -> Result<Request, Failure> {
        let text = html::paragraphs(&opened.text) + &html::left_out(&files.left_out);
        let mut ticket = json!({
            "subject": opened.subject,
            "comment": { "html_body": text, "public": true },
            "priority": opened.priority.name(),
            "tags": self.tags(opened),
            "external_id": opened.ticket,
        });
        if !files.tokens.is_empty() {
            ticket["comment"]["uploads"] = json!(files.tokens);
        }
        if let Some(email) = &opened.email {
            ticket["requester"] = json!({ "name": opened.caller_name(), "email": email });
        }
        if let Some(group) = opened.group_of(&self.settings.groups) {
            ticket["group_id"] = group.into();
        }
        let fields = self.settings.fields.iter().filter_map(|(name, id)| Some((id, opened.field(name)?)));
        let fields: Vec<_> = fields.map(|(id, value)| json!({ "id": id, "value": value })).collect();
        if !fields.is_empty() {
            ticket["custom_fields"] = Value::Array(fields);
        }
        let mut request = self.request(Method::POST, "/api/v2/tickets", Some(json!({ "ticket": ticket })))?;
        request.header(HeaderName::from_static("idempotency-key"), key, false)?;
        Ok(request)
    }

    /// In a tag no space may stand.
    fn tags(&self, opened: &Opened) -> Vec<String> {
        let tags = self.settings.tags.iter().chain(&opened.tags);
        tags.map(|tag| tag.split_whitespace().collect::<Vec<_>>().join("_")).collect()
    }

    /// The private comment for agents.
    pub(super) fn note(&self, id: &str, opened: &Opened) -> Result<Request, Failure> {
        let comment = json!({ "html_body": html::note(opened), "public": false });
        self.update(id, json!({ "comment": comment }))
    }

    /// What the requester said, in the requester's name; a ticket that waited for it is open again.
    pub(super) fn comment(
        &self,
        id: &str,
        answered: &Answered,
        ticket: &Value,
        files: &Files,
    ) -> Result<Request, Failure> {
        let reference = html::paragraphs(&html::reference(&answered.message));
        let text = html::paragraphs(&answered.text) + &html::left_out(&files.left_out) + &reference;
        let mut comment = json!({ "html_body": text, "public": true });
        if let Some(requester) = ticket["requester_id"].as_i64() {
            comment["author_id"] = requester.into();
        }
        if !files.tokens.is_empty() {
            comment["uploads"] = json!(files.tokens);
        }
        let mut update = json!({ "comment": comment });
        if matches!(ticket["status"].as_str(), Some("pending" | "hold" | "solved")) {
            update["status"] = "open".into();
        }
        self.update(id, update)
    }

    fn update(&self, id: &str, ticket: Value) -> Result<Request, Failure> {
        self.request(Method::PUT, &format!("/api/v2/tickets/{id}"), Some(json!({ "ticket": ticket })))
    }

    pub(super) fn show(&self, id: &str) -> Result<Request, Failure> {
        self.get(&format!("/api/v2/tickets/{id}"), &[])
    }

    pub(super) fn search(&self, ticket: &str) -> Result<Request, Failure> {
        self.get("/api/v2/tickets", &[("external_id", ticket)])
    }

    pub(super) fn comments(&self, id: &str, after: Option<&str>) -> Result<Request, Failure> {
        let after = after.map(|after| ("page[after]", after));
        let query: Vec<_> = [("page[size]", "100")].into_iter().chain(after).collect();
        self.get(&format!("/api/v2/tickets/{id}/comments"), &query)
    }

    pub(super) fn upload_of(&self, file: &File, bytes: Vec<u8>) -> Result<Request, Failure> {
        let mut request = self.request(Method::POST, "/api/v2/uploads", None)?;
        request.url.query_pairs_mut().append_pair("filename", &file.name);
        request.header(CONTENT_TYPE, &file.media_type, false)?;
        request.body = bytes.into();
        Ok(request)
    }

    /// Where agents see the ticket.
    pub(super) fn page(&self, id: &str) -> String {
        joined(&self.url, &format!("/agent/tickets/{id}")).to_string()
    }
}
