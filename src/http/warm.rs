//! Answers made before anybody asks, while nobody waits: every public page, compressed as well as it can be.

use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

use super::{address, reading};
use crate::Help;
use crate::edition::Edition;
use crate::identity::anonymous;

/// Between two pages, so that readers come first on a small machine.
const PAUSE: Duration = Duration::from_millis(5);

/// Warms each edition in turn, until the process ends.
pub async fn keep_warm(help: Arc<Help>) {
    let mut published = help.published.subscribe();
    let mut before = None;
    loop {
        let (help, edition) = (help.clone(), help.edition.load_full());
        let warmed = tokio::task::spawn_blocking(move || {
            warm(&help, &edition, before.as_deref());
            edition
        });
        before = warmed.await.ok();
        if before.is_none() || published.changed().await.is_err() {
            return;
        }
    }
}

/// Makes every public answer as good as it can be, until another edition is served. What came out the same
/// as `before` is taken over, so that an edit costs what it changed.
fn warm(help: &Help, edition: &Arc<Edition>, before: Option<&Edition>) {
    let viewer = anonymous();
    let view = edition.snapshot.view(&viewer);
    for page in view.pages() {
        if !Arc::ptr_eq(edition, &help.edition.load()) {
            return;
        }
        let path = address::encoded(&page.path);
        let shown = help.community.shown();
        let Some(made) = reading::answer(help, view, &page.path) else { continue };
        let known = before.and_then(|before| before.answers.get(&viewer, &path)).filter(|old| old.etag == made.etag);
        let answer = known.unwrap_or_else(|| Arc::new(made.improved()));
        edition.answers.keep(&viewer, &path, answer);
        reading::forget_if_decided(help, &shown, edition, &path);
        sleep(PAUSE);
    }
}
