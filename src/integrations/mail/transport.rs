//! The transports there are, and what is the same for all of them.

use std::time::Duration;

use anyhow::{Result, ensure};
use jiff::Timestamp;
use lettre::message::Mailbox;
use secrecy::SecretString;
use serde::Deserialize;

use super::api::Api;
use super::mailgun::{self, Mailgun};
use super::message::Message;
use super::postmark::{self, Postmark};
use super::refused::Refused;
use super::resend::{self, Resend};
use super::sendgrid::{self, Sendgrid};
use super::ses::{self, Ses};
use super::smtp::{self, Smtp};
use crate::integrations::http::{Caller, masked};
use crate::integrations::{Failure, fingerprint};

/// `[[mail.transports]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Settings {
    Smtp(smtp::Settings),
    Sendgrid(sendgrid::Settings),
    Ses(ses::Settings),
    Mailgun(mailgun::Settings),
    Postmark(postmark::Settings),
    Resend(resend::Settings),
}

impl Settings {
    /// What the transport is called: by the operator, else by its kind.
    pub fn name(&self) -> &str {
        let (name, kind) = match self {
            Self::Smtp(smtp) => (&smtp.name, "smtp"),
            Self::Sendgrid(sendgrid) => (&sendgrid.name, "sendgrid"),
            Self::Ses(ses) => (&ses.name, "ses"),
            Self::Mailgun(mailgun) => (&mailgun.name, "mailgun"),
            Self::Postmark(postmark) => (&postmark.name, "postmark"),
            Self::Resend(resend) => (&resend.name, "resend"),
        };
        name.as_deref().unwrap_or(kind)
    }
}

#[derive(Debug)]
pub struct Transport {
    name: String,
    way: Way,
}

#[derive(Debug)]
enum Way {
    Smtp(Box<Smtp>),
    Api(Box<Api>),
}

impl Transport {
    /// # Errors
    /// An address that cannot be used.
    pub fn new(settings: &Settings, from: &Mailbox) -> Result<Self> {
        let name = settings.name().to_owned();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        ensure!(!name.is_empty() && name.chars().all(is_plain), "`name` may have letters, digits, - and _ only");
        let way = match settings {
            Settings::Smtp(settings) => Way::Smtp(Box::new(Smtp::new(settings, from.email.domain())?)),
            Settings::Sendgrid(settings) => Way::of(Api::Sendgrid(Sendgrid::new(settings)?)),
            Settings::Ses(settings) => Way::of(Api::Ses(Ses::new(settings)?)),
            Settings::Mailgun(settings) => Way::of(Api::Mailgun(Mailgun::new(settings)?)),
            Settings::Postmark(settings) => Way::of(Api::Postmark(Postmark::new(settings)?)),
            Settings::Resend(settings) => Way::of(Api::Resend(Resend::new(settings)?)),
        };
        Ok(Self { name, way })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Is it asked by HTTP?
    pub fn is_http(&self) -> bool {
        !matches!(self.way, Way::Smtp(_))
    }

    pub fn secrets(&self) -> Vec<SecretString> {
        match &self.way {
            Way::Smtp(smtp) => smtp.secrets(),
            Way::Api(api) => api.secrets(),
        }
    }

    /// Changes when its settings do.
    pub fn fingerprint(&self) -> String {
        fingerprint(self, &self.secrets())
    }

    /// What it would be asked, without secrets.
    ///
    /// # Errors
    /// What cannot be asked of it.
    pub fn shown(&self, message: &Message, now: Timestamp) -> Result<String, Failure> {
        match &self.way {
            Way::Smtp(smtp) => smtp.shown(message),
            Way::Api(api) => api.request(message, now).map(|request| request.shown()),
        }
    }

    /// Hands the message over, and gives the receipt: what the mail is called there.
    ///
    /// # Errors
    /// Why it was not taken.
    pub async fn send(
        &self,
        caller: &Caller,
        message: &Message,
        timeout: Duration,
        now: Timestamp,
    ) -> Result<String, Refused> {
        let sent = match &self.way {
            Way::Smtp(smtp) => {
                caller.turn().await;
                smtp.send(message, timeout).await
            }
            Way::Api(api) => api.send(caller, message, timeout, now).await,
        };
        let receipt = sent.map_err(|refused| refused.without(message.recipient(), "(the recipient)"))?;
        Ok(masked(&receipt, &self.secrets()))
    }
}

impl Way {
    fn of(api: Api) -> Self {
        Self::Api(Box::new(api))
    }
}
