//! Tickets that go on in another one, and apart again.

use anyhow::{Context, Result};
use app::model::Status;
use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::agents::{By, Changed, note};
use super::promises::Missed;
use super::{Ticket, Tickets};

/// What became of the wish to undo a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmerged {
    Done,
    /// Something was said since, which belongs to both.
    Answered,
    /// It came along with a ticket that was merged; that one is to be undone first.
    Along,
    /// It is not merged.
    Apart,
}

impl Tickets {
    /// Lets `ticket` go on in `target`: it is closed, and its conversation is shown there too. What was merged into
    /// it before comes along. The caller makes sure that they are two tickets, and that `target` was not merged.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn merge(&self, ticket: &Ticket, target: &Ticket, by: By<'_>, now: Timestamp) -> Result<()> {
        let mut transaction = self.store.writer().begin().await.context("cannot begin to merge tickets")?;
        let along: Vec<String> = sqlx::query_scalar("select id from tickets where merged_into = $1 order by id")
            .bind(&ticket.id)
            .fetch_all(&mut *transaction)
            .await
            .context("cannot read what comes along")?;
        sqlx::query("update tickets set merged_into = $2 where id = $1 or merged_into = $1")
            .bind(&ticket.id)
            .bind(&target.id)
            .execute(&mut *transaction)
            .await
            .context("cannot merge tickets")?;
        self.set_status(&mut transaction, &ticket.id, Status::Closed, false, now).await?;
        self.set_status(&mut transaction, &target.id, target.status, false, now).await?;
        let was = Some(ticket.status);
        let into = Changed { merged_into: Some(target.number), was, along, ..Changed::default() };
        note(&mut transaction, &ticket.id, &into, by, now).await?;
        let from = Changed { merged_from: Some(ticket.number), ..Changed::default() };
        note(&mut transaction, &target.id, &from, by, now).await?;
        transaction.commit().await.context("cannot merge tickets")?;
        self.tell(&ticket.id);
        self.tell(&target.id);
        Ok(())
    }

    /// Lets `ticket` stand on its own again, as it stood before, as long as nothing was said since the merge.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn unmerge(&self, ticket: &Ticket, by: By<'_>, now: Timestamp) -> Result<Unmerged> {
        let mut transaction = self.store.writer().begin().await.context("cannot begin to undo a merge")?;
        let Some(target) = target_of(&mut transaction, &ticket.id).await? else { return Ok(Unmerged::Apart) };
        let Some((line, merge)) = merge_of(&mut transaction, &ticket.id).await? else { return Ok(Unmerged::Along) };
        if merge.merged_into != Some(target.number) {
            return Ok(Unmerged::Along);
        }
        if is_answered_since(&mut transaction, [&ticket.id, &target.id], &line).await? {
            return Ok(Unmerged::Answered);
        }
        let was = merge.was.unwrap_or(Status::Open);
        // While it is merged: that it stands as before is no outcome.
        self.set_status(&mut transaction, &ticket.id, was, false, now).await?;
        sqlx::query("update tickets set merged_into = null where id = $1")
            .bind(&ticket.id)
            .execute(&mut *transaction)
            .await
            .context("cannot undo a merge")?;
        sqlx::query("update tickets set merged_into = $1 where id in (select value from json_each($2))")
            .bind(&ticket.id)
            .bind(serde_json::to_string(&merge.along)?)
            .execute(&mut *transaction)
            .await
            .context("cannot undo a merge")?;
        self.keep_promises(&mut transaction, &ticket.id, Missed::Done, now).await?;
        self.set_status(&mut transaction, &target.id, target.status, false, now).await?;
        for (at, other) in [(&ticket.id, target.number), (&target.id, ticket.number)] {
            note(&mut transaction, at, &Changed { unmerged: Some(other), ..Changed::default() }, by, now).await?;
        }
        transaction.commit().await.context("cannot undo a merge")?;
        self.tell(&ticket.id);
        self.tell(&target.id);
        Ok(Unmerged::Done)
    }
}

async fn target_of(transaction: &mut SqliteConnection, ticket: &str) -> Result<Option<Ticket>> {
    let target = sqlx::query_as("select * from tickets where id = (select merged_into from tickets where id = $1)");
    target.bind(ticket).fetch_optional(transaction).await.context("cannot read into which ticket one was merged")
}

/// The last line that tells of a merge of the ticket: its id and what it says.
async fn merge_of(transaction: &mut SqliteConnection, ticket: &str) -> Result<Option<(String, Changed)>> {
    let line: Option<(String, String)> = sqlx::query_as(
        "select id, text from messages where ticket = $1 and author = 'system' and text like '%\"merged_into\":%'
         order by id desc limit 1",
    )
    .bind(ticket)
    .fetch_optional(transaction)
    .await
    .context("cannot read when a ticket was merged")?;
    line.map(|(id, text)| Ok((id, serde_json::from_str(&text)?))).transpose()
}

/// Did anybody say anything in one of them after this line? Their ids are in the order of time.
async fn is_answered_since(transaction: &mut SqliteConnection, tickets: [&String; 2], line: &str) -> Result<bool> {
    let said = sqlx::query_scalar(
        "select exists (select 1 from messages where ticket in ($1, $2) and author <> 'system' and id > $3)",
    );
    let said = said.bind(tickets[0]).bind(tickets[1]).bind(line).fetch_one(transaction).await;
    said.context("cannot read what was said since a merge")
}
