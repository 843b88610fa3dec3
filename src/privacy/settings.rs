//! `[privacy]`

use anyhow::{Result, ensure};
use app::model::Purpose;
use serde::Deserialize;

use super::Grants;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Purposes that readers are asked for. Empty: nobody is asked, and nothing is tied to a session but its trail.
    pub purposes: Grants,
    /// Version of the words that ask: letters, digits, `-` and `_`. Another one asks everybody anew.
    pub text_version: String,
    /// Header in which a proxy of ours tells the reader's country: `CF-IPCountry`.
    pub country_header: Option<String>,
    /// What is granted before a reader chose, where it is not nothing.
    pub regions: Vec<Region>,
}

/// A profile of countries that have the same law.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Two letters each (ISO 3166-1): `US`.
    pub countries: Vec<String>,
    /// What is granted there until the reader chooses otherwise.
    pub granted: Grants,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            purposes: Grants::of([Purpose::Analytics]),
            text_version: "1".to_owned(),
            country_header: None,
            regions: Vec::new(),
        }
    }
}

impl Settings {
    /// # Errors
    /// A version that cannot stand in a cookie, a country that is not two letters.
    pub fn check(&self) -> Result<()> {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
        ensure!(
            !self.text_version.is_empty() && self.text_version.chars().all(plain),
            "privacy.text_version is {:?}; take letters, digits, - and _",
            self.text_version
        );
        for country in self.regions.iter().flat_map(|region| &region.countries) {
            ensure!(
                country.len() == 2 && country.bytes().all(|letter| letter.is_ascii_uppercase()),
                "privacy.regions has the country {country:?}; write two capital letters, such as \"US\""
            );
        }
        Ok(())
    }

    /// What is granted in a country before anything was chosen.
    pub(super) fn granted_in(&self, country: Option<&str>) -> Grants {
        let is_there = |region: &&Region| region.countries.iter().any(|known| Some(known.as_str()) == country);
        self.regions.iter().find(is_there).map_or(Grants::NONE, |region| region.granted)
    }
}
