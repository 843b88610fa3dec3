//! Answers that agents give often: `[tickets.macros]`.

use app::words::fill;

use super::Ticket;

/// A macro's text for this ticket: `{name}` is the requester, `{number}` the ticket's, `{agent}` who answers.
pub fn filled(text: &str, ticket: &Ticket, agent: &str) -> String {
    let name = ticket.name.as_deref().unwrap_or_default();
    let text = fill(text, &[("name", name), ("number", &ticket.number.to_string()), ("agent", agent)]);
    // Of a requester without a name nothing is left: "Hello {name}," becomes "Hello,".
    if name.is_empty() { text.replace(" ,", ",") } else { text }
}
