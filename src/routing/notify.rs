//! Who is told: people by their addresses, channels of delivery by their names.

use jiff::Timestamp;

use super::node::Name;
use super::rules::Rules;
use super::when::Kind;

/// Whoever has the ticket.
const ASSIGNEE: &str = "assignee";

/// Is it a channel of delivery, as `signpost outbox list` names it?
pub fn is_channel(name: &str) -> bool {
    name == "slack" || ["webhook.", "connector."].iter().any(|section| name.starts_with(section))
}

/// Those behind names, each once: e-mail addresses and channels.
pub(super) fn told<'n>(
    rules: &Rules,
    names: impl IntoIterator<Item = &'n str>,
    assignee: Option<&str>,
    at: Timestamp,
) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for name in names.into_iter().flat_map(|name| behind(rules, name, assignee, at)) {
        if !told.contains(&name) {
            told.push(name);
        }
    }
    told
}

/// The assignee's address, an agent's, all of a group's, that of whoever is on call then; or the channel itself.
fn behind(rules: &Rules, name: &str, assignee: Option<&str>, at: Timestamp) -> Vec<String> {
    if name == ASSIGNEE {
        return assignee.map(str::to_owned).into_iter().collect();
    }
    if let Some(group) = rules.groups.get(name) {
        return group.agents.iter().map(|agent| agent.text.clone()).collect();
    }
    match rules.on_call.get(name) {
        Some(rotation) => rotation.turn(at).map(|turn| turn.agent.to_owned()).into_iter().collect(),
        None if is_channel(name) => vec![name.to_owned()],
        None => vec![name.to_lowercase()],
    }
}

/// The names to look up, where one ticket is at stake.
pub(super) fn names_for_ticket<'n>(notify: &'n [Name], into: &mut Vec<(Kind, &'n Name)>) {
    into.extend(notify.iter().filter(|name| name.text != ASSIGNEE).map(kind));
}

/// The same where none is, and so nobody has it.
pub(super) fn names<'n>(notify: &'n [Name], into: &mut Vec<(Kind, &'n Name)>) {
    into.extend(notify.iter().map(kind));
}

fn kind(name: &Name) -> (Kind, &Name) {
    (if is_channel(name.as_str()) { Kind::Channel } else { Kind::Recipient }, name)
}
