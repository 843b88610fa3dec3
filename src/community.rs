//! What readers ask in public under an article, and what is said to it. Nobody but agents sees a question or a reply
//! before one of them let it through; then whoever may see the article sees it. Or there is a forum elsewhere instead.
//!
//! What is shown lies in memory, so that a page is made without a query: [`Community::refresh`] reads it anew after
//! each decision and tells whose pages changed.

mod ask;
mod decide;
mod forget;
mod forum;
mod letters;
mod list;
mod rows;
mod settings;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};
use arc_swap::ArcSwap;
use tokio::sync::Mutex;
use tracing::warn;

use crate::delivery::Delivery;
use crate::site::Address;
use crate::store::Store;
use crate::tickets::Ground;

pub use ask::{LONGEST_NAME, LONGEST_TEXT, LONGEST_TITLE, Written};
pub use decide::Deed;
pub use forget::{erase_reader, of_reader};
pub use forum::Forum;
pub use list::PAGE;
pub use rows::{Question, Reply};
pub use settings::Settings;

/// What is shown, by the article's id: answered questions first, then the newest.
pub type Shown = HashMap<String, Vec<Question>>;

/// How many questions and replies are shown, and when one of them changed last.
type Stand = (i64, Option<i64>, i64, Option<i64>);

/// The community of a help center.
pub struct Community {
    settings: Settings,
    store: Store,
    delivery: Arc<Delivery>,
    address: Address,
    /// Name of the site, as letters say it.
    site: String,
    default_locale: String,
    shown: ArcSwap<Shown>,
    /// Questions and replies that wait for an agent's look.
    waiting: AtomicUsize,
    /// Whose turn it is to read what is shown, and how the tables stood when it was read; nothing once something was
    /// decided or forgotten here.
    read: Mutex<Option<Stand>>,
    pub forum: Option<Forum>,
}

impl Community {
    /// # Errors
    /// Settings that cannot be used, a database that cannot be read.
    pub async fn open(settings: &Settings, ground: Ground, patience: &crate::delivery::Settings) -> Result<Self> {
        let Ground { store, delivery, address, site, default_locale, .. } = ground;
        let community = Self {
            settings: settings.clone(),
            store,
            delivery,
            address,
            site,
            default_locale,
            shown: ArcSwap::default(),
            waiting: AtomicUsize::new(0),
            read: Mutex::default(),
            forum: Forum::of(settings, patience)?,
        };
        community.refresh().await?;
        Ok(community)
    }

    /// May readers ask in public?
    pub fn is_open(&self) -> bool {
        self.settings.questions
    }

    /// What is shown at this moment.
    pub fn shown(&self) -> Arc<Shown> {
        self.shown.load_full()
    }

    /// How much waits for an agent's look.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Reads what is shown if anything changed, and tells ids of the articles under which something else is shown than
    /// before.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn refresh(&self) -> Result<Vec<String>> {
        if !self.is_open() {
            return Ok(Vec::new());
        }
        // One after the other: what was read later is newer.
        let mut read = self.read.lock().await;
        self.count().await?;
        // Before the rest: what changes in between is read again.
        let stand = self.stand().await.context("cannot read whether a question changed")?;
        if *read == Some(stand) {
            return Ok(Vec::new());
        }
        let next = self.read_shown().await.context("cannot read the questions that are shown")?;
        *read = Some(stand);
        let before = self.shown();
        let articles: BTreeSet<&String> = before.keys().chain(next.keys()).collect();
        let changed: Vec<_> = articles.into_iter().filter(|id| before.get(*id) != next.get(*id)).cloned().collect();
        // A page that is being made meanwhile is kept only if this stays the same.
        if !changed.is_empty() {
            self.shown.store(Arc::new(next));
        }
        Ok(changed)
    }

    /// What another program changes, it deletes: how many there are tells.
    async fn stand(&self) -> sqlx::Result<Stand> {
        sqlx::query_as(
            "select * from (select count(*), max(updated_at) from questions where state = 'shown'),
                           (select count(*), max(updated_at) from replies where state = 'shown')",
        )
        .fetch_one(self.store.readers())
        .await
    }

    /// Once something was taken, the reader is not told that it was not.
    async fn count_taken(&self) {
        if let Err(cause) = self.count().await {
            warn!("{cause:#}");
        }
    }

    async fn count(&self) -> Result<()> {
        let waiting: i64 = sqlx::query_scalar(
            "select (select count(*) from questions where state = 'waiting')
                  + (select count(*) from replies join questions on questions.id = replies.question
                     where replies.state = 'waiting' and questions.state <> 'refused')",
        )
        .fetch_one(self.store.readers())
        .await
        .context("cannot count what waits for a look")?;
        self.waiting.store(usize::try_from(waiting).unwrap_or(0), Ordering::Relaxed);
        Ok(())
    }
}
