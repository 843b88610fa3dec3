//! How a ticket stands, and what follows from it: since when it waits, when something is due, when it was answered.

use anyhow::{Context, Result};
use app::model::Status;
use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::tickets::promises::Missed;
use crate::tickets::queue::NEVER;
use crate::tickets::{Tickets, outcomes};

impl Tickets {
    /// `replied`: an agent answered the requester just now.
    pub(in crate::tickets) async fn set_status(
        &self,
        transaction: &mut SqliteConnection,
        ticket: &str,
        status: Status,
        replied: bool,
        now: Timestamp,
    ) -> Result<()> {
        let stood = outcomes::stood(transaction, ticket).await?;
        note_status(transaction, ticket, status, now).await?;
        set_status(transaction, ticket, status, replied, now).await?;
        self.keep_promises(transaction, ticket, Missed::Done, now).await?;
        match stood {
            Some(stood) => self.note_outcome(transaction, ticket, stood, status, now).await,
            None => Ok(()),
        }
    }

    /// An agent answered the requester at `at`, elsewhere: it may be heard late, and an earlier answer after a later one.
    pub(in crate::tickets) async fn note_reply(
        &self,
        transaction: &mut SqliteConnection,
        ticket: &str,
        at: i64,
        now: Timestamp,
    ) -> Result<()> {
        note_reply(transaction, ticket, at, now).await?;
        self.keep_promises(transaction, ticket, Missed::Done, now).await
    }

    /// Closes for good what was solved by then.
    pub(in crate::tickets) async fn close_solved(&self, before: Timestamp, now: Timestamp) -> Result<()> {
        let mut transaction = self.store.writer().begin().await?;
        sqlx::query(
            "insert into ticket_statuses select id, $2, 'closed' from tickets where status = 'solved' and solved_at <= $1
             on conflict do nothing",
        )
        .bind(before.as_millisecond())
        .bind(now.as_millisecond())
        .execute(&mut *transaction)
        .await?;
        sqlx::query("update tickets set status = 'closed' where status = 'solved' and solved_at <= $1")
            .bind(before.as_millisecond())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await.context("cannot close solved tickets")
    }
}

/// From when on it stands so, where that is new: clocks are read from it.
async fn note_status(transaction: &mut SqliteConnection, ticket: &str, status: Status, now: Timestamp) -> Result<()> {
    sqlx::query(
        "insert into ticket_statuses select id, $3, $2 from tickets where id = $1 and status <> $2
         on conflict do nothing",
    )
    .bind(ticket)
    .bind(status.name())
    .bind(now.as_millisecond())
    .execute(transaction)
    .await
    .context("cannot write since when a ticket stands how")?;
    Ok(())
}

async fn set_status(
    transaction: &mut SqliteConnection,
    ticket: &str,
    status: Status,
    replied: bool,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "update tickets set status = $2, updated_at = max($3, updated_at + 1),
             since = case when status = $2 or (status in ('new', 'open') and $2 in ('new', 'open')) then since else $3
                 end,
             replied_at = case when $4 then coalesce(replied_at, $3) else replied_at end,
             due_at = case
                 when $2 in ('solved', 'closed') then $5
                 when replied_at is null and not $4 and reply_due_at is not null then reply_due_at
                 else coalesce(solve_due_at, $5)
                 end,
             solved_at = case when $2 in ('solved', 'closed') then coalesce(solved_at, $3) end
         where id = $1",
    )
    .bind(ticket)
    .bind(status.name())
    .bind(now.as_millisecond())
    .bind(replied)
    .bind(NEVER)
    .execute(transaction)
    .await
    .context("cannot write how a ticket stands")?;
    Ok(())
}

async fn note_reply(transaction: &mut SqliteConnection, ticket: &str, at: i64, now: Timestamp) -> Result<()> {
    sqlx::query(
        "update tickets set replied_at = min(coalesce(replied_at, max($2, opened_at)), max($2, opened_at)),
             updated_at = max($3, updated_at + 1),
             due_at = case when status in ('solved', 'closed') then $4 else coalesce(solve_due_at, $4) end
         where id = $1",
    )
    .bind(ticket)
    .bind(at)
    .bind(now.as_millisecond())
    .bind(NEVER)
    .execute(transaction)
    .await
    .context("cannot write when a ticket was answered")?;
    Ok(())
}
