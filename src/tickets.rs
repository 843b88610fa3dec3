//! What readers ask people: first a draft, then a ticket, then a conversation until it is solved.
//!
//! Every deed is one transaction: the row, what is promised to other desks, the letters, the event. So nothing that
//! was confirmed is lost, and no desk that is down is waited for.

mod agents;
mod arrive;
mod attachments;
mod conversation;
pub mod desk;
pub mod dossier;
mod draft;
mod figures;
mod files;
mod forget;
mod form;
mod held;
mod letters;
pub mod macros;
mod merge;
mod open;
mod past;
mod proposals;
pub mod prose;
mod queue;
mod settings;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use app::model::{Clue, Priority, Rating, Status};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};
use tokio::sync::{broadcast, watch};

use crate::delivery::Delivery;
use crate::events::Ids;
use crate::identity::Audience;
use crate::mail::inbound;
use crate::site::Address;
use crate::store::Store;

pub use agents::{Change, Changed, Place};
pub use arrive::{Arrival, Flood, Mark, Outcome};
pub use attachments::{Attachment, Refused, Taken, Upload};
pub use conversation::{Message, Said, Speaker};
pub use draft::{Draft, Fault, Faults, KEPT, secret};
pub use figures::{Closing, DeskFigures, Difference, Effect, FEWEST, Given};
pub use files::Stored;
pub use form::{Field, Form, Kind, Text};
pub use merge::Unmerged;
pub use open::Opening;
pub use past::{Found, Past};
pub use proposals::Proposal;
pub use queue::{Filter, PAGE, Row, Sort};
pub use settings::{Rule, Settings};

/// Changes that a slow listener may fall behind by, before it has to look for itself.
const CHANGES: usize = 256;

/// The tickets of a help center.
#[derive(Clone)]
pub struct Tickets {
    settings: Arc<Settings>,
    store: Store,
    delivery: Arc<Delivery>,
    address: Address,
    /// Name of the site, as letters say it.
    site: String,
    /// How mails come.
    inbound: Arc<inbound::Settings>,
    default_locale: String,
    ids: Arc<Ids>,
    arrived: watch::Sender<()>,
    /// Where attachments lie.
    folder: PathBuf,
    /// Ids of tickets in which something happened.
    changed: broadcast::Sender<String>,
    /// Once somebody searched.
    past: Arc<Mutex<Option<Past>>>,
    /// Those to be written,
    waiting: Arc<Mutex<Vec<writer::Waiting>>>,
    /// and whose turn it is to write them.
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// A ticket as it is kept.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Ticket {
    pub id: String,
    pub number: i64,
    /// Of the requester's link. Never logged, and shown to nobody but the requester.
    pub secret: String,
    pub form: String,
    #[sqlx(try_from = "String")]
    pub status: Status,
    #[sqlx(try_from = "String")]
    pub priority: Priority,
    pub subject: String,
    pub name: Option<String>,
    pub email: Option<String>,
    /// The host's id of a reader it signed in.
    pub reader: Option<String>,
    pub plan: Option<String>,
    pub locale: String,
    #[sqlx(json)]
    pub fields: Map<String, Value>,
    /// What the reader let travel.
    #[sqlx(json)]
    pub dossier: Vec<Clue>,
    /// Groups of readers the requester belongs to.
    #[sqlx(json)]
    pub audiences: Audience,
    pub assignee: Option<String>,
    #[sqlx(json)]
    pub tags: Vec<String>,
    pub merged_into: Option<String>,
    pub follows: Option<String>,
    /// Times are milliseconds since 1970-01-01 UTC.
    pub opened_at: i64,
    /// Grows with every change.
    pub updated_at: i64,
    /// Since when it waits for whom its status names.
    pub since: i64,
    due_at: i64,
    pub reply_due_at: Option<i64>,
    pub replied_at: Option<i64>,
    pub solve_due_at: Option<i64>,
    pub solved_at: Option<i64>,
    rating: Option<String>,
    pub rating_comment: Option<String>,
    pub rated_at: Option<i64>,
    /// It looks like spam: no desk and no requester was told of it.
    pub held: bool,
}

impl Ticket {
    /// What the requester thought of the help.
    pub fn rating(&self) -> Option<Rating> {
        self.rating.clone().and_then(|name| Rating::try_from(name).ok())
    }

    /// When something is due, where something is.
    pub fn due_at(&self) -> Option<i64> {
        queue::due(self.due_at)
    }

