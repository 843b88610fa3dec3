//! Inbound webhooks, `/hooks/{provider}`: what desks tell of tickets, and mail providers of mail; mails that arrive.
//!
//! What comes is proved by the raw bytes, stored once, and only then answered. One task handles it afterwards, and what
//! cannot be handled becomes a dead letter that operators send in again. A sender: one file.

mod admit;
mod bounces;
mod form;
mod freshdesk;
pub mod inbox;
mod intercom;
mod mail;
mod proof;
mod said;
mod secret;
mod settings;
mod standard;
mod work;
mod zendesk;

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use axum::http::HeaderMap;
use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::watch;

use crate::mail::arrived::Arrived;
use crate::store::Store;
use crate::telemetry::hooks::{Answer, Hooks as Figures};
use bounces::Bounces;
use intercom::Intercom;
use said::Said;
use secret::Secret;
use standard::Standard;
use zendesk::Zendesk;

pub use admit::admit;
pub use settings::{Hook, Kind, Settings};
pub use work::{Next, run, step};

/// Bytes of the largest body that is taken, and of the largest that brings a mail with its files.
const LARGEST: usize = 1 << 20;
pub const LARGEST_MAIL: usize = 36 << 20;
/// Stands for who calls nobody: the command that a mail server pipes mails into. No hook can have this name.
const PIPE: &str = "mail.pipe";

/// Whoever may call, and what wakes the task that handles their calls.
#[derive(Debug)]
pub struct Hooks {
    senders: BTreeMap<String, Sender>,
    store: Store,
    arrived: watch::Sender<()>,
    figures: Figures,
}

/// A program that calls.
#[derive(Debug)]
struct Sender {
    /// The desk it speaks for, by the name of its sink; of a mail provider, its own.
    desk: String,
    way: Way,
}

/// How a sender proves itself and what it says.
#[derive(Debug)]
enum Way {
    Zendesk(Zendesk),
    Freshdesk(Secret),
    Intercom(Intercom),
    Standard(Standard),
    Bounces(Bounces),
    Mail(mail::Mail),
}

/// What came from whom it says.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Proved {
    /// An event, by what is the same when the same is sent again.
    Event(String),
    /// Many at a time, with the body of each.
    Events(Vec<(String, String)>),
    /// An event whose proof is good for this body alone: the token in it, and what is the same for the same body.
    Once { token: String, body: String },
    /// A trial, by a secret that everybody knows or of a kind of its own: it is answered and changes nothing.
    Trial,
}

/// Why a call is not taken.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("there is no [hooks.{0}] in the settings")]
    NoSender(String),
    /// Nothing proves who sent it, or when.
    #[error("{0}")]
    Unproved(String),
    /// It is from its sender, and not what its sender should send.
    #[error("{0}")]
    Malformed(String),
    #[error("it has more bytes than are taken")]
    TooLarge,
    #[error("it could not be stored; send it again: {0:#}")]
    NotStored(#[from] anyhow::Error),
}

/// What was done with a call that is from its sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    Stored,
    /// It was stored before.
    Known,
    Trial,
}

/// What a body holds that nobody can read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
struct Unreadable(String);

/// # Errors
/// Settings that cannot be used.
pub fn open(settings: &Settings, store: &Store, figures: Figures) -> Result<Hooks> {
    let sender = |(name, hook): (&String, &Hook)| {
        let sender = hook.sender(name).with_context(|| format!("[hooks.{name}] cannot be used"))?;
        Ok((name.clone(), sender))
    };
    let senders = settings.iter().map(sender).collect::<Result<_>>()?;
    Ok(Hooks { senders, store: store.clone(), arrived: watch::Sender::new(()), figures })
}

/// Takes a call of the sender `name` as it came: it is on disk when this returns.
///
/// # Errors
/// What is not from this sender, not of now, not readable, or could not be stored.
pub async fn receive(
    hooks: &Hooks,
    name: &str,
    headers: &HeaderMap,
    body: &[u8],
    now: Timestamp,
) -> Result<Taken, Refused> {
    let sender = hooks.sender(name)?;
    let answer = take(sender, &hooks.store, name, headers, body, now).await;
    hooks.figures.count_answer(name, answer_of(&answer));
    if matches!(answer, Ok(Taken::Stored)) {
        hooks.wake();
    }
    answer
}

async fn take(
    sender: &Sender,
    store: &Store,
    name: &str,
    headers: &HeaderMap,
    body: &[u8],
    now: Timestamp,
) -> Result<Taken, Refused> {
    if body.len() > sender.largest() {
        return Err(Refused::TooLarge);
    }
    if let Way::Mail(way) = &sender.way {
        let (event, mail) = way.prove(headers, body, now).await?;
        return put(store, name, event, &mail, now).await;
    }
    let proved = sender.way.prove(headers, body, now).await?;
    let text = std::str::from_utf8(body).map_err(|_| Refused::Malformed("the body is not UTF-8".to_owned()))?;
    let are_new = match proved {
        Proved::Trial => return Ok(Taken::Trial),
        Proved::Event(event) => inbox::put(store, name, &[(event, text.to_owned())], now).await?,
        Proved::Events(events) => inbox::put(store, name, &events, now).await?,
        Proved::Once { token, body } => {
            let used = inbox::put_once(store, name, &token, &body, text, now).await?;
            used.ok_or_else(|| Refused::Unproved("its token came before, with another body".to_owned()))?
        }
    };
    Ok(if are_new { Taken::Stored } else { Taken::Known })
}

