//! A vendor's chat in place of our own. The first words become a ticket, which goes to the vendor's desk like any other,
//! and its reader goes on there. While nothing reaches that desk, or the vendor itself says that it is down, the chat is
//! away and readers are led to the form; it comes back by itself.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use app::model::event::Name;
use app::model::{Channel, Event};
use jiff::{SignedDuration, Timestamp};
use tracing::{info, warn};
use uuid::Uuid;

use super::end::subject;
use super::{Beginning, Chats, Settings};
use crate::delivery::operate;
use crate::events::Entry;
use crate::integrations::messenger::Messenger;
use crate::integrations::status_page::StatusPage;
use crate::store::Store;
use crate::tickets::{Draft, Opening, Ticket};

/// How often the status page is asked.
const EVERY: SignedDuration = SignedDuration::from_mins(1);

pub struct Vendor {
    pub messenger: Messenger,
    status: Option<StatusPage>,
    /// When the status page was asked last, and whether it said that the vendor is down.
    said: Mutex<(Option<Timestamp>, bool)>,
    is_away: AtomicBool,
}

impl Vendor {
    /// # Errors
    /// Settings that cannot be used.
    pub(super) fn of(settings: &Settings) -> Result<Option<Self>> {
        let Some(messenger) = settings.messenger().filter(|_| settings.open) else { return Ok(None) };
        let status = settings.status_url.as_deref().map(StatusPage::new).transpose();
        let status = status.context("chat.status_url cannot be used")?;
        Ok(Some(Self { messenger, status, said: Mutex::default(), is_away: AtomicBool::new(false) }))
    }

    pub fn is_away(&self) -> bool {
        self.is_away.load(Ordering::Relaxed)
    }

    /// Finds out whether it is away.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub(super) async fn look(&self, store: &Store, now: Timestamp) -> Result<()> {
        let is_down = self.says_down(now).await;
        let is_away = is_down || !operate::is_reached(store, self.messenger.desk(), now).await?;
        let name = self.messenger.name();
        match (self.is_away.swap(is_away, Ordering::Relaxed), is_away) {
            (false, true) => warn!("the chat of {name} is away: readers are led to the form"),
            (true, false) => info!("the chat of {name} is back"),
            _ => {}
        }
        Ok(())
    }

    /// What the status page said within the last minute. One that says nothing changes nothing.
    async fn says_down(&self, now: Timestamp) -> bool {
        let Some(status) = &self.status else { return false };
        let (asked_at, said) = *self.said();
        if asked_at.is_some_and(|at| now.duration_since(at) < EVERY) {
            return said;
        }
        let says = status.says_down(now).await.unwrap_or_else(|cause| {
            warn!("the status page of {} says nothing: {cause}", self.messenger.name());
            said
        });
        *self.said() = (Some(now), says);
        says
    }

    fn said(&self) -> MutexGuard<'_, (Option<Timestamp>, bool)> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Chats {
    /// The first words become a ticket, which the vendor's desk is told of; sent again they are the same ticket. What
    /// is held is told to nobody before an agent released it.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn begin_at_vendor(&self, beginning: Beginning, now: Timestamp) -> Result<Ticket> {
        let id = Uuid::now_v7();
        let form = self.settings.form.clone();
        let created = Event::TicketCreated { ticket: Name::of(&id.to_string()), form: Name::of(&form) };
        let draft = Draft {
            subject: subject(&beginning.text),
            text: beginning.text,
            name: beginning.name.unwrap_or_default(),
            email: beginning.email.unwrap_or_default(),
            page: beginning.page,
            begun_at: now.as_millisecond(),
            form,
            ..Draft::default()
        };
        let opening = Opening {
            id,
            channel: Channel::Chat,
            secret: beginning.secret,
            draft,
            reader: beginning.reader,
            locale: beginning.locale,
            audiences: beginning.audiences,
            dossier: beginning.dossier,
            before: beginning.before,
            consent: beginning.consent,
            session: beginning.session,
            attachments: Vec::new(),
            event: beginning.event.map(|entry| Entry { event: created, ..entry }),
            held: beginning.held,
            quiet: false,
        };
        self.tickets.open(opening, now).await
    }
}
