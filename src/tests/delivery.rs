//! What leaves the program: every sink against its vendor's contract, over real HTTP, with a chosen clock.

mod auth;
mod bucket;
pub mod commands;
mod consent;
mod desks;
mod guarantees;
mod operators;
mod recipes;
mod requests;
mod running;
mod scenarios;

use app::model::event::Name;
use app::model::{Context, Event};
use jiff::{SignedDuration, Timestamp};
use signpost::config::{self, Config};
use signpost::delivery::operate::{self, Status};
use signpost::delivery::{self, Delivery, Lane, Next};
use signpost::events::{self, Entry, Ids};
use signpost::help;
use signpost::integrations::Guarantee;
use signpost::privacy::Grants;
use signpost::store::{self, Store};
use signpost::telemetry::Metrics;
use tempfile::TempDir;

use crate::contract::vendors::{self, SECRET, WEBHOOK_SECRET};
use crate::contract::{Check, Received, Vendor};

/// A sink and its vendor.
#[derive(Clone, Copy)]
pub struct Subject {
    pub name: &'static str,
    pub check: Check,
    pub guarantee: Guarantee,
    /// Settings, for a vendor at this address.
    settings: fn(&str) -> String,
    /// What is the same when the same is sent again.
    pub key: fn(&Received) -> String,
    /// Takes deeds only.
    pub deeds: bool,
}

/// Settings of every test: breaker and timeouts at the size of a test.
const COMMON: &str = "[delivery]\nbreaker_failures = 3\n";

pub const SUBJECTS: [Subject; 6] = [
    Subject {
        name: "ga4",
        check: vendors::ga4,
        guarantee: Guarantee::AtMostOnce,
        settings: |url| {
            format!(
                "[sinks.ga4]\nmeasurement_id = \"G-TEST\"\napi_secret = \"{SECRET}\"\nurl = \"{url}\"\ntimeout_ms = 300"
            )
        },
        key: Received::text,
        deeds: false,
    },
    Subject {
        name: "mixpanel",
        check: vendors::mixpanel,
        guarantee: Guarantee::ExactlyOnce,
        settings: |url| format!("[sinks.mixpanel]\ntoken = \"{SECRET}\"\nurl = \"{url}\"\ntimeout_ms = 300"),
        key: Received::text,
        deeds: false,
    },
    Subject {
        name: "s3",
        check: vendors::s3,
        guarantee: Guarantee::ExactlyOnce,
        settings: |url| {
            format!(
                "[sinks.s3]\nbucket = \"bucket\"\nregion = \"eu-west-1\"\naccess_key_id = \"id\"\nlinger_ms = 0\n\
                 secret_access_key = \"{SECRET}\"\nendpoint = \"{url}\"\ntimeout_ms = 300"
            )
        },
        key: |received| format!("{}\n{}", received.url.path(), received.text()),
        deeds: false,
    },
    Subject {
        name: "connector.test",
        check: vendors::generic,
        guarantee: Guarantee::AtLeastOnce,
        settings: |url| {
            format!(
                "[connectors.test]\nurl = \"{}/batch\"\nauth = {{ kind = \"bearer\", token = \"{SECRET}\" }}\n\
                 body = '{{\"batch\": {{{{ events }}}}}}'\nidempotency_header = \"Idempotency-Key\"\ntimeout_ms = 300\n\
                 answer = {{ json = true }}",
                url.trim_end_matches('/')
            )
        },
        key: |received| format!("{:?}\n{}", received.header("idempotency-key"), received.text()),
        deeds: false,
    },
    Subject {
        name: "webhook.test",
        check: vendors::webhook,
        guarantee: Guarantee::AtLeastOnce,
        settings: |url| {
            let url = url.trim_end_matches('/');
            format!("[webhooks.test]\nurl = \"{url}/hook\"\nsecrets = [\"{WEBHOOK_SECRET}\"]\ntimeout_ms = 300")
        },
        key: |received| format!("{:?}\n{}", received.header("webhook-id"), received.text()),
        deeds: false,
    },
    Subject {
        name: "slack",
        check: vendors::slack,
        guarantee: Guarantee::AtLeastOnce,
        settings: |url| {
            let url = url.trim_end_matches('/');
            format!("[alerts]\nslack_url = \"{url}/services/{SECRET}\"\nslack_timeout_ms = 300")
        },
        key: Received::text,
        deeds: true,
    },
];

impl Subject {
    pub fn secret(&self) -> &'static str {
        if self.name.starts_with("webhook") { WEBHOOK_SECRET } else { SECRET }
    }
}

