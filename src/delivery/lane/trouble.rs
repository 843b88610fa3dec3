//! What a lane tells: figures to machines, trouble to the team.

use anyhow::Result;
use jiff::Timestamp;

use super::Lane;
use crate::delivery::alerts::Trouble;
use crate::delivery::cursor::{self, Change, Place};
use crate::delivery::dead::Letter;
use crate::delivery::outbox;

/// Counted no further than this.
const MANY: i64 = 1_000_000;

impl Lane {
    /// Counts what became of an attempt, and tells the team of trouble.
    pub(super) async fn tell(&self, place: &Place, change: &Change, letter: Option<&Letter>, now: Timestamp) {
        self.figures.count(&self.name, change.sent, change.unknown, change.dead);
        self.trouble(&self.name, place, change, letter, now).await;
    }

    /// Tells the team of trouble with the sink or the transport `name`.
    pub(super) async fn trouble(
        &self,
        name: &str,
        place: &Place,
        change: &Change,
        letter: Option<&Letter>,
        now: Timestamp,
    ) {
        let detail = change.error.as_deref().unwrap_or_default();
        let troubles = [
            (change.locked, Trouble::Locked, detail),
            (change.breaker.opened > place.opened, Trouble::Held, detail),
            (letter.is_some(), Trouble::Dead, letter.map_or("", |letter| &letter.reason)),
        ];
        for (_, trouble, detail) in troubles.into_iter().filter(|(is, ..)| *is) {
            self.alerts.tell(&self.store, &self.settings, trouble, name, detail, now).await;
        }
    }

    /// Brings the figures up to date, and tells the team when too much waits.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn look(&self, now: Timestamp) -> Result<()> {
        let place = cursor::read(&self.store, &self.name).await?;
        let behind =
            if self.sink.purpose().is_some() { cursor::behind(&self.store, &self.name, MANY).await? } else { 0 };
        let waiting = behind + outbox::waiting(&self.store, &self.name).await?;
        let breaker = match () {
            () if place.paused => 3,
            () if place.locked => 2,
            () if place.opened_until > now.as_millisecond() => 1,
            () => 0,
        };
        self.figures.show(&self.name, waiting, breaker);
        if waiting > self.settings.backlog {
            let detail = format!("{waiting} events and deeds");
            self.alerts.tell(&self.store, &self.settings, Trouble::Backlog, &self.name, &detail, now).await;
        }
        Ok(())
    }
}
