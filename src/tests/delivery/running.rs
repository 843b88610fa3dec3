//! The lanes at work: woken by what they wait for, ended in order.

use std::sync::Arc;
use std::time::Duration;

use signpost::delivery;
use tokio::sync::watch;

use super::{Bench, SUBJECTS};
use crate::contract::Misbehave::Hang;

async fn until(is: impl Fn() -> bool) {
    while !is() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn lanes_are_woken_by_events_and_by_deeds_and_end_when_told() {
    for subject in SUBJECTS {
        let mut bench = Bench::of(subject).await;
        let (arrived, stop) = (watch::Sender::new(()), watch::Sender::new(false));
        bench.config.delivery.look_ms = 3_600_000;
        bench.config.delivery.stop_ms = 50;
        bench.restart().await;
        let delivery = Arc::new(std::mem::replace(&mut bench.delivery, super::open(&bench.config, &bench.store).await));
        let running = tokio::spawn({
            let (delivery, arrived, stop) = (delivery.clone(), arrived.subscribe(), stop.subscribe());
            async move { delivery::run(&delivery, arrived, stop).await }
        });
        bench.cause(1).await;
        arrived.send_replace(());
        delivery.wake();
        until(|| !bench.vendor.received().is_empty()).await;

        // One that never ends is given up.
        bench.vendor.plan([Hang]);
        bench.cause(1).await;
        arrived.send_replace(());
        delivery.wake();
        until(|| bench.vendor.received().len() == 2).await;
        stop.send_replace(true);
        tokio::time::timeout(Duration::from_secs(5), running).await.expect("it ends when told").unwrap();
    }
}

#[tokio::test]
async fn lanes_end_when_nobody_is_left_to_stop_them() {
    for subject in SUBJECTS {
        let bench = Bench::of(subject).await;
        let (arrived, stop) = (watch::Sender::new(()), watch::Sender::new(false));
        let running = delivery::run(&bench.delivery, arrived.subscribe(), stop.subscribe());
        drop(stop);
        tokio::time::timeout(Duration::from_secs(10), running).await.expect("they end");
    }
}
