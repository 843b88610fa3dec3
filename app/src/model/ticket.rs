//! What readers ask people, and how it stands.

use serde::{Deserialize, Serialize};

/// How a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Nobody has looked at it yet.
    New,
    /// Waits for an agent.
    Open,
    /// Waits for the requester.
    Pending,
    /// Done, unless the requester says it is not.
    Solved,
    /// Done for good: what follows is another ticket.
    Closed,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    Low,
    #[default]
    Normal,
    High,
    Urgent,
}

/// Who says something in a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Author {
    Requester,
    Agent,
    /// The program: it was merged, solved, assigned.
    System,
}

/// How a ticket came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// By a form of the help center.
    #[default]
    Portal,
    Mail,
    Chat,
    /// From another desk.
    Desk,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rating {
    Good,
    Bad,
}

/// Something an agent should know, which the reader let travel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clue {
    /// The event's kind, or the fact's name: `search_performed`, `plan`, `device`.
    pub kind: String,
    /// When, in milliseconds since 1970-01-01 UTC; facts have no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<i64>,
    /// In the reader's language, as the reader saw it.
    pub text: String,
}

/// The same word on the wire, in the database and in an address.
macro_rules! named {
    ($type:ident { $($variant:ident = $name:literal,)* }) => {
        impl $type {
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }

        impl TryFrom<String> for $type {
            type Error = String;

            fn try_from(name: String) -> Result<Self, String> {
                let known = Self::ALL.iter().find(|known| known.name() == name).copied();
                known.ok_or_else(|| format!("{name:?} is not one of {}", [$($name),*].join(", ")))
            }
        }
    };
}

pub(super) use named;

named!(Status { New = "new", Open = "open", Pending = "pending", Solved = "solved", Closed = "closed", });
named!(Priority { Low = "low", Normal = "normal", High = "high", Urgent = "urgent", });
named!(Author { Requester = "requester", Agent = "agent", System = "system", });
named!(Channel { Portal = "portal", Mail = "mail", Chat = "chat", Desk = "desk", });
named!(Rating { Good = "good", Bad = "bad", });
