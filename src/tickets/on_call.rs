//! Who is on call is told when they take over, and who else the rotation names.

use anyhow::{Context, Result};
use jiff::Timestamp;

use super::Tickets;
use super::notices::Notice;

impl Tickets {
    /// Tells both, and whom the rotation names, when somebody takes over; of a rotation that is new, nobody.
    pub(super) async fn hand_over(&self, now: Timestamp) -> Result<()> {
        for (name, rotation) in &self.rules().on_call {
            let Some(turn) = rotation.turn(now) else { continue };
            let before: Option<String> = sqlx::query_scalar("select agent from on_call where rotation = $1")
                .bind(name)
                .fetch_optional(self.store.readers())
                .await
                .context("cannot read who was on call")?;
            if before.as_deref() == Some(turn.agent) {
                continue;
            }
            let mut transaction = self.store.writer().begin().await.context("cannot begin a hand-over")?;
            sqlx::query(
                "insert into on_call (rotation, agent, at) values ($1, $2, $3)
                 on conflict (rotation) do update set agent = excluded.agent, at = excluded.at",
            )
            .bind(name)
            .bind(turn.agent)
            .bind(now.as_millisecond())
            .execute(&mut *transaction)
            .await
            .context("cannot write who is on call")?;
            if let Some(before) = before {
                let people = rotation.told(self.rules(), &before, turn.agent, now);
                let notice = Notice::OnCall { rotation: name, turn: &turn, before: &before, zone: rotation.zone() };
                self.notify(&mut transaction, &people, &notice, now).await?;
            }
            transaction.commit().await.context("cannot write a hand-over")?;
            self.delivery.wake();
        }
        Ok(())
    }
}
