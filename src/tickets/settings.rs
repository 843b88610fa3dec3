//! `[tickets]`: how readers reach people.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use std::path::PathBuf;

use anyhow::{Result, bail, ensure};
use app::model::Priority;
use serde::Deserialize;

use super::form::{self, Form, fits};
use crate::integrations::attachments as bucket;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// May readers send tickets at all? Without it there is no `/contact`.
    pub open: bool,
    /// What may be asked, by name; without any: `question`, `bug`, `idea`.
    pub forms: BTreeMap<String, Form>,
    /// Other ways to reach people: a calendar to book a call in, a community. Shown in this order.
    pub links: Vec<Link>,
    /// When people are there, as readers are told: `Mon–Fri 9–17 CET`.
    pub hours: Option<form::Text>,
    /// Share of readers, from 0 to 1, to whom no answers are proposed, so that the effect of proposals shows.
    pub hold_out: f64,
    /// Tickets that an address may send in an hour.
    pub per_address: NonZeroU32,
    /// Seconds a person needs at least to fill in a form; who is faster is a machine.
    pub fill_seconds: u64,
    pub attachments: Attachments,
    pub spam: Spam,
    /// Minutes until the first answer, and until it is solved, by priority; none where nothing is promised.
    pub reply_minutes: BTreeMap<Priority, u32>,
    pub solve_minutes: BTreeMap<Priority, u32>,
    /// Days after which a solved ticket is closed for good.
    pub close_days: u32,
    /// Days that closed tickets are kept, with all that was said in them.
    pub keep_days: u32,
    /// Which tickets go to other desks as well. Every rule that fits counts. With `routing`, that file says so, and here
    /// stand the desks for which requesters are written to.
    pub desks: Vec<Rule>,
    /// The file of rules for who takes which ticket, how soon: `routing.yml`.
    pub routing: Option<PathBuf>,
    /// Answers that agents give often, by name.
    pub macros: BTreeMap<String, String>,
}

/// Another way to reach people.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    pub title: form::Text,
    #[serde(default)]
    pub about: Option<form::Text>,
    pub url: String,
    /// Only for readers of these plans; without any for all.
    #[serde(default)]
    pub plans: Vec<String>,
    /// Only for readers of these locales; without any for all.
    #[serde(default)]
    pub locales: Vec<String>,
}

