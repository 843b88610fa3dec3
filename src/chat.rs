//! Talks of readers with people, as they type. A chat is light until it ends: rows of its own, and a signal that
//! those who listen wait for. Once a person was asked for, its end is a ticket, whoever ends it and however: the agent,
//! the reader, a reader who does not come back, nobody who came. That is one transaction, so it happens once.
//!
//! Who is there is known in memory alone: after a start of the program everybody connects again.

mod begin;
mod bot;
mod end;
mod keep;
mod list;
mod live;
mod say;
mod settings;
mod stand;
mod vendor;

use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use app::model::{ChatAuthor, ChatState, Clue};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use jiff::{SignedDuration, Timestamp, Zoned};
use sqlx::types::Json;

use crate::events::{Ids, Later};
use crate::identity::Audience;
use crate::integrations::chat_bot::ChatBot;
use crate::routing::Calendar;
use crate::store::Store;
use crate::telemetry::Metrics;
use crate::telemetry::chats::Chats as Figures;
use crate::tickets::{Before, Tickets};

pub use begin::{Beginning, first_key};
pub use end::Ender;
pub use keep::{erase_reader, run, withdraw};
pub use list::{List, Listed};
pub use live::{Ear, News, Signal, Told};
pub use say::{LONGEST, Said, Saying};
pub use settings::Settings;

/// The chats of a help center.
#[derive(Clone)]
pub struct Chats {
    settings: Arc<Settings>,
    /// When people answer; nothing for always.
    calendar: Option<Arc<Calendar>>,
    store: Store,
    tickets: Tickets,
    ids: Arc<Ids>,
    figures: Figures,
    bot: Option<Arc<ChatBot>>,
    vendor: Option<Arc<vendor::Vendor>>,
    live: Arc<live::Live>,
    /// Messages to be written,
    waiting: Arc<Mutex<Vec<say::Waiting>>>,
    /// and whose turn it is to write them.
    turn: Arc<tokio::sync::Mutex<()>>,
    /// Messages of each reader.
    pace: Arc<DefaultKeyedRateLimiter<String>>,
}

/// A chat as it is kept.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Chat {
    pub id: String,
    #[sqlx(try_from = "String")]
    pub state: ChatState,
    /// Times are milliseconds since 1970-01-01 UTC.
    pub since: i64,
    pub name: Option<String>,
    pub email: Option<String>,
    /// The host's id of a reader it signed in.
    pub reader: Option<String>,
    pub plan: Option<String>,
    pub locale: String,
    #[sqlx(json)]
    pub audiences: Audience,
    /// What the reader let travel.
    #[sqlx(json)]
    pub dossier: Vec<Clue>,
    #[sqlx(json)]
    before: Before,
    /// The reader's choice that grants what may be told of it.
    consent: Option<String>,
    pub page: Option<String>,
    pub session: Option<String>,
    entry: Option<Json<Later>>,
    pub agent: Option<String>,
    pub agent_name: Option<String>,
    pub began_at: i64,
    /// When a person was asked for first.
    pub asked_at: Option<i64>,
    pub answered_at: Option<i64>,
    pub said_at: i64,
    #[sqlx(try_from = "String")]
    pub said_by: ChatAuthor,
    /// Id of the ticket it became.
    pub ticket: Option<String>,
    /// It began without the work that was asked for.
    held: bool,
}

impl Chat {
    pub fn is_over(&self) -> bool {
        self.state == ChatState::Over
    }

    /// Does anybody know where to answer, should the reader be gone?
    pub fn can_be_answered(&self) -> bool {
        self.email.is_some() || self.reader.is_some()
    }
}

/// Something that was said.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Message {
    pub chat: String,
    /// Counts from 1, without gaps.
    pub place: i64,
    /// Made by whoever said it.
    pub key: String,
    pub at: i64,
    #[sqlx(try_from = "String")]
    pub author: ChatAuthor,
    /// Id of an agent of ours.
    pub agent: Option<String>,
    /// As shown.
    pub name: Option<String>,
    /// A note that only agents see.
    pub internal: bool,
    /// Markdown of an agent's or a bot's, plain text of a reader's, the name of a line.
    pub text: String,
    /// Ids of articles given as answers.
    #[sqlx(json)]
    pub articles: Vec<String>,
}

