//! What is said in a ticket, and how it stands after that.

mod standing;

use anyhow::{Context, Result};
use app::model::{Author, Status};
use jiff::Timestamp;
use sqlx::SqliteConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::letters::Cause;
use super::routed::note_given;
use super::{Taken, Ticket, Tickets, desk, files};

/// Something that was said.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Message {
    pub id: String,
    pub ticket: String,
    /// Milliseconds since 1970-01-01 UTC.
    pub at: i64,
    #[sqlx(try_from = "String")]
    pub author: Author,
    /// Id of an agent of ours.
    pub agent: Option<String>,
    /// As shown.
    pub name: Option<String>,
    /// A note that only agents see.
    pub internal: bool,
    /// Markdown of an agent's, plain text of a requester's.
    pub text: String,
    /// Ids of articles given as answers.
    #[sqlx(json)]
    pub articles: Vec<String>,
}

/// Who speaks.
#[derive(Debug, Clone, Copy)]
pub enum Speaker<'a> {
    Requester,
    /// Somebody who wrote a mail, and is not known to be the requester. Only agents read it.
    Stranger {
        name: &'a str,
    },
    /// Id and name.
    Agent {
        id: &'a str,
        name: &'a str,
    },
}

/// What is to be said.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    pub speaker: Speaker<'a>,
    pub text: &'a str,
    /// A note that only agents see.
    pub internal: bool,
    pub articles: &'a [String],
    pub attachments: &'a [Taken],
    /// How the ticket stands after it; without it as usual.
    pub status: Option<Status>,
}

impl Tickets {
    /// What was said, oldest first; notes only with `internal`.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn messages(&self, ticket: &str, internal: bool) -> Result<Vec<Message>> {
        let messages = sqlx::query_as("select * from messages where ticket = $1 and (internal = 0 or $2) order by id");
        messages.bind(ticket).bind(internal).fetch_all(self.store.readers()).await.context("cannot read a conversation")
    }

    /// Says something. A requester's word opens what was solved; what is closed stays so, and goes on in a ticket
    /// that follows it.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn say(&self, ticket: &Ticket, said: &Said<'_>, now: Timestamp) -> Result<Message> {
        let message = self.say_once(ticket, said, None, now).await;
        self.discard_unless(message.is_ok(), said.attachments).await;
        message?.context("only who names what was seen can come too late")
    }

    /// Says something, unless the ticket changed since `seen`, its `updated_at` when the speaker looked: then nothing
    /// is said.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn say_unless_changed(
        &self,
        ticket: &Ticket,
        said: &Said<'_>,
        seen: i64,
        now: Timestamp,
    ) -> Result<Option<Message>> {
        let message = self.say_once(ticket, said, Some(seen), now).await;
        self.discard_unless(matches!(message, Ok(Some(_))), said.attachments).await;
        message
    }

    /// Nothing when it changed since it was seen.
    async fn say_once(
        &self,
        ticket: &Ticket,
        said: &Said<'_>,
        seen: Option<i64>,
        now: Timestamp,
    ) -> Result<Option<Message>> {
        let mut transaction = self.store.writer().begin().await.context("cannot begin to write an answer")?;
        if let Some(seen) = seen
            && updated_at(&mut transaction, &ticket.id).await? != seen
        {
            return Ok(None);
        }
        let message = self.say_in(&mut transaction, ticket, said, now).await?;
        transaction.commit().await.context("cannot write an answer")?;
        self.tell(&ticket.id);
        Ok(Some(message))
    }

    pub(super) async fn say_in(
        &self,
        transaction: &mut SqliteConnection,
        ticket: &Ticket,
        said: &Said<'_>,
        now: Timestamp,
    ) -> Result<Message> {
        let message = message(ticket, said, now);
        let status = said.status.unwrap_or(after(ticket.status, said));
        insert(transaction, &message, said.attachments).await?;
        self.promise_taken(transaction, said.attachments, now).await?;
        let is_reply = message.author == Author::Agent && !message.internal;
        self.set_status(transaction, &ticket.id, status, is_reply, now).await?;
        if let Some(agent) = message.agent.as_ref().filter(|_| is_reply) {
            take_on(transaction, &ticket.id, agent, now).await?;
        }
        if message.author == Author::Requester && !message.internal {
            desk::promise_answered(self, transaction, ticket, &message, said.attachments, now).await?;
            self.raise_for(transaction, &message, now).await?;
        }
        if is_reply {
            self.write(transaction, ticket, Cause::Replied(&message), now).await?;
        }
        if message.author == Author::Agent && status == Status::Solved && ticket.status != Status::Solved {
            self.write(transaction, ticket, Cause::Solved, now).await?;
        }
        Ok(message)
    }

    /// The requester says that it is solved.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn solve(&self, ticket: &Ticket, now: Timestamp) -> Result<()> {
        if ticket.status == Status::Closed {
            return Ok(());
        }
        let mut transaction = self.store.writer().begin().await.context("cannot begin to solve a ticket")?;
        self.set_status(&mut transaction, &ticket.id, Status::Solved, false, now).await?;
        transaction.commit().await?;
        self.tell(&ticket.id);
        Ok(())
    }
}

