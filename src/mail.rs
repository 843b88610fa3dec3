//! What the program writes to people: letters in their language, as text and HTML. They leave through `delivery`, as
//! deeds for the channel [`CHANNEL`].

pub mod arrived;
pub mod inbound;
mod letter;
mod notice;
pub mod owners;
pub(crate) mod plain;
pub mod quoted;
pub mod suppression;
#[cfg(test)]
mod tests;
mod words;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use letter::{Digest, Due, Figure, Letter, Reader};
pub use notice::{Common, Notice, What, told};

/// What deeds are promised to: `delivery.promise(&mut transaction, mail::CHANNEL, deed, now)`.
pub const CHANNEL: &str = "mail";
/// The header that names a mail where a server on the way gives it a `Message-ID` of its own: the id of its deed.
pub const TRACE: &str = "X-HC-Message-Id";
/// What the id begins with that all mails of a [`Mail::thread`] answer to.
pub const THREAD: &str = "ticket-";

/// A mail as the outbox keeps it. Who sends it and its `Message-ID` are added when it goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Address, without a name.
    pub to: String,
    pub subject: String,
    pub text: String,
    /// A whole document. Without it the mail is text alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// Where answers go, when not where the settings say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// Mails of one thread are shown together: the number of a ticket, or the word by which answers find it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<String>,
    /// No person wrote it, so that no machine shall answer it (RFC 3834).
    #[serde(default)]
    pub automatic: bool,
    /// Where one click ends letters of this kind (RFC 8058): of digests, never of answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsubscribe: Option<String>,
}

impl Mail {
    /// What `delivery.promise` takes.
    pub fn deed(&self) -> Value {
        serde_json::to_value(self).expect("texts and flags are JSON")
    }
}

/// `letter` as it goes to `reader` in the name of `site`.
pub fn written(letter: &Letter, site: &str, reader: Reader) -> Mail {
    letter::mail(letter, site, reader)
}

/// Can a mail be sent to this address? RFC 5321 section 4.1.2, with RFC 6531 for letters beyond ASCII.
pub fn is_address(text: &str) -> bool {
    text.parse::<lettre::Address>().is_ok()
}

/// `text` in one line: what stands in a header must not begin another one.
pub fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
