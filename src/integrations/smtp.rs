//! Mail by SMTP submission (RFC 6409): one mail a connection, over TLS, and what the server's answers mean.
//!
//! A mail is at least once delivered: one whose fate is unknown is sent again under the same `Message-ID`.

mod message;
mod server;
mod session;

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use jiff::Timestamp;
use lettre::message::Mailbox;
use lettre::transport::smtp::Error;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;
use tokio::time::timeout;
use tracing::info;

use super::http::masked;
use super::{Failure, Limits};
use crate::mail::{Mail, inbound, owners};
use message::Message;
use server::Server;
use session::{Broken, Session, Stage};

/// `[mail]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// `smtps://user:password@host`, `smtp://user:password@host?tls=required`. Without it mails wait in the outbox.
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
            inbound: inbound::Settings::default(),
            owners: owners::Settings::default(),
        }
    }
}

/// Why mails wait.
pub const UNSET: &str = "no mail server is set: write `url` and `from` in [mail] of the settings and start again";
/// The most of the server's words that is kept.
const WORDS: usize = 300;

#[derive(Debug)]
pub struct Smtp {
    /// None until the settings say where mails go.
    transport: Option<Transport>,
    timeout: Duration,
    per_second: NonZeroU32,
}

#[derive(Debug)]
struct Transport {
    server: Server,
    from: Mailbox,
    reply_to: Option<Mailbox>,
}

impl Smtp {
    /// # Errors
    /// An address that cannot be used, a sender that is missing, a file of certificates that cannot be read.
    pub fn new(settings: &Settings) -> Result<Self> {
        let transport = settings.url.as_ref().map(|url| Transport::new(url, settings)).transpose()?;
        let timeout = Duration::from_millis(settings.timeout_ms);
        Ok(Self { transport, timeout, per_second: settings.per_second })
    }

    pub fn limits(&self) -> Limits {
        Limits { events: 1, bytes: 0, per_second: self.per_second, linger: Duration::ZERO }
    }

    /// Are there settings to send by?
    pub fn is_set(&self) -> bool {
        self.transport.is_some()
    }

    pub fn secrets(&self) -> Vec<SecretString> {
        self.transport.iter().flat_map(|transport| transport.server.secrets()).collect()
    }

    /// A mail from the sender to itself.
    pub fn sample(&self) -> Mail {
        let to = self.transport.as_ref().map(|transport| transport.from.email.to_string()).unwrap_or_default();
        let text = "Who reads this has a help center that can send mails.\n".to_owned();
        Mail { to, subject: "A mail from your help center".to_owned(), text, automatic: true, ..Mail::default() }
    }

    /// The mail as it would go, its envelope first.
    ///
    /// # Errors
    /// What is no mail, or cannot be sent to where it is to go.
    pub fn shown(&self, key: &str, deed: &Value, now: Timestamp) -> Result<String, Failure> {
        let transport = self.transport()?;
        let message = transport.message(key, deed, now)?;
        Ok(masked(&format!("{}\n{message}", transport.server), &self.secrets()))
    }

    /// Hands the mail over to the server.
    ///
    /// # Errors
    /// Why it was not taken.
    pub async fn send(&self, key: &str, deed: &Value, now: Timestamp) -> Result<(), Failure> {
        let transport = self.transport()?;
        let message = transport.message(key, deed, now)?;
        let mut session = Session::new();
        let mask = |text: &str| {
            let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(WORDS).collect();
            masked(&text, &self.secrets()).replace(message.to.as_ref() as &str, "(the recipient)")
        };
        let Ok(answered) = timeout(self.timeout, session.hand_over(&transport.server, &message)).await else {
            return Err(lost(session.stage, format!("no answer within {} ms", self.timeout.as_millis())));
        };
        let stage = session.stage;
        session.leave(&answered).await;
        match answered {
            Ok(receipt) => {
                // What the mail is called in the server's own log.
                info!(key, receipt = mask(&receipt), "the mail server took a mail");
                Ok(())
            }
            Err(Broken::Told(error)) => Err(judge(stage, &error, mask)),
            Err(Broken::Unfit(failure)) => Err(failure),
        }
    }

    fn transport(&self) -> Result<&Transport, Failure> {
        self.transport.as_ref().ok_or_else(|| Failure::Reject { reason: UNSET.to_owned(), lasting: true })
    }
}

impl Transport {
    fn new(url: &SecretString, settings: &Settings) -> Result<Self> {
        let mailbox = |key: &str, text: &str| {
            text.parse::<Mailbox>().with_context(|| format!("`{key}` is {text:?}; write \"Help <help@example.com>\""))
        };
        let from = settings.from.as_deref().context("`from` is missing; write \"Help <help@example.com>\"")?;
        let from = mailbox("from", from)?;
        let reply_to = settings.reply_to.as_deref().map(|text| mailbox("reply_to", text)).transpose()?;
        let server = Server::new(url, from.email.domain(), settings.authority.as_deref())?;
        Ok(Self { server, from, reply_to })
    }

    fn message(&self, key: &str, deed: &Value, now: Timestamp) -> Result<Message, Failure> {
        let mail = Mail::deserialize(deed).map_err(|cause| {
            Failure::refused(format!("a mail needs `to`, `subject` and `text`, and this has {cause}"))
        })?;
        Message::new(&self.from, self.reply_to.as_ref(), mail, key, now)
    }
}

/// What an answer means, at the stage it came. RFC 5321 section 4.2.1, RFC 4954 section 6.
fn judge(stage: Stage, error: &Error, mask: impl Fn(&str) -> String) -> Failure {
    let Some(code) = error.status().map(u16::from) else {
        return lost(stage, mask(&error.to_string()));
    };
    let words = std::error::Error::source(error).map(|words| words.to_string()).unwrap_or_default();
    let reason = mask(&format!("answered {code}: {words}"));
    match (code, stage) {
        (530 | 534 | 535 | 538, _) => Failure::Reject { reason, lasting: true },
        // Who we are is refused, so every other mail would be too.
        (500.., Stage::Introduction) => Failure::Reject { reason, lasting: true },
        (500.., _) => Failure::refused(reason),
        _ => Failure::unreached(reason),
    }
}

fn lost(stage: Stage, reason: String) -> Failure {
    if stage == Stage::Handed { Failure::in_doubt(reason) } else { Failure::unreached(reason) }
}
