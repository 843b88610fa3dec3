//! Conditions: what a rule looks at. All lines of one must hold; of several values in a line, one.

mod read;

use std::cell::OnceCell;

use app::model::Priority;
use jiff::Timestamp;

use super::class::{answered, says, topic};
use super::facts::Facts;
use super::node::Name;
use super::rules::Rules;
use super::words::{Said, Words};

/// All of them must hold; without any it always does.
#[derive(Debug, Clone, Default)]
pub struct When(Vec<Test>);

/// One line of a condition.
#[derive(Debug, Clone)]
enum Test {
    Any(Vec<When>),
    All(Vec<When>),
    /// With what is written there.
    Not(When, String),
    Class(Vec<Name>),
    Priority(Vec<Priority>),
    Form(Vec<Name>),
    Plan(Vec<Name>),
    /// `de` is `de-AT` too.
    Locale(Vec<Name>),
    Topic(Vec<Name>),
    Tag(Vec<Name>),
    /// Addresses, or `*@host`.
    Requester(Vec<Name>),
    /// Field and what was answered.
    Answer(Name, Vec<Name>),
    Words(Words),
    Vip(bool),
    Angry(bool),
    Reopened(bool),
    History(History),
    /// Is this calendar open now, or closed?
    During(Name),
    Outside(Name),
}

/// At least so many earlier tickets in the last days.
#[derive(Debug, Clone, Copy)]
struct History {
    days: u32,
    tickets: u32,
    reopened: u32,
    bad_ratings: u32,
}

/// A ticket while it is routed.
pub(super) struct Case<'c> {
    pub rules: &'c Rules,
    pub facts: &'c Facts,
    pub class: &'c str,
    pub priority: Priority,
    pub now: Timestamp,
    said: OnceCell<Said>,
}

impl<'c> Case<'c> {
    pub fn new(rules: &'c Rules, facts: &'c Facts, class: &'c str, priority: Priority, now: Timestamp) -> Self {
        Self { rules, facts, class, priority, now, said: OnceCell::new() }
    }

    /// The ticket's words, cut when the first rule asks for them.
    fn said(&self) -> &Said {
        self.said.get_or_init(|| Said::of(&[&self.facts.subject, &self.facts.text], &self.facts.locale))
    }
}

impl When {
    /// What was seen, where it holds.
    pub(super) fn fits(&self, case: &Case<'_>) -> Option<String> {
        let saw: Option<Vec<_>> = self.0.iter().map(|test| test.fits(case)).collect();
        saw.map(|saw| if saw.is_empty() { "it is for every ticket".to_owned() } else { saw.join(", ") })
    }

    /// The names it takes from elsewhere, each by what it is a name of.
    pub(super) fn names<'n>(&'n self, into: &mut Vec<(Kind, &'n Name)>) {
        for test in &self.0 {
            match test {
                Test::Any(list) | Test::All(list) => list.iter().for_each(|when| when.names(into)),
                Test::Not(when, _) => when.names(into),
                Test::Class(names) => into.extend(names.iter().map(|name| (Kind::Class, name))),
                Test::Form(names) => into.extend(names.iter().map(|name| (Kind::Form, name))),
                Test::Topic(names) => into.extend(names.iter().map(|name| (Kind::Topic, name))),
                Test::Answer(field, _) => into.push((Kind::Field, field)),
                Test::During(name) | Test::Outside(name) => into.push((Kind::Calendar, name)),
                _ => {}
            }
        }
    }
}

/// What a name is a name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Agent,
    Calendar,
    /// Of delivery.
    Channel,
    Class,
    Desk,
    Field,
    Form,
    Group,
    /// Who is told: an agent, a group, an on-call rotation.
    Recipient,
    Topic,
}

