//! Figures of chats.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

/// Cheap to clone; all clones count together.
#[derive(Debug, Clone)]
pub struct Chats {
    open: Family<State, Gauge>,
    messages: Family<Author, Counter>,
    missed: Counter,
    first_answer: Histogram,
    streams: Family<Side, Gauge>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct State {
    state: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Author {
    author: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Side {
    side: &'static str,
}

impl Default for Chats {
    fn default() -> Self {
        Self {
            open: Family::default(),
            messages: Family::default(),
            missed: Counter::default(),
            // 1 s to 17 min
            first_answer: Histogram::new(exponential_buckets(1.0, 2.0, 11)),
            streams: Family::default(),
        }
    }
}

impl Chats {
    pub(super) fn register(&self, registry: &mut Registry) {
        let registry = registry.sub_registry_with_prefix("chat");
        registry.register("open", "Chats that go on, by how they stand", self.open.clone());
        registry.register("messages", "Messages said, by whose they are", self.messages.clone());
        registry.register("missed", "Chats to which nobody came in time", self.missed.clone());
        registry.register_with_unit(
            "first_answer",
            "Time from when a person was asked for to the first answer",
            Unit::Seconds,
            self.first_answer.clone(),
        );
        registry.register("streams", "Streams of events that are open, by whose they are", self.streams.clone());
    }

    /// So many go on that stand so.
    pub fn show_open(&self, state: &'static str, chats: usize) {
        self.open.get_or_create(&State { state }).set(i64::try_from(chats).unwrap_or(i64::MAX));
    }

    pub fn count_message(&self, author: &'static str) {
        self.messages.get_or_create(&Author { author }).inc();
    }

    pub fn count_missed(&self) {
        self.missed.inc();
    }

    pub fn count_first_answer(&self, waited: Duration) {
        self.first_answer.observe(waited.as_secs_f64());
    }

    /// A stream to a `reader` or an `agent` begins; it counts until what is given is dropped.
    pub fn stream(&self, side: &'static str) -> Stream {
        let streams = self.streams.get_or_create_owned(&Side { side });
        streams.inc();
        Stream(streams)
    }
}

/// A stream that is open.
#[derive(Debug)]
pub struct Stream(Gauge);

impl Drop for Stream {
    fn drop(&mut self) {
        self.0.dec();
    }
}
