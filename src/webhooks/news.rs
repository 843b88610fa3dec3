//! What desks tell of tickets.

use jiff::Timestamp;

/// How a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    New,
    Open,
    Pending,
    Solved,
    Closed,
}

impl TryFrom<String> for Status {
    type Error = ();

    fn try_from(name: String) -> Result<Self, ()> {
        Ok(match name.as_str() {
            "new" => Self::New,
            "open" => Self::Open,
            "pending" => Self::Pending,
            "solved" => Self::Solved,
            "closed" => Self::Closed,
            _ => return Err(()),
        })
    }
}

/// What a desk tells of a ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct News {
    /// The sink's name: `zendesk`, `connector.NAME`.
    pub desk: String,
    /// What the desk calls the ticket.
    pub remote_id: String,
    /// What we call it, where the desk says so.
    pub ticket: Option<String>,
    pub status: Option<Status>,
    /// What an agent there told the requester, or other agents.
    pub comment: Option<Comment>,
    /// By the desk's clock.
    pub at: Timestamp,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Comment {
    /// What the desk calls it: heard twice it is said once.
    pub remote_id: String,
    pub text: String,
    pub public: bool,
    pub name: Option<String>,
}

/// What became of news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    Applied,
    /// Something newer was heard before.
    Stale,
    /// None of our tickets.
    Unknown,
}
