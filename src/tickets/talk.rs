//! A chat that is over becomes a ticket: each of its words is a message, and desks are told the whole of it.

use anyhow::Result;
use app::model::{Author, Status};
use jiff::Timestamp;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::conversation::{self, Message};
use super::letters::Cause;
use super::notices::Notice;
use super::{Opening, Said, Speaker, Ticket, Tickets, desk, draft, find, held};
use crate::routing::Routed;

/// What was said before there was a ticket.
pub struct Talk {
    pub words: Vec<Word>,
    /// How the ticket stands.
    pub status: Status,
    /// Id of the agent who has it.
    pub agent: Option<String>,
    /// When a person was asked for: the ticket counts as opened then.
    pub asked_at: Timestamp,
    /// When an agent answered first, in milliseconds since 1970.
    pub answered_at: Option<i64>,
}

/// Something that was said.
#[derive(Debug, Clone)]
pub struct Word {
    /// Milliseconds since 1970-01-01 UTC.
    pub at: i64,
    pub author: Author,
    /// Id of an agent of ours.
    pub agent: Option<String>,
    /// As shown.
    pub name: Option<String>,
    /// For agents alone.
    pub internal: bool,
    pub text: String,
    /// Ids of articles given as answers.
    pub articles: Vec<String>,
}

impl Tickets {
    /// Writes the ticket of a talk within the transaction in which that ends; [`Tickets::opened_of_talk`] follows the
    /// commit. Done again it is the same ticket.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn open_of_talk(
        &self,
        transaction: &mut SqliteConnection,
        opening: &Opening,
        talk: &Talk,
        now: Timestamp,
    ) -> Result<Ticket> {
        let draft_id = draft::hash(&opening.secret);
        // Whoever talked with the reader goes on with it.
        let decided = self.decide(transaction, opening, None, talk.agent.as_deref(), talk.asked_at).await?;
        let Some(mut ticket) = self.insert(transaction, opening, &decided, &draft_id, talk.asked_at).await? else {
            return super::open::of_draft(transaction, &draft_id).await;
        };
        for word in &talk.words {
            conversation::insert(transaction, &message(&ticket, word), &[]).await?;
        }
        if opening.held {
            held::hold(transaction, &mut ticket).await?;
        }
        let routed = decided.routed.as_ref().filter(|_| !opening.held);
        if let Some(routed) = routed {
            self.carry_out(transaction, &ticket, routed, now).await?;
        }
        self.stand(transaction, &ticket, talk, now).await?;
        if !opening.held {
            self.announce_talk(transaction, &ticket, talk, routed, now).await?;
        }
        self.settle(transaction, &[opening]).await?;
        Ok(ticket)
    }

    async fn announce_talk(
        &self,
        transaction: &mut SqliteConnection,
        ticket: &Ticket,
        talk: &Talk,
        routed: Option<&Routed>,
        now: Timestamp,
    ) -> Result<()> {
        // Nobody need look at what is solved.
        let open = routed.filter(|_| talk.status != Status::Solved);
        // Whoever answered in the talk has heard it.
        if let Some(routed) = open.filter(|_| talk.answered_at.is_none()) {
            self.raise(transaction, ticket, &routed.alerts, now).await?;
        }
        let (desks, whole) = (self.desks_of(ticket, routed), whole(ticket, &talk.words, now));
        desk::promise_opened(self, transaction, ticket, &desks, &whole, &[], now).await?;
        let cause = if talk.status == Status::Solved { Cause::Over } else { Cause::Opened };
        self.write_first(transaction, ticket, cause, now).await?;
        let people = open.map(|routed| routed.notify.as_slice());
        self.notify(transaction, people.unwrap_or_default(), &Notice::Routed(ticket), now).await
    }

    async fn stand(&self, tx: &mut SqliteConnection, ticket: &Ticket, talk: &Talk, now: Timestamp) -> Result<()> {
        self.set_status(tx, &ticket.id, talk.status, false, now).await?;
        match talk.answered_at {
            Some(at) => self.note_reply(tx, &ticket.id, at, now).await,
            None => Ok(()),
        }
    }

    /// What the requester of a talk said after its end, in the transaction that keeps it. Agents see it: what was closed
    /// since is open again, and so is what the ticket was merged into.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn hear(&self, tx: &mut SqliteConnection, ticket: &str, text: &str, now: Timestamp) -> Result<()> {
        let known = sqlx::query_as("select * from tickets where id = $1").bind(ticket).fetch_optional(&mut *tx).await?;
        // It may be forgotten by now.
        let Some(ticket): Option<Ticket> = known else { return Ok(()) };
        let status = match &ticket.merged_into {
            Some(into) => {
                self.wake(tx, into, now).await?;
                None
            }
            None => (ticket.status == Status::Closed).then_some(Status::Open),
        };
        let speaker = Speaker::Requester;
        let said = Said { speaker, text, internal: false, articles: &[], attachments: &[], status };
        self.say_in(tx, &ticket, &said, now).await.map(drop)
    }

    /// Opens what waits for nobody but its requester.
    async fn wake(&self, tx: &mut SqliteConnection, ticket: &str, now: Timestamp) -> Result<()> {
        let ticket = find::within(tx, ticket).await?;
        match ticket.status {
            Status::New | Status::Open => Ok(()),
            Status::Pending | Status::Solved | Status::Closed => {
                self.set_status(tx, &ticket.id, Status::Open, false, now).await
            }
        }
    }

    /// Tells whoever follows tickets; to be called after the commit.
    pub fn opened_of_talk(&self, ticket: &str) {
        self.tell(ticket);
    }
}

fn message(ticket: &Ticket, word: &Word) -> Message {
    let Word { at, author, agent, name, internal, text, articles } = word.clone();
    let id = Uuid::now_v7().to_string();
    Message { id, ticket: ticket.id.clone(), at, author, agent, name, internal, text, articles }
}

/// All that was not for agents alone, as one text.
fn whole(ticket: &Ticket, words: &[Word], now: Timestamp) -> Message {
    let requester = ticket.name.as_deref().or(ticket.email.as_deref()).unwrap_or("–");
    let line = |word: &Word| match word.author {
        Author::Requester => format!("{requester}: {}", word.text),
        Author::Agent | Author::System => format!("{}: {}", word.name.as_deref().unwrap_or("–"), word.text),
    };
    let lines: Vec<_> = words.iter().filter(|word| !word.internal).map(line).collect();
    Message {
        id: Uuid::now_v7().to_string(),
        ticket: ticket.id.clone(),
        at: now.as_millisecond(),
        author: Author::Requester,
        agent: None,
        name: ticket.name.clone(),
        internal: false,
        text: lines.join("\n\n"),
        articles: Vec::new(),
    }
}
