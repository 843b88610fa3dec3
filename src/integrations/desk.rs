//! What a desk is told of a ticket: the deed that lies in the outbox, and what a connector's template sees. And the
//! desks themselves, one vendor, one file.

pub mod html;
mod line;
mod told;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use app::model::{Clue, Priority};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::freshdesk::Freshdesk;
use super::http::{Caller, Request};
use super::intercom::Intercom;
use super::zendesk::Zendesk;
use super::{Desks, Errand, Failure, Limits};

pub use line::{Line, PATIENCE, timeout};
pub use told::{Comment, PAGES, Told, time};

/// Where tickets go as well.
#[derive(Debug)]
pub enum Desk {
    Freshdesk(Freshdesk),
    Intercom(Intercom),
    Zendesk(Zendesk),
}

impl Desk {
    /// Those that the settings name.
    pub fn each(desks: &Desks) -> Vec<(&'static str, Result<Self>)> {
        let zendesk = desks.zendesk.as_ref().map(|settings| ("zendesk", Zendesk::new(settings).map(Self::Zendesk)));
        let freshdesk =
            desks.freshdesk.as_ref().map(|settings| ("freshdesk", Freshdesk::new(settings).map(Self::Freshdesk)));
        let intercom =
            desks.intercom.as_ref().map(|settings| ("intercom", Intercom::new(settings).map(Self::Intercom)));
        zendesk.into_iter().chain(freshdesk).chain(intercom).collect()
    }

    pub fn limits(&self) -> Limits {
        let per_second = match self {
            Self::Freshdesk(freshdesk) => freshdesk.per_second(),
            Self::Intercom(intercom) => intercom.per_second(),
            Self::Zendesk(zendesk) => zendesk.per_second(),
        };
        Limits { events: 1, bytes: 0, per_second, linger: Duration::ZERO }
    }

    pub fn secrets(&self) -> Vec<SecretString> {
        match self {
            Self::Freshdesk(freshdesk) => freshdesk.secrets(),
            Self::Intercom(intercom) => intercom.secrets(),
            Self::Zendesk(zendesk) => zendesk.secrets(),
        }
    }

    /// What it is asked when nothing went wrong before and no file goes along, without secrets. `ID` stands where the
    /// desk's own id of the ticket will.
    ///
    /// # Errors
    /// A deed that is none of a ticket.
    pub fn shown(&self, key: &str, deed: &Value) -> Result<String, Failure> {
        let deed = Deed::of(deed)?;
        let requests = match self {
            Self::Freshdesk(freshdesk) => freshdesk.requests(key, "ID", &deed),
            Self::Intercom(intercom) => intercom.requests("ID", &deed),
            Self::Zendesk(zendesk) => zendesk.requests(key, "ID", &deed),
        };
        Ok(requests?.iter().map(Request::shown).collect::<Vec<_>>().join("\n\n"))
    }

    /// Does what the errand asks, however much of it an earlier attempt did.
    ///
    /// # Errors
    /// Why it was not done.
    pub async fn send(&self, caller: &Caller, errand: &mut Errand, now: Timestamp) -> Result<(), Failure> {
        let deed = Deed::of(&errand.deed)?;
        let line = |timeout| Line { caller, timeout, now };
        match self {
            Self::Freshdesk(freshdesk) => freshdesk.send(&line(freshdesk.timeout()), errand, &deed).await,
            Self::Intercom(intercom) => intercom.send(&line(intercom.timeout()), errand, &deed).await,
            Self::Zendesk(zendesk) => zendesk.send(&line(zendesk.timeout()), errand, &deed).await,
        }
    }
}

/// Something happened to a ticket that the desk shall know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Deed {
    /// A reader sent it.
    #[serde(rename = "ticket.opened")]
    Opened(Box<Opened>),
    /// Its requester said more.
    #[serde(rename = "ticket.answered")]
    Answered(Box<Answered>),
    /// The desk said that it changed there: it is asked how it stands now.
    #[serde(rename = "ticket.changed")]
    Changed(Changed),
}

impl Deed {
    /// Our id of the ticket.
    pub fn ticket(&self) -> &str {
        match self {
            Self::Opened(opened) => &opened.ticket,
            Self::Answered(answered) => &answered.ticket,
            Self::Changed(changed) => &changed.ticket,
        }
    }

    /// # Errors
    /// What is no such deed.
    fn of(deed: &Value) -> Result<Self, Failure> {
        Self::deserialize(deed).map_err(|cause| {
            Failure::refused(format!("a desk takes what happened to a ticket, and this is not: {cause}"))
        })
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    /// Our id of it, which the desk keeps beside its own: no second ticket is made for it.
    pub ticket: String,
    /// What people say.
    pub number: i64,
    pub form: String,
    pub subject: String,
    /// Plain text.
    pub text: String,
    pub priority: Priority,
    pub tags: Vec<String>,
    /// What it is about, and who shall have it, as `routing.yml` names them.
    #[serde(default)]
    pub class: Option<String>,
    #[serde(default)]
    pub group: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    /// The host's id of a reader it signed in.
    pub reader: Option<String>,
    pub plan: Option<String>,
    pub locale: String,
    /// Answers to the form's own questions.
    pub fields: Map<String, Value>,
    /// What the reader let travel.
    pub dossier: Vec<Clue>,
    /// The ticket in our own portal, for agents.
    pub url: String,
    pub files: Vec<File>,
    /// Milliseconds since 1970-01-01 UTC.
    pub at: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    pub ticket: String,
    /// Our id of what was said.
    pub message: String,
    /// Plain text.
    pub text: String,
    pub name: Option<String>,
    pub email: Option<String>,
    pub files: Vec<File>,
    pub at: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    pub ticket: String,
    /// What the desk calls it.
    pub remote_id: String,
}

/// A file that goes with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct File {
    /// What its sender called it.
    pub name: String,
    pub media_type: String,
    pub bytes: u64,
    /// Where it lies here.
    pub path: PathBuf,
}

impl Opened {
    /// The desk's own group for ours, where its settings name one.
    pub fn group_of(&self, groups: &BTreeMap<String, i64>) -> Option<i64> {
        groups.get(self.group.as_deref()?).copied()
    }

    /// What a field of the desk shall hold: the answer to a question of the form, or what is known otherwise.
    pub fn field(&self, name: &str) -> Option<Value> {
        let known = match name {
            "ticket" => Some(self.ticket.as_str()),
            "form" => Some(self.form.as_str()),
            "plan" => self.plan.as_deref(),
            "locale" => Some(self.locale.as_str()),
            "reader" => self.reader.as_deref(),
            "class" => self.class.as_deref(),
            "group" => self.group.as_deref(),
            _ => None,
        };
        self.fields.get(name).cloned().or_else(|| known.map(Value::from))
    }

    /// Whoever gave no name is called by the address.
    pub fn caller_name(&self) -> Option<&str> {
        self.name.as_deref().or(self.email.as_deref())
    }
}

impl File {
    /// Its bytes; none when it is kept no longer.
    ///
    /// # Errors
    /// A file that cannot be read now.
    pub async fn read(&self) -> Result<Option<Vec<u8>>, Failure> {
        match tokio::fs::read(&self.path).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(Failure::unreached(format!("cannot read the attachment {}: {cause}", self.name))),
        }
    }
}
