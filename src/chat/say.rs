//! Messages: those that wait to be written together are one transaction, so that the cost of a synced commit is shared
//! by all that came while the last one was under way.

use std::sync::PoisonError;
use std::time::Duration;

use anyhow::{Context, Result};
use app::model::{ChatAuthor, ChatState};
use jiff::Timestamp;
use sqlx::SqliteConnection;
use sqlx::types::Json;
use tokio::sync::oneshot;

use super::{By, Chat, Chats};
use crate::mask;

/// Characters of a message.
pub const LONGEST: usize = 4_000;
/// Messages of a chat; what is longer is no talk any more.
const MOST: i64 = 2_000;
/// Messages of one transaction: others who write wait for no more.
const GROUP: usize = 256;

/// What is to be said.
#[derive(Debug, Clone)]
pub struct Saying {
    pub chat: String,
    /// Made by whoever says it: said again it is the same message.
    pub key: String,
    pub author: ChatAuthor,
    /// Id of an agent.
    pub agent: Option<String>,
    pub name: Option<String>,
    /// For agents alone.
    pub internal: bool,
    pub text: String,
    pub articles: Vec<String>,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// It stands at this place.
    Now(i64),
    /// It was said before.
    Before,
    /// The chat takes no more.
    Full,
}

/// A message to be, and who waits for it.
pub(super) struct Waiting {
    saying: Saying,
    now: Timestamp,
    done: oneshot::Sender<Result<(Said, Chat)>>,
}

impl Saying {
    pub fn of_reader(chat: &str, key: &str, text: &str) -> Self {
        // Whoever writes a card's number to a stranger did not mean it to be kept.
        Self::of(chat, key, ChatAuthor::Reader, &mask::cards(text))
    }

    pub fn of_agent(chat: &str, key: &str, (agent, name): By<'_>, text: &str) -> Self {
        let (agent, name) = (Some(agent.to_owned()), Some(name.to_owned()));
        Self { agent, name, ..Self::of(chat, key, ChatAuthor::Agent, text) }
    }

    pub(super) fn of(chat: &str, key: &str, author: ChatAuthor, text: &str) -> Self {
        Self {
            chat: chat.to_owned(),
            key: key.to_owned(),
            author,
            agent: None,
            name: None,
            internal: false,
            text: text.trim().replace('\r', ""),
            articles: Vec::new(),
        }
    }
}

impl Chats {
    /// Says something; returns once it is on disk. What a reader says after the end goes into the ticket the chat
    /// became; where there is none, the chat goes on.
    ///
    /// # Errors
    /// A chat that does not exist, a database that cannot be written.
    pub async fn say(&self, saying: Saying, now: Timestamp) -> Result<Said> {
        let is_readers = saying.author == ChatAuthor::Reader;
        let (done, written) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(Waiting { saying, now, done });
        // A task of its own: whoever goes away before the answer stops nobody else's message.
        tokio::spawn(self.clone().take_turn());
        let (said, chat) = written.await.context("the writing of a message broke off")??;
        if is_readers && matches!(said, Said::Now(_)) {
            self.live.reader_is_here(&chat.id, now);
            self.ask_bot(&chat);
        }
        Ok(said)
    }

    /// Writes what waits, unless an earlier turn did. Every message brings a turn, so none is left waiting.
    async fn take_turn(self) {
        let _turn = self.turn.lock().await;
        let group: Vec<_> = {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let count = waiting.len().min(GROUP);
            waiting.drain(..count).collect()
        };
        match self.write_all(&group).await {
            Ok(written) => group.into_iter().zip(written).for_each(|(waiting, said)| answer(waiting, Ok(said))),
            // In transactions of their own: one that cannot be written keeps no other from it.
            Err(_) => {
                for waiting in group {
                    let written = self.write_all(std::slice::from_ref(&waiting)).await;
                    let said = written.and_then(|mut said| said.pop().context("a message was not written"));
                    answer(waiting, said);
                }
            }
        }
    }

