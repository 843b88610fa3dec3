//! Which agent of a group takes a ticket: who can and is there, with the smallest share of their capacity taken; of
//! those alike whoever got none for longest, then the first by address.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use jiff::Timestamp;

use super::group::{Agent, Group};
use super::node::Name;
use super::outcome::Fired;
use super::rules::Rules;
use super::when::speaks;

/// Who has an account, by e-mail address in small letters, and how they stand.
pub type Staffing = BTreeMap<String, Load>;

#[derive(Debug, Clone, Copy, Default)]
pub struct Load {
    /// Tickets that are not solved.
    pub open: u32,
    /// When they were given the last one.
    pub assigned_at: Option<Timestamp>,
    /// They say that they are not there.
    pub away: bool,
}

/// What the ticket asks of an agent.
pub struct Wanted<'w> {
    pub skills: &'w [&'w str],
    pub locale: &'w str,
}

/// The agent's address, if there is one, and why.
pub fn assign(
    rules: &Rules,
    group: &Group,
    wanted: &Wanted<'_>,
    staffing: &Staffing,
    now: Timestamp,
) -> (Option<String>, Fired) {
    let agents = group.agents.iter().filter_map(|name| rules.agents.get(name.as_str()));
    let (mut able, mut others) = (Vec::new(), Vec::new());
    for agent in agents {
        match able_to(rules, group, agent, wanted, staffing, now) {
            Ok(load) => able.push((agent, load)),
            Err(reason) => others.push(reason),
        }
    }
    able.sort_by(|one, other| before(*one, *other));
    match able.first() {
        Some((agent, load)) => {
            let because = chosen(agent, *load, able.get(1).copied(), &others);
            (Some(agent.email.text.clone()), Fired::new("agent", agent.email.as_str(), because).at(group.name.at))
        }
        None => {
            let reasons = if others.is_empty() { "it has no agents".to_owned() } else { others.join(", ") };
            let because = format!("nobody in {} can take it: {reasons}", group.name);
            (None, Fired::new("agent", "nobody", because).at(group.name.at))
        }
    }
}

/// # Errors
/// Why it is not for this agent.
fn able_to(
    rules: &Rules,
    group: &Group,
    agent: &Agent,
    wanted: &Wanted<'_>,
    staffing: &Staffing,
    now: Timestamp,
) -> Result<Load, String> {
    let email = agent.email.as_str();
    let load = staffing.get(email).ok_or_else(|| format!("{email} has no account"))?;
    let lacks = wanted.skills.iter().find(|skill| !agent.skills.iter().any(|has| has.text == **skill));
    if let Some(skill) = lacks {
        return Err(format!("{email} lacks the skill {skill}"));
    }
    if !agent.locales.is_empty() && !agent.locales.iter().any(|it| speaks(it.as_str(), wanted.locale)) {
        return Err(format!("{email} does not speak {}", wanted.locale));
    }
    if load.away {
        return Err(format!("{email} is away"));
    }
    let calendar = agent.calendar.as_ref().or(group.calendar.as_ref()).map(Name::as_str);
    if calendar.and_then(|name| rules.calendars.get(name)).is_some_and(|calendar| !calendar.is_open(now)) {
        return Err(format!("{email} is off hours"));
    }
    if load.open >= agent.capacity {
        return Err(format!("{email} has {} of {}", load.open, agent.capacity));
    }
    Ok(*load)
}

/// The share of the capacity that is taken, compared without rounding; then who waits longest; then the address.
fn before((one, a): (&Agent, Load), (other, b): (&Agent, Load)) -> Ordering {
    share(one, a, other, b).then(a.assigned_at.cmp(&b.assigned_at)).then_with(|| one.email.text.cmp(&other.email.text))
}

fn share(one: &Agent, a: Load, other: &Agent, b: Load) -> Ordering {
    let (a, b) = (u64::from(a.open) * u64::from(other.capacity), u64::from(b.open) * u64::from(one.capacity));
    a.cmp(&b)
}

fn chosen(agent: &Agent, load: Load, next: Option<(&Agent, Load)>, others: &[String]) -> String {
    let mut because = format!("{} of {} open", load.open, agent.capacity);
    if let Some((other, b)) = next {
        let rank = match share(agent, load, other, b) {
            Ordering::Less => "less taken than",
            _ if load.assigned_at != b.assigned_at => "as much, but got none for longer than",
            _ => "alike, first by name before",
        };
        because = format!("{because}, {rank} {}", other.email);
    }
    if !others.is_empty() {
        because = format!("{because}; {}", others.join(", "));
    }
    because
}
