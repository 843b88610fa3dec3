//! Who is there and who listens: in memory alone. A reader's stream waits for the signal of its chat, an agent's for
//! news of all chats; what happened they then read from the database, so nothing is lost that was not heard.

use std::collections::BTreeSet;

use dashmap::{DashMap, DashSet};
use jiff::Timestamp;
use tokio::sync::{broadcast, watch};

/// News that a slow listener may fall behind by, before it has to look for itself.
const NEWS: usize = 1024;

/// Streams to one reader at once: one for each tab that shows the chat. A connection is worth something, and nobody
/// may hold as many as they like.
const STREAMS: usize = 8;

/// What changed in a chat: counts that only grow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Signal {
    pub said: u64,
    pub stands: u64,
    /// The other side types.
    pub typing: u64,
    /// Place of the first stream that may go on.
    first: u64,
}

/// A chat to whose reader a stream is open.
#[derive(Debug, Default)]
struct Room {
    signal: watch::Sender<Signal>,
    /// Streams that began,
    began: u64,
    /// and places of those that are open.
    open: BTreeSet<u64>,
}

/// What a stream to a reader waits for.
#[derive(Debug)]
pub struct Ear {
    signal: watch::Receiver<Signal>,
    /// Among all streams of its chat: those that began later have higher ones.
    place: u64,
}

impl Ear {
    /// The signal as it is; None where so many are open that began later that this one has to end.
    pub fn hear(&mut self) -> Option<Signal> {
        let signal = *self.signal.borrow_and_update();
        (self.place >= signal.first).then_some(signal)
    }

    /// Waits for news; None when there will be none.
    pub async fn changed(&mut self) -> Option<()> {
        self.signal.changed().await.ok()
    }
}

/// News of a chat, for agents.
#[derive(Debug, Clone)]
pub struct News {
    pub chat: String,
    /// Id of the agent who has it.
    pub agent: Option<String>,
    pub told: Told,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    Said,
    Stands,
    Typing,
}

#[derive(Debug)]
pub struct Live {
    rooms: DashMap<String, Room>,
    news: broadcast::Sender<News>,
    /// The last sign of life of agents and of readers of chats, in milliseconds since 1970.
    agents: DashMap<String, i64>,
    readers: DashMap<String, i64>,
    /// Chats for which the bot is being asked.
    thinking: DashSet<String>,
    /// Whoever was not heard of since may not have found back yet.
    began_at: i64,
}

impl Live {
    pub fn new(now: Timestamp) -> Self {
        Self {
            rooms: DashMap::new(),
            news: broadcast::Sender::new(NEWS),
            agents: DashMap::new(),
            readers: DashMap::new(),
            thinking: DashSet::new(),
            began_at: now.as_millisecond(),
        }
    }

    /// Signals of a chat, for its reader; [`Live::left`] has to follow.
    pub fn listen(&self, chat: &str) -> Ear {
        let mut room = self.rooms.entry(chat.to_owned()).or_default();
        room.began += 1;
        let place = room.began;
        room.open.insert(place);
        let first = room.open.iter().rev().nth(STREAMS - 1).copied().unwrap_or_default();
        room.signal.send_if_modified(|signal| std::mem::replace(&mut signal.first, first) != first);
        Ear { signal: room.signal.subscribe(), place }
    }

    /// A stream to the reader ended.
    pub fn left(&self, chat: &str, ear: &Ear, now: Timestamp) {
        if let Some(mut room) = self.rooms.get_mut(chat) {
            room.open.remove(&ear.place);
        }
        self.rooms.remove_if(chat, |_, room| room.open.is_empty());
        self.reader_is_here(chat, now);
    }

    pub fn watch(&self) -> broadcast::Receiver<News> {
        self.news.subscribe()
    }

    pub fn agent_is_here(&self, agent: &str, now: Timestamp) {
        self.agents.insert(agent.to_owned(), now.as_millisecond());
    }

    pub fn reader_is_here(&self, chat: &str, now: Timestamp) {
        self.readers.insert(chat.to_owned(), now.as_millisecond());
    }

    /// The reader types.
    pub fn reader_types(&self, chat: &str, agent: Option<String>) {
        self.tell(chat, agent, Told::Typing);
    }

    /// The agent types.
    pub fn agent_types(&self, chat: &str) {
        self.signal(chat, |signal| signal.typing += 1);
    }

    pub(super) fn said(&self, chat: &str, agent: Option<String>) {
        self.signal(chat, |signal| signal.said += 1);
        self.tell(chat, agent, Told::Said);
    }

    pub(super) fn stands(&self, chat: &str, agent: Option<String>) {
        self.signal(chat, |signal| {
            signal.said += 1;
            signal.stands += 1;
        });
        self.tell(chat, agent, Told::Stands);
    }

