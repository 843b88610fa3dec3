//! One conversation with a mail server, from its greeting to its receipt.

use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{Extension, MailParameter};
use tokio::time::timeout;

use super::super::message::Message;
use super::super::refused::Refused;
use super::server::{Safety, Server};

/// PLAIN where there is a choice.
const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];
const CONNECT: Duration = Duration::from_secs(5);
/// How long a good-bye is waited for.
const GOODBYE: Duration = Duration::from_secs(1);

/// How far the conversation came: what a failure means depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Who we are, and whether we may send at all.
    Introduction,
    /// Whom this mail goes to, and its words.
    Mail,
    /// The server has all of it. Without its receipt nobody knows whether it was taken.
    Handed,
}

/// Why a mail was not taken.
pub enum Broken {
    /// In the words of the server, or of the network.
    Told(Error),
    /// It was not even tried.
    Unfit(Refused),
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        Self::Told(error)
    }
}

pub struct Session {
    pub stage: Stage,
    connection: Option<AsyncSmtpConnection>,
}

impl Session {
    pub fn new() -> Self {
        Self { stage: Stage::Introduction, connection: None }
    }

    /// Hands `message` over, and gives the server's receipt.
    ///
    /// # Errors
    /// The first answer that is none of success, or what broke the connection; `stage` says when.
    pub async fn hand_over(&mut self, server: &Server, message: &Message, bytes: &[u8]) -> Result<String, Broken> {
        let connection = self.connection.insert(connect(server).await?);
        introduce(connection, server).await?;
        let parameters = parameters(connection, message).map_err(Broken::Unfit)?;
        connection.command(Mail::new(Some(message.from.email.clone()), parameters)).await?;
        self.stage = Stage::Mail;
        connection.command(Rcpt::new(message.to.clone(), Vec::new())).await?;
        connection.command(Data).await?;
        self.stage = Stage::Handed;
        let receipt = connection.message(bytes).await?;
        Ok(receipt.message().collect::<Vec<_>>().join(" "))
    }

    /// Says good-bye, as RFC 5321 section 4.1.1.10 wants it, where there is somebody left to say it to. What was taken
    /// stays taken, however the server answers.
    pub async fn leave(self, answered: &Result<String, Broken>) {
        let is_broken = matches!(answered, Err(Broken::Told(error)) if error.status().is_none());
        if let (Some(mut connection), false) = (self.connection, is_broken) {
            drop(timeout(GOODBYE, connection.quit()).await);
        }
    }
}

async fn connect(server: &Server) -> Result<AsyncSmtpConnection, Error> {
    let tls = if server.safety == Safety::Implicit { Some(server.tls()?) } else { None };
    let address = (server.host.as_str(), server.port);
    AsyncSmtpConnection::connect_tokio1(address, Some(CONNECT), &server.hello, tls, None).await
}

/// Makes the connection safe and says who we are. The password goes over TLS only, or stays on this machine.
async fn introduce(connection: &mut AsyncSmtpConnection, server: &Server) -> Result<(), Broken> {
    let wants_tls = matches!(server.safety, Safety::Required | Safety::Opportunistic);
    if wants_tls && connection.can_starttls() {
        connection.starttls(server.tls()?, &server.hello).await?;
    } else if server.safety == Safety::Required {
        return Err(Broken::Unfit(Refused::busy("offers no STARTTLS, and `url` requires it: nothing was sent", None)));
    }
    let Some(credentials) = server.credentials() else { return Ok(()) };
    if !connection.is_encrypted() && !server.is_loopback {
        return Err(Broken::Unfit(Refused::busy("offers no STARTTLS, and the password is not sent without", None)));
    }
    connection.auth(&MECHANISMS, &credentials).await?;
    Ok(())
}

/// The message itself is seven bits a byte, so that it needs no leave for more.
fn parameters(connection: &AsyncSmtpConnection, message: &Message) -> Result<Vec<MailParameter>, Refused> {
    let is_ascii =
        [&message.from.email, &message.to].into_iter().all(|address| AsRef::<str>::as_ref(address).is_ascii());
    match is_ascii {
        true => Ok(Vec::new()),
        false if connection.server_info().supports_feature(Extension::SmtpUtfEight) => {
            Ok(vec![MailParameter::SmtpUtfEight])
        }
        false => Err(Refused::Mail(
            "the address has letters beyond ASCII, and the mail server takes none (SMTPUTF8)".to_owned(),
        )),
    }
}