/// Takes a mail that came by no call, for the server to handle that has this database.
///
/// # Errors
/// A database that cannot be written.
pub async fn deposit(store: &Store, mail: &Arrived, now: Timestamp) -> Result<Taken, Refused> {
    let event = proof::fingerprint(json(mail).as_bytes());
    put(store, PIPE, event, mail, now).await
}

async fn put(store: &Store, name: &str, event: String, mail: &Arrived, now: Timestamp) -> Result<Taken, Refused> {
    let is_new = inbox::put(store, name, &[(event, json(mail))], now).await?;
    Ok(if is_new { Taken::Stored } else { Taken::Known })
}

fn json(mail: &Arrived) -> String {
    serde_json::to_string(mail).expect("texts are JSON")
}

fn answer_of(answer: &Result<Taken, Refused>) -> Answer {
    match answer {
        Ok(Taken::Stored) => Answer::Stored,
        Ok(Taken::Known) => Answer::Known,
        Ok(Taken::Trial) => Answer::Trial,
        Err(refused) => refused.answer(),
    }
}

impl Refused {
    fn answer(&self) -> Answer {
        match self {
            Self::Unproved(_) | Self::NoSender(_) => Answer::Unproved,
            Self::Malformed(_) | Self::TooLarge => Answer::Malformed,
            Self::NotStored(_) => Answer::NotStored,
        }
    }
}

impl Hooks {
    /// May a sender of this name call?
    pub fn has(&self, name: &str) -> bool {
        self.senders.contains_key(name)
    }

    /// Tells the task that something is to be handled; to be called after the commit.
    pub fn wake(&self) {
        self.arrived.send_replace(());
    }

    fn sender(&self, name: &str) -> Result<&Sender, Refused> {
        self.senders.get(name).ok_or_else(|| Refused::NoSender(name.to_owned()))
    }

    /// The mail that a stored body is.
    fn mail(&self, name: &str, body: &str) -> Result<Option<Arrived>, Unreadable> {
        let is_mail = name == PIPE || self.senders.get(name).is_some_and(|sender| matches!(sender.way, Way::Mail(_)));
        let mail = is_mail.then(|| serde_json::from_str(body)).transpose();
        mail.map_err(|cause| Unreadable(format!("no mail: {cause}")))
    }

    /// Who sent a stored body, and the body.
    fn read(&self, name: &str, body: &str) -> Result<(&Sender, Value), Unreadable> {
        let sender = self.senders.get(name);
        let sender = sender.ok_or_else(|| Unreadable(format!("the settings have no [hooks.{name}] any more")))?;
        let body = if body.is_empty() { Ok(Value::Null) } else { serde_json::from_str(body) };
        Ok((sender, body.map_err(|cause| Unreadable(format!("no JSON: {cause}")))?))
    }
}

impl Sender {
    /// Bytes of the largest body it may send.
    fn largest(&self) -> usize {
        if matches!(self.way, Way::Mail(_)) { LARGEST_MAIL } else { LARGEST }
    }
}

impl Way {
    async fn prove(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<Proved, Refused> {
        match self {
            Self::Zendesk(zendesk) => zendesk.prove(headers, body, now),
            Self::Freshdesk(secret) => freshdesk::prove(secret, headers, body),
            Self::Intercom(intercom) => intercom.prove(headers, body),
            Self::Standard(standard) => standard.prove(headers, body, now),
            Self::Bounces(bounces) => bounces.prove(headers, body, now).await,
            Self::Mail(_) => Err(Refused::Malformed("a mail is no event".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tickets::desk::Ask;

    const TEXTS: [&str; 15] = [
        "zen:event-type:ticket.comment_added",
        "ticket.commented",
        "conversation.admin.replied",
        "SOLVED",
        "41207",
        "2026-07-25T10:00:00Z",
        "ada@customer.example",
        "Bounce",
        "bounce",
        "dropped",
        "failed",
        "permanent",
        "SubscriptionChange",
        "email.bounced",
        r#"{"eventType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":1}]}}"#,
    ];
    const NAMES: [&str; 31] = [
        "topic",
        "item",
        "state",
        "type",
        "id",
        "subject",
        "detail",
        "event",
        "comment",
        "author",
        "body",
        "data",
        "ticket_id",
        "status",
        "updated_at",
        "updated",
        "freshdesk_webhook",
        "timestamp",
        "text",
        "email",
        "Email",
        "RecordType",
        "Type",
        "Recipient",
        "event-data",
        "recipient",
        "severity",
        "reason",
        "Message",
        "to",
        "bounce",
    ];

    /// JSON with the names that are looked for, and anything in them.
    pub(super) fn body() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
            prop::sample::select(&TEXTS[..]).prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::hash_map(prop::sample::select(&NAMES[..]).prop_map(str::to_owned), inner, 0..8)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_a_body_holds_is_news_or_none_or_told(body in body()) {
            for read in [zendesk::news, freshdesk::news, intercom::news, standard::news] {
                if let Ok(Some(news)) = read("desk", &body, Timestamp::UNIX_EPOCH) {
                    prop_assert!(!news.remote_id.is_empty());
                    prop_assert!(news.status.is_some() || news.comment.is_some() || news.ask != Ask::Never);
                }
            }
        }
    }
}
