//! Figures of what is delivered, by sink.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

/// Cheap to clone; all clones count together.
#[derive(Debug, Clone)]
pub struct Delivery {
    waiting: Family<Sink, Gauge>,
    breaker: Family<Sink, Gauge>,
    sent: Family<Sink, Counter>,
    unknown: Family<Sink, Counter>,
    dead: Family<Sink, Counter>,
    attempts: Family<Attempt, Counter>,
    seconds: Family<Sink, Histogram>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Sink {
    sink: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Attempt {
    sink: String,
    outcome: &'static str,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    Delivered,
    Throttled,
    Failed,
    Unknown,
    Rejected,
}

impl Outcome {
    fn name(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Throttled => "throttled",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Rejected => "rejected",
        }
    }
}

impl Default for Delivery {
    fn default() -> Self {
        Self {
            waiting: Family::default(),
            breaker: Family::default(),
            sent: Family::default(),
            unknown: Family::default(),
            dead: Family::default(),
            attempts: Family::default(),
            // 1 ms to 16 s
            seconds: Family::new_with_constructor(|| Histogram::new(exponential_buckets(0.001, 4.0, 8))),
        }
    }
}

impl Delivery {
    pub(super) fn register(&self, registry: &mut Registry) {
        let registry = registry.sub_registry_with_prefix("delivery");
        registry.register("waiting", "Events and deeds that wait for the sink", self.waiting.clone());
        registry.register("breaker", "0 closed, 1 open, 2 locked, 3 paused", self.breaker.clone());
        registry.register("sent", "Events and deeds delivered since the start", self.sent.clone());
        registry.register("unknown", "Those that may have been, and are not sent again", self.unknown.clone());
        registry.register("dead", "Those that became dead letters", self.dead.clone());
        registry.register("attempts", "Attempts to deliver, by outcome", self.attempts.clone());
        registry.register_with_unit("attempt_duration", "Time an attempt took", Unit::Seconds, self.seconds.clone());
    }

    pub fn count_attempt(&self, sink: &str, outcome: Outcome, took: Duration) {
        self.attempts.get_or_create(&Attempt { sink: sink.to_owned(), outcome: outcome.name() }).inc();
        self.seconds.get_or_create(&label(sink)).observe(took.as_secs_f64());
    }

    pub fn count(&self, sink: &str, sent: usize, unknown: usize, dead: usize) {
        self.sent.get_or_create(&label(sink)).inc_by(sent as u64);
        self.unknown.get_or_create(&label(sink)).inc_by(unknown as u64);
        self.dead.get_or_create(&label(sink)).inc_by(dead as u64);
    }

    pub fn show(&self, sink: &str, waiting: i64, breaker: i64) {
        self.waiting.get_or_create(&label(sink)).set(waiting);
        self.breaker.get_or_create(&label(sink)).set(breaker);
    }
}

fn label(sink: &str) -> Sink {
    Sink { sink: sink.to_owned() }
}
