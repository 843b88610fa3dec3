//! The lanes at work: each waits for what it needs, none is waited for by a reader.

use std::time::Duration;

use anyhow::Result;
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};
use tracing::error;

use super::{Delivery, Lane, Next};

/// Delivers until `stop` holds true, or nobody is left to say so; `arrived` is told after events were written. Returns when every lane has ended:
/// it finished the request under way, or gave it up after `delivery.stop_ms`.
pub async fn run(delivery: &Delivery, arrived: watch::Receiver<()>, stop: watch::Receiver<bool>) {
    let look = Duration::from_millis(delivery.settings.look_ms);
    let grace = Duration::from_millis(delivery.settings.stop_ms);
    let mut lanes = JoinSet::new();
    for lane in delivery.lanes() {
        let waits = Waits { arrived: arrived.clone(), woken: delivery.woken.subscribe(), stop: stop.clone(), look };
        lanes.spawn(follow(lane, waits, grace));
    }
    while let Some(ended) = lanes.join_next().await {
        if let Err(cause) = ended {
            error!("a lane of the delivery did not end well: {cause}");
        }
    }
}

struct Waits {
    arrived: watch::Receiver<()>,
    woken: watch::Receiver<()>,
    stop: watch::Receiver<bool>,
    look: Duration,
}

async fn follow(mut lane: Lane, mut waits: Waits, grace: Duration) {
    let mut stop = waits.stop.clone();
    let mut looked = None::<Instant>;
    while !is_stopped(&waits.stop) {
        let next = tokio::select! {
            next = step(&mut lane, &mut looked, waits.look) => next,
            () = stopped(&mut stop, grace) => return,
        };
        let next = next.unwrap_or_else(|cause| {
            error!(sink = lane.name(), "cannot look for what is to be delivered: {cause:#}");
            Next::Wait { events: false, until: None }
        });
        waits.until(next).await;
    }
}

/// One step, and the figures where they are old.
async fn step(lane: &mut Lane, looked: &mut Option<Instant>, look: Duration) -> Result<Next> {
    let next = lane.step(Timestamp::now()).await?;
    if looked.is_none_or(|at| at.elapsed() >= look) || next != Next::Now {
        lane.look(Timestamp::now()).await?;
        *looked = Some(Instant::now());
    }
    Ok(next)
}

impl Waits {
    /// Waits for `next`; at most until it is time to see what another program changed.
    async fn until(&mut self, next: Next) {
        let mut longest = self.look;
        let Next::Wait { events, until } = next else { return };
        if let Some(time) = until {
            longest = longest.min(Duration::try_from(time.duration_since(Timestamp::now())).unwrap_or_default());
        }
        let mut has_come = false;
        tokio::select! {
            () = told(&mut self.arrived), if events => has_come = true,
            () = told(&mut self.woken) => {}
            () = sleep_until(Instant::now() + longest) => {}
            _ = self.stop.wait_for(|stop| *stop) => {}
        }
        if has_come {
            self.gather().await;
        }
    }

    async fn gather(&mut self) {
        tokio::select! {
            () = sleep(GATHER) => {}
            _ = self.stop.wait_for(|stop| *stop) => {}
        }
    }
}

/// Events come close together: those of this time go as one batch.
const GATHER: Duration = Duration::from_millis(50);

/// Resolves at the next word; never when nobody is left to say one.
async fn told(receiver: &mut watch::Receiver<()>) {
    if receiver.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn is_stopped(stop: &watch::Receiver<bool>) -> bool {
    *stop.borrow() || stop.has_changed().is_err()
}

/// Resolves when what is under way was given its time after `stop`.
async fn stopped(stop: &mut watch::Receiver<bool>, grace: Duration) {
    // An error says that nobody is left to stop it: that is a stop, too.
    drop(stop.wait_for(|stop| *stop).await);
    sleep(grace).await;
}
