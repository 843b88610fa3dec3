//! `cargo xtask kill`: the program is killed while readers tell, vote and ask, again and again, and then counted is
//! what became of everything it acknowledged.
//!
//! It runs in a process of its own, as it is installed; readers, vendors and desks live in this one. The seed chooses when
//! each round is killed, how vendors and desks answer, and how much time seems to pass before the next start; what the machine does between is its own.

mod asking;
mod between;
mod desks;
mod judge;
mod program;
mod readers;
mod record;
mod report;
mod telling;
mod tickets;
mod vendors;

/// What the tests have as well. Not all of it is needed here.
#[path = "../tests"]
#[allow(dead_code, clippy::unwrap_used)]
mod parts {
    pub mod contract;
    pub mod form;
}

use std::collections::HashSet;
use std::ops::RangeInclusive;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use between::Found;
use clap::Parser;
use desks::Desks;
use fastrand::Rng;
use jiff::Timestamp;
use program::{Place, Program};
use readers::Readers;
use vendors::Vendors;

#[derive(Parser)]
struct Arguments {
    /// How often the program is killed
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Chooses the moments; the one of an earlier run takes the same again
    #[arg(long)]
    seed: Option<u64>,
}

/// A round counts when so many acknowledged items had not arrived everywhere, slow sinks and tickets of earlier rounds
/// left aside.
const IN_FLIGHT: usize = 100;
/// A round is killed when at least so many items were acknowledged in it, and so many milliseconds after that.
const ITEMS: RangeInclusive<usize> = 150..=450;
/// So many of them are tickets.
const TICKETS: RangeInclusive<usize> = 4..=8;
const MILLISECONDS: RangeInclusive<u64> = 0..=200;
/// Rounds that need not count before the test is given up; as many as are asked for, if these are more.
const MISSES: usize = 20;
/// How long nothing at all may arrive in the end.
const PATIENCE: Duration = Duration::from_secs(30);

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u64(..));
    println!("seed {seed}");
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let held = runtime.block_on(run(arguments.rounds, seed, folder.path()));
    if !matches!(held, Ok(true)) {
        eprintln!("database, log and files of the program are kept in {}", folder.keep().display());
    }
    Ok(if held? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// All that takes part.
struct Scene {
    place: Place,
    readers: Readers,
    vendors: Vendors,
    desks: Desks,
    found: Found,
    rng: Rng,
}

/// True when every guarantee held.
async fn run(rounds: usize, seed: u64, folder: &Path) -> Result<bool> {
    let mut rng = Rng::with_seed(seed);
    let (vendors, desks) = (Vendors::open(rng.fork()).await?, Desks::open(&mut rng).await);
    let (place, readers) = (Place::new(folder, &vendors.url, &desks.settings())?, Readers::new(&mut rng)?);
    let mut scene = Scene { place, readers, vendors, desks, found: Found::default(), rng };
    let (mut counted, mut missed) = (0, 0);
    while counted < rounds {
        let counts = scene.round().await?;
        *(if counts { &mut counted } else { &mut missed }) += 1;
        ensure!(missed <= rounds.max(MISSES), "{missed} rounds did not count: the readers or the disk are too slow");
    }
    let drained = scene.drain().await?;
    let holds = scene.judge().await?;
    println!("Everything had arrived {drained:.1?} after the last start; {rounds} rounds, seed {seed}.");
    Ok(holds)
}

impl Scene {
    /// Starts the program, lets readers tell and ask, and kills it when the seed says; false when too little was in
    /// flight then for the round to count.
    async fn round(&mut self) -> Result<bool> {
        let (items, tickets) = (self.rng.usize(ITEMS), self.rng.usize(TICKETS));
        let moment = Duration::from_millis(self.rng.u64(MILLISECONDS));
        let (start, earlier) = (Timestamp::now(), self.readers.acknowledged());
        let program = Program::start(&self.place)?;
        let mut telling = self.readers.begin(&program.address);
        self.readers.have_told(items, tickets, &mut telling).await?;
        // Nothing is waited for: this is the moment that the seed chose.
        tokio::time::sleep(moment).await;
        self.readers.expect_death();
        program.kill()?;
        self.readers.end(telling).await?;
        let (told, asked) = self.in_flight(&earlier)?;
        let counts = told + asked >= IN_FLIGHT;
        let verdict = if counts { "" } else { ", too few to count: once more" };
        println!(
            "killed {moment:?} after {items} items, {tickets} tickets among them: {told} events and {asked} tickets \
             acknowledged and in flight{verdict}"
        );
        self.found.pass_time(&self.place, &self.desks, start, &mut self.rng).await?;
        Ok(counts)
    }

    /// Events that were acknowledged and have not arrived everywhere; the same of tickets, but for those of `earlier`.
    fn in_flight(&self, earlier: &HashSet<String>) -> Result<(usize, usize)> {
        let is_ticket = |item: &String| item.starts_with(asking::TICKET);
        let items = self.readers.acknowledged().into_iter();
        let (mut tickets, told): (HashSet<_>, HashSet<_>) = items.partition(is_ticket);
        tickets.retain(|ticket| !earlier.contains(ticket));
        Ok((self.vendors.in_flight(&told, &record::files(&self.place)?), self.desks.in_flight(&tickets)))
    }

    /// The sink that was down comes back, desks fail no more, readers repeat what was not answered, and all that waits
    /// is waited for.
    async fn drain(&mut self) -> Result<Duration> {
        self.vendors.rise();
        self.desks.rise();
        let (program, start) = (Program::start(&self.place)?, Instant::now());
        self.readers.repeat(&program.address).await?;
        let mut looks = tokio::time::interval(Duration::from_millis(100));
        let (mut least, mut progress) = (i64::MAX, start);
        while least > 0 {
            looks.tick().await;
            let waiting: i64 = program::outbox(&self.place)?.iter().map(|sink| sink.waiting).sum();
            if waiting < least {
                (least, progress) = (waiting, Instant::now());
            }
            ensure!(progress.elapsed() < PATIENCE, "{waiting} items wait, and none arrived for {PATIENCE:?}");
        }
        program.kill()?;
        Ok(start.elapsed())
    }

    async fn judge(&self) -> Result<bool> {
        let told = record::told(&self.place, &self.readers, &self.vendors).await?;
        let asked = record::asked(&self.place, &self.readers, &self.desks).await?;
        let (of_told, of_asked) = (judge::judge(&told), tickets::judge(&asked));
        let of_desks = report::asked(&asked, &of_asked, &self.desks, &self.found);
        println!("\n{}\n{of_desks}", report::told(&told, &of_told));
        Ok(of_told.breaches.is_empty() && of_asked.breaches.is_empty())
    }
}