impl Link {
    /// May a reader of this plan and locale take it?
    pub fn is_for(&self, plan: Option<&str>, locale: &str) -> bool {
        fits(&self.plans, plan) && fits(&self.locales, Some(locale))
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Attachments {
    /// Files of one message; none turns attachments off.
    pub files: usize,
    /// Bytes of one file.
    pub bytes: usize,
    /// A program that is given a file's path and ends with 0 when it is clean, with 1 when it is not:
    /// `["clamdscan", "--no-summary"]`.
    pub scan: Vec<String>,
    /// Where files lie in the end; without one they stay in the data directory.
    pub bucket: Option<bucket::Settings>,
}

impl Default for Attachments {
    fn default() -> Self {
        Self { files: 5, bytes: 10 * 1024 * 1024, scan: Vec::new(), bucket: None }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Spam {
    /// Zero bits that a browser has to find before it sends a ticket, each of which doubles the work; none asks for
    /// nothing. What comes without is held until an agent looked at it.
    pub work: u32,
    /// Tickets without it that an address may send in an hour.
    pub unproved_per_address: NonZeroU32,
}

impl Default for Spam {
    fn default() -> Self {
        Self { work: 0, unproved_per_address: NonZeroU32::new(3).expect("it is not zero") }
    }
}

/// The most work that may be asked for: a phone takes minutes for it.
const HARDEST: u32 = 20;

/// Tickets that fit go to `desk` as well.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// A sink's name: `zendesk`, `freshdesk`, `intercom`, `connector.NAME`, `webhook.NAME`.
    pub desk: String,
    /// Only tickets of these forms, plans, locales; of all where there are none.
    #[serde(default)]
    pub forms: Vec<String>,
    #[serde(default)]
    pub plans: Vec<String>,
    #[serde(default)]
    pub locales: Vec<String>,
    /// Also write the requester what agents answer there, because the desk does not.
    #[serde(default)]
    pub mail: bool,
}

impl Rule {
    pub fn fits(&self, form: &str, plan: Option<&str>, locale: &str) -> bool {
        fits(&self.forms, Some(form)) && fits(&self.plans, plan) && fits(&self.locales, Some(locale))
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            open: true,
            forms: BTreeMap::new(),
            links: Vec::new(),
            hours: None,
            hold_out: 0.0,
            per_address: NonZeroU32::new(20).expect("it is not zero"),
            fill_seconds: 2,
            attachments: Attachments::default(),
            spam: Spam::default(),
            reply_minutes: BTreeMap::new(),
            solve_minutes: BTreeMap::new(),
            close_days: 14,
            keep_days: 1095,
            desks: Vec::new(),
            routing: None,
            macros: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// The forms there are, with the names they have in addresses.
    pub fn forms(&self) -> Vec<(&str, &Form)> {
        match self.forms.is_empty() {
            true => form::usual().iter().map(|(name, form)| (*name, form)).collect(),
            false => self.forms.iter().map(|(name, form)| (name.as_str(), form)).collect(),
        }
    }

    pub fn form(&self, name: &str) -> Option<&Form> {
        self.forms().into_iter().find(|(known, _)| *known == name).map(|(_, form)| form)
    }

    /// Desks that a ticket goes to, each once.
    pub fn desks_of(&self, form: &str, plan: Option<&str>, locale: &str) -> Vec<&str> {
        let fitting = self.desks.iter().filter(|rule| rule.fits(form, plan, locale));
        fitting.map(|rule| rule.desk.as_str()).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Do we write the requester what agents answer at this desk?
    pub fn mails_for(&self, desk: &str) -> bool {
        self.desks.iter().any(|rule| rule.desk == desk && rule.mail)
    }

    /// # Errors
    /// Settings that cannot be meant.
    pub fn check(&self) -> Result<()> {
        ensure!(
            (0.0..=1.0).contains(&self.hold_out),
            "tickets.hold_out is {}; give a share from 0 to 1",
            self.hold_out
        );
        ensure!(self.spam.work <= HARDEST, "tickets.spam.work is {}; {HARDEST} is the most", self.spam.work);
        for (name, form) in &self.forms {
            let is_plain = !name.is_empty() && name.bytes().all(|it| it.is_ascii_lowercase() || it == b'-');
            ensure!(is_plain, "[tickets.forms.{name}] is part of an address; take small letters and hyphens");
            form.check(name)?;
        }
        self.check_routing()
    }

    /// What the rules say is said nowhere else.
    fn check_routing(&self) -> Result<()> {
        if self.routing.is_none() {
            return Ok(());
        }
        ensure!(
            self.reply_minutes.is_empty() && self.solve_minutes.is_empty(),
            "tickets.routing names a file, whose `sla` says what is promised; take out tickets.reply_minutes and \
             tickets.solve_minutes"
        );
        let says_more =
            |rule: &&Rule| !rule.mail || ![&rule.forms, &rule.plans, &rule.locales].iter().all(|it| it.is_empty());
        if let Some(rule) = self.desks.iter().find(says_more) {
            bail!(
                "tickets.routing names a file, whose `rules` say which tickets go to {}; keep of its lines in \
                 tickets.desks only one with mail = true and nothing else, or none",
                rule.desk
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_the_rules_say_is_said_nowhere_else() {
        let check = |toml: &str, cure: Option<&str>| {
            let settings: Settings = toml::from_str(&format!("routing = \"routing.yml\"\n{toml}")).unwrap();
            let told = settings.check().err().map(|why| why.to_string()).unwrap_or_default();
            assert_eq!(told.is_empty(), cure.is_none(), "{toml}: {told}");
            assert!(told.contains(cure.unwrap_or_default()), "{toml}: {told}");
        };
        check("", None);
        check("reply_minutes = { normal = 60 }", Some("take out tickets.reply_minutes"));
        check("desks = [{ desk = \"zendesk\", mail = true }]", None);
        check("desks = [{ desk = \"zendesk\" }]", Some("which tickets go to zendesk"));
        check("desks = [{ desk = \"zendesk\", mail = true, plans = [\"pro\"] }]", Some("mail = true and nothing else"));
    }
}
