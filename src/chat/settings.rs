//! `[chat]`: when readers may talk with people, and with whom before them.

use std::num::NonZeroU32;

use anyhow::{Context, Result, ensure};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::integrations::messenger::{self, Messenger};
use crate::integrations::{Desks, chat_bot, http};
use crate::privacy::Grants;
use crate::routing::{Calendar, Holidays, Rules, Week};
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
    /// When people answer, as the hours of a calendar in `routing.yml`: `{ mon-fri = "09:00-17:00" }`. Without it
    /// whenever somebody is there.
    pub hours: Option<Week>,
    /// By whose clock; a name of the IANA database.
    pub time_zone: String,
    /// Instead of both: the calendar in `routing.yml` by which people answer, with its holidays.
    pub calendar: Option<String>,
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
            calendar: None,
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
    pub fn check(&self, tickets: &tickets::Settings, desks: &Desks, purposes: Grants) -> Result<()> {
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
        self.check_vendor(tickets, desks, purposes)?;
        if let Some(name) = &self.calendar {
            ensure!(self.hours.is_none(), "chat.hours and chat.calendar both say when people answer; keep one of them");
            let cure = "write that file's path there, or take chat.hours";
            ensure!(tickets.routing.is_some(), "chat.calendar is {name:?}, but tickets.routing names no file; {cure}");
        }
        self.zone().map(drop)
    }

    fn check_vendor(&self, tickets: &tickets::Settings, desks: &Desks, purposes: Grants) -> Result<()> {
        let (name, is_set) = match self.with {
            With::Own => return Ok(()),
            With::Intercom => ("intercom", desks.intercom.is_some()),
            With::Zendesk => ("zendesk", desks.zendesk.is_some()),
        };
        let messenger = self.messenger();
        let messenger = messenger.with_context(|| format!("chat.with is {name:?}; add [chat.{name}]"))?;
        messenger.check()?;
        ensure!(self.bot.is_none(), "chat.bot is for our own chat; {} has bots of its own", messenger.name());
        ensure!(
            self.hours.is_none() && self.calendar.is_none(),
            "chat.hours and chat.calendar are for our own chat; say at {} when people answer there",
            messenger.name()
        );
        // Which tickets go where may be a rule of `routing.yml`.
        let goes_there = tickets.routing.is_some() || tickets.desks.iter().any(|rule| rule.desk == name);
        ensure!(is_set, "chat.with is {name:?}, whose desk takes its tickets; add [desks.{name}]");
        ensure!(
            goes_there,
            "chat.with is {name:?}, whose desk no ticket goes to; add [[tickets.desks]] with desk = {name:?}"
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

    /// When people answer; nothing for always.
    ///
    /// # Errors
    /// A calendar that the rules do not have, a time zone that there is not.
    pub(super) fn calendar(&self, rules: &Rules) -> Result<Option<Calendar>> {
        let Some(name) = self.calendar.as_ref().filter(|_| self.open) else {
            let zone = self.zone()?;
            let of = |week| Calendar { name: "chat.hours".to_owned(), zone, week, holidays: Holidays::default() };
            return Ok(self.hours.clone().map(of));
        };
        let known = rules.calendars.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        let known = if known.is_empty() { "it has none".to_owned() } else { format!("take one of {known}") };
        let calendar = rules.calendars.get(name).cloned();
        let missing = || format!("chat.calendar is {name:?}, which `calendars` in routing.yml does not have; {known}");
        calendar.with_context(missing).map(Some)
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
            let tickets = toml::from_str::<tickets::Settings>(&format!("[[desks]]\ndesk = \"{desk}\"")).unwrap();
            let found = told(settings.check(&tickets, &desks("intercom"), purposes));
            assert!(if expect.is_empty() { found.is_empty() } else { found.contains(expect) }, "{found:?}");
        };
        let asked = Grants::of([Purpose::Preferences]);
        check(own, "intercom", asked, "");
        check("", "intercom", asked, "add [chat.intercom]");
        check(own, "zendesk", asked, "add [[tickets.desks]]");
        check(own, "intercom", Grants::NONE, "add it to privacy.purposes");
        check(&format!("{own}\npurpose = \"necessary\""), "intercom", Grants::NONE, "");
        check(&format!("status_url = \"status\"\n{own}"), "intercom", asked, "chat.status_url");
        check(&format!("{own}\n[bot]\nurl = \"https://a.example\"\nsecrets = [\"x\"]"), "intercom", asked, "chat.bot");
        let hours = format!("hours = {{ mon = \"09:00-17:00\" }}\n{own}");
        check(&hours, "intercom", asked, "chat.hours and chat.calendar are for our own chat");
        check(&format!("calendar = \"office\"\n{own}"), "intercom", asked, "are for our own chat");
    }

    #[test]
    fn rules_that_say_where_tickets_go_make_no_desk() {
        let own = "open = true\nwith = \"intercom\"\n[intercom]\nworkspace = \"ab1\"\nsecret = \"s\"";
        let settings: Settings = toml::from_str(own).unwrap();
        let tickets = tickets::Settings { routing: Some("routing.yml".into()), ..tickets::Settings::default() };
        let check = |desk: &str| told(settings.check(&tickets, &desks(desk), Grants::of([Purpose::Preferences])));
        assert_eq!(check("intercom"), "");
        let refused = check("zendesk");
        assert!(refused.contains("add [desks.intercom]"), "{refused}");
    }

    fn told(checked: Result<()>) -> String {
        checked.map_or_else(|refusal| refusal.to_string(), |()| String::new())
    }

    /// `[desks]` with this one.
    fn desks(name: &str) -> Desks {
        let all = "intercom = { token = \"t\", admin = 1 }\nzendesk = { url = \"https://a.example\", token = \"t\" }";
        let all: Desks = toml::from_str(all).unwrap();
        match name {
            "intercom" => Desks { zendesk: None, ..all },
            _ => Desks { intercom: None, ..all },
        }
    }

    const RULES: &str = "calendars: { office: { time_zone: UTC, hours: { mon: 09:00-17:00 } } }";

    /// The name of the calendar, or what is wrong.
    fn check(rules: &str, settings: &str, expect: &str) {
        let settings: Settings = toml::from_str(&format!("open = true\n{settings}")).unwrap();
        let tickets = tickets::Settings { routing: Some("routing.yml".into()), ..tickets::Settings::default() };
        let rules = Rules::read("routing.yml", rules, &|_| unreachable!("no file is named"), &mut Vec::new()).unwrap();
        let calendar =
            settings.check(&tickets, &Desks::default(), Grants::NONE).and_then(|()| settings.calendar(&rules));
        let found = match calendar {
            Ok(calendar) => calendar.map_or_else(|| "always".to_owned(), |calendar| calendar.name),
            Err(error) => format!("{error:#}"),
        };
        assert!(found.contains(expect), "{settings:?}: {found}");
    }

    #[test]
    fn people_answer_by_a_calendar_or_by_hours_or_always() {
        check(RULES, "", "always");
        check(RULES, "calendar = \"office\"", "office");
        check(RULES, "hours = { tue = \"09:00-17:00\" }\ntime_zone = \"Europe/Berlin\"", "chat.hours");
        check(RULES, "time_zone = \"Berlin\"", "chat.time_zone is \"Berlin\"");
        check(RULES, "calendar = \"office\"\nhours = { tue = \"09:00-17:00\" }", "keep one of them");
        check(RULES, "calendar = \"home\"", "does not have; take one of office");
        check("{}", "calendar = \"home\"", "does not have; it has none");
    }

    #[test]
    fn a_calendar_wants_a_file_that_has_it() {
        let settings: Settings = toml::from_str("open = true\ncalendar = \"office\"").unwrap();
        let refused = settings.check(&tickets::Settings::default(), &Desks::default(), Grants::NONE);
        let told = refused.unwrap_err().to_string();
        assert!(told.contains("tickets.routing names no file"), "{told}");
    }
}
