//! What was stored is handled: one after another, the longest waiting first, apart from whoever sent it.

use std::time::Duration;

use anyhow::Result;
use jiff::{SignedDuration, Timestamp};
use tracing::{error, warn};

use super::bounces::Fate;
use super::inbox::{self, Stored};
use super::{Hooks, Said, Unreadable, Way};
use crate::delivery::alerts::Trouble;
use crate::delivery::outbox::transports;
use crate::integrations::Failure;
use crate::mail::suppression::{self, Report};
use crate::store::Store;
use crate::tickets::desk::{self, Heard, News};
use crate::tickets::{Flood, Tickets};

/// Seconds to wait after each attempt that failed; after the last one it is a dead letter.
const WAITS: [i64; 5] = [1, 10, 60, 600, 3600];

/// What to do after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Another step.
    Now,
    /// Wait for news, or until this time.
    Wait(Option<Timestamp>),
}

/// Handles what comes, for ever. `look`: how soon it is seen what another program changed.
pub async fn run(hooks: &Hooks, tickets: &Tickets, look: Duration) {
    let (mut arrived, mut answered) = (hooks.arrived.subscribe(), tickets.delivery().answered());
    loop {
        arrived.mark_unchanged();
        answered.mark_unchanged();
        let until = match step(hooks, tickets, Timestamp::now()).await {
            Ok(Next::Now) => continue,
            Ok(Next::Wait(until)) => until,
            Err(cause) => {
                error!("cannot handle inbound webhooks: {cause:#}");
                None
            }
        };
        let due = until.map(|until| Duration::try_from(until.duration_since(Timestamp::now())).unwrap_or_default());
        tokio::select! {
            // `hooks` and `tickets` hold the other ends.
            _ = arrived.changed() => {}
            _ = answered.changed() => {}
            () = tokio::time::sleep(due.map_or(look, |due| due.min(look))) => {}
        }
    }
}

/// Takes note of what a desk said when it was asked, or handles the next call that is due.
///
/// # Errors
/// A database that cannot be used.
pub async fn step(hooks: &Hooks, tickets: &Tickets, now: Timestamp) -> Result<Next> {
    if desk::learn(tickets, now).await? {
        return Ok(Next::Now);
    }
    let Some(stored) = inbox::next(&hooks.store).await? else {
        show(hooks).await?;
        return Ok(Next::Wait(None));
    };
    if stored.due_at > now.as_millisecond() {
        show(hooks).await?;
        return Ok(Next::Wait(Some(Timestamp::from_millisecond(stored.due_at)?)));
    }
    match handle(hooks, tickets, &stored, now).await {
        Ok(outcome) => {
            inbox::settle(&hooks.store, &stored.id, outcome).await?;
            hooks.figures.count_outcome(&stored.provider, outcome);
        }
        Err(cause) => fail(hooks, tickets, &stored, &cause, now).await?,
    }
    Ok(Next::Now)
}

/// Tells whom it concerns what a call says; gives what became of it.
async fn handle(hooks: &Hooks, tickets: &Tickets, stored: &Stored, now: Timestamp) -> Result<&'static str> {
    let received = Timestamp::from_millisecond(stored.received_at)?;
    let (name, body) = (&stored.provider, stored.body.as_deref().unwrap_or_default());
    if let Some(mail) = hooks.mail(name, body)? {
        return Ok(tickets.arrive(&mail, now).await?.name());
    }
    let (sender, body) = hooks.read(name, body)?;
    if let Way::Bounces(bounces) = &sender.way
        && bounces.answer(&body).await?
    {
        return Ok("confirmed");
    }
    match sender.said(&stored.provider, &body, received, &tickets.settings().attachments, now).await? {
        Said::Nothing => Ok("ignored"),
        Said::News(news) => tell(tickets, &news, now).await,
        Said::Mail(mail) => Ok(tickets.arrive(&mail, now).await?.name()),
        Said::Reports { reports, mail } => {
            note(&hooks.store, &reports).await?;
            let (store, told_by) = (&hooks.store, &stored.provider);
            let is_news = match mail {
                Some((id, Fate::Taken)) => transports::arrived(store, &id, told_by, now).await?,
                Some((id, Fate::GivenUp(reason))) => {
                    let is_news = transports::given_up(store, &id, told_by, &reason, now).await?;
                    tickets.delivery().wake();
                    is_news
                }
                None => false,
            };
            Ok(if reports.is_empty() && !is_news { "ignored" } else { "noted" })
        }
    }
}

async fn tell(tickets: &Tickets, news: &News, now: Timestamp) -> Result<&'static str> {
    Ok(match desk::heard(tickets, news, now).await? {
        Heard::Applied => "applied",
        Heard::Asked => "asked",
        Heard::Nothing => "ignored",
        Heard::Stale => "stale",
        Heard::Unknown => "unknown_ticket",
    })
}

async fn note(store: &Store, reports: &[Report]) -> Result<()> {
    let mut transaction = store.writer().begin().await?;
    for report in reports {
        suppression::note(&mut transaction, report).await?;
    }
    Ok(transaction.commit().await?)
}

/// Anything but what is dead at once is tried a few times more, no sooner than whoever was asked wants to be.
async fn fail(hooks: &Hooks, tickets: &Tickets, stored: &Stored, cause: &anyhow::Error, now: Timestamp) -> Result<()> {
    let wait = WAITS.get(stored.attempts as usize).filter(|_| !is_final(cause));
    let due = wait.map(|seconds| now + SignedDuration::from_secs(*seconds).max(asked_wait(cause)));
    let reason = format!("{cause:#}");
    let id = stored.id.as_str();
    match due {
        Some(due) => warn!(provider = stored.provider, id, %due, "an inbound webhook waits: {reason}"),
        None => {
            warn!(provider = stored.provider, id, "an inbound webhook became a dead letter: {reason}");
            hooks.figures.count_outcome(&stored.provider, "dead");
        }
    }
    inbox::fail(&hooks.store, id, due, &reason).await?;
    if due.is_none() {
        tickets.delivery().alert(Trouble::Hook, &stored.provider, &reason, now).await;
    }
    Ok(())
}

/// What cannot be read today cannot be tomorrow, what was refused is again, and what is held waits for a person.
fn is_final(cause: &anyhow::Error) -> bool {
    let is_refused = matches!(cause.downcast_ref(), Some(Failure::Reject { .. }));
    is_refused || cause.is::<Unreadable>() || cause.is::<Flood>()
}

/// How long whoever was asked wants to be left alone, a day at the most.
fn asked_wait(cause: &anyhow::Error) -> SignedDuration {
    let Some(Failure::Retry { after: Some(after), .. }) = cause.downcast_ref() else { return SignedDuration::ZERO };
    SignedDuration::try_from(*after).unwrap_or(SignedDuration::MAX).min(SignedDuration::from_hours(24))
}

async fn show(hooks: &Hooks) -> Result<()> {
    let (waiting, dead) = inbox::count(&hooks.store).await?;
    hooks.figures.show(waiting, dead);
    Ok(())
}
