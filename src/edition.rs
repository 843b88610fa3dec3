//! An edition: one snapshot with its search index and the answers made of them, immutable but for that
//! cache. A change builds the next edition aside, tests it, and only then swaps it in.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use jiff::Timestamp;
use tracing::{error, info, warn};

use crate::Help;
use crate::answers::Answers;
use crate::content::{self, Snapshot, Source};
use crate::progress::Progress;
use crate::search::{self, Index};
use crate::site::Address;

/// What is being served.
pub struct Edition {
    pub snapshot: Snapshot,
    pub index: Index,
    pub answers: Answers,
}

/// Where an edition comes from and what decides how it is made.
#[derive(Debug, Clone)]
pub struct Origin {
    pub source: Source,
    pub content: content::Settings,
    pub search: search::Settings,
    pub address: Address,
    /// Where rendered prose and the search index are kept between starts; `None` keeps them in memory.
    pub cache: Option<PathBuf>,
}

/// Builds an edition and tests it: a canary query must find its article before anybody is shown it.
///
/// # Errors
/// A folder that cannot be read, an index that cannot be made, a canary that is not found.
pub fn build(origin: &Origin, previous: Option<&Edition>, progress: &Progress, now: Timestamp) -> Result<Edition> {
    let site_url = origin.address.absolute("");
    let cache = origin.cache.as_ref().map(|folder| folder.join("prose"));
    let step = |done, total| progress.step("Rendering pages", done, total);
    let how = content::Options {
        settings: &origin.content,
        base: &origin.address.base,
        site_url: &site_url,
        now,
        cache: cache.as_ref(),
        progress: Some(&step),
    };
    let snapshot = content::load(&origin.source, &how, previous.map(|edition| &edition.snapshot))
        .with_context(|| format!("cannot read the content in {}", origin.source))?;
    progress.say("Indexing");
    let folder = origin.cache.as_ref().map(|folder| folder.join("index"));
    let index = match previous {
        Some(previous) => previous.index.update(&snapshot),
        None => Index::open(folder.as_deref(), &snapshot, &origin.search, &origin.address.base),
    };
    let index = index.context("cannot make the search index")?;
    search::self_test(&index, &snapshot)
        .context("the search index failed its test; remove the folder `cache` in the data directory and try again")?;
    Ok(Edition { snapshot, index, answers: Answers::default() })
}

/// Watches the folder of `origin`. To be called before the first edition is built, or changes made while
/// it is would go unseen; nothing is watched where content cannot change or the operator does not want it.
///
/// # Errors
/// When the system refuses.
pub fn watch(origin: &Origin) -> Result<Option<content::Watch>> {
    match &origin.source {
        Source::Dir(folder) if origin.content.watch => content::watch(folder).map(Some),
        _ => Ok(None),
    }
}

/// Publishes a new edition whenever the content changes or a scheduled page comes due, until the process ends.
///
/// # Errors
/// When changes cannot be followed any more.
pub async fn follow(help: Arc<Help>, origin: Origin, mut watch: Option<content::Watch>) -> Result<()> {
    loop {
        tokio::select! {
            () = changed(&mut watch) => {}
            () = due(help.edition.load().snapshot.next_change()) => {}
        }
        let (help, origin) = (help.clone(), origin.clone());
        tokio::task::spawn_blocking(move || publish(&help, &origin)).await?;
    }
}

/// Builds the next edition and swaps it in; the one being served stays when that fails.
pub fn publish(help: &Help, origin: &Origin) {
    let start = Instant::now();
    let current = help.edition.load_full();
    match build(origin, Some(&current), &Progress::quiet(), Timestamp::now()) {
        Ok(next) if next.snapshot.hash() == current.snapshot.hash() && same_problems(&next, &current) => {}
        Ok(next) => {
            help.publish(next);
            info!(milliseconds = start.elapsed().as_millis(), "published a new edition");
        }
        Err(refusal) => {
            help.metrics.snapshots_refused.inc();
            error!("kept the edition being served, the next one was refused: {refusal:#}");
        }
    }
}

fn same_problems(next: &Edition, current: &Edition) -> bool {
    next.snapshot.problems() == current.snapshot.problems()
}

/// Logs the problems that `before` did not have; notices are left to `signpost check`.
pub fn report_problems(snapshot: &Snapshot, before: Option<&Snapshot>) {
    let known = before.map_or(&[][..], Snapshot::problems);
    for problem in snapshot.problems().iter().filter(|problem| !known.contains(problem)) {
        match problem.severity {
            content::Severity::Error => error!("{problem}"),
            content::Severity::Warning if before.is_some() => warn!("{problem}"),
            _ => {}
        }
    }
}

/// The next change; without a watch there is none.
async fn changed(watch: &mut Option<content::Watch>) {
    match watch {
        Some(watch) => watch.changed().await,
        None => std::future::pending().await,
    }
}

/// Resolves when `moment` has come; never, without one.
async fn due(moment: Option<Timestamp>) {
    match moment {
        Some(moment) => {
            let wait = Duration::try_from(moment.duration_since(Timestamp::now())).unwrap_or(Duration::ZERO);
            tokio::time::sleep(wait).await;
        }
        None => std::future::pending().await,
    }
}

/// The folder below the data directory that holds what can be made anew.
pub fn cache_folder(data: &Path) -> PathBuf {
    data.join("cache")
}
