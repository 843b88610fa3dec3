//! What Freshdesk is asked, request by request.

use app::model::Priority;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use super::{Files, Freshdesk, PAGE, Settings, multipart};
use crate::integrations::Failure;
use crate::integrations::desk::{Answered, Opened, html};
use crate::integrations::http::{Request, joined};

/// Characters of a tag, the most there may be.
const LONGEST_TAG: usize = 32;
/// Freshdesk's number for: the ticket is open.
const OPEN: u8 = 2;
/// It came through a portal.
const PORTAL: u8 = 2;

/// What stands behind `Basic`: the key, and a password that nobody reads.
pub fn basic(settings: &Settings) -> SecretString {
    BASE64_STANDARD.encode(format!("{}:X", settings.key.expose_secret())).into()
}

/// The tag by which a ticket is found: our id, which without its hyphens is just not too long.
pub fn tag(ticket: &str) -> String {
    cut(&ticket.replace('-', ""))
}

fn cut(tag: &str) -> String {
    tag.chars().take(LONGEST_TAG).collect()
}

impl Freshdesk {
    fn request(&self, method: Method, path: &str) -> Result<Request, Failure> {
        let mut request = Request::post(joined(&self.url, &format!("/api/v2{path}")), "application/json", "");
        request.method = method;
        request.secrets = self.secrets();
        request.header(AUTHORIZATION, &format!("Basic {}", basic(&self.settings).expose_secret()), true)?;
        Ok(request)
    }

    fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Request, Failure> {
        let mut request = self.request(Method::GET, path)?;
        request.headers.remove(CONTENT_TYPE);
        request.url.query_pairs_mut().extend_pairs(query);
        Ok(request)
    }

    /// JSON; a form as soon as one file goes along.
    fn post(&self, key: &str, path: &str, fields: Map<String, Value>, files: &Files<'_>) -> Result<Request, Failure> {
        let mut request = self.request(Method::POST, path)?;
        if files.taken.is_empty() {
            request.body = Value::Object(fields).to_string().into();
        } else {
            let (content_type, body) = multipart::form(&format!("signpost-{key}"), &fields, &files.taken);
            request.header(CONTENT_TYPE, &content_type, false)?;
            request.body = body.into();
        }
        Ok(request)
    }

    pub(super) fn create(&self, key: &str, opened: &Opened, files: &Files<'_>) -> Result<Request, Failure> {
        let tags = self.settings.tags.iter().chain(&opened.tags).map(|tag| cut(tag));
        let tags: Vec<_> = tags.chain([tag(&opened.ticket)]).collect();
        let mut fields = Map::from_iter([
            ("subject".to_owned(), json!(opened.subject)),
            ("description".to_owned(), json!(html::paragraphs(&opened.text) + &html::left_out(&files.left_out))),
            ("status".to_owned(), json!(OPEN)),
            ("priority".to_owned(), json!(priority(opened.priority))),
            ("source".to_owned(), json!(PORTAL)),
            ("tags".to_owned(), json!(tags)),
        ]);
        let (name, value) = requester(opened);
        fields.insert(name.to_owned(), value.into());
        if let Some(name) = opened.caller_name() {
            fields.insert("name".to_owned(), name.into());
        }
        if let Some(group) = opened.group_of(&self.settings.groups) {
            fields.insert("group_id".to_owned(), group.into());
        }
        let own = self.settings.fields.iter().filter_map(|(name, own)| Some((own.clone(), opened.field(name)?)));
        let own: Map<_, _> = own.collect();
        if !own.is_empty() {
            fields.insert("custom_fields".to_owned(), Value::Object(own));
        }
        self.post(key, "/tickets", fields, files)
    }

    /// The private note for agents.
    pub(super) fn note(&self, id: &str, opened: &Opened) -> Result<Request, Failure> {
        let fields = [("body".to_owned(), html::note(opened).into()), ("private".to_owned(), true.into())];
        self.post("", &format!("/tickets/{id}/notes"), Map::from_iter(fields), &Files::default())
    }

    /// What the requester said.
    pub(super) fn comment(
        &self,
        key: &str,
        id: &str,
        answered: &Answered,
        files: &Files<'_>,
    ) -> Result<Request, Failure> {
        let reference = html::paragraphs(&html::reference(&answered.message));
        let body = html::paragraphs(&answered.text) + &html::left_out(&files.left_out) + &reference;
        let fields = [
            ("body".to_owned(), body.into()),
            ("incoming".to_owned(), true.into()),
            ("private".to_owned(), false.into()),
        ];
        self.post(key, &format!("/tickets/{id}/notes"), Map::from_iter(fields), files)
    }

    /// The requester's tickets, the newest first.
    pub(super) fn tickets(&self, opened: &Opened, page: usize) -> Result<Request, Failure> {
        let (name, value) = requester(opened);
        let (size, page) = (PAGE.to_string(), page.to_string());
        let order = [("order_by", "created_at"), ("order_type", "desc"), ("per_page", &*size), ("page", &*page)];
        let query: Vec<_> = [(name, &*value)].into_iter().chain(order).collect();
        self.get("/tickets", &query)
    }

    pub(super) fn show(&self, id: &str) -> Result<Request, Failure> {
        self.get(&format!("/tickets/{id}"), &[])
    }

    pub(super) fn conversations(&self, id: &str, page: usize) -> Result<Request, Failure> {
        let (size, page) = (PAGE.to_string(), page.to_string());
        self.get(&format!("/tickets/{id}/conversations"), &[("per_page", &*size), ("page", &*page)])
    }

    /// Where agents see the ticket.
    pub(super) fn page(&self, id: &str) -> String {
        joined(&self.url, &format!("/helpdesk/tickets/{id}")).to_string()
    }
}

/// Under which field Freshdesk knows the requester: one of whom nothing is known is a contact of this ticket alone.
fn requester(opened: &Opened) -> (&'static str, String) {
    match (&opened.email, &opened.reader) {
        (Some(email), _) => ("email", email.clone()),
        (None, Some(reader)) => ("unique_external_id", reader.clone()),
        (None, None) => ("unique_external_id", opened.ticket.clone()),
    }
}

fn priority(priority: Priority) -> u8 {
    match priority {
        Priority::Low => 1,
        Priority::Normal => 2,
        Priority::High => 3,
        Priority::Urgent => 4,
    }
}
