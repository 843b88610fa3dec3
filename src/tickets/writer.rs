//! Tickets that wait to be written: those that wait together are one transaction, so that the cost of a synced commit
//! is shared by all that came while the last one was under way.

use std::sync::PoisonError;

use anyhow::{Context, Result};
use jiff::Timestamp;
use tokio::sync::oneshot;

use super::{Opening, Ticket, Tickets};

/// Tickets of one transaction: others who write wait for no more.
const GROUP: usize = 64;

/// A ticket to be, and who waits for it.
pub(super) struct Waiting {
    opening: Opening,
    /// What it is about, where that is all that is decided.
    class: Option<String>,
    now: Timestamp,
    done: oneshot::Sender<Result<Ticket>>,
}

impl Tickets {
    /// Opens the ticket, and promises it to every desk it belongs to; returns once it is on disk. A draft that was sent
    /// before is the ticket it became.
    ///
    /// # Errors
    /// A database that cannot be written; then nothing was kept, and the draft still is.
    pub async fn open(&self, opening: Opening, now: Timestamp) -> Result<Ticket> {
        let (done, written) = oneshot::channel();
        let class = self.class_of(&opening, now);
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(Waiting { opening, class, now, done });
        // A task of its own: whoever goes away before the answer stops nobody else's ticket.
        tokio::spawn(self.clone().take_turn());
        written.await.context("the writing of a ticket broke off")?
    }

    /// Writes what waits, unless an earlier turn did. Every ticket brings a turn, so none is left waiting.
    async fn take_turn(self) {
        let _turn = self.turn.lock().await;
        let group: Vec<_> = {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let count = waiting.len().min(GROUP);
            waiting.drain(..count).collect()
        };
        match self.write_all(&group).await {
            Ok(tickets) => {
                for (waiting, ticket) in group.into_iter().zip(tickets) {
                    self.answer(waiting, Ok(ticket)).await;
                }
            }
            Err(_) => self.write_each(group).await,
        }
    }

    /// In transactions of their own: one that cannot be written keeps no other from it.
    async fn write_each(&self, group: Vec<Waiting>) {
        for waiting in group {
            let written = self.write_all(std::slice::from_ref(&waiting)).await;
            let ticket = written.and_then(|mut tickets| tickets.pop().context("a ticket was not written"));
            self.answer(waiting, ticket).await;
        }
    }

    async fn write_all(&self, group: &[Waiting]) -> Result<Vec<Ticket>> {
        if group.is_empty() {
            return Ok(Vec::new());
        }
        let mut transaction = self.store.writer().begin().await.context("cannot begin to write tickets")?;
        let (mut tickets, mut new) = (Vec::with_capacity(group.len()), Vec::with_capacity(group.len()));
        for Waiting { opening, class, now, .. } in group {
            let (ticket, is_new) = self.write_one(&mut transaction, opening, class.clone(), *now).await?;
            new.extend(is_new.then_some(opening));
            tickets.push(ticket);
        }
        self.settle(&mut transaction, &new).await?;
        transaction.commit().await.context("cannot write tickets")?;
        new.iter().for_each(|opening| self.tell(&opening.id.to_string()));
        Ok(tickets)
    }

    async fn answer(&self, waiting: Waiting, written: Result<Ticket>) {
        let Waiting { opening, done, .. } = waiting;
        let is_new = written.as_ref().is_ok_and(|ticket| ticket.id == opening.id.to_string());
        self.discard_unless(is_new, &opening.attachments).await;
        if done.send(written).is_err() {
            tracing::debug!("the sender of a ticket did not wait for its answer");
        }
    }
}
