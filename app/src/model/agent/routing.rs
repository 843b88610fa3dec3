//! What routing made of a ticket, as its page shows it.

use super::Clock;

/// What routing made of a ticket.
#[derive(Debug, Clone, Default)]
pub struct Routing {
    pub promises: Vec<PromiseRow>,
    /// What is done next, and when, in words.
    pub next_step: Option<String>,
    /// What was decided, how, and why: in the words of the rules.
    pub why: Vec<(String, String, String)>,
}

/// Something that was promised.
#[derive(Debug, Clone)]
pub struct PromiseRow {
    pub label: String,
    pub clock: Clock,
    /// `3 h of 8 h used`
    pub used: String,
    /// When it is due (RFC 3339).
    pub due: Option<String>,
}
