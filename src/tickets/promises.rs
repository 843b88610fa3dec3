//! What is promised to a requester, kept up with every change; and what is planned for when it is not kept.

use anyhow::{Context, Result};
use app::model::Status;
use jiff::Timestamp;
use serde_json::json;
use sqlx::SqliteConnection;
use sqlx::types::Json;

use super::agents::email_of;
use super::queue::{NEVER, PAUSED};
use super::{Ticket, Tickets, facts, find};
use crate::routing::{self, GENERAL, Promise, Promised, Standing, Step, Target};

/// When something is due, in milliseconds since 1970; nothing where nothing is promised, or its clock stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dues {
    pub reply: Option<i64>,
    pub next_reply: Option<i64>,
    pub solve: Option<i64>,
    /// The first of them that is not met, as the queue sorts it.
    pub next: i64,
}

/// What becomes of a step whose time is past when it is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missed {
    /// It is done at once.
    Done,
    /// It is left out: whoever changes the rules does not want to hear of all that was late before.
    LeftOut,
}

impl Default for Dues {
    fn default() -> Self {
        Self::first(None, None)
    }
}

impl Dues {
    /// Of a new ticket.
    pub fn first(reply: Option<i64>, solve: Option<i64>) -> Self {
        Self { reply, next_reply: None, solve, next: reply.or(solve).unwrap_or(NEVER) }
    }

    pub fn of(promises: &[Promise], status: Status) -> Self {
        let due =
            |target: Target| promises.iter().find(|it| it.target == target)?.due_at.map(Timestamp::as_millisecond);
        let open = || promises.iter().filter(|promise| promise.met_at.is_none());
        let next = match open().filter_map(|promise| promise.due_at).min() {
            _ if is_done(status) => NEVER,
            Some(at) => at.as_millisecond(),
            None if open().any(|promise| promise.paused) => PAUSED,
            None => NEVER,
        };
        Self { reply: due(Target::FirstReply), next_reply: due(Target::NextReply), solve: due(Target::Solve), next }
    }
}

fn is_done(status: Status) -> bool {
    matches!(status, Status::Solved | Status::Closed)
}

impl Tickets {
    /// What is promised of a ticket, as its clocks stand.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn promised(&self, ticket: &Ticket, now: Timestamp) -> Result<Promised> {
        let mut connection = self.store.readers().acquire().await?;
        self.promised_in(&mut connection, ticket, now).await
    }

    pub(super) async fn promised_in(
        &self,
        connection: &mut SqliteConnection,
        ticket: &Ticket,
        now: Timestamp,
    ) -> Result<Promised> {
        if !self.routes() {
            return Ok(Promised::default());
        }
        let facts = facts::of_ticket(connection, ticket, self.settings.form(&ticket.form)).await?;
        let agent = email_of(connection, ticket.assignee.as_deref()).await?;
        let class = ticket.class.as_deref().unwrap_or(GENERAL);
        let standing = Standing { class, priority: ticket.priority, agent: agent.as_deref() };
        Ok(routing::promise(self.rules(), &facts, &standing, now))
    }

    /// Writes when things are due by now, and plans what happens otherwise; to be called after every change of a ticket.
    /// Class, priority, group and agent stay: people may have chosen them.
    pub(super) async fn keep_promises(
        &self,
        transaction: &mut SqliteConnection,
        ticket: &str,
        missed: Missed,
        now: Timestamp,
    ) -> Result<()> {
        if !self.routes() {
            return Ok(());
        }
        let ticket = find::within(transaction, ticket).await?;
        let promised = self.promised_in(transaction, &ticket, now).await?;
        write(transaction, &ticket.id, Dues::of(&promised.promises, ticket.status)).await?;
        let rests = ticket.held || ticket.merged_into.is_some() || is_done(ticket.status);
        let steps: &[Step] = if rests { &[] } else { promised.steps.as_slice() };
        plan(transaction, &ticket.id, steps, missed, now).await
    }

    /// What is done next if nothing changes, and when.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn next_step(&self, ticket: &str) -> Result<Option<Step>> {
        let step: Option<Json<Step>> = sqlx::query_scalar(
            "select step from escalations where ticket = $1 and done_at is null order by at limit 1",
        )
        .bind(ticket)
        .fetch_optional(self.store.readers())
        .await
        .context("cannot read what is done next about a ticket")?;
        Ok(step.map(|Json(step)| step))
    }
}

async fn write(transaction: &mut SqliteConnection, ticket: &str, dues: Dues) -> Result<()> {
    sqlx::query(
        "update tickets set reply_due_at = $2, next_reply_due_at = $3, solve_due_at = $4, due_at = $5 where id = $1",
    )
    .bind(ticket)
    .bind(dues.reply)
    .bind(dues.next_reply)
    .bind(dues.solve)
    .bind(dues.next)
    .execute(transaction)
    .await
    .context("cannot write when something is due")?;
    Ok(())
}

/// Plans these steps and no others. What was done stays done, whatever the time it would have now.
pub(super) async fn plan(
    transaction: &mut SqliteConnection,
    ticket: &str,
    steps: &[Step],
    missed: Missed,
    now: Timestamp,
) -> Result<()> {
    let rows: Vec<_> = steps.iter().map(row).collect();
    let rows = Json(rows);
    sqlx::query(
        "delete from escalations where ticket = $1 and done_at is null and not exists (
             select 1 from json_each($2) where value ->> 'target' = escalations.target
                 and value ->> 'started_at' = escalations.started_at and value ->> 'moment' = escalations.moment)",
    )
    .bind(ticket)
    .bind(&rows)
    .execute(&mut *transaction)
    .await
    .context("cannot drop what was planned about a ticket")?;
    if steps.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "insert into escalations (ticket, target, started_at, moment, at, step, done_at)
         select $1, value ->> 'target', value ->> 'started_at', value ->> 'moment', value ->> 'at', value -> 'step',
             case when $3 and value ->> 'at' <= $4 then $4 end
         from json_each($2) where true
         on conflict (ticket, target, started_at, moment) do update set at = excluded.at, step = excluded.step
         where done_at is null",
    )
    .bind(ticket)
    .bind(&rows)
    .bind(missed == Missed::LeftOut)
    .bind(now.as_millisecond())
    .execute(transaction)
    .await
    .context("cannot plan what happens if a promise is not kept")?;
    Ok(())
}

fn row(step: &Step) -> serde_json::Value {
    json!({
        "target": step.target.name(),
        "started_at": step.started_at.as_millisecond(),
        "moment": step.moment,
        "at": step.at.as_millisecond(),
        "step": step,
    })
}
