//! Mails that arrive: an answer finds its ticket and becomes what its requester says there. Whatever a machine wrote,
//! or somebody else, is a note for agents and is never answered.

mod known;
mod place;

use anyhow::Result;
use app::model::{Channel, Status};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Before, Draft, Opening, Said, Speaker, Taken, Ticket, Tickets, Upload, draft};
use crate::mail::arrived::{Arrived, Bounce, Nature};
use crate::mail::suppression::{self, Kind, Report};
use crate::mail::{self, quoted};

pub use known::{Arrival, Flood, Mark};
use place::Place;
pub(super) use place::word;

/// Characters of what becomes a message, and of a subject. The whole mail is kept beside it.
const LONGEST: usize = 20_000;
const LONGEST_SUBJECT: usize = 200;

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Answered,
    /// Agents can read it.
    Noted,
    Opened,
    /// It was here before.
    Known,
    /// It belongs to no ticket and opens none.
    Ignored,
    /// We wrote it ourselves.
    Loop,
    /// It told that a mail of ours could not be delivered.
    Bounced,
}

impl Outcome {
    pub fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Noted => "noted",
            Self::Opened => "opened",
            Self::Known => "known",
            Self::Ignored => "ignored",
            Self::Loop => "loop",
            Self::Bounced => "bounced",
        }
    }
}

/// What is to be done with a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Say,
    Note(Mark),
    /// In place of a ticket that is closed, or of none.
    Open,
    Nothing,
}

impl Tickets {
    /// Takes a mail in. The same mail twice is one message.
    ///
    /// # Errors
    /// A database or a folder that cannot be written; [`Flood`] where one sender sends too many.
    pub async fn arrive(&self, mail: &Arrived, now: Timestamp) -> Result<Outcome> {
        if let Nature::Bounced(bounce) = &mail.nature {
            return self.bounced(bounce, now).await;
        }
        if self.inbound.is_ours(&mail.from) || self.is_own(mail).await? {
            return Ok(Outcome::Loop);
        }
        let place = self.place(mail).await?;
        match (deed(&mail.nature, place.as_ref(), self.inbound.open_tickets), place) {
            (Deed::Say, Some(place)) => self.note_mail(mail, &place.ticket, None, now).await,
            (Deed::Note(mark), Some(place)) => self.note_mail(mail, &place.ticket, Some(mark), now).await,
            (Deed::Open, place) => self.open_by_mail(mail, place.map(|place| place.ticket), now).await,
            _ => Ok(Outcome::Ignored),
        }
    }

    /// A report counts only where it names a letter that we wrote: else anybody could have any address written off.
    async fn bounced(&self, bounce: &Bounce, now: Timestamp) -> Result<Outcome> {
        for id in &bounce.about {
            let Some(letter) = self.letter(id.split('@').next().unwrap_or(id)).await? else { continue };
            let kind = if bounce.is_lasting() { Kind::Bounce } else { Kind::Delay };
            let (source, detail) = ("a report by mail".to_owned(), bounce.detail(&letter.to));
            let report = Report { address: letter.to, kind, source, detail, at: now };
            let mut connection = self.store.writer().acquire().await?;
            suppression::note(&mut connection, &report).await?;
            return Ok(Outcome::Bounced);
        }
        Ok(Outcome::Ignored)
    }

    async fn is_own(&self, mail: &Arrived) -> Result<bool> {
        let Some(id) = &mail.trace else { return Ok(false) };
        Ok(self.letter(id).await?.is_some())
    }

    async fn note_mail(&self, mail: &Arrived, ticket: &Ticket, mark: Option<Mark>, now: Timestamp) -> Result<Outcome> {
        let key = known::key(mail, Some(ticket));
        if self.is_known(&key).await? {
            return Ok(Outcome::Known);
        }
        self.pace(mail, Some(ticket), now).await?;
        let (taken, left_out) = self.take_fitting(mail).await?;
        let written = self.write_mail(&key, mail, ticket, mark, (&taken[..], &left_out[..]), now).await;
        self.discard_unless(matches!(written, Ok(Outcome::Answered | Outcome::Noted)), &taken).await;
        written
    }

    async fn write_mail(
        &self,
        key: &str,
        mail: &Arrived,
        ticket: &Ticket,
        mark: Option<Mark>,
        (taken, left_out): (&[Taken], &[String]),
        now: Timestamp,
    ) -> Result<Outcome> {
        let (text, sender) = (own_words(mail), shown(mail));
        let said = Said {
            speaker: if mark.is_some() { Speaker::Stranger { name: &sender } } else { Speaker::Requester },
            text: &text,
            internal: mark.is_some(),
            articles: &[],
            attachments: taken,
            status: status(ticket.status, mark),
        };
        let mut transaction = self.store.writer().begin().await?;
        let message = self.say_in(&mut transaction, ticket, &said, now).await?;
        let arrival = Arrival::of(mail, &message, mark, left_out);
        if !arrival.insert(&mut transaction, key, false, now).await? {
            return Ok(Outcome::Known);
        }
        transaction.commit().await?;
        self.tell(&ticket.id);
        Ok(if mark.is_some() { Outcome::Noted } else { Outcome::Answered })
    }

