//! Mail from a promise to a server's receipt, over real SMTP, with a chosen clock.

mod doubt;
mod operators;
mod refusals;
mod requests;
mod scenarios;
mod suppressed;
mod transports;

use jiff::{SignedDuration, Timestamp};
use mail_parser::{Message, MessageParser};
use serde_json::Value;
use signpost::config::Config;
use signpost::delivery::operate::{self, Status};
use signpost::delivery::{Delivery, Lane, Next};
use signpost::mail::{self, CHANNEL, Letter, Reader};
use signpost::store::{self, Store};
use tempfile::TempDir;

use crate::contract::smtp::{MailServer, PASSWORD, Safety, Taken};
use crate::delivery::{config_of, lane_of, open};

pub const FROM: &str = "Acme Help <help@acme.example>";

/// Everything between a database and a mail server.
pub struct Bench {
    pub server: MailServer,
    pub store: Store,
    pub config: Config,
    pub delivery: Delivery,
    pub lane: Lane,
    pub now: Timestamp,
    pub folder: TempDir,
}

/// `[mail]` for a server.
pub fn settings(server: &MailServer, safety: Safety, password: &str) -> String {
    let (scheme, wish) = match safety {
        Safety::StartTls => ("smtp", "?tls=required"),
        Safety::Implicit => ("smtps", ""),
        Safety::None => ("smtp", ""),
    };
    format!(
        "[mail]\nurl = \"{scheme}://help%40acme.example:{password}@localhost:{}{wish}\"\nfrom = \"{FROM}\"\n\
         authority = {:?}\ntimeout_ms = 500\nper_second = 1000\n",
        server.port, server.authority
    )
}

pub fn letter() -> Value {
    let letter = Letter::Reply {
        ticket: "41207",
        subject: "Der Export schlägt fehl",
        agent: "Grace",
        text: ".\n\nOpen the settings.",
        link: "https://help.acme.example/requests/k3y",
        by_mail: false,
    };
    mail::written(&letter, "Acme", Reader { address: "ada@customer.example", locale: "en" }).deed()
}

impl Bench {
    pub async fn open() -> Self {
        let server = MailServer::open(Safety::StartTls).await;
        let settings = settings(&server, Safety::StartTls, PASSWORD);
        Self::with(server, &settings).await
    }

    pub async fn with(server: MailServer, settings: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(folder.path()).await.unwrap();
        let config = config_of(&format!("[delivery]\nbreaker_failures = 3\n{settings}"));
        let delivery = open(&config, &store).await;
        let lane = lane_of(&delivery, CHANNEL);
        Self { server, store, config, delivery, lane, now: Timestamp::now(), folder }
    }

    pub async fn promise(&self, deed: Value) -> String {
        let mut transaction = self.store.writer().begin().await.unwrap();
        let id = self.delivery.promise(&mut transaction, CHANNEL, deed, self.now).await.unwrap();
        transaction.commit().await.unwrap();
        id.to_string()
    }

    /// As after a restart of the program, with these settings.
    pub async fn restart(&mut self, settings: &str) {
        self.config = config_of(settings);
        self.delivery = open(&self.config, &self.store).await;
        self.lane = lane_of(&self.delivery, CHANNEL);
    }

    /// Steps until there is nothing to do now.
    pub async fn settle(&mut self) -> Next {
        for _ in 0..50 {
            let next = self.lane.step(self.now).await.unwrap();
            if next != Next::Now {
                return next;
            }
        }
        panic!("mail finds no end: {:?}", self.status().await);
    }

    /// Steps until nothing waits, going to the time each wait ends at.
    pub async fn settle_all(&mut self) {
        for _ in 0..50 {
            match self.settle().await {
                Next::Wait { until: Some(until), .. } => self.now = until + SignedDuration::from_secs(1),
                _ => return,
            }
        }
        panic!("mail is never done: {:?}", self.status().await);
    }

    pub async fn status(&self) -> Status {
        operate::sinks(&self.store).await.unwrap().into_iter().find(|sink| sink.name == CHANNEL).unwrap()
    }

    /// What the server took; it saw nothing that is not allowed.
    pub fn taken(&self) -> Vec<Taken> {
        assert_eq!(self.server.faults(), Vec::<String>::new());
        self.server.taken()
    }
}

pub fn parsed(taken: &Taken) -> Message<'_> {
    MessageParser::default().parse(&taken.bytes).unwrap()
}
