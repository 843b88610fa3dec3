//! Deeds, and dead letters that are sent once more: rows of the outbox.

use std::time::Instant;

use anyhow::Result;
use jiff::Timestamp;

use super::Lane;
use crate::delivery::answers;
use crate::delivery::cursor::{self, Change, Place};
use crate::delivery::dead::{self, Letter};
use crate::delivery::outbox::{self, Body, Job};
use crate::delivery::receipts;
use crate::integrations::{Batch, Errand, Failure, Guarantee, Receipt, Sink};

impl Lane {
    pub(super) async fn deliver_job(&mut self, place: &Place, job: Job, now: Timestamp) -> Result<()> {
        if matches!(*self.sink, Sink::Mail(_)) {
            return self.deliver_mail(place, job, now).await;
        }
        let is_once_at_most = self.sink.guarantee() == Guarantee::AtMostOnce;
        let mut batch = Batch::default();
        let mut errand = self.errand(&job).await?;
        let started = Instant::now();
        let result = match &job.body {
            Body::Deed(_) => self.sink.send_deed(&self.caller, &mut errand, now).await,
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
        errand.receipt = errand.receipt.or_else(|| result.is_ok().then(Receipt::default));
        self.write_down_job(place, &job, batch, result, errand, now + started.elapsed()).await
    }

    /// A deed with what is known of it.
    async fn errand(&self, job: &Job) -> Result<Errand> {
        let Body::Deed(deed) = &job.body else { return Ok(Errand::default()) };
        let receipt = match &job.about {
            Some(about) => receipts::read(&self.store, &self.name, about).await?,
            None => None,
        };
        let in_doubt_since = job.sent_at.map(Timestamp::from_millisecond).transpose()?;
        let last_in_doubt = job.last_sent_at.map(Timestamp::from_millisecond).transpose()?;
        let last_error = job.last_error.clone();
        Ok(Errand { in_doubt_since, last_in_doubt, last_error, receipt, ..Errand::new(&job.id, deed.clone()) })
    }

    pub(super) async fn write_down_job(
        &mut self,
        place: &Place,
        job: &Job,
        batch: Batch,
        result: Result<(), Failure>,
        errand: Errand,
        now: Timestamp,
    ) -> Result<()> {
        let mut verdict = self.judge(place, job.attempts, &result, now);
        let (items, reason) = (batch.events.len().max(1), verdict.change.error.clone().unwrap_or_default());
        let mut letters = self.letters(&batch.refused, now);
        let mut transaction = self.store.writer().begin().await?;
        match (&result, verdict.due) {
            (Ok(()), _) => outbox::settle(&mut transaction, &job.id, now).await?,
            (Err(failure), Some(due)) => {
                let in_doubt = matches!(failure, Failure::Retry { unknown: true, .. });
                outbox::postpone(&mut transaction, job, due, in_doubt, &reason).await?;
            }
            (Err(_), None) => {
                outbox::give_up(&mut transaction, &job.id, &reason).await?;
                letters.push(Letter::new(&self.name, &job.id, &job.body, items, &reason, now));
            }
        }
        if let (Some(about), Some(receipt)) = (&job.about, &errand.receipt) {
            receipts::write(&mut transaction, &self.name, about, receipt, now).await?;
        }
        if let Some(told) = &errand.told {
            answers::keep(&mut transaction, &job.id, &serde_json::to_value(told)?).await?;
        }
        for letter in &letters {
            dead::write(&mut transaction, letter).await?;
        }
        verdict.change = Change { sent: batch.sent, unknown: batch.unknown, dead: letters.len(), ..verdict.change };
        cursor::note(&mut transaction, &self.name, &verdict.change, now).await?;
        transaction.commit().await?;
        if errand.told.is_some() {
            self.answered.send_replace(());
        }
        self.tell(place, &verdict.change, letters.last(), now).await;
        Ok(())
    }
}
