//! Nothing leaves but through here: what is promised is delivered as its sink declares, whatever dies in between.
//!
//! A sink reads the events table behind its own cursor; the event row is the promise. Single deeds are rows of the
//! outbox, written in the transaction of their cause. Both go out through one *lane* a sink: one batch or deed after
//! another, with retries, a circuit breaker and dead letters.

pub mod alerts;
pub mod answers;
pub mod breaker;
mod cursor;
pub mod dead;
mod lane;
pub mod operate;
pub mod outbox;
pub mod receipts;
mod retry;
mod run;

use std::sync::Arc;

use anyhow::{Context, Result};
use app::model::Purpose;
use jiff::{SignedDuration, Timestamp};
use reqwest::Client;
use serde::Deserialize;
use serde_json::Value;
use sqlx::SqliteConnection;
use tokio::sync::watch;
use tracing::info;
use uuid::Uuid;

use crate::integrations::attachments::{self, Attachments};
use crate::integrations::{self, Connectors, Desks, Sink, Sinks, Webhooks, http, mail};
use crate::store::Store;
use crate::telemetry::delivery::Delivery as Figures;

pub use lane::{Lane, Next};
pub use retry::LONGEST_WISH;
pub use run::run;

/// `[delivery]`. Times are milliseconds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The first few waits after a failure are random, up to this, twice this and so on,
    pub retry_base_ms: u64,
    /// but never longer than this.
    pub retry_cap_ms: u64,
    /// How many such waits there are.
    pub retry_quick: u32,
    /// The waits that follow them. After the last one, what was to be sent becomes a dead letter.
    pub retry_later_ms: Vec<u64>,
    /// How long a deed belongs to whoever delivers it; after that it is delivered again.
    pub lease_ms: u64,
    /// Failures in a row that open the breaker.
    pub breaker_failures: u32,
    /// How long it stays open; twice as long each time one after another,
    pub breaker_open_ms: u64,
    /// but never longer than this.
    pub breaker_cap_ms: u64,
    /// Deeds that may wait for one sink: more are refused where they are done. As many events behind a sink's cursor
    /// raise an alert; none is given up for it.
    pub backlog: i64,
    /// Days that delivered deeds and dead letters are kept.
    pub keep_days: u32,
    /// How soon what another program changed (`signpost outbox …`) is seen.
    pub look_ms: u64,
    /// How long a request under way is waited for when the program stops.
    pub stop_ms: u64,
}

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

impl Default for Settings {
    fn default() -> Self {
        Self {
            retry_base_ms: 500,
            retry_cap_ms: MINUTE,
            retry_quick: 3,
            retry_later_ms: vec![
                MINUTE,
                5 * MINUTE,
                15 * MINUTE,
                HOUR,
                4 * HOUR,
                8 * HOUR,
                12 * HOUR,
                12 * HOUR,
                12 * HOUR,
            ],
            lease_ms: 2 * MINUTE,
            breaker_failures: 5,
            breaker_open_ms: MINUTE / 2,
            breaker_cap_ms: 10 * MINUTE,
            backlog: 100_000,
            keep_days: 30,
            look_ms: 5000,
            stop_ms: 5000,
        }
    }
}

/// The sinks of a help center, ready to be served.
pub struct Delivery {
    settings: Arc<Settings>,
    sinks: Vec<(String, Arc<Sink>)>,
    alerts: Arc<alerts::Alerts>,
    /// Or why there is none.
    client: Result<Client, String>,
    store: Store,
    figures: Figures,
    /// Told when the outbox or what operators decided changed within this program.
    woken: watch::Sender<()>,
    /// Told when a sink said something that was asked for; see [`answers`].
    answered: watch::Sender<()>,
}

/// All sections of the settings that say where something goes.
#[derive(Debug, Clone, Copy)]
pub struct Destinations<'a> {
    pub desks: &'a Desks,
    pub sinks: &'a Sinks,
    pub connectors: &'a Connectors,
    pub webhooks: &'a Webhooks,
    pub alerts: &'a alerts::Settings,
    pub mail: &'a mail::Settings,
    /// The bucket for files of tickets.
    pub attachments: Option<&'a attachments::Settings>,
}

impl Destinations<'_> {
    /// Makes the sinks, with their names.
    ///
    /// # Errors
    /// Settings that cannot be used.
    pub fn build(self) -> Result<Vec<(String, Sink)>> {
        let slack = self.alerts.slack_url.as_ref().map(|url| (url, self.alerts.slack_timeout_ms));
        let Self { desks, sinks, connectors, webhooks, mail, attachments, .. } = self;
        integrations::build(desks, sinks, connectors, webhooks, slack, mail, attachments)
    }
}

