//! What the program says of itself: the log (`tracing`) and the figures at `/metrics`.

pub mod chats;
pub mod delivery;
pub mod hooks;

use std::time::Duration;

use anyhow::{Context, Result};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use serde::Deserialize;
use tracing_subscriber::EnvFilter;

/// `[log]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// What is logged, as `tracing` filters have it: `info`, `signpost=debug`.
    pub filter: String,
    pub format: Format,
    /// One line for every request, not only for those that failed or took long.
    pub requests: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Settings {
    fn default() -> Self {
        Self { filter: "info".to_owned(), format: Format::Text, requests: false }
    }
}

/// Starts the log, on standard error.
///
/// # Errors
/// A filter that cannot be read.
pub fn start_log(settings: &Settings) -> Result<()> {
    let filter = EnvFilter::try_new(&settings.filter).with_context(|| {
        format!("log.filter is {:?}; write for example \"info\" or \"signpost=debug\"", settings.filter)
    })?;
    // The parser behind the sanitiser warns of untidy HTML without saying where; `check` is the place for that.
    let filter = filter.add_directive("html5ever=error".parse().context("the directive is a constant")?);
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    // Where nobody reads the log any more, to complain of that in the same place would end whoever wrote a line.
    let log = log.log_internal_errors(false);
    match settings.format {
        Format::Text => log.with_target(false).compact().init(),
        Format::Json => log.json().flatten_event(true).init(),
    }
    Ok(())
}

/// The figures. Counting is a few atomic additions.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Status, Counter>,
    /// One handle a class of status, so that counting needs no look-up: 1xx … 5xx.
    by_class: [Counter; 5],
    request_seconds: Histogram,
    pub searches: Counter,
    pub searches_without_hits: Counter,
    search_seconds: Histogram,
    pub snapshot_pages: Gauge,
    pub snapshot_errors: Gauge,
    pub snapshot_warnings: Gauge,
    pub snapshot_built_at: Gauge,
    pub snapshots: Counter,
    pub snapshots_refused: Counter,
    pub delivery: delivery::Delivery,
    pub hooks: hooks::Hooks,
    pub chats: chats::Chats,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Status {
    status: &'static str,
}

const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

impl Default for Metrics {
    fn default() -> Self {
        let requests = Family::<Status, Counter>::default();
        let by_class = CLASSES.map(|status| requests.get_or_create_owned(&Status { status }));
        let mut metrics = Self {
            registry: Registry::with_prefix("signpost"),
            requests,
            by_class,
            // 10 µs to 2.6 s
            request_seconds: Histogram::new(exponential_buckets(0.000_01, 4.0, 10)),
            searches: Counter::default(),
            searches_without_hits: Counter::default(),
            search_seconds: Histogram::new(exponential_buckets(0.000_01, 4.0, 10)),
            snapshot_pages: Gauge::default(),
            snapshot_errors: Gauge::default(),
            snapshot_warnings: Gauge::default(),
            snapshot_built_at: Gauge::default(),
            snapshots: Counter::default(),
            snapshots_refused: Counter::default(),
            delivery: delivery::Delivery::default(),
            hooks: hooks::Hooks::default(),
            chats: chats::Chats::default(),
        };
        metrics.register();
        metrics
    }
}

impl Metrics {
    fn register(&mut self) {
        let Self { registry, .. } = self;
        self.delivery.register(registry);
        self.hooks.register(registry);
        self.chats.register(registry);
        registry.register("requests", "Requests answered, by class of status", self.requests.clone());
        registry.register_with_unit(
            "request_duration",
            "Time from request to answer",
            Unit::Seconds,
            self.request_seconds.clone(),
        );
        registry.register("searches", "Searches answered", self.searches.clone());
        registry.register("searches_without_hits", "Searches that found nothing", self.searches_without_hits.clone());
        registry.register_with_unit("search_duration", "Time to search", Unit::Seconds, self.search_seconds.clone());
        registry.register("snapshot_pages", "Pages of the snapshot being served", self.snapshot_pages.clone());
        registry.register("snapshot_errors", "Errors in its content", self.snapshot_errors.clone());
        registry.register("snapshot_warnings", "Warnings in its content", self.snapshot_warnings.clone());
        registry.register_with_unit(
            "snapshot_built_timestamp",
            "When it was built, as Unix time",
            Unit::Seconds,
            self.snapshot_built_at.clone(),
        );
        registry.register("snapshots", "Snapshots published since the start", self.snapshots.clone());
        registry.register(
            "snapshots_refused",
            "Snapshots that failed their own test and were not published",
            self.snapshots_refused.clone(),
        );
    }

    pub fn count_request(&self, status: u16, took: Duration) {
        self.by_class[usize::from(status / 100).clamp(1, 5) - 1].inc();
        self.request_seconds.observe(took.as_secs_f64());
    }

    pub fn count_search(&self, found: usize, took: Duration) {
        self.searches.inc();
        if found == 0 {
            self.searches_without_hits.inc();
        }
        self.search_seconds.observe(took.as_secs_f64());
    }

    /// The figures in the text format Prometheus reads (OpenMetrics 1.0).
    pub fn text(&self) -> String {
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("writing to a string cannot fail");
        text
    }
}

/// What [`Metrics::text`] is.
pub const METRICS_CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_can_be_read() {
        let metrics = Metrics::default();
        metrics.count_request(200, Duration::from_micros(50));
        metrics.count_request(404, Duration::from_micros(50));
        metrics.count_search(0, Duration::from_micros(80));
        let text = metrics.text();
        for line in [
            r#"signpost_requests_total{status="2xx"} 1"#,
            r#"signpost_requests_total{status="4xx"} 1"#,
            "signpost_searches_total 1",
            "signpost_searches_without_hits_total 1",
            "signpost_request_duration_seconds_count 2",
            "# EOF",
        ] {
            assert!(text.contains(line), "{line} is missing in\n{text}");
        }
    }
}