    /// A ticket of its own; of a closed one it is what follows.
    async fn open_by_mail(&self, mail: &Arrived, closed: Option<Ticket>, now: Timestamp) -> Result<Outcome> {
        let key = known::key(mail, closed.as_ref());
        if self.is_known(&key).await? {
            return Ok(Outcome::Known);
        }
        self.pace(mail, None, now).await?;
        let (attachments, left_out) = self.take_fitting(mail).await?;
        let opening = self.opening(mail, &key, closed, attachments);
        let ticket = self.open(opening, now).await?;
        let messages = self.messages(&ticket.id, false).await?;
        let Some(first) = messages.first() else { return Ok(Outcome::Opened) };
        let mut connection = self.store.writer().acquire().await?;
        Arrival::of(mail, first, None, &left_out).insert(&mut connection, &key, true, now).await?;
        Ok(Outcome::Opened)
    }

    fn opening(&self, mail: &Arrived, key: &str, closed: Option<Ticket>, attachments: Vec<Taken>) -> Opening {
        let text = own_words(mail);
        let draft = Draft {
            form: self.form_of(closed.as_ref()),
            subject: subject(mail, &text),
            text,
            name: mail.name.clone().unwrap_or_default(),
            email: mail.from.clone(),
            follows: closed.as_ref().map(|closed| closed.secret.clone()),
            ..Draft::default()
        };
        Opening {
            id: Uuid::now_v7(),
            channel: Channel::Mail,
            // So that it is the same ticket when this is done again.
            secret: draft::hash(key),
            draft,
            reader: None,
            locale: closed.as_ref().map_or_else(|| self.default_locale.clone(), |closed| closed.locale.clone()),
            audiences: closed.map(|closed| closed.audiences).unwrap_or_default(),
            dossier: Vec::new(),
            before: Before::default(),
            consent: None,
            session: None,
            attachments,
            event: None,
            held: mail.spam,
            // RFC 3834 section 2: who writes to a list asked for no letter of a machine.
            quiet: matches!(mail.nature, Nature::Listed(_)),
        }
    }

    /// The form of what follows a ticket, or of a new one. The settings may have dropped one since.
    fn form_of(&self, closed: Option<&Ticket>) -> String {
        let wanted = closed.map(|closed| closed.form.as_str()).into_iter().chain([self.inbound.form.as_str()]);
        let first = self.settings.forms().first().map(|(name, _)| *name);
        let known = wanted.chain(first).find(|name| self.settings.form(name).is_some());
        known.unwrap_or(&self.inbound.form).to_owned()
    }

    /// As many files as a message may have, those that only decorate the text last; and the names of all others.
    async fn take_fitting(&self, mail: &Arrived) -> Result<(Vec<Taken>, Vec<String>)> {
        let limits = &self.settings.attachments;
        let (inline, apart): (Vec<_>, Vec<_>) = mail.files.iter().partition(|file| file.inline);
        let mut left_out: Vec<_> = mail.left_out.iter().map(|name| mail::one_line(name)).collect();
        let mut taken = Vec::new();
        for file in apart.into_iter().chain(inline) {
            let fits = taken.len() < limits.files && file.bytes.len() <= limits.bytes;
            let kept = match fits {
                true => self.keep(&Upload { name: file.name.clone(), bytes: file.bytes.clone().into() }).await?,
                false => None,
            };
            match kept {
                Some(file) => taken.push(file),
                None => left_out.push(mail::one_line(&file.name)),
            }
        }
        Ok((taken, left_out))
    }
}

fn deed(nature: &Nature, place: Option<&Place>, opens: bool) -> Deed {
    let is_automatic = matches!(nature, Nature::Automatic(_));
    match place {
        Some(_) if is_automatic => Deed::Note(Mark::Automatic),
        Some(place) if !place.is_requester => Deed::Note(Mark::Stranger),
        Some(place) if place.ticket.status == Status::Closed => Deed::Open,
        Some(_) => Deed::Say,
        None if opens && !is_automatic => Deed::Open,
        None => Deed::Nothing,
    }
}

/// How a ticket stands after a note: what a person wrote wants to be read.
fn status(before: Status, mark: Option<Mark>) -> Option<Status> {
    (mark == Some(Mark::Stranger) && matches!(before, Status::Pending | Status::Solved)).then_some(Status::Open)
}

/// Without what it answers; the subject where it brings files and says nothing.
fn own_words(mail: &Arrived) -> String {
    let text = quoted::fresh(&mail.text);
    let text = if text.is_empty() { &mail.subject } else { &text };
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None if text.is_empty() => "–".to_owned(),
        None => text.clone(),
    }
}

fn subject(mail: &Arrived, text: &str) -> String {
    let subject = if mail.subject.is_empty() { text.lines().next().unwrap_or_default() } else { &mail.subject };
    subject.chars().take(LONGEST_SUBJECT).collect()
}

/// `Ada <ada@customer.example>`
fn shown(mail: &Arrived) -> String {
    match &mail.name {
        Some(name) => format!("{name} <{}>", mail.from),
        None => mail.from.clone(),
    }
}
