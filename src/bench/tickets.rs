//! Tickets sent as fast as they are taken: each is on disk before it is answered, and every one reaches a desk, once.
//!
//! What is timed is the last send, answered 303. What comes before it (the trail, the form, the look at what goes
//! along) is done over HTTP as well, before the clock runs, and told apart.

mod desk;
mod reader;

use std::time::Instant;

use anyhow::{Result, ensure};

use crate::load::Load;
use crate::process::Program;
use crate::subject::Subject;
use crate::table::{Table, count, ratio, time};
use desk::Desk;

/// Connections that send at once.
const CONNECTIONS: usize = 64;
/// Readers who get ready at once: to propose answers takes a search with all that they wrote.
const READERS: usize = 8;
/// Each server's turns.
const ROUNDS: u64 = 4;
/// Tickets of a second that are aimed at.
const AIM: u64 = 1_000;

pub async fn measure(subject: &Subject, seconds: u64, table: &mut Table) -> Result<()> {
    table.section([
        "Tickets: sent with ten steps and what else is known, on disk before 303",
        "Signpost",
        "bare",
        "ratio",
        "aim",
    ]);
    let desk = Desk::open().await?;
    let data = subject.folder("asked");
    let site = Program::collecting(&subject.content, &data, &desk.settings())?;
    site.ready().await?;
    let folder = subject.folder("asked-bare");
    std::fs::create_dir_all(&folder)?;
    let bare = Program::bare(&folder)?;
    let (mut before, mut ours, mut theirs) = (Load::default(), Load::default(), Load::default());
    let (mut sent, mut waited) = (0, 0.0);
    for _ in 0..ROUNDS {
        let requests = reader::prepare(&site, seconds * AIM / 2 / ROUNDS, READERS, &mut before).await?;
        let began = Instant::now();
        ours.turn(&site, &requests, CONNECTIONS, 303).await?;
        sent += requests.len();
        // The desk is told meanwhile; what is left then is waited for, so that the other has the processors alone.
        desk.has(sent).await?;
        waited += began.elapsed().as_secs_f64();
        theirs.turn(&bare, &requests, CONNECTIONS, 303).await?;
    }
    rows(table, &mut ours, &mut theirs);
    let readers = count(before.per_second() as u64);
    let before = "Before it: steps told, form filled in, look taken: readers/s".to_owned();
    table.row([before, readers, String::new(), String::new(), String::new()]);
    table.row([
        "Arrived at the desk, sent meanwhile and after: tickets/s".to_owned(),
        count((sent as f64 / waited) as u64),
        String::new(),
        String::new(),
        String::new(),
    ]);
    drop(site);
    let told = desk.judge(&data).await?;
    ensure!(told == sent, "{sent} tickets were acknowledged, {told} are there");
    table.note(&format!("{} tickets acknowledged, as many at the desk: none lost, none twice", count(sent as u64)));
    Ok(())
}

fn rows(table: &mut Table, ours: &mut Load, theirs: &mut Load) {
    let (many, bare_many) = (ours.per_second(), theirs.per_second());
    table.row([
        format!("{CONNECTIONS} connections: tickets/s"),
        count(many as u64),
        count(bare_many as u64),
        ratio(many, bare_many),
        format!("≥ {}/s", count(AIM)),
    ]);
    let ([p50, p99], [bare_p50, bare_p99]) = (ours.quantiles([0.5, 0.99]), theirs.quantiles([0.5, 0.99]));
    let lines = [
        ("p50", p50, bare_p50),
        ("p99", p99, bare_p99),
        ("server's processor time, delivery too", ours.processor(), theirs.processor()),
    ];
    for (what, ours, theirs) in lines {
        let share = ratio(ours.as_secs_f64(), theirs.as_secs_f64());
        table.row([format!("  {what}"), time(ours), time(theirs), share, String::new()]);
    }
}
