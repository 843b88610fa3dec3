//! What `routing.yml` says.

mod names;

use std::collections::BTreeMap;

use super::Files;
use super::alert::{self, Alert};
use super::calendar::Calendar;
use super::class::Class;
use super::escalation::{self, Escalation};
use super::group::{Agent, Group};
use super::node::{self, Name, Node};
use super::on_call::Rotation;
use super::priority::Adjustment;
use super::reader::{Fields, Reader};
use super::rule::Rule;
use super::sla::Agreement;
use super::words::Words;
use crate::content::Problem;

pub use names::Known;

/// The classes of who says none.
const USUAL: &str = include_str!("usual.yml");
/// The angry words of who says none.
const ANGRY: &str = include_str!("angry.yml");

const KEYS: &[&str] = &[
    "agents",
    "alerts",
    "angry",
    "calendars",
    "classes",
    "escalations",
    "groups",
    "on_call",
    "priorities",
    "rules",
    "sla",
    "vips",
];

/// Everything routing goes by.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    pub calendars: BTreeMap<String, Calendar>,
    /// By e-mail address in small letters.
    pub agents: BTreeMap<String, Agent>,
    pub groups: BTreeMap<String, Group>,
    /// In the order of the file, as all lists here.
    pub classes: Vec<Class>,
    /// E-mail addresses, or `*@host`.
    pub vips: Vec<Name>,
    /// Words of people who are angry.
    pub(super) angry: Words,
    pub priorities: Vec<Adjustment>,
    pub rules: Vec<Rule>,
    pub sla: Vec<Agreement>,
    pub escalations: Vec<Escalation>,
    pub on_call: BTreeMap<String, Rotation>,
    pub alerts: Vec<Alert>,
}

impl Rules {
    /// Without a file tickets get a class, and nothing else.
    pub fn usual() -> Self {
        Self { classes: usual(), angry: usually_angry(), ..Self::default() }
    }

    /// Reads the text of `name`; `file` gives the files of holidays it names. Warnings leave rules behind, errors do
    /// not; both are added to `problems`, all at once.
    pub fn read(name: &str, text: &str, file: &Files<'_>, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut reader = Reader::new(name);
        let rules = match node::parse(text) {
            Ok(node) => {
                let rules = Self::of(&mut reader, &node, file);
                rules.check_names(&mut reader);
                Some(rules)
            }
            Err(broken) => {
                let message = format!("The file cannot be read: {}.", broken.reason);
                reader.fault("bad-yaml", broken.at, message, "Correct it there, or a little above.");
                None
            }
        };
        let is_good = !reader.has_errors();
        reader.problems.sort_by_key(|problem| (problem.file != name, problem.position));
        problems.append(&mut reader.problems);
        rules.filter(|_| is_good)
    }

    fn of(reader: &mut Reader, node: &Node, file: &Files<'_>) -> Self {
        let fields = reader.fields(node, "The file", KEYS);
        let vips = reader.texts_of(&fields, "vips");
        let classes = match fields.get("classes") {
            Some(_) => named(reader, &fields, "classes", Class::read).into_iter().map(|(_, class)| class).collect(),
            None => usual(),
        };
        let angry = fields.get("angry").map(|node| Words::read(reader, node, "`angry`"));
        let calendar =
            |reader: &mut Reader, name: &Name, node: &Node| Calendar::read(reader, name.as_str(), node, file);
        let agents = named(reader, &fields, "agents", Agent::read).into_iter().map(|(_, agent)| agent);
        let mut escalations =
            listed(reader, &fields, "escalations", |reader, node| Some(Escalation::read(reader, node)));
        escalation::number(&mut escalations);
        let alerts = listed(reader, &fields, "alerts", Alert::read);
        alert::check_names(reader, &alerts);
        Self {
            calendars: named(reader, &fields, "calendars", calendar).into_iter().collect(),
            agents: agents.map(|agent| (agent.email.text.clone(), agent)).collect(),
            groups: named(reader, &fields, "groups", Group::read).into_iter().collect(),
            classes,
            vips,
            angry: angry.unwrap_or_else(usually_angry),
            priorities: listed(reader, &fields, "priorities", Adjustment::read),
            rules: listed(reader, &fields, "rules", |reader, node| Some(Rule::read(reader, node))),
            sla: listed(reader, &fields, "sla", |reader, node| Some(Agreement::read(reader, node))),
            escalations,
            on_call: named(reader, &fields, "on_call", Rotation::read).into_iter().collect(),
            alerts,
        }
    }
}

/// The entries of `key`, each by its name, in the order of the file.
fn named<T>(
    reader: &mut Reader,
    fields: &Fields<'_>,
    key: &str,
    read: impl Fn(&mut Reader, &Name, &Node) -> T,
) -> Vec<(String, T)> {
    let Some(node) = fields.get(key) else { return Vec::new() };
    let entries = reader.map(node, &format!("`{key}`"));
    entries.iter().map(|(name, node)| (name.text.clone(), read(reader, name, node))).collect()
}

fn listed<T>(
    reader: &mut Reader,
    fields: &Fields<'_>,
    key: &str,
    read: impl Fn(&mut Reader, &Node) -> Option<T>,
) -> Vec<T> {
    let Some(node) = fields.get(key) else { return Vec::new() };
    reader.list(node, &format!("`{key}`")).iter().filter_map(|node| read(reader, node)).collect()
}

fn usual() -> Vec<Class> {
    let node = node::parse(USUAL).expect("our own file is YAML");
    let mut reader = Reader::new("usual.yml");
    let entries = reader.map(&node, "The file");
    entries.iter().map(|(name, node)| Class::read(&mut reader, name, node).unplaced()).collect()
}

fn usually_angry() -> Words {
    let node = node::parse(ANGRY).expect("our own file is YAML");
    Words::read(&mut Reader::new("angry.yml"), &node, "The file")
}
