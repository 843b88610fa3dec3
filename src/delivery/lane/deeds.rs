//! Deeds, and dead letters that are sent once more: rows of the outbox.

use std::time::Instant;

use anyhow::Result;
use jiff::Timestamp;

use super::Lane;
use crate::delivery::cursor::{self, Change, Place};
use crate::delivery::dead::{self, Letter};
use crate::delivery::outbox::{self, Body, Job};
use crate::integrations::{Batch, Failure, Guarantee};

impl Lane {
    pub(super) async fn deliver_job(&mut self, place: &Place, job: Job, now: Timestamp) -> Result<()> {
        let is_once_at_most = self.sink.guarantee() == Guarantee::AtMostOnce;
        let mut batch = Batch::default();
        let started = Instant::now();
        let result = match &job.body {
            Body::Deed(deed) => self.sink.send_deed(&self.caller, &job.id, deed, now).await,
            Body::Events { after, last } => {
                batch = Batch::new(&job.id, self.events(after, Some(last), u32::MAX).await?.events);
                if job.was_abandoned && is_once_at_most {
                    batch.unknown = std::mem::take(&mut batch.events).len();
                }
                self.sink.send(&self.caller, &mut batch, now).await
            }
        };
        self.count(&result, started.elapsed());
        // A part of it may have arrived: the rest is not sent again either.
        let touched = batch.sent + batch.unknown > 0;
        let result = if is_once_at_most && touched {
            batch.unknown += std::mem::take(&mut batch.events).len();
            Ok(())
        } else {
            result
        };
        if matches!(job.body, Body::Deed(_)) && result.is_ok() {
            batch.sent = 1;
        }
        self.write_down_job(place, &job, batch, result, now + started.elapsed()).await
    }

    async fn write_down_job(
        &mut self,
        place: &Place,
        job: &Job,
        batch: Batch,
        result: Result<(), Failure>,
        now: Timestamp,
    ) -> Result<()> {
        let mut verdict = self.judge(place, job.attempts, &result, now);
        let (items, reason) = (batch.events.len().max(1), verdict.change.error.clone().unwrap_or_default());
        let mut letters = self.letters(&batch.refused, now);
        let mut transaction = self.store.writer().begin().await?;
        match (&result, verdict.due) {
            (Ok(()), _) => outbox::settle(&mut transaction, &job.id, now).await?,
            (Err(_), Some(due)) => outbox::postpone(&mut transaction, &job.id, due, &reason).await?,
            (Err(_), None) => {
                outbox::give_up(&mut transaction, &job.id, &reason).await?;
                letters.push(Letter::new(&self.name, &job.id, &job.body, items, &reason, now));
            }
        }
        for letter in &letters {
            dead::write(&mut transaction, letter).await?;
        }
        verdict.change = Change { sent: batch.sent, unknown: batch.unknown, dead: letters.len(), ..verdict.change };
        cursor::note(&mut transaction, &self.name, &verdict.change, now).await?;
        transaction.commit().await?;
        self.tell(place, &verdict.change, letters.last(), now).await;
        Ok(())
    }
}
