//! Which ticket a mail belongs to.

use anyhow::Result;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::delivery::outbox;
use crate::mail::arrived::Arrived;
use crate::mail::{self, Mail};
use crate::tickets::{Ticket, Tickets};

/// Addresses, and mails it answers, that are looked up for one mail: each is a question to the database, and a mail may
/// name as many as it likes.
const LOOKED_UP: usize = 100;

/// The ticket a mail belongs to.
pub struct Place {
    pub ticket: Ticket,
    /// Its sender's address is the requester's.
    pub is_requester: bool,
}

/// By which an answer finds `ticket`: nobody guesses it, and it opens nothing.
pub fn word(ticket: &Ticket) -> String {
    let mut hasher = blake3::Hasher::new_derive_key("Signpost 2026-11-22 where answers to a ticket go");
    let hash = hasher.update(ticket.secret.as_bytes()).finalize().to_hex();
    format!("{}-{}", ticket.number, &hash[..20])
}

impl Tickets {
    /// The letter of this id, as long as the outbox keeps it.
    pub(super) async fn letter(&self, id: &str) -> Result<Option<Mail>> {
        let deed = outbox::deed(&self.store, mail::CHANNEL, id).await?;
        Ok(deed.and_then(|deed| serde_json::from_value(deed).ok()))
    }

    /// By the address it went to; else by the mail it answers, which anybody may have been handed, so only for its
    /// requester.
    pub(super) async fn place(&self, mail: &Arrived) -> Result<Option<Place>> {
        for word in mail.to.iter().filter_map(|address| self.inbound.word_in(address)).take(LOOKED_UP) {
            if let Some(ticket) = self.by_word(word).await? {
                return self.going_on(ticket, mail).await.map(Some);
            }
        }
        for id in mail.answers.iter().take(LOOKED_UP) {
            let Some(word) = self.word_of(id).await? else { continue };
            if let Some(ticket) = self.by_word(&word).await? {
                return Ok(Some(self.going_on(ticket, mail).await?).filter(|place| place.is_requester));
            }
        }
        Ok(None)
    }

    async fn by_word(&self, given: &str) -> Result<Option<Ticket>> {
        let given = given.to_lowercase();
        let number = given.split('-').next().and_then(|number| number.parse().ok());
        let Some(number) = number else { return Ok(None) };
        let ticket = self.by_number(number).await?;
        Ok(ticket.filter(|ticket| word(ticket).as_bytes().ct_eq(given.as_bytes()).into()))
    }

    /// The word of the thread that a mail of this id belongs to.
    async fn word_of(&self, id: &str) -> Result<Option<String>> {
        let local = id.split('@').next().unwrap_or(id);
        match local.strip_prefix(mail::THREAD) {
            Some(word) => Ok(Some(word.to_owned())),
            None if Uuid::try_parse(local).is_ok() => Ok(self.letter(local).await?.and_then(|letter| letter.thread)),
            None => Ok(None),
        }
    }

    /// Where a ticket goes on that was merged into another. Its own requester is no requester of that one: they are
    /// led to their own, which is closed, so that neither reads what the other wrote.
    async fn going_on(&self, ticket: Ticket, mail: &Arrived) -> Result<Place> {
        let mut last = ticket.clone();
        while let Some(into) = &last.merged_into {
            let Some(next) = self.by_id(into).await? else { break };
            last = next;
        }
        let is_requester = is_of(&last, mail);
        if !is_requester && is_of(&ticket, mail) {
            return Ok(Place { ticket, is_requester: true });
        }
        Ok(Place { ticket: last, is_requester })
    }
}

/// Anybody can write a head in which their own address is a list's, and this requester its writer.
fn is_of(ticket: &Ticket, mail: &Arrived) -> bool {
    !mail.from_list && ticket.email.as_ref().is_some_and(|email| email.trim().to_lowercase() == mail.from)
}
