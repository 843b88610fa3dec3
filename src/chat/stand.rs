//! How a chat stands: with the bot, waiting for a person, with one, missed. Each change leaves a line in it.

use anyhow::{Context, Result};
use app::model::event::Name;
use app::model::{ChatAuthor, ChatLine, ChatState, Event};
use jiff::Timestamp;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::say::{Saying, write};
use super::{By, Chat, Chats};
use crate::events;

impl Chats {
    /// The reader, or the bot, wants a person; false where the bot does not have it. Where no person answers now, the
    /// reader is told so at once.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn ask_person(&self, chat: &str, now: Timestamp) -> Result<bool> {
        let mut transaction = self.store.writer().begin().await.context("cannot begin to ask a person")?;
        let asked = sqlx::query_as(
            "update chats set state = 'waiting', since = $2, asked_at = $2 where id = $1 and state = 'bot' returning *",
        );
        let asked: Option<Chat> = asked.bind(chat).bind(now.as_millisecond()).fetch_optional(&mut *transaction).await?;
        let Some(asked) = asked else { return Ok(false) };
        line(&mut transaction, chat, ChatLine::Asked, None, now).await?;
        transaction.commit().await.context("cannot ask a person")?;
        self.live.stands(chat, None);
        if !self.has_people(now) {
            self.miss(&asked, now).await?;
        }
        Ok(true)
    }

    /// An agent takes a chat that nobody has; false where somebody has it, or it is over.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn take(&self, chat: &str, by: By<'_>, now: Timestamp) -> Result<bool> {
        let mut transaction = self.store.writer().begin().await.context("cannot begin to take a chat")?;
        let taken = sqlx::query_as(
            "update chats set state = 'talking', since = $2, agent = $3, agent_name = $4,
                 asked_at = coalesce(asked_at, $2)
             where id = $1 and state in ('bot', 'waiting', 'missed') returning *",
        );
        let taken = taken.bind(chat).bind(now.as_millisecond()).bind(by.0).bind(by.1);
        let Some(taken) = taken.fetch_optional(&mut *transaction).await? else { return Ok(false) };
        line(&mut transaction, chat, ChatLine::Joined, Some(by), now).await?;
        let waited = |chat, seconds| Event::ChatHandedOff { chat, seconds };
        self.happened(&mut transaction, &taken, waited, now).await?;
        self.stood(transaction, chat, Some(by.0)).await?;
        Ok(true)
    }

    /// An agent gives a chat to another one, or takes it over from one.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn pass(&self, chat: &str, to: By<'_>, now: Timestamp) -> Result<bool> {
        let mut transaction = self.store.writer().begin().await.context("cannot begin to hand over a chat")?;
        let passed = sqlx::query(
            "update chats set since = $2, agent = $3, agent_name = $4
             where id = $1 and state = 'talking' and agent is not $3",
        );
        let passed = passed.bind(chat).bind(now.as_millisecond()).bind(to.0).bind(to.1);
        if passed.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(false);
        }
        line(&mut transaction, chat, ChatLine::Passed, Some(to), now).await?;
        self.stood(transaction, chat, Some(to.0)).await?;
        Ok(true)
    }

    /// Its agent is gone: it waits for another one.
    pub(super) async fn drop_off(&self, chat: &Chat, now: Timestamp) -> Result<()> {
        let mut transaction = self.store.writer().begin().await.context("cannot begin to free a chat")?;
        let freed = sqlx::query(
            "update chats set state = 'waiting', since = $2, agent = null, agent_name = null
             where id = $1 and state = 'talking' and agent = $3",
        );
        let freed = freed.bind(&chat.id).bind(now.as_millisecond()).bind(&chat.agent);
        if freed.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(());
        }
        let gone = chat.agent.as_deref().zip(chat.agent_name.as_deref());
        line(&mut transaction, &chat.id, ChatLine::Left, gone, now).await?;
        self.stood(transaction, &chat.id, None).await
    }

    /// Nobody came: a ticket, where somebody knows where to answer; else the reader is asked.
    pub(super) async fn miss(&self, chat: &Chat, now: Timestamp) -> Result<()> {
        let mut transaction = self.store.writer().begin().await.context("cannot begin to give up a chat")?;
        let missed = sqlx::query_as(
            "update chats set state = 'missed', since = $2 where id = $1 and state = 'waiting' and since = $3
             returning *",
        );
        let missed = missed.bind(&chat.id).bind(now.as_millisecond()).bind(chat.since);
        let Some(missed): Option<Chat> = missed.fetch_optional(&mut *transaction).await? else { return Ok(()) };
        line(&mut transaction, &chat.id, ChatLine::Missed, None, now).await?;
        let waited = |chat, seconds| Event::ChatMissed { chat, seconds };
        self.happened(&mut transaction, &missed, waited, now).await?;
        match missed.can_be_answered() {
            true => drop(self.end_in(transaction, missed, super::Ender::Missed, now).await?),
            false => self.stood(transaction, &chat.id, None).await?,
        }
        self.figures.count_missed();
        Ok(())
    }

    /// A reader speaks again in a chat that ended without a ticket.
    pub(super) async fn go_on(&self, tx: &mut SqliteConnection, chat: &str, now: Timestamp) -> Result<Chat> {
        let state = if self.bot.is_some() { ChatState::Bot } else { ChatState::Waiting };
        let asked_at = (state == ChatState::Waiting).then_some(now.as_millisecond());
        let chat = sqlx::query_as("update chats set state = $2, since = $3, asked_at = $4 where id = $1 returning *")
            .bind(chat)
            .bind(state.name())
            .bind(now.as_millisecond())
            .bind(asked_at)
            .fetch_one(tx)
            .await;
        chat.context("cannot go on with a chat")
    }

    async fn happened(
        &self,
        tx: &mut SqliteConnection,
        chat: &Chat,
        event: impl FnOnce(Name<64>, u32) -> Event,
        now: Timestamp,
    ) -> Result<()> {
        let waited = now.as_millisecond() - chat.asked_at.unwrap_or(now.as_millisecond());
        let event = event(Name::of(&chat.id), u32::try_from(waited / 1000).unwrap_or_default());
        let entry = chat.entry.as_ref().map(|later| later.entry(event, now));
        events::write(tx, &self.ids, entry.iter()).await
    }

    async fn stood(&self, tx: sqlx::Transaction<'_, sqlx::Sqlite>, chat: &str, agent: Option<&str>) -> Result<()> {
        tx.commit().await.context("cannot write how a chat stands")?;
        self.live.stands(chat, agent.map(str::to_owned));
        Ok(())
    }
}

/// Writes a line of the program's.
pub(super) async fn line(
    tx: &mut SqliteConnection,
    chat: &str,
    line: ChatLine,
    of: Option<By<'_>>,
    now: Timestamp,
) -> Result<()> {
    let key = Uuid::now_v7().to_string();
    let (agent, name) = of.map(|(agent, name)| (agent.to_owned(), name.to_owned())).unzip();
    let saying = Saying { agent, name, ..Saying::of(chat, &key, ChatAuthor::Line, line.name()) };
    write(tx, &saying, now).await.map(drop)
}
