//! `[hooks]`: who may call.

use std::collections::BTreeMap;

use anyhow::{Result, bail, ensure};
use secrecy::SecretString;
use serde::Deserialize;

use super::bounces::Bounces;
use super::intercom::Intercom;
use super::mail::Mail;
use super::secret::Secret;
use super::standard::Standard;
use super::zendesk::Zendesk;
use super::{Sender, Way};
use crate::identity::list_or_lines;

/// `[hooks.NAME]`, where NAME is the end of the address: `/hooks/NAME`.
pub type Settings = BTreeMap<String, Hook>;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hook {
    /// Who calls. Needed unless NAME says it: `zendesk`, `freshdesk`, `intercom`, or a mail provider.
    pub kind: Option<Kind>,
    /// What proves it, as its sender shows or takes it. Two while you change from one to the other: both are taken.
    #[serde(default, deserialize_with = "list_or_lines")]
    pub secrets: Vec<SecretString>,
    /// The desk whose tickets it speaks of, by the name of its sink. Without it `zendesk`, `freshdesk`, `intercom`,
    /// `connector.NAME`.
    pub desk: Option<String>,
    /// Zendesk: also take its trial, which changes nothing, signed with a secret that everybody knows.
    #[serde(default)]
    pub setup: bool,
    /// Of those who sign nothing, the header that holds the secret. Without it `X-HC-Secret`.
    pub header: Option<String>,
    /// Of those who sign nothing, the user of Basic authentication, whose password is the secret; instead of `header`.
    pub user: Option<String>,
    /// Amazon SES: ARN of the topic of SNS that tells.
    pub topic: Option<String>,
    /// Resend: an API key that may read, by which a mail that arrived is fetched.
    pub key: Option<SecretString>,
    /// Amazon SES: where certificates and confirmations come from, when not from Amazon. Resend: where mails are
    /// fetched, when not there.
    pub endpoint: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Zendesk,
    Freshdesk,
    Intercom,
    /// Standard Webhooks 1.0.
    Standard,
    /// Bounces and complaints of SendGrid, and so on; of Amazon SES and Resend mails, too.
    Sendgrid,
    Ses,
    Mailgun,
    Postmark,
    Resend,
    /// Mails that Postmark received.
    PostmarkInbound,
    /// Mails that Mailgun received, by a route.
    MailgunInbound,
    /// Mails that SendGrid received, by its Inbound Parse.
    SendgridInbound,
    /// Mails as they are (RFC 5322), signed as Standard Webhooks has it.
    Mail,
}

