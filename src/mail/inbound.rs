//! `[mail.inbound]`: mails that come to the help center, and the address by which an answer finds its ticket.

use std::num::NonZeroU32;

use anyhow::{Result, ensure};
use serde::Deserialize;

use super::is_address;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Domain whose mail comes to a `[hooks.NAME]` or to `signpost mail receive`. With it letters ask for answers at
    /// an address that only their readers know; without it answers go where `reply_to` says.
    pub domain: Option<String>,
    /// What stands before `@`, and before `+` where an answer goes.
    pub mailbox: String,
    /// Does a mail that belongs to no ticket open one?
    pub open_tickets: bool,
    /// The form of such a ticket.
    pub form: String,
    /// Mails an hour that one sender may add to one ticket, or open tickets with; more are held until an operator
    /// looked at them.
    pub per_hour: NonZeroU32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            domain: None,
            mailbox: "reply".to_owned(),
            open_tickets: false,
            form: "question".to_owned(),
            per_hour: NonZeroU32::new(20).expect("twenty is not zero"),
        }
    }
}

/// The most characters before `@` (RFC 5321, section 4.5.3.1.1), and of them what a ticket's word takes.
const LOCAL: usize = 64;
const WORD: usize = 31;

impl Settings {
    /// # Errors
    /// What can be no address.
    pub fn check(&self) -> Result<()> {
        let Some(domain) = &self.domain else { return Ok(()) };
        let address = self.address(domain, &"x".repeat(WORD));
        ensure!(
            is_address(&address) && !self.mailbox.contains('+') && self.mailbox.len() + 1 + WORD <= LOCAL,
            "[mail.inbound] makes addresses such as {address:?}, which nobody can write to; correct `domain` and \
             `mailbox`, which has at most {} characters and no +",
            LOCAL - WORD - 1
        );
        Ok(())
    }

    /// Where answers go that find their way by `word`.
    pub fn reply_to(&self, word: &str) -> Option<String> {
        self.domain.as_ref().map(|domain| self.address(domain, word))
    }

    fn address(&self, domain: &str, word: &str) -> String {
        format!("{}+{word}@{domain}", self.mailbox)
    }

    /// The word in such an address, as mail servers hand it on: in any case.
    pub fn word_in<'a>(&self, address: &'a str) -> Option<&'a str> {
        let (local, domain) = address.rsplit_once('@')?;
        let (mailbox, word) = local.split_once('+')?;
        let is_ours = self.domain.as_ref().is_some_and(|ours| ours.eq_ignore_ascii_case(domain));
        (is_ours && mailbox.eq_ignore_ascii_case(&self.mailbox)).then_some(word)
    }

    /// Is it the address of the help center itself?
    pub fn is_ours(&self, address: &str) -> bool {
        let plain = self.domain.as_ref().map(|domain| format!("{}@{domain}", self.mailbox));
        self.word_in(address).is_some() || plain.is_some_and(|ours| ours.eq_ignore_ascii_case(address))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn settings() -> Settings {
        Settings { domain: Some("in.acme.example".to_owned()), ..Settings::default() }
    }

    #[test]
    fn an_address_leads_back_to_its_word() {
        let settings = settings();
        assert_eq!(settings.reply_to("1001-0a1b").unwrap(), "reply+1001-0a1b@in.acme.example");
        assert_eq!(Settings::default().reply_to("1001-0a1b"), None);
        let check = |address: &str, expect: Option<&str>| assert_eq!(settings.word_in(address), expect, "{address}");
        check("reply+1001-0a1b@in.acme.example", Some("1001-0a1b"));
        check("Reply+1001-0A1B@IN.acme.example", Some("1001-0A1B"));
        check("reply@in.acme.example", None);
        check("reply+1001-0a1b@acme.example", None);
        check("other+1001-0a1b@in.acme.example", None);
        check("reply+1001-0a1b", None);
        assert!(settings.is_ours("reply@in.acme.example") && !settings.is_ours("ada@in.acme.example"));
    }

    #[test]
    fn settings_that_make_no_address_are_told() {
        let check = |domain: &str, mailbox: &str, expect: bool| {
            let settings = Settings { domain: Some(domain.to_owned()), mailbox: mailbox.to_owned(), ..settings() };
            assert_eq!(settings.check().is_ok(), expect, "{mailbox}@{domain}");
        };
        check("in.acme.example", "reply", true);
        check("inbound.postmarkapp.com", "451d9b70cf9364d23ff6f9d51d870251", true);
        check("in acme", "reply", false);
        check("in.acme.example", "re+ply", false);
        check("in.acme.example", "a-mailbox-with-a-name-that-never-ends", false);
    }
}
