//! Intercom: a conversation of the requester with a note for agents; what the requester says later as replies.
//!
//! Intercom knows no idempotency keys, and its search knows what is new only minutes later. So what the requester writes
//! carries a mark of ours, and what may have arrived is searched for by it; it is sent again only once the search would
//! know of it.

mod contacts;
mod look;
mod requests;

use std::num::NonZeroU32;
use std::time::Duration;

use anyhow::{Result, ensure};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::desk::{Answered, Deed, Line, Opened, html, timeout};
use super::http::{Request, base};
use super::{Errand, Failure, Receipt};
use contacts::{Kept, Who};

pub use look::status;

/// `[desks.intercom]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where the workspace lies: `https://api.intercom.io`, or with `eu.` or `au.` before `intercom`.
    #[serde(default = "us")]
    pub url: String,
    /// Access token of an app of the workspace.
    pub token: SecretString,
    /// Id of the admin in whose name notes are written.
    pub admin: u64,
    /// Id of the workspace, for links that agents follow.
    pub workspace: Option<String>,
    /// Version of the API that is spoken.
    #[serde(default = "version")]
    pub version: String,
    /// Requests a second; an app may ask a thousand times a minute and more.
    #[serde(default = "ten")]
    pub per_second: NonZeroU32,
    /// For one request.
    #[serde(default = "timeout")]
    pub timeout_ms: u64,
}

fn us() -> String {
    "https://api.intercom.io".to_owned()
}

fn version() -> String {
    "2.14".to_owned()
}

fn ten() -> NonZeroU32 {
    NonZeroU32::new(10).expect("ten is not zero")
}

/// After so long the search knows what is new: Intercom speaks of minutes.
const LAG: SignedDuration = SignedDuration::from_mins(10);
/// A conversation made so long before ours was sent cannot be it, however the clocks go.
const EARLIER: SignedDuration = SignedDuration::from_hours(24);
/// As people call it.
const NAME: &str = "Intercom";

#[derive(Debug)]
pub struct Intercom {
    url: Url,
    settings: Settings,
    kept: Kept,
}

impl Intercom {
    /// # Errors
    /// An address or a version that cannot be used.
    pub fn new(settings: &Settings) -> Result<Self> {
        let is_version = settings.version.chars().all(|c| c.is_ascii_digit() || c == '.');
        ensure!(is_version, "version is {:?}; it looks like \"2.14\"", settings.version);
        Ok(Self { url: base(&settings.url)?, settings: settings.clone(), kept: Kept::default() })
    }

    pub fn per_second(&self) -> NonZeroU32 {
        self.settings.per_second
    }

    /// For one request.
    pub fn timeout(&self) -> Duration {
        Duration::from_millis(self.settings.timeout_ms)
    }

    pub fn secrets(&self) -> Vec<SecretString> {
        vec![self.settings.token.clone()]
    }

    /// What is asked when nothing went wrong before and nobody knows the requester; `CONTACT` stands where Intercom's id
    /// of the requester will.
    ///
    /// # Errors
    /// What cannot be made a request.
    pub fn requests(&self, id: &str, deed: &Deed) -> Result<Vec<Request>, Failure> {
        match deed {
            Deed::Opened(opened) => Ok(vec![
                self.find(&Who::from(&**opened))?,
                self.contact(&Who::from(&**opened), opened.email.as_deref(), opened.name.as_deref())?,
                self.create("CONTACT", opened)?,
                self.note(id, opened)?,
            ]),
            Deed::Answered(answered) => Ok(vec![self.show(id)?, self.reply(id, "CONTACT", answered)?]),
            Deed::Changed(changed) => Ok(vec![self.show(&changed.remote_id)?]),
        }
    }

    /// # Errors
    /// Why it was not done.
    pub async fn send(&self, line: &Line<'_>, errand: &mut Errand, deed: &Deed) -> Result<(), Failure> {
        match deed {
            Deed::Opened(opened) => self.open(line, errand, opened).await,
            Deed::Answered(answered) => self.answer(line, errand, answered).await,
            Deed::Changed(changed) => self.look(line, errand, changed).await,
        }
    }