/// Everything between a database and a vendor.
pub struct Bench {
    pub store: Store,
    pub vendor: Vendor,
    pub delivery: Delivery,
    pub lane: Lane,
    pub now: Timestamp,
    /// Of the database.
    pub folder: TempDir,
    pub config: Config,
    pub metrics: Metrics,
    subject: Subject,
    ids: Ids,
}

pub fn config_of(text: &str) -> Config {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("signpost.toml");
    std::fs::write(&file, text).unwrap();
    config::read(Some(&file), std::iter::empty()).unwrap()
}

pub async fn open(config: &Config, store: &Store) -> Delivery {
    open_with(config, store, &Metrics::default()).await
}

async fn open_with(config: &Config, store: &Store, metrics: &Metrics) -> Delivery {
    delivery::open(&config.delivery, help::destinations(config), store, metrics.delivery.clone()).await.unwrap()
}

pub fn lane_of(delivery: &Delivery, name: &str) -> Lane {
    delivery.lanes().into_iter().find(|lane| lane.name() == name).unwrap()
}

/// An event of a reader who granted `grants`.
pub fn entry(event: Event, grants: Grants, at: Timestamp) -> Entry {
    let context = Context { session: Some(Name::of("session-1")), locale: Some(Name::of("en")), ..Context::default() };
    Entry { at, event, context, grants }
}

pub async fn write(store: &Store, ids: &Ids, entries: &[Entry]) {
    let mut transaction = store.writer().begin().await.unwrap();
    events::write(&mut transaction, ids, entries).await.unwrap();
    transaction.commit().await.unwrap();
}

impl Bench {
    pub async fn of(subject: Subject) -> Self {
        Self::below(subject, "").await
    }

    /// With a vendor whose address has this behind it.
    pub async fn below(subject: Subject, path: &str) -> Self {
        let vendor = Vendor::open(subject.check).await;
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(folder.path()).await.unwrap();
        let settings = (subject.settings)(&format!("{}{path}", vendor.url));
        let config = config_of(&format!("{COMMON}{settings}"));
        let metrics = Metrics::default();
        let delivery = open_with(&config, &store, &metrics).await;
        let lane = lane_of(&delivery, subject.name);
        let now = Timestamp::now();
        Self { store, vendor, delivery, lane, now, folder, config, metrics, subject, ids: Ids::after(None) }
    }

    /// Something to deliver: `count` events, or one deed.
    pub async fn cause(&mut self, count: usize) -> i64 {
        if self.subject.deeds {
            self.promise("<Export> fails").await;
            return 1;
        }
        let grants = Grants::of([app::model::Purpose::Analytics]);
        let event = |n| entry(Event::ArticleViewed { article: Name::of(&format!("article-{n}")) }, grants, self.now);
        write(&self.store, &self.ids, &(0..count).map(event).collect::<Vec<_>>()).await;
        count as i64
    }

    pub async fn promise(&self, text: &str) -> String {
        let deed = serde_json::json!({ "type": "test.told", "text": text });
        let mut transaction = self.store.writer().begin().await.unwrap();
        let id = self.delivery.promise(&mut transaction, self.subject.name, deed, self.now).await.unwrap();
        transaction.commit().await.unwrap();
        id.to_string()
    }

    /// Steps until there is nothing to do now.
    pub async fn settle(&mut self) -> Next {
        for _ in 0..50 {
            let next = self.lane.step(self.now).await.unwrap();
            if next != Next::Now {
                return next;
            }
        }
        panic!("{} finds no end", self.subject.name);
    }

    /// Steps until nothing waits, going to the time each wait ends at.
    pub async fn settle_all(&mut self) {
        for _ in 0..50 {
            match self.settle().await {
                Next::Wait { until: Some(until), .. } => self.now = until + SignedDuration::from_secs(1),
                _ => return,
            }
        }
        panic!("{} is never done: {:?}", self.subject.name, self.status().await);
    }

    /// As after a restart of the program.
    pub async fn restart(&mut self) {
        self.delivery = open(&self.config, &self.store).await;
        self.lane = lane_of(&self.delivery, self.subject.name);
    }

    pub async fn status(&self) -> Status {
        operate::sinks(&self.store).await.unwrap().into_iter().find(|sink| sink.name == self.subject.name).unwrap()
    }

    pub fn asked(&self) -> usize {
        assert_eq!(self.vendor.faults(), Vec::<String>::new(), "{}", self.subject.name);
        self.vendor.received().len()
    }
}
