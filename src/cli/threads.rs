//! The threads of `signpost serve`: those that answer readers, and those behind them.

use std::io;

use tokio::runtime::{Builder, Runtime};
use tracing::warn;

/// By how much threads that nobody waits for are nicer (nice(2)); a vote or a ticket is written by them too, so not by
/// much.
const BEHIND: i32 = 5;

/// Threads that answer readers, one for each processor; `pinned`: each stays on its own.
///
/// # Errors
/// A system that starts no threads.
pub fn answering(pinned: bool) -> io::Result<Runtime> {
    let mut builder = Builder::new_multi_thread();
    if pinned {
        pin(&mut builder)?;
    }
    builder.enable_all().build()
}

/// Threads for what no reader waits for: where the processor is scarce, whoever reads a page comes first. What they
/// start, the database's writer for one, inherits their priority.
///
/// # Errors
/// A system that starts no threads.
pub fn behind() -> io::Result<Runtime> {
    let lower = || {
        if let Err(cause) = rustix::process::nice(BEHIND) {
            warn!("a thread could not be given a lower priority: {cause}");
        }
    };
    Builder::new_multi_thread().worker_threads(1).thread_name("behind").on_thread_start(lower).enable_all().build()
}

/// Left to itself, Linux now and then puts two of them on one processor, and then whoever is answered by the second
/// waits until the first has done its turn: milliseconds.
#[cfg(target_os = "linux")]
fn pin(builder: &mut Builder) -> io::Result<()> {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread::available_parallelism;

    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    let all = sched_getaffinity(None)?;
    let workers = available_parallelism()?.get();
    let alone = |processor| {
        let mut alone = CpuSet::new();
        alone.set(processor);
        alone
    };
    let own: Vec<CpuSet> = (0..CpuSet::MAX_CPU).filter(|processor| all.is_set(*processor)).map(alone).collect();
    if own.len() > workers {
        // Others with such a share would be put on the same ones.
        warn!(
            "server.pin_threads: this program has a share of {} processors that is worth {workers}, and none of its \
             own; its threads are left to the system",
            own.len()
        );
        return Ok(());
    }
    let started = AtomicUsize::new(0);
    builder.worker_threads(own.len()).on_thread_start(move || {
        // The first to start are those that answer. Later ones do what blocks, wherever there is room.
        let place = started.fetch_add(1, Ordering::Relaxed);
        if let Err(cause) = sched_setaffinity(None, own.get(place).unwrap_or(&all)) {
            warn!("a thread could not be pinned to a processor: {cause}");
        }
    });
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn pin(_: &mut Builder) -> io::Result<()> {
    warn!("server.pin_threads works on Linux alone; the threads are left to the system");
    Ok(())
}