    async fn open(&self, line: &Line<'_>, errand: &mut Errand, opened: &Opened) -> Result<(), Failure> {
        let is_in_doubt = errand.in_doubt_since.is_some();
        if errand.remote_id().is_none() {
            let id = match self.made_before(line, errand, opened).await.map_err(nothing_done)? {
                Some(id) => id,
                None => self.make(line, opened).await?,
            };
            errand.receipt = Some(Receipt { url: self.page(&id), remote_id: Some(id) });
        }
        let id = errand.known_id(NAME)?;
        let mark = html::reference(&opened.ticket);
        if !is_in_doubt || !said(&self.conversation(line, id).await?).iter().any(|part| has(part, &mark)) {
            line.ask(&self.note(id, opened)?).await?;
        }
        Ok(())
    }

    async fn make(&self, line: &Line<'_>, opened: &Opened) -> Result<String, Failure> {
        let contact = self.contact_of(line, opened).await.map_err(nothing_done)?;
        let answer = line.ask(&self.create(&contact, opened)?).await.inspect_err(|failure| {
            if matches!(failure, Failure::Reject { .. }) {
                self.kept.forget(&contact);
            }
        })?;
        id_of(&answer["conversation_id"]).ok_or_else(|| Failure::in_doubt("answered without the conversation's id"))
    }

    /// The conversation an earlier attempt made, if it did. While the search may not know of it yet, nobody can say.
    async fn made_before(&self, line: &Line<'_>, errand: &Errand, opened: &Opened) -> Result<Option<String>, Failure> {
        let Some(doubted) = errand.last_in_doubt else { return Ok(None) };
        if let Some(id) = self.look_up(line, opened).await? {
            return Ok(Some(id));
        }
        let known = doubted + LAG;
        let wait = Duration::try_from(known.duration_since(line.now)).unwrap_or_default();
        if wait.is_zero() {
            return Ok(None);
        }
        let reason = format!("may have this conversation already; from {known:.0} on its search would know");
        Err(Failure::Retry { after: Some(wait), throttled: false, unknown: false, reason })
    }

    async fn look_up(&self, line: &Line<'_>, opened: &Opened) -> Result<Option<String>, Failure> {
        let contacts = self.contacts_of(line, opened).await?;
        if contacts.is_empty() {
            return Ok(None);
        }
        let mark = html::reference(&opened.ticket);
        let since = Timestamp::from_millisecond(opened.at).unwrap_or(Timestamp::MIN).saturating_sub(EARLIER);
        let since = since.unwrap_or(Timestamp::MIN);
        let mut after: Option<String> = None;
        loop {
            let found = line.ask(&self.conversations(&contacts, since, after.as_deref())?).await?;
            let conversations = list(&found["conversations"])?;
            if let Some(ours) = conversations.iter().find(|conversation| has(&conversation["source"], &mark)) {
                return Ok(id_of(&ours["id"]));
            }
            let next = found["pages"]["next"]["starting_after"].as_str().map(str::to_owned);
            // A place that does not move would never end.
            if next.is_none() || next == after {
                return Ok(None);
            }
            after = next;
        }
    }

    async fn answer(&self, line: &Line<'_>, errand: &Errand, answered: &Answered) -> Result<(), Failure> {
        let id = errand.known_id(NAME)?;
        let conversation = self.conversation(line, id).await?;
        let mark = html::reference(&answered.message);
        if errand.in_doubt_since.is_some() && said(&conversation).iter().any(|part| has(part, &mark)) {
            return Ok(());
        }
        let contact = id_of(&conversation["contacts"]["contacts"][0]["id"]);
        let contact = contact.ok_or_else(|| Failure::refused("answered with a conversation that is nobody's"))?;
        line.ask(&self.reply(id, &contact, answered)?).await.map(drop)
    }

    async fn conversation(&self, line: &Line<'_>, id: &str) -> Result<Value, Failure> {
        line.ask(&self.show(id)?).await.map_err(nothing_done)
    }
}

/// What was said in a conversation, behind what began it.
fn said(conversation: &Value) -> &[Value] {
    conversation["conversation_parts"]["conversation_parts"].as_array().map_or(&[], Vec::as_slice)
}

fn has(part: &Value, mark: &str) -> bool {
    part["body"].as_str().is_some_and(|body| body.contains(mark))
}

fn list(value: &Value) -> Result<&[Value], Failure> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| Failure::unreached("answered without the list it was asked for"))
}

/// Ids are texts; a number is taken for one.
fn id_of(value: &Value) -> Option<String> {
    match value {
        Value::String(id) if !id.is_empty() => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// What was asked changes nothing that a ticket is made of: whatever became of it, it is asked again.
fn nothing_done(failure: Failure) -> Failure {
    match failure {
        Failure::Retry { after, throttled, reason, .. } => Failure::Retry { after, throttled, unknown: false, reason },
        other => other,
    }
}
