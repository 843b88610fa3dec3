//! The sinks there are, and what is the same for all of them.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::time::Duration;

use app::model::Purpose;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde_json::Value;

use super::desk::Desk;
use super::http::{self, Answer, Caller, Request};
use super::mail::{self, Mailer, Transport};
use super::{Batch, Errand, Failure, Guarantee, attachments, files, ga4, generic, mixpanel, s3, slack, webhook};
use crate::events::Sendable;

/// Where events and deeds go.
#[derive(Debug)]
pub enum Sink {
    Attachments(Box<attachments::Attachments>),
    Desk(Box<Desk>),
    Files(files::Files),
    Ga4(ga4::Ga4),
    Generic(Box<generic::Generic>),
    Mail(Box<Mailer>),
    Mixpanel(mixpanel::Mixpanel),
    S3(Box<s3::S3>),
    Slack(slack::Slack),
    Webhook(webhook::Webhook),
}

/// What a sink takes at a time.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub events: usize,
    /// Bytes of the events' JSON, as we keep it.
    pub bytes: usize,
    pub per_second: NonZeroU32,
    /// How long events are gathered until a batch is worth sending.
    pub linger: Duration,
}

/// One request of a batch, and the ids of the events it holds, in their order.
#[derive(Debug, Clone)]
pub struct Part {
    pub request: Request,
    pub ids: Vec<String>,
}

/// What a vendor made of a part it answered.
enum Taken {
    /// All of it but the events at these places, for these reasons.
    But(Vec<(usize, String)>),
    /// Nothing: it is too much at a time, says the vendor in these words.
    TooMuch(String),
}

impl Sink {
    /// The purpose events are sent to it for; without one it takes no events, only deeds.
    pub fn purpose(&self) -> Option<Purpose> {
        match self {
            Self::Files(files) => Some(files.purpose),
            Self::Ga4(ga4) => Some(ga4.purpose),
            Self::Generic(generic) => generic.purpose(),
            Self::Mixpanel(mixpanel) => Some(mixpanel.purpose),
            Self::S3(s3) => Some(s3.purpose),
            Self::Attachments(_) | Self::Desk(_) | Self::Mail(_) | Self::Slack(_) => None,
            Self::Webhook(webhook) => webhook.purpose,
        }
    }

    /// How old an event may be that it takes: a new one begins there. Without it, with the oldest that is kept.
    pub fn oldest(&self) -> Option<SignedDuration> {
        matches!(self, Self::Ga4(_)).then_some(ga4::OLDEST)
    }

    /// Takes the deed of erasing a reader.
    pub fn can_erase(&self) -> bool {
        matches!(self, Self::Mixpanel(_))
    }

