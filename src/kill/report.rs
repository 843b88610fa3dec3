//! What is printed in the end.

use std::fmt::Write;

use crate::judge::{Counts, Judged, Record};

const COLUMNS: [&str; 6] = ["acknowledged", "received", "repeats", "unknown", "lost", "waiting"];

/// A row for each sink, and what broke.
pub fn of(record: &Record, judged: &Judged) -> String {
    let mut text = format!("{:<16}{:<15}", "sink", "guarantee");
    let mut add = |line: String| writeln!(text, "{line}").expect("writing to a string cannot fail");
    add(COLUMNS.map(|column| format!("{column:>14}")).concat());
    for (sink, counts) in record.sinks.iter().zip(&judged.sinks) {
        let Counts { promised, received, repeats, lost } = counts;
        let cells = [*promised, *received, *repeats, sink.unknown, *lost].map(|count| format!("{count:>14}")).concat();
        add(format!("{:<16}{:<15}{cells}{:>14}", sink.name, sink.guarantee, sink.waiting));
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
    match judged.breaches.as_slice() {
        [] => add("Every guarantee held.".to_owned()),
        breaches => breaches.iter().for_each(|breach| add(format!("BROKEN: {breach}"))),
    }
    text
}
