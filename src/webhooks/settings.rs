//! `[hooks]`: who may call.

use std::collections::BTreeMap;

use anyhow::{Result, bail, ensure};
use secrecy::SecretString;
use serde::Deserialize;

use super::freshdesk::Freshdesk;
use super::mail::{Mail, Mailgun};
use super::shared::Shared;
use super::standard::Standard;
use super::zendesk::Zendesk;
use super::{Sender, Way};
use crate::identity::list_or_lines;

/// `[hooks.NAME]`, where NAME is the end of the address: `/hooks/NAME`.
pub type Settings = BTreeMap<String, Hook>;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hook {
    /// Who calls. Needed unless NAME says it: `zendesk`, `freshdesk`.
    pub kind: Option<Kind>,
    /// What proves it, as its sender shows or takes it. Two while you change from one to the other: both are taken.
    #[serde(default, deserialize_with = "list_or_lines")]
    pub secrets: Vec<SecretString>,
    /// The desk whose tickets it speaks of, by the name of its sink. Without it `zendesk`, `freshdesk`, `connector.NAME`.
    pub desk: Option<String>,
    /// Zendesk: also take its trial, which changes nothing, signed with a secret that everybody knows.
    #[serde(default)]
    pub setup: bool,
    /// Of those who sign nothing, the header that holds the secret. Without it `X-HC-Secret`.
    pub header: Option<String>,
    /// Of those who sign nothing, the user of Basic authentication, whose password is the secret; instead of `header`.
    pub user: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Zendesk,
    Freshdesk,
    /// Standard Webhooks 1.0.
    Standard,
    /// Mails that Postmark received.
    PostmarkInbound,
    /// Mails that Mailgun received, by a route.
    MailgunInbound,
    /// Mails that SendGrid received, by its Inbound Parse.
    SendgridInbound,
    /// Mails as they are (RFC 5322), signed as Standard Webhooks has it.
    Mail,
}

/// What speaks of no desk.
const NO_DESK: &str = "mail";

impl Hook {
    /// # Errors
    /// What can never work.
    pub(super) fn sender(&self, name: &str) -> Result<Sender> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        ensure!(!name.is_empty() && name.chars().all(is_plain), "its name may have letters, digits, - and _ only");
        let kind = self.kind(name)?;
        self.check(kind)?;
        let secrets = self.secrets.clone();
        let (desk, way) = match kind {
            Kind::Zendesk => ("zendesk".to_owned(), Way::Zendesk(Zendesk::new(secrets, self.setup)?)),
            Kind::Freshdesk => ("freshdesk".to_owned(), Way::Freshdesk(Freshdesk(self.shared()?))),
            Kind::Standard => (format!("connector.{name}"), Way::Standard(Standard::new(secrets)?)),
            Kind::PostmarkInbound => (NO_DESK.to_owned(), Way::Mail(Mail::Postmark(self.shared()?))),
            Kind::SendgridInbound => (NO_DESK.to_owned(), Way::Mail(Mail::Sendgrid(self.shared()?))),
            Kind::MailgunInbound => (NO_DESK.to_owned(), Way::Mail(Mail::Mailgun(Mailgun::new(secrets)?))),
            Kind::Mail => (NO_DESK.to_owned(), Way::Mail(Mail::Plain(Standard::new(secrets)?))),
        };
        Ok(Sender { desk: self.desk.clone().unwrap_or(desk), way })
    }

    fn shared(&self) -> Result<Shared> {
        Shared::new(self.secrets.clone(), self.header.as_deref(), self.user.as_deref())
    }

    fn kind(&self, name: &str) -> Result<Kind> {
        Ok(match (self.kind, name) {
            (Some(kind), _) => kind,
            (None, "zendesk") => Kind::Zendesk,
            (None, "freshdesk") => Kind::Freshdesk,
            (None, _) => bail!(
                "write its kind: \"zendesk\", \"freshdesk\", \"standard\", or of mails \"postmark-inbound\", \
                 \"mailgun-inbound\", \"sendgrid-inbound\", \"mail\""
            ),
        })
    }

    fn check(&self, kind: Kind) -> Result<()> {
        ensure!(!self.setup || kind == Kind::Zendesk, "`setup` is for Zendesk alone; take it away");
        let is_shown = self.header.is_some() || self.user.is_some();
        let signs_nothing = matches!(kind, Kind::Freshdesk | Kind::PostmarkInbound | Kind::SendgridInbound);
        ensure!(
            !is_shown || signs_nothing,
            "`header` and `user` are for those who sign nothing: Freshdesk, Postmark, SendGrid"
        );
        ensure!(!self.secrets.is_empty() || self.setup, "`secrets` is empty; write one, or two while they change");
        ensure!(self.secrets.len() <= 2, "`secrets` holds more than two; keep the new one and the one it replaces");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// The desk, or what is wrong.
    fn check(name: &str, hook: &str, expect: &str) {
        let hook: Hook = toml::from_str(hook).unwrap();
        let found = hook.sender(name).map_or_else(|refusal| refusal.to_string(), |sender| sender.desk);
        assert!(found.contains(expect), "{name}: {found:?} instead of {expect:?}");
    }

    #[test]
    fn what_can_never_work_is_told_at_the_start() {
        let long = format!("secrets = [\"{}\"]", "x".repeat(32));
        let standard = "secrets = [\"whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=\"]\nkind = \"standard\"";
        check("zendesk", "secrets = [\"a\"]", "zendesk");
        check("zendesk-eu", "kind = \"zendesk\"\nsecrets = [\"a\"]\ndesk = \"connector.eu\"", "connector.eu");
        check("freshdesk", &long, "freshdesk");
        check("freshdesk", &format!("{long}\nuser = \"signpost\""), "freshdesk");
        check("crm", standard, "connector.crm");
        check("zendesk", "setup = true", "zendesk");
        check("crm", &long, "write its kind");
        check("zendesk", "", "`secrets` is empty");
        check("zendesk", "secrets = [\"\"]", "is empty");
        check("zendesk", "secrets = [\"a\", \"b\", \"c\"]", "more than two");
        check("zendesk", "secrets = [\"dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==\"]", "everybody knows");
        check("freshdesk", "secrets = [\"short\"]", "at least 32");
        check("freshdesk", &format!("{long}\nheader = \"X-A\"\nuser = \"b\""), "`header` or `user`");
        check("freshdesk", &format!("{long}\nheader = \"no header\""), "no name of a header");
        check("freshdesk", &format!("{long}\nuser = \"a:b\""), "colon");
        check("freshdesk", &format!("{long}\nsetup = true"), "`setup` is for Zendesk");
        check("zendesk", &format!("{long}\nuser = \"a\""), "who sign nothing");
        check("mail", &format!("{long}\nuser = \"a\"\nkind = \"postmark-inbound\""), "mail");
        check("mail", &format!("{long}\nuser = \"a\"\nkind = \"mailgun-inbound\""), "who sign nothing");
        check("mail", "kind = \"mailgun-inbound\"\nsecrets = [\"\"]", "is empty");
        check("mail", "kind = \"sendgrid-inbound\"\nsecrets = [\"short\"]", "at least 32");
        check("mail", &standard.replace("standard", "mail"), "mail");
        check("crm", "kind = \"standard\"\nsecrets = [\"whsec_c2hvcnQ=\"]", "24 to 64");
        check("crm", "kind = \"standard\"\nsecrets = [\"whpk_c2hvcnQ=\"]", "32 bytes");
        check("a/b", &long, "letters, digits");
    }
}
