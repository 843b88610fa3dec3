//! Zendesk: a ticket with its files, fields and a note for agents; what the requester says later as comments.
//!
//! A ticket is never made twice: its creation carries an idempotency key, which Zendesk remembers for about two hours,
//! and our id, by which it is looked for before a resend that Zendesk may not know any more.

mod look;
mod requests;

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::time::Duration;

use anyhow::Result;
use jiff::SignedDuration;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::desk::{Answered, Deed, File, Line, Opened, PATIENCE, html, timeout};
use super::http::{Answer, Request, base};
use super::{Errand, Failure, Receipt};

pub use look::status;

/// `[desks.zendesk]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `https://acme.zendesk.com`
    pub url: String,
    /// Of the agent whose API token it is; without it the token is one of OAuth.
    pub email: Option<String>,
    pub token: SecretString,
    /// Which of our fields go into which custom field there: a question of the form, or `ticket`, `form`, `plan`,
    /// `locale`, `reader`, `class`, `group`.
    #[serde(default)]
    pub fields: BTreeMap<String, i64>,
    /// Which of our groups is which group there, by its number.
    #[serde(default)]
    pub groups: BTreeMap<String, i64>,
    /// Tags of every ticket, beside those of its form.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Requests a second; the smallest plan of Zendesk takes 200 a minute.
    #[serde(default = "three")]
    pub per_second: NonZeroU32,
    /// For one request; for one with a file, three times as long.
    #[serde(default = "timeout")]
    pub timeout_ms: u64,
}

fn three() -> NonZeroU32 {
    NonZeroU32::new(3).expect("three is not zero")
}

/// How long a key is relied upon: half of the two hours that Zendesk is said to remember it.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(1);

/// As people call it.
const NAME: &str = "Zendesk";

#[derive(Debug)]
pub struct Zendesk {
    url: Url,
    settings: Settings,
}

