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
/// Rounds that may fail to count before the test is given up.
const MISSES: usize = 50;
/// How long everything may take to arrive in the end.
const PATIENCE: Duration = Duration::from_secs(120);

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u64(..));
    println!("seed {seed}");
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let held = runtime.block_on(run(arguments.rounds, seed, &folder));
    if !matches!(held, Ok(true)) {
        eprintln!("database, log and files of the program are kept in {}", folder.keep().display());
    }
    Ok(if held? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// True when every guarantee held.
async fn run(rounds: usize, seed: u64, folder: &tempfile::TempDir) -> Result<bool> {
    let mut rng = Rng::with_seed(seed);
    let vendors = Vendors::open(rng.fork()).await?;
    let place = Place::new(folder.path(), &vendors.url)?;
    let mut readers = Readers::new()?;
    let (mut counted, mut misses) = (0, 0);
    while counted < rounds {
        let (items, moment) = (rng.usize(ITEMS), Duration::from_millis(rng.u64(MILLISECONDS)));
        let in_flight = round(&place, &mut readers, &vendors, items, moment).await?;
        counted += usize::from(in_flight >= IN_FLIGHT);
        misses += usize::from(in_flight < IN_FLIGHT);
        let verdict = if in_flight < IN_FLIGHT { ", too few to count: once more" } else { "" };
        println!("killed {moment:?} after {items} items: {in_flight} acknowledged ones in flight{verdict}");
        ensure!(misses < MISSES, "{misses} rounds had less than {IN_FLIGHT} acknowledged items in flight");
    }
    let drained = drain(&place, &mut readers, &vendors).await?;
    let record = record::take(&place, &readers, &vendors).await?;
    let judged = judge::judge(&record);
    println!("\n{}", report::of(&record, &judged));
    println!("everything had arrived {drained:.1?} after the last start; {rounds} rounds, seed {seed}");
    Ok(judged.breaches.is_empty())
}

/// Starts the program, lets readers tell and vote until `moment` after so many `items`, and kills it; tells how many
/// items were in flight then.
async fn round(
    place: &Place,
    readers: &mut Readers,
    vendors: &Vendors,
    items: usize,
    moment: Duration,
) -> Result<usize> {
    let program = Program::start(place)?;
    let telling = readers.begin(&program.address);
    readers.have_told(items).await?;
    // Nothing is waited for: this is the moment that the seed chose.
    tokio::time::sleep(moment).await;
    readers.expect_death();
    program.kill()?;
    readers.end(telling).await?;
    Ok(vendors.in_flight(&readers.acknowledged(), &record::files(place)?))
}

/// The sink that was down comes back, readers repeat what was not answered, and all that waits is waited for.
async fn drain(place: &Place, readers: &mut Readers, vendors: &Vendors) -> Result<Duration> {
    vendors.rise();
    let (program, start) = (Program::start(place)?, Instant::now());
    readers.repeat(&program.address).await?;
    let mut looks = tokio::time::interval(Duration::from_millis(100));
    loop {
        looks.tick().await;
        let waiting: i64 = program::outbox(place)?.iter().map(|sink| sink.waiting).sum();
        if waiting == 0 {
            break;
        }
        ensure!(start.elapsed() < PATIENCE, "{waiting} items still wait {PATIENCE:?} after the last start");
    }
    program.kill()?;
    Ok(start.elapsed())
}