impl Hook {
    /// # Errors
    /// What can never work.
    pub(super) fn sender(&self, name: &str) -> Result<Sender> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        ensure!(!name.is_empty() && name.chars().all(is_plain), "its name may have letters, digits, - and _ only");
        let kind = self.kind(name)?;
        self.check(kind)?;
        if let Some(bounces) = Bounces::new(kind, self)? {
            ensure!(self.desk.is_none(), "`desk` is for senders that speak of tickets");
            return Ok(Sender { desk: name.to_owned(), way: Way::Bounces(bounces) });
        }
        if let Some(mail) = Mail::new(kind, self)? {
            ensure!(self.desk.is_none(), "`desk` is for senders that speak of tickets");
            return Ok(Sender { desk: name.to_owned(), way: Way::Mail(mail) });
        }
        let secrets = self.secrets.clone();
        let (desk, way) = match kind {
            Kind::Zendesk => ("zendesk".to_owned(), Way::Zendesk(Zendesk::new(secrets, self.setup)?)),
            Kind::Freshdesk => ("freshdesk".to_owned(), Way::Freshdesk(Secret::of(self)?)),
            Kind::Intercom => ("intercom".to_owned(), Way::Intercom(Intercom::new(secrets)?)),
            _ => (format!("connector.{name}"), Way::Standard(Standard::new(secrets)?)),
        };
        Ok(Sender { desk: self.desk.clone().unwrap_or(desk), way })
    }

    fn kind(&self, name: &str) -> Result<Kind> {
        Ok(match (self.kind, name) {
            (Some(kind), _) => kind,
            (None, "zendesk") => Kind::Zendesk,
            (None, "freshdesk") => Kind::Freshdesk,
            (None, "intercom") => Kind::Intercom,
            (None, "sendgrid") => Kind::Sendgrid,
            (None, "ses") => Kind::Ses,
            (None, "mailgun") => Kind::Mailgun,
            (None, "postmark") => Kind::Postmark,
            (None, "resend") => Kind::Resend,
            (None, _) => bail!(
                "write its kind: \"zendesk\", \"freshdesk\", \"intercom\", \"standard\", \"sendgrid\", \"ses\", \
                 \"mailgun\", \"postmark\" or \"resend\", or of mails \"sendgrid-inbound\", \"mailgun-inbound\", \
                 \"postmark-inbound\" or \"mail\""
            ),
        })
    }

    fn check(&self, kind: Kind) -> Result<()> {
        ensure!(!self.setup || kind == Kind::Zendesk, "`setup` is for Zendesk alone; take it away");
        let has_header = self.header.is_some() || self.user.is_some();
        let signs_nothing =
            matches!(kind, Kind::Freshdesk | Kind::Postmark | Kind::PostmarkInbound | Kind::SendgridInbound);
        ensure!(
            !has_header || signs_nothing,
            "`header` and `user` are for those who sign nothing: Freshdesk, Postmark, and mails of SendGrid"
        );
        ensure!(self.topic.is_none() || kind == Kind::Ses, "`topic` is for Amazon SES alone");
        ensure!(self.key.is_none() || kind == Kind::Resend, "`key` is for Resend alone, whose mails are fetched");
        let is_asked = kind == Kind::Ses || self.key.is_some();
        ensure!(self.endpoint.is_none() || is_asked, "`endpoint` is for Amazon SES, and for Resend with a `key`");
        if kind == Kind::Ses {
            ensure!(self.secrets.is_empty(), "Amazon SES has no secret; take `secrets` away");
            return Ok(());
        }
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
        check("intercom", "secrets = [\"a\"]", "intercom");
        check("intercom", "secrets = [\"\"]", "client secret");
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
        check("in", &format!("{long}\nuser = \"a\"\nkind = \"postmark-inbound\""), "in");
        check("in", &format!("{long}\nuser = \"a\"\nkind = \"mailgun-inbound\""), "who sign nothing");
        check("in", &format!("{long}\ndesk = \"zendesk\"\nkind = \"mailgun-inbound\""), "speak of tickets");
        check("in", "kind = \"mailgun-inbound\"\nsecrets = [\"\"]", "is empty");
        check("in", "kind = \"sendgrid-inbound\"\nsecrets = [\"short\"]", "at least 32");
        check("in", &standard.replace("standard", "mail"), "in");
        check("crm", "kind = \"standard\"\nsecrets = [\"whsec_c2hvcnQ=\"]", "24 to 64");
        check("crm", "kind = \"standard\"\nsecrets = [\"whpk_c2hvcnQ=\"]", "32 bytes");
        check("a/b", &long, "letters, digits");
        let key = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE7/6e83OsncYWDbN6tti/Qr0HdpUhFsufl/jzz85t/JkDDajW9RhdjA6vdshm8Uwkm5NCU4DsYxUksybcjE55PA==";
        check("sendgrid", &format!("secrets = [\"{key}\"]"), "sendgrid");
        check("sendgrid", &format!("secrets = [\"{}\"]", &key[4..]), "no public key");
        check("sendgrid", "secrets = [\"SG.key\"]", "no public key");
        check("ses", "topic = \"arn:aws:sns:eu-west-1:123456789012:ses-events\"", "ses");
        check("ses", "", "`topic` is missing");
        check("ses", "secrets = [\"a\"]", "has no secret");
        check("mailgun", "secrets = [\"a\"]", "mailgun");
        check("mailgun", "secrets = [\"a\"]\ndesk = \"zendesk\"", "speak of tickets");
        check("mailgun", "secrets = [\"a\"]\ntopic = \"arn:a\"", "Amazon SES alone");
        check("postmark", &format!("{long}\nuser = \"signpost\""), "postmark");
        check("postmark", "secrets = [\"short\"]", "at least 32");
        check("resend", "secrets = [\"whsec_c2hvcnQ=\"]", "24 to 64");
        let resend = standard.replace("standard", "resend");
        check("in", &format!("{resend}\nkey = \"re_123\""), "in");
        check("in", &format!("{resend}\nendpoint = \"https://resend.acme.example\""), "with a `key`");
        check(
            "in",
            &format!("{resend}\nkey = \"re_123\"\nendpoint = \"http://acme.example\""),
            "`endpoint` cannot be used",
        );
        check("crm", &format!("{standard}\nkey = \"re_123\""), "Resend alone");
    }
}
