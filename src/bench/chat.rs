//! Many conversations at once: 2,000 readers with a stream open, of whom one or another says something all the time.
//! What is timed is how long a message takes until it is on disk (204), and until the stream tells it.

mod readers;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use tokio::task::JoinSet;
use tokio::time::{sleep_until, timeout};

use crate::client::{Connection, post};
use crate::process::Program;
use crate::subject::Subject;
use crate::table::{Table, count, quantile, time};
use readers::{Readers, person};

/// Conversations that are open.
const OPEN: usize = 2_000;
/// Messages of a second: each reader says something every ten seconds.
const PACE: u32 = 200;
/// How long a message may take at most.
const PATIENCE: Duration = Duration::from_secs(30);
const AIM: Duration = Duration::from_millis(100);
const SETTINGS: &str = "[chat]\nopen = true\naway_seconds = 100000\nleave_seconds = 100000\nwait_seconds = 100000\n\
                        per_minute = 4000000000\n[server]\nmax_connections = 10000\n";
pub const FORM: &str = "application/x-www-form-urlencoded";

pub async fn measure(subject: &Subject, seconds: u64, table: &mut Table) -> Result<()> {
    table.section(["Chat: 2,000 conversations open, 200 messages a second", "p50", "p99", "slowest", "aim p99"]);
    let data = subject.folder("chats");
    let password = person(&data).await?;
    let site = Program::collecting(&subject.content, &data, SETTINGS)?;
    site.ready().await?;
    readers::sign_in(&site, &password).await?;
    let readers = Arc::new(Readers::begin(&site, OPEN).await?);
    let streams = readers.listen(&site).await?;
    let processor = site.processor_time()?;
    let (mut acknowledged, total) = (talk(&site, &readers, seconds).await?, seconds as usize * PACE as usize);
    let mut heard = timeout(PATIENCE, readers.heard(total)).await?;
    let processor = (site.processor_time()? - processor) / total as u32;
    ensure!(heard.len() == total, "{total} messages were said, {} were told", heard.len());
    row(table, "on disk (204)", &mut acknowledged);
    row(table, "told by the stream", &mut heard);
    table.note(&format!(
        "{} messages: none lost, none twice; {} of processor time each",
        count(total as u64),
        time(processor)
    ));
    memory(&site, table).await?;
    drop(streams);
    Ok(())
}

/// What conversations add to the resident memory: of so many more, after as many had used up what the allocator kept
/// free since the start.
async fn memory(site: &Program, table: &mut Table) -> Result<()> {
    let fill = Arc::new(Readers::begin(site, OPEN).await?);
    let filling = fill.listen(site).await?;
    let before = site.resident()?;
    let readers = Arc::new(Readers::begin(site, OPEN).await?);
    let begun = site.resident()?;
    let streams = readers.listen(site).await?;
    let open = site.resident()?;
    let each = |bytes: u64| format!("{:.1} kB", bytes as f64 / OPEN as f64 / 1e3);
    table.note(&format!(
        "Memory of a conversation: {} with its stream open, {} of which stays without",
        each(open.saturating_sub(before)),
        each(begun.saturating_sub(before)),
    ));
    drop((filling, streams));
    Ok(())
}

fn row(table: &mut Table, name: &str, latencies: &mut [Duration]) {
    latencies.sort_unstable();
    let [p50, p99, slowest] = [0.5, 0.99, 1.0].map(|share| time(quantile(latencies, share)));
    table.row([name.to_owned(), p50, p99, slowest, format!("≤ {}", time(AIM))]);
}

/// Says something at a steady pace, whatever the answers take; gives how long each took from when it was due.
async fn talk(site: &Program, readers: &Arc<Readers>, seconds: u64) -> Result<Vec<Duration>> {
    let start = Instant::now();
    let mut said = JoinSet::new();
    // As many connections as answers may be waited for at once; each says its share.
    let lanes = 32;
    for lane in 0..lanes {
        let (readers, mut connection) = (readers.clone(), Connection::open(&site.address).await?);
        let turns = (0..seconds as u32 * PACE).filter(move |turn| turn % lanes == lane);
        said.spawn(async move {
            let mut took = Vec::new();
            for turn in turns {
                let due = start + Duration::from_secs(1) * turn / PACE;
                sleep_until(due.into()).await;
                let (cookie, body) = readers.message(turn as usize, due);
                let status = connection.ask(&post("/chat/messages", &cookie, FORM, &body)).await?.status;
                ensure!(status == 204, "a message was answered with {status}");
                took.push(due.elapsed());
            }
            Ok(took)
        });
    }
    let all: Result<Vec<_>> = said.join_all().await.into_iter().collect();
    Ok(all?.concat())
}