impl Test {
    fn fits(&self, case: &Case<'_>) -> Option<String> {
        let facts = case.facts;
        match self {
            Self::Any(list) => list.iter().find_map(|when| when.fits(case)),
            Self::All(list) => {
                let saw: Option<Vec<_>> = list.iter().map(|when| when.fits(case)).collect();
                saw.map(|saw| saw.join(", "))
            }
            Self::Not(when, written) => when.fits(case).is_none().then(|| format!("it is not {{ {written} }}")),
            Self::Class(names) => one_of(names, case.class).then(|| format!("the class is {}", case.class)),
            Self::Priority(wanted) => {
                wanted.contains(&case.priority).then(|| format!("the priority is {}", case.priority.name()))
            }
            Self::Form(names) => one_of(names, &facts.form).then(|| format!("the form is {}", facts.form)),
            Self::Plan(names) => {
                facts.plan.as_ref().filter(|plan| one_of(names, plan)).map(|plan| format!("the plan is {plan}"))
            }
            Self::Locale(names) => {
                let fits = names.iter().any(|name| speaks(name.as_str(), &facts.locale));
                fits.then(|| format!("the locale is {}", facts.locale))
            }
            Self::Topic(names) => topic(facts, names).map(|topic| format!("the article's topic is {topic}")),
            Self::Tag(names) => {
                facts.tags.iter().find(|tag| one_of(names, tag)).map(|tag| format!("it has the tag {tag}"))
            }
            Self::Requester(names) => requester(facts, names).map(|email| format!("{email} asks")),
            Self::Answer(field, wanted) => {
                let answer = answered(facts, field.as_str(), wanted)?;
                Some(format!("the answer to {field} is {answer}"))
            }
            Self::Words(words) => {
                let found = words.found(case.said());
                (!found.is_empty()).then(|| says(&found))
            }
            Self::Vip(wanted) => match (requester(facts, &case.rules.vips), wanted) {
                (Some(email), true) => Some(format!("{email} is a VIP")),
                (None, false) => Some("the requester is no VIP".to_owned()),
                _ => None,
            },
            Self::Angry(wanted) => {
                let found = case.rules.angry.found(case.said());
                let saw = || if found.is_empty() { "nothing in it is angry".to_owned() } else { says(&found) };
                (found.is_empty() != *wanted).then(saw)
            }
            Self::Reopened(wanted) => (facts.reopened() == *wanted).then(|| match wanted {
                true => "it was reopened".to_owned(),
                false => "it was not reopened".to_owned(),
            }),
            Self::History(history) => history.fits(case),
            Self::During(name) => is_open(case, name).then(|| format!("`{name}` is open")),
            Self::Outside(name) => (!is_open(case, name)).then(|| format!("`{name}` is closed")),
        }
    }
}

impl History {
    fn fits(self, case: &Case<'_>) -> Option<String> {
        let recent: Vec<_> = case.facts.recent(self.days, case.now).collect();
        let reopened = recent.iter().filter(|past| past.reopened).count();
        let bad = recent.iter().filter(|past| past.rated_bad).count();
        let counts = [
            (self.tickets, recent.len(), "earlier tickets"),
            (self.reopened, reopened, "reopened"),
            (self.bad_ratings, bad, "rated bad"),
        ];
        let asked: Vec<_> = counts.into_iter().filter(|(least, ..)| *least > 0).collect();
        let saw = asked.iter().map(|(_, count, what)| format!("{count} {what}")).collect::<Vec<_>>().join(", ");
        let holds = asked.iter().all(|(least, count, _)| *count >= *least as usize);
        holds.then(|| format!("{saw} in {} days", self.days))
    }
}

fn one_of(names: &[Name], is: &str) -> bool {
    names.iter().any(|name| name.text == is)
}

/// Is `locale` one of `language`? `de-AT` is one of `de`.
pub(super) fn speaks(language: &str, locale: &str) -> bool {
    let rest = locale.get(..language.len()).filter(|head| head.eq_ignore_ascii_case(language));
    rest.is_some() && locale[language.len()..].chars().next().is_none_or(|next| next == '-' || next == '_')
}

/// The requester's address, where it is one of these, or at one of these hosts.
fn requester<'f>(facts: &'f Facts, wanted: &[Name]) -> Option<&'f str> {
    let email = facts.email.as_deref()?;
    let is = email.to_lowercase();
    let fits = |wanted: &Name| match wanted.text.to_lowercase().strip_prefix('*') {
        Some(host) => is.ends_with(host),
        None => is == wanted.text.to_lowercase(),
    };
    wanted.iter().any(fits).then_some(email)
}

fn is_open(case: &Case<'_>, name: &Name) -> bool {
    case.rules.calendars.get(name.as_str()).is_some_and(|calendar| calendar.is_open(case.now))
}
