//! Deadlines of one connection that cost a request next to nothing.
//!
//! Hyper asks for a new timer with every request, to wait for the next one's head. All of them share one here,
//! which is left to run when a deadline moves on and looks only when it fires whether that has come.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::rt::{Sleep, Timer};

/// Keeps the deadlines of one connection.
#[derive(Default)]
pub struct Patience {
    timer: Arc<Mutex<Option<Pin<Box<tokio::time::Sleep>>>>>,
}

struct Deadline {
    at: Instant,
    timer: Arc<Mutex<Option<Pin<Box<tokio::time::Sleep>>>>>,
}

impl Timer for Patience {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(Instant::now() + duration)
    }

    fn sleep_until(&self, at: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(Deadline { at, timer: self.timer.clone() })
    }
}

impl Sleep for Deadline {}

impl Future for Deadline {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let at = tokio::time::Instant::from_std(self.at);
        let mut timer = self.timer.lock().unwrap_or_else(PoisonError::into_inner);
        let timer = timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(at)));
        // An earlier one stays: it fires, and is set anew.
        if timer.deadline() > at {
            timer.as_mut().reset(at);
        }
        while timer.as_mut().poll(context).is_ready() {
            if timer.deadline() >= at {
                return Poll::Ready(());
            }
            timer.as_mut().reset(at);
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_deadline_is_kept_though_the_timer_was_set_for_an_earlier_one() {
        let (patience, start) = (Patience::default(), Instant::now());
        let after = |milliseconds| start + Duration::from_millis(milliseconds);
        let mut first = patience.sleep_until(after(20));
        assert!(futures::poll!(first.as_mut()).is_pending() || Instant::now() >= after(20));
        for deadline in [after(40), after(40), after(30)] {
            patience.sleep_until(deadline).await;
            assert!(Instant::now() >= deadline);
        }
    }
}
