//! Mail, by an ordered list of transports: how each is asked, and what its answers mean. Which of them is tried when is
//! the matter of `delivery`.
//!
//! A mail is at least once delivered: one whose fate is unknown is sent again, by the same transport, under the same
//! `Message-ID`.

mod api;
mod mailgun;
mod message;
mod postmark;
mod refused;
mod resend;
mod sendgrid;
mod ses;
mod sigv4;
mod smtp;
mod transport;

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use lettre::message::Mailbox;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

use super::http::Caller;
use super::{Failure, Limits};
use crate::mail::{Mail, inbound, owners};

pub use message::Message;
pub use refused::Refused;
pub use transport::Transport;

/// `[mail]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// `smtps://user:password@host`, `smtp://user:password@host?tls=required`: the first transport, `smtp`. Without it
    /// and `transports` mails wait in the outbox.
    pub url: Option<SecretString>,
    /// Whom mails are from: `Acme Help <help@acme.example>`.
    pub from: Option<String>,
    /// Where answers go, when not there.
    pub reply_to: Option<String>,
    /// Certificates to trust beside those of the system, as PEM: of a mail server with an authority of its own.
    pub authority: Option<PathBuf>,
    /// How long a mail may take to be handed over, in milliseconds.
    pub timeout_ms: u64,
    /// Mails a second.
    pub per_second: NonZeroU32,
    /// Who is asked when those before do not take a mail, in this order.
    pub transports: Vec<transport::Settings>,
    /// Mails that come.
    pub inbound: inbound::Settings,
    /// Letters to those who answer for articles.
    pub owners: owners::Settings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            url: None,
            from: None,
            reply_to: None,
            authority: None,
            timeout_ms: 30_000,
            per_second: NonZeroU32::new(5).expect("five is not zero"),
            transports: Vec::new(),
            inbound: inbound::Settings::default(),
            owners: owners::Settings::default(),
        }
    }
}

impl Settings {
    /// Do they say where mails go?
    pub fn is_set(&self) -> bool {
        self.url.is_some() || !self.transports.is_empty()
    }

    /// `url` first, then the others.
    fn ways(&self) -> impl Iterator<Item = transport::Settings> {
        let smtp =
            |url: &SecretString| smtp::Settings { name: None, url: url.clone(), authority: self.authority.clone() };
        let first = self.url.as_ref().map(smtp).map(transport::Settings::Smtp);
        first.into_iter().chain(self.transports.iter().cloned())
    }
}

/// Why mails wait.
pub const UNSET: &str = "no mail server is set: in [mail] of the settings write `from`, and `url` or a section \
                         [[mail.transports]]; then start again";

#[derive(Debug)]
pub struct Mailer {
    /// None until the settings say where mails go.
    sender: Option<Sender>,
    transports: Vec<Transport>,
    timeout: Duration,
    per_second: NonZeroU32,
}

/// Whom mails are from, by whatever transport.
#[derive(Debug)]
struct Sender {
    from: Mailbox,
    reply_to: Option<Mailbox>,
}

impl Mailer {
    /// # Errors
    /// An address that cannot be used, a sender that is missing, two transports of one name.
    pub fn new(settings: &Settings) -> Result<Self> {
        let sender = settings.is_set().then(|| Sender::new(settings)).transpose()?;
        let mut transports = Vec::<Transport>::new();
        for (way, sender) in settings.ways().filter_map(|way| Some((way, sender.as_ref()?))) {
            let transport = Transport::new(&way, &sender.from);
            let transport = transport.with_context(|| format!("the transport {} cannot be used", way.name()))?;
            ensure!(
                transports.iter().all(|other| other.name() != transport.name()),
                "two transports are called {}; give one of them another `name`",
                transport.name()
            );
            transports.push(transport);
        }
        let timeout = Duration::from_millis(settings.timeout_ms);
        Ok(Self { sender, transports, timeout, per_second: settings.per_second })
    }