impl Zendesk {
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
        vec![self.settings.token.clone(), requests::basic(&self.settings)]
    }

    /// What is asked when nothing went wrong before and no file goes along.
    ///
    /// # Errors
    /// What cannot be made a request.
    pub fn requests(&self, key: &str, id: &str, deed: &Deed) -> Result<Vec<Request>, Failure> {
        let none = Files::default();
        match deed {
            Deed::Opened(opened) => Ok(vec![self.create(key, opened, &none)?, self.note(id, opened)?]),
            Deed::Answered(answered) => Ok(vec![self.show(id)?, self.comment(id, answered, &Value::Null, &none)?]),
            Deed::Changed(changed) => {
                Ok(vec![self.show(&changed.remote_id)?, self.comments(&changed.remote_id, None)?])
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
        if errand.remote_id().is_none() {
            let ticket = self.ticket(line, errand, opened).await?;
            let id = ticket["id"].as_i64().map(|id| id.to_string());
            let id = id.ok_or_else(|| Failure::in_doubt("answered without the id of the ticket"))?;
            errand.receipt = Some(Receipt { url: Some(self.page(&id)), remote_id: Some(id) });
        }
        let id = errand.known_id(NAME)?;
        if errand.in_doubt_since.is_none() || !self.has(line, id, &html::reference(&opened.ticket)).await? {
            line.ask(&self.note(id, opened)?).await?;
        }
        Ok(())
    }

    /// The ticket, made now or by an earlier attempt.
    async fn ticket(&self, line: &Line<'_>, errand: &Errand, opened: &Opened) -> Result<Value, Failure> {
        if let Some(since) = errand.in_doubt_since {
            // With files sent anew the request is another one, which the key does not answer.
            let is_forgotten = line.now.duration_since(since) >= REMEMBERED || !opened.files.is_empty();
            if is_forgotten && let Some(ticket) = self.look_up(line, opened).await? {
                return Ok(ticket);
            }
        }
        let files = self.upload(line, &opened.files).await?;
        let request = self.create(&errand.key, opened, &files)?;
        let answer = line.call(&request).await?;
        if answer.status != 409 && !is_key_taken(&answer) {
            return Ok(line.read(answer, &request)?["ticket"].take());
        }
        // An earlier attempt has the key.
        match self.look_up(line, opened).await? {
            Some(ticket) => Ok(ticket),
            None => Err(conflict(errand, &answer, &request)),
        }
    }

    async fn look_up(&self, line: &Line<'_>, opened: &Opened) -> Result<Option<Value>, Failure> {
        let found = line.ask(&self.search(&opened.ticket)?).await?;
        let tickets =
            found["tickets"].as_array().ok_or_else(|| Failure::in_doubt("answered without a list of tickets"))?;
        Ok(tickets.iter().find(|ticket| ticket["external_id"] == opened.ticket.as_str()).cloned())
    }

    async fn answer(&self, line: &Line<'_>, errand: &Errand, answered: &Answered) -> Result<(), Failure> {
        let id = errand.known_id(NAME)?;
        let was_said =
            errand.in_doubt_since.is_some() && self.has(line, id, &html::reference(&answered.message)).await?;
        if was_said {
            return Ok(());
        }
        let mut found = line.ask(&self.show(id)?).await?;
        let files = self.upload(line, &answered.files).await?;
        let request = self.comment(id, answered, &found["ticket"].take(), &files)?;
        let answer = line.call(&request).await?;
        if answer.status == 409 {
            return Err(conflict(errand, &answer, &request));
        }
        line.read(answer, &request).map(drop)
    }

    /// Does a comment of the ticket carry this mark?
    async fn has(&self, line: &Line<'_>, id: &str, reference: &str) -> Result<bool, Failure> {
        let mut after = None;
        loop {
            let (comments, next) = self.page_of_comments(line, id, after.as_deref()).await?;
            let carries = |text: &Value| text.as_str().is_some_and(|text| text.contains(reference));
            if comments.iter().any(|comment| carries(&comment["html_body"]) || carries(&comment["body"])) {
                return Ok(true);
            }
            if next.is_none() {
                return Ok(false);
            }
            after = next;
        }
    }

    /// Comments behind the place `after`, and the place behind them where more follow.
    async fn page_of_comments(
        &self,
        line: &Line<'_>,
        id: &str,
        after: Option<&str>,
    ) -> Result<(Vec<Value>, Option<String>), Failure> {
        let mut page = line.ask(&self.comments(id, after)?).await?;
        let Value::Array(comments) = page["comments"].take() else {
            return Err(Failure::in_doubt("answered without comments"));
        };
        let next = page["meta"]["after_cursor"].as_str().filter(|_| page["meta"]["has_more"] == true);
        // A place that does not move would never end.
        Ok((comments, next.filter(|next| Some(*next) != after).map(str::to_owned)))
    }

    /// Hands the files over. Those that Zendesk does not want are left out: the ticket shall not suffer for them.
    async fn upload(&self, line: &Line<'_>, files: &[File]) -> Result<Files, Failure> {
        let mut uploaded = Files::default();
        let line = Line { timeout: line.timeout * 3, ..*line };
        for file in files {
            let Some(bytes) = file.read().await? else {
                uploaded.left_out.push(format!("{} (not kept any more)", file.name));
                continue;
            };
            match line.ask(&self.upload_of(file, bytes)?).await {
                Ok(answer) => uploaded.tokens.extend(answer["upload"]["token"].as_str().map(str::to_owned)),
                Err(Failure::Reject { reason, lasting: false }) => {
                    uploaded.left_out.push(format!("{} ({reason})", file.name));
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(uploaded)
    }
}

/// What became of the files of a message.
#[derive(Debug, Default)]
struct Files {
    tokens: Vec<String>,
    /// Name and reason.
    left_out: Vec<String>,
}

fn is_key_taken(answer: &Answer) -> bool {
    let json: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let is = |error: &Value| error == "IdempotentRequestError";
    answer.status == 400 && (is(&json["error"]) || is(&json["error"]["title"]))
}

/// Asked again once when another request is in the way, and not when it is so a second time in a row. A key that is
/// taken is so until Zendesk forgets it.
fn conflict(errand: &Errand, answer: &Answer, request: &Request) -> Failure {
    let reason = answer.reason(request);
    let is_second = errand.last_error.as_deref().is_some_and(|error| error.starts_with("answered 409"));
    if answer.status == 409 && is_second {
        return Failure::refused(reason);
    }
    Failure::Retry { after: Some(PATIENCE), throttled: false, unknown: true, reason }
}
