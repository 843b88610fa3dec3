//! What is printed in the end.

use std::fmt::Write;

use crate::between::Found;
use crate::desks::Desks;
use crate::judge::{Counts, Judged, Record};
use crate::tickets;

const COLUMNS: [&str; 6] = ["acknowledged", "received", "repeats", "unknown", "lost", "waiting"];
const OF_DESKS: [&str; 8] =
    ["acknowledged", "received", "lost", "doubled", "unknown", "looked up", "key known", "sent again"];

/// A row for each sink, and what broke.
pub fn told(record: &Record, judged: &Judged) -> String {
    let mut text = format!("{:<16}{:<15}", "sink", "guarantee");
    let mut add = |line: String| writeln!(text, "{line}").expect("writing to a string cannot fail");
    add(cells(&COLUMNS));
    for (sink, counts) in record.sinks.iter().zip(&judged.sinks) {
        let Counts { promised, received, repeats, lost } = counts;
        let numbers = [*promised, *received, *repeats, sink.unknown, *lost];
        add(format!("{:<16}{:<15}{}{:>14}", sink.name, sink.guarantee, cells(&numbers), sink.waiting));
    }
    add(format!(
        "{} items were acknowledged; the database has {} events and {} votes.",
        record.acknowledged.len(),
        record.rows.len(),
        record.votes.len()
    ));
    add(format!(
        "{} requests had no answer when the program was killed and were sent again; {} of them were on disk already.",
        record.unanswered.len(),
        judged.on_disk
    ));
    text + &held(&judged.breaches)
}

/// The same of tickets and desks, and what was met on the way.
pub fn asked(record: &tickets::Record, judged: &tickets::Judged, desks: &Desks, found: &Found) -> String {
    let mut text = format!("{:<16}{}\n", "desk", cells(&OF_DESKS));
    let mut add = |line: String| writeln!(text, "{line}").expect("writing to a string cannot fail");
    let met = [found.in_doubt, desks.look_ups(), desks.refused(), found.sent_again];
    for (number, (desk, counts)) in record.desks.iter().zip(&judged.desks).enumerate() {
        let tickets::Counts { received, lost, doubled } = counts;
        let numbers = [[record.rows.len(), *received, *lost, *doubled], met.map(|each| each[number])].concat();
        add(format!("{:<16}{}", desk.name, cells(&numbers)));
    }
    let asked = &record.asked;
    let sum = |count: fn(&tickets::Asked) -> usize| asked.iter().map(count).sum::<usize>();
    add(format!(
        "{} tickets were acknowledged, {} of them with a file; the database has {}.",
        sum(|one| usize::from(!one.confirmed.is_empty())),
        sum(|one| one.files.len()),
        record.rows.len()
    ));
    add(format!(
        "{} answers did not come, and the ticket was sent again or looked at; {} of these were on disk already.",
        sum(|one| one.unanswered.len()),
        judged.on_disk
    ));
    add(format!("{} answers were plain errors with the text kept.", judged.errors));
    text + &held(&judged.breaches)
}

fn cells<T: std::fmt::Display>(of: &[T]) -> String {
    of.iter().map(|cell| format!("{cell:>14}")).collect()
}

fn held(breaches: &[String]) -> String {
    match breaches {
        [] => "Every guarantee held.\n".to_owned(),
        breaches => breaches.iter().map(|breach| format!("BROKEN: {breach}\n")).collect(),
    }
}
