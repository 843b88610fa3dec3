//! What mail providers tell of the mail they took: it bounced, somebody complained, somebody wants no more. A provider:
//! one file.

mod mailgun;
mod postmark;
mod resend;
mod sendgrid;
mod ses;

use anyhow::Result;
use axum::http::HeaderMap;
use jiff::Timestamp;
use serde_json::Value;

use super::secret::Secret;
use super::settings::{Hook, Kind as Who};
use super::{Proved, Refused, Unreadable};
use crate::mail::arrived::Arrived;
use crate::mail::suppression::{Kind, Report};
use crate::tickets::Attachments;
pub use mailgun::Mailgun;
use resend::Resend;
use sendgrid::Sendgrid;
use ses::Ses;

#[derive(Debug)]
pub enum Bounces {
    Sendgrid(Sendgrid),
    Ses(Box<Ses>),
    Mailgun(Mailgun),
    Postmark(Secret),
    Resend(Box<Resend>),
}

/// What is told of one address.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Heard {
    address: String,
    kind: Kind,
    /// In the provider's words.
    detail: String,
    at: Option<Timestamp>,
}

/// What became of a mail at its provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It has it.
    Taken,
    /// It took it and did not send it after all, for this reason.
    GivenUp(String),
}

impl Fate {
    fn of(refusal: Option<String>) -> Self {
        refusal.map_or(Self::Taken, |reason| Self::GivenUp(reason.chars().take(WORDS).collect()))
    }
}

impl Bounces {
    /// # Errors
    /// Settings that cannot be used.
    pub fn new(who: Who, hook: &Hook) -> Result<Option<Self>> {
        let secrets = hook.secrets.clone();
        Ok(Some(match who {
            Who::Sendgrid => Self::Sendgrid(Sendgrid::new(&secrets)?),
            Who::Ses => Self::Ses(Box::new(Ses::new(hook.topic.as_deref(), hook.endpoint.as_deref())?)),
            Who::Mailgun => Self::Mailgun(Mailgun::new(secrets)?),
            Who::Postmark => Self::Postmark(Secret::of(hook)?),
            Who::Resend => Self::Resend(Box::new(Resend::new(hook)?)),
            _ => return Ok(None),
        }))
    }

    pub async fn prove(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<Proved, Refused> {
        match self {
            Self::Sendgrid(sendgrid) => sendgrid.prove(headers, body, now),
            Self::Ses(ses) => ses.prove(body, now).await,
            Self::Mailgun(mailgun) => mailgun.prove(body, now),
            Self::Postmark(secret) => postmark::prove(secret, headers, body),
            Self::Resend(resend) => resend.prove(headers, body, now),
        }
    }

    /// What a stored body tells; nothing when it is of no such matter. `name` is that of `[hooks.NAME]`.
    pub fn reports(&self, name: &str, body: &Value, received: Timestamp) -> Result<Vec<Report>, Unreadable> {
        let heard = match self {
            Self::Sendgrid(_) => sendgrid::heard(body)?,
            Self::Ses(_) => ses::heard(body)?,
            Self::Mailgun(_) => mailgun::heard(body)?,
            Self::Postmark(_) => postmark::heard(body)?,
            Self::Resend(_) => resend::heard(body)?,
        };
        let report = |Heard { address, kind, detail, at }: Heard| {
            let (source, at) = (name.to_owned(), at.unwrap_or(received));
            Report { address, kind, source, detail, at }
        };
        Ok(heard.into_iter().map(report).collect())
    }

    /// The mail that a body brings, or tells of.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub async fn arrived(&self, body: &Value, limits: &Attachments, now: Timestamp) -> Result<Option<Arrived>> {
        match self {
            Self::Ses(_) => Ok(ses::arrived(body)?),
            Self::Resend(resend) => resend.arrived(body, limits, now).await,
            _ => Ok(None),
        }
    }

    /// Our id of the mail that a body is about, and what became of it there.
    pub fn mail(&self, body: &Value) -> Option<(String, Fate)> {
        let (id, refusal) = match self {
            Self::Sendgrid(_) => (&body["hc_message_id"], sendgrid::refusal(body)),
            Self::Ses(_) => return Some((ses::mail(body)?, Fate::of(ses::refusal(body)))),
            Self::Mailgun(_) => (&body["event-data"]["user-variables"]["hc_message_id"], mailgun::refusal(body)),
            Self::Postmark(_) => (&body["Metadata"]["hc_message_id"], None),
            Self::Resend(_) => (&body["data"]["tags"]["hc_message_id"], resend::refusal(body)),
        };
        Some((id.as_str()?.to_owned(), Fate::of(refusal)))
    }

    /// Does what the provider asks for before it tells anything. False when it asks for nothing.
    ///
    /// # Errors
    /// Why it was not done; it is done later.
    pub async fn answer(&self, body: &Value) -> Result<bool> {
        match self {
            Self::Ses(ses) => ses.confirm(body).await,
            _ => Ok(false),
        }
    }
}

/// The most of a provider's words that is kept, in characters.
const WORDS: usize = 300;

/// `address`: with a name before it or without.
fn heard(address: &Value, kind: Kind, words: &[&Value], at: Option<Timestamp>) -> Result<Heard, Unreadable> {
    let text = address.as_str().unwrap_or_default();
    let bare = bare(text);
    if !crate::mail::is_address(bare) {
        return Err(Unreadable(format!("{text:?} is no address: whose mail did not arrive?")));
    }
    // Nobody need read the address in every list of reasons.
    let detail = self::words(words).replace(bare, "(the recipient)").chars().take(WORDS).collect();
    Ok(Heard { address: bare.to_owned(), kind, detail, at })
}

/// `ada@customer.example` of `Ada <ada@customer.example>`.
fn bare(address: &str) -> &str {
    let address = address.trim();
    address.rsplit_once('<').map_or(address, |(_, rest)| rest.trim_end_matches('>'))
}

/// Seconds since 1970, with a fraction or without.
fn seconds(value: &Value) -> Option<Timestamp> {
    Timestamp::from_millisecond((value.as_f64()? * 1000.0) as i64).ok()
}

/// Those that are there, one after another.
fn words(words: &[&Value]) -> String {
    let words: Vec<_> = words.iter().filter_map(|word| word.as_str()).filter(|word| !word.is_empty()).collect();
    words.join(": ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::body;
    use super::*;

    proptest! {
        #[test]
        fn whatever_a_body_holds_names_addresses_or_nothing_or_is_told(body in body()) {
            for read in [sendgrid::heard, ses::heard, mailgun::heard, postmark::heard, resend::heard] {
                for heard in read(&body).unwrap_or_default() {
                    prop_assert!(crate::mail::is_address(&heard.address));
                    prop_assert!(heard.detail.chars().count() <= WORDS);
                }
            }
        }
    }
}
