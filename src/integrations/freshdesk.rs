//! Freshdesk: a ticket with its files, fields and a note for agents; what the requester says later as public notes.
//!
//! Freshdesk knows no idempotency keys. So every ticket carries our id as a tag, and what may have arrived is looked
//! for among the requester's tickets, a list without lag, before it is sent again.

mod look;
mod multipart;
mod requests;

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::time::Duration;

use anyhow::Result;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::desk::{Answered, Deed, File, Line, Opened, html, timeout};
use super::http::{Request, base};
use super::{Errand, Failure, Receipt};

pub use look::status;

/// `[desks.freshdesk]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `https://acme.freshdesk.com`; not the address of a portal of your own.
    pub url: String,
    /// Of an agent.
    pub key: SecretString,
    /// Which of our fields go into which custom field there (`cf_…`): a question of the form, or `ticket`, `form`,
    /// `plan`, `locale`, `reader`, `class`, `group`.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// Which of our groups is which group there, by its number.
    #[serde(default)]
    pub groups: BTreeMap<String, i64>,
    /// Tags of every ticket, beside those of its form.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Requests a second; what Freshdesk takes depends on the plan.
    #[serde(default = "one")]
    pub per_second: NonZeroU32,
    /// For one request; for one with files, three times as long.
    #[serde(default = "timeout")]
    pub timeout_ms: u64,
}

fn one() -> NonZeroU32 {
    NonZeroU32::MIN
}

/// The most that goes along with one ticket or note, in bytes: 20 MB.
const LARGEST: u64 = 20_000_000;
/// Entries of a page, the most there are.
const PAGE: usize = 100;
/// Pages that can be asked for.
const PAGES: usize = 300;
/// A ticket made so long before ours was sent cannot be it, however the clocks go.
const EARLIER: SignedDuration = SignedDuration::from_hours(24);

/// As people call it.
const NAME: &str = "Freshdesk";

#[derive(Debug)]
pub struct Freshdesk {
    url: Url,
    settings: Settings,
}

/// What goes along with a message, read.
#[derive(Debug, Default)]
struct Files<'a> {
    taken: Vec<(&'a File, Vec<u8>)>,
    /// Name and reason.
    left_out: Vec<String>,
}

impl Freshdesk {
    /// # Errors
    /// An address that cannot be used.
    pub fn new(settings: &Settings) -> Result<Self> {
        Ok(Self { url: base(&settings.url)?, settings: settings.clone() })
    }

    pub fn per_second(&self) -> NonZeroU32 {
        self.settings.per_second
    }

    /// For one request.
    pub fn timeout(&self) -> Duration {
        Duration::from_millis(self.settings.timeout_ms)
    }

    pub fn secrets(&self) -> Vec<SecretString> {
        vec![self.settings.key.clone(), requests::basic(&self.settings)]
    }

    /// What is asked when nothing went wrong before and no file goes along.
    ///
    /// # Errors
    /// What cannot be made a request.
    pub fn requests(&self, key: &str, id: &str, deed: &Deed) -> Result<Vec<Request>, Failure> {
        let none = Files::default();
        match deed {
            Deed::Opened(opened) => Ok(vec![self.create(key, opened, &none)?, self.note(id, opened)?]),
            Deed::Answered(answered) => Ok(vec![self.comment(key, id, answered, &none)?]),
            Deed::Changed(changed) => {
                Ok(vec![self.show(&changed.remote_id)?, self.conversations(&changed.remote_id, 1)?])
            }
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
            let ticket = match is_in_doubt {
                true => self.look_up(line, opened).await?,
                false => None,
            };
            let ticket = match ticket {
                Some(ticket) => ticket,
                None => self.make(line, errand, opened).await?,
            };
            let id = ticket["id"].as_i64().map(|id| id.to_string());
            let id = id.ok_or_else(|| Failure::in_doubt("answered without the id of the ticket"))?;
            errand.receipt = Some(Receipt { url: Some(self.page(&id)), remote_id: Some(id) });
        }
        let id = errand.known_id(NAME)?;
        if !is_in_doubt || !self.has(line, id, &html::reference(&opened.ticket)).await? {
            line.ask(&self.note(id, opened)?).await?;
        }
        Ok(())
    }

