//! What is done when a promise comes near its end or past it, once each.

use anyhow::{Context, Result};
use jiff::Timestamp;
use sqlx::SqliteConnection;
use tracing::{error, info};

use super::agents::{Changed, note_rules};
use super::facts::Staff;
use super::notices::Notice;
use super::routed::note_given;
use super::{Ticket, Tickets, find};
use crate::routing::{Change, Step, Wanted, assign};

/// A step whose time has come, by its key.
#[derive(Debug, sqlx::FromRow)]
struct Due {
    ticket: String,
    target: String,
    started_at: i64,
    moment: String,
}

impl Tickets {
    /// Does what is due: steps of promises that are not kept, hand-overs of who is on call, alerts about many tickets.
    /// Each is done once, whatever dies in between: what is done is written in the same transaction as what it does.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn escalate(&self, now: Timestamp) -> Result<()> {
        if !self.routes() {
            return Ok(());
        }
        self.hand_over(now).await?;
        self.look_for_bursts(now).await?;
        loop {
            let due: Vec<Due> = sqlx::query_as(
                "select ticket, target, started_at, moment from escalations
                 where done_at is null and at <= $1 order by at limit 100",
            )
            .bind(now.as_millisecond())
            .fetch_all(self.store.readers())
            .await
            .context("cannot read what is to be done about late tickets")?;
            if due.is_empty() {
                return Ok(());
            }
            for due in due {
                self.take_step(&due, now).await?;
            }
        }
    }

    async fn take_step(&self, due: &Due, now: Timestamp) -> Result<()> {
        let mut transaction = self.store.writer().begin().await.context("cannot begin a step about a late ticket")?;
        let step: Option<String> = sqlx::query_scalar(
            "update escalations set done_at = $5
             where ticket = $1 and target = $2 and started_at = $3 and moment = $4 and done_at is null returning step",
        )
        .bind(&due.ticket)
        .bind(&due.target)
        .bind(due.started_at)
        .bind(&due.moment)
        .bind(now.as_millisecond())
        .fetch_optional(&mut *transaction)
        .await
        .context("cannot write that a step was done")?;
        // Planned otherwise meanwhile, perhaps because somebody answered.
        let Some(step) = step else { return Ok(()) };
        let step: Step = match serde_json::from_str(&step) {
            Ok(step) => step,
            Err(cause) => {
                error!(ticket = due.ticket, "a step about a late ticket cannot be read, and is left out: {cause}");
                return transaction.commit().await.context("cannot write that a step was left out");
            }
        };
        let ticket = find::within(&mut transaction, &due.ticket).await?;
        self.carry_out_step(&mut transaction, &ticket, &step, now).await?;
        transaction.commit().await.context("cannot write a step about a late ticket")?;
        info!(
            ticket = ticket.number,
            target = due.target,
            moment = due.moment,
            "a promise comes near its end or past it"
        );
        self.tell(&ticket.id);
        Ok(())
    }

    async fn carry_out_step(
        &self,
        transaction: &mut SqliteConnection,
        ticket: &Ticket,
        step: &Step,
        now: Timestamp,
    ) -> Result<()> {
        let promised = self.promised_in(transaction, ticket, now).await?;
        let mut changed = Changed { escalated: Some((step.target, step.moment.clone())), ..Changed::default() };
        let raised = (step.raise > 0).then(|| Change::Raise(step.raise).of(ticket.priority));
        changed.priority = raised.filter(|priority| *priority != ticket.priority);
        if let Some(priority) = changed.priority {
            let update = sqlx::query("update tickets set priority = $2 where id = $1").bind(&ticket.id);
            update.bind(priority.name()).execute(&mut *transaction).await.context("cannot raise a priority")?;
        }
        if let Some(group) = &step.group {
            self.move_to(transaction, ticket, group, &mut changed, now).await?;
        }
        // Who is writing an answer meanwhile is not held up by a mail.
        if step.group.is_some() || changed.priority.is_some() {
            self.set_status(transaction, &ticket.id, ticket.status, false, now).await?;
        }
        note_rules(transaction, &ticket.id, &changed, now).await?;
        let promise = promised.promises.iter().find(|promise| promise.target == step.target);
        let (due_at, zone) = promise.map_or((step.at, "UTC"), |it| (it.due_at.unwrap_or(step.at), it.zone.as_str()));
        let notice = Notice::Due { ticket, target: step.target, due_at, zone };
        self.notify(transaction, &step.notify, &notice, now).await
    }

    /// Gives a ticket to a group, and to whoever of it is free; who has it keeps it where they belong to the group.
    async fn move_to(
        &self,
        transaction: &mut SqliteConnection,
        ticket: &Ticket,
        name: &str,
        changed: &mut Changed,
        now: Timestamp,
    ) -> Result<()> {
        let Some(group) = self.rules().groups.get(name) else {
            error!(
                ticket = ticket.number,
                group = name,
                "a late ticket was to go to a group that is not there any more"
            );
            return Ok(());
        };
        let staff = Staff::read(transaction).await?;
        let is_here = |email: &str| group.agents.iter().any(|agent| agent.as_str() == email);
        let stays = ticket.assignee.as_deref().and_then(|id| staff.email(id)).is_some_and(is_here);
        changed.group = (ticket.group.as_deref() != Some(name)).then(|| name.to_owned());
        let update = sqlx::query("update tickets set \"group\" = $2 where id = $1").bind(&ticket.id).bind(name);
        update.execute(&mut *transaction).await.context("cannot move a ticket to another group")?;
        if stays {
            return Ok(());
        }
        let wanted = Wanted { skills: &[], locale: &ticket.locale };
        let (agent, _) = assign(self.rules(), group, &wanted, &staff.staffing, now);
        let agent = agent.as_deref().and_then(|email| staff.account(email));
        changed.assignee = Some(agent.map(|(_, name)| name.clone()).unwrap_or_default());
        let id = agent.map(|(id, _)| id.as_str());
        let update = sqlx::query("update tickets set assignee = $2 where id = $1").bind(&ticket.id).bind(id);
        update.execute(&mut *transaction).await.context("cannot give a late ticket to somebody else")?;
        note_given(transaction, id, now).await
    }
}
