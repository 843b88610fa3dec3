//! A draft becomes a ticket.

use anyhow::{Context, Result};
use app::model::{Author, Channel, Clue, Status};
use jiff::Timestamp;
use serde_json::{Map, Value};
use sqlx::SqliteConnection;
use sqlx::types::Json;
use tracing::error;
use uuid::Uuid;

use super::conversation::{self, Message};
use super::letters::Cause;
use super::notices::Notice;
use super::routed::Decided;
use super::{Before, Draft, Taken, Ticket, Tickets, desk, draft, held, outcomes};
use crate::events::{self, Entry};
use crate::identity::{Audience, Subject};
use crate::routing::Routed;

/// All that makes a ticket.
pub struct Opening {
    /// A UUIDv7, made by the caller, whose event names it.
    pub id: Uuid,
    /// How it came.
    pub channel: Channel,
    /// The secret of the draft: sent again it is the same ticket.
    pub secret: String,
    pub draft: Draft,
    /// Whom the host signed in.
    pub reader: Option<Subject>,
    pub locale: String,
    /// Groups of readers it belongs to, as its token proved.
    pub audiences: Audience,
    /// What the reader let travel.
    pub dossier: Vec<Clue>,
    /// What the reader did before, as far as it travels.
    pub before: Before,
    /// The reader's own choice of what is granted.
    pub consent: Option<Uuid>,
    pub session: Option<Uuid>,
    pub attachments: Vec<Taken>,
    pub event: Option<Entry>,
    /// It looks like spam: nobody is told of it before [`Tickets::release`].
    pub held: bool,
    /// Its requester gets no letter that it arrived.
    pub quiet: bool,
}

impl Tickets {
    /// Writes the ticket and what is promised with it; false when its draft is a ticket already, which this is then.
    /// `class`: of [`Tickets::class_of`].
    pub(super) async fn write_one(
        &self,
        transaction: &mut SqliteConnection,
        opening: &Opening,
        class: Option<String>,
        now: Timestamp,
    ) -> Result<(Ticket, bool)> {
        let draft_id = draft::hash(&opening.secret);
        let decided = self.decide(transaction, opening, class, None, now).await?;
        let Some(mut ticket) = self.insert(transaction, opening, &decided, &draft_id, now).await? else {
            return Ok((of_draft(transaction, &draft_id).await?, false));
        };
        let first = Message::of_requester(&ticket.id, ticket.name.clone(), opening.draft.text.trim(), now);
        conversation::insert(transaction, &first, &opening.attachments).await?;
        self.promise_taken(transaction, &opening.attachments, now).await?;
        match opening.held {
            true => held::hold(transaction, &mut ticket).await?,
            false => {
                let routed = decided.routed.as_ref();
                if let Some(routed) = routed {
                    self.carry_out(transaction, &ticket, routed, now).await?;
                }
                self.write_first(transaction, &ticket, Cause::Opened, now).await?;
                self.announce(transaction, &ticket, &first, &opening.attachments, routed, now).await?;
            }
        }
        Ok((ticket, true))
    }

    /// Tells desks and whom rules and alerts name that it is opened.
    pub(super) async fn announce(
        &self,
        transaction: &mut SqliteConnection,
        ticket: &Ticket,
        first: &Message,
        attachments: &[Taken],
        routed: Option<&Routed>,
        now: Timestamp,
    ) -> Result<()> {
        let desks = self.desks_of(ticket, routed);
        desk::promise_opened(self, transaction, ticket, &desks, first, attachments, now).await?;
        let Some(routed) = routed else { return Ok(()) };
        self.notify(transaction, &routed.notify, &Notice::Routed(ticket), now).await?;
        self.raise(transaction, ticket, &routed.alerts, now).await
    }

    /// By the rules, else by the settings. A desk that is only named keeps no ticket from being taken.
    pub(super) fn desks_of<'t>(&'t self, ticket: &Ticket, routed: Option<&'t Routed>) -> Vec<&'t str> {
        let Some(routed) = routed else {
            return self.settings.desks_of(&ticket.form, ticket.plan.as_deref(), &ticket.locale);
        };
        let (known, unknown): (Vec<_>, Vec<_>) =
            routed.desks.iter().map(String::as_str).partition(|desk| self.delivery.has(desk));
        if !unknown.is_empty() {
            error!(
                ticket = ticket.number,
                "routing.yml sends it to {}, which the settings do not have",
                unknown.join(", ")
            );
        }
        known
    }