    async fn make(&self, line: &Line<'_>, errand: &Errand, opened: &Opened) -> Result<Value, Failure> {
        let files = read(&opened.files).await?;
        let request = self.create(&errand.key, opened, &files)?;
        patient(line, &files).ask(&request).await
    }

    /// The ticket an earlier attempt made, if it did.
    async fn look_up(&self, line: &Line<'_>, opened: &Opened) -> Result<Option<Value>, Failure> {
        let tag = requests::tag(&opened.ticket);
        let since = Timestamp::from_millisecond(opened.at).unwrap_or(Timestamp::MIN).saturating_sub(EARLIER);
        let since = since.unwrap_or(Timestamp::MIN);
        let is_ours =
            |ticket: &&Value| ticket["tags"].as_array().is_some_and(|tags| tags.contains(&tag.as_str().into()));
        let is_older = |ticket: &Value| {
            let made = ticket["created_at"].as_str().and_then(|made| made.parse::<Timestamp>().ok());
            made.is_some_and(|made| made < since)
        };
        for page in 1..=PAGES {
            let tickets = list(line.ask(&self.tickets(opened, page)?).await?)?;
            if let Some(ticket) = tickets.iter().find(is_ours) {
                return Ok(Some(ticket.clone()));
            }
            // The newest come first.
            if tickets.len() < PAGE || tickets.last().is_some_and(is_older) {
                return Ok(None);
            }
        }
        Err(Failure::refused("the requester has more tickets than can be looked through for this one"))
    }

    async fn answer(&self, line: &Line<'_>, errand: &Errand, answered: &Answered) -> Result<(), Failure> {
        let id = errand.known_id(NAME)?;
        if errand.in_doubt_since.is_some() && self.has(line, id, &html::reference(&answered.message)).await? {
            return Ok(());
        }
        let files = read(&answered.files).await?;
        let request = self.comment(&errand.key, id, answered, &files)?;
        patient(line, &files).ask(&request).await.map(drop)
    }

    /// Does something that was said in the ticket carry this mark?
    async fn has(&self, line: &Line<'_>, id: &str, reference: &str) -> Result<bool, Failure> {
        for page in 1..=PAGES {
            let said = list(line.ask(&self.conversations(id, page)?).await?)?;
            let carries = |text: &Value| text.as_str().is_some_and(|text| text.contains(reference));
            if said.iter().any(|one| carries(&one["body"]) || carries(&one["body_text"])) {
                return Ok(true);
            }
            if said.len() < PAGE {
                return Ok(false);
            }
        }
        Ok(false)
    }
}

fn list(answer: Value) -> Result<Vec<Value>, Failure> {
    match answer {
        Value::Array(list) => Ok(list),
        other => Err(Failure::in_doubt(format!("answered no list: {other:.100}"))),
    }
}

/// What takes longer may.
fn patient<'a>(line: &Line<'a>, files: &Files<'_>) -> Line<'a> {
    let timeout = if files.taken.is_empty() { line.timeout } else { line.timeout * 3 };
    Line { timeout, ..*line }
}

/// As many files as go along: the ticket shall not suffer for the others.
async fn read(files: &[File]) -> Result<Files<'_>, Failure> {
    let (mut read, mut bytes) = (Files::default(), 0);
    for file in files {
        if bytes + file.bytes > LARGEST {
            read.left_out.push(format!("{} (more than Freshdesk takes)", file.name));
            continue;
        }
        match file.read().await? {
            Some(content) => {
                bytes += file.bytes;
                read.taken.push((file, content));
            }
            None => read.left_out.push(format!("{} (not kept any more)", file.name)),
        }
    }
    Ok(read)
}
