//! What agents wait for when there are many tickets: the queue however it is narrowed, the search of past tickets, one
//! ticket.

mod fill;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use app::words::Words;

use crate::client::{Connection, get_as};
use crate::load::Load;
use crate::process::Program;
use crate::subject::Subject;
use crate::table::{Table, count, time};
use fill::{Filled, TICKETS};

/// Requests of one agent, and of all who ask at once.
const ALONE: usize = 100;
const TOGETHER: usize = 240;
const AGENTS: usize = 8;
/// What nobody shall wait longer for.
const LIMIT: &str = "both p95 < 100 ms";

/// The queue, by what its address says.
const VIEWS: [(&str, &str); 18] = [
    ("the queue: new and open, what waits longest first", ""),
    ("  newest first", "?sort=newest"),
    ("  what is due first", "?sort=due"),
    ("  of one agent", "?owner=mine"),
    ("  of nobody", "?owner=nobody"),
    ("  urgent bugs", "?form=bug&priority=urgent"),
    ("  with a common tag", "?tag={common}"),
    ("  page 20", "?page=20"),
    ("closed, first page", "?status=closed"),
    ("  newest first", "?status=closed&sort=newest"),
    ("all, first page", "?status=any"),
    ("  page 2,000, the last", "?status=any&page=2000"),
    ("  page 2,000, by due date", "?status=any&sort=due&page=2000"),
    ("  with a rare tag, by due date", "?status=any&tag={rare}&sort=due"),
    ("  with a tag that no ticket has", "?status=any&tag=none&sort=newest"),
    ("  of one agent, page 100", "?status=any&owner=mine&page=100"),
    ("  of nobody, urgent, an idea", "?status=any&owner=nobody&form=idea&priority=urgent"),
    ("  with everything narrowed", "?status=solved&owner=mine&form=bug&priority=high&tag={common}&sort=due"),
];

pub async fn measure(subject: &Subject, table: &mut Table) -> Result<()> {
    let title = format!("Agents, {} tickets: pages over HTTP", count(TICKETS as u64));
    let together = [format!("{AGENTS} at once: p50"), "p95".to_owned()];
    table.section([title.as_str(), "alone: p50", "p95", &together[0], &together[1], "aim"]);
    let data = subject.folder("many");
    let began = Instant::now();
    let filled = fill::fill(&data).await?;
    let filling = began.elapsed();
    let site = Program::collecting(&subject.content, &data, "")?;
    site.ready().await?;
    let reading = until_searchable(&site, &filled).await?;
    for (name, query) in VIEWS {
        let query = query.replace("{common}", &filled.common_tag).replace("{rare}", &filled.rare_tag);
        row(table, &site, &filled, name, |_| format!("/agent{query}")).await?;
    }
    row(table, &site, &filled, "a ticket", |nth| path(&filled, nth)).await?;
    let searches = [
        ("  and a search of past tickets: two words", 0),
        ("  the beginning of a word", 1),
        ("  words that no ticket has together", 2),
        ("  a requester's address", 3),
    ];
    for (name, kind) in searches {
        let find = |nth: usize| format!("{}?find={}", path(&filled, nth), filled.query(kind, nth));
        row(table, &site, &filled, name, find).await?;
    }
    table.note(&format!(
        "{} messages; written in {}; searchable {} after the first look at a ticket",
        count(filled.messages),
        time(filling),
        time(reading)
    ));
    Ok(())
}

/// Another ticket each time.
fn path(filled: &Filled, nth: usize) -> String {
    format!("/agent/tickets/{}", filled.number(nth))
}

/// Looks at a ticket, as an agent would, until past tickets can be searched.
async fn until_searchable(site: &Program, filled: &Filled) -> Result<Duration> {
    let (began, hint) = (Instant::now(), Words::english().agent.past_reading.to_string());
    let mut connection = Connection::open(&site.address).await?;
    loop {
        let path = format!("{}?find={}", path(filled, 0), filled.query(0, 0));
        let answer = connection.ask(&get_as(&path, &filled.cookies)).await?;
        let page = String::from_utf8_lossy(answer.body);
        ensure!(answer.status == 200, "a ticket was answered with {}: {page}", answer.status);
        if !page.contains(&hint) {
            return Ok(began.elapsed());
        }
        ensure!(began.elapsed() < Duration::from_secs(300), "past tickets are still being read");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn row(
    table: &mut Table,
    site: &Program,
    filled: &Filled,
    name: &str,
    path: impl Fn(usize) -> String,
) -> Result<()> {
    let requests = |range: std::ops::Range<usize>| -> Arc<[Vec<u8>]> {
        range.map(|nth| get_as(&path(nth), &filled.cookies)).collect()
    };
    let (mut alone, mut together) = (Load::default(), Load::default());
    alone.turn(site, &requests(0..ALONE), 1, 200).await?;
    together.turn(site, &requests(ALONE..ALONE + TOGETHER), AGENTS, 200).await?;
    let ([p50, p95], [many_p50, many_p95]) = (alone.quantiles([0.5, 0.95]), together.quantiles([0.5, 0.95]));
    table.row([name.to_owned(), time(p50), time(p95), time(many_p50), time(many_p95), LIMIT.to_owned()]);
    Ok(())
}
