//! The end of a chat. Once a person was asked for, it is a ticket: in one transaction, so whoever ends it at the same
//! time, one ends it and the others find the ticket.

use anyhow::{Context, Result};
use app::model::event::Name;
use app::model::{Author, Channel, ChatAuthor, ChatLine, Event, Status};
use jiff::Timestamp;
use sqlx::{Sqlite, Transaction};
use uuid::Uuid;

use super::stand::line;
use super::{By, Chat, Chats, Message};
use crate::events::Entry;
use crate::identity::Subject;
use crate::tickets::{Draft, Opening, Talk, Ticket, Word};

/// Characters of a ticket's subject that are taken from the first message.
const SUBJECT: usize = 80;

/// Who ends a chat, or what.
#[derive(Debug, Clone, Copy)]
pub enum Ender<'a> {
    Reader,
    /// It is solved.
    Agent(By<'a>),
    /// An agent goes on with it as a ticket.
    Ticket(By<'a>),
    /// The reader did not come back.
    Left,
    /// Nobody came.
    Missed,
}

impl Chats {
    /// Ends a chat; gives the ticket it became, also when somebody else ended it before. None where no person was
    /// asked for.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn end(&self, chat: &str, ender: Ender<'_>, now: Timestamp) -> Result<Option<Ticket>> {
        let mut transaction = self.store.writer().begin().await.context("cannot begin to end a chat")?;
        let known = sqlx::query_as("select * from chats where id = $1").bind(chat);
        let chat: Chat = known.fetch_one(&mut *transaction).await.context("cannot read a chat")?;
        self.end_in(transaction, chat, ender, now).await
    }

    /// An agent goes on with a chat as a ticket, also with one that no person was asked for.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn to_ticket(&self, chat: &str, by: By<'_>, now: Timestamp) -> Result<Option<Ticket>> {
        let asked = sqlx::query("update chats set asked_at = coalesce(asked_at, $2) where id = $1 and state <> 'over'");
        asked.bind(chat).bind(now.as_millisecond()).execute(self.store.writer()).await?;
        self.end(chat, Ender::Ticket(by), now).await
    }

    /// The reader says where to answer, and goes. What is known of a reader stands: what the host says of whom it signed
    /// in is proved, and what is typed is not.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn leave(&self, chat: &str, email: Option<&str>, now: Timestamp) -> Result<Option<Ticket>> {
        let address = sqlx::query(
            "update chats set email = $2
             where id = $1 and $2 is not null and state <> 'over' and email is null and reader is null",
        );
        address.bind(chat).bind(email).execute(self.store.writer()).await.context("cannot write an address")?;
        self.end(chat, Ender::Left, now).await
    }

    pub(super) async fn end_in(
        &self,
        mut transaction: Transaction<'_, Sqlite>,
        chat: Chat,
        ender: Ender<'_>,
        now: Timestamp,
    ) -> Result<Option<Ticket>> {
        if chat.is_over() {
            drop(transaction);
            return match &chat.ticket {
                Some(ticket) => self.tickets.by_id(ticket).await,
                None => Ok(None),
            };
        }
        let by = if let Ender::Agent(by) | Ender::Ticket(by) = ender { Some(by) } else { None };
        line(&mut transaction, &chat.id, ChatLine::Ended, by, now).await?;
        let ticket = match chat.asked_at {
            Some(_) => Some(self.become_ticket(&mut transaction, &chat, ender, now).await?),
            None => None,
        };
        sqlx::query("update chats set state = 'over', since = $2, ticket = $3 where id = $1")
            .bind(&chat.id)
            .bind(now.as_millisecond())
            .bind(ticket.as_ref().map(|ticket| &ticket.id))
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await.context("cannot end a chat")?;
        ticket.iter().for_each(|ticket| self.tickets.opened_of_talk(&ticket.id));
        self.live.forget(&chat.id);
        self.live.stands(&chat.id, chat.agent);
        Ok(ticket)
    }

    async fn become_ticket(
        &self,
        transaction: &mut Transaction<'_, Sqlite>,
        chat: &Chat,
        ender: Ender<'_>,
        now: Timestamp,
    ) -> Result<Ticket> {
        let said: Vec<Message> = sqlx::query_as("select * from chat_messages where chat = $1 order by place")
            .bind(&chat.id)
            .fetch_all(&mut **transaction)
            .await
            .context("cannot read what was said in a chat")?;
        let is_known = chat.answered_at.is_some() || matches!(ender, Ender::Agent(_) | Ender::Ticket(_));
        let opening = Opening { held: chat.held && !is_known, ..self.opening(chat, &said, now) };
        let asked_at = chat.asked_at.and_then(|at| Timestamp::from_millisecond(at).ok());
        let agent = match ender {
            Ender::Agent((agent, _)) | Ender::Ticket((agent, _)) => Some(agent.to_owned()),
            _ => chat.agent.clone(),
        };
        let talk = Talk {
            words: said.into_iter().filter_map(word).collect(),
            status: status(chat, ender),
            agent,
            asked_at: asked_at.unwrap_or(now),
            answered_at: chat.answered_at,
        };
        self.tickets.open_of_talk(transaction, &opening, &talk, now).await
    }

    fn opening(&self, chat: &Chat, said: &[Message], now: Timestamp) -> Opening {
        let id = Uuid::now_v7();
        let form = &self.settings.form;
        let created = Event::TicketCreated { ticket: Name::of(&id.to_string()), form: Name::of(form) };
        let first = said.iter().find(|message| message.author == ChatAuthor::Reader);
        let typed = |text: &Option<String>| text.clone().unwrap_or_default();
        let draft = Draft {
            form: form.clone(),
            subject: subject(first.map_or("", |message| &message.text)),
            name: typed(&chat.name),
            email: typed(&chat.email),
            page: chat.page.clone(),
            text: words_of_reader(said),
            ..Draft::default()
        };
        let reader = chat.reader.clone().map(|id| {
            let (email, name, plan) = (chat.email.clone(), chat.name.clone(), chat.plan.clone());
            Subject { id, email, name, plan }
        });
        Opening {
            id,
            channel: Channel::Chat,
            secret: format!("chat/{}", chat.id),
            draft,
            reader,
            locale: chat.locale.clone(),
            quiet: false,
            audiences: chat.audiences.clone(),
            dossier: chat.dossier.clone(),
            before: chat.before.clone(),
            consent: chat.consent.as_deref().and_then(|choice| choice.parse().ok()),
            session: chat.session.as_deref().and_then(|session| session.parse().ok()),
            attachments: Vec::new(),
            event: chat.entry.as_ref().map(|later| -> Entry { later.entry(created, now) }),
            held: false,
        }
    }
}

