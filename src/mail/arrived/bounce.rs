//! A report that a mail could not be delivered (RFC 3464).

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders};
use serde::{Deserialize, Serialize};

use super::{address, header};
use crate::mail::{TRACE, suppression};

/// The most of a server's words that is kept, in characters.
const WORDS: usize = 300;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounce {
    /// Who did not get it, in small letters.
    pub recipient: String,
    /// Enhanced status code (RFC 3463): `5.1.1`.
    pub status: String,
    /// In the words of the server.
    pub reason: String,
    /// What the mail was called that did not arrive, where the report returns its head: proof that we wrote it.
    pub about: Vec<String>,
}

impl Bounce {
    /// No mail will ever arrive there. Where the status says only that it failed, the server's own words may say more.
    pub fn is_lasting(&self) -> bool {
        let is_vague = self.status.is_empty() || self.status.starts_with("5.0.0");
        let mut words = self.reason.split([' ', '-', '#']).filter(|_| is_vague).take(3);
        let status = self.status.split_whitespace().next().unwrap_or_default();
        suppression::is_about_address(status) || words.any(suppression::is_about_address)
    }

    /// Why, without the address: it stands in lists.
    pub fn detail(&self, address: &str) -> String {
        let words = format!("{} {}", self.status, self.reason);
        words
            .replace(&self.recipient, "(the recipient)")
            .replace(address, "(the recipient)")
            .chars()
            .take(WORDS)
            .collect()
    }
}

/// What a report says of the first recipient whom it failed to reach.
pub fn of(message: &Message) -> Option<Bounce> {
    let report = message.parts.iter().find(|part| part.is_content_type("message", "delivery-status"))?;
    let report = String::from_utf8_lossy(report.contents()).replace("\r\n", "\n");
    // First stands what is said of the message, then a block for each recipient.
    report.split("\n\n").find_map(|block| of_recipient(block, about(message)))
}

fn of_recipient(block: &str, about: Vec<String>) -> Option<Bounce> {
    let block = format!("{}\r\n\r\n", block.trim().replace('\n', "\r\n"));
    let fields = MessageParser::default().parse_headers(block.as_bytes())?;
    let is_failed = header(&fields, "Action")?.eq_ignore_ascii_case("failed");
    let typed = |name: &str| header(&fields, name).map(|value| typed(&value));
    let recipient = address(&typed("Final-Recipient").or_else(|| typed("Original-Recipient"))?);
    let status = header(&fields, "Status").unwrap_or_default();
    let reason = typed("Diagnostic-Code").unwrap_or_default();
    (is_failed && recipient.contains('@')).then_some(Bounce { recipient, status, reason, about })
}

/// `rfc822; ada@customer.example` and `smtp; 550 5.1.1 …` without the kind of what they hold.
fn typed(value: &str) -> String {
    value.split_once(';').map_or(value, |(_, value)| value).trim().to_owned()
}

fn about(message: &Message) -> Vec<String> {
    message.parts.iter().find_map(returned).unwrap_or_default()
}

fn returned(part: &MessagePart) -> Option<Vec<String>> {
    let names = |it: &Message| {
        let traced = header(it, TRACE);
        traced.into_iter().chain(it.message_id().map(str::to_owned)).collect()
    };
    if let Some(message) = part.message() {
        return Some(names(message));
    }
    let is_head = part.is_content_type("text", "rfc822-headers") || part.is_content_type("message", "rfc822-headers");
    let head = format!("{}\r\n\r\n", part.text_contents().filter(|_| is_head)?.trim());
    MessageParser::default().parse_headers(head.as_bytes()).map(|it| names(&it))
}