    async fn write_all(&self, group: &[Waiting]) -> Result<Vec<(Said, Chat)>> {
        if group.is_empty() {
            return Ok(Vec::new());
        }
        let mut transaction = self.store.writer().begin().await.context("cannot begin to write messages")?;
        let mut written = Vec::with_capacity(group.len());
        for Waiting { saying, now, .. } in group {
            written.push(self.write_one(&mut transaction, saying, *now).await?);
        }
        transaction.commit().await.context("cannot write messages")?;
        for (waiting, (said, chat)) in group.iter().zip(&written).filter(|(_, (said, _))| matches!(said, Said::Now(_)))
        {
            self.count(waiting, chat);
            tracing::trace!(chat = chat.id, ?said, "said");
            self.live.said(&chat.id, chat.agent.clone());
            chat.ticket.iter().for_each(|ticket| self.tickets.opened_of_talk(ticket));
        }
        Ok(written)
    }

    /// What agents note for themselves is not said.
    fn count(&self, Waiting { saying, now, .. }: &Waiting, chat: &Chat) {
        if saying.internal {
            return;
        }
        self.figures.count_message(saying.author.name());
        let is_first = saying.author == ChatAuthor::Agent && chat.answered_at == Some(now.as_millisecond());
        if let Some(asked_at) = chat.asked_at.filter(|_| is_first) {
            let waited = now.as_millisecond() - asked_at;
            self.figures.count_first_answer(Duration::from_millis(waited.try_into().unwrap_or_default()));
        }
    }

    async fn write_one(&self, tx: &mut SqliteConnection, saying: &Saying, now: Timestamp) -> Result<(Said, Chat)> {
        let said = write(tx, saying, now).await?;
        let mut chat: Chat = sqlx::query_as("select * from chats where id = $1")
            .bind(&saying.chat)
            .fetch_one(&mut *tx)
            .await
            .context("cannot read a chat")?;
        if !matches!(said, Said::Now(_)) {
            return Ok((said, chat));
        }
        let is_readers = saying.author == ChatAuthor::Reader;
        match (&chat.ticket, chat.state) {
            (Some(ticket), _) if is_readers => self.tickets.hear(tx, ticket, &saying.text, now).await?,
            (None, ChatState::Over) if is_readers => chat = self.go_on(tx, &chat.id, now).await?,
            _ => {}
        }
        Ok((said, chat))
    }
}

fn answer(waiting: Waiting, said: Result<(Said, Chat)>) {
    if waiting.done.send(said).is_err() {
        tracing::debug!("the sender of a message did not wait for its answer");
    }
}

/// Writes a message behind all others of its chat, unless it was written before.
pub(super) async fn write(tx: &mut SqliteConnection, saying: &Saying, now: Timestamp) -> Result<Said> {
    let place: Option<i64> = sqlx::query_scalar(
        "insert into chat_messages (chat, place, key, at, author, agent, name, internal, text, articles)
         select $1, coalesce(max(place), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9 from chat_messages where chat = $1
         having coalesce(max(place), 0) < $10
         on conflict (chat, key) do nothing returning place",
    )
    .bind(&saying.chat)
    .bind(&saying.key)
    .bind(now.as_millisecond())
    .bind(saying.author.name())
    .bind(&saying.agent)
    .bind(&saying.name)
    .bind(saying.internal)
    .bind(&saying.text)
    .bind(Json(&saying.articles))
    .bind(MOST)
    .fetch_optional(&mut *tx)
    .await
    .context("cannot write a message of a chat")?;
    let Some(place) = place else { return not_written(tx, saying).await };
    if saying.author != ChatAuthor::Line && !saying.internal {
        note(tx, saying, now).await?;
    }
    Ok(Said::Now(place))
}

async fn not_written(tx: &mut SqliteConnection, saying: &Saying) -> Result<Said> {
    let known = sqlx::query_scalar("select exists (select 1 from chat_messages where chat = $1 and key = $2)");
    let known: bool = known.bind(&saying.chat).bind(&saying.key).fetch_one(tx).await?;
    Ok(if known { Said::Before } else { Said::Full })
}

/// Who spoke last, and when a person did first.
async fn note(tx: &mut SqliteConnection, saying: &Saying, now: Timestamp) -> Result<()> {
    let update = sqlx::query(
        "update chats set said_at = $2, said_by = $3,
             answered_at = case when $3 = 'agent' then coalesce(answered_at, $2) else answered_at end
         where id = $1",
    );
    let update = update.bind(&saying.chat).bind(now.as_millisecond()).bind(saying.author.name());
    update.execute(tx).await.context("cannot write who spoke last in a chat").map(drop)
}