/// What rules may go by.
fn words_of_reader(said: &[Message]) -> String {
    let of_reader = said.iter().filter(|message| message.author == ChatAuthor::Reader);
    of_reader.map(|message| message.text.as_str()).collect::<Vec<_>>().join("\n\n")
}

/// Whom the ticket waits for.
fn status(chat: &Chat, ender: Ender<'_>) -> Status {
    match (ender, chat.answered_at, chat.said_by) {
        (Ender::Agent(_), ..) => Status::Solved,
        (Ender::Ticket(_), ..) => Status::Open,
        (_, None, _) => Status::New,
        (Ender::Reader, ..) => Status::Solved,
        (_, _, ChatAuthor::Agent) => Status::Pending,
        _ => Status::Open,
    }
}

/// A message as the ticket has it; what the program said was for the moment.
fn word(message: Message) -> Option<Word> {
    let Message { at, agent, name, internal, text, articles, .. } = message;
    let author = match message.author {
        ChatAuthor::Reader => Author::Requester,
        ChatAuthor::Agent | ChatAuthor::Bot => Author::Agent,
        ChatAuthor::Line => return None,
    };
    Some(Word { at, author, agent, name, internal, text, articles })
}

/// The first line, cut at a word.
pub(super) fn subject(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("–");
    let Some((end, _)) = line.char_indices().nth(SUBJECT) else { return line.to_owned() };
    let cut = line[..end].rfind(' ').filter(|at| *at > 0).unwrap_or(end);
    format!("{}…", line[..cut].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_the_first_line_cut_at_a_word() {
        let check = |text: &str, expect: &str| assert_eq!(subject(text), expect);
        check("\n Export fails \nSince yesterday.", "Export fails");
        check("", "–");
        let words = "export ".repeat(20);
        check(&words, &format!("{}…", "export ".repeat(11).trim_end()));
        check(&"é".repeat(100), &format!("{}…", "é".repeat(80)));
    }
}
