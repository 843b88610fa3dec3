//! Answers made before anybody asks, while nobody waits: every public page, compressed as well as it can be.

use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

use super::{address, reading};
use crate::Help;
use crate::identity::anonymous;

/// Between two pages, so that readers come first on a small machine.
const PAUSE: Duration = Duration::from_millis(5);

/// Warms each edition in turn, until the process ends.
pub async fn keep_warm(help: Arc<Help>) {
    let mut published = help.published.subscribe();
    loop {
        let help = help.clone();
        let warmed = tokio::task::spawn_blocking(move || warm(&help)).await;
        if warmed.is_err() || published.changed().await.is_err() {
            return;
        }
    }
}

/// Makes every public answer as good as it can be, until another edition is served.
fn warm(help: &Help) {
    let edition = help.edition.load_full();
    let viewer = anonymous();
    let view = edition.snapshot.view(&viewer);
    for page in view.pages() {
        if !Arc::ptr_eq(&edition, &help.edition.load()) {
            return;
        }
        if let Some(answer) = reading::answer(help, view, &page.path) {
            edition.answers.keep(&viewer, &address::encoded(&page.path), Arc::new(answer.improved()));
        }
        sleep(PAUSE);
    }
}