    /// What follows when drafts became tickets, for all of them at once: the drafts go, what was proposed to their
    /// sessions was no answer, and it is noted that they were sent.
    pub(super) async fn settle(&self, transaction: &mut SqliteConnection, opened: &[&Opening]) -> Result<()> {
        let drafts: Vec<_> = opened.iter().map(|opening| draft::hash(&opening.secret)).collect();
        sqlx::query("delete from drafts where id in (select value from json_each($1))")
            .bind(Json(drafts))
            .execute(&mut *transaction)
            .await?;
        let sessions: Vec<_> = opened.iter().filter_map(|opening| opening.session).collect();
        // The sign keeps the planner from all that wait, of whatever session.
        sqlx::query(
            "update proposals set outcome = 'ticket'
             where session in (select value from json_each($1)) and +outcome is null",
        )
        .bind(Json(sessions))
        .execute(&mut *transaction)
        .await?;
        events::write(transaction, &self.ids, opened.iter().filter_map(|opening| opening.event.as_ref())).await
    }

    /// Nothing when its draft is a ticket already.
    pub(super) async fn insert(
        &self,
        transaction: &mut SqliteConnection,
        opening: &Opening,
        decided: &Decided,
        draft_id: &str,
        now: Timestamp,
    ) -> Result<Option<Ticket>> {
        let Opening { draft, reader, .. } = opening;
        let routed = decided.routed.as_ref();
        let inserted = sqlx::query_as(
            "insert into tickets (id, number, draft, secret, form, status, priority, subject, name, email, reader, plan,
                 locale, fields, dossier, session, tags, follows, opened_at, updated_at, since, reply_due_at, solve_due_at,
                 due_at, audiences, assignee, class, \"group\", routed, topics, quiet)
             values ($1, (select coalesce(max(number), $2) + 1 from tickets), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
                 $13, $14, $15, $16, $17, (select id from tickets where secret = $18), $19, $19, $19, $20, $21,
                 $22, $23, $24, $25, $26, $27, $28, $29)
             on conflict (draft) do nothing returning *",
        )
        .bind(opening.id.to_string())
        .bind(FIRST - 1)
        .bind(draft_id)
        .bind(super::secret())
        .bind(&draft.form)
        .bind(Status::New.name())
        .bind(decided.priority.name())
        .bind(draft.subject.trim())
        .bind(name(opening))
        .bind(email(opening))
        .bind(reader.as_ref().map(|reader| &reader.id))
        .bind(reader.as_ref().and_then(|reader| reader.plan.as_ref()))
        .bind(&opening.locale)
        .bind(Json(fields(draft)))
        .bind(Json(&opening.dossier))
        .bind(opening.session.map(|session| session.to_string()))
        .bind(Json(&decided.tags))
        .bind(&draft.follows)
        .bind(now.as_millisecond())
        .bind(decided.dues.reply)
        .bind(decided.dues.solve)
        .bind(decided.dues.next)
        .bind(Json(&opening.audiences))
        .bind(&decided.assignee)
        .bind(&decided.class)
        .bind(routed.and_then(|routed| routed.group.as_ref()))
        .bind(routed.map(|routed| Json(&routed.why)))
        .bind(Json(&opening.before.topics))
        .bind(opening.quiet)
        .fetch_optional(&mut *transaction);
        let inserted = inserted.await.context("cannot write a ticket")?;
        if inserted.is_some() {
            outcomes::keep(transaction, opening).await?;
        }
        Ok(inserted)
    }
}

/// The first ticket's number: people take one with few digits for a test.
const FIRST: i64 = 1001;

pub(super) async fn of_draft(transaction: &mut SqliteConnection, draft_id: &str) -> Result<Ticket> {
    let ticket = sqlx::query_as("select * from tickets where draft = $1").bind(draft_id).fetch_one(transaction).await;
    ticket.context("cannot read a ticket")
}

/// What the host says of whom it signed in stands before what was typed.
fn name(opening: &Opening) -> Option<String> {
    let known = opening.reader.as_ref().and_then(|reader| reader.name.clone());
    known.or_else(|| Some(opening.draft.name.trim().to_owned()).filter(|name| !name.is_empty()))
}

pub(super) fn email(opening: &Opening) -> Option<String> {
    let known = opening.reader.as_ref().and_then(|reader| reader.email.clone());
    known.or_else(|| Some(opening.draft.email.trim().to_owned()).filter(|email| !email.is_empty()))
}

pub(super) fn fields(draft: &Draft) -> Map<String, Value> {
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
