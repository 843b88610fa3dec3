//! Answers that agents give often: `[tickets.macros]`.

use app::words::fill;

use super::Ticket;

/// A macro's text for this ticket: `{name}` is the requester, `{number}` the ticket's, `{agent}` who answers.
pub fn filled(text: &str, ticket: &Ticket, agent: &str) -> String {
    filled_for(text, ticket.name.as_deref(), &ticket.number.to_string(), agent)
}

/// The same for somebody who has no ticket yet.
pub fn filled_for(text: &str, name: Option<&str>, number: &str, agent: &str) -> String {
    let name = name.unwrap_or_default();
    let text = fill(text, &[("name", name), ("number", number), ("agent", agent)]);
    // Of a requester without a name nothing is left: "Hello {name}," becomes "Hello,".
    if name.is_empty() { text.replace(" ,", ",") } else { text }
}
