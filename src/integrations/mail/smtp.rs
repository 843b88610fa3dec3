//! SMTP submission (RFC 6409): one mail a connection, over TLS, and what the server's answers mean.

mod server;
mod session;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use lettre::transport::smtp::Error;
use secrecy::SecretString;
use serde::Deserialize;
use tokio::time::timeout;
use tracing::info;

use super::message::Message;
use super::refused::Refused;
use crate::integrations::Failure;
use crate::integrations::http::masked;
use crate::mail::suppression;
use server::Server;
use session::{Broken, Session, Stage};

/// Of `[[mail.transports]]` with `kind = "smtp"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub name: Option<String>,
    /// As `mail.url`.
    pub url: SecretString,
    /// As `mail.authority`.
    pub authority: Option<PathBuf>,
}

/// The most of the server's words that is kept.
const WORDS: usize = 300;

#[derive(Debug)]
pub struct Smtp {
    server: Server,
}

impl Smtp {
    /// `hello`: what we say we are.
    ///
    /// # Errors
    /// An address that cannot be used, a file of certificates that cannot be read.
    pub fn new(settings: &Settings, hello: &str) -> Result<Self> {
        Ok(Self { server: Server::new(&settings.url, hello, settings.authority.as_deref())? })
    }

    pub fn secrets(&self) -> Vec<SecretString> {
        self.server.secrets()
    }

    /// The mail as it would go, its envelope first.
    ///
    /// # Errors
    /// What no message can hold.
    pub fn shown(&self, message: &Message) -> Result<String, Failure> {
        let bytes = message.bytes()?;
        let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
        let (from, to) = (&message.from.email, &message.to);
        let shown = format!("{}\nMAIL FROM:<{from}>\nRCPT TO:<{to}>\n\n{text}", self.server);
        Ok(masked(&shown, &self.secrets()))
    }

    /// Hands the mail over to the server, and gives its receipt.
    ///
    /// # Errors
    /// Why it was not taken.
    pub async fn send(&self, message: &Message, patience: Duration) -> Result<String, Refused> {
        let bytes = message.bytes()?;
        let mut session = Session::new();
        let Ok(answered) = timeout(patience, session.hand_over(&self.server, message, &bytes)).await else {
            return Err(lost(session.stage, format!("no answer within {} ms", patience.as_millis())));
        };
        let stage = session.stage;
        session.leave(&answered).await;
        match answered {
            Ok(receipt) => {
                let receipt = self.told(&receipt);
                // What the mail is called in the server's own log.
                info!(key = message.key, receipt, "the mail server took a mail");
                Ok(receipt)
            }
            Err(Broken::Told(error)) => Err(judge(stage, &error, |text| self.told(text))),
            Err(Broken::Unfit(refused)) => Err(refused),
        }
    }

    /// The server's words, cut and without secrets.
    fn told(&self, text: &str) -> String {
        let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(WORDS).collect();
        masked(&text, &self.secrets())
    }
}

/// What an answer means, at the stage it came. RFC 5321 section 4.2.1, RFC 4954 section 6, RFC 3463.
fn judge(stage: Stage, error: &Error, told: impl Fn(&str) -> String) -> Refused {
    let Some(code) = error.status().map(u16::from) else {
        return lost(stage, told(&error.to_string()));
    };
    let words = std::error::Error::source(error).map(|words| words.to_string()).unwrap_or_default();
    let reason = told(&format!("answered {code}: {words}"));
    match (code, stage) {
        (530 | 534 | 535 | 538, _) => Refused::lasting(reason),
        // Who we are is refused, so every other mail would be too.
        (500.., Stage::Introduction) => Refused::lasting(reason),
        // Of our account: it sent enough today.
        (500.., _) if status(&words) == "5.4.5" => Refused::quota(reason),
        (500.., _) if suppression::is_about_address(status(&words)) => Refused::Recipient(reason),
        // Of who we are, which many servers say only here, or of what one mail holds: the next mail will show.
        (500.., _) if is_about_us(status(&words)) => Refused::busy(reason, None),
        (500.., _) => Refused::Mail(reason),
        _ => Refused::busy(reason, None),
    }
}

/// The enhanced status code that an answer begins with: `5.1.1`.
fn status(words: &str) -> &str {
    words.split(|c: char| c != '.' && !c.is_ascii_digit()).next().unwrap_or_default()
}

/// RFC 3463 sections 3.2 and 3.8: the sender's address, or a policy about the sender or their machine.
fn is_about_us(status: &str) -> bool {
    status.starts_with("5.7.") || ["5.1.7", "5.1.8"].contains(&status)
}

fn lost(stage: Stage, reason: String) -> Refused {
    if stage == Stage::Handed { Refused::unknown(reason) } else { Refused::busy(reason, None) }
}
