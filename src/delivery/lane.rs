//! The lane of one sink: what is due goes out, one batch or deed at a time, and what became of it is written down.
//! A step takes the time it happens at, so everything about time is tested with a chosen clock.

mod deeds;
mod mails;
mod trouble;
mod verdict;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tracing::warn;
use uuid::Uuid;

use super::alerts::Alerts;
use super::breaker::Breaker;
use super::cursor::{self, Place};
use super::dead::{self, Letter};
use super::outbox::{self, Body};
use super::{Delivery, Settings};
use crate::events::{self, Sendable};
use crate::integrations::http::Caller;
use crate::integrations::{Batch, Failure, Guarantee, Refusal, Sink};
use crate::store::Store;
use crate::telemetry::delivery::{Delivery as Figures, Outcome};

/// What a lane waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing: there may be more.
    Now,
    /// Being woken; until some time, if there is one; new events, if they matter.
    Wait { events: bool, until: Option<Timestamp> },
}

impl Next {
    fn when_woken() -> Self {
        Self::Wait { events: false, until: None }
    }

    /// At `time` at the latest.
    fn or_at(self, time: Option<Timestamp>) -> Self {
        match self {
            Self::Now => Self::Now,
            Self::Wait { events, until } => Self::Wait { events, until: until.into_iter().chain(time).min() },
        }
    }
}

pub struct Lane {
    name: String,
    sink: Arc<Sink>,
    caller: Caller,
    store: Store,
    settings: Arc<Settings>,
    alerts: Arc<Alerts>,
    figures: Figures,
    answered: watch::Sender<()>,
    breaker: Breaker,
    /// Those of its transports, by their names.
    breakers: HashMap<String, Breaker>,
    /// What is left of the batch under way, when some of it was settled already.
    rest: Option<Batch>,
}

