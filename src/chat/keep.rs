//! What time does to chats: an agent who is gone frees them, a reader who waits too long is told, one who does not come
//! back ends them, and what ended goes.

use std::time::Duration;

use anyhow::{Context, Result};
use app::model::{ChatAuthor, ChatState, Purpose};
use jiff::{SignedDuration, Timestamp};
use sqlx::SqliteConnection;
use tracing::warn;
use uuid::Uuid;

use super::{Chat, Chats, Ender};
use crate::privacy::Choice;
use crate::store::Store;
use crate::tickets::Chooser;

/// How often it is looked after.
const EVERY: Duration = Duration::from_secs(2);
/// Chats that go in one transaction: others need not wait long for theirs.
const PIECE: u32 = 500;

/// Looks after the chats for as long as the program runs.
pub async fn run(chats: Chats) {
    if !chats.settings.open {
        return;
    }
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(cause) = chats.look(Timestamp::now()).await {
            warn!("chats are not looked after: {cause:#}");
        }
    }
}

impl Chats {
    /// Does what is due to chats that go on.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn look(&self, now: Timestamp) -> Result<()> {
        if let Some(vendor) = &self.vendor {
            vendor.look(&self.store, now).await?;
        }
        let open = sqlx::query_as("select * from chats where state <> 'over'").fetch_all(self.store.readers());
        let open: Vec<Chat> = open.await.context("cannot read chats")?;
        self.show(&open);
        for chat in open {
            self.look_at(&chat, now).await?;
        }
        Ok(())
    }

    fn show(&self, open: &[Chat]) {
        for state in [ChatState::Bot, ChatState::Waiting, ChatState::Talking, ChatState::Missed] {
            self.figures.show_open(state.name(), open.iter().filter(|chat| chat.state == state).count());
        }
    }

    async fn look_at(&self, chat: &Chat, now: Timestamp) -> Result<()> {
        let passed = |time: SignedDuration| chat.since <= (now - time).as_millisecond();
        if !self.live.is_reader_here(&chat.id, now - self.settings.leave()) {
            return self.end(&chat.id, Ender::Left, now).await.map(drop);
        }
        match chat.state {
            ChatState::Waiting if passed(self.settings.wait()) => self.miss(chat, now).await,
            ChatState::Talking if !self.is_with_agent(chat, now) => self.drop_off(chat, now).await,
            // Its answer was lost with the program that waited for it.
            ChatState::Bot if chat.said_by == ChatAuthor::Reader => {
                self.ask_bot(chat);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn is_with_agent(&self, chat: &Chat, now: Timestamp) -> bool {
        chat.agent.as_deref().is_some_and(|agent| self.live.is_agent_here(agent, now - self.settings.away()))
    }

    /// Forgets chats that ended long ago; what became tickets is kept with these.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn forget(&self, now: Timestamp) -> Result<()> {
        let before = now - SignedDuration::from_hours(24 * i64::from(self.settings.keep_days));
        sqlx::query(
            "delete from chats where id in (select id from chats where state = 'over' and since <= $1 limit $2)",
        )
        .bind(before.as_millisecond())
        .bind(PIECE)
        .execute(self.store.writer())
        .await
        .context("cannot forget chats")?;
        self.live.forget_quiet(now - SignedDuration::from_hours(1));
        self.pace.retain_recent();
        Ok(())
    }
}

/// A reader chose anew: without analytics nothing more is told of their chats.
///
/// # Errors
/// A database that cannot be written.
pub async fn withdraw(store: &Store, chooser: &Chooser<'_>, choice: &Choice) -> Result<()> {
    if choice.grants.allow(Purpose::Analytics) {
        return Ok(());
    }
    let text = |id: Option<Uuid>| id.map(|id| id.to_string());
    sqlx::query("update chats set entry = null, consent = null where consent = $1 or session = $2 or reader = $3")
        .bind(text(chooser.before))
        .bind(text(chooser.session))
        .bind(chooser.reader)
        .execute(store.writer())
        .await
        .context("cannot write what may be told of chats")?;
    Ok(())
}

/// Deletes the chats of a reader whom the host signed in; says how many there were.
///
/// # Errors
/// A database that cannot be written.
pub async fn erase_reader(transaction: &mut SqliteConnection, reader: &str) -> Result<u64> {
    let erased = sqlx::query("delete from chats where reader = $1").bind(reader).execute(transaction).await;
    Ok(erased.context("cannot erase chats")?.rows_affected())
}
