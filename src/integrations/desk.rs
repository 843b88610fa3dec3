//! What a desk is told of a ticket: the deed that lies in the outbox, and what a connector's template sees.

use std::path::PathBuf;

use app::model::{Clue, Priority};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

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