/// An agent of ours: id and name.
pub type By<'a> = (&'a str, &'a str);

impl Chats {
    /// # Errors
    /// Settings that cannot be used.
    pub fn new(
        settings: &Settings,
        store: &Store,
        tickets: &Tickets,
        ids: Arc<Ids>,
        metrics: &Metrics,
        now: Timestamp,
    ) -> Result<Self> {
        let bot = settings.bot.as_ref().filter(|_| settings.open).map(ChatBot::new).transpose();
        Ok(Self {
            calendar: settings.calendar(tickets.rules())?.map(Arc::new),
            store: store.clone(),
            tickets: tickets.clone(),
            ids,
            figures: metrics.chats.clone(),
            bot: bot.context("[chat.bot] cannot be used")?.map(Arc::new),
            vendor: vendor::Vendor::of(settings)?.map(Arc::new),
            live: Arc::new(live::Live::new(now)),
            waiting: Arc::default(),
            turn: Arc::default(),
            pace: Arc::new(RateLimiter::keyed(Quota::per_minute(settings.per_minute))),
            settings: Arc::new(settings.clone()),
        })
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Who is there and who listens.
    pub fn live(&self) -> &live::Live {
        &self.live
    }

    /// What the bot is called, where there is one.
    pub fn bot(&self) -> Option<&str> {
        self.bot.as_ref().map(|bot| bot.name.as_str())
    }

    /// The vendor whose chat it is; none where it is our own.
    pub fn vendor(&self) -> Option<&vendor::Vendor> {
        self.vendor.as_deref()
    }

    /// Do people answer now: is one there, and are these the hours? Of a vendor's chat: is it not away?
    pub fn has_people(&self, now: Timestamp) -> bool {
        if let Some(vendor) = &self.vendor {
            return !vendor.is_away();
        }
        self.settings.open
            && self.calendar.as_ref().is_none_or(|calendar| calendar.is_open(now))
            && self.live.is_anybody_here(now - self.settings.away())
    }

    /// When people answer again, by the clock of their place; nothing within their hours, or where there are none.
    pub fn opens(&self, now: Timestamp) -> Option<Zoned> {
        let calendar = self.calendar.as_ref().filter(|calendar| !calendar.is_open(now))?;
        Some(calendar.due(now, SignedDuration::ZERO)?.to_zoned(calendar.zone.clone()))
    }

    /// Does anybody answer, a person or the bot?
    pub fn is_answered(&self, now: Timestamp) -> bool {
        self.settings.open && (self.bot.is_some() || self.has_people(now))
    }

    /// # Errors
    /// A database that cannot be read.
    pub async fn by_id(&self, id: &str) -> Result<Option<Chat>> {
        let chat = sqlx::query_as("select * from chats where id = $1").bind(id);
        chat.fetch_optional(self.store.readers()).await.context("cannot read a chat")
    }

    /// The chat whose reader holds this secret.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn by_secret(&self, secret: &str) -> Result<Option<Chat>> {
        let chat = sqlx::query_as("select * from chats where secret = $1").bind(begin::hash(secret));
        chat.fetch_optional(self.store.readers()).await.context("cannot read a chat")
    }

    /// What was said behind the place `after`, in order; notes only with `internal`.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn messages(&self, chat: &str, after: i64, internal: bool) -> Result<Vec<Message>> {
        let messages = sqlx::query_as(
            "select * from chat_messages where chat = $1 and place > $2 and (internal = 0 or $3) order by place",
        );
        let messages = messages.bind(chat).bind(after).bind(internal).fetch_all(self.store.readers()).await;
        messages.context("cannot read what was said in a chat")
    }

    /// May this reader tell once more that they type?
    pub fn allows_typing(&self, chat: &str) -> bool {
        self.pace.check_key(&format!("typing {chat}")).is_ok()
    }

    /// May this reader say one more thing now?
    pub fn allows(&self, chat: &str) -> bool {
        self.pace.check_key(&chat.to_owned()).is_ok()
    }
}