/// Makes the sinks and finds each one's place among the events. Nothing is sent before [`run`].
///
/// # Errors
/// Settings that cannot be used, a database that cannot be written.
pub async fn open(
    settings: &Settings,
    destinations: Destinations<'_>,
    store: &Store,
    figures: Figures,
) -> Result<Delivery> {
    let sinks: Vec<_> = destinations.build()?.into_iter().map(|(name, sink)| (name, Arc::new(sink))).collect();
    let woken = watch::Sender::new(());
    let alerts = alerts::Alerts::new(destinations.alerts, &sinks, woken.clone()).context("[alerts] cannot be used")?;
    for (name, sink) in &sinks {
        cursor::open(store, name, sink, Timestamp::now()).await?;
    }
    http::choose_cryptography();
    // Reading the system's certificates takes a while, and whoever sends nothing needs none.
    let needs_client = sinks.iter().any(|(_, sink)| sink.is_http());
    let client = if needs_client { http::client() } else { Err("no sink is asked by HTTP".to_owned()) };
    Ok(Delivery {
        settings: Arc::new(settings.clone()),
        sinks,
        alerts: Arc::new(alerts),
        client,
        store: store.clone(),
        figures,
        woken,
        answered: watch::Sender::new(()),
    })
}

/// Forgets deeds that were delivered, and dead letters, when they are older than `delivery.keep_days`.
///
/// # Errors
/// A database that cannot be written.
pub async fn forget(store: &Store, settings: &Settings, now: Timestamp) -> Result<()> {
    let before = now - SignedDuration::from_hours(24 * i64::from(settings.keep_days));
    // Letters first: what has one is kept.
    let forgotten = dead::forget(store, before).await? + outbox::forget(store, before).await?;
    if forgotten > 0 {
        info!(forgotten, "old deeds and dead letters were forgotten");
    }
    Ok(())
}

impl Delivery {
    /// Promises `deed` to the sink `channel` (`mail`, `slack`, `webhook.NAME`, `connector.NAME`, `mixpanel`), within the
    /// transaction of its cause; call [`Delivery::wake`] after its commit. Gives the idempotency key.
    ///
    /// # Errors
    /// A channel that does not exist, one for which `delivery.backlog` deeds wait, a database that cannot be written.
    pub async fn promise(
        &self,
        transaction: &mut SqliteConnection,
        channel: &str,
        deed: Value,
        now: Timestamp,
    ) -> Result<Uuid, outbox::Refused> {
        self.enqueue(transaction, channel, deed, None, Some(self.settings.backlog), now).await
    }

    /// The same for what a reader was told is taken: none of it is refused, however much waits.
    ///
    /// # Errors
    /// A channel that does not exist, a database that cannot be written.
    pub async fn promise_all(
        &self,
        transaction: &mut SqliteConnection,
        channel: &str,
        deed: Value,
        now: Timestamp,
    ) -> Result<Uuid, outbox::Refused> {
        self.enqueue(transaction, channel, deed, None, None, now).await
    }

    /// The same, and it arrives after all that was promised before about the same thing; see [`receipts`].
    ///
    /// # Errors
    /// A channel that does not exist, a database that cannot be written.
    pub async fn promise_in_order(
        &self,
        transaction: &mut SqliteConnection,
        channel: &str,
        deed: Value,
        about: &str,
        now: Timestamp,
    ) -> Result<Uuid, outbox::Refused> {
        self.enqueue(transaction, channel, deed, Some(about), None, now).await
    }

    async fn enqueue(
        &self,
        transaction: &mut SqliteConnection,
        channel: &str,
        deed: Value,
        about: Option<&str>,
        bound: Option<i64>,
        now: Timestamp,
    ) -> Result<Uuid, outbox::Refused> {
        if !self.has(channel) {
            return Err(outbox::Refused::NoChannel(channel.to_owned()));
        }
        outbox::enqueue(transaction, channel, deed, about, bound, now).await
    }

    /// Is there a sink of this name?
    pub fn has(&self, channel: &str) -> bool {
        self.sinks.iter().any(|(name, _)| name == channel)
    }

    /// The bucket for files of tickets, where there is one.
    pub fn attachments(&self) -> Option<&Attachments> {
        self.sinks.iter().find_map(|(_, sink)| match sink.as_ref() {
            Sink::Attachments(bucket) => Some(bucket.as_ref()),
            _ => None,
        })
    }

    /// Can this sink be asked what it has of a ticket?
    pub fn can_be_asked(&self, channel: &str) -> bool {
        self.sinks.iter().any(|(name, sink)| name == channel && matches!(**sink, Sink::Desk(_)))
    }

    /// Tells when a sink said something that was asked for.
    pub fn answered(&self) -> watch::Receiver<()> {
        self.answered.subscribe()
    }

    /// Tells the lanes that a deed was promised or an operator decided something; to be called after the commit.
    pub fn wake(&self) {
        self.woken.send_replace(());
    }

    /// Tells the team of trouble, unless it was told a while ago; see [`alerts`].
    pub async fn alert(&self, trouble: alerts::Trouble, of: &str, detail: &str, now: Timestamp) {
        self.alerts.tell(&self.store, &self.settings, trouble, of, detail, now).await;
    }

    /// Those that events are sent to, and for which purpose.
    pub fn event_sinks(&self) -> impl Iterator<Item = (&str, Purpose)> {
        self.sinks.iter().filter_map(|(name, sink)| Some((name.as_str(), sink.purpose()?)))
    }

    /// One lane a sink.
    pub fn lanes(&self) -> Vec<Lane> {
        self.sinks.iter().map(|(name, sink)| self.lane(name, sink.clone())).collect()
    }

    fn lane(&self, name: &str, sink: Arc<Sink>) -> Lane {
        let caller = http::Caller::new(self.client.clone(), sink.limits().per_second);
        Lane::new(name, sink, caller, self)
    }
}
