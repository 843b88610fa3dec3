//! What agents do with a ticket beside answering it. Each deed leaves a line in the conversation, for agents only.

use anyhow::{Context, Result};
use app::model::{Author, Priority, Status};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::conversation::{self, Message};
use super::letters::Cause;
use super::routed::note_given;
use super::{Ticket, Tickets};
use crate::routing::Target;

/// Earlier tickets of a requester that are shown.
const EARLIER: i64 = 10;

/// How a ticket is to stand; what is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    pub status: Option<Status>,
    pub priority: Option<Priority>,
    /// Id and name of an agent; nobody.
    pub assignee: Option<Option<(String, String)>>,
    pub tags: Option<Vec<String>>,
    /// What it is about.
    pub class: Option<String>,
    /// Of `routing.yml`; none of them.
    pub group: Option<Option<String>>,
}

/// What a line in the conversation says of a change, as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Changed {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Name of an agent; empty for nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Empty for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The rules did it, because this was not done by then: a promise, and the moment as `routing.yml` has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escalated: Option<(Target, String)>,
    /// Number of the ticket it goes on in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<i64>,
    /// How it stood before that, and ids of the tickets that had been merged into it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<Status>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub along: Vec<String>,
    /// Number of the ticket that goes on here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_from: Option<i64>,
    /// Number of the ticket that a merge with was undone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unmerged: Option<i64>,
    /// An alert was told: its name, the line of the rules and what that saw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alerted: Option<(String, String)>,
    /// Nobody is told of it any more; or they are again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub muted: Option<bool>,
    /// It is no spam.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub released: bool,
}

/// Another desk that a ticket is at, or is promised to.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Place {
    pub desk: String,
    /// What it is called there, once the desk has it.
    pub remote_id: Option<String>,
    /// For agents.
    pub url: Option<String>,
}

/// Who changes something: id and name.
pub type By<'a> = (&'a str, &'a str);

impl Tickets {
    /// Changes a ticket, unless it changed since `seen`, its `updated_at` when the agent looked: then false, and
    /// nothing is done.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn change(
        &self,
        ticket: &Ticket,
        change: &Change,
        seen: i64,
        by: By<'_>,
        now: Timestamp,
    ) -> Result<bool> {
        let changed = changed(ticket, change);
        if changed == Changed::default() {
            return Ok(true);
        }
        let mut transaction = self.store.writer().begin().await.context("cannot begin to change a ticket")?;
        if conversation::updated_at(&mut transaction, &ticket.id).await? != seen {
            return Ok(false);
        }
        if let Some(to) = &change.assignee {
            assign(&mut transaction, &ticket.id, to.as_ref().map(|(agent, _)| agent.as_str()), now).await?;
        }
        self.rewrite(&mut transaction, ticket, &changed, by).await?;
        self.set_status(&mut transaction, &ticket.id, changed.status.unwrap_or(ticket.status), false, now).await?;
        note(&mut transaction, &ticket.id, &changed, by, now).await?;
        if changed.status == Some(Status::Solved) {
            self.write(&mut transaction, ticket, Cause::Solved, now).await?;
        }
        transaction.commit().await.context("cannot change a ticket")?;
        self.tell(&ticket.id);
        Ok(true)
    }

    /// Priority, tags, class and group; what was promised by priority is counted anew from the opening.
    async fn rewrite(
        &self,
        transaction: &mut SqliteConnection,
        ticket: &Ticket,
        changed: &Changed,
        by: By<'_>,
    ) -> Result<()> {
        let priority = changed.priority.unwrap_or(ticket.priority);
        let opened = Timestamp::from_millisecond(ticket.opened_at).context("a ticket's time cannot be read")?;
        let (reply, solve) = match changed.priority {
            Some(priority) => (
                super::in_minutes(opened, self.settings.reply_minutes.get(&priority).copied()),
                super::in_minutes(opened, self.settings.solve_minutes.get(&priority).copied()),
            ),
            None => (ticket.reply_due_at, ticket.solve_due_at),
        };
        sqlx::query(
            "update tickets set priority = $2, tags = $3, reply_due_at = $4, solve_due_at = $5,
                 class = coalesce($6, class), \"group\" = case when $7 is null then \"group\" else nullif($7, '') end,
                 priority_by = case when $8 then $10 else priority_by end,
                 class_by = case when $9 then $10 else class_by end
             where id = $1",
        )
        .bind(&ticket.id)
        .bind(priority.name())
        .bind(Json(changed.tags.as_ref().unwrap_or(&ticket.tags)))
        .bind(reply)
        .bind(solve)
        .bind(&changed.class)
        .bind(&changed.group)
        .bind(changed.priority.is_some())
        .bind(changed.class.is_some())
        .bind(by.0)
        .execute(transaction)
        .await
        .context("cannot change a ticket")?;
        Ok(())
    }

    /// All that was said in a ticket and in those merged into it, notes too, in the order of time.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn conversation(&self, ticket: &str) -> Result<Vec<Message>> {
        let messages = sqlx::query_as(
            "select * from messages where ticket in (select id from tickets where id = $1 or merged_into = $1)
             order by id",
        );
        messages.bind(ticket).fetch_all(self.store.readers()).await.context("cannot read a conversation")
    }

    /// Tickets that go on in this one.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn merged(&self, ticket: &str) -> Result<Vec<Ticket>> {
        let tickets = sqlx::query_as("select * from tickets where merged_into = $1 order by number").bind(ticket);
        tickets.fetch_all(self.store.readers()).await.context("cannot read merged tickets")
    }

    /// Other tickets of the same requester, the one changed last first.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn earlier(&self, ticket: &Ticket) -> Result<Vec<Ticket>> {
        let tickets = sqlx::query_as(
            "select * from (
                 select * from (select * from tickets where reader = $1 order by updated_at desc limit $4 + 1)
                 union select * from (select * from tickets
                     where lower(email) = lower($2) and email is not null order by updated_at desc limit $4 + 1)
             ) where id <> $3 order by updated_at desc limit $4",
        );
        let tickets = tickets.bind(&ticket.reader).bind(&ticket.email).bind(&ticket.id).bind(EARLIER);
        tickets.fetch_all(self.store.readers()).await.context("cannot read a requester's tickets")
    }

    /// Other desks that a ticket is at.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn places(&self, ticket: &str) -> Result<Vec<Place>> {
        let places = sqlx::query_as("select desk, remote_id, url from desk_tickets where ticket = $1 order by desk");
        places.bind(ticket).fetch_all(self.store.readers()).await.context("cannot read where a ticket is")
    }
}

