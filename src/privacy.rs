//! What readers allow: purposes, granted or not, and the proof of it. Nothing that ties an event to a session is
//! stored or sent for a purpose its reader has not granted.

use std::fmt;

use app::model::Purpose;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The purposes somebody granted. *Necessary* is always among them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Grants(u8);

impl Grants {
    /// Only what needs no consent.
    pub const NONE: Self = Self(0);

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
    fn letters_come_back_as_the_same_grants() {
        for bits in 0..8 {
            let grants = Grants(bits);
            assert_eq!(Grants::of_letters(&grants.letters()), grants);
            assert!(grants.allow(Purpose::Necessary));
        }
        assert_eq!(Grants::of_letters("a?n").letters(), "a");
    }
}
