//! What routing decides of a ticket when it is opened, and again when it turns out to be no spam.

use anyhow::{Context, Result};
use app::model::Priority;
use jiff::Timestamp;
use sqlx::SqliteConnection;
use sqlx::types::Json;

use super::agents::email_of;
use super::facts::{self, Asker, Staff};
use super::promises::{Dues, Missed};
use super::{Form, Opening, Ticket, Tickets};
use crate::routing::{self, Fired, Routed, Rules};

/// What becomes of a ticket.
#[derive(Debug, Default)]
pub(super) struct Decided {
    pub class: String,
    pub priority: Priority,
    /// Id of an agent.
    pub assignee: Option<String>,
    pub tags: Vec<String>,
    pub dues: Dues,
    /// Whatever else the rules said; nothing where there are none.
    pub routed: Option<Routed>,
}

impl Tickets {
    /// Is there a `routing.yml`?
    pub fn routes(&self) -> bool {
        self.routing.fingerprint.is_some()
    }

    pub fn rules(&self) -> &Rules {
        &self.routing.rules
    }

    /// What the ticket is about, where that is all that is decided: words are cut before the database is held up.
    pub(super) fn class_of(&self, opening: &Opening, now: Timestamp) -> Option<String> {
        let form = self.settings.form(&opening.draft.form).filter(|_| !self.routes())?;
        Some(routing::classify(&self.rules().classes, &facts::of_opening(opening, form, now)).0)
    }

    /// `class`: of [`Tickets::class_of`], where it was asked before. `agent`: id of who has it already.
    pub(super) async fn decide(
        &self,
        transaction: &mut SqliteConnection,
        opening: &Opening,
        class: Option<String>,
        agent: Option<&str>,
        now: Timestamp,
    ) -> Result<Decided> {
        let form = &opening.draft.form;
        let form = self.settings.form(form).with_context(|| format!("there is no form {form}"))?;
        match class.or_else(|| self.class_of(opening, now)) {
            Some(class) => Ok(Decided { assignee: agent.map(str::to_owned), ..self.usual(form, class, now) }),
            None => self.route(transaction, opening, form, agent, now).await,
        }
    }

    /// Without rules the form decides.
    fn usual(&self, form: &Form, class: String, now: Timestamp) -> Decided {
        let within = |minutes: Option<&u32>| super::in_minutes(now, minutes.copied());
        let reply = within(self.settings.reply_minutes.get(&form.priority));
        let solve = within(self.settings.solve_minutes.get(&form.priority));
        let (priority, tags, dues) = (form.priority, form.tags.clone(), Dues::first(reply, solve));
        Decided { class, priority, tags, dues, ..Decided::default() }
    }

    async fn route(
        &self,
        transaction: &mut SqliteConnection,
        opening: &Opening,
        form: &Form,
        agent: Option<&str>,
        now: Timestamp,
    ) -> Result<Decided> {
        let mut facts = facts::of_opening(opening, form, now);
        let (reader, id) = (opening.reader.as_ref().map(|reader| reader.id.as_str()), opening.id.to_string());
        let asker = Asker { reader, email: facts.email.as_deref(), ticket: &id, opened_at: now };
        let history = facts::history(transaction, &asker).await?;
        facts.history = history;
        let staff = Staff::read(transaction).await?;
        let taken_by = email_of(transaction, agent).await?;
        let routed = routing::route(self.rules(), &facts, taken_by.as_deref(), &staff.staffing, now);
        // Spam takes nobody's time.
        let free = routed.agent.as_deref().filter(|_| !opening.held).and_then(|email| staff.account(email));
        Ok(Decided {
            class: routed.class.clone(),
            priority: routed.priority,
            assignee: agent.or(free.map(|(id, _)| id.as_str())).map(str::to_owned),
            tags: routed.tags.clone(),
            dues: Dues::of(&routed.promises, app::model::Status::New),
            routed: Some(routed),
        })
    }

    /// A ticket that was held is routed as if it had come now; what people decided meanwhile stands.
    pub(super) async fn route_released(
        &self,
        transaction: &mut SqliteConnection,
        ticket: &mut Ticket,
        now: Timestamp,
    ) -> Result<Option<Routed>> {
        if !self.routes() {
            return Ok(None);
        }
        let facts = facts::of_ticket(transaction, ticket, self.settings.form(&ticket.form)).await?;
        let staff = Staff::read(transaction).await?;
        let taken_by = email_of(transaction, ticket.assignee.as_deref()).await?;
        let routed = routing::route(self.rules(), &facts, taken_by.as_deref(), &staff.staffing, now);
        let agent = routed.agent.as_deref().and_then(|email| staff.account(email)).map(|(id, _)| id);
        *ticket = sqlx::query_as(
            "update tickets set class = case when class_by is null then $2 else class end,
                 priority = case when priority_by is null then $3 else priority end,
                 \"group\" = coalesce(\"group\", $4), assignee = coalesce(assignee, $5), tags = $6, routed = $7
             where id = $1 returning *",
        )
        .bind(&ticket.id)
        .bind(&routed.class)
        .bind(routed.priority.name())
        .bind(&routed.group)
        .bind(agent)
        .bind(Json(&routed.tags))
        .bind(Json(&routed.why))
        .fetch_one(&mut *transaction)
        .await
        .context("cannot write what was decided of a ticket")?;
        note_given(transaction, ticket.assignee.as_deref(), now).await?;
        Ok(Some(routed))
    }

    /// What follows from what the rules said of a new ticket that is not held, beside what desks are told.
    pub(super) async fn carry_out(
        &self,
        transaction: &mut SqliteConnection,
        ticket: &Ticket,
        routed: &Routed,
        now: Timestamp,
    ) -> Result<()> {
        note_given(transaction, ticket.assignee.as_deref(), now).await?;
        super::promises::plan(transaction, &ticket.id, &routed.steps, Missed::Done, now).await
    }

    /// Why a ticket is where it is, line by line; nothing where no rules decided.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn why(&self, ticket: &str) -> Result<Vec<Fired>> {
        let why: Option<Option<Json<Vec<Fired>>>> = sqlx::query_scalar("select routed from tickets where id = $1")
            .bind(ticket)
            .fetch_optional(self.store.readers())
            .await
            .context("cannot read why a ticket is where it is")?;
        Ok(why.flatten().map(|Json(why)| why).unwrap_or_default())
    }
}

/// Agents take turns by when they were given a ticket last.
pub(super) async fn note_given(transaction: &mut SqliteConnection, agent: Option<&str>, now: Timestamp) -> Result<()> {
    let Some(agent) = agent else { return Ok(()) };
    let update = sqlx::query("update agents set assigned_at = $2 where id = $1").bind(agent);
    update.bind(now.as_millisecond()).execute(transaction).await.context("cannot write who was given a ticket")?;
    Ok(())
}
