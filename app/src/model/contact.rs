//! The ways to a person, and what a reader sends on one of them.

use super::{ArticleLink, Author, Rating, Status};

/// Every way there is, for this reader.
#[derive(Debug, Clone)]
pub struct ContactPage {
    pub ways: Vec<Way>,
    /// When people are there.
    pub hours: Option<String>,
    /// The requests of a reader whom the host signed in.
    pub requests_url: Option<String>,
    /// A draft was closed by an answer just now.
    pub answered: bool,
}

#[derive(Debug, Clone)]
pub struct Way {
    pub title: String,
    pub about: Option<String>,
    pub url: String,
}

/// A form, empty or with what was written before.
#[derive(Debug, Clone)]
pub struct FormPage {
    pub title: String,
    pub about: Option<String>,
    pub action_url: String,
    pub contact_url: String,
    pub fields: Vec<FieldRow>,
    /// Who asks, where the host says it.
    pub asked_as: Option<String>,
    /// What goes along unseen: the page the reader came from, the draft.
    pub hidden: Vec<(&'static str, String)>,
    /// Why it goes no further, where no field is at fault.
    pub fault: Option<String>,
}

#[derive(Debug, Clone)]
pub struct FieldRow {
    pub name: String,
    pub label: String,
    pub help: Option<String>,
    pub kind: FieldKind,
    pub value: String,
    pub required: bool,
    /// What the browser may fill in: `name`, `email`.
    pub autocomplete: Option<&'static str>,
    /// What is wrong with it.
    pub fault: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    Line,
    Email,
    Text,
    Choice(Vec<String>),
    Tick,
}

/// A draft before it is sent: what may answer it, and what goes along.
#[derive(Debug, Clone)]
pub struct ReviewPage {
    pub title: String,
    pub subject: String,
    pub text: String,
    pub edit_url: String,
    pub action_url: String,
    pub proposals: Vec<ArticleLink>,
    pub pieces: Vec<PieceRow>,
    /// How many files, and megabytes of each; none where files are not taken.
    pub files: Option<(usize, usize)>,
    /// Why it was not sent.
    pub fault: Option<String>,
    /// What the browser has to do before it is sent.
    pub work: Option<Work>,
}

/// A number to be found: with it behind the challenge and a dot, the hash (SHA-256) begins with so many zero bits.
#[derive(Debug, Clone)]
pub struct Work {
    pub challenge: String,
    pub bits: u32,
    pub script_url: String,
}

/// Something an agent should know, with a box to tick.
#[derive(Debug, Clone)]
pub struct PieceRow {
    pub id: String,
    /// When, as a reader says it.
    pub when: Option<String>,
    pub text: String,
    pub ticked: bool,
}

/// What a requester sees of a ticket.
#[derive(Debug, Clone)]
pub struct RequestPage {
    pub number: i64,
    pub subject: String,
    pub status: Status,
    pub opened: String,
    pub messages: Vec<SaidRow>,
    /// What was sent along.
    pub sent_along: Vec<PieceRow>,
    pub action_url: String,
    pub files: Option<(usize, usize)>,
    /// Where it goes on once it is closed.
    pub follow_url: String,
    /// It was sent just now: where the answer goes, if anywhere but here.
    pub just_sent: Option<String>,
    pub rating: Option<Rating>,
    /// Why the last answer was not taken, and its text.
    pub fault: Option<(String, String)>,
    pub requests_url: Option<String>,
}

/// Something that was said, as its reader sees it.
#[derive(Debug, Clone)]
pub struct SaidRow {
    pub author: Author,
    /// Who, as shown.
    pub name: String,
    pub when: String,
    /// Safe HTML of an agent's Markdown; plain text of a requester's.
    pub text: Said,
    pub files: Vec<FileRow>,
}

#[derive(Debug, Clone)]
pub enum Said {
    Html(String),
    Plain(String),
}

#[derive(Debug, Clone)]
pub struct FileRow {
    pub name: String,
    pub url: String,
    /// `1.2 MB`.
    pub size: String,
}

/// The requests of a reader whom the host signed in.
#[derive(Debug, Clone)]
pub struct RequestsPage {
    pub requests: Vec<RequestRow>,
    pub contact_url: String,
}

#[derive(Debug, Clone)]
pub struct RequestRow {
    pub number: i64,
    pub subject: String,
    pub status: Status,
    pub updated: String,
    pub url: String,
}
