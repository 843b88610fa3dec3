//! A mail goes by the first transport that takes it.
//!
//! The next one is asked only when one clearly refused, for how it is or for our account there. Once nobody knew whether
//! a transport took the mail, that one is asked again and no other, even when it refuses later: what it says then is not
//! about the first time. Which it is stands in the row before its first byte goes out. A transport that is down is left
//! alone for a while, so that not every mail has to find out.

use std::time::{Duration, Instant};

use anyhow::Result;
use jiff::{SignedDuration, Timestamp};
use tracing::info;

use super::verdict;
use super::{Lane, Next, at};
use crate::delivery::cursor::{self, Place};
use crate::delivery::outbox::transports;
use crate::delivery::outbox::{Body, Job, Try};
use crate::integrations::mail::{Mailer, Message, Refused, Transport};
use crate::integrations::{Batch, Errand, Failure, Receipt, Sink};
use crate::mail::suppression::{self, Kind, Report};
use crate::telemetry::delivery::Outcome;

/// What became of a mail at this attempt.
enum Posted {
    /// A transport took it, or why none did.
    Offered(Result<(), Failure>),
    /// The transport that may have it is left alone until then, in milliseconds since 1970.
    Held(i64),
    /// Nothing goes to its address, for this reason.
    Suppressed(String),
}

impl Lane {
    /// What to wait for where no transport may be asked now.
    pub(super) async fn transports_are_closed(&self, now: Timestamp) -> Result<Option<Next>> {
        let mut first = None::<i64>;
        for transport in self.sink.transports() {
            let place = self.place_of(transport).await?;
            if is_open(&place, now) {
                return Ok(None);
            }
            let opens = Some(place.closed_until()).filter(|_| !place.is_held());
            first = first.into_iter().chain(opens).min();
        }
        match first {
            Some(time) => at(time).map(Some),
            None => Ok((!self.sink.transports().is_empty()).then(Next::when_woken)),
        }
    }

    pub(super) async fn deliver_mail(&mut self, place: &Place, mut job: Job, now: Timestamp) -> Result<()> {
        let started = Instant::now();
        let result = match self.post(&mut job, now).await? {
            Posted::Offered(result) => result,
            Posted::Held(until) => return transports::put_back(&self.store, &job.id, until).await,
            Posted::Suppressed(reason) => {
                info!(key = job.id, "a mail was not sent: {reason}");
                return transports::suppress(&self.store, &job.id, &reason, now).await;
            }
        };
        self.count(&result, started.elapsed());
        let batch = Batch { sent: usize::from(result.is_ok()), ..Batch::default() };
        let errand = Errand { receipt: result.is_ok().then(Receipt::default), ..Errand::default() };
        self.write_down_job(place, &job, batch, result, errand, now + started.elapsed()).await
    }

    async fn post(&mut self, job: &mut Job, now: Timestamp) -> Result<Posted> {
        let sink = self.sink.clone();
        let (Sink::Mail(mailer), Body::Deed(deed)) = (&*sink, &job.body) else {
            return Ok(Posted::Offered(Err(Failure::refused("mail takes deeds only"))));
        };
        let message = match mailer.message(&job.id, deed, now) {
            Ok(message) => message,
            Err(failure) => return Ok(Posted::Offered(Err(failure))),
        };
        if let Some(suppressed) = suppression::of(&self.store, message.recipient()).await? {
            return Ok(Posted::Suppressed(suppressed.to_string()));
        }
        if let Some(name) = job.transport.clone() {
            return self.post_again(mailer, &name, &message, job, now).await;
        }
        let mut refusals = Vec::new();
        for transport in mailer.transports() {
            if let Some(reason) = job.given_up_by(transport.name()) {
                refusals.push((transport.name(), Refused::Mail(reason.to_owned())));
                continue;
            }
            let place = self.place_of(transport).await?;
            if !is_open(&place, now) {
                refusals.push((transport.name(), left_alone(&place)));
                continue;
            }
            match self.offer(mailer, transport, &place, &message, job, now).await? {
                Ok(()) => return Ok(Posted::Offered(Ok(()))),
                Err(refused) if refused.is_final() => return Ok(Posted::Offered(Err(refused.into()))),
                Err(refused) => refusals.push((transport.name(), refused)),
            }
        }
        Ok(Posted::Offered(Err(all_refused(refusals))))
    }

    /// Asks the one transport that may have the mail, by its name.
    async fn post_again(
        &mut self,
        mailer: &Mailer,
        name: &str,
        message: &Message,
        job: &mut Job,
        now: Timestamp,
    ) -> Result<Posted> {
        let Some(transport) = mailer.transports().iter().find(|transport| transport.name() == name) else {
            return Ok(Posted::Offered(Err(Failure::refused(nobody_to_ask(name, &job.id)))));
        };
        let place = self.place_of(transport).await?;
        if !is_open(&place, now) {
            return Ok(Posted::Held(place.closed_until()));
        }
        let answered = self.offer(mailer, transport, &place, message, job, now).await?;
        Ok(Posted::Offered(answered.map_err(still_in_doubt)))
    }

