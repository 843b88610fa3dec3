//! Other rules, other plans: what is open is planned anew once.

use anyhow::{Context, Result};
use app::model::Status;
use jiff::Timestamp;

use super::Tickets;
use super::promises::Missed;

/// Tickets of one transaction: others need not wait long for theirs.
const PIECE: i64 = 100;

impl Tickets {
    /// Plans all that is open by the rules there are now, unless it was. What these rules would have done by now, had
    /// they been there, is left out.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn plan_anew(&self, now: Timestamp) -> Result<()> {
        let by: Option<String> = sqlx::query_scalar("select fingerprint from routing_rules")
            .fetch_optional(self.store.readers())
            .await
            .context("cannot read by which rules tickets were planned")?;
        if by == self.routing.fingerprint {
            return Ok(());
        }
        let mut after = String::new();
        while let Some(last) = self.plan_piece(&after, now).await? {
            after = last;
        }
        let mut transaction = self.store.writer().begin().await?;
        sqlx::query("delete from routing_rules").execute(&mut *transaction).await?;
        match &self.routing.fingerprint {
            Some(fingerprint) => {
                let rules = sqlx::query("insert into routing_rules (fingerprint, planned_at) values ($1, $2)");
                rules.bind(fingerprint).bind(now.as_millisecond()).execute(&mut *transaction).await?;
            }
            None => {
                sqlx::query("delete from escalations where done_at is null").execute(&mut *transaction).await?;
            }
        }
        transaction.commit().await.context("cannot write by which rules tickets are planned")
    }

    /// Plans some tickets whose ids come after this one; gives the last of them.
    async fn plan_piece(&self, after: &str, now: Timestamp) -> Result<Option<String>> {
        let mut transaction = self.store.writer().begin().await.context("cannot begin to plan tickets anew")?;
        let ids: Vec<String> = sqlx::query_scalar(
            "select id from tickets where status in ($1, $2, $3) and merged_into is null and id > $4 order by id limit $5",
        )
        .bind(Status::New.name())
        .bind(Status::Open.name())
        .bind(Status::Pending.name())
        .bind(after)
        .bind(PIECE)
        .fetch_all(&mut *transaction)
        .await
        .context("cannot read which tickets are open")?;
        for id in &ids {
            self.keep_promises(&mut transaction, id, Missed::LeftOut, now).await?;
        }
        transaction.commit().await.context("cannot plan tickets anew")?;
        Ok(ids.into_iter().next_back())
    }
}
