//! What judges the kill test is judged itself: a record that was tampered with does not pass.

mod asked;
#[path = "../kill/judge.rs"]
mod judge;
#[path = "../kill/tickets.rs"]
mod tickets;

use judge::{Counts, Judged, Receipt, Record, Row, Sink, Unanswered};

const ITEMS: [&str; 3] = ["event-a", "event-b", "vote-c"];

fn receipt(item: &str, key: &str) -> Receipt {
    Receipt { id: format!("id of {item}"), item: item.to_owned(), key: key.to_owned() }
}

fn sink(name: &str, guarantee: &str, items: &[&str]) -> Sink {
    let receipts = items.iter().map(|item| receipt(item, &format!("key of {item}"))).collect();
    let (name, guarantee, votes_only) = (name.to_owned(), guarantee.to_owned(), name == "votes");
    Sink { name, guarantee, votes_only, receipts, unknown: 0, waiting: 0, dead: 0 }
}

/// All of three items arrived at every sink; two had to be sent twice.
fn record() -> Record {
    let row = |item: &str| Row { id: format!("id of {item}"), item: item.to_owned(), at: 1000 };
    let mut record = Record {
        acknowledged: ITEMS.map(str::to_owned).into(),
        unanswered: vec![
            Unanswered { items: vec!["event-a".to_owned()], at: 1001 },
            Unanswered { items: vec!["vote-c".to_owned()], at: 999 },
        ],
        rows: ITEMS.map(row).into(),
        votes: vec!["vote-c".to_owned()],
        sinks: vec![
            sink("connector", "at_least_once", &ITEMS),
            sink("mixpanel", "exactly_once", &ITEMS),
            sink("ga4", "at_most_once", &ITEMS[1..]),
            sink("votes", "at_least_once", &ITEMS[2..]),
        ],
    };
    record.sinks[0].receipts.push(receipt("event-a", "key of event-a"));
    record.sinks[2].unknown = 2;
    record
}

/// What is said of the record after `tamper`.
fn check(tamper: impl FnOnce(&mut Record), expect: &str) {
    let mut record = record();
    tamper(&mut record);
    let Judged { breaches, .. } = judge::judge(&record);
    assert!(breaches.len() == 1 && breaches[0].contains(expect), "{expect}: {breaches:?}");
}

#[test]
fn what_every_sink_may_do_is_no_breach() {
    let judged = judge::judge(&record());
    assert_eq!(judged.breaches, Vec::<String>::new());
    assert_eq!(judged.on_disk, 1, "the other one was written when it was sent again");
    let counts = |promised, received, repeats| Counts { promised, received, repeats, lost: 0 };
    assert_eq!(judged.sinks, [counts(3, 3, 1), counts(3, 3, 0), counts(3, 2, 0), counts(1, 1, 0)]);
}

#[test]
fn what_the_database_lost_or_doubled_is_a_breach() {
    check(
        |record| {
            record.rows.remove(0);
            record.sinks.clear();
        },
        "the database has not what was acknowledged: 1, event-a",
    );
    check(
        |record| {
            record.rows.push(Row { id: "another".to_owned(), ..record.rows[2].clone() });
            record.sinks.clear();
        },
        "the database has more than once: 1, vote-c",
    );
    check(|record| record.votes.clear(), "does not hold as one vote: 1, vote-c");
}

#[test]
fn an_event_that_a_sink_lost_is_a_breach() {
    for sink in [0, 1, 3] {
        check(|record| record.sinks[sink].receipts.retain(|one| one.item != "vote-c"), "lost: 1, id of vote-c");
    }
    check(|record| record.sinks[2].unknown = 0, "ga4 lost: 1, id of event-a");
    check(|record| record.sinks[1].unknown = 1, "mixpanel has 1 given up as unknown");
    check(|record| record.sinks[0].waiting = 1, "connector has 0 given up as unknown, 1 waiting and 0 dead");
    check(|record| record.sinks[0].dead = 1, "0 waiting and 1 dead");
}

#[test]
fn an_event_that_a_sink_must_take_for_another_is_a_breach() {
    for sink in [0, 1, 3] {
        check(
            |record| record.sinks[sink].receipts.push(receipt("vote-c", "another key")),
            "received again under another key: 1, id of vote-c",
        );
    }
    check(|record| record.sinks[2].receipts.push(receipt("vote-c", "second")), "ga4 received again: 1,");
    check(
        |record| record.sinks[3].receipts.push(receipt("event-a", "key")),
        "votes received what the database does not know: 1, id of event-a",
    );
}
