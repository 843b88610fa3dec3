//! What readers ask people: first a draft, then a ticket, then a conversation until it is solved.
//!
//! Every deed is one transaction: the row, what is promised to other desks, the letters, the event. So nothing that
//! was confirmed is lost, and no desk that is down is waited for.

mod agents;
mod alerts;
mod arrive;
mod attachments;
mod bursts;
mod conversation;
pub mod desk;
pub mod dossier;
mod draft;
mod escalate;
mod facts;
mod figures;
mod files;
mod find;
mod forget;
mod form;
mod held;
mod later;
mod letters;
pub mod macros;
mod merge;
mod mutes;
mod notices;
mod on_call;
mod open;
mod outcomes;
mod past;
mod promises;
mod proposals;
pub mod prose;
mod queue;
mod replan;
mod routed;
mod rules;
mod settings;
mod talk;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::Result;
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
pub use facts::{facts_of, staffing};
pub use figures::{
    About, AskedAfter, By, Closing, Effect, Estimate, FEWEST, Figures, Given, Instead, RoutingFigures, Times,
    Unanswered, wilson,
};
pub use files::Stored;
pub use form::{Field, Form, Kind, Text};
pub use later::{Chooser, erase_reader};
pub use merge::Unmerged;
pub use mutes::{Alerted, Mute};
pub use open::Opening;
pub use outcomes::Before;
pub use past::{Found, Past};
pub use proposals::Proposal;
pub use queue::{Filter, PAGE, Row, Sort};
pub use rules::{Routing, known};
pub use settings::{Attachments, Rule, Settings};
pub use talk::{Talk, Word};

/// Changes that a slow listener may fall behind by, before it has to look for itself.
const CHANGES: usize = 256;

/// The tickets of a help center.
#[derive(Clone)]
pub struct Tickets {
    settings: Arc<Settings>,
    routing: Arc<Routing>,
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
    /// What it is about; nothing of tickets from before there was routing.
    pub class: Option<String>,
    /// Of `routing.yml`.
    pub group: Option<String>,
    /// Categories of the articles that its requester read or came from.
    #[sqlx(json)]
    pub topics: Vec<String>,
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
    pub next_reply_due_at: Option<i64>,
    pub solve_due_at: Option<i64>,
    pub solved_at: Option<i64>,
    rating: Option<String>,
    pub rating_comment: Option<String>,
    pub rated_at: Option<i64>,
    /// It looks like spam: no desk and no requester was told of it.
    pub held: bool,
    /// Its requester gets no letter that it arrived.
    quiet: bool,
    /// Since when nobody is told of it.
    pub muted_at: Option<i64>,
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

    /// Something is promised, and its clock stands still.
    pub fn is_paused(&self) -> bool {
        self.due_at == queue::PAUSED
    }

    /// Path of the requester's page.
    pub fn path(&self) -> String {
        format!("/requests/{}", self.secret)
    }
}

/// What the rooms below give, for [`Tickets::new`].
#[derive(Clone)]
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
            routing: Arc::default(),
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

    /// Has tickets routed by these rules.
    pub fn routed_by(self, routing: Routing) -> Self {
        Self { routing: Arc::new(routing), ..self }
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

    /// What is due now and then: forgets drafts that nobody went on with and what alerts told long ago, closes what was solved long ago.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn keep_house(&self, now: Timestamp) -> Result<()> {
        self.forget_drafts(now).await?;
        self.settle_proposals(now).await?;
        self.forget_alerts(now).await?;
        let before = now - SignedDuration::from_hours(24 * i64::from(self.settings.close_days));
        self.close_solved(before, now).await?;
        self.forget_closed(now).await
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
