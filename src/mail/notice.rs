//! What agents are told: a request that wants their eye, a promise that comes near its end, a hand-over, an alert.

use super::letter::{Sheet, said, shortened, titled};
use super::one_line;
use super::words::{self, Words};

/// Times are as people read them.
#[derive(Debug, Clone, Copy)]
pub enum Notice<'a> {
    /// The rules want somebody to look at a request that came in.
    Routed { ticket: &'a str, subject: &'a str },
    /// Something that was promised is due, or was.
    Due { ticket: &'a str, subject: &'a str, what: What, at: &'a str, is_late: bool },
    /// Somebody is on call from now on.
    OnCall { rotation: &'a str, agent: &'a str, before: &'a str, until: &'a str },
    /// Somebody wants to hear of such requests.
    Alert { alert: &'a str, ticket: &'a str, subject: &'a str },
    /// Many requests have something in common.
    Burst { alert: &'a str, count: usize, within: &'a str, common: Common, name: &'a str, tickets: &'a str },
}

/// What requests have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Common {
    Article,
    Search,
    Category,
    Class,
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
    /// `{alert}`, `{ticket}`, `{site}`
    pub alert: &'static str,
    /// `{count}`, `{time}`, `{about}`, `{tickets}`
    pub burst: &'static str,
    /// `{name}`
    pub article: &'static str,
    pub search: &'static str,
    pub category: &'static str,
    pub class: &'static str,
    pub alerts: &'static str,
    /// How to hear no more of it.
    pub mute: &'static str,
    pub mute_burst: &'static str,
    /// `{site}`
    pub why: &'static str,
}

impl<'a> Notice<'a> {
    pub(super) fn ticket(&self) -> Option<&'a str> {
        match self {
            Self::Routed { ticket, .. } | Self::Due { ticket, .. } | Self::Alert { ticket, .. } => Some(ticket),
            Self::OnCall { .. } | Self::Burst { .. } => None,
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
        Notice::Alert { alert, ticket, subject } => {
            let opening = said(words, own.alert, &[("alert", alert), ("ticket", ticket), ("site", &base.site)]);
            (format!("{}: {}", shortened(alert), titled(ticket, subject)), opening, own.look)
        }
        Notice::Burst { alert, count, within, common, name, tickets } => {
            let about = said(words, own.common(common), &[("name", &shortened(name))]);
            let (subject, count) = (format!("{}: {}", shortened(alert), shortened(name)), count.to_string());
            let values = [("count", count.as_str()), ("time", within), ("about", &about), ("tickets", tickets)];
            (subject, said(words, own.burst, &values), own.alerts)
        }
    };
    let mute = match notice {
        Notice::OnCall { .. } => None,
        Notice::Burst { .. } => Some(own.mute_burst),
        _ => Some(own.mute),
    };
    let notes = mute.into_iter().map(str::to_owned).collect();
    let why = said(words, own.why, &[("site", &base.site)]);
    Sheet { subject, opening, action, link: link.to_owned(), notes, why, ..base }
}

/// The same in a few lines, for a channel in which people talk.
pub fn told(notice: &Notice, link: &str, site: &str, locale: &str) -> String {
    let base = Sheet { site: one_line(site), ..Sheet::default() };
    let Sheet { subject, opening, notes, .. } = sheet(notice, link, base, words::of(locale));
    [&[subject, opening][..], &notes, &[link.to_owned()]].concat().join("\n")
}

impl NoticeWords {
    fn common(&self, common: Common) -> &'static str {
        match common {
            Common::Article => self.article,
            Common::Search => self.search,
            Common::Category => self.category,
            Common::Class => self.class,
        }
    }

    fn of(&self, what: What) -> &'static str {
        match what {
            What::FirstReply => self.first_reply,
            What::NextReply => self.next_reply,
            What::Solution => self.solution,
        }
    }
}
