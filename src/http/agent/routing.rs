//! What routing made of a ticket, as agents read it.

use app::model::agent::{Choice, Clock, ClockState, PromiseRow, Routing};
use app::words::{Word, Words, fill};
use jiff::{SignedDuration, Timestamp};

use super::clock;
use crate::Help;
use crate::routing::{GENERAL, Promise, Step, Target};
use crate::tickets::Ticket;

pub async fn panel(help: &Help, words: &Words, ticket: &Ticket, now: Timestamp) -> anyhow::Result<Routing> {
    let promised = help.tickets.promised(ticket, now).await?;
    let step = help.tickets.next_step(&ticket.id).await?;
    let why = help.tickets.why(&ticket.id).await?;
    let reason = |fired: crate::routing::Fired| {
        let reason = fired.reason();
        (fired.what.into_owned(), fired.outcome, reason)
    };
    Ok(Routing {
        promises: promised.promises.iter().map(|promise| row(words, promise, now)).collect(),
        next_step: step.map(|step| next(words, &step, now)),
        why: why.into_iter().map(reason).collect(),
    })
}

fn row(words: &Words, promise: &Promise, now: Timestamp) -> PromiseRow {
    let own = &words.agent;
    let is_late = promise.is_late(now);
    let said = |text: &Word, state| Clock { text: text.to_string(), state };
    let clock = match (promise.met_at, promise.due_at) {
        (Some(_), _) if is_late => said(&own.kept_late, ClockState::Overdue),
        (Some(_), _) => said(&own.kept, ClockState::Fine),
        (None, Some(due)) if is_late || !promise.paused => {
            clock::due(words, Some(due.as_millisecond()), now).unwrap_or_else(|| said(&own.paused, ClockState::Fine))
        }
        (None, _) => said(&own.paused, ClockState::Fine),
    };
    let span = |time: SignedDuration| match time.as_mins() {
        0 => fill(&own.minutes, &[("count", &words.number(0))]),
        _ => clock::span(words, i64::try_from(time.as_millis()).unwrap_or(i64::MAX)),
    };
    let used = [("used", span(promise.used)), ("within", span(promise.within))];
    PromiseRow {
        label: target(words, promise.target).to_string(),
        clock,
        used: fill(&own.used_of, &used.each_ref().map(|(name, value)| (*name, value.as_str()))),
        due: promise.due_at.map(|due| clock::exact(due.as_millisecond())),
    }
}

fn next(words: &Words, step: &Step, now: Timestamp) -> String {
    let own = &words.agent;
    let told = (!step.notify.is_empty()).then(|| fill(&own.step_tell, &[("people", &step.notify.join(", "))]));
    let raised = (step.raise > 0).then(|| own.step_raise.to_string());
    let moved = step.group.as_ref().map(|group| fill(&own.step_move, &[("group", group)]));
    let deeds: Vec<_> = [told, raised, moved].into_iter().flatten().collect();
    let time = clock::span(words, (step.at.as_millisecond() - now.as_millisecond()).max(0));
    fill(&own.next_step, &[("time", &time), ("deeds", &deeds.join(", "))])
}

/// What is promised, as a name.
pub fn target(words: &Words, target: Target) -> &Word {
    match target {
        Target::FirstReply => &words.agent.promise_first,
        Target::NextReply => &words.agent.promise_next,
        Target::Solve => &words.agent.promise_solve,
    }
}

/// `80%`, or that it was not kept; as a line of the conversation has it.
pub fn moment(words: &Words, moment: &str) -> String {
    if moment.starts_with("breach") { words.agent.breached.to_string() } else { moment.to_owned() }
}

/// A class by its name: those that every site has are said in the agent's language.
pub fn class(words: &Words, name: &str) -> String {
    let own = &words.agent;
    match name {
        "technical" => own.class_technical.to_string(),
        "billing" => own.class_billing.to_string(),
        "feature" => own.class_feature.to_string(),
        GENERAL => own.class_general.to_string(),
        other => other.to_owned(),
    }
}

/// The names of all classes, the one for what has no sign last.
pub fn class_names(help: &Help) -> Vec<&str> {
    let named = help.tickets.rules().classes.iter().map(|class| class.name.as_str());
    named.filter(|name| *name != GENERAL).chain([GENERAL]).collect()
}

/// Classes to choose from; one that the rules do not know any more stays.
pub fn classes(help: &Help, words: &Words, chosen: Option<&str>) -> Vec<Choice> {
    choices(class_names(help), chosen, |name| class(words, name))
}

/// Groups to choose from, none where there are none.
pub fn groups(help: &Help, chosen: Option<&str>) -> Vec<Choice> {
    choices(help.tickets.rules().groups.keys().map(String::as_str).collect(), chosen, str::to_owned)
}

fn choices<'n>(mut names: Vec<&'n str>, chosen: Option<&'n str>, title: impl Fn(&str) -> String) -> Vec<Choice> {
    names.extend(chosen.filter(|name| !name.is_empty() && !names.contains(name)));
    let choice = |name: &str| Choice { value: name.to_owned(), label: title(name), chosen: chosen == Some(name) };
    names.into_iter().map(choice).collect()
}
