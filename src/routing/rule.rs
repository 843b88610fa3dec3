//! Rules, read from the top: the first that says a class, a priority, a group wins; tags, desks, skills and those to
//! be told add up.

use app::model::Priority;

use super::node::{Name, Node};
use super::notify;
use super::outcome::Fired;
use super::reader::Reader;
use super::when::{Case, Kind, When};
use crate::content::Position;

#[derive(Debug, Clone)]
pub struct Rule {
    pub name: Option<Name>,
    pub when: When,
    pub class: Option<Name>,
    pub priority: Option<Priority>,
    pub group: Option<Name>,
    /// What the agent must know.
    pub skills: Vec<Name>,
    pub tags: Vec<Name>,
    pub desks: Vec<Name>,
    pub notify: Vec<Name>,
    at: Position,
}

const KEYS: &[&str] = &["name", "when", "class", "priority", "group", "skills", "tags", "desks", "notify"];

/// What the rules said, of a class and a priority the first that said so.
#[derive(Debug, Default)]
pub(super) struct Said<'r> {
    pub class: Option<&'r str>,
    priority: Option<Priority>,
    pub group: Option<&'r str>,
    pub skills: Vec<&'r str>,
    pub tags: Vec<&'r str>,
    pub desks: Vec<&'r str>,
    pub notify: Vec<&'r str>,
}

/// Lets every rule that fits speak. Later ones see the class and the priority that earlier ones gave.
pub(super) fn apply<'r>(rules: &'r [Rule], case: &mut Case<'r>, why: &mut Vec<Fired>) -> Said<'r> {
    let mut said = Said::default();
    for rule in rules {
        let Some(saw) = rule.when.fits(case) else { continue };
        let saw = rule.name.as_ref().map_or_else(|| saw.clone(), |name| format!("{name}: {saw}"));
        said.add(rule, |what, outcome| why.push(Fired::new(what, outcome, saw.as_str()).at(rule.at)));
        case.class = said.class.unwrap_or(case.class);
        case.priority = said.priority.unwrap_or(case.priority);
    }
    said
}

impl<'r> Said<'r> {
    fn add(&mut self, rule: &'r Rule, mut fired: impl FnMut(&'static str, &str)) {
        let first = |slot: &mut Option<&'r str>, name: &'r Option<Name>| match (&slot, name) {
            (None, Some(name)) => {
                *slot = Some(name.as_str());
                true
            }
            _ => false,
        };
        if first(&mut self.class, &rule.class) {
            fired("class", self.class.unwrap_or_default());
        }
        if let (None, Some(priority)) = (self.priority, rule.priority) {
            self.priority = Some(priority);
            fired("priority", priority.name());
        }
        if first(&mut self.group, &rule.group) {
            fired("group", self.group.unwrap_or_default());
        }
        let lists = [
            ("skill", &mut self.skills, &rule.skills),
            ("tag", &mut self.tags, &rule.tags),
            ("desk", &mut self.desks, &rule.desks),
            ("notify", &mut self.notify, &rule.notify),
        ];
        for (what, list, names) in lists {
            for name in names.iter().map(Name::as_str) {
                if !list.contains(&name) {
                    list.push(name);
                    fired(what, name);
                }
            }
        }
    }
}

impl Rule {
    pub(super) fn read(reader: &mut Reader, node: &Node) -> Self {
        let fields = reader.fields(node, "A rule", KEYS);
        if KEYS[2..].iter().all(|key| fields.get(key).is_none()) {
            let cure = format!("Write one of {}.", KEYS[2..].join(", "));
            reader.fault("missing-key", node.at, "A rule does nothing.".to_owned(), cure);
        }
        let priority = reader.text_of(&fields, "priority").and_then(|name| reader.priority(&name));
        Self {
            name: reader.text_of(&fields, "name"),
            when: When::read_of(reader, &fields),
            class: reader.text_of(&fields, "class"),
            priority,
            group: reader.text_of(&fields, "group"),
            skills: reader.texts_of(&fields, "skills"),
            tags: reader.texts_of(&fields, "tags"),
            desks: reader.texts_of(&fields, "desks"),
            notify: reader.texts_of(&fields, "notify"),
            at: node.at,
        }
    }

    pub(super) fn names<'n>(&'n self, into: &mut Vec<(Kind, &'n Name)>) {
        self.when.names(into);
        into.extend(self.class.iter().map(|name| (Kind::Class, name)));
        into.extend(self.group.iter().map(|name| (Kind::Group, name)));
        into.extend(self.desks.iter().map(|name| (Kind::Desk, name)));
        notify::names_for_ticket(&self.notify, into);
    }
}
