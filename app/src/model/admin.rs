//! The staff's first page: the state of the site as editors need it.

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
    Notice,
}

/// Problems of one kind.
#[derive(Debug, Clone)]
pub struct ProblemGroup {
    pub severity: Severity,
    /// Stable name of the kind: `broken-link`.
    pub kind: String,
    pub problems: Vec<ProblemRow>,
}

#[derive(Debug, Clone)]
pub struct ProblemRow {
    /// `start/install.md:12:5`.
    pub place: String,
    pub message: String,
    pub cure: String,
}

#[derive(Debug, Clone)]
pub struct CanaryRow {
    pub query: String,
    /// Path of the article that must be found.
    pub expected: String,
    pub found: bool,
}

#[derive(Debug, Clone)]
pub struct SlowPage {
    pub path: String,
    /// Milliseconds to render and compress it.
    pub milliseconds: f64,
    pub bytes: usize,
}

#[derive(Debug, Clone)]
pub struct AdminPage {
    /// Content hash, shortened.
    pub snapshot: String,
    pub commit: Option<String>,
    /// As a person reads it, in UTC.
    pub built_at: String,
    pub source: String,
    pub articles: usize,
    pub categories: usize,
    pub locales: Vec<String>,
    pub ready: bool,
    /// Because no mail server is set; none where there is one.
    pub mails_waiting: usize,
}

/// How a sink is, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SinkState {
    Works,
    Paused,
    /// The breaker is open, or the vendor asked for a pause.
    Waits,
    /// Its credentials or settings were refused.
    Locked,
    /// There are no settings for it.
    Unset,
}

#[derive(Debug, Clone)]
pub struct SinkRow {
    pub name: String,
    pub state: SinkState,
    /// `at_least_once`, `exactly_once` or `at_most_once`.
    pub guarantee: String,
    pub purpose: Option<String>,
    pub waiting: usize,
    pub delivered: usize,
    /// May have arrived, and is not sent again.
    pub unknown: usize,
    pub dead: usize,
    /// In the vendor's words, with its time.
    pub last_error: Option<String>,
}

#[derive(Debug, Clone)]
pub struct LetterRow {
    pub id: String,
    pub sink: String,
    pub when: String,
    pub items: usize,
    pub reason: String,
    pub replayable: bool,
}

/// A message in the outbox.
#[derive(Debug, Clone)]
pub struct MessageRow {
    pub id: String,
    pub sink: String,
    pub when: String,
    pub last_error: Option<String>,
}

/// What another program told and nobody could handle.
#[derive(Debug, Clone)]
pub struct HookRow {
    pub id: String,
    pub provider: String,
    pub when: String,
    pub reason: String,
}

/// An address that mail does not go to any more.
#[derive(Debug, Clone)]
pub struct SuppressedRow {
    pub address: String,
    pub when: String,
    pub reason: SuppressedFor,
    /// Who told, and in their words.
    pub detail: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuppressedFor {
    Bounce,
    Complaint,
    Unsubscribe,
}

/// How readers fared who were shown answers before they sent a ticket, and those who were not.
#[derive(Debug, Clone)]
pub struct EffectRows {
    /// Shown, held out: drafts, those without a ticket, their share in words.
    pub groups: [(usize, usize, String); 2],
    /// What the difference is, in words; none where a group is empty.
    pub difference: Option<String>,
    /// What to think of it.
    pub doubt: Option<String>,
}

/// An article that readers opened from the form.
#[derive(Debug, Clone)]
pub struct ClosingRow {
    pub title: String,
    pub url: Option<String>,
    pub opened: usize,
    pub answered: usize,
    pub spared: usize,
}

/// An article that agents gave.
#[derive(Debug, Clone)]
pub struct GivenRow {
    pub title: String,
    pub url: Option<String>,
    pub tickets: usize,
    pub last: String,
}

/// What became of tickets that have something in common: a desk, an agent, a form.
#[derive(Debug, Clone)]
pub struct OutcomeRow {
    /// In words.
    pub name: String,
    pub tickets: usize,
    pub answered: usize,
    /// Within which half of them were answered, and nine in ten; in words.
    pub answer: [Option<String>; 2],
    pub solved: usize,
    /// Likewise.
    pub solve: [Option<String>; 2],
    /// The share of good ratings with its interval, in words.
    pub good: Option<String>,
    pub reopened: usize,
}

/// One of the times that figures may be of.
#[derive(Debug, Clone)]
pub struct PeriodLink {
    pub label: String,
    pub url: String,
    pub current: bool,
}

/// What stands around the figures of articles.
#[derive(Debug, Clone)]
pub struct ArticlesPage {
    pub periods: Vec<PeriodLink>,
    /// Who looks after articles: name, and whether only theirs are shown; none where nobody is named.
    pub owners: Vec<(String, bool)>,
    /// What the form for the owner keeps: name and value.
    pub kept: Vec<(&'static str, String)>,
    /// How to put the articles in another order.
    pub sorts: [PeriodLink; 4],
}

/// Articles as their owners look at them.
#[derive(Debug, Clone)]
pub struct ArticleTable {
    pub rows: Vec<ArticleRow>,
    /// Articles of which something is known, where that are more than shown.
    pub of: Option<usize>,
}

#[derive(Debug, Clone)]
pub struct ArticleRow {
    pub title: String,
    pub url: String,
    pub owner: Option<String>,
    pub opened: usize,
    /// The share of readers it helped with its interval, in words.
    pub helped: Option<String>,
    /// Tickets of readers who had opened it.
    pub asked: usize,
    pub solved: usize,
    /// Rated good and bad.
    pub good: usize,
    pub bad: usize,
    /// Classes of these tickets, as shown, then their tags, and how many have each.
    pub about: Vec<(String, usize)>,
    /// Title and link of what agents gave most often instead, and in how many tickets.
    pub instead: Option<(String, Option<String>, usize)>,
}

/// A search that found no answer and led to tickets.
#[derive(Debug, Clone)]
pub struct UnansweredRow {
    pub query: String,
    pub url: String,
    pub tickets: usize,
    pub solved: usize,
    pub last: String,
}

/// Tickets about one thing, of one group.
#[derive(Debug, Clone)]
pub struct RoutingRow {
    /// In words.
    pub class: String,
    pub group: Option<String>,
    pub tickets: usize,
    pub open: usize,
    pub answered: usize,
    /// First answers that came later than promised.
    pub late: usize,
    /// In words.
    pub half_within: Option<String>,
}

/// What readers chose on a day.
#[derive(Debug, Clone)]
pub struct ChoicesRow {
    pub day: String,
    pub answers: usize,
    pub preferences: usize,
    pub analytics: usize,
    pub marketing: usize,
}

/// A line of the record of processing.
#[derive(Debug, Clone)]
pub struct ProcessingRow {
    /// Table or tag, by its name.
    pub data: String,
    pub purpose: &'static str,
    /// `30 min`, `395 d`; absent where it is only passed on.
    pub kept: Option<String>,
    /// Names of the sinks or vendors; empty where it stays here.
    pub goes_to: Vec<String>,
}

/// What was done with readers' data as a whole.
#[derive(Debug, Clone)]
pub struct AuditRow {
    pub when: String,
    pub deed: String,
    pub detail: String,
}
