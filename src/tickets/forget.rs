//! Closed tickets go when their age ends, with all that was said in them.

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use sqlx::SqliteConnection;
use tracing::info;

use super::Tickets;

/// Tickets that go in one transaction: others need not wait long for theirs.
const PIECE: u32 = 200;

impl Tickets {
    /// Forgets closed tickets in which nothing happened for `keep_days`.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub(super) async fn forget_closed(&self, now: Timestamp) -> Result<()> {
        let before = now - SignedDuration::from_hours(24 * i64::from(self.settings.keep_days));
        let mut transaction = self.store.writer().begin().await?;
        let old: Vec<String> =
            sqlx::query_scalar("select id from tickets where status = 'closed' and updated_at <= $1 limit $2")
                .bind(before.as_millisecond())
                .bind(PIECE)
                .fetch_all(&mut *transaction)
                .await?;
        let mut files = Vec::new();
        for ticket in &old {
            files.extend(forget(&mut transaction, ticket).await?);
        }
        self.promise_forgotten(&mut transaction, &files, now).await?;
        transaction.commit().await.context("cannot forget closed tickets")?;
        self.delivery.wake();
        for file in files {
            self.remove(&file).await;
        }
        if !old.is_empty() {
            info!(tickets = old.len(), "closed tickets were forgotten");
        }
        Ok(())
    }
}

/// Gives the names of its files.
async fn forget(transaction: &mut SqliteConnection, ticket: &str) -> Result<Vec<String>> {
    let files = sqlx::query_scalar("select id from attachments where ticket = $1")
        .bind(ticket)
        .fetch_all(&mut *transaction)
        .await?;
    for sql in [
        "delete from arrivals where ticket = $1",
        "delete from attachments where ticket = $1",
        "delete from messages where ticket = $1",
        "delete from desk_tickets where ticket = $1",
        "delete from ticket_articles where ticket = $1",
        "delete from ticket_searches where ticket = $1",
        "delete from ticket_statuses where ticket = $1",
        "delete from escalations where ticket = $1",
        "delete from alerts where kind = 'ticket' and about = $1",
        "delete from receipts where about = $1",
        "update tickets set merged_into = null where merged_into = $1",
        "update tickets set follows = null where follows = $1",
        "delete from tickets where id = $1",
    ] {
        sqlx::query(sql).bind(ticket).execute(&mut *transaction).await.context("cannot forget a ticket")?;
    }
    Ok(files)
}