/// What `change` does to `ticket`.
fn changed(ticket: &Ticket, change: &Change) -> Changed {
    let assignee = change.assignee.as_ref().filter(|to| to.as_ref().map(|(id, _)| id) != ticket.assignee.as_ref());
    Changed {
        status: change.status.filter(|status| *status != ticket.status),
        priority: change.priority.filter(|priority| *priority != ticket.priority),
        assignee: assignee.map(|to| to.as_ref().map(|(_, name)| name.clone()).unwrap_or_default()),
        tags: change.tags.clone().filter(|tags| *tags != ticket.tags),
        class: change.class.clone().filter(|class| Some(class) != ticket.class.as_ref()),
        group: change.group.clone().filter(|group| *group != ticket.group).map(Option::unwrap_or_default),
        ..Changed::default()
    }
}

async fn assign(transaction: &mut SqliteConnection, ticket: &str, agent: Option<&str>, now: Timestamp) -> Result<()> {
    let update = sqlx::query("update tickets set assignee = $2 where id = $1").bind(ticket).bind(agent);
    update.execute(&mut *transaction).await.context("cannot assign a ticket")?;
    note_given(transaction, agent, now).await
}

/// The address of this agent, where the account is still there.
pub(super) async fn email_of(connection: &mut SqliteConnection, agent: Option<&str>) -> Result<Option<String>> {
    let Some(agent) = agent else { return Ok(None) };
    let email = sqlx::query_scalar("select email from agents where id = $1").bind(agent);
    email.fetch_optional(connection).await.context("cannot read who has a ticket")
}

/// An agent did it.
pub(super) async fn note(
    transaction: &mut SqliteConnection,
    ticket: &str,
    changed: &Changed,
    by: By<'_>,
    now: Timestamp,
) -> Result<()> {
    write_line(transaction, ticket, changed, Some(by), now).await
}

/// The rules did it.
pub(super) async fn note_rules(
    transaction: &mut SqliteConnection,
    ticket: &str,
    changed: &Changed,
    now: Timestamp,
) -> Result<()> {
    write_line(transaction, ticket, changed, None, now).await
}

async fn write_line(
    transaction: &mut SqliteConnection,
    ticket: &str,
    changed: &Changed,
    by: Option<By<'_>>,
    now: Timestamp,
) -> Result<()> {
    let message = Message {
        id: Uuid::now_v7().to_string(),
        ticket: ticket.to_owned(),
        at: now.as_millisecond(),
        author: Author::System,
        agent: by.map(|(agent, _)| agent.to_owned()),
        name: by.map(|(_, name)| name.to_owned()),
        internal: true,
        text: serde_json::to_string(changed)?,
        articles: Vec::new(),
    };
    conversation::insert(transaction, &message, &[]).await
}