pub(super) async fn updated_at(transaction: &mut SqliteConnection, ticket: &str) -> Result<i64> {
    let at = sqlx::query_scalar("select updated_at from tickets where id = $1").bind(ticket);
    at.fetch_one(transaction).await.context("cannot read when a ticket changed")
}

/// Who answers a ticket of nobody has it.
async fn take_on(transaction: &mut SqliteConnection, ticket: &str, agent: &str, now: Timestamp) -> Result<()> {
    let update = sqlx::query("update tickets set assignee = $2 where id = $1 and assignee is null");
    let update = update.bind(ticket).bind(agent).execute(&mut *transaction).await.context("cannot assign a ticket")?;
    note_given(transaction, Some(agent).filter(|_| update.rows_affected() > 0), now).await
}

fn message(ticket: &Ticket, said: &Said<'_>, now: Timestamp) -> Message {
    let (author, agent, name) = match said.speaker {
        Speaker::Requester => (Author::Requester, None, ticket.name.clone()),
        Speaker::Stranger { name } => (Author::Requester, None, Some(name.to_owned())),
        Speaker::Agent { id, name } => (Author::Agent, Some(id.to_owned()), Some(name.to_owned())),
    };
    Message {
        id: Uuid::now_v7().to_string(),
        ticket: ticket.id.clone(),
        at: now.as_millisecond(),
        author,
        agent,
        name,
        internal: said.internal || matches!(said.speaker, Speaker::Stranger { .. }),
        text: said.text.trim().to_owned(),
        articles: said.articles.to_vec(),
    }
}

/// How a ticket usually stands after something was said.
fn after(before: Status, said: &Said<'_>) -> Status {
    match (before, said.speaker) {
        (Status::Closed, _) => Status::Closed,
        (_, Speaker::Stranger { .. }) => before,
        _ if said.internal => before,
        (Status::New, Speaker::Requester) => Status::New,
        (_, Speaker::Requester) => Status::Open,
        (_, Speaker::Agent { .. }) => Status::Pending,
    }
}

/// Writes `message` and what came with it.
pub(super) async fn insert(transaction: &mut SqliteConnection, message: &Message, attachments: &[Taken]) -> Result<()> {
    sqlx::query(
        "insert into messages (id, ticket, at, author, agent, name, internal, text, articles)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&message.id)
    .bind(&message.ticket)
    .bind(message.at)
    .bind(message.author.name())
    .bind(&message.agent)
    .bind(&message.name)
    .bind(message.internal)
    .bind(&message.text)
    .bind(Json(&message.articles))
    .execute(&mut *transaction)
    .await
    .context("cannot write what was said")?;
    files::insert(transaction, message, attachments).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_changes_how_a_ticket_stands() {
        let agent = Speaker::Agent { id: "1", name: "Sam" };
        let check = |before, speaker, internal, expect| {
            let said = Said { speaker, text: "", internal, articles: &[], attachments: &[], status: None };
            assert_eq!(after(before, &said), expect, "{before:?}");
        };
        check(Status::New, Speaker::Requester, false, Status::New);
        check(Status::Pending, Speaker::Requester, false, Status::Open);
        check(Status::Solved, Speaker::Requester, false, Status::Open);
        check(Status::Closed, Speaker::Requester, false, Status::Closed);
        check(Status::New, agent, false, Status::Pending);
        check(Status::New, agent, true, Status::New);
    }
}
