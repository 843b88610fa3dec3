//! `[chat]`: when readers may talk with people, and with whom before them.

use std::num::NonZeroU32;

use anyhow::{Context, Result, ensure};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::hours::Hours;
use crate::integrations::chat_bot;
use crate::tickets;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// May readers chat? Somebody has to be there as well: an agent who has `/agent/chats` open, or the bot.
    pub open: bool,
    /// When people answer, by the clock of `time_zone`: `Mo-Fr 09:00-17:00; Sa 10:00-12:00`. Without it whenever
    /// somebody is there.
    pub hours: Option<Hours>,
    /// A name of the IANA database.
    pub time_zone: String,
    /// Which of the forms a ticket is of that a chat becomes.
    pub form: String,
    /// Seconds a reader waits for a person before being told that nobody comes.
    pub wait_seconds: u32,
    /// Seconds after which a reader who is gone does not come back: the chat ends.
    pub leave_seconds: u32,
    /// Seconds without a sign of life after which an agent is gone: others may take over.
    pub away_seconds: u32,
    /// Messages a reader may send in a minute.
    pub per_minute: NonZeroU32,
    /// Days that chats are kept after their end; tickets that they became are kept as tickets are.
    pub keep_days: u32,
    /// Answers before a person does.
    pub bot: Option<chat_bot::Settings>,
}

/// Two signs of life of an agent's page, which come every five seconds, may be late before it counts as closed.
const SOONEST: u32 = 8;

impl Default for Settings {
    fn default() -> Self {
        Self {
            open: false,
            hours: None,
            time_zone: "UTC".to_owned(),
            form: "question".to_owned(),
            wait_seconds: 300,
            leave_seconds: 600,
            away_seconds: 30,
            per_minute: NonZeroU32::new(60).expect("it is not zero"),
            keep_days: 7,
            bot: None,
        }
    }
}

impl Settings {
    /// # Errors
    /// Settings that cannot be meant.
    pub fn check(&self, tickets: &tickets::Settings) -> Result<()> {
        if !self.open {
            return Ok(());
        }
        ensure!(tickets.open, "chat.open wants tickets.open: what a chat leaves is a ticket");
        let form = &self.form;
        ensure!(tickets.form(form).is_some(), "chat.form is {form:?}, which [tickets.forms] does not have");
        let away = self.away_seconds;
        ensure!(
            away >= SOONEST,
            "chat.away_seconds is {away}; take {SOONEST} at least: so often a page says it is open"
        );
        self.zone().map(drop)
    }

    pub(super) fn zone(&self) -> Result<TimeZone> {
        let name = &self.time_zone;
        let cure = || format!("chat.time_zone is {name:?}; take a name as Europe/Berlin or UTC");
        TimeZone::get(name).with_context(cure)
    }

    pub(super) fn wait(&self) -> SignedDuration {
        SignedDuration::from_secs(self.wait_seconds.into())
    }

    pub(super) fn leave(&self) -> SignedDuration {
        SignedDuration::from_secs(self.leave_seconds.into())
    }

    pub(super) fn away(&self) -> SignedDuration {
        SignedDuration::from_secs(self.away_seconds.into())
    }
}
