//! Transports that are asked by HTTP.

use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;

use super::mailgun::{self, Mailgun};
use super::message::Message;
use super::postmark::{self, Postmark};
use super::refused::Refused;
use super::resend::{self, Resend};
use super::sendgrid::{self, Sendgrid};
use super::ses::{self, Ses};
use crate::integrations::Failure;
use crate::integrations::http::{Answer, Caller, Request};

/// How long a vendor that may have a mail is given to say so by an event, before it is asked again.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub enum Api {
    Sendgrid(Sendgrid),
    Ses(Ses),
    Mailgun(Mailgun),
    Postmark(Postmark),
    Resend(Resend),
}

impl Api {
    pub fn secrets(&self) -> Vec<SecretString> {
        match self {
            Self::Sendgrid(sendgrid) => sendgrid.secrets(),
            Self::Ses(ses) => ses.secrets(),
            Self::Mailgun(mailgun) => mailgun.secrets(),
            Self::Postmark(postmark) => postmark.secrets(),
            Self::Resend(resend) => resend.secrets(),
        }
    }

    /// # Errors
    /// What no request can hold.
    pub fn request(&self, message: &Message, now: Timestamp) -> Result<Request, Failure> {
        match self {
            Self::Sendgrid(sendgrid) => sendgrid.request(message),
            Self::Ses(ses) => ses.request(message, now),
            Self::Mailgun(mailgun) => mailgun.request(message),
            Self::Postmark(postmark) => postmark.request(message),
            Self::Resend(resend) => resend.request(message),
        }
    }

    /// Hands the message over, and gives the receipt.
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
        let request = self.request(message, now)?;
        let answer = caller.call(&request, timeout).await.map_err(Refused::from);
        let receipt =
            answer.and_then(|answer| self.receipt(&answer).ok_or_else(|| self.refused(&answer, &request, now)));
        receipt.map_err(|refused| match refused {
            // The one that knows what it took may be asked at once.
            Refused::Unknown { reason, after: None } if !matches!(self, Self::Resend(_)) => {
                Refused::Unknown { reason, after: Some(PATIENCE) }
            }
            other => other,
        })
    }

    /// What the vendor calls a mail that it took. An answer without that is none of the vendor's.
    fn receipt(&self, answer: &Answer) -> Option<String> {
        let id = |name: &str| Some(answer.json()?[name].as_str()?.to_owned());
        match self {
            _ if !(200..300).contains(&answer.status) => None,
            Self::Sendgrid(_) => sendgrid::receipt(answer),
            Self::Ses(_) => id("MessageId"),
            Self::Mailgun(_) | Self::Resend(_) => id("id"),
            Self::Postmark(_) => postmark::receipt(answer),
        }
    }

    fn refused(&self, answer: &Answer, request: &Request, now: Timestamp) -> Refused {
        let known = match self {
            Self::Sendgrid(_) => sendgrid::refused(answer, request, now),
            Self::Ses(_) => ses::refused(answer, request, now),
            Self::Mailgun(_) => mailgun::refused(answer, request, now),
            Self::Postmark(_) => postmark::refused(answer, request),
            Self::Resend(_) => resend::refused(answer, request, now),
        };
        known.unwrap_or_else(|| Refused::by(answer, request, now))
    }
}
