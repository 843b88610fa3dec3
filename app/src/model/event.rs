//! What readers did: the list of events, version 1. This list is their one definition: what may be sent, what is kept,
//! the JSON Schema and the manual's table all come from it.

mod define;
mod field;
mod kinds;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use define::context;

pub use field::{Field, List, Name, Path, Shape, Text, within};
pub use kinds::Event;

/// Version of the schema: grows when a field changes its meaning or goes, not when one comes.
pub const VERSION: u8 = 1;

/// What a reader's data may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// What the reader asked for: needs no consent.
    Necessary,
    /// Remembering what the reader chose.
    Preferences,
    /// Learning how the help center is used.
    Analytics,
    /// Tying what was done here to campaigns.
    Marketing,
}

impl Purpose {
    pub const ALL: [Self; 4] = [Self::Necessary, Self::Preferences, Self::Analytics, Self::Marketing];

    /// As on the wire and in forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Necessary => "necessary",
            Self::Preferences => "preferences",
            Self::Analytics => "analytics",
            Self::Marketing => "marketing",
        }
    }
}

/// Who tells of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Teller {
    /// The page, the widget or the host product, through `POST /api/v1/events`.
    Page,
    /// The server alone, which knows better.
    Server,
}

/// What the schema says of a kind of event.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    pub name: &'static str,
    pub about: &'static str,
    pub purpose: Purpose,
    pub teller: Teller,
    pub fields: &'static [FieldOf],
}

/// One field of a kind.
#[derive(Debug, Clone, Copy)]
pub struct FieldOf {
    pub name: &'static str,
    pub about: &'static str,
    pub shape: fn() -> Shape,
}

context! {
    /// The anonymous session: a random id that ends after half an hour without a deed.
    session: Name<64>,
    /// The reader's id at the host, from the token the host signed; the hash of it where it is an e-mail address.
    user: Name<200>,
    /// The reader's plan, from the token the host signed.
    plan: Name<64>,
    /// Language of the page.
    locale: Name<35>,
    /// `phone`, `tablet` or `desktop`.
    device: Name<16>,
    /// Two letters, where a proxy tells them. The address itself is not kept.
    country: Name<2>,
    /// The site the session came from: its host and no more.
    referrer: Name<253>,
    /// The campaign the session came through; kept with consent to marketing only.
    campaign: Name<100>,
    /// Path of the page, without query and fragment.
    page: Path<500>,
    /// What was being served: hash of the content. Of a host's events: the host's own release.
    release: Name<64>,
}

/// Why an event cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub field: &'static str,
    pub what: Cow<'static, str>,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.field, self.what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_kinds() {
        let mut names: Vec<_> = Event::KINDS.iter().map(|kind| kind.name).collect();
        assert_eq!(names.len(), 24);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 24, "two kinds share a name");
    }

    #[test]
    fn a_field_that_is_missing_or_too_long_is_named() {
        let check = |event: Event, expect: Option<&str>| {
            assert_eq!(event.check().err().map(|fault| fault.to_string()).as_deref(), expect);
        };
        check(Event::ArticleViewed { article: Name::of("start") }, None);
        check(Event::ArticleViewed { article: Name::of("") }, Some("article: is missing"));
        let seconds = Event::ArticleRead { article: Name::of("start"), seconds: 3, scroll: 100 };
        check(seconds, None);
        check(
            Event::ArticleViewed { article: Name::of("jo@example.com") },
            Some("article: holds '@'; take letters, digits and . _ - / : + ~ %"),
        );
    }
}
