//! Alerts: what people want to hear of at once, of one ticket or of many that have something in common.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::node::{Name, Node};
use super::notify;
use super::outcome::Fired;
use super::reader::{Fields, Reader};
use super::rules::Rules;
use super::sla::hours;
use super::when::{Case, Kind, When};
use crate::content::Position;

#[derive(Debug, Clone)]
pub struct Alert {
    pub name: Name,
    cause: Cause,
    notify: Vec<Name>,
    at: Position,
}

#[derive(Debug, Clone)]
enum Cause {
    /// A ticket that is opened, or what its requester writes later.
    Ticket(When),
    Burst(Burst),
}

/// So many tickets within a while that have one of these in common.
#[derive(Debug, Clone)]
pub struct Burst {
    pub tickets: usize,
    pub within: SignedDuration,
    /// What says most comes first.
    pub of: Vec<Shared>,
}

/// What tickets may have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shared {
    /// An article that their readers opened before they asked.
    Article,
    /// A search that found them nothing.
    Query,
    /// The category of what they read.
    Topic,
    Class,
}

/// An alert that a ticket is cause for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Raised {
    pub alert: String,
    /// Whom to tell: e-mail addresses and channels.
    pub notify: Vec<String>,
    /// The line of the alert, and what it saw.
    pub line: u32,
    pub because: String,
}

impl Shared {
    pub const ALL: &[Self] = &[Self::Article, Self::Query, Self::Topic, Self::Class];

    pub fn name(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Query => "query",
            Self::Topic => "topic",
            Self::Class => "class",
        }
    }
}

impl Raised {
    pub(super) fn fired(&self) -> Fired {
        let told = if self.notify.is_empty() { "nobody to tell".to_owned() } else { self.notify.join(", ") };
        Fired { line: Some(self.line), ..Fired::new("alert", &self.alert, format!("{}; tell {told}", self.because)) }
    }
}

/// The alerts that a ticket is cause for.
pub(super) fn raised(case: &Case<'_>, assignee: Option<&str>) -> Vec<Raised> {
    let alerts = case.rules.alerts.iter();
    alerts.filter_map(|alert| alert.raised(case, assignee)).collect()
}

impl Alert {
    fn raised(&self, case: &Case<'_>, assignee: Option<&str>) -> Option<Raised> {
        let Cause::Ticket(when) = &self.cause else { return None };
        let because = when.fits(case)?;
        let notify = notify::told(case.rules, self.notify.iter().map(Name::as_str), assignee, case.now);
        Some(Raised { alert: self.name.text.clone(), notify, line: self.at.line, because })
    }

    /// Is it about single tickets?
    pub fn is_of_tickets(&self) -> bool {
        matches!(self.cause, Cause::Ticket(_))
    }

    pub fn burst(&self) -> Option<&Burst> {
        if let Cause::Burst(burst) = &self.cause { Some(burst) } else { None }
    }

    /// Who is told of a burst: e-mail addresses and channels.
    pub fn told(&self, rules: &Rules, at: Timestamp) -> Vec<String> {
        notify::told(rules, self.notify.iter().map(Name::as_str), None, at)
    }

    pub(super) fn read(reader: &mut Reader, node: &Node) -> Option<Self> {
        let what = "An alert";
        let fields = reader.fields(node, what, &["name", "when", "burst", "notify"]);
        let name = reader.needed(&fields, "name", what, "Write one, as `name: VIP`.");
        let name = name.and_then(|node| reader.text(node, "`name`"));
        let notify = reader.needed(&fields, "notify", what, "Write who is told, as `notify: [assignee, slack]`.");
        let notify = notify.map(|node| reader.texts(node, "`notify`")).unwrap_or_default();
        let cause = match (fields.get("when"), fields.get("burst")) {
            (Some(_), None) => Some(Cause::Ticket(When::read_of(reader, &fields))),
            (None, Some(node)) => Burst::read(reader, node).map(Cause::Burst),
            (both, _) => {
                let told = if both.is_some() { "both `when` and `burst`" } else { "neither `when` nor `burst`" };
                reader.fault("missing-key", node.at, format!("{what} says {told}."), "Write one of them.");
                None
            }
        };
        Some(Self { name: name?, cause: cause?, notify, at: node.at })
    }

    pub(super) fn names<'n>(&'n self, into: &mut Vec<(Kind, &'n Name)>) {
        match &self.cause {
            Cause::Ticket(when) => {
                when.names(into);
                notify::names_for_ticket(&self.notify, into);
            }
            Cause::Burst(_) => notify::names(&self.notify, into),
        }
    }
}

/// By its name it is remembered what an alert told.
pub(super) fn check_names(reader: &mut Reader, alerts: &[Alert]) {
    for (place, alert) in alerts.iter().enumerate() {
        if alerts[..place].iter().any(|other| other.name.text == alert.name.text) {
            let message = format!("There are two alerts `{}`.", alert.name);
            reader.fault("bad-value", alert.name.at, message, "Name one of them otherwise.");
        }
    }
}

impl Burst {
    fn read(reader: &mut Reader, node: &Node) -> Option<Self> {
        let what = "`burst`";
        let fields = reader.fields(node, what, &["tickets", "within", "of"]);
        let cure = "Write how many, two at least, as `tickets: 5`.";
        let tickets = reader.needed(&fields, "tickets", what, cure);
        let tickets = tickets.and_then(|node| reader.parsed::<usize>(node, "`tickets`", cure).map(|it| (it, node.at)));
        if let Some((count @ ..2, at)) = tickets {
            reader.refuse(at, "`tickets`", count, cure);
        }
        let (within, of) = (within(reader, &fields), of(reader, &fields));
        Some(Self { tickets: tickets?.0, within: within?, of })
    }
}

fn within(reader: &mut Reader, fields: &Fields<'_>) -> Option<SignedDuration> {
    let cure = "Write hours and minutes by the clock, as `within: 1h`.";
    let node = reader.needed(fields, "within", "`burst`", cure)?;
    let name = reader.text(node, "`within`")?;
    let within = hours(&name.text);
    if within.is_none() {
        reader.refuse(name.at, "`within`", format_args!("`{name}`"), cure);
    }
    within
}

/// Of everything where nothing is said.
fn of(reader: &mut Reader, fields: &Fields<'_>) -> Vec<Shared> {
    if fields.get("of").is_none() {
        return Shared::ALL.to_vec();
    }
    let names = reader.texts_of(fields, "of");
    let what = "something that tickets have in common";
    names.iter().filter_map(|name| reader.one_of(name, what, Shared::ALL, Shared::name)).collect()
}