    fn signal(&self, chat: &str, change: impl FnOnce(&mut Signal)) {
        if let Some(room) = self.rooms.get(chat) {
            room.signal.send_modify(change);
        }
    }

    fn tell(&self, chat: &str, agent: Option<String>, told: Told) {
        // No agent may be listening.
        self.news.send(News { chat: chat.to_owned(), agent, told }).ok();
    }

    pub(super) fn is_anybody_here(&self, since: Timestamp) -> bool {
        self.agents.iter().any(|agent| *agent.value() >= since.as_millisecond())
    }

    pub(super) fn is_agent_here(&self, agent: &str, since: Timestamp) -> bool {
        let seen = self.agents.get(agent).map_or(self.began_at, |seen| *seen);
        seen >= since.as_millisecond()
    }

    /// Is a stream open, or was there a sign of life since?
    pub(super) fn is_reader_here(&self, chat: &str, since: Timestamp) -> bool {
        let seen = self.readers.get(chat).map_or(self.began_at, |seen| *seen);
        seen >= since.as_millisecond() || self.rooms.contains_key(chat)
    }

    /// False when the bot is being asked for this chat.
    pub(super) fn begin_thinking(&self, chat: &str) -> bool {
        self.thinking.insert(chat.to_owned())
    }

    pub(super) fn end_thinking(&self, chat: &str) {
        self.thinking.remove(chat);
    }

    pub(super) fn forget(&self, chat: &str) {
        self.readers.remove(chat);
    }

    /// Agents, and readers of whatever chat, who were not heard of since.
    pub(super) fn forget_quiet(&self, since: Timestamp) {
        for seen in [&self.agents, &self.readers] {
            seen.retain(|_, seen| *seen >= since.as_millisecond());
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn whoever_was_never_heard_of_counts_from_the_start_of_the_program() {
        let live = Live::new(at(100));
        assert!(live.is_agent_here("ada", at(100)) && live.is_reader_here("chat", at(100)));
        assert!(!live.is_agent_here("ada", at(101)) && !live.is_reader_here("chat", at(101)));
        assert!(!live.is_anybody_here(at(0)), "nobody is there because the program began");
        live.agent_is_here("ada", at(120));
        assert!(live.is_agent_here("ada", at(120)) && live.is_anybody_here(at(120)) && !live.is_anybody_here(at(121)));
    }

    #[test]
    fn a_reader_is_there_while_any_stream_is_open() {
        let live = Live::new(at(0));
        let (one, other) = (live.listen("chat"), live.listen("chat"));
        live.left("chat", &one, at(50));
        assert!(live.is_reader_here("chat", at(1000)), "the other one is open");
        live.agent_types("chat");
        assert!(other.signal.has_changed().unwrap());
        live.left("chat", &other, at(60));
        assert!(live.is_reader_here("chat", at(60)) && !live.is_reader_here("chat", at(61)));
        assert!(live.rooms.is_empty(), "nothing is kept of a room without listeners");
    }

    #[test]
    fn a_chat_has_so_many_streams_and_the_first_makes_room() {
        let live = Live::new(at(0));
        let mut ears: Vec<_> = (0..STREAMS).map(|_| live.listen("chat")).collect();
        assert!(ears.iter_mut().all(|ear| ear.hear().is_some()));
        let mut others = live.listen("another chat");
        ears.push(live.listen("chat"));
        let hear: Vec<_> = ears.iter_mut().map(|ear| ear.hear().is_some()).collect();
        assert!(!hear[0] && hear[1..].iter().all(|hears| *hears) && others.hear().is_some());
    }

    #[test]
    fn a_page_that_is_loaded_again_and_again_ends_no_other() {
        let live = Live::new(at(0));
        let mut other = live.listen("chat");
        for _ in 0..3 * STREAMS {
            let mut ear = live.listen("chat");
            assert!(ear.hear().is_some());
            live.left("chat", &ear, at(1));
        }
        assert!(other.hear().is_some());
        let mut ears: Vec<_> = (0..STREAMS).map(|_| live.listen("chat")).collect();
        assert!(other.hear().is_none() && ears.iter_mut().all(|ear| ear.hear().is_some()));
    }

    #[test]
    fn nobody_is_remembered_for_ever() {
        let live = Live::new(at(0));
        live.reader_is_here("chat", at(50));
        live.agent_is_here("ada", at(60));
        live.forget_quiet(at(51));
        assert!(live.readers.is_empty() && !live.agents.is_empty());
        assert!(!live.is_reader_here("chat", at(51)), "as before");
    }
}
