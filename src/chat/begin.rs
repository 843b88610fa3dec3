//! A chat begins with its first message.

use anyhow::{Context, Result};
use app::model::event::Name;
use app::model::{ChatAuthor, ChatState, Clue, Event};
use jiff::Timestamp;
use sqlx::SqliteConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::say::{Saying, write};
use super::{Chat, Chats};
use crate::events::{self, Entry, Later};
use crate::identity::{Audience, Subject};
use crate::tickets::Before;

/// All that begins a chat.
pub struct Beginning {
    /// What its reader's cookie will hold: sent twice it is one chat.
    pub secret: String,
    pub text: String,
    pub name: Option<String>,
    pub email: Option<String>,
    /// Whom the host signed in.
    pub reader: Option<Subject>,
    pub locale: String,
    pub audiences: Audience,
    /// What the reader let travel.
    pub dossier: Vec<Clue>,
    /// What the reader did before, as far as it travels.
    pub before: Before,
    /// The reader's own choice of what is granted.
    pub consent: Option<Uuid>,
    pub page: Option<String>,
    pub session: Option<Uuid>,
    /// That it began, where that is collected.
    pub event: Option<Entry>,
    /// It comes without the work that was asked for: nobody is told of its ticket, unless a person answers.
    pub held: bool,
}

impl Chats {
    /// Begins the chat with its first message, with the bot where there is one, else with a person; returns once it is
    /// on disk.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn begin(&self, beginning: Beginning, now: Timestamp) -> Result<Chat> {
        let id = Uuid::now_v7().to_string();
        let mut transaction = self.store.writer().begin().await.context("cannot begin to write a chat")?;
        let Some(chat) = self.insert(&mut transaction, &id, &beginning, now).await? else {
            drop(transaction);
            return self.by_secret(&beginning.secret).await?.context("a chat is gone that was just begun");
        };
        let first = Saying::of_reader(&chat.id, &first_key(&beginning.secret), &beginning.text);
        write(&mut transaction, &first, now).await?;
        let event = beginning.event.map(|entry| Entry { event: started(&chat.id), ..entry });
        events::write(&mut transaction, &self.ids, event.iter()).await?;
        transaction.commit().await.context("cannot write a chat")?;
        self.figures.count_message(ChatAuthor::Reader.name());
        self.live.reader_is_here(&chat.id, now);
        self.live.stands(&chat.id, None);
        self.ask_bot(&chat);
        Ok(chat)
    }

    /// Nothing where it was begun before.
    async fn insert(
        &self,
        tx: &mut SqliteConnection,
        id: &str,
        beginning: &Beginning,
        now: Timestamp,
    ) -> Result<Option<Chat>> {
        let Beginning { reader, .. } = beginning;
        let state = if self.bot.is_some() { ChatState::Bot } else { ChatState::Waiting };
        let known = |of: fn(&Subject) -> &Option<String>, typed: &Option<String>| {
            reader.as_ref().and_then(|reader| of(reader).clone()).or_else(|| typed.clone())
        };
        let insert = sqlx::query_as(
            "insert into chats (id, secret, state, since, name, email, reader, plan, locale, audiences, dossier, page,
                 session, entry, began_at, asked_at, said_at, said_by, before, consent, held)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $4, $15, $4, $16, $17, $18, $19)
             on conflict (secret) do nothing returning *",
        )
        .bind(id)
        .bind(hash(&beginning.secret))
        .bind(state.name())
        .bind(now.as_millisecond())
        .bind(known(|reader| &reader.name, &beginning.name))
        .bind(known(|reader| &reader.email, &beginning.email))
        .bind(reader.as_ref().map(|reader| reader.id.clone()))
        .bind(reader.as_ref().and_then(|reader| reader.plan.clone()))
        .bind(&beginning.locale)
        .bind(Json(&beginning.audiences))
        .bind(Json(&beginning.dossier))
        .bind(&beginning.page)
        .bind(beginning.session.map(|session| session.to_string()))
        .bind(beginning.event.as_ref().map(|entry| Json(Later::of(entry))))
        .bind((state == ChatState::Waiting).then_some(now.as_millisecond()))
        .bind(ChatAuthor::Reader.name())
        .bind(Json(&beginning.before))
        .bind(beginning.consent.map(|choice| choice.to_string()))
        .bind(beginning.held);
        insert.fetch_optional(tx).await.context("cannot write a chat")
    }
}

fn started(chat: &str) -> Event {
    Event::ChatStarted { chat: Name::of(chat) }
}

/// Key of the message that begins a chat.
pub fn first_key(secret: &str) -> String {
    hash(&format!("first/{secret}"))
}

/// What is kept of a secret.
pub(super) fn hash(secret: &str) -> String {
    blake3::hash(secret.as_bytes()).to_hex()[..32].to_owned()
}
