//! What a desk says of a ticket when it is asked: how it stands there, and what was said.

use app::model::Status;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Pages of what was said that are read, at 100 entries each.
pub const PAGES: usize = 10;

/// A ticket as a desk has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    pub remote_id: String,
    pub status: Option<Status>,
    /// When it last changed, by the desk's clock, in milliseconds since 1970-01-01 UTC.
    pub at: i64,
    pub comments: Vec<Comment>,
}

/// What an agent there told the requester, or other agents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comment {
    /// What the desk calls it: heard twice it is said once.
    pub remote_id: String,
    pub text: String,
    pub public: bool,
    pub name: Option<String>,
    /// By the desk's clock, in milliseconds since 1970-01-01 UTC.
    pub at: i64,
}

/// A time as desks write it (RFC 3339), in milliseconds since 1970-01-01 UTC.
pub fn time(value: &Value) -> Option<i64> {
    Some(value.as_str()?.parse::<jiff::Timestamp>().ok()?.as_millisecond())
}