impl Lane {
    pub(super) fn new(name: &str, sink: Arc<Sink>, caller: Caller, delivery: &Delivery) -> Self {
        let Delivery { settings, alerts, store, figures, answered, .. } = delivery;
        let (store, settings, alerts) = (store.clone(), settings.clone(), alerts.clone());
        let (figures, answered, breaker) = (figures.clone(), answered.clone(), Breaker::default());
        let (name, breakers, rest) = (name.to_owned(), HashMap::new(), None);
        Self { name, sink, caller, store, settings, alerts, figures, answered, breaker, breakers, rest }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Delivers at most one deed or batch, if one is due.
    ///
    /// # Errors
    /// A database that cannot be read or written; failures of the vendor are written down instead.
    pub async fn step(&mut self, now: Timestamp) -> Result<Next> {
        let place = cursor::read(&self.store, &self.name).await?;
        if place.is_held() {
            return Ok(Next::when_woken());
        }
        if place.closed_until() > now.as_millisecond() {
            return at(place.closed_until());
        }
        if let Some(next) = self.transports_are_closed(now).await? {
            return Ok(next);
        }
        let lease = now + SignedDuration::from_millis(self.settings.lease_ms.try_into()?);
        if let Some(job) = outbox::claim(&self.store, &self.name, now, lease).await? {
            self.deliver_job(&place, job, now).await?;
            return Ok(Next::Now);
        }
        let takes_events = self.sink.purpose().is_some();
        let next = if takes_events { self.deliver_events(&place, now).await? } else { Next::when_woken() };
        let due = outbox::due(&self.store, &self.name).await?.map(Timestamp::from_millisecond).transpose()?;
        Ok(next.or_at(due))
    }

    async fn deliver_events(&mut self, place: &Place, now: Timestamp) -> Result<Next> {
        let (mut batch, last) = match &place.pending {
            Some(_) if place.due_at > now.as_millisecond() => return at(place.due_at),
            Some(last) => (self.again(place, last).await?, last.clone()),
            None => match self.anew(place, now).await? {
                Ok(fresh) => fresh,
                Err(next) => return Ok(next),
            },
        };
        let whole = batch.events.len();
        let started = Instant::now();
        let result = if batch.events.is_empty() {
            Ok(())
        } else {
            cursor::begin(&self.store, &self.name, &last, now).await?;
            let sent = self.sink.send(&self.caller, &mut batch, now).await;
            self.count(&sent, started.elapsed());
            sent
        };
        let in_doubt = matches!(result, Err(Failure::Retry { unknown: true, .. }));
        let nothing_left = place.sent_at.is_none() && batch.events.len() == whole && !in_doubt;
        let now = now + started.elapsed();
        self.write_down(place, batch, &last, result, nothing_left, now).await?;
        Ok(Next::Now)
    }

    /// The batch under way, as it was fixed: from memory, or after a restart from the events.
    async fn again(&mut self, place: &Place, last: &str) -> Result<Batch> {
        let key = cursor::key(&self.name, &place.cursor, last);
        if let Some(rest) = self.rest.take_if(|rest| rest.key == key) {
            return Ok(rest);
        }
        let mut batch = Batch::new(key, self.events(&place.cursor, Some(last), u32::MAX).await?.events);
        if self.sink.guarantee() == Guarantee::AtMostOnce && place.sent_at.is_some() {
            warn!(
                sink = self.name,
                events = batch.events.len(),
                "events were being sent when the program ended; they are not sent again"
            );
            batch.unknown = std::mem::take(&mut batch.events).len();
        }
        Ok(batch)
    }

    /// The next batch: as many events as the sink takes at a time; else what to wait for.
    async fn anew(&self, place: &Place, now: Timestamp) -> Result<Result<(Batch, String), Next>> {
        let limits = self.sink.limits();
        let page = self.events(&place.cursor, None, limits.events.try_into()?).await?;
        let Some(mut last) = page.last else {
            return Ok(Err(Next::Wait { events: true, until: None }));
        };
        let mut events = page.events;
        let is_full = events.len() >= limits.events || cut(&mut events, limits.bytes, &mut last);
        let ready = events.first().map(|event| written_at(event) + limits.linger);
        match ready {
            Some(ready) if !is_full && !limits.linger.is_zero() && ready > now => {
                Ok(Err(Next::when_woken().or_at(Some(ready))))
            }
            _ => Ok(Ok((Batch::new(cursor::key(&self.name, &place.cursor, &last), events), last))),
        }
    }

    async fn events(&self, cursor: &str, last: Option<&str>, limit: u32) -> Result<events::Page> {
        match self.sink.purpose() {
            Some(purpose) => events::after(&self.store, cursor, last, purpose, limit).await,
            None => Ok(events::Page::default()),
        }
    }

    async fn write_down(
        &mut self,
        place: &Place,
        mut batch: Batch,
        last: &str,
        result: Result<(), Failure>,
        nothing_left: bool,
        now: Timestamp,
    ) -> Result<()> {
        let mut verdict = self.judge(place, place.attempts + 1, &result, now);
        let mut letters = self.letters(&std::mem::take(&mut batch.refused), now);
        let is_given_up = verdict.due.is_none() && !batch.events.is_empty();
        if let (true, Err(failure)) = (is_given_up, &result) {
            let range = Body::Events { after: place.cursor.clone(), last: last.to_owned() };
            letters.push(Letter::new(&self.name, &batch.key, &range, batch.events.len(), &failure.to_string(), now));
        }
        verdict.change.sent = std::mem::take(&mut batch.sent);
        verdict.change.unknown = std::mem::take(&mut batch.unknown);
        verdict.change.dead = letters.iter().map(|letter| usize::try_from(letter.items).unwrap_or(0)).sum();
        let mut transaction = self.store.writer().begin().await?;
        for letter in &letters {
            dead::write(&mut transaction, letter).await?;
        }
        match verdict.due {
            Some(due) if !batch.events.is_empty() => {
                // Who asks for patience did not fail.
                let failed = !matches!(result, Err(Failure::Retry { throttled: true, .. }));
                let attempts = place.attempts + u32::from(failed);
                cursor::postpone(&mut transaction, &self.name, due, nothing_left, attempts).await?;
                self.rest = Some(batch);
            }
            _ => cursor::settle(&mut transaction, &self.name, last).await?,
        }
        cursor::note(&mut transaction, &self.name, &verdict.change, now).await?;
        transaction.commit().await?;
        self.tell(place, &verdict.change, letters.last(), now).await;
        Ok(())
    }

    fn letters(&self, refused: &[Refusal], now: Timestamp) -> Vec<Letter> {
        refused.iter().map(|refusal| Letter::refused(&self.name, refusal, now)).collect()
    }

    fn count(&self, result: &Result<(), Failure>, took: Duration) {
        let outcome = match result {
            Ok(()) => Outcome::Delivered,
            Err(Failure::Retry { throttled: true, .. }) => Outcome::Throttled,
            Err(Failure::Retry { unknown: true, .. }) => Outcome::Unknown,
            Err(Failure::Retry { .. }) => Outcome::Failed,
            Err(Failure::Reject { .. }) => Outcome::Rejected,
        };
        self.figures.count_attempt(&self.name, outcome, took);
        if let Err(failure) = result {
            warn!(sink = self.name, "cannot deliver: {failure}");
        }
    }
}

fn at(milliseconds: i64) -> Result<Next> {
    Ok(Next::when_woken().or_at(Some(Timestamp::from_millisecond(milliseconds)?)))
}

/// Cuts off what is more than `bytes`, but for the first event; `last` is then the last one that stays.
fn cut(events: &mut Vec<Sendable>, bytes: usize, last: &mut String) -> bool {
    let sums = events.iter().scan(0, |sum, event| {
        *sum += event.body.len();
        Some(*sum)
    });
    let fitting = sums.take_while(|sum| *sum <= bytes).count().max(1);
    if fitting >= events.len() {
        return false;
    }
    events.truncate(fitting);
    last.clone_from(&events[fitting - 1].id);
    true
}

/// When the event was written: its id says so (RFC 9562 section 5.7).
fn written_at(event: &Sendable) -> Timestamp {
    let id = event.id.parse::<Uuid>().unwrap_or_default();
    Timestamp::from_millisecond((id.as_u128() >> 80) as i64).unwrap_or(Timestamp::UNIX_EPOCH)
}
