//! Batches of events told as fast as they are taken: each is on disk before it is answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;
use tokio::time::{Instant, Interval, interval_at};
use uuid::Uuid;

use crate::client::{self, Connection};
use crate::growth::Growth;
use crate::load::Load;
use crate::process::Program;
use crate::subject::Subject;
use crate::table::{Table, count, ratio, time};
use crate::{articles, bare};

/// Events of one batch.
const EVENTS: u64 = 20;
/// Connections that tell at once.
const CONNECTIONS: usize = 64;
/// Events a second while a page is measured: half of what a server is asked to take at least.
const MEANWHILE: f64 = 25_000.0;
/// For a server whose threads each stay on a processor of their own.
const PINNED: &str = "[server]\npin_threads = true\n";
/// Each server's turns; after each of ours the store is weighed.
const ROUNDS: u32 = 10;

pub async fn measure(subject: &Subject, article: &str, seconds: u64, table: &mut Table) -> Result<()> {
    table.section(["Events: batches of 20, on disk before 204, sinks off", "Signpost", "bare", "ratio", "aim"]);
    let data = subject.folder("told");
    let site = Program::collecting(&subject.content, &data, "")?;
    site.ready().await?;
    // Until pages are pressed as small as they get, they become shorter.
    site.idle().await?;
    let folder = subject.folder("told-bare");
    bare::keep(&folder, &articles::fetch(&site, article.to_owned()).await?)?;
    let bare = Program::bare(&folder)?;
    let turn = Duration::from_secs(seconds) / ROUNDS;
    let (mut ours, mut theirs) = (Told::default(), Told::default());
    let mut growth = Growth::begin(&data).await?;
    for _ in 0..ROUNDS {
        ours.round(&site, turn, None).await?;
        growth.note(ours.events.load(Ordering::Relaxed)).await?;
        theirs.round(&bare, turn, None).await?;
    }
    let (many, bare_many) = (ours.per_second(), theirs.per_second());
    table.row([
        format!("{CONNECTIONS} connections: events/s"),
        count(many as u64),
        count(bare_many as u64),
        ratio(many, bare_many),
        "≥ 0.50".to_owned(),
    ]);
    let (cost, bare_cost) = (ours.processor(), theirs.processor());
    let share = ratio(cost.as_secs_f64(), bare_cost.as_secs_f64());
    table.row(["  server's processor time an event".to_owned(), time(cost), time(bare_cost), share, String::new()]);
    with_sinks(subject, &bare, many, turn, table).await?;
    growth.show(table).await?;
    let pinned = Program::collecting(&subject.content, &subject.folder("told-pinned"), PINNED)?;
    pinned.ready().await?;
    pinned.idle().await?;
    table.section(["An article while events are told, 8 connections", "meanwhile", "at rest", "ratio", "aim"]);
    // The bare server shows what of it is the machine's, which has the clients' threads, too.
    for (name, server, path, aim) in [
        ("Signpost", &site, article, "≤ 2.00"),
        ("Signpost, threads pinned", &pinned, article, "≤ 2.00"),
        ("bare", &bare, "/br", ""),
    ] {
        page_meanwhile(name, server, path, turn, aim, table).await?;
    }
    Ok(())
}

/// The same while three sinks are sent what comes: files, a connector and a webhook, the latter two on loopback.
async fn with_sinks(subject: &Subject, bare: &Program, off: f64, turn: Duration, table: &mut Table) -> Result<()> {
    let settings = format!(
        "[sinks.files]\nfolder = \"files\"\nlinger_ms = 1000\n\
         [connectors.one]\nurl = \"http://{address}/sink\"\n\
         [webhooks.two]\nurl = \"http://{address}/sink\"\nsecrets = [\"whsec_{}\"]\n",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        address = bare.address,
    );
    let site = Program::collecting(&subject.content, &subject.folder("told-on"), &settings)?;
    site.ready().await?;
    let mut told = Told::default();
    for _ in 0..ROUNDS {
        told.round(&site, turn, None).await?;
    }
    let on = told.per_second();
    table.row([
        "Three sinks on, beside off: events/s".to_owned(),
        count(on as u64),
        count(off as u64),
        ratio(on, off),
        String::new(),
    ]);
    Ok(())
}

