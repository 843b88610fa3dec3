//! The desks there are, each with its server.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::PATIENCE_MS;
use crate::contract::Vendor;
use crate::contract::freshdesk::Freshdesk;
use crate::contract::intercom::{ADMIN, Intercom, VERSION};
use crate::contract::vendors::SECRET;
use crate::contract::zendesk::{self, AGENT, Zendesk};

#[derive(Clone)]
pub enum Kind {
    Zendesk(Zendesk),
    Freshdesk(Freshdesk),
    Intercom(Intercom),
}

/// All of them, with nothing in them.
pub fn each() -> [Kind; 3] {
    [Kind::Zendesk(Zendesk::default()), Kind::Freshdesk(Freshdesk::default()), Kind::Intercom(Intercom::default())]
}

impl Kind {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Zendesk(_) => "zendesk",
            Self::Freshdesk(_) => "freshdesk",
            Self::Intercom(_) => "intercom",
        }
    }

    pub async fn open(&self) -> Vendor {
        match self {
            Self::Zendesk(zendesk) => zendesk.open().await,
            Self::Freshdesk(freshdesk) => freshdesk.open().await,
            Self::Intercom(intercom) => intercom.open().await,
        }
    }

    pub fn settings(&self, url: &str) -> String {
        match self {
            Self::Zendesk(_) => format!(
                "[desks.zendesk]\nurl = \"{url}\"\nemail = \"{AGENT}\"\ntoken = \"{SECRET}\"\nper_second = 1000\n\
                 timeout_ms = {PATIENCE_MS}\nfields = {{ version = 9000000012345, plan = 9000000012346 }}\ntags = [\"help center\"]"
            ),
            Self::Freshdesk(_) => format!(
                "[desks.freshdesk]\nurl = \"{url}\"\nkey = \"{SECRET}\"\nper_second = 1000\ntimeout_ms = {PATIENCE_MS}\n\
                 fields = {{ version = \"cf_version\", ticket = \"cf_reference\" }}\ntags = [\"help-center\"]"
            ),
            Self::Intercom(_) => format!(
                "[desks.intercom]\nurl = \"{url}\"\ntoken = \"{SECRET}\"\nadmin = {ADMIN}\nworkspace = \"ab1cd2ef\"\n\
                 version = \"{VERSION}\"\nper_second = 1000\ntimeout_ms = {PATIENCE_MS}"
            ),
        }
    }

    /// How often each ticket was made.
    pub fn made(&self) -> BTreeMap<String, usize> {
        match self {
            Self::Zendesk(zendesk) => zendesk.made(),
            Self::Freshdesk(freshdesk) => freshdesk.made(),
            Self::Intercom(intercom) => intercom.made(),
        }
    }

    /// How it counts a ticket of ours.
    pub fn key(&self, ticket: &str) -> String {
        match self {
            Self::Zendesk(_) => ticket.to_owned(),
            Self::Freshdesk(_) => ticket.replace('-', ""),
            Self::Intercom(_) => ticket[ticket.len() - 12..].to_owned(),
        }
    }

    /// Requests of an opening and an answer, of somebody whom the desk does not know.
    pub fn requests(&self) -> usize {
        match self {
            Self::Zendesk(_) => 4,
            Self::Freshdesk(_) => 3,
            Self::Intercom(_) => 6,
        }
    }

    /// Requests before the one that makes a ticket.
    pub fn before(&self) -> usize {
        if matches!(self, Self::Intercom(_)) { 2 } else { 0 }
    }

    /// What was said in the only ticket, the note for agents among it: text, and whether the requester sees it.
    pub fn said(&self) -> Vec<(String, bool)> {
        let list = match self {
            Self::Zendesk(zendesk) => zendesk.with(|state| state.comments.values().flatten().cloned().collect()),
            Self::Freshdesk(freshdesk) => freshdesk.with(|state| -> Vec<Value> {
                let first = &state.tickets[0];
                let first = json!({ "body": first["description"], "private": false });
                [first].into_iter().chain(state.notes.values().flatten().cloned()).collect()
            }),
            Self::Intercom(intercom) => intercom.with(|state| {
                let conversation = &state.conversations[0];
                let first = json!({ "body": conversation["source"]["body"], "public": true });
                let parts = conversation["conversation_parts"]["conversation_parts"].as_array().unwrap().iter();
                let parts = parts.map(|part| json!({ "body": part["body"], "public": part["part_type"] == "comment" }));
                [first].into_iter().chain(parts).collect()
            }),
        };
        let text = |one: &Value| one.get("html_body").or(one.get("body")).unwrap().as_str().unwrap().to_owned();
        let is_public = |one: &Value| one["public"] == true || one["private"] == false;
        list.iter().map(|one| (text(one), is_public(one))).collect()
    }

    /// Name and bytes of what came along.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        match self {
            Self::Zendesk(zendesk) => {
                let used = |state: &mut zendesk::State| {
                    state
                        .uploads
                        .values()
                        .filter(|upload| upload.2)
                        .map(|(name, bytes, _)| (name.clone(), bytes.clone()))
                        .collect()
                };
                zendesk.with(used)
            }
            Self::Freshdesk(freshdesk) => freshdesk.with(|state| state.files.values().flatten().cloned().collect()),
            Self::Intercom(_) => Vec::new(),
        }
    }

    /// An agent there answers, with a link, leaves a note, and has it solved.
    pub fn work(&self) {
        let text = "See <b>this</b>: [page](https://docs.example/4.2?a=1&b=2)";
        match self {
            Self::Zendesk(zendesk) => zendesk.with(|state| {
                state.work(text, true, "open");
                state.work("Customer is angry", false, "solved");
            }),
            Self::Freshdesk(freshdesk) => freshdesk.with(|state| {
                let html = r#"See <b>this</b>: <a href="https://docs.example/4.2?a=1&amp;b=2">page</a>"#;
                state.work("See this: page", html, true, 2);
                state.work("Customer is angry", "Customer is angry", false, 4);
            }),
            Self::Intercom(intercom) => intercom.with(|state| {
                let html = r#"<p>See <b>this</b>: <a href="https://docs.example/4.2?a=1&amp;b=2">page</a></p>"#;
                state.work(html, true, "open");
                state.work("<p>Customer is angry</p>", false, "closed");
            }),
        }
    }

    pub fn set_clock(&self, now: Timestamp) {
        match self {
            Self::Zendesk(zendesk) => zendesk.with(|state| state.now = now),
            Self::Freshdesk(freshdesk) => freshdesk.with(|state| state.now = now),
            Self::Intercom(intercom) => intercom.with(|state| state.now = now),
        }
    }
}
