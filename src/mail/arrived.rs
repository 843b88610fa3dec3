//! A mail that came, as far as it matters here: who wrote it, where it belongs, what it says.
//!
//! It is read from the bytes of a message (RFC 5322, RFC 2045), or put together from what a provider took apart.

mod automatic;
mod bounce;
mod list;
#[cfg(test)]
mod tests;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use mail_parser::{Address, HeaderName, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::plain;

pub use bounce::Bounce;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrived {
    /// Address of who wrote it, in small letters; anybody can write any.
    pub from: String,
    pub name: Option<String>,
    /// Who wrote it was taken from what a list is to keep of that, which nothing proves.
    #[serde(default)]
    pub from_list: bool,
    /// All it went to, in small letters.
    pub to: Vec<String>,
    pub subject: String,
    /// `Message-ID` without its brackets.
    pub id: Option<String>,
    /// Such ids of the mails it answers.
    pub answers: Vec<String>,
    /// All that it says, quotes too, as plain text.
    pub text: String,
    pub files: Vec<File>,
    /// Names of files that were not fetched.
    #[serde(default)]
    pub left_out: Vec<String>,
    pub nature: Nature,
    /// What a help center that wrote it calls it. When that is this one, it came back.
    #[serde(default)]
    pub trace: Option<String>,
    /// A filter on its way took it for spam.
    pub spam: bool,
}

/// What kind of mail it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// A person wrote it.
    #[default]
    Written,
    /// A person did, and it came by a list of this name: no machine should answer it.
    Listed(String),
    /// A machine did, which nobody should answer (RFC 3834); by what it shows.
    Automatic(String),
    /// A server tells that a mail could not be delivered (RFC 3464).
    Bounced(Bounce),
}

/// A file that came along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    pub name: String,
    #[serde(serialize_with = "as_base64", deserialize_with = "from_base64")]
    pub bytes: Vec<u8>,
    /// The text shows it: a picture of a signature, most often.
    #[serde(default)]
    pub inline: bool,
}

/// What the server that took the mail was told (RFC 5321), where it says so.
#[derive(Debug, Clone, Default)]
pub struct Envelope {
    /// Where errors go; empty for a mail that must not be answered.
    pub sender: Option<String>,
    pub recipients: Vec<String>,
}

/// Why something is no mail.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoMail {
    #[error("it has no head as RFC 5322 asks for")]
    Headless,
    #[error("its From names no address")]
    Nobody,
}

/// Headers that name a recipient beside `To` and `Cc`.
const RECIPIENTS: [&str; 6] =
    ["Delivered-To", "X-Original-To", "X-Forwarded-To", "Envelope-To", "X-Envelope-To", "Resent-To"];
/// Files that are part of how a mail is proved, and nothing to read.
const PROOFS: [&str; 3] = ["pgp-signature", "pkcs7-signature", "x-pkcs7-signature"];

impl Arrived {
    /// Reads the bytes of a message.
    ///
    /// # Errors
    /// Bytes that are none.
    pub fn read(bytes: &[u8], envelope: &Envelope) -> Result<Self, NoMail> {
        let message = MessageParser::default().parse(bytes).ok_or(NoMail::Headless)?;
        let mut arrived = Self::of_head(&message, envelope)?;
        if let Some(bounce) = bounce::of(&message) {
            arrived.nature = Nature::Bounced(bounce);
        }
        arrived.text = text(&message);
        arrived.files = message.parts.iter().enumerate().filter_map(|(at, part)| file(&message, at, part)).collect();
        Ok(arrived)
    }

    /// What the lines of a head say; text and files are for the caller to add.
    ///
    /// # Errors
    /// Lines that name no sender.
    pub fn of_lines(head: &str, envelope: &Envelope) -> Result<Self, NoMail> {
        let head = format!("{}\r\n\r\n", head.trim_end());
        let message = MessageParser::default().parse_headers(head.as_bytes()).ok_or(NoMail::Headless)?;
        Self::of_head(&message, envelope)
    }

    /// Takes the plain text; what the HTML says where there is none.
    pub fn set_text(&mut self, text: &str, html: &str) {
        let text = text.replace("\r\n", "\n");
        self.text = if text.trim().is_empty() { plain::text(html) } else { text.trim_end().to_owned() };
    }

