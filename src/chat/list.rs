//! The chats that go on, as agents look for them.

use anyhow::{Context, Result};
use jiff::Timestamp;

use super::{Chat, Chats};

/// Chats of each group that are shown.
const SHOWN: i64 = 50;

/// A chat with how it begins.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Listed {
    #[sqlx(flatten)]
    pub chat: Chat,
    pub begins: String,
}

/// Some of a group, and how many there are.
#[derive(Debug, Clone)]
pub struct List {
    pub count: i64,
    pub chats: Vec<Listed>,
}

impl Chats {
    /// Those nobody has and who wait for a person, those of an agent, those of others and of the bot.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn lists(&self, agent: &str, now: Timestamp) -> Result<[List; 3]> {
        self.live.agent_is_here(agent, now);
        let waiting = "state in ('waiting', 'missed')";
        let (mine, others) = ("state = 'talking' and agent = $1", "state in ('talking', 'bot') and agent is not $1");
        Ok([self.list(waiting, agent).await?, self.list(mine, agent).await?, self.list(others, agent).await?])
    }

    async fn list(&self, which: &'static str, agent: &str) -> Result<List> {
        let count = format!("select count(*) from chats where {which} and $1 is not null");
        let count = sqlx::query_scalar(sqlx::AssertSqlSafe(count)).bind(agent).fetch_one(self.store.readers());
        let chats = format!(
            "select chats.*, coalesce((select text from chat_messages where chat = chats.id and author = 'reader'
                 order by place limit 1), '') as begins
             from chats where {which} and $1 is not null order by since limit {SHOWN}"
        );
        let chats = sqlx::query_as(sqlx::AssertSqlSafe(chats)).bind(agent).fetch_all(self.store.readers());
        let (count, chats) = tokio::try_join!(count, chats).context("cannot read chats")?;
        Ok(List { count, chats })
    }
}
