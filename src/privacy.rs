//! What readers allow: purposes, granted or not, and the proof of it. Nothing that ties an event to a session is
//! stored or sent for a purpose its reader has not granted.

mod choice;
mod settings;

use std::fmt;

use app::model::Purpose;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use choice::{Asked, Choice, Day, choices_by_day, record};
pub use settings::{Region, Settings};

/// The purposes somebody granted. *Necessary* is always among them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Grants(u8);

impl Grants {
    /// Only what needs no consent.
    pub const NONE: Self = Self(0);

    /// Every choice there is.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..8).map(Self)
    }

    pub fn of(purposes: impl IntoIterator<Item = Purpose>) -> Self {
        Self(purposes.into_iter().fold(0, |bits, purpose| bits | bit(purpose)))
    }

    pub fn allow(self, purpose: Purpose) -> bool {
        purpose == Purpose::Necessary || self.0 & bit(purpose) != 0
    }

    /// Those in both.
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those in either.
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn without(self, purpose: Purpose) -> Self {
        Self(self.0 & !bit(purpose))
    }

    /// Those beside *necessary*, in their order.
    pub fn purposes(self) -> impl Iterator<Item = Purpose> {
        Purpose::ALL.into_iter().filter(move |purpose| *purpose != Purpose::Necessary && self.allow(*purpose))
    }

    /// As in the database and in the cookie: one letter a purpose.
    pub fn letters(self) -> String {
        self.purposes().map(letter).collect()
    }

    /// From [`Grants::letters`]; what it does not know grants nothing.
    pub fn of_letters(letters: &str) -> Self {
        let known = |found: char| Purpose::ALL.into_iter().find(|purpose| letter(*purpose) == found);
        Self::of(letters.chars().filter_map(known))
    }
}

/// What a browser says of itself in a header: its reader wants no tracking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Global Privacy Control: `Sec-GPC: 1`.
    Gpc,
    /// Do Not Track: `DNT: 1`.
    Dnt,
}

impl Signal {
    /// As in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gpc => "gpc",
            Self::Dnt => "dnt",
        }
    }
}

/// How a reader stands to the purposes at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub grants: Grants,
    /// Nothing was chosen yet, and something is to be chosen.
    pub undecided: bool,
    pub signal: Option<Signal>,
}

/// What counts: the reader's choice, before it the default of the region; never what is not asked for here, and neither
/// analytics nor marketing against a signal.
pub fn standing(
    settings: &Settings,
    choice: Option<&Choice>,
    signal: Option<Signal>,
    country: Option<&str>,
) -> Standing {
    let choice = choice.filter(|choice| choice.counts(settings));
    let wanted = choice.map_or_else(|| settings.granted_in(country), |choice| choice.grants);
    let heard = match signal {
        Some(_) => wanted.without(Purpose::Analytics).without(Purpose::Marketing),
        None => wanted,
    };
    let open = settings.purposes != Grants::NONE && signal.is_none();
    Standing { grants: heard.and(settings.purposes), undecided: choice.is_none() && open, signal }
}

fn bit(purpose: Purpose) -> u8 {
    match purpose {
        Purpose::Necessary => 0,
        Purpose::Preferences => 1,
        Purpose::Analytics => 2,
        Purpose::Marketing => 4,
    }
}

fn letter(purpose: Purpose) -> char {
    purpose.name().chars().next().expect("every purpose has a name")
}

impl fmt::Display for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.purposes().map(Purpose::name).collect();
        f.write_str(&names.join(", "))
    }
}

/// As a list of names.
impl Serialize for Grants {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.purposes())
    }
}

impl<'de> Deserialize<'de> for Grants {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::of(Vec::<Purpose>::deserialize(deserializer)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_counts_only_for_what_is_asked_under_the_same_words_and_without_a_signal() {
        let all = Grants::of(Purpose::ALL);
        let asked = Grants::of([Purpose::Analytics, Purpose::Preferences]);
        let region = Region { countries: vec!["US".to_owned()], granted: Grants::of([Purpose::Analytics]) };
        let settings = Settings { purposes: asked, regions: vec![region], ..Settings::default() };
        let chose = |version: &str| Choice { id: uuid::Uuid::nil(), grants: all, text_version: version.to_owned() };
        let check = |choice: Option<Choice>, signal, country, expect: &str, undecided| {
            let standing = standing(&settings, choice.as_ref(), signal, country);
            assert_eq!((standing.grants.letters().as_str(), standing.undecided), (expect, undecided));
        };
        check(None, None, None, "", true);
        check(None, None, Some("US"), "a", true);
        check(None, Some(Signal::Gpc), Some("US"), "", false);
        check(Some(chose("1")), None, None, "pa", false);
        check(Some(chose("0")), None, None, "", true);
        check(Some(chose("1")), Some(Signal::Dnt), None, "p", false);
    }

    #[test]
    fn letters_come_back_as_the_same_grants() {
        for bits in 0..8 {
            let grants = Grants(bits);
            assert_eq!(Grants::of_letters(&grants.letters()), grants);
            assert!(grants.allow(Purpose::Necessary));
        }
        assert_eq!(Grants::of_letters("a?n").letters(), "a");
    }
}
