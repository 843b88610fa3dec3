//! What Intercom is asked, request by request.

use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderName};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::Intercom;
use super::contacts::Who;
use crate::integrations::Failure;
use crate::integrations::desk::{Answered, File, Opened, html};
use crate::integrations::http::{Request, joined};

/// Entries of a page of the search, the most there are.
const PAGE: usize = 150;
/// Where the program's own pages lie, by the host of its API.
const APPS: [(&str, &str); 3] = [
    ("api.intercom.io", "https://app.intercom.com"),
    ("api.eu.intercom.io", "https://app.eu.intercom.com"),
    ("api.au.intercom.io", "https://app.au.intercom.com"),
];

impl Intercom {
    fn request(&self, path: &str, body: Option<&Value>) -> Result<Request, Failure> {
        let url = joined(&self.url, path);
        let mut request = match body {
            Some(body) => Request::post(url, "application/json", body.to_string()),
            None => Request::get(url),
        };
        request.secrets = self.secrets();
        let bearer = format!("Bearer {}", self.settings.token.expose_secret());
        request.header(AUTHORIZATION, &bearer, true)?;
        request.header(ACCEPT, "application/json", false)?;
        request.header(HeaderName::from_static("intercom-version"), &self.settings.version, false)?;
        Ok(request)
    }

    fn post(&self, path: &str, body: &Value) -> Result<Request, Failure> {
        self.request(path, Some(body))
    }

    pub(super) fn find(&self, who: &Who) -> Result<Request, Failure> {
        match who {
            Who::User(id) => {
                let id = utf8_percent_encode(id, NON_ALPHANUMERIC);
                self.request(&format!("/contacts/find_by_external_id/{id}"), None)
            }
            Who::Lead(email) => {
                let is = |field: &str, value: &str| json!({ "field": field, "operator": "=", "value": value });
                let query = json!({ "operator": "AND", "value": [is("email", email), is("role", "lead")] });
                let search = json!({ "query": query, "pagination": { "per_page": PAGE } });
                self.post("/contacts/search", &search)
            }
        }
    }

    /// `email`: the address it shall have.
    pub(super) fn contact(&self, who: &Who, email: Option<&str>, name: Option<&str>) -> Result<Request, Failure> {
        let mut contact = match who {
            Who::User(id) => json!({ "role": "user", "external_id": id }),
            Who::Lead(_) => json!({ "role": "lead" }),
        };
        for (field, value) in [("email", email), ("name", name)] {
            if let Some(value) = value {
                contact[field] = value.into();
            }
        }
        self.post("/contacts", &contact)
    }

    /// What the requester writes is plain text; its last line is the mark it is found by.
    pub(super) fn create(&self, contact: &str, opened: &Opened) -> Result<Request, Failure> {
        let body = format!("{}\n\n{}", opened.text.trim(), html::reference(&opened.ticket));
        let from = json!({ "type": "contact", "id": contact });
        self.post("/conversations", &json!({ "from": from, "subject": opened.subject, "body": body }))
    }

    /// The note for agents.
    pub(super) fn note(&self, id: &str, opened: &Opened) -> Result<Request, Failure> {
        let subject = format!("<p><strong>{}</strong></p>", html::escaped(&opened.subject));
        let from = opened.email.as_ref().map(|email| format!("<p>From {}</p>", html::escaped(email)));
        let files = html::left_out(&left_here(&opened.files));
        let body = subject + &from.unwrap_or_default() + &html::note(opened) + &files;
        let admin = self.settings.admin.to_string();
        let note = json!({ "message_type": "note", "type": "admin", "admin_id": admin, "body": body });
        self.post(&format!("/conversations/{id}/reply"), &note)
    }

    /// What the requester said later, as plain text.
    pub(super) fn reply(&self, id: &str, contact: &str, answered: &Answered) -> Result<Request, Failure> {
        let files: String = left_here(&answered.files).iter().map(|file| format!("\n- {file}")).collect();
        let parts = [answered.text.trim(), files.trim_start(), &html::reference(&answered.message)];
        let body = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
        let reply = json!({ "message_type": "comment", "type": "user", "intercom_user_id": contact, "body": body });
        self.post(&format!("/conversations/{id}/reply"), &reply)
    }

    /// Conversations of these contacts since then.
    pub(super) fn conversations(
        &self,
        contacts: &[String],
        since: Timestamp,
        after: Option<&str>,
    ) -> Result<Request, Failure> {
        let of = json!({ "field": "contact_ids", "operator": "IN", "value": contacts });
        let since = json!({ "field": "created_at", "operator": ">", "value": since.as_second() });
        let mut search = json!({
            "query": { "operator": "AND", "value": [of, since] },
            "pagination": { "per_page": PAGE },
        });
        if let Some(after) = after {
            search["pagination"]["starting_after"] = after.into();
        }
        self.post("/conversations/search", &search)
    }

    pub(super) fn show(&self, id: &str) -> Result<Request, Failure> {
        self.request(&format!("/conversations/{id}"), None)
    }

    /// Where agents see the conversation.
    pub(super) fn page(&self, id: &str) -> Option<String> {
        let workspace = self.settings.workspace.as_deref()?;
        let host = self.url.host_str().unwrap_or_default();
        let app = APPS.iter().find(|(api, _)| *api == host).and_then(|(_, app)| app.parse().ok());
        let app = app.unwrap_or_else(|| self.url.clone());
        Some(joined(&app, &format!("/a/inbox/{workspace}/inbox/conversation/{id}")).to_string())
    }
}

/// Intercom takes files only by addresses that everybody may open, which files of tickets do not have.
fn left_here(files: &[File]) -> Vec<String> {
    files.iter().map(|file| format!("{} (it lies with the ticket in the help center)", file.name)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn agents_are_led_to_where_the_workspace_lies() {
        let check = |settings: &str, expect: Option<&str>| {
            let settings = toml::from_str(&format!("token = \"t0ken-of-an-app\"\nadmin = 1\n{settings}")).unwrap();
            assert_eq!(Intercom::new(&settings).unwrap().page("12045").as_deref(), expect);
        };
        check("", None);
        check("workspace = \"ab1\"", Some("https://app.intercom.com/a/inbox/ab1/inbox/conversation/12045"));
        check(
            "workspace = \"ab1\"\nurl = \"https://api.eu.intercom.io/\"",
            Some("https://app.eu.intercom.com/a/inbox/ab1/inbox/conversation/12045"),
        );
    }

    #[test]
    fn an_id_of_the_host_is_one_part_of_the_path() {
        let settings = toml::from_str("token = \"t0ken-of-an-app\"\nadmin = 1").unwrap();
        let check = |id: &str, expect: &str| {
            let request = Intercom::new(&settings).unwrap().find(&Who::User(id.to_owned())).unwrap();
            assert_eq!(request.url.path(), format!("/contacts/find_by_external_id/{expect}"));
        };
        check("user_4711", "user%5F4711");
        check("a/../b?c#d%2F", "a%2F%2E%2E%2Fb%3Fc%23d%252F");
    }
}
