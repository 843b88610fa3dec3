//! A draft becomes a ticket.

use anyhow::{Context, Result};
use app::model::{Author, Clue, Status};
use jiff::Timestamp;
use serde_json::{Map, Value};
use sqlx::SqliteConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::conversation::{self, Message};
use super::letters::Cause;
use super::queue::NEVER;
use super::{Draft, Taken, Ticket, Tickets, desk, draft, held, in_minutes};
use crate::events::{self, Entry};
use crate::identity::{Audience, Subject};

/// All that makes a ticket.
pub struct Opening<'a> {
    /// A UUIDv7, made by the caller, whose event names it.
    pub id: Uuid,
    /// The secret of the draft: sent again it is the same ticket.
    pub secret: &'a str,
    pub draft: &'a Draft,
    /// Whom the host signed in.
    pub reader: Option<&'a Subject>,
    pub locale: &'a str,
    /// Groups of readers it belongs to, as its token proved.
    pub audiences: &'a Audience,
    /// What the reader let travel.
    pub dossier: Vec<Clue>,
    pub session: Option<Uuid>,
    pub attachments: &'a [Taken],
    pub event: Option<&'a Entry>,
}

impl Tickets {
    /// Opens the ticket, and promises it to every desk it belongs to; a draft that was sent before is the ticket it
    /// became.
    ///
    /// # Errors
    /// A database that cannot be written; then nothing was kept, and the draft still is.
    pub async fn open(&self, opening: &Opening<'_>, now: Timestamp) -> Result<Ticket> {
        self.open_or_hold(opening, false, now).await
    }

    /// The same for what looks like spam: nobody is told of it before [`Tickets::release`].
    ///
    /// # Errors
    /// Likewise.
    pub async fn hold(&self, opening: &Opening<'_>, now: Timestamp) -> Result<Ticket> {
        self.open_or_hold(opening, true, now).await
    }

    async fn open_or_hold(&self, opening: &Opening<'_>, held: bool, now: Timestamp) -> Result<Ticket> {
        let opened = self.open_once(opening, held, now).await;
        let is_new = opened.as_ref().is_ok_and(|ticket| ticket.id == opening.id.to_string());
        self.discard_unless(is_new, opening.attachments).await;
        opened
    }

    async fn open_once(&self, opening: &Opening<'_>, held: bool, now: Timestamp) -> Result<Ticket> {
        let mut transaction = self.store.writer().begin().await.context("cannot begin to write a ticket")?;
        let draft_id = draft::hash(opening.secret);
        if !self.insert(&mut transaction, opening, &draft_id, now).await? {
            return of_draft(&mut transaction, &draft_id).await;
        }
        let id = opening.id.to_string();
        let first = Message::of_requester(&id, name(opening), opening.draft.text.trim(), now);
        conversation::insert(&mut transaction, &first, opening.attachments).await?;
        self.promise_taken(&mut transaction, opening.attachments, now).await?;
        sqlx::query("delete from drafts where id = $1").bind(&draft_id).execute(&mut *transaction).await?;
        sqlx::query("update proposals set outcome = 'ticket' where session = $1 and outcome is null")
            .bind(opening.session.map(|session| session.to_string()))
            .execute(&mut *transaction)
            .await?;
        let mut ticket = of_draft(&mut transaction, &draft_id).await?;
        match held {
            true => held::hold(&mut transaction, &mut ticket).await?,
            false => self.announce(&mut transaction, &ticket, &first, opening.attachments, now).await?,
        }
        events::write(&mut transaction, &self.ids, opening.event).await?;
        transaction.commit().await.context("cannot write a ticket")?;
        self.tell(&id);
        Ok(ticket)
    }

    /// Tells desks and the requester that it is opened.
    pub(super) async fn announce(
        &self,
        transaction: &mut SqliteConnection,
        ticket: &Ticket,
        first: &Message,
        attachments: &[Taken],
        now: Timestamp,
    ) -> Result<()> {
        desk::promise_opened(self, transaction, ticket, first, attachments, now).await?;
        self.write(transaction, ticket, Cause::Opened, now).await
    }

    /// False when its draft is a ticket already.
    async fn insert(
        &self,
        transaction: &mut SqliteConnection,
        opening: &Opening<'_>,
        draft_id: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let Opening { draft, reader, .. } = opening;
        let form = self.settings.form(&draft.form).with_context(|| format!("there is no form {}", draft.form))?;
        let inserted = sqlx::query(
            "insert into tickets (id, number, draft, secret, form, status, priority, subject, name, email, reader, plan,
                 locale, fields, dossier, session, tags, follows, opened_at, updated_at, since, reply_due_at, solve_due_at,
                 due_at, audiences)
             values ($1, (select coalesce(max(number), $2) + 1 from tickets), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
                 $13, $14, $15, $16, $17, (select id from tickets where secret = $18), $19, $19, $19, $20, $21,
                 coalesce($20, $21, $22), $23)
             on conflict (draft) do nothing",
        )
        .bind(opening.id.to_string())
        .bind(FIRST - 1)
        .bind(draft_id)
        .bind(super::secret())
        .bind(&draft.form)
        .bind(Status::New.name())
        .bind(form.priority.name())
        .bind(draft.subject.trim())
        .bind(name(opening))
        .bind(email(opening))
        .bind(reader.map(|reader| &reader.id))
        .bind(reader.and_then(|reader| reader.plan.as_ref()))
        .bind(opening.locale)
        .bind(Json(fields(draft)))
        .bind(Json(&opening.dossier))
        .bind(opening.session.map(|session| session.to_string()))
        .bind(Json(&form.tags))
        .bind(&draft.follows)
        .bind(now.as_millisecond())
        .bind(in_minutes(now, self.settings.reply_minutes.get(&form.priority).copied()))
        .bind(in_minutes(now, self.settings.solve_minutes.get(&form.priority).copied()))
        .bind(NEVER)
        .bind(Json(opening.audiences))
        .execute(transaction)
        .await
        .context("cannot write a ticket")?;
        Ok(inserted.rows_affected() == 1)
    }
}

/// The first ticket's number: people take one with few digits for a test.
const FIRST: i64 = 1001;

async fn of_draft(transaction: &mut SqliteConnection, draft_id: &str) -> Result<Ticket> {
    let ticket = sqlx::query_as("select * from tickets where draft = $1").bind(draft_id).fetch_one(transaction).await;
    ticket.context("cannot read a ticket")
}

/// What the host says of whom it signed in stands before what was typed.
fn name(opening: &Opening<'_>) -> Option<String> {
    let known = opening.reader.and_then(|reader| reader.name.clone());
    known.or_else(|| Some(opening.draft.name.trim().to_owned()).filter(|name| !name.is_empty()))
}

fn email(opening: &Opening<'_>) -> Option<String> {
    let known = opening.reader.and_then(|reader| reader.email.clone());
    known.or_else(|| Some(opening.draft.email.trim().to_owned()).filter(|email| !email.is_empty()))
}

fn fields(draft: &Draft) -> Map<String, Value> {
    let answered = draft.fields.iter().filter(|(_, answer)| !answer.trim().is_empty());
    answered.map(|(name, answer)| (name.clone(), Value::from(answer.trim()))).collect()
}

impl Message {
    fn of_requester(ticket: &str, name: Option<String>, text: &str, now: Timestamp) -> Self {
        Self {
            id: Uuid::now_v7().to_string(),
            ticket: ticket.to_owned(),
            at: now.as_millisecond(),
            author: Author::Requester,
            agent: None,
            name,
            internal: false,
            text: text.to_owned(),
            articles: Vec::new(),
        }
    }
}
