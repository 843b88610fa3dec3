//! Tickets at Zendesk, Freshdesk and Intercom: each is made once and answers come in order, whatever happens between.

mod connectors;
mod doubts;
mod intercom;
mod kinds;
mod looks;
mod scenarios;
mod tickets;
mod tried;

use jiff::{SignedDuration, Timestamp};
use signpost::config::Config;
use signpost::delivery::operate::{self, Status};
use signpost::delivery::{Delivery, Lane, Next, receipts};
use signpost::integrations::desk::{Answered, Deed, File, Opened};
use signpost::integrations::{Receipt, sample};
use signpost::store::{self, Store};
use tempfile::TempDir;
use uuid::Uuid;

use super::{config_of, lane_of, open};
use crate::contract::vendors::SECRET;
use crate::contract::{Received, Vendor};

pub use kinds::{Kind, each};

/// How long a desk is waited for.
pub const PATIENCE_MS: u64 = 300;

/// A desk, and all between it and a database.
pub struct Desk {
    pub kind: Kind,
    pub vendor: Vendor,
    pub store: Store,
    pub delivery: Delivery,
    pub lane: Lane,
    pub now: Timestamp,
    pub config: Config,
    pub folder: TempDir,
}

impl Desk {
    pub async fn of(kind: Kind) -> Self {
        Self::below(kind, "").await
    }

    pub async fn below(kind: Kind, path: &str) -> Self {
        let vendor = kind.open().await;
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(folder.path()).await.unwrap();
        let settings = kind.settings(&format!("{}{path}", vendor.url));
        let config = config_of(&format!("{}{settings}", super::COMMON));
        let delivery = open(&config, &store).await;
        let lane = lane_of(&delivery, kind.name());
        // Some desks have no parts of seconds.
        let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
        kind.set_clock(now);
        Self { kind, vendor, store, delivery, lane, now, config, folder }
    }

    pub async fn promise(&self, deed: &Deed) -> String {
        let mut transaction = self.store.writer().begin().await.unwrap();
        let (about, deed) = (deed.ticket(), serde_json::to_value(deed).unwrap());
        let promised = self.delivery.promise_in_order(&mut transaction, self.kind.name(), deed, about, self.now);
        let id = promised.await.unwrap();
        transaction.commit().await.unwrap();
        id.to_string()
    }

    /// Promises a new ticket; gives its id.
    pub async fn opened(&self) -> String {
        let opened = opened();
        let ticket = opened.ticket.clone();
        self.promise(&Deed::Opened(Box::new(opened))).await;
        ticket
    }

    pub async fn answered(&self, ticket: &str, text: &str) -> String {
        self.promise(&Deed::Answered(Box::new(answered(ticket, text)))).await
    }

    /// A file as it lies in the folder of attachments.
    pub fn file(&self, name: &str, bytes: &[u8]) -> File {
        let path = self.folder.path().join(Uuid::now_v7().to_string());
        std::fs::write(&path, bytes).unwrap();
        File { name: name.to_owned(), media_type: "text/plain".to_owned(), bytes: bytes.len() as u64, path }
    }

    /// Steps until there is nothing to do now.
    pub async fn settle(&mut self) -> Next {
        for _ in 0..50 {
            self.kind.set_clock(self.now);
            let next = self.lane.step(self.now).await.unwrap();
            if next != Next::Now {
                return next;
            }
        }
        panic!("{} finds no end", self.kind.name());
    }

    /// Steps until nothing waits, going to the time each wait ends at.
    pub async fn settle_all(&mut self) {
        for _ in 0..50 {
            match self.settle().await {
                Next::Wait { until: Some(until), .. } => self.now = until + SignedDuration::from_secs(1),
                _ => return,
            }
        }
        panic!("{} is never done: {:?}", self.kind.name(), self.status().await);
    }

    /// As after a restart of the program, when the lease of what it was at has passed.
    pub async fn restart(&mut self) {
        self.delivery = open(&self.config, &self.store).await;
        self.lane = lane_of(&self.delivery, self.kind.name());
        self.now += SignedDuration::from_mins(3);
    }

    pub async fn status(&self) -> Status {
        operate::sinks(&self.store).await.unwrap().into_iter().find(|sink| sink.name == self.kind.name()).unwrap()
    }

    pub async fn receipt(&self, ticket: &str) -> Option<Receipt> {
        receipts::read(&self.store, self.kind.name(), ticket).await.unwrap()
    }

    pub fn asked(&self) -> Vec<Received> {
        assert_eq!(self.vendor.faults(), Vec::<String>::new(), "{}", self.kind.name());
        self.vendor.received()
    }

    /// Exactly these tickets are there, each once, and nothing waits or was given up.
    pub async fn check(&self, tickets: &[&str], what: &str) {
        let what = format!("{} {what}", self.kind.name());
        self.asked();
        let made = self.kind.made();
        assert_eq!(made.len(), tickets.len(), "{what}: {made:?}");
        for ticket in tickets {
            assert_eq!(made.get(&self.kind.key(ticket)), Some(&1), "{what}: {made:?}");
            let remote_id = self.receipt(ticket).await.and_then(|receipt| receipt.remote_id);
            assert!(remote_id.is_some(), "{what}: no receipt");
        }
        let status = self.status().await;
        assert_eq!((status.waiting, status.dead), (0, 0), "{what}: {status:?}");
        assert!(!status.last_error.unwrap_or_default().contains(SECRET), "{what}");
    }
}

pub fn opened() -> Opened {
    let deed = sample::deed(Timestamp::now());
    let Deed::Opened(mut opened) = serde_json::from_value(deed).unwrap() else { panic!("the sample opens a ticket") };
    opened.ticket = Uuid::now_v7().to_string();
    *opened
}

pub fn answered(ticket: &str, text: &str) -> Answered {
    Answered {
        ticket: ticket.to_owned(),
        message: Uuid::now_v7().to_string(),
        text: text.to_owned(),
        name: Some("Ada Example".to_owned()),
        email: Some("ada@example.com".to_owned()),
        files: Vec::new(),
        at: 1_785_000_000_000,
    }
}
