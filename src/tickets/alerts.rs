//! Alerts about one ticket: told when it is opened, or when its requester writes, once each.

use anyhow::{Context, Result};
use jiff::Timestamp;
use sqlx::SqliteConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::agents::{By, Changed, email_of, note, note_rules};
use super::conversation::Message;
use super::notices::Notice;
use super::{Ticket, Tickets, facts, find};
use crate::routing::{self, Alert, Facts, GENERAL, Raised, Standing};

/// What stands in the place of the kind of a burst. Queries for bursts alone spell it out: with a parameter their index
/// would not be used.
pub(super) const TICKET: &str = "ticket";

impl Tickets {
    /// Tells of what was not told of this ticket before.
    pub(super) async fn raise(
        &self,
        transaction: &mut SqliteConnection,
        ticket: &Ticket,
        raised: &[Raised],
        now: Timestamp,
    ) -> Result<()> {
        // Who is told nothing now is told when there is somebody, or when it is not muted any more.
        let heard = raised.iter().filter(|raised| ticket.muted_at.is_none() && !raised.notify.is_empty());
        for raised in heard {
            let told =
                Told { alert: &raised.alert, kind: TICKET, about: &ticket.id, notify: &raised.notify, tickets: &[] };
            if told.insert(transaction, now).await?.is_none() {
                continue;
            }
            let why = format!("line {}: {}", raised.line, raised.because);
            let changed = Changed { alerted: Some((raised.alert.clone(), why)), ..Changed::default() };
            note_rules(transaction, &ticket.id, &changed, now).await?;
            self.notify(transaction, &raised.notify, &Notice::Alert { ticket, alert: &raised.alert }, now).await?;
        }
        Ok(())
    }

    /// The requester wrote again: alerts look at these words, and at the ticket as it is now.
    pub(super) async fn raise_for(
        &self,
        transaction: &mut SqliteConnection,
        message: &Message,
        now: Timestamp,
    ) -> Result<()> {
        if !self.rules().alerts.iter().any(Alert::is_of_tickets) {
            return Ok(());
        }
        let ticket = find::within(transaction, &message.ticket).await?;
        if ticket.held || ticket.merged_into.is_some() {
            return Ok(());
        }
        let facts = facts::of_ticket(transaction, &ticket, self.settings.form(&ticket.form)).await?;
        let facts = Facts { subject: String::new(), text: message.text.clone(), ..facts };
        let agent = email_of(transaction, ticket.assignee.as_deref()).await?;
        let class = ticket.class.as_deref().unwrap_or(GENERAL);
        let standing = Standing { class, priority: ticket.priority, agent: agent.as_deref() };
        let raised = routing::alerts(self.rules(), &facts, &standing, now);
        self.raise(transaction, &ticket, &raised, now).await
    }

    /// Nobody is told of the ticket any more, by alerts or when a promise comes near its end; or they are again.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn mute(&self, ticket: &Ticket, muted: bool, by: By<'_>, now: Timestamp) -> Result<()> {
        let mut transaction = self.store.writer().begin().await.context("cannot begin to mute a ticket")?;
        let update = sqlx::query("update tickets set muted_at = $2 where id = $1 and (muted_at is null) = $3");
        let update = update.bind(&ticket.id).bind(muted.then(|| now.as_millisecond())).bind(muted);
        let update = update.execute(&mut *transaction).await.context("cannot mute a ticket")?;
        if update.rows_affected() == 1 {
            let changed = Changed { muted: Some(muted), ..Changed::default() };
            note(&mut transaction, &ticket.id, &changed, by, now).await?;
        }
        transaction.commit().await.context("cannot mute a ticket")?;
        self.tell(&ticket.id);
        Ok(())
    }
}

/// What an alert tells.
pub(super) struct Told<'t> {
    pub alert: &'t str,
    pub kind: &'static str,
    pub about: &'t str,
    pub notify: &'t [String],
    /// Numbers of those of a burst.
    pub tickets: &'t [i64],
}

impl Told<'_> {
    /// Its id; nothing where it was told before and is not over.
    pub async fn insert(&self, transaction: &mut SqliteConnection, now: Timestamp) -> Result<Option<String>> {
        let id = Uuid::now_v7().to_string();
        let insert = sqlx::query(
            "insert into alerts (id, alert, kind, about, at, told, tickets) values ($1, $2, $3, $4, $5, $6, $7)
             on conflict do nothing",
        );
        let insert = insert.bind(&id).bind(self.alert).bind(self.kind).bind(self.about).bind(now.as_millisecond());
        let insert = insert.bind(Json(self.notify)).bind(Json(self.tickets)).execute(transaction).await;
        let is_new = insert.context("cannot write what an alert told")?.rows_affected() == 1;
        Ok(is_new.then_some(id))
    }
}
