//! Agents and the groups they work in: what they know, which languages they speak, when they are there.

use super::node::{Name, Node};
use super::reader::Reader;
use super::when::Kind;

/// Open tickets of an agent who says no other number.
const CAPACITY: u32 = 20;

#[derive(Debug, Clone)]
pub struct Agent {
    /// In small letters.
    pub email: Name,
    pub skills: Vec<Name>,
    /// BCP 47 tags; without any, all.
    pub locales: Vec<Name>,
    /// Else the group's.
    pub calendar: Option<Name>,
    /// Open tickets beyond which no more are given.
    pub capacity: u32,
}

#[derive(Debug, Clone)]
pub struct Group {
    pub name: Name,
    pub agents: Vec<Name>,
    /// When its agents work; without one, always.
    pub calendar: Option<Name>,
}

impl Agent {
    pub(super) fn read(reader: &mut Reader, name: &Name, node: &Node) -> Self {
        let what = format!("The agent `{name}`");
        if !name.text.contains('@') {
            let cure = "Write the e-mail address of the agent's account.";
            reader.fault("bad-value", name.at, format!("`{name}` is no e-mail address."), cure);
        }
        let fields = reader.fields(node, &what, &["skills", "locales", "calendar", "capacity"]);
        let capacity = fields.get("capacity").and_then(|node| reader.count(node, "`capacity`"));
        Self {
            email: folded(name.clone()),
            skills: reader.texts_of(&fields, "skills"),
            locales: reader.texts_of(&fields, "locales"),
            calendar: reader.text_of(&fields, "calendar"),
            capacity: capacity.unwrap_or(CAPACITY),
        }
    }
}

impl Group {
    pub(super) fn read(reader: &mut Reader, name: &Name, node: &Node) -> Self {
        let what = format!("The group `{name}`");
        let fields = reader.fields(node, &what, &["agents", "calendar"]);
        let cure = "Write them, as `agents: [ada@example.com]`.";
        let agents = reader.needed(&fields, "agents", &what, cure).map(|node| reader.texts(node, "`agents`"));
        let agents = agents.unwrap_or_default().into_iter().map(folded).collect();
        Self { name: name.clone(), agents, calendar: reader.text_of(&fields, "calendar") }
    }

    pub(super) fn names<'n>(&'n self, into: &mut Vec<(Kind, &'n Name)>) {
        into.extend(self.agents.iter().map(|name| (Kind::Agent, name)));
        into.extend(self.calendar.iter().map(|name| (Kind::Calendar, name)));
    }
}

/// Addresses are compared in small letters.
pub(super) fn folded(name: Name) -> Name {
    Name { text: name.text.to_lowercase(), ..name }
}
