//! The agents' portal: the queue, and one ticket with all that is known of it.

mod alerts;
mod routing;
mod talk;

use super::{Marked, Priority, Status};

pub use alerts::{AlertAbout, AlertRow, AlertsPage, MuteRow};
pub use routing::{PromiseRow, Routing};
pub use talk::{ByMail, FileRow, Said, Talk, Voice};

/// The styles and the script of the portal, and where it hears of changes.
#[derive(Debug, Clone)]
pub struct Portal {
    pub stylesheet_url: String,
    pub script_url: String,
    /// Server-sent events.
    pub events_url: String,
    /// The rules know alerts.
    pub has_alerts: bool,
    /// Signed in with an admin's account.
    pub is_admin: bool,
    /// Questions and replies that wait for a look; none where readers cannot ask in public.
    pub questions: Option<usize>,
}

/// A way to narrow the queue.
#[derive(Debug, Clone)]
pub struct QueueTab {
    pub label: String,
    pub url: String,
    pub count: Option<usize>,
    pub current: bool,
}

/// One option of a form.
#[derive(Debug, Clone)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

#[derive(Debug, Clone)]
pub struct QueuePage {
    pub statuses: Vec<QueueTab>,
    pub owners: Vec<QueueTab>,
    pub filter: QueueFilter,
    pub find: QueueFind,
    /// Whoever looks said that they are not there.
    pub away: bool,
    pub rows: Vec<QueueRow>,
    /// Counts from 1.
    pub page: u32,
    pub previous_url: Option<String>,
    pub next_url: Option<String>,
}

/// The search above the queue.
#[derive(Debug, Clone)]
pub struct QueueFind {
    /// Empty while nothing is searched for.
    pub query: String,
    /// Not all tickets are read yet.
    pub reading: bool,
    /// The queue itself.
    pub queue_url: String,
}

/// What the form above the queue says.
#[derive(Debug, Clone)]
pub struct QueueFilter {
    pub forms: Vec<Choice>,
    pub priorities: Vec<Choice>,
    pub classes: Vec<Choice>,
    /// Empty where there are none.
    pub groups: Vec<Choice>,
    pub orders: Vec<Choice>,
    pub tag: String,
    /// What the tabs chose, sent along.
    pub kept: Vec<(&'static str, String)>,
    /// Something of it is chosen; where nothing of it is.
    pub clear_url: Option<String>,
}

#[derive(Debug, Clone)]
pub struct QueueRow {
    pub number: i64,
    pub url: String,
    pub subject: String,
    pub requester: String,
    pub plan: Option<String>,
    pub status: Status,
    pub priority: Priority,
    /// What it is about, unless nothing said so.
    pub class: Option<String>,
    pub assignee: Option<String>,
    pub group: Option<String>,
    pub tags: Vec<String>,
    /// `3 h`
    pub waits: String,
    /// The time itself (RFC 3339).
    pub since: String,
    pub clock: Option<Clock>,
    /// A desk did not take something of it.
    pub is_undelivered: bool,
}

/// What was promised, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    pub text: String,
    pub state: ClockState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockState {
    Fine,
    /// Within the next hour.
    Soon,
    Overdue,
}

#[derive(Debug, Clone)]
pub struct TicketPage {
    pub number: i64,
    /// Of this page, and the beginning of what its forms are sent to.
    pub url: String,
    pub subject: String,
    pub status: Status,
    pub clock: Option<Clock>,
    /// What the forms send back, so that a change meanwhile is noticed.
    pub seen: i64,
    /// What was done just now.
    pub notice: Option<String>,
    /// Why nothing was done.
    pub refusal: Option<String>,
    pub links: Vec<TicketLink>,
    pub talk: Vec<Talk>,
    pub reply: ReplyForm,
    pub find: Finds,
    pub standing: Standing,
    pub routing: Routing,
    /// What is known of the requester: name and value.
    pub requester: Vec<(String, String)>,
    /// Answers to the form's own questions.
    pub fields: Vec<(String, String)>,
    pub clues: Vec<ClueRow>,
    pub earlier: Vec<TicketLink>,
    /// Other desks: name, how it is there, address there.
    pub places: Vec<(String, String, Option<String>)>,
    pub undelivered: Vec<Undelivered>,
    pub mail: Option<MailTrouble>,
    pub is_merged: bool,
    /// Nobody is told of it; nothing where there are no rules.
    pub muted: Option<bool>,
    pub stub_url: String,
}

/// Why mail does not reach the requester.
#[derive(Debug, Clone)]
pub struct MailTrouble {
    pub text: String,
    /// In the words of who told.
    pub detail: Option<String>,
    /// Nothing is sent any more, until an agent allows it again.
    pub is_final: bool,
}

/// What a desk did not take.
#[derive(Debug, Clone)]
pub struct Undelivered {
    /// Of the dead letter.
    pub id: String,
    /// Which desk, and when.
    pub text: String,
    /// In the vendor's words.
    pub reason: String,
}

/// A way to another ticket.
#[derive(Debug, Clone)]
pub struct TicketLink {
    pub url: String,
    pub number: i64,
    /// What it is to this one, or its subject.
    pub label: String,
    pub status: Option<Status>,
    pub when: Option<String>,
}

#[derive(Debug, Clone)]
pub struct ReplyForm {
    pub text: String,
    pub is_note: bool,
    pub statuses: Vec<Choice>,
    /// Name and filled text.
    pub macros: Vec<(String, String)>,
    /// Most files, most megabytes of one; nothing where none may be sent.
    pub files: Option<(usize, usize)>,
    pub longest: usize,
}

/// What the search for answers found.
#[derive(Debug, Clone, Default)]
pub struct Finds {
    pub query: String,
    /// Whose articles are searched, in words.
    pub viewer: String,
    pub articles: Vec<ArticleFind>,
    pub tickets: Vec<TicketFind>,
    /// Not all past tickets are read yet.
    pub reading: bool,
}

#[derive(Debug, Clone)]
pub struct ArticleFind {
    pub id: String,
    pub title: Marked,
    pub url: String,
    pub snippet: Marked,
    /// Markdown to insert.
    pub as_link: String,
    pub as_text: String,
}

#[derive(Debug, Clone)]
pub struct TicketFind {
    pub link: TicketLink,
    /// What an agent answered last.
    pub answer: Option<String>,
}

/// The form for how a ticket stands.
#[derive(Debug, Clone)]
pub struct Standing {
    pub statuses: Vec<Choice>,
    pub priorities: Vec<Choice>,
    pub assignees: Vec<Choice>,
    pub classes: Vec<Choice>,
    /// Empty where there are none.
    pub groups: Vec<Choice>,
    pub tags: String,
    /// It looks like spam, and nobody was told of it.
    pub held: bool,
    /// Assigned to whoever looks.
    pub is_mine: bool,
}

/// A step of the reader's, or a fact.
#[derive(Debug, Clone)]
pub struct ClueRow {
    pub kind: String,
    /// `4 min before`; facts have none.
    pub when: Option<String>,
    pub text: String,
}
