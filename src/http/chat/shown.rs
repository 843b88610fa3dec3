//! A chat as its reader sees it, in the reader's language.

use std::sync::Arc;

use app::model::{ChatAuthor, ChatBar, ChatLine, ChatPage, ChatSaid, ChatStand, ChatState, Said, Site};
use app::words::{Words, fill};
use jiff::Timestamp;
use uuid::Uuid;

use crate::Help;
use crate::chat::{Chat, LONGEST, Message};
use crate::http::agent::clock;
use crate::http::frame;
use crate::identity::{self, Viewer};
use crate::tickets::prose;

/// A page of one language.
pub struct Page<'h> {
    help: &'h Help,
    locale: &'h str,
    pub site: Arc<Site>,
}

impl<'h> Page<'h> {
    pub fn of(help: &'h Help, locale: &'h str) -> Self {
        Self { help, locale, site: frame::site(help, locale) }
    }

    fn href(&self, path: &str) -> String {
        self.help.address.href(&format!("{}{path}", frame::prefix(self.help, self.locale)))
    }

    pub async fn whole(&self, chat: &Chat, text: &str, fault: Option<String>) -> anyhow::Result<ChatPage> {
        let messages = self.help.chats.messages(&chat.id, 0, false).await?;
        let last = messages.last().map_or(0, |message| message.place);
        let viewer = identity::remembered(&chat.audiences);
        Ok(ChatPage {
            id: chat.id.clone(),
            stand: self.stand(chat).await?,
            messages: messages.into_iter().map(|message| self.said(&viewer, message)).collect(),
            stream_url: self.href(&format!("/chat/stream?after={last}")),
            messages_url: self.href("/chat/messages"),
            typing_url: self.href("/chat/typing"),
            key: Uuid::new_v4().to_string(),
            text: text.to_owned(),
            longest: LONGEST,
            fault,
            script_url: frame::asset(self.help, "chat.js"),
            stylesheet_url: frame::asset(self.help, "chat.css"),
        })
    }

    pub async fn stand(&self, chat: &Chat) -> anyhow::Result<ChatStand> {
        let ticket = match &chat.ticket {
            Some(ticket) => self.help.tickets.by_id(ticket).await?,
            None => None,
        };
        let with = match chat.state {
            ChatState::Bot => self.help.chats.bot().map(str::to_owned),
            _ => chat.agent_name.clone(),
        };
        Ok(ChatStand {
            state: chat.state,
            action_url: self.href("/chat"),
            with,
            needs_email: !chat.can_be_answered(),
            request: ticket.map(|ticket| (ticket.number, self.href(&ticket.path()))),
            new_url: self.href("/chat?new"),
        })
    }

    pub fn said(&self, viewer: &Viewer, message: Message) -> ChatSaid {
        let words = &self.site.words;
        let named = message.name.clone().unwrap_or_else(|| self.site.name.clone());
        let time = Timestamp::from_millisecond(message.at).unwrap_or_default();
        ChatSaid {
            place: message.place,
            at: clock::exact(message.at),
            when: format!("{} UTC", time.strftime("%H:%M")),
            articles: self.articles(viewer, &message.articles),
            name: match message.author {
                ChatAuthor::Reader => words.from_you.to_string(),
                ChatAuthor::Agent | ChatAuthor::Bot | ChatAuthor::Line => named,
            },
            said: match message.author {
                ChatAuthor::Agent | ChatAuthor::Bot => Said::Html(prose::html(&message.text)),
                ChatAuthor::Reader => Said::Plain(message.text),
                ChatAuthor::Line => Said::Plain(line(words, &message)),
            },
            author: message.author,
            key: message.key,
        }
    }

    /// Title and address of each that the reader may see.
    fn articles(&self, viewer: &Viewer, ids: &[String]) -> Vec<(String, String)> {
        let edition = self.help.edition.load();
        let view = edition.snapshot.view(viewer);
        let pages = ids.iter().filter_map(|id| view.by_id(id));
        pages.map(|page| (page.title.clone(), self.help.address.href(&page.path))).collect()
    }

    /// `seen`: place of the last message that the reader saw.
    pub async fn bar(&self, chat: &Chat, seen: i64) -> anyhow::Result<ChatBar> {
        let messages = self.help.chats.messages(&chat.id, seen, false).await?;
        let of_others = messages.iter().filter(|message| message.author != ChatAuthor::Reader);
        Ok(ChatBar {
            url: self.href("/chat#text"),
            stylesheet_url: frame::asset(self.help, "chat.css"),
            new: of_others.count(),
        })
    }
}

/// What a line of the program's says.
pub fn line(words: &Words, message: &Message) -> String {
    let Ok(line) = ChatLine::try_from(message.text.clone()) else { return message.text.clone() };
    let text = match line {
        ChatLine::Asked => &words.chat_asked,
        ChatLine::Joined => &words.chat_joined,
        ChatLine::Left => &words.chat_left,
        ChatLine::Passed => &words.chat_passed,
        ChatLine::Missed => &words.chat_nobody_came,
        ChatLine::Ended => &words.chat_ended,
    };
    fill(text, &[("name", message.name.as_deref().unwrap_or_default())])
}
