//! Figures of inbound webhooks, by sender.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// Cheap to clone; all clones count together.
#[derive(Debug, Clone, Default)]
pub struct Hooks {
    received: Family<Received, Counter>,
    handled: Family<Handled, Counter>,
    waiting: Gauge,
    dead: Gauge,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Received {
    provider: String,
    answer: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Handled {
    provider: String,
    outcome: &'static str,
}

/// What was answered to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Stored,
    Known,
    Trial,
    Unproved,
    Malformed,
    NotStored,
}

impl Answer {
    fn name(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Known => "known",
            Self::Trial => "trial",
            Self::Unproved => "unproved",
            Self::Malformed => "malformed",
            Self::NotStored => "not_stored",
        }
    }
}

impl Hooks {
    pub(super) fn register(&self, registry: &mut Registry) {
        let registry = registry.sub_registry_with_prefix("hooks");
        registry.register("received", "Inbound webhooks, by what was answered", self.received.clone());
        registry.register("handled", "Inbound webhooks handled, by what became of them", self.handled.clone());
        registry.register("waiting", "Inbound webhooks that are not handled yet", self.waiting.clone());
        registry.register("dead", "Inbound webhooks that could not be handled", self.dead.clone());
    }

    pub fn count_answer(&self, provider: &str, answer: Answer) {
        self.received.get_or_create(&Received { provider: provider.to_owned(), answer: answer.name() }).inc();
    }

    pub fn count_outcome(&self, provider: &str, outcome: &'static str) {
        self.handled.get_or_create(&Handled { provider: provider.to_owned(), outcome }).inc();
    }

    pub fn show(&self, waiting: i64, dead: i64) {
        self.waiting.set(waiting);
        self.dead.set(dead);
    }
}
