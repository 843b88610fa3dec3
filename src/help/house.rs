//! What a help center does by itself now and then, and at its end.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use anyhow::Result;
use jiff::Timestamp;

use super::{Help, POPULAR};
use crate::store::day;
use crate::{delivery, owners, passes, retention, searches, views, webhooks};

impl Help {
    /// What is due now and then: writes down what was opened and searched for, shows what is popular once that changes,
    /// forgets what need not be kept.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn keep_house(&self, now: Timestamp) -> Result<()> {
        self.tell_searches(now, Some(Instant::now())).await?;
        self.events.forget(&self.store, now).await?;
        self.tickets.keep_house(now).await?;
        self.chats.forget(now).await?;
        // Also what another program changed: `signpost privacy erase`.
        self.show_questions().await?;
        self.limits.forget(now);
        self.throttle.forget();
        if self.purged.load(Ordering::Relaxed) != day(now) {
            retention::run(&self.store, &self.config.retention, now).await?;
            self.tickets.sweep(now).await?;
            self.community.forget(now).await?;
            delivery::forget(&self.store, &self.config.delivery, now).await?;
            webhooks::inbox::forget(&self.store, self.config.delivery.keep_days, now).await?;
            passes::forget(&self.store, now).await?;
            let (address, edition, site) = (&self.address, &self.edition.load(), self.name());
            let (config, store, tickets) = (&self.config, &self.store, &self.tickets);
            owners::write(&owners::Ground { config, store, tickets, edition, address, site }, now).await?;
            self.purged.store(day(now), Ordering::Relaxed);
        }
        let popular = searches::popular(&self.store, now, self.config.search.popular_from).await?;
        self.popular_searches.store(Arc::new(searches::proposed(popular, &self.edition.load())));
        views::flush(&self.views, &self.store, now).await?;
        let popular = views::popular(&self.store, now, POPULAR).await?;
        if popular != **self.popular.load() {
            self.popular.store(Arc::new(popular));
            self.forget_home_pages();
        }
        Ok(())
    }

    /// Shows what was decided on questions: pages under which something else is shown now are made anew.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn show_questions(&self) -> Result<()> {
        let changed = self.community.refresh().await?;
        let edition = self.edition.load();
        changed.iter().for_each(|article| edition.answers.forget_article(article));
        Ok(())
    }

    /// Counts what was searched for and is thought to its end, and takes note of it for those who searched.
    async fn tell_searches(&self, now: Timestamp, until: Option<Instant>) -> Result<()> {
        let counted = searches::flush(&self.searches, &self.store, now, until).await;
        self.searches.ended().into_iter().for_each(|searched| self.events.note(searched));
        counted
    }

    fn forget_home_pages(&self) {
        let edition = self.edition.load();
        edition.answers.forget("/");
        edition.snapshot.locales().iter().skip(1).for_each(|locale| edition.answers.forget(&format!("/{locale}")));
    }

    /// Writes down what is still only in memory and closes the database.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn close(&self) -> Result<()> {
        let now = Timestamp::now();
        let flushed = [views::flush(&self.views, &self.store, now).await, self.tell_searches(now, None).await];
        self.events.close().await;
        self.store.close().await;
        flushed.into_iter().collect()
    }
}