    /// Path of the requester's page.
    pub fn path(&self) -> String {
        format!("/requests/{}", self.secret)
    }
}

/// What the rooms below give, for [`Tickets::new`].
pub struct Ground {
    pub store: Store,
    pub delivery: Arc<Delivery>,
    pub address: Address,
    /// Name of the site.
    pub site: String,
    /// How mails come.
    pub inbound: inbound::Settings,
    pub default_locale: String,
    pub ids: Arc<Ids>,
    pub arrived: watch::Sender<()>,
}

impl Tickets {
    /// `data`: the data directory, in which attachments get a folder.
    pub fn new(settings: Settings, ground: Ground, data: &Path) -> Self {
        let Ground { store, delivery, address, site, inbound, default_locale, ids, arrived } = ground;
        let inbound = Arc::new(inbound);
        let (changed, _) = broadcast::channel(CHANGES);
        let folder = data.join("attachments");
        let (settings, past, waiting, turn) = (Arc::new(settings), Arc::default(), Arc::default(), Arc::default());
        Self {
            settings,
            store,
            delivery,
            address,
            site,
            inbound,
            default_locale,
            ids,
            arrived,
            folder,
            changed,
            past,
            waiting,
            turn,
        }
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Tells the id of each ticket in which something happens from now on.
    pub fn watch(&self) -> broadcast::Receiver<String> {
        self.changed.subscribe()
    }

    /// What carries tickets elsewhere.
    pub fn delivery(&self) -> &Delivery {
        &self.delivery
    }

    /// # Errors
    /// A database that cannot be read.
    pub async fn by_id(&self, id: &str) -> Result<Option<Ticket>> {
        self.find("select * from tickets where id = $1", id).await
    }

    /// The ticket whose requester holds this secret.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn by_secret(&self, secret: &str) -> Result<Option<Ticket>> {
        self.find("select * from tickets where secret = $1", secret).await
    }

    /// # Errors
    /// A database that cannot be read.
    pub async fn by_number(&self, number: i64) -> Result<Option<Ticket>> {
        let ticket = sqlx::query_as("select * from tickets where number = $1").bind(number);
        Ok(ticket.fetch_optional(self.store.readers()).await?)
    }

    /// The ticket that the draft became.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn of_draft(&self, secret: &str) -> Result<Option<Ticket>> {
        self.find("select * from tickets where draft = $1", &draft::hash(secret)).await
    }

    /// Those of a reader whom the host signed in, newest first.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn of_reader(&self, reader: &str) -> Result<Vec<Ticket>> {
        let tickets = sqlx::query_as("select * from tickets where reader = $1 order by updated_at desc limit 100");
        Ok(tickets.bind(reader).fetch_all(self.store.readers()).await?)
    }

    /// Those that came from an address in small letters, newest first.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn of_address(&self, address: &str) -> Result<Vec<Ticket>> {
        let tickets = sqlx::query_as(
            "select * from tickets where lower(email) = $1 and email is not null order by updated_at desc limit 100",
        );
        Ok(tickets.bind(address).fetch_all(self.store.readers()).await?)
    }

    /// What is due now and then: forgets drafts that nobody went on with, closes what was solved long ago.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn keep_house(&self, now: Timestamp) -> Result<()> {
        self.forget_drafts(now).await?;
        self.settle_proposals(now).await?;
        let before = now - SignedDuration::from_hours(24 * i64::from(self.settings.close_days));
        sqlx::query("update tickets set status = 'closed' where status = 'solved' and solved_at <= $1")
            .bind(before.as_millisecond())
            .execute(self.store.writer())
            .await?;
        self.forget_closed(now).await
    }

    async fn find(&self, sql: &'static str, key: &str) -> Result<Option<Ticket>> {
        let ticket = sqlx::query_as(sql).bind(key).fetch_optional(self.store.readers()).await;
        ticket.context("cannot read a ticket")
    }

    /// To be called after the commit of what changed a ticket.
    fn tell(&self, ticket: &str) {
        self.delivery.wake();
        self.arrived.send_replace(());
        // Nobody may be listening.
        self.changed.send(ticket.to_owned()).ok();
    }
}

/// When something is due that was promised within so many minutes, in milliseconds since 1970.
fn in_minutes(now: Timestamp, minutes: Option<u32>) -> Option<i64> {
    minutes.map(|minutes| now.as_millisecond() + i64::from(minutes) * 60_000)
}
