//! Tells when something in the content folder changed, once for a burst of changes.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::Notify;

/// How long it must be quiet before a burst of changes counts as over.
const QUIET: Duration = Duration::from_millis(100);
/// After this long it counts as over anyway: something may write without end.
const LONGEST: Duration = Duration::from_secs(2);

/// Watches until dropped.
#[derive(Debug)]
pub struct Watch {
    changed: Arc<Notify>,
    _watcher: RecommendedWatcher,
}

impl Watch {
    /// Waits for the next change, and until the burst it belongs to is over. Changes while nobody waits count as one.
    pub async fn changed(&mut self) {
        self.changed.notified().await;
        let burst = async { while tokio::time::timeout(QUIET, self.changed.notified()).await.is_ok() {} };
        tokio::time::timeout(LONGEST, burst).await.unwrap_or_default();
    }
}

/// Watches a content folder, sub-folders included.
///
/// # Errors
/// When the system refuses, for instance because it has no watches left.
pub fn watch(dir: &Path) -> anyhow::Result<Watch> {
    let root = dir.canonicalize().with_context(|| format!("cannot open {} to watch it", dir.display()))?;
    let changed = Arc::new(Notify::new());
    let (tell, watched) = (changed.clone(), root.clone());
    let mut watcher = notify::recommended_watcher(move |event| {
        if matters(event, &watched) {
            tell.notify_one();
        }
    })?;
    watcher.watch(&root, RecursiveMode::Recursive).with_context(|| {
        format!(
            "cannot watch {}. On Linux, raise fs.inotify.max_user_watches, or serve without watching.",
            dir.display()
        )
    })?;
    Ok(Watch { changed, _watcher: watcher })
}

/// Reading is no change, and neither is what goes on in hidden folders. An error may hide a change, and so may an
/// event without a path: the system had more to tell than it could.
fn matters(event: notify::Result<Event>, root: &Path) -> bool {
    match event {
        Ok(event) if event.paths.is_empty() => true,
        Ok(event) => !event.kind.is_access() && !event.paths.iter().all(|path| is_hidden(path, root)),
        Err(error) => {
            tracing::warn!(%error, "watching the content folder");
            true
        }
    }
}

fn is_hidden(path: &Path, root: &Path) -> bool {
    let inside = path.strip_prefix(root).unwrap_or(path);
    inside.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.'))
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
        assert_eq!(first, Ok(()));
    }
}
