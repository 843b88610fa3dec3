//! How urgent a ticket is: the form's priority, raised or lowered line by line.

use app::model::Priority;

use super::node::Node;
use super::outcome::Fired;
use super::reader::Reader;
use super::when::{Case, When};
use crate::content::Position;

const CHANGES: &[&str] = &["set", "at_least", "raise", "lower"];

/// What one line does to the priority.
#[derive(Debug, Clone)]
pub struct Adjustment {
    pub when: When,
    pub change: Change,
    pub(super) at: Position,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Set(Priority),
    AtLeast(Priority),
    Raise(u8),
    Lower(u8),
}

impl Change {
    pub fn of(self, priority: Priority) -> Priority {
        match self {
            Self::Set(it) => it,
            Self::AtLeast(it) => it.max(priority),
            Self::Raise(by) => moved(priority, i16::from(by)),
            Self::Lower(by) => moved(priority, -i16::from(by)),
        }
    }
}

/// Higher by so much, as far as there are priorities.
fn moved(priority: Priority, by: i16) -> Priority {
    let last = i16::try_from(Priority::ALL.len() - 1).expect("there are four");
    Priority::ALL[usize::try_from((priority as i16 + by).clamp(0, last)).expect("it is not below 0")]
}

/// The case's priority after all lines that fit, in their order.
pub(super) fn adjust(case: &mut Case<'_>, why: &mut Vec<Fired>) {
    why.push(Fired::new("priority", case.priority.name(), format!("the form {} begins so", case.facts.form)));
    for adjustment in &case.rules.priorities {
        let Some(saw) = adjustment.when.fits(case) else { continue };
        let after = adjustment.change.of(case.priority);
        let saw = if after == case.priority { format!("{saw}; it is so already") } else { saw };
        case.priority = after;
        why.push(Fired::new("priority", after.name(), saw).at(adjustment.at));
    }
}

impl Adjustment {
    pub(super) fn read(reader: &mut Reader, node: &Node) -> Option<Self> {
        let what = "A line of `priorities`";
        let fields = reader.fields(node, what, &[&["when"], CHANGES].concat());
        let when = When::read_of(reader, &fields);
        let mut changes = Vec::new();
        for (key, node) in CHANGES.iter().filter_map(|key| Some((key, fields.get(key)?))) {
            changes.push(change(reader, node, key));
        }
        if changes.len() != 1 {
            let cure = "Write one of `set: high`, `at_least: high`, `raise: 1`, `lower: 1`.";
            reader.fault(
                "missing-key",
                node.at,
                format!("{what} does {} things to the priority.", changes.len()),
                cure,
            );
        }
        Some(Self { when, change: changes.into_iter().flatten().next()?, at: node.at })
    }
}

fn change(reader: &mut Reader, node: &Node, key: &str) -> Option<Change> {
    if let "raise" | "lower" = key {
        let by = steps(reader, node, key)?;
        return Some(if key == "raise" { Change::Raise(by) } else { Change::Lower(by) });
    }
    let name = reader.text(node, &format!("`{key}`"))?;
    let priority = reader.priority(&name)?;
    Some(if key == "set" { Change::Set(priority) } else { Change::AtLeast(priority) })
}

/// From 1 to 3, as there are four priorities.
pub(super) fn steps(reader: &mut Reader, node: &Node, key: &str) -> Option<u8> {
    let what = format!("`{key}`");
    let cure = "Write how far, from 1 to 3.";
    let by: u8 = reader.parsed(node, &what, cure)?;
    let is_known = (1..=3).contains(&by);
    if !is_known {
        reader.refuse(node.at, &what, by, cure);
    }
    is_known.then_some(by)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_priority_moves_as_far_as_there_are_some() {
        use Priority::{High, Low, Normal, Urgent};
        let check = |change: Change, from, expect| assert_eq!(change.of(from), expect, "{change:?} of {from:?}");
        check(Change::Raise(1), Normal, High);
        check(Change::Raise(3), High, Urgent);
        check(Change::Lower(1), Low, Low);
        check(Change::Lower(2), Urgent, Normal);
        check(Change::Set(Low), Urgent, Low);
        check(Change::AtLeast(High), Normal, High);
        check(Change::AtLeast(High), Urgent, Urgent);
    }
}
