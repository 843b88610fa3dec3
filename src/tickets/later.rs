//! What may be told of tickets long after the visit they came from: readers may take it back.

use anyhow::{Context, Result};
use app::model::Purpose;
use sqlx::SqliteConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::Tickets;
use crate::events::{self, Later};
use crate::privacy::Choice;

/// Who chose anew what is granted.
#[derive(Debug, Clone, Copy)]
pub struct Chooser<'a> {
    /// The choice that was made before in the same browser.
    pub before: Option<Uuid>,
    pub session: Option<Uuid>,
    /// The host's id of a reader it signed in.
    pub reader: Option<&'a str>,
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
    let sessions = events::SESSIONS_OF_READER;
    let tickets = format!("select id from tickets where reader = $2 or session in ({sessions})");
    for sql in [
        format!("delete from ticket_articles where ticket in ({tickets})"),
        format!("delete from ticket_searches where ticket in ({tickets})"),
        format!("update proposals set entry = null where session in ({sessions})"),
        format!("update tickets set entry = null, consent = null where id in ({tickets})"),
    ] {
        let erase = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(events::pseudonym(subject)).bind(subject);
        erase.execute(&mut *transaction).await.context("cannot erase what is to be told of a reader")?;
    }
    Ok(())
}
