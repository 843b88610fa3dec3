//! Mails that no person wrote. Who answers them may begin a loop that no person ends.

use mail_parser::{Message, MimeHeaders};

use super::{Envelope, Nature, address, header, list};

/// Whose mails are reports, whatever they say.
const REPORTERS: [&str; 3] = ["mailer-daemon@", "postmaster@", "no-reply-bounces@"];
/// Headers that answering machines add, whatever they hold.
const MACHINES: [&str; 5] =
    ["X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply-From", "X-Auto-Response-Suppress"];
/// Those that lists add. Where nobody writes to the list, a machine did.
const LISTS: [&str; 2] = ["List-Id", "List-Unsubscribe"];

/// What the head says of who wrote it.
pub fn nature(message: &Message, from: &str, envelope: &Envelope) -> Nature {
    let list = list::of(message);
    match (sign(message, from, envelope, list.is_some()), list) {
        (Some(sign), _) => Nature::Automatic(sign),
        (None, Some(list)) => Nature::Listed(list),
        (None, None) => Nature::Written,
    }
}

/// The first sign of a machine, for people to read.
fn sign(message: &Message, from: &str, envelope: &Envelope, is_listed: bool) -> Option<String> {
    let by_list = || LISTS.iter().filter(|_| !is_listed).find_map(|name| shown(message, name));
    by_value(message, is_listed)
        .or_else(|| by_presence(message))
        .or_else(by_list)
        .or_else(|| by_sender(message, from, envelope))
}

fn by_value(message: &Message, is_listed: bool) -> Option<String> {
    // RFC 3834, section 5; the second is what was in use before it.
    for name in ["Auto-Submitted", "X-Auto-Submitted"] {
        let value = header(message, name).filter(|value| !value.to_ascii_lowercase().starts_with("no"));
        if let Some(value) = value {
            return Some(format!("{name}: {value}"));
        }
    }
    let precedence = header(message, "Precedence")?.to_ascii_lowercase();
    let is_bulk = ["bulk", "junk", "auto_reply"].contains(&precedence.as_str());
    let is_bulk = is_bulk || (precedence == "list" && !is_listed);
    is_bulk.then(|| format!("Precedence: {precedence}"))
}

fn by_presence(message: &Message) -> Option<String> {
    if message.content_type().is_some_and(|kind| kind.subtype().is_some_and(|it| it.eq_ignore_ascii_case("report"))) {
        return Some("Content-Type: multipart/report".to_owned());
    }
    MACHINES.iter().find_map(|name| shown(message, name))
}

fn shown(message: &Message, name: &str) -> Option<String> {
    Some(format!("{name}: {}", header(message, name)?))
}

fn by_sender(message: &Message, from: &str, envelope: &Envelope) -> Option<String> {
    if REPORTERS.iter().any(|start| from.starts_with(start)) {
        return Some(format!("From: {from}"));
    }
    let path = envelope.sender.clone().or_else(|| header(message, "Return-Path"))?;
    address(&path).is_empty().then(|| "Return-Path: <>".to_owned())
}