/// An article while events are told, beside the same article at rest. At a fixed rate: at full load who waits for a page
/// waits for the teller, too, which has the same cores.
async fn page_meanwhile(
    name: &str,
    server: &Program,
    article: &str,
    turn: Duration,
    aim: &str,
    table: &mut Table,
) -> Result<()> {
    let pause = Duration::from_secs_f64(EVENTS as f64 * CONNECTIONS as f64 / MEANWHILE);
    let request = client::get(article, client::BROWSER);
    let (mut idle, mut busy) = (Load::default(), Load::default());
    let mut told = Told::default();
    for _ in 0..ROUNDS {
        idle.round(server, &request, 8, turn).await?;
        let (page, events) = tokio::join!(busy.round(server, &request, 8, turn), told.round(server, turn, Some(pause)));
        page.and(events)?;
    }
    let rate = count(told.per_second() as u64);
    let ([idle_p50, idle_p99], [p50, p99]) = (idle.quantiles([0.5, 0.99]), busy.quantiles([0.5, 0.99]));
    let name = format!("{name}, {rate} events/s: p50");
    for (name, busy, idle, aim) in [(&*name, p50, idle_p50, ""), ("  p99", p99, idle_p99, aim)] {
        let share = ratio(busy.as_secs_f64(), idle.as_secs_f64());
        table.row([name.to_owned(), time(busy), time(idle), share, aim.to_owned()]);
    }
    Ok(())
}

/// What a server took.
#[derive(Default)]
struct Told {
    events: Arc<AtomicU64>,
    elapsed: Duration,
    processor_time: Duration,
}

impl Told {
    /// `pause`: from one batch of a connection to its next; without one as fast as they are taken.
    async fn round(&mut self, server: &Program, length: Duration, pause: Option<Duration>) -> Result<()> {
        let mut open = Vec::new();
        for _ in 0..CONNECTIONS {
            open.push(Connection::open(&server.address).await?);
        }
        let (before, start) = (server.processor_time()?, Instant::now());
        let until = start + length;
        let mut clients = JoinSet::new();
        let others = others()?;
        for (place, connection) in (0..).zip(open) {
            // One after the other: readers do not wait for each other to tell all at once.
            let ticks = pause.map(|pause| interval_at(start + pause * place / CONNECTIONS as u32, pause));
            clients.spawn_on(tell(connection, until, ticks, self.events.clone()), others.handle());
        }
        while let Some(told) = clients.join_next().await {
            told??;
        }
        self.elapsed += start.elapsed();
        self.processor_time += server.processor_time()? - before;
        others.shutdown_background();
        Ok(())
    }

    fn per_second(&self) -> f64 {
        self.events.load(Ordering::Relaxed) as f64 / self.elapsed.as_secs_f64()
    }

    fn processor(&self) -> Duration {
        self.processor_time / self.events.load(Ordering::Relaxed).max(1) as u32
    }
}

/// Threads for those who tell: elsewhere they have processors of their own, so here they shall not keep a client
/// waiting whose page is measured.
fn others() -> Result<Runtime> {
    let lower = || {
        if let Err(cause) = rustix::process::nice(19) {
            eprintln!("a thread could not be given a lower priority: {cause}");
        }
    };
    Ok(Builder::new_multi_thread().worker_threads(1).on_thread_start(lower).enable_all().build()?)
}

async fn tell(
    mut connection: Connection,
    until: Instant,
    mut ticks: Option<Interval>,
    events: Arc<AtomicU64>,
) -> Result<()> {
    let session = Uuid::now_v7();
    while Instant::now() < until {
        if let Some(ticks) = &mut ticks {
            ticks.tick().await;
        }
        let status = connection.ask(&request(session)).await?.status;
        ensure!(status == 204, "a batch was answered with {status}");
        events.fetch_add(EVENTS, Ordering::Relaxed);
    }
    Ok(())
}

/// A batch as a reader's page sends it, by one who may be counted.
fn request(session: Uuid) -> Vec<u8> {
    let cookies = format!("__Host-signpost-consent={}.a.1; {VISIT}={session}", "0".repeat(32));
    client::post("/api/v1/events", &cookies, "text/plain", &batch(EVENTS))
}

/// The cookie of a session.
pub const VISIT: &str = "__Host-signpost-visit";

/// So many events as a reader's page tells them, under a new id.
pub fn batch(events: u64) -> String {
    let event = |number: u64| match number % 4 {
        0 => r#"{"kind":"page_viewed","page":"/guide/install","ago":4200}"#,
        1 => r#"{"kind":"article_viewed","page":"/guide/install","ago":4100,"article":"guide-install"}"#,
        2 => {
            r#"{"kind":"search_result_clicked","page":"/search","ago":900,"query":"install on linux","article":"guide-install","rank":2}"#
        }
        _ => {
            r#"{"kind":"article_read","page":"/guide/install","ago":10,"article":"guide-install","seconds":48,"scroll":83}"#
        }
    };
    let events: Vec<_> = (0..events).map(event).collect();
    format!(r#"{{"id":"{}","locale":"en","events":[{}]}}"#, Uuid::now_v7(), events.join(","))
}
