//! What became of everything that was acknowledged: pure, so that a test can show that nothing passes unseen.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// How the name of a vote begins.
pub const VOTE: &str = "vote-";

/// All that is known when everything has come to rest.
#[derive(Debug, Default)]
pub struct Record {
    /// Names of the items that were answered with 204 or 303.
    pub acknowledged: HashSet<String>,
    pub unanswered: Vec<Unanswered>,
    /// Of the table `events`.
    pub rows: Vec<Row>,
    /// Names in the table `votes`.
    pub votes: Vec<String>,
    pub sinks: Vec<Sink>,
}

/// A request that had no answer when the program was killed.
#[derive(Debug, Clone)]
pub struct Unanswered {
    pub items: Vec<String>,
    /// Milliseconds since 1970.
    pub at: i64,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub id: String,
    /// Name of the item.
    pub item: String,
    /// When it was written, in milliseconds since 1970.
    pub at: i64,
}

#[derive(Debug)]
pub struct Sink {
    pub name: String,
    /// As the program declares it.
    pub guarantee: String,
    /// It is told of votes alone.
    pub votes_only: bool,
    pub receipts: Vec<Receipt>,
    /// As the program counts.
    pub unknown: usize,
    pub waiting: i64,
    pub dead: usize,
}

/// An event as a vendor received it.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// Id of the event.
    pub id: String,
    /// Name of the item.
    pub item: String,
    /// What the vendor tells repeats by. A new one each time, where it cannot.
    pub key: String,
}

#[derive(Debug, Default)]
pub struct Judged {
    pub sinks: Vec<Counts>,
    /// Requests without answer whose items were on disk before they were sent again; they must not be there twice.
    pub on_disk: usize,
    pub breaches: Vec<String>,
}

/// Of one sink, in events.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub promised: usize,
    pub received: usize,
    pub repeats: usize,
    pub lost: usize,
}

pub fn judge(record: &Record) -> Judged {
    let mut judged = Judged::default();
    stored(record, &mut judged);
    for sink in &record.sinks {
        let counts = delivered(sink, &record.rows, &mut judged.breaches);
        judged.sinks.push(counts);
    }
    judged
}

/// What was acknowledged is in the database, once.
fn stored(record: &Record, judged: &mut Judged) {
    let mut rows = HashMap::<&str, Vec<&Row>>::new();
    record.rows.iter().for_each(|row| rows.entry(&row.item).or_default().push(row));
    let mut votes = HashMap::<&str, usize>::new();
    record.votes.iter().for_each(|vote| *votes.entry(vote).or_default() += 1);

    let written = |item: &str| rows.get(item).map_or(0, Vec::len);
    let every = || record.acknowledged.iter().map(String::as_str);
    let mut breach = |what: &str, items: Vec<&str>| breach(&mut judged.breaches, "the database", what, &items);
    breach("has not what was acknowledged", every().filter(|item| written(item) == 0).collect());
    breach("has more than once", every().filter(|item| written(item) > 1).collect());
    let is_odd = |vote: &&str| vote.starts_with(VOTE) && votes.get(vote) != Some(&1);
    breach("does not hold as one vote", every().filter(is_odd).collect());

    let was_written = |one: &&Unanswered| rows_of(&rows, &one.items).any(|row| row.at < one.at);
    judged.on_disk = record.unanswered.iter().filter(was_written).count();
}

fn rows_of<'r>(rows: &HashMap<&str, Vec<&'r Row>>, items: &[String]) -> impl Iterator<Item = &'r Row> {
    items.iter().filter_map(|item| rows.get(item.as_str())).flatten().copied()
}

/// Every row that a sink may have meets the sink's guarantee. Once at least and exactly once are the same here: one
/// key for each event, because the vendor of the latter takes what comes under the same key as one.
fn delivered(sink: &Sink, rows: &[Row], breaches: &mut Vec<String>) -> Counts {
    let is_wanted = |row: &&Row| !sink.votes_only || row.item.starts_with(VOTE);
    let promised: HashMap<&str, &str> =
        rows.iter().filter(is_wanted).map(|row| (row.id.as_str(), row.item.as_str())).collect();
    let keys = keys(&sink.receipts);
    let missing: Vec<_> = promised.keys().copied().filter(|id| !keys.contains_key(id)).collect();
    let doubled: Vec<_> = keys.iter().filter(|(_, keys)| keys.len() > 1).map(|(id, _)| *id).collect();
    let is_strange = |one: &&Receipt| promised.get(one.id.as_str()) != Some(&one.item.as_str());
    let strange: Vec<_> = sink.receipts.iter().filter(is_strange).map(|one| one.id.as_str()).collect();

    let excused = if sink.is_at_most_once() { sink.unknown } else { 0 };
    let lost = missing.len().saturating_sub(excused);
    breach(breaches, &sink.name, "lost", if lost > 0 { &missing } else { &[] });
    let again = if sink.is_at_most_once() { "received again" } else { "received again under another key" };
    breach(breaches, &sink.name, again, &doubled);
    breach(breaches, &sink.name, "received what the database does not know", &strange);
    breaches.extend(unsettled(sink));
    let received = promised.len() - missing.len();
    Counts { promised: promised.len(), received, repeats: sink.receipts.len() - keys.len(), lost }
}

/// Under which keys each event came.
fn keys(receipts: &[Receipt]) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut keys = BTreeMap::<&str, BTreeSet<&str>>::new();
    receipts.iter().for_each(|one| keys.entry(&one.id).or_default().extend([one.key.as_str()]));
    keys
}

/// What the program itself says it did not bring to its end.
fn unsettled(sink: &Sink) -> Option<String> {
    let Sink { name, unknown, waiting, dead, .. } = sink;
    let is_given_up = *unknown > 0 && !sink.is_at_most_once();
    (is_given_up || *waiting > 0 || *dead > 0)
        .then(|| format!("{name} has {unknown} given up as unknown, {waiting} waiting and {dead} dead"))
}

impl Sink {
    fn is_at_most_once(&self) -> bool {
        self.guarantee == "at_most_once"
    }
}

pub fn breach(breaches: &mut Vec<String>, who: &str, what: &str, items: &[&str]) {
    if let Some(first) = items.first() {
        breaches.push(format!("{who} {what}: {}, {first} among them", items.len()));
    }
}
