//! `cargo xtask kill`: the program is killed while readers tell and vote, again and again, and then counted is what
//! became of everything it acknowledged.
//!
//! It runs in a process of its own, as it is installed; readers and vendors live in this one. The seed chooses when each
//! round is killed and how long vendors take to answer; what the machine does between is its own.

mod judge;
mod program;
mod readers;
mod record;
mod report;
mod vendors;

use std::ops::RangeInclusive;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use clap::Parser;
use fastrand::Rng;
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

/// A round counts when so many acknowledged items had not arrived everywhere, slow sinks left aside.
const IN_FLIGHT: usize = 100;
/// A round is killed when so many items were acknowledged in it, and so many milliseconds after that.
const ITEMS: RangeInclusive<usize> = 150..=450;
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

/// True when every guarantee held.
async fn run(rounds: usize, seed: u64, folder: &Path) -> Result<bool> {
    let mut rng = Rng::with_seed(seed);
    let vendors = Vendors::open(rng.fork()).await?;
    let place = Place::new(folder, &vendors.url)?;
    let mut readers = Readers::new()?;
    let (mut counted, mut missed) = (0, 0);
    while counted < rounds {
        let counts = round(&place, &mut readers, &vendors, &mut rng).await?;
        *(if counts { &mut counted } else { &mut missed }) += 1;
        ensure!(missed <= rounds.max(MISSES), "{missed} rounds did not count: the readers or the disk are too slow");
    }
    let drained = drain(&place, &mut readers, &vendors).await?;
    let record = record::take(&place, &readers, &vendors).await?;
    let judged = judge::judge(&record);
    println!("\n{}", report::of(&record, &judged));
    println!("Everything had arrived {drained:.1?} after the last start; {rounds} rounds, seed {seed}.");
    Ok(judged.breaches.is_empty())
}

/// Starts the program, lets readers tell and vote, and kills it when the seed says; false when too little was in
/// flight then for the round to count.
async fn round(place: &Place, readers: &mut Readers, vendors: &Vendors, rng: &mut Rng) -> Result<bool> {
    let (items, moment) = (rng.usize(ITEMS), Duration::from_millis(rng.u64(MILLISECONDS)));
    let program = Program::start(place)?;
    let mut telling = readers.begin(&program.address);
    readers.have_told(items, &mut telling).await?;
    // Nothing is waited for: this is the moment that the seed chose.
    tokio::time::sleep(moment).await;
    readers.expect_death();
    program.kill()?;
    readers.end(telling).await?;
    let in_flight = vendors.in_flight(&readers.acknowledged(), &record::files(place)?);
    let counts = in_flight >= IN_FLIGHT;
    let verdict = if counts { "" } else { ", too few to count: once more" };
    println!("killed {moment:?} after {items} items: {in_flight} acknowledged ones in flight{verdict}");
    Ok(counts)
}

/// The sink that was down comes back, readers repeat what was not answered, and all that waits is waited for.
async fn drain(place: &Place, readers: &mut Readers, vendors: &Vendors) -> Result<Duration> {
    vendors.rise();
    let (program, start) = (Program::start(place)?, Instant::now());
    readers.repeat(&program.address).await?;
    let mut looks = tokio::time::interval(Duration::from_millis(100));
    let (mut least, mut progress) = (i64::MAX, start);
    while least > 0 {
        looks.tick().await;
        let waiting: i64 = program::outbox(place)?.iter().map(|sink| sink.waiting).sum();
        if waiting < least {
            (least, progress) = (waiting, Instant::now());
        }
        ensure!(progress.elapsed() < PATIENCE, "{waiting} items wait, and none arrived for {PATIENCE:?}");
    }
    program.kill()?;
    Ok(start.elapsed())
}