    /// Offers the mail to one transport, and writes down what that made of it.
    async fn offer(
        &mut self,
        mailer: &Mailer,
        transport: &Transport,
        place: &Place,
        message: &Message,
        job: &mut Job,
        now: Timestamp,
    ) -> Result<Result<(), Refused>> {
        let lease = now + SignedDuration::from_millis(self.settings.lease_ms.try_into()?);
        transports::begin(&self.store, &job.id, transport.name(), lease).await?;
        let started = Instant::now();
        let answered = mailer.hand_over(transport, &self.caller, message, now).await;
        let (took, now) = (started.elapsed(), now + started.elapsed());
        let name = cursor::of_transport(&self.name, transport.name());
        let breaker = self.breakers.entry(name.clone()).or_default();
        let change = verdict::of_transport(breaker, place, &self.settings, &answered, now);
        let mut transaction = self.store.writer().begin().await?;
        transports::end(&mut transaction, job, tried(transport, &answered, now)).await?;
        cursor::note(&mut transaction, &name, &change, now).await?;
        if let Err(Refused::Recipient(reason)) = &answered {
            let (address, source, detail) =
                (message.recipient().to_owned(), transport.name().to_owned(), reason.clone());
            suppression::note(&mut transaction, &Report { address, kind: Kind::Bounce, source, detail, at: now })
                .await?;
        }
        transaction.commit().await?;
        self.figures.count_attempt(&name, outcome(&answered), took);
        self.figures.count(&name, change.sent, 0, 0);
        // Where there is only one, its trouble is the sink's: nobody is told of that by mail.
        let of = if mailer.transports().len() > 1 { &name } else { &self.name };
        self.trouble(of, place, &change, None, now).await;
        Ok(answered.map(drop))
    }

    async fn place_of(&self, transport: &Transport) -> Result<Place> {
        cursor::read(&self.store, &cursor::of_transport(&self.name, transport.name())).await
    }
}

fn is_open(place: &Place, now: Timestamp) -> bool {
    !place.is_held() && place.closed_until() <= now.as_millisecond()
}

/// What a refusal means for a mail that the transport may have since an earlier time.
fn still_in_doubt(refused: Refused) -> Failure {
    match refused {
        Refused::Transport { reason, after, .. } => Failure::Retry { after, throttled: false, unknown: true, reason },
        refused => refused.into(),
    }
}

fn nobody_to_ask(name: &str, id: &str) -> String {
    format!(
        "the transport {name} may have this mail, and the settings have none of this name any more: look there, then \
         send it by another with `signpost outbox retry {id} --anywhere` or drop it"
    )
}

/// As if it had been asked and had said so.
fn left_alone(place: &Place) -> Refused {
    match place {
        Place { paused: true, .. } => Refused::busy("held by an operator", None),
        Place { locked: true, .. } => Refused::lasting("stopped until its settings change"),
        _ => Refused::busy("left alone for a while", None),
    }
}

/// None took it: now, until the settings change where all of them say so, or ever where all of them had it and gave up.
fn all_refused(refusals: Vec<(&str, Refused)>) -> Failure {
    let reason = match refusals.as_slice() {
        [(_, refused)] => refused.reason().to_owned(),
        many => {
            many.iter().map(|(name, refused)| format!("{name}: {}", refused.reason())).collect::<Vec<_>>().join("; ")
        }
    };
    if !refusals.is_empty() && refusals.iter().all(|(_, refused)| refused.is_final()) {
        return Failure::refused(reason);
    }
    let (mut lasting, mut throttled, mut soonest) = (true, true, None::<Duration>);
    for (_, refused) in refusals {
        let (after, asks, lasts) = match refused {
            Refused::Transport { after, throttled, lasting, .. } => (after, throttled, lasting),
            _ => (None, false, false),
        };
        lasting &= lasts;
        throttled &= asks;
        soonest = soonest.into_iter().chain(after).min();
    }
    match lasting {
        true => Failure::Reject { reason, lasting: true },
        false => Failure::Retry { after: soonest, throttled, unknown: false, reason },
    }
}

fn tried(transport: &Transport, answered: &Result<String, Refused>, now: Timestamp) -> Try {
    let (outcome, said) = match answered {
        Ok(receipt) => ("taken", receipt.as_str()),
        Err(Refused::Unknown { reason, .. }) => ("unknown", reason.as_str()),
        Err(Refused::Transport { reason, .. }) => ("transport", reason.as_str()),
        Err(Refused::Recipient(reason)) => ("recipient", reason.as_str()),
        Err(Refused::Mail(reason)) => ("mail", reason.as_str()),
    };
    let (transport, at) = (transport.name().to_owned(), now.as_millisecond());
    Try { at, transport, outcome: outcome.to_owned(), said: said.to_owned() }
}

fn outcome(answered: &Result<String, Refused>) -> Outcome {
    match answered {
        Ok(_) => Outcome::Delivered,
        Err(Refused::Unknown { .. }) => Outcome::Unknown,
        Err(Refused::Transport { throttled: true, .. }) => Outcome::Throttled,
        Err(Refused::Transport { lasting: false, .. }) => Outcome::Failed,
        Err(_) => Outcome::Rejected,
    }
}
