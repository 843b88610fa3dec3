//! What became of every ticket that readers sent: pure, so that a test can show that nothing passes unseen.

use std::collections::{BTreeSet, HashMap};

use super::judge::breach;

/// What a desk is told where a file could not go along.
const LEFT_OUT: &str = "Files that could not be added";

/// All that is known of tickets when everything has come to rest.
#[derive(Debug, Default)]
pub struct Record {
    pub asked: Vec<Asked>,
    /// Of the table `tickets`.
    pub rows: Vec<Row>,
    pub desks: Vec<Desk>,
}

/// What a reader sent, and saw of it.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The ticket's subject.
    pub name: String,
    pub text: String,
    /// What the reader let travel.
    pub dossier: Vec<String>,
    pub files: Vec<File>,
    /// Pages of the ticket that answers led to: one, if all is well.
    pub confirmed: BTreeSet<String>,
    /// When no answer came, in milliseconds since 1970.
    pub unanswered: Vec<i64>,
    /// Plain errors, with what was written still there.
    pub errors: usize,
    /// Answers that were neither that nor a confirmation.
    pub odd: Vec<String>,
}

/// Name and bytes.
pub type File = (String, Vec<u8>);

#[derive(Debug, Clone)]
pub struct Row {
    pub id: String,
    /// Of its requester's page.
    pub path: String,
    pub name: String,
    pub text: String,
    pub dossier: Vec<String>,
    pub files: Vec<File>,
    /// When it was opened, in milliseconds since 1970.
    pub at: i64,
}

#[derive(Debug, Clone, Default)]
pub struct Desk {
    pub name: String,
    /// What the vendor holds.
    pub tickets: Vec<Remote>,
    /// What was asked of the vendor that its contract does not allow.
    pub faults: Vec<String>,
    /// As the program counts.
    pub waiting: i64,
    pub dead: usize,
}

/// A ticket as a vendor holds it.
#[derive(Debug, Clone)]
pub struct Remote {
    /// Our id of it, without hyphens.
    pub reference: String,
    /// The ticket's subject.
    pub name: String,
    /// What the requester said, as HTML.
    pub said: Vec<String>,
    /// Notes for agents, as HTML.
    pub notes: Vec<String>,
    pub files: Vec<File>,
}

#[derive(Debug, Default)]
pub struct Judged {
    pub desks: Vec<Counts>,
    /// Tickets without answer that were on disk all the same.
    pub on_disk: usize,
    /// Plain errors that readers saw.
    pub errors: usize,
    pub breaches: Vec<String>,
}

/// Of one desk, in tickets.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub received: usize,
    pub lost: usize,
    pub doubled: usize,
}

pub fn judge(record: &Record) -> Judged {
    let mut judged = Judged::default();
    answered(&record.asked, &mut judged.breaches);
    judged.errors = record.asked.iter().map(|one| one.errors).sum();
    stored(record, &mut judged);
    for desk in &record.desks {
        let counts = delivered(desk, &record.rows, &mut judged.breaches);
        judged.desks.push(counts);
    }
    judged
}

/// What readers saw.
fn answered(asked: &[Asked], breaches: &mut Vec<String>) {
    let odd: Vec<_> = asked.iter().flat_map(|one| &one.odd).map(String::as_str).collect();
    breach(breaches, "a reader", "saw neither a confirmation nor a plain error with the text kept", &odd);
    let many = asked.iter().filter(|one| one.confirmed.len() > 1).map(|one| one.name.as_str());
    breach(breaches, "a reader", "was led to more than one ticket", &many.collect::<Vec<_>>());
}

/// What was confirmed is in the database once, with all that belongs to it; what was not is there once at most.
fn stored(record: &Record, judged: &mut Judged) {
    let mut rows = HashMap::<&str, Vec<&Row>>::new();
    record.rows.iter().for_each(|row| rows.entry(&row.name).or_default().push(row));
    let of = |asked: &Asked| rows.get(asked.name.as_str()).map_or(&[][..], Vec::as_slice);
    let mut breach = |what: &str, is: &dyn Fn(&Asked) -> bool| {
        let broken: Vec<_> = record.asked.iter().filter(|one| is(one)).map(|one| one.name.as_str()).collect();
        breach(&mut judged.breaches, "the database", what, &broken);
    };
    breach("has not the ticket that was confirmed", &|one| !one.confirmed.is_empty() && of(one).is_empty());
    breach("has a ticket more than once", &|one| of(one).len() > 1);
    breach("has another ticket than was sent", &|one| of(one).iter().any(|row| !row.is(one)));
    let names: BTreeSet<_> = record.asked.iter().map(|one| one.name.as_str()).collect();
    let strange: Vec<_> = rows.keys().copied().filter(|name| !names.contains(name)).collect();
    super::judge::breach(&mut judged.breaches, "the database", "has a ticket that nobody sent", &strange);

    let was_written = |one: &&Asked| of(one).iter().any(|row| one.unanswered.iter().any(|at| row.at < *at));
    judged.on_disk = record.asked.iter().filter(was_written).count();
}

impl Row {
    fn is(&self, asked: &Asked) -> bool {
        (&self.text, &self.dossier, &self.files) == (&asked.text, &asked.dossier, &asked.files)
            && asked.confirmed.iter().all(|path| *path == self.path)
    }
}

/// Every ticket is at the desk exactly once, as it was sent; and nothing else is.
fn delivered(desk: &Desk, rows: &[Row], breaches: &mut Vec<String>) -> Counts {
    let mut remotes = HashMap::<&str, Vec<&Remote>>::new();
    desk.tickets.iter().for_each(|remote| remotes.entry(&remote.reference).or_default().push(remote));
    let wanted: Vec<_> = rows.iter().map(|row| (row.id.replace('-', ""), row)).collect();
    let of = |reference: &str| remotes.get(reference).map_or(&[][..], Vec::as_slice);
    let mut breach = |what: &str, is: &dyn Fn(&str, &Row) -> bool| -> usize {
        let broken: Vec<_> = wanted.iter().filter(|(id, row)| is(id, row)).map(|(_, row)| row.name.as_str()).collect();
        breach(breaches, &desk.name, what, &broken);
        broken.len()
    };
    let lost = breach("lost a ticket", &|id, _| of(id).is_empty());
    let doubled = breach("has a ticket more than once", &|id, _| of(id).len() > 1);
    breach("has another ticket than was sent", &|id, row| of(id).iter().any(|remote| !remote.is(row)));

    let is_strange = |remote: &&Remote| !wanted.iter().any(|(id, _)| *id == remote.reference);
    let strange: Vec<_> = desk.tickets.iter().filter(is_strange).map(|remote| remote.name.as_str()).collect();
    super::judge::breach(breaches, &desk.name, "has a ticket that the database does not know", &strange);
    let faults: Vec<_> = desk.faults.iter().map(String::as_str).collect();
    super::judge::breach(breaches, &desk.name, "was asked what its contract does not allow", &faults);
    if desk.waiting > 0 || desk.dead > 0 {
        breaches.push(format!("{} has {} waiting and {} dead", desk.name, desk.waiting, desk.dead));
    }
    Counts { received: wanted.len() - lost, lost, doubled }
}

impl Remote {
    /// Said once, noted once, with its files or with word of why they stayed behind.
    fn is(&self, row: &Row) -> bool {
        let ([said], [note]) = (self.said.as_slice(), self.notes.as_slice()) else { return false };
        self.name == row.name
            && said.contains(&row.text)
            && row.dossier.iter().all(|clue| note.contains(clue))
            && (self.files == row.files || (self.files.is_empty() && said.contains(LEFT_OUT)))
    }
}
