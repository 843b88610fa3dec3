//! Mails that a provider or a mail server hands on: proved, then read at once, so that what waits is the same for all.

mod mailgun;
mod postmark;
mod sendgrid;
#[cfg(test)]
mod tests;

use anyhow::Result;
use axum::http::HeaderMap;
use jiff::Timestamp;
use serde_json::Value;

use super::Refused;
use super::bounces::Mailgun;
use super::form::{Form, Part};
use super::proof::{fingerprint, object};
use super::secret::Secret;
use super::settings::{Hook, Kind};
use super::standard::Standard;
use crate::mail::arrived::{Arrived, Envelope, File, NoMail};
use crate::mail::one_line;

/// Who hands mails on.
#[derive(Debug)]
pub enum Mail {
    Postmark(Secret),
    Mailgun(Mailgun),
    Sendgrid(Secret),
    /// Anybody who signs.
    Plain(Standard),
}

impl Mail {
    /// # Errors
    /// Settings that cannot be used.
    pub fn new(kind: Kind, hook: &Hook) -> Result<Option<Self>> {
        let secrets = hook.secrets.clone();
        Ok(Some(match kind {
            Kind::PostmarkInbound => Self::Postmark(Secret::of(hook)?),
            Kind::SendgridInbound => Self::Sendgrid(Secret::of(hook)?),
            Kind::MailgunInbound => Self::Mailgun(Mailgun::new(secrets)?),
            Kind::Mail => Self::Plain(Standard::new(secrets)?),
            _ => return Ok(None),
        }))
    }

    /// The mail, and by what it is the same when it is sent again.
    ///
    /// # Errors
    /// What is not from this sender, or no mail.
    pub async fn prove(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<(String, Arrived), Refused> {
        match self {
            Self::Postmark(secret) => {
                secret.prove(headers)?;
                postmark::read(&object(body)?)
            }
            Self::Sendgrid(secret) => {
                secret.prove(headers)?;
                Ok((fingerprint(body), sendgrid::read(&Form::read(headers, body).await?)?))
            }
            Self::Mailgun(mailgun) => {
                let form = Form::read(headers, body).await?;
                let event = mailgun::prove(mailgun, &form, now)?;
                Ok((event, mailgun::read(&form)?))
            }
            Self::Plain(standard) => {
                let event = standard.signed(headers, body, now)?;
                Ok((event, Arrived::read(body, &Envelope::default()).map_err(no_mail)?))
            }
        }
    }
}

fn no_mail(cause: NoMail) -> Refused {
    Refused::Malformed(format!("the body holds no mail: {cause}"))
}

/// Headers as lines, none of which can begin another.
pub fn lines<'a>(head: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    head.into_iter().map(|(name, value)| format!("{}: {}\r\n", one_line(name), one_line(value))).collect()
}

/// The files of a form; `shown` names the fields of those that the text shows, by their Content-IDs.
fn files(form: &Form, shown: &Value) -> Vec<File> {
    let is_shown = |field: &str| shown.as_object().is_some_and(|map| map.values().any(|it| it == field));
    let file =
        |part: &Part| File { name: part.name.clone(), bytes: part.bytes.to_vec(), inline: is_shown(&part.field) };
    form.files.iter().map(file).collect()
}
