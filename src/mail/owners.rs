//! `[mail.owners]`: letters to those who answer for articles.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::is_address;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Each Monday, what readers did with an owner's articles in the week.
    pub digest: bool,
    /// When the `review_by` of an article passed.
    pub review: bool,
    /// Addresses by what `owner` of the front matter says; an owner that is an address needs none.
    pub addresses: BTreeMap<String, String>,
}

impl Settings {
    /// Where an owner is written to, in small letters.
    pub fn address(&self, owner: &str) -> Option<String> {
        let address = self.addresses.get(owner).map_or(owner, String::as_str).trim().to_lowercase();
        is_address(&address).then_some(address)
    }
}
