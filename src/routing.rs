//! Who takes a ticket, how soon, and what happens otherwise: decided by `routing.yml`, explained line by line.
//!
//! Pure: it is told the facts, who is there and the time, and says what to do. In this order: what the ticket is about
//! (`class`), how urgent it is (`priority`), what the rules say (`rule`), which agent is free (`assign`), what
//! is promised by when (`sla`, `clock`), what is done when that comes near (`escalation`), and of what people are told at
//! once (`alert`).

mod alert;
mod assign;
mod calendar;
mod class;
mod clock;
mod escalation;
mod expected;
mod facts;
mod group;
mod node;
mod notify;
mod on_call;
mod outcome;
mod priority;
mod reader;
mod rule;
mod rules;
mod sla;
#[cfg(test)]
mod tests;
mod when;
mod words;

use app::model::Priority;
use jiff::Timestamp;

pub use alert::{Alert, Burst, Raised, Shared};
pub use assign::{Load, Staffing, Wanted, assign};
pub use calendar::{Calendar, Holidays, Span, Week};
pub use class::{GENERAL, classify};
pub use clock::{Clock, Pause, Reading};
pub use expected::{Expectation, time};
pub use facts::{Event, Facts, Past, What};
pub use group::{Agent, Group};
pub use notify::is_channel;
pub use on_call::{Rotation, Turn};
pub use outcome::{Fired, Promise, Routed, Step, local};
pub use priority::Change;
pub use rules::{Known, Rules};
pub use sla::Target;
pub use when::Kind;

use when::Case;

/// Gives the text of a file of holidays by the name that the settings have for it.
pub type Files<'f> = dyn Fn(&str) -> std::io::Result<String> + 'f;

/// What was decided of a ticket before, by rules or by people.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'s> {
    pub class: &'s str,
    pub priority: Priority,
    /// E-mail address of the agent who has it.
    pub agent: Option<&'s str>,
}

/// What is promised, what happens if it is not kept, and why.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Promised {
    pub promises: Vec<Promise>,
    pub steps: Vec<Step>,
    pub why: Vec<Fired>,
}

/// Decides everything of a new ticket. `taken_by`: address of the agent who has it already, and keeps it.
pub fn route(rules: &Rules, facts: &Facts, taken_by: Option<&str>, staffing: &Staffing, now: Timestamp) -> Routed {
    let (class, fired) = classify(&rules.classes, facts);
    let mut why = vec![fired];
    let mut case = Case::new(rules, facts, &class, facts.priority, now);
    priority::adjust(&mut case, &mut why);
    let said = rule::apply(&rules.rules, &mut case, &mut why);
    let wanted = Wanted { skills: &said.skills, locale: &facts.locale };
    let (agent, fired) = match (taken_by, said.group.and_then(|name| rules.groups.get(name))) {
        (Some(agent), _) => (Some(agent.to_owned()), Fired::new("agent", agent, "who has it keeps it")),
        (None, Some(group)) => assign(rules, group, &wanted, staffing, now),
        (None, None) => (None, Fired::new("group", "none", "no rule that fits names a group")),
    };
    why.push(fired);
    let standing = Standing { class: case.class, priority: case.priority, agent: agent.as_deref() };
    let promised = promise(rules, facts, &standing, now);
    let alerts = alert::raised(&case, agent.as_deref());
    why.extend(alerts.iter().map(Raised::fired));
    let mut tags = facts.tags.clone();
    tags.extend(said.tags.iter().filter(|tag| !facts.tags.iter().any(|has| has == *tag)).map(|tag| (*tag).to_owned()));
    Routed {
        class: case.class.to_owned(),
        priority: case.priority,
        group: said.group.map(str::to_owned),
        notify: notify::told(rules, said.notify, agent.as_deref(), now),
        alerts,
        tags,
        desks: said.desks.iter().map(|desk| (*desk).to_owned()).collect(),
        promises: promised.promises,
        steps: promised.steps,
        why: why.into_iter().chain(promised.why).collect(),
        agent,
    }
}

/// How the promises of a ticket stand and what comes next: asked anew whenever somebody writes, its status or its
/// priority changes.
pub fn promise(rules: &Rules, facts: &Facts, standing: &Standing<'_>, now: Timestamp) -> Promised {
    let case = Case::new(rules, facts, standing.class, standing.priority, now);
    // An agreement is of the ticket, not of the moment it is looked at.
    let at_first = Case::new(rules, facts, standing.class, standing.priority, facts.opened_at);
    let fitting = rules.sla.iter().find_map(|agreement| Some((agreement, agreement.when.fits(&at_first)?)));
    let Some((agreement, saw)) = fitting else {
        let why = if rules.sla.is_empty() { Vec::new() } else { vec![Fired::new("sla", "none", "no agreement fits")] };
        return Promised { why, ..Promised::default() };
    };
    let (mut promises, mut steps) = (Vec::new(), Vec::new());
    for (target, clock, met_at) in agreement.clocks(rules, facts, standing.priority) {
        promises.push(sla::promise(target, &clock, met_at, now));
        let fitting = rules.escalations.iter().filter(|it| met_at.is_none() && it.when.fits(&case).is_some());
        steps.extend(fitting.filter_map(|it| it.step(rules, target, &clock, standing.agent)));
    }
    steps.sort_by_key(|step| (step.at, step.line));
    Promised { promises, steps, why: vec![Fired::new("sla", agreement.name.as_str(), saw).at(agreement.at)] }
}

/// The alerts that a ticket is cause for as it stands, or as its requester writes: then with nothing but those words.
pub fn alerts(rules: &Rules, facts: &Facts, standing: &Standing<'_>, now: Timestamp) -> Vec<Raised> {
    alert::raised(&Case::new(rules, facts, standing.class, standing.priority, now), standing.agent)
}
