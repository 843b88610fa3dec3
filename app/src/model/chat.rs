//! A chat, as its reader and as agents see it.

use super::agent::{Choice, ClueRow, Finds, Talk};
use super::ticket::named;
use super::{FieldRow, PieceRow, Purpose, Said, Work};

/// How a chat stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatState {
    /// A bot answers.
    Bot,
    /// A person was asked for.
    Waiting,
    /// A person has it.
    Talking,
    /// Nobody came; the reader may leave an address.
    Missed,
    Over,
}

/// Who says something in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatAuthor {
    Reader,
    Agent,
    Bot,
    /// The program: one of [`ChatLine`].
    Line,
}

/// What the program says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatLine {
    /// A person was asked for.
    Asked,
    Joined,
    /// The person is gone without a word.
    Left,
    /// Another person took it over.
    Passed,
    Missed,
    Ended,
}

named!(ChatState { Bot = "bot", Waiting = "waiting", Talking = "talking", Missed = "missed", Over = "over", });
named!(ChatAuthor { Reader = "reader", Agent = "agent", Bot = "bot", Line = "line", });
named!(ChatLine {
    Asked = "asked",
    Joined = "joined",
    Left = "left",
    Passed = "passed",
    Missed = "missed",
    Ended = "ended",
});

/// Before the first word.
#[derive(Debug, Clone)]
pub struct ChatStart {
    pub action_url: String,
    /// The form that is there whoever is not.
    pub form_url: String,
    /// People answer now.
    pub people: bool,
    /// Name of the bot that answers whoever is there.
    pub bot: Option<String>,
    /// The vendor in whose chat it goes on.
    pub vendor: Option<&'static str>,
    /// When people answer again.
    pub opens: Option<String>,
    /// When people are there, as the operator says it.
    pub hours: Option<String>,
    /// Name and address, as far as they are not known.
    pub fields: Vec<FieldRow>,
    pub asked_as: Option<String>,
    pub pieces: Vec<PieceRow>,
    /// What goes along unseen.
    pub hidden: Vec<(&'static str, String)>,
    pub text: String,
    pub longest: usize,
    pub fault: Option<String>,
    /// What the browser does before it is sent.
    pub work: Option<Work>,
    pub stylesheet_url: String,
}

/// After the first words, where it goes on in a vendor's chat.
#[derive(Debug, Clone)]
pub struct ChatVendor {
    /// As people call the vendor.
    pub name: &'static str,
    pub away: bool,
    /// Number and address of what the first words became.
    pub request: (i64, String),
    /// Purpose to allow first; none where it is allowed.
    pub allow: Option<Purpose>,
    /// Who goes on, for the vendor, is asked for there.
    pub identity_url: String,
    pub new_url: String,
    pub script_url: String,
    pub stylesheet_url: String,
}

/// A chat that began.
#[derive(Debug, Clone)]
pub struct ChatPage {
    /// Of what its page keeps in the browser.
    pub id: String,
    pub stand: ChatStand,
    pub messages: Vec<ChatSaid>,
    pub stream_url: String,
    pub messages_url: String,
    pub typing_url: String,
    /// Key of the next message, for a browser without script.
    pub key: String,
    pub text: String,
    pub longest: usize,
    pub fault: Option<String>,
    pub script_url: String,
    pub stylesheet_url: String,
}

/// How it stands, in words and buttons; sent anew whenever it changes.
#[derive(Debug, Clone)]
pub struct ChatStand {
    pub state: ChatState,
    pub action_url: String,
    /// Name of the agent, of the bot.
    pub with: Option<String>,
    /// Nobody knows where to answer.
    pub needs_email: bool,
    /// Number and address of what it became.
    pub request: Option<(i64, String)>,
    pub new_url: String,
}

/// Something that was said.
#[derive(Debug, Clone)]
pub struct ChatSaid {
    pub place: i64,
    pub key: String,
    pub author: ChatAuthor,
    /// Who, as shown; of a line nobody.
    pub name: String,
    /// `14:05`, in UTC; a script shows the reader's own.
    pub when: String,
    /// The time itself (RFC 3339).
    pub at: String,
    pub said: Said,
    /// Title and address of articles that were given.
    pub articles: Vec<(String, String)>,
}

/// On other pages, while a chat goes on.
#[derive(Debug, Clone)]
pub struct ChatBar {
    pub url: String,
    pub stylesheet_url: String,
    /// Messages that came since the reader looked.
    pub new: usize,
}

/// The agents' chats.
#[derive(Debug, Clone)]
pub struct ChatsPage {
    /// Tells that the agent is there.
    pub here_url: String,
    pub groups: Vec<ChatGroup>,
    pub chat: Option<ChatRoom>,
}

#[derive(Debug, Clone)]
pub struct ChatGroup {
    pub title: String,
    /// What stands there instead of no rows.
    pub nothing: String,
    /// How many there are, shown or not.
    pub count: usize,
    pub rows: Vec<ChatRow>,
}

#[derive(Debug, Clone)]
pub struct ChatRow {
    pub id: String,
    pub url: String,
    pub who: String,
    /// How it begins.
    pub begins: String,
    pub waits: String,
    /// The time itself (RFC 3339).
    pub since: String,
    pub agent: Option<String>,
    /// The reader said the last word.
    pub unanswered: bool,
    pub current: bool,
}

/// A chat as an agent sees it.
#[derive(Debug, Clone)]
pub struct ChatRoom {
    pub url: String,
    pub typing_url: String,
    pub who: String,
    pub state: ChatState,
    pub agent: Option<String>,
    pub is_mine: bool,
    pub talk: Vec<Talk>,
    /// Number and address of what it became.
    pub ticket: Option<(i64, String)>,
    /// What is known of the reader: name and value.
    pub reader: Vec<(String, String)>,
    pub clues: Vec<ClueRow>,
    pub find: Finds,
    /// Name and filled text.
    pub macros: Vec<(String, String)>,
    /// Who else could have it.
    pub agents: Vec<Choice>,
    /// Key of the next message, for a browser without script.
    pub key: String,
    pub text: String,
    pub longest: usize,
    pub refusal: Option<String>,
}
