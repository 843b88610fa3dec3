//! Tells when something in the content folder changed, once for a burst of changes.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use notify_debouncer_full::notify::{RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, DebouncedEvent, Debouncer, RecommendedCache, new_debouncer};
use tokio::sync::mpsc::{self, Receiver, error::TrySendError};

/// How long it must be quiet before a burst of changes counts as over.
const QUIET: Duration = Duration::from_millis(100);

/// Watches until dropped.
#[derive(Debug)]
pub struct Watch {
    changes: Receiver<()>,
    _debouncer: Debouncer<RecommendedWatcher, RecommendedCache>,
}

impl Watch {
    /// Waits for the next change. Changes while nobody waits count as one; `None` when watching has ended.
    pub async fn changed(&mut self) -> Option<()> {
        self.changes.recv().await
    }
}

/// Watches a content folder, sub-folders included.
///
/// # Errors
/// When the system refuses, for instance because it has no watches left.
pub fn watch(dir: &Path) -> anyhow::Result<Watch> {
    let root = dir.canonicalize().with_context(|| format!("cannot open {} to watch it", dir.display()))?;
    let (sender, changes) = mpsc::channel(1);
    let watched = root.clone();
    let tell = move |result: DebounceEventResult| {
        if matters(&result, &watched)
            && let Err(TrySendError::Closed(())) = sender.try_send(())
        {
            tracing::debug!("a change came after watching ended");
        }
    };
    let mut debouncer = new_debouncer(QUIET, None, tell)?;
    debouncer.watch(&root, RecursiveMode::Recursive).with_context(|| {
        format!(
            "cannot watch {}. On Linux, raise fs.inotify.max_user_watches, or serve without watching.",
            dir.display()
        )
    })?;
    Ok(Watch { changes, _debouncer: debouncer })
}

/// Reading is no change, and neither is what goes on in hidden folders. An error may hide a change.
fn matters(result: &DebounceEventResult, root: &PathBuf) -> bool {
    match result {
        Ok(events) => events.iter().any(|event| is_change(event, root)),
        Err(errors) => {
            errors.iter().for_each(|error| tracing::warn!(%error, "watching the content folder"));
            true
        }
    }
}

fn is_change(event: &DebouncedEvent, root: &PathBuf) -> bool {
    let hidden = |path: &PathBuf| {
        let inside = path.strip_prefix(root).unwrap_or(path);
        inside.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.'))
    };
    !event.kind.is_access() && !event.paths.iter().all(hidden)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[tokio::test]
    async fn tells_of_a_new_page_and_not_of_reading() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a.md"), "A").unwrap();
        let mut watch = watch(dir.path()).unwrap();
        std::fs::read(dir.path().join("a.md")).unwrap();
        std::fs::write(dir.path().join("b.md"), "B").unwrap();
        let first = tokio::time::timeout(Duration::from_secs(10), watch.changed()).await;
        assert_eq!(first, Ok(Some(())));
    }
}
