//! Mails that no person wrote. Who answers them may begin a loop that no person ends.

use mail_parser::{Message, MimeHeaders};

use super::{Envelope, Nature, address, header};
use crate::mail::TRACE;

/// Whose mails are reports, whatever they say.
const REPORTERS: [&str; 3] = ["mailer-daemon@", "postmaster@", "no-reply-bounces@"];
/// Headers that answering machines and lists add, whatever they hold.
const MACHINES: [&str; 7] = [
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Auto-Reply-From",
    "X-Auto-Response-Suppress",
    "List-Id",
    "List-Unsubscribe",
];

/// What the head says of who wrote it.
pub fn nature(message: &Message, from: &str, envelope: &Envelope) -> Nature {
    if let Some(trace) = header(message, TRACE) {
        return Nature::Traced(trace);
    }
    sign(message, from, envelope).map_or(Nature::Written, Nature::Automatic)
}

/// The first sign of a machine, for people to read.
fn sign(message: &Message, from: &str, envelope: &Envelope) -> Option<String> {
    by_value(message).or_else(|| by_presence(message)).or_else(|| by_sender(message, from, envelope))
}

fn by_value(message: &Message) -> Option<String> {
    // RFC 3834, section 5; the second is what was in use before it.
    for name in ["Auto-Submitted", "X-Auto-Submitted"] {
        let value = header(message, name).filter(|value| !value.to_ascii_lowercase().starts_with("no"));
        if let Some(value) = value {
            return Some(format!("{name}: {value}"));
        }
    }
    let precedence = header(message, "Precedence")?.to_ascii_lowercase();
    let is_bulk = ["bulk", "junk", "list", "auto_reply"].contains(&precedence.as_str());
    is_bulk.then(|| format!("Precedence: {precedence}"))
}

fn by_presence(message: &Message) -> Option<String> {
    if message.content_type().is_some_and(|kind| kind.subtype().is_some_and(|it| it.eq_ignore_ascii_case("report"))) {
        return Some("Content-Type: multipart/report".to_owned());
    }
    MACHINES.iter().find_map(|name| Some(format!("{name}: {}", header(message, name)?)))
}

fn by_sender(message: &Message, from: &str, envelope: &Envelope) -> Option<String> {
    if REPORTERS.iter().any(|start| from.starts_with(start)) {
        return Some(format!("From: {from}"));
    }
    let path = envelope.sender.clone().or_else(|| header(message, "Return-Path"))?;
    address(&path).is_empty().then(|| "Return-Path: <>".to_owned())
}