    fn of_head(message: &Message, envelope: &Envelope) -> Result<Self, NoMail> {
        let sender = message.from().and_then(Address::first);
        let from = sender.and_then(|it| it.address()).map(address).filter(|from| from.contains('@'));
        let from = from.ok_or(NoMail::Nobody)?;
        let name = sender.and_then(|it| it.name()).map(super::one_line).filter(|name| !name.is_empty());
        let nature = automatic::nature(message, &from, envelope);
        let writer = list::writer(message, &from);
        let from_list = writer.is_some();
        let (from, name) = writer.unwrap_or((from, name));
        Ok(Self {
            name,
            from_list,
            to: recipients(message, envelope),
            subject: message.subject().map(super::one_line).unwrap_or_default(),
            id: message.message_id().map(str::to_owned),
            answers: [ids(message.in_reply_to()), ids(message.references())].concat(),
            nature,
            trace: header(message, super::TRACE),
            spam: is_spam(message),
            from,
            ..Self::default()
        })
    }
}

fn recipients(message: &Message, envelope: &Envelope) -> Vec<String> {
    let named = [message.to(), message.cc()].into_iter().flatten().flat_map(Address::iter);
    let named = named.filter_map(|it| it.address()).map(address);
    let further = RECIPIENTS.iter().filter_map(|name| header(message, name)).map(|it| address(&it));
    let mut all: Vec<_> = envelope.recipients.iter().map(|it| address(it)).chain(named).chain(further).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// In the form in which addresses are compared.
fn address(text: &str) -> String {
    text.trim().trim_matches(['<', '>']).to_lowercase()
}

fn ids(value: &HeaderValue) -> Vec<String> {
    match value {
        HeaderValue::Text(id) => vec![id.clone().into_owned()],
        HeaderValue::TextList(ids) => ids.iter().map(|id| id.clone().into_owned()).collect(),
        _ => Vec::new(),
    }
}

/// A header as it is written, unfolded.
fn header(message: &Message, name: &str) -> Option<String> {
    let name = HeaderName::parse(name.to_owned())?;
    message.header_raw(name).map(super::one_line)
}

/// The text part; HTML where there is none that says anything.
fn text(message: &Message) -> String {
    let written = |part: &MessagePart| {
        let text = part.text_contents().filter(|_| part.is_text()).unwrap_or_default().replace("\r\n", "\n");
        if part.is_text_html() { plain::text(&text) } else { text.trim_matches('\n').trim_end().to_owned() }
    };
    let all = |parts: Vec<String>| parts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n");
    let text = all(message.text_bodies().map(written).collect());
    if text.trim().is_empty() { all(message.html_bodies().map(written).collect()) } else { text }
}

fn is_proof(part: &MessagePart) -> bool {
    let subtype = part.content_type().and_then(|kind| kind.subtype()).unwrap_or_default();
    PROOFS.iter().any(|proof| subtype.eq_ignore_ascii_case(proof))
}

/// A part that is no text to read.
fn file(message: &Message, at: usize, part: &MessagePart) -> Option<File> {
    let is_body = [&message.text_body, &message.html_body].iter().any(|body| body.iter().any(|id| *id as usize == at));
    if part.is_multipart() || is_proof(part) || (is_body && part.is_text()) {
        return None;
    }
    let named = part.attachment_name().map(str::to_owned);
    let subject = || part.message().map(|it| format!("{}.eml", it.subject().unwrap_or("mail")));
    let is_apart = part.content_disposition().is_some_and(|it| it.is_attachment());
    Some(File {
        name: named.or_else(subject).unwrap_or_default(),
        bytes: part.contents().to_vec(),
        inline: !is_apart && part.content_id().is_some(),
    })
}

fn is_spam(message: &Message) -> bool {
    ["X-Spam-Flag", "X-Spam-Status"]
        .iter()
        .filter_map(|name| header(message, name))
        .any(|value| value.to_ascii_lowercase().starts_with("yes"))
}

fn as_base64<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&BASE64_STANDARD.encode(bytes))
}

fn from_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    BASE64_STANDARD.decode(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}
