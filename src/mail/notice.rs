//! What agents are told: a request that wants their eye, a promise that comes near its end, a hand-over.

use super::letter::{Sheet, said, titled};
use super::words::Words;

/// Times are as people read them.
#[derive(Debug, Clone, Copy)]
pub enum Notice<'a> {
    /// The rules want somebody to look at a request that came in.
    Routed { ticket: &'a str, subject: &'a str },
    /// Something that was promised is due, or was.
    Due { ticket: &'a str, subject: &'a str, what: What, at: &'a str, is_late: bool },
    /// Somebody is on call from now on.
    OnCall { rotation: &'a str, agent: &'a str, before: &'a str, until: &'a str },
}

/// What was promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    FirstReply,
    NextReply,
    Solution,
}

/// What notices say. `{name}` is a place for a value.
#[derive(Debug)]
pub struct NoticeWords {
    /// Stand before number and subject of the request.
    pub routed_subject: &'static str,
    pub due_subject: &'static str,
    pub late_subject: &'static str,
    /// `{ticket}`, `{site}`
    pub routed: &'static str,
    pub first_reply: &'static str,
    pub next_reply: &'static str,
    pub solution: &'static str,
    /// `{what}`, `{ticket}`, `{time}`
    pub due: &'static str,
    pub late: &'static str,
    pub look: &'static str,
    /// `{rotation}`
    pub on_call_subject: &'static str,
    /// `{agent}`, `{rotation}`, `{time}`, `{before}`
    pub on_call: &'static str,
    pub queue: &'static str,
    /// `{site}`
    pub why: &'static str,
}

impl<'a> Notice<'a> {
    pub(super) fn ticket(&self) -> Option<&'a str> {
        match self {
            Self::Routed { ticket, .. } | Self::Due { ticket, .. } => Some(ticket),
            Self::OnCall { .. } => None,
        }
    }
}

pub(super) fn sheet(notice: &Notice, link: &str, base: Sheet, words: &Words) -> Sheet {
    let own = &words.notice;
    let (subject, opening, action) = match *notice {
        Notice::Routed { ticket, subject } => {
            let opening = said(words, own.routed, &[("ticket", ticket), ("site", &base.site)]);
            (format!("{} {}", own.routed_subject, titled(ticket, subject)), opening, own.look)
        }
        Notice::Due { ticket, subject, what, at, is_late } => {
            let (before, text) = if is_late { (own.late_subject, own.late) } else { (own.due_subject, own.due) };
            let opening = said(words, text, &[("what", own.of(what)), ("ticket", ticket), ("time", at)]);
            (format!("{before} {}", titled(ticket, subject)), opening, own.look)
        }
        Notice::OnCall { rotation, agent, before, until } => {
            let values = [("rotation", rotation), ("agent", agent), ("before", before), ("time", until)];
            (said(words, own.on_call_subject, &values), said(words, own.on_call, &values), own.queue)
        }
    };
    let why = said(words, own.why, &[("site", &base.site)]);
    Sheet { subject, opening, action, link: link.to_owned(), why, ..base }
}

impl NoticeWords {
    fn of(&self, what: What) -> &'static str {
        match what {
            What::FirstReply => self.first_reply,
            What::NextReply => self.next_reply,
            What::Solution => self.solution,
        }
    }
}