    pub fn limits(&self) -> Limits {
        Limits { events: 1, bytes: 0, per_second: self.per_second, linger: Duration::ZERO }
    }

    /// Are there settings to send by?
    pub fn is_set(&self) -> bool {
        !self.transports.is_empty()
    }

    /// In the order in which they are asked.
    pub fn transports(&self) -> &[Transport] {
        &self.transports
    }

    /// The same with this transport alone, if there is one of this name.
    pub fn only(mut self, name: &str) -> Option<Self> {
        self.transports.retain(|transport| transport.name() == name);
        Some(self).filter(Self::is_set)
    }

    pub fn secrets(&self) -> Vec<SecretString> {
        self.transports.iter().flat_map(Transport::secrets).collect()
    }

    /// A mail from the sender to itself.
    pub fn sample(&self) -> Mail {
        let to = self.sender.as_ref().map(|sender| sender.from.email.to_string()).unwrap_or_default();
        let text = "Who reads this has a help center that can send mails.\n".to_owned();
        Mail { to, subject: "A mail from your help center".to_owned(), text, automatic: true, ..Mail::default() }
    }

    /// What each transport would be asked, without secrets.
    ///
    /// # Errors
    /// What is no mail, or cannot be sent to where it is to go.
    pub fn shown(&self, key: &str, deed: &Value, now: Timestamp) -> Result<String, Failure> {
        let message = self.message(key, deed, now)?;
        let shown = self.transports.iter().map(|transport| transport.shown(&message, now));
        Ok(shown.collect::<Result<Vec<_>, _>>()?.join("\n\n"))
    }

    /// The mail that a deed asks for. `key` becomes its `Message-ID`: the same on every attempt.
    ///
    /// # Errors
    /// What is no mail, or cannot be sent to where it is to go.
    pub fn message(&self, key: &str, deed: &Value, now: Timestamp) -> Result<Message, Failure> {
        let unset = || Failure::Reject { reason: UNSET.to_owned(), lasting: true };
        let sender = self.sender.as_ref().ok_or_else(unset)?;
        let mail = Mail::deserialize(deed).map_err(|cause| {
            Failure::refused(format!("a mail needs `to`, `subject` and `text`, and this has {cause}"))
        })?;
        Message::new(&sender.from, sender.reply_to.as_ref(), mail, key, now)
    }

    /// Hands a message over to one transport, and gives its receipt.
    ///
    /// # Errors
    /// Why it was not taken.
    pub async fn hand_over(
        &self,
        transport: &Transport,
        caller: &Caller,
        message: &Message,
        now: Timestamp,
    ) -> Result<String, Refused> {
        transport.send(caller, message, self.timeout, now).await
    }

    /// Hands a mail over to the first transport that takes it, remembering nothing.
    ///
    /// # Errors
    /// Why the last one did not.
    pub async fn send(&self, caller: &Caller, key: &str, deed: &Value, now: Timestamp) -> Result<(), Failure> {
        let message = self.message(key, deed, now)?;
        let mut failure = Failure::refused(UNSET);
        for transport in &self.transports {
            match self.hand_over(transport, caller, &message, now).await {
                Ok(_) => return Ok(()),
                Err(refused) if refused.is_final() => return Err(refused.into()),
                Err(refused) => failure = refused.into(),
            }
        }
        Err(failure)
    }
}

impl Sender {
    fn new(settings: &Settings) -> Result<Self> {
        let mailbox = |key: &str, text: &str| {
            text.parse::<Mailbox>().with_context(|| format!("`{key}` is {text:?}; write \"Help <help@example.com>\""))
        };
        let from = settings.from.as_deref().context("`from` is missing; write \"Help <help@example.com>\"")?;
        let reply_to = settings.reply_to.as_deref().map(|text| mailbox("reply_to", text)).transpose()?;
        Ok(Self { from: mailbox("from", from)?, reply_to })
    }
}