    /// Why nothing can be sent to it, as the settings are.
    pub fn unset(&self) -> Option<&'static str> {
        matches!(self, Self::Mail(mailer) if !mailer.is_set()).then_some(mail::UNSET)
    }

    /// Is it asked by HTTP?
    pub fn is_http(&self) -> bool {
        match self {
            Self::Files(_) => false,
            Self::Mail(mailer) => mailer.transports().iter().any(Transport::is_http),
            _ => true,
        }
    }

    /// Where there are several ways out: those, in the order in which they are tried.
    pub fn transports(&self) -> &[Transport] {
        if let Self::Mail(mailer) = self { mailer.transports() } else { &[] }
    }

    pub fn guarantee(&self) -> Guarantee {
        match self {
            Self::Attachments(_) | Self::Files(_) | Self::Mixpanel(_) | Self::S3(_) => Guarantee::ExactlyOnce,
            // They are asked what they have before what may have arrived is sent again.
            Self::Desk(_) => Guarantee::ExactlyOnce,
            Self::Ga4(_) => Guarantee::AtMostOnce,
            Self::Generic(_) | Self::Mail(_) | Self::Slack(_) | Self::Webhook(_) => Guarantee::AtLeastOnce,
        }
    }

    pub fn limits(&self) -> Limits {
        match self {
            Self::Attachments(_) => attachments::LIMITS,
            Self::Desk(desk) => desk.limits(),
            Self::Files(files) => files.limits(),
            Self::Ga4(_) => ga4::LIMITS,
            Self::Generic(generic) => generic.limits(),
            Self::Mail(mailer) => mailer.limits(),
            Self::Mixpanel(_) => mixpanel::LIMITS,
            Self::S3(s3) => s3.limits(),
            Self::Slack(_) => slack::LIMITS,
            Self::Webhook(_) => webhook::LIMITS,
        }
    }

    /// Changes when the sink's settings do.
    pub fn fingerprint(&self) -> String {
        super::fingerprint(self, &self.secrets())
    }

    fn secrets(&self) -> Vec<SecretString> {
        match self {
            Self::Attachments(bucket) => bucket.secrets(),
            Self::Desk(desk) => desk.secrets(),
            Self::Files(_) => Vec::new(),
            Self::Ga4(ga4) => ga4.secrets(),
            Self::Generic(generic) => generic.secrets(),
            Self::Mail(mailer) => mailer.secrets(),
            Self::Mixpanel(mixpanel) => mixpanel.secrets(),
            Self::S3(s3) => s3.secrets(),
            Self::Slack(slack) => slack.secrets(),
            Self::Webhook(webhook) => webhook.secrets(),
        }
    }

    fn timeout(&self) -> Duration {
        match self {
            // These take their own time.
            Self::Attachments(_) | Self::Desk(_) | Self::Files(_) | Self::Mail(_) => Duration::MAX,
            Self::Ga4(ga4) => ga4.timeout,
            Self::Generic(generic) => generic.timeout(),
            Self::Mixpanel(mixpanel) => mixpanel.timeout,
            Self::S3(s3) => s3.timeout,
            Self::Slack(slack) => slack.timeout,
            Self::Webhook(webhook) => webhook.timeout,
        }
    }

    /// The requests that deliver `events` under the idempotency key `key`.
    ///
    /// # Errors
    /// What cannot be made a request.
    pub async fn parts(&self, key: &str, events: &[Sendable], now: Timestamp) -> Result<Vec<Part>, Failure> {
        match self {
            Self::Attachments(_) | Self::Desk(_) | Self::Files(_) | Self::Mail(_) | Self::Slack(_) => Ok(Vec::new()),
            Self::Ga4(ga4) => ga4.parts(events),
            Self::Generic(generic) => generic.parts(key, events, now),
            Self::Mixpanel(mixpanel) => mixpanel.parts(events),
            Self::S3(s3) => s3.parts(key, events).await,
            Self::Webhook(webhook) => webhook.parts(events, now),
        }
    }

    /// What delivers a single deed, as it goes over the wire but for its secrets, when nothing went wrong before.
    ///
    /// # Errors
    /// A sink that takes no deeds, a deed it does not understand.
    pub fn shown(&self, key: &str, deed: &Value, now: Timestamp) -> Result<String, Failure> {
        match self {
            Self::Attachments(bucket) => bucket.shown(deed),
            Self::Desk(desk) => desk.shown(key, deed),
            Self::Mail(mailer) => mailer.shown(key, deed, now),
            _ => self.deed(&Errand::new(key, deed.clone()), now).map(|request| request.shown()),
        }
    }

    fn deed(&self, errand: &Errand, now: Timestamp) -> Result<Request, Failure> {
        let Errand { key, deed, .. } = errand;
        match self {
            Self::Generic(generic) => generic.deed(errand, now),
            Self::Mixpanel(mixpanel) => mixpanel.deed(deed),
            Self::Slack(slack) => slack.deed(deed),
            Self::Webhook(webhook) => webhook.deed(key, deed, now),
            Self::Attachments(_) | Self::Desk(_) | Self::Files(_) | Self::Ga4(_) | Self::Mail(_) | Self::S3(_) => {
                Err(Failure::refused("this sink takes events only"))
            }
        }
    }

    /// Delivers the batch, part by part; what is settled leaves it.
    ///
    /// # Errors
    /// The first part that failed; it and those behind it are still in the batch, but for those whose outcome is
    /// unknown and that must not be sent twice.
    pub async fn send(&self, caller: &Caller, batch: &mut Batch, now: Timestamp) -> Result<(), Failure> {
        match self {
            Self::Files(files) => return files.write(batch).await,
            Self::Webhook(webhook) => batch.events.retain(|event| webhook.wants(event)),
            Self::Ga4(_) => ga4::leave_out_old(batch, now),
            _ => {}
        }
        let whole = batch.events.len();
        let mut parts = VecDeque::from(self.parts(&batch.key, &batch.events, now).await?);
        while let Some(part) = parts.pop_front() {
            match self.ask(caller, part.request, now).await {
                Ok(Taken::But(refused)) => batch.settle(&part.ids, refused),
                Ok(Taken::TooMuch(reason)) if part.ids.len() == 1 => batch.refuse(&part.ids, &reason),
                Ok(Taken::TooMuch(_)) => {
                    let (first, second) = part.ids.split_at(part.ids.len() / 2);
                    for half in [second, first] {
                        for part in self.parts(&batch.key, &batch.among(half), now).await?.into_iter().rev() {
                            parts.push_front(part);
                        }
                    }
                }
                // The others need not suffer for it.
                Err(Failure::Reject { reason, lasting: false }) if part.ids.len() < whole => {
                    batch.refuse(&part.ids, &reason);
                }
                Err(failure) => {
                    self.give_up_unknown(batch, &part.ids, &failure);
                    return Err(failure);
                }
            }
        }
        Ok(())
    }

    fn give_up_unknown(&self, batch: &mut Batch, ids: &[String], failure: &Failure) {
        if self.guarantee() == Guarantee::AtMostOnce && matches!(failure, Failure::Retry { unknown: true, .. }) {
            batch.unknown += batch.take(ids).len();
        }
    }

    /// Delivers a single deed; what the sink calls what it is about is put into the errand.
    ///
    /// # Errors
    /// Why it was not.
    pub async fn send_deed(&self, caller: &Caller, errand: &mut Errand, now: Timestamp) -> Result<(), Failure> {
        match self {
            Self::Attachments(bucket) => return bucket.send(caller, errand, now).await,
            Self::Desk(desk) => return desk.send(caller, errand, now).await,
            Self::Generic(generic) => return generic.send_deed(caller, errand, now).await,
            Self::Mail(mailer) => return mailer.send(caller, &errand.key, &errand.deed, now).await,
            _ => {}
        }
        let refusal = match self.ask(caller, self.deed(errand, now)?, now).await? {
            Taken::But(mut refused) => refused.pop().map(|(_, reason)| reason),
            Taken::TooMuch(reason) => Some(reason),
        };
        refusal.map_or(Ok(()), |reason| Err(Failure::refused(reason)))
    }

    async fn ask(&self, caller: &Caller, mut request: Request, now: Timestamp) -> Result<Taken, Failure> {
        if let Self::Generic(generic) = self {
            generic.authorise(caller, &mut request, now).await?;
        }
        let answer = caller.call(&request, self.timeout()).await?;
        self.judge(answer, &request, now)
    }

    fn judge(&self, answer: Answer, request: &Request, now: Timestamp) -> Result<Taken, Failure> {
        let refused = match self {
            // Each event has an id of its own that Mixpanel knows it by, so any may go with any other.
            Self::Mixpanel(_) if answer.status == 413 => return Ok(Taken::TooMuch(answer.reason(request))),
            Self::Generic(generic) => generic.judge(answer, request, now),
            Self::Mixpanel(_) => mixpanel::judge(answer, request, now),
            Self::Slack(_) => slack::judge(answer, request, now),
            Self::Webhook(_) => webhook::judge(answer, request, now),
            Self::S3(_) => s3::judge(answer, request, now),
            Self::Attachments(_) | Self::Desk(_) | Self::Files(_) | Self::Ga4(_) | Self::Mail(_) => {
                answer.success(request, http::RETRIED, now)?.no_web_page(request).map(|_| Vec::new())
            }
        };
        refused.map(Taken::But)
    }
}
