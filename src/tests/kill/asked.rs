//! The judge of tickets: what was tampered with does not pass.

use super::tickets::{Asked, Counts, Desk, Judged, Record, Remote, Row, judge};

const NAMES: [&str; 3] = ["ticket-a", "ticket-b", "ticket-c"];

fn file(name: &str) -> (String, Vec<u8>) {
    (format!("{name}.txt"), b"a line".to_vec())
}

fn asked(name: &str) -> Asked {
    Asked {
        name: name.to_owned(),
        text: format!("{name} fails"),
        dossier: vec!["Page: /install".to_owned()],
        files: vec![file(name)],
        confirmed: [format!("/requests/{name}")].into(),
        ..Asked::default()
    }
}

fn row(name: &str) -> Row {
    let Asked { text, dossier, files, .. } = asked(name);
    let (id, path, name) = (format!("id-of-{name}"), format!("/requests/{name}"), name.to_owned());
    Row { id, path, name, text, dossier, files, at: 1000 }
}

fn remote(name: &str) -> Remote {
    let (said, notes) = (vec![format!("<p>{name} fails</p>")], vec!["<li>Page: /install</li>".to_owned()]);
    let reference = format!("id-of-{name}").replace('-', "");
    Remote { reference, name: name.to_owned(), said, notes, files: vec![file(name)] }
}

/// All of three tickets arrived at both desks; one was sent again and was on disk, of another a file was left out.
fn record() -> Record {
    let desk = |name: &str| Desk { name: name.to_owned(), tickets: NAMES.map(remote).into(), ..Desk::default() };
    let mut record = Record {
        asked: NAMES.map(asked).into(),
        rows: NAMES.map(row).into(),
        desks: vec![desk("zendesk"), desk("freshdesk")],
    };
    record.asked[0].unanswered = vec![1001];
    record.asked[1].unanswered = vec![999];
    record.asked[1].errors = 2;
    let remote = &mut record.desks[0].tickets[2];
    remote.files.clear();
    remote.said[0] += "<p>Files that could not be added:</p>";
    record
}

/// What is said of the record after `tamper`.
fn check(tamper: impl FnOnce(&mut Record), expect: &str) {
    let mut record = record();
    tamper(&mut record);
    let Judged { breaches, .. } = judge(&record);
    assert!(breaches.len() == 1 && breaches[0].contains(expect), "{expect}: {breaches:?}");
}

#[test]
fn what_may_be_is_no_breach() {
    let judged = judge(&record());
    assert_eq!(judged.breaches, Vec::<String>::new());
    assert_eq!(judged.on_disk, 1, "the other one was written when it was sent again");
    assert_eq!(judged.errors, 2);
    let all = Counts { received: 3, lost: 0, doubled: 0 };
    assert!(judged.desks.iter().all(|counts| *counts == all) && judged.desks.len() == 2);
}

#[test]
fn what_readers_must_not_see_is_a_breach() {
    check(|record| record.asked[0].odd.push("500".to_owned()), "neither a confirmation nor a plain error");
    // A second ticket of the same words is one too many for reader, database and desks.
    let mut record = record();
    record.asked[0].confirmed.insert("/requests/another".to_owned());
    record.rows.push(Row { id: "another".to_owned(), path: "/requests/another".to_owned(), ..row(NAMES[0]) });
    for desk in &mut record.desks {
        desk.tickets.push(Remote { reference: "another".to_owned(), ..remote(NAMES[0]) });
    }
    let breaches = judge(&record).breaches.join("\n");
    assert!(breaches.contains("was led to more than one ticket: 1, ticket-a"), "{breaches}");
    assert!(breaches.contains("the database has a ticket more than once: 1, ticket-a"), "{breaches}");
}

#[test]
fn what_the_database_lost_or_changed_is_a_breach() {
    let mut record = record();
    record.rows.remove(0);
    let breaches = judge(&record).breaches.join("\n");
    assert!(breaches.contains("the database has not the ticket that was confirmed: 1, ticket-a"), "{breaches}");
    assert!(breaches.contains("zendesk has a ticket that the database does not know: 1, ticket-a"), "{breaches}");
    check(
        |record| {
            record.rows[1].text.clear();
            record.desks.clear();
        },
        "another ticket than was sent: 1, ticket-b",
    );
    let tampers: [fn(&mut Row); 3] =
        [|row| row.dossier.clear(), |row| row.files[0].1.clear(), |row| row.path.push('x')];
    for tamper in tampers {
        check(
            |record| {
                tamper(&mut record.rows[1]);
                record.desks.clear();
            },
            "another ticket than was sent: 1, ticket-b",
        );
    }
    check(
        |record| {
            record.rows.push(row("ticket-d"));
            record.desks.clear();
        },
        "has a ticket that nobody sent: 1, ticket-d",
    );
}

#[test]
fn what_a_desk_lost_or_has_twice_is_a_breach() {
    for desk in [0, 1] {
        check(|record| drop(record.desks[desk].tickets.remove(1)), "desk lost a ticket: 1, ticket-b");
        check(
            |record| record.desks[desk].tickets.push(remote("ticket-b")),
            "desk has a ticket more than once: 1, ticket-b",
        );
        let strange = Remote { reference: "none".to_owned(), ..remote("ticket-b") };
        check(
            |record| record.desks[desk].tickets.push(strange),
            "desk has a ticket that the database does not know: 1,",
        );
        check(|record| record.desks[desk].waiting = 1, "desk has 1 waiting and 0 dead");
        check(|record| record.desks[desk].dead = 1, "desk has 0 waiting and 1 dead");
        check(|record| record.desks[desk].faults.push("path".to_owned()), "what its contract does not allow: 1, path");
    }
    let tampers: [fn(&mut Remote); 6] = [
        |remote| remote.said.push(remote.said[0].clone()),
        |remote| remote.notes.push(remote.notes[0].clone()),
        |remote| remote.notes.clear(),
        |remote| remote.notes[0].clear(),
        |remote| remote.files.clear(),
        |remote| remote.name.clear(),
    ];
    for tamper in tampers {
        check(
            |record| tamper(&mut record.desks[1].tickets[1]),
            "freshdesk has another ticket than was sent: 1, ticket-b",
        );
    }
}
