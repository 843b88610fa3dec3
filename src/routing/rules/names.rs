//! Names that the rules take from elsewhere: are they there?

use std::collections::{BTreeMap, BTreeSet};

use super::Rules;
use crate::content::Problem;
use crate::routing::class::GENERAL;
use crate::routing::node::Name;
use crate::routing::notify::is_channel;
use crate::routing::reader::Reader;
use crate::routing::when::Kind;

/// What there is outside the file, by what it is: forms and their fields, desks, channels, accounts of agents, topics. What is
/// not said is not looked at.
pub type Known = BTreeMap<Kind, BTreeSet<String>>;

/// How there comes to be a channel.
const NO_CHANNEL: &str = "Set one up in the settings: `slack_url` of [alerts], [webhooks.NAME] or [connectors.NAME].";

impl Rules {
    /// Names that mean something outside the file which is not there. The rules work without them, so they are warnings.
    pub fn check_against(&self, file: &str, known: &Known) -> Vec<Problem> {
        let mut reader = Reader::new(file);
        // Wherever else an agent is named, `agents` has them.
        let mut names = self.names();
        names.retain(|(kind, _)| *kind != Kind::Agent);
        names.extend(self.agents.values().map(|agent| (Kind::Agent, &agent.email)));
        for (kind, name) in names {
            let Some(there) = known.get(&kind).filter(|there| !there.contains(name.as_str())) else { continue };
            let list: Vec<&str> = there.iter().map(String::as_str).collect();
            let cure = match (kind, list.is_empty()) {
                (Kind::Agent, _) => "Make an account with `signpost user add`, or correct the address.".to_owned(),
                (Kind::Channel, true) => NO_CHANNEL.to_owned(),
                (_, true) => "There is none.".to_owned(),
                (_, false) => format!("Take one of {}.", list.join(", ")),
            };
            let message = format!("There is no {} `{name}`.", kind.noun());
            reader.warn(kind.problem(), name.at, message, cure);
        }
        reader.problems.sort_by_key(|problem| problem.position);
        reader.problems
    }

    /// Names of one part of the file that another must hold.
    pub(super) fn check_names(&self, reader: &mut Reader) {
        for rotation in self.on_call.values().filter(|it| self.groups.contains_key(it.name.as_str())) {
            let message = format!("`{}` is a group and a rotation.", rotation.name);
            let cure = "Name one of them otherwise, so that `notify` tells which.";
            reader.fault("bad-value", rotation.name.at, message, cure);
        }
        let (groups, rotations) = (self.groups.values().map(|it| &it.name), self.on_call.values().map(|it| &it.name));
        for name in groups.chain(rotations).filter(|name| is_channel(name.as_str())) {
            let message = format!("`{name}` is a channel that deeds are delivered to.");
            reader.fault("bad-value", name.at, message, "Name the group or the rotation otherwise.");
        }
        let classes: Vec<&str> = self.classes.iter().map(|class| class.name.as_str()).chain([GENERAL]).collect();
        for (kind, name) in self.names() {
            let is = name.as_str();
            let (there, list): (bool, Vec<&str>) = match kind {
                Kind::Agent => (self.agents.contains_key(is), keys(&self.agents)),
                Kind::Calendar => (self.calendars.contains_key(is), keys(&self.calendars)),
                Kind::Class => (classes.contains(&is), classes.clone()),
                Kind::Group => (self.groups.contains_key(is), keys(&self.groups)),
                Kind::Recipient => {
                    let there = is.contains('@') || self.groups.contains_key(is) || self.on_call.contains_key(is);
                    (there, keys(&self.groups).into_iter().chain(keys(&self.on_call)).collect())
                }
                Kind::Channel | Kind::Desk | Kind::Field | Kind::Form | Kind::Topic => continue,
            };
            if !there {
                let cure = cure(kind, &list);
                reader.fault(kind.problem(), name.at, format!("There is no {} `{name}`.", kind.noun()), cure);
            }
        }
    }

    fn names(&self) -> Vec<(Kind, &Name)> {
        names_of(|into| {
            self.agents
                .values()
                .for_each(|agent| into.extend(agent.calendar.iter().map(|name| (Kind::Calendar, name))));
            self.classes.iter().filter(|class| !class.usual).for_each(|it| it.names(into));
            self.groups.values().for_each(|it| it.names(into));
            self.priorities.iter().for_each(|it| it.when.names(into));
            self.rules.iter().for_each(|it| it.names(into));
            self.sla.iter().for_each(|it| it.names(into));
            self.escalations.iter().for_each(|it| it.names(into));
            self.on_call.values().for_each(|it| it.names(into));
            self.alerts.iter().for_each(|it| it.names(into));
        })
    }
}

fn names_of<'n>(gather: impl FnOnce(&mut Vec<(Kind, &'n Name)>)) -> Vec<(Kind, &'n Name)> {
    let mut names = Vec::new();
    gather(&mut names);
    names
}

fn keys<T>(map: &BTreeMap<String, T>) -> Vec<&str> {
    map.keys().map(String::as_str).collect()
}

fn cure(kind: Kind, list: &[&str]) -> String {
    let place = match kind {
        Kind::Agent => "`agents`",
        Kind::Calendar => "`calendars`",
        Kind::Class => "`classes`",
        Kind::Recipient => "`groups` or `on_call`, or write an e-mail address, or a channel such as `slack`",
        _ => "`groups`",
    };
    match list {
        [] => format!("Add it to {place}."),
        _ => format!("Take one of {}, or add it to {place}.", list.join(", ")),
    }
}

impl Kind {
    fn noun(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Calendar => "calendar",
            Self::Channel => "channel",
            Self::Class => "class",
            Self::Desk => "desk",
            Self::Field => "field",
            Self::Form => "form",
            Self::Group => "group",
            Self::Recipient => "group or rotation",
            Self::Topic => "category",
        }
    }

    /// As a kind of problem.
    fn problem(self) -> &'static str {
        match self {
            Self::Agent => "unknown-agent",
            Self::Calendar => "unknown-calendar",
            Self::Channel => "unknown-channel",
            Self::Class => "unknown-class",
            Self::Desk => "unknown-desk",
            Self::Field => "unknown-field",
            Self::Form => "unknown-form",
            Self::Group => "unknown-group",
            Self::Recipient => "unknown-recipient",
            Self::Topic => "unknown-category",
        }
    }
}
