//! `[chat]`: when readers may talk with people, and with whom before them.

use std::num::NonZeroU32;

use anyhow::{Context, Result, ensure};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::hours::Hours;
use crate::integrations::messenger::{self, Messenger};
use crate::integrations::{chat_bot, http};
use crate::privacy::Grants;
use crate::tickets;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// May readers chat? Somebody has to be there as well: an agent who has `/agent/chats` open, or the bot.
    pub open: bool,
    /// Whose chat it is: our own, or that of a vendor whose desk takes the tickets.
    pub with: With,
    pub intercom: Option<messenger::Intercom>,
    pub zendesk: Option<messenger::Zendesk>,
    /// The vendor's status page, where Statuspage makes it: while that says that much is down, the chat is away.
    pub status_url: Option<String>,
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

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum With {
    #[default]
    Own,
    Intercom,
    Zendesk,
}

/// Two signs of life of an agent's page, which come every five seconds, may be late before it counts as closed.
const SOONEST: u32 = 8;

impl Default for Settings {
    fn default() -> Self {
        Self {
            open: false,
            with: With::Own,
            intercom: None,
            zendesk: None,
            status_url: None,
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
    pub fn check(&self, tickets: &tickets::Settings, purposes: Grants) -> Result<()> {
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
        self.check_vendor(tickets, purposes)?;
        self.zone().map(drop)
    }

    fn check_vendor(&self, tickets: &tickets::Settings, purposes: Grants) -> Result<()> {
        if self.with == With::Own {
            return Ok(());
        }
        let name = if self.with == With::Intercom { "intercom" } else { "zendesk" };
        let messenger = self.messenger();
        let messenger = messenger.with_context(|| format!("chat.with is {name:?}; add [chat.{name}]"))?;
        messenger.check()?;
        ensure!(self.bot.is_none(), "chat.bot is for our own chat; {} has bots of its own", messenger.name());
        // Which tickets go where may be a rule of `routing.yml`.
        let has_desk = tickets.routing.is_some() || tickets.desks.iter().any(|rule| rule.desk == name);
        ensure!(
            has_desk,
            "chat.with is {name:?}, whose desk no ticket goes to; add [desks.{name}], and [[tickets.desks]] with desk = {name:?}"
        );
        let purpose = messenger.purpose();
        ensure!(
            purposes.allow(purpose),
            "chat.{name} is for {:?}, which readers are not asked for: add it to privacy.purposes, or set chat.{name}.purpose \
             to \"necessary\"",
            purpose.name()
        );
        if let Some(url) = &self.status_url {
            http::base(url).context("chat.status_url cannot be used")?;
        }
        Ok(())
    }

    /// The vendor's chat that readers go on in; none where it is our own.
    pub(super) fn messenger(&self) -> Option<Messenger> {
        match self.with {
            With::Own => None,
            With::Intercom => self.intercom.clone().map(Messenger::Intercom),
            With::Zendesk => self.zendesk.clone().map(Messenger::Zendesk),
        }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use app::model::Purpose;

    use super::*;

    #[test]
    fn a_vendors_chat_that_could_not_work_is_refused_by_name() {
        let own = "[intercom]\nworkspace = \"ab1\"\nsecret = \"s\"";
        let check = |settings: &str, desk: &str, purposes: Grants, expect: &str| {
            let settings: Settings = toml::from_str(&format!("open = true\nwith = \"intercom\"\n{settings}")).unwrap();
            let tickets: tickets::Settings = toml::from_str(&format!("[[desks]]\ndesk = \"{desk}\"")).unwrap();
            let found =
                settings.check(&tickets, purposes).map_or_else(|refusal| refusal.to_string(), |()| String::new());
            assert!(if expect.is_empty() { found.is_empty() } else { found.contains(expect) }, "{found:?}");
        };
        let asked = Grants::of([Purpose::Preferences]);
        check(own, "intercom", asked, "");
        check("", "intercom", asked, "add [chat.intercom]");
        check(own, "zendesk", asked, "and [[tickets.desks]]");
        check(own, "intercom", Grants::NONE, "add it to privacy.purposes");
        check(&format!("{own}\npurpose = \"necessary\""), "intercom", Grants::NONE, "");
        check(&format!("status_url = \"status\"\n{own}"), "intercom", asked, "chat.status_url");
        check(&format!("{own}\n[bot]\nurl = \"https://a.example\"\nsecrets = [\"x\"]"), "intercom", asked, "chat.bot");
    }
}
