//! The bot before a person. Nobody waits for it but the reader: it is asked behind, one question at a time in each
//! chat, and what it does not answer a person does.

use anyhow::{Context, Result};
use app::model::{ChatAuthor, ChatState};
use jiff::Timestamp;
use serde_json::{Value, json};
use tracing::{error, warn};

use super::say::{LONGEST, Said, Saying};
use super::{Chat, Chats, Message};
use crate::integrations::chat_bot::{ChatBot, Reply};

/// Articles of one answer.
const ARTICLES: usize = 5;

impl Chats {
    /// Asks the bot what to say to a chat that it has, unless it is being asked.
    pub(super) fn ask_bot(&self, chat: &Chat) {
        let Some(bot) = self.bot.clone().filter(|_| chat.state == ChatState::Bot) else { return };
        if !self.live.begin_thinking(&chat.id) {
            return;
        }
        let (chats, id) = (self.clone(), chat.id.clone());
        tokio::spawn(async move {
            if let Err(cause) = chats.talk(&bot, &id).await {
                error!(chat = id, "the bot's part of a chat cannot be written: {cause:#}");
            }
            chats.live.end_thinking(&id);
        });
    }

    /// Until the reader said nothing more meanwhile, or a person is asked.
    async fn talk(&self, bot: &ChatBot, id: &str) -> Result<()> {
        loop {
            let chat = self.by_id(id).await?.context("a chat is gone")?;
            let said = self.messages(id, 0, false).await?;
            let Some(last) = said.iter().rfind(|message| message.author == ChatAuthor::Reader) else { return Ok(()) };
            let answers = |message: &Message| message.key == answer_key(last.place);
            if chat.state != ChatState::Bot || said.iter().any(answers) {
                return Ok(());
            }
            self.live.agent_types(id);
            let now = Timestamp::now();
            match bot.ask(&format!("{id}-{}", last.place), &told(&chat, &said), now).await {
                Ok(reply) => self.answer(bot, id, last.place, reply).await?,
                Err(cause) => {
                    warn!(chat = id, "the bot did not answer, a person is asked: {cause}");
                    self.ask_person(id, Timestamp::now()).await?;
                }
            }
        }
    }

    async fn answer(&self, bot: &ChatBot, id: &str, to: i64, reply: Reply) -> Result<()> {
        let now = Timestamp::now();
        // A person came meanwhile.
        if self.by_id(id).await?.is_none_or(|chat| chat.state != ChatState::Bot) {
            return Ok(());
        }
        let Reply { say, mut articles, hand_over } = reply;
        articles.truncate(ARTICLES);
        let mut is_full = false;
        if !say.trim().is_empty() || !articles.is_empty() {
            let text: String = say.chars().take(LONGEST).collect();
            let saying = Saying::of(id, &answer_key(to), ChatAuthor::Bot, &text);
            let said = self.say(Saying { name: Some(bot.name.clone()), articles, ..saying }, now).await?;
            is_full = said == Said::Full;
        }
        if hand_over || is_full {
            self.ask_person(id, now).await?;
        }
        Ok(())
    }
}

/// Of the answer to the message at a place: there is one.
fn answer_key(to: i64) -> String {
    format!("answer-{to}")
}

/// What the bot is told.
fn told(chat: &Chat, said: &[Message]) -> Value {
    let message = |message: &Message| {
        json!({
            "from": message.author.name(),
            "text": message.text,
            "at": message.at,
        })
    };
    let said = said.iter().filter(|message| message.author != ChatAuthor::Line);
    json!({
        "type": "chat.message",
        "chat": chat.id,
        "locale": chat.locale,
        "page": chat.page,
        "reader": chat.reader,
        "plan": chat.plan,
        "audiences": chat.audiences,
        "messages": said.map(message).collect::<Vec<_>>(),
    })
}
