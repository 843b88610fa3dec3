//! Events that are told long after the visit they belong to, with what their reader granted then.

use anyhow::{Context as _, Result};
use app::model::{Context, Event, Purpose};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::Tickets;
use crate::events::{self, Entry};
use crate::privacy::{Choice, Grants};

/// An event to be, with what its reader granted when it happened.
#[derive(Debug, Serialize, Deserialize)]
pub struct Later {
    context: Context,
    grants: String,
}

/// Who chose anew what is granted.
#[derive(Debug, Clone, Copy)]
pub struct Chooser<'a> {
    /// The choice that was made before in the same browser.
    pub before: Option<Uuid>,
    pub session: Option<Uuid>,
    /// The host's id of a reader it signed in.
    pub reader: Option<&'a str>,
}

impl Later {
    pub fn of(entry: &Entry) -> Self {
        Self { context: entry.context.clone(), grants: entry.grants.letters() }
    }

    /// What may be told of a ticket; nothing without its reader's own yes, as nobody could take back what nobody said.
    pub fn of_ticket(entry: Option<&Entry>, consent: Option<Uuid>) -> Option<Self> {
        entry.filter(|entry| consent.is_some() && entry.grants.allow(Purpose::Analytics)).map(Self::of)
    }

    pub fn entry(self, event: Event, at: Timestamp) -> Entry {
        Entry { at, event, context: self.context, grants: Grants::of_letters(&self.grants) }
    }

    /// What is left of it when its reader grants no more than `grants`.
    fn narrowed(self, grants: Grants) -> Option<Self> {
        let left = Grants::of_letters(&self.grants).and(grants);
        left.allow(Purpose::Analytics).then(|| Self { grants: left.letters(), ..self })
    }
}

impl Tickets {
    /// A reader chose anew: what was granted before and is not any more is not told of their tickets.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn withdraw(&self, chooser: &Chooser<'_>, choice: &Choice) -> Result<()> {
        let mut transaction = self.store.writer().begin().await.context("cannot begin to write what is granted")?;
        let text = |id: Option<Uuid>| id.map(|id| id.to_string());
        let tickets: Vec<(String, Json<Later>)> = sqlx::query_as(
            "select id, entry from tickets where entry is not null and (consent = $1 or session = $2 or reader = $3)",
        )
        .bind(text(chooser.before))
        .bind(text(chooser.session))
        .bind(chooser.reader)
        .fetch_all(&mut *transaction)
        .await
        .context("cannot read what may be told of tickets")?;
        for (ticket, Json(later)) in tickets {
            let left = later.narrowed(choice.grants);
            sqlx::query("update tickets set entry = $2, consent = $3 where id = $1")
                .bind(ticket)
                .bind(left.as_ref().map(Json))
                .bind(left.as_ref().map(|_| choice.id.to_string()))
                .execute(&mut *transaction)
                .await
                .context("cannot write what may be told of a ticket")?;
        }
        if !choice.grants.allow(Purpose::Analytics) {
            let forget = sqlx::query("update proposals set entry = null where session = $1");
            forget.bind(text(chooser.session)).execute(&mut *transaction).await?;
        }
        transaction.commit().await.context("cannot write what is granted")
    }
}

/// Forgets what is to be told of a reader whom the host signed in, and what they read and searched for before they
/// asked. To be called before their events go, by which their sessions are known.
///
/// # Errors
/// A database that cannot be written.
pub async fn erase_reader(transaction: &mut SqliteConnection, subject: &str) -> Result<()> {
    let sessions = "select session from events where body ->> 'user' = $2
                    union select session from trail where body ->> 'user' = $2";
    let tickets = format!("select id from tickets where reader = $1 or session in ({sessions})");
    for sql in [
        format!("delete from ticket_articles where ticket in ({tickets})"),
        format!("delete from ticket_searches where ticket in ({tickets})"),
        format!("update proposals set entry = null where $1 is not null and session in ({sessions})"),
        format!("update tickets set entry = null, consent = null where id in ({tickets})"),
    ] {
        let erase = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(subject).bind(events::pseudonym(subject));
        erase.execute(&mut *transaction).await.context("cannot erase what is to be told of a reader")?;
    }
    Ok(())
}
