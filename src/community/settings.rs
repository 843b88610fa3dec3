//! `[community]`

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::integrations::discourse::Discourse;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// May readers ask in public under articles, and reply there? An agent lets each question and reply through.
    pub questions: bool,
    /// A forum of Discourse instead, which is linked and searched: `https://forum.example.com`.
    pub discourse_url: Option<String>,
    /// Milliseconds that the forum may take to answer a search.
    pub discourse_timeout_ms: u64,
    /// Days after which names, and whose they are, are taken from questions and replies; the texts stay.
    pub name_days: u32,
    /// Days that refused questions and replies are kept.
    pub refused_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { questions: false, discourse_url: None, discourse_timeout_ms: 2000, name_days: 1095, refused_days: 30 }
    }
}

impl Settings {
    /// # Errors
    /// Two communities at once, a forum with an address that cannot be used.
    pub fn check(&self) -> Result<()> {
        let is_elsewhere = self.forum()?.is_some();
        ensure!(
            !(self.questions && is_elsewhere),
            "community.questions and community.discourse_url are both set, and readers would not know where to ask; \
             keep one of them"
        );
        Ok(())
    }

    /// The forum, where there is one.
    ///
    /// # Errors
    /// An address that cannot be used.
    pub fn forum(&self) -> Result<Option<Discourse>> {
        let address = self.discourse_url.as_deref().filter(|address| !address.is_empty());
        address.map(Discourse::new).transpose().context("community.discourse_url cannot be used")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_community_or_none() {
        let check = |questions: bool, address: Option<&str>, expect: Option<&str>| {
            let settings = Settings { questions, discourse_url: address.map(str::to_owned), ..Settings::default() };
            let refusal = settings.check().err().map(|refusal| format!("{refusal:#}"));
            match expect {
                Some(part) => assert!(refusal.as_deref().is_some_and(|told| told.contains(part)), "{refusal:?}"),
                None => assert_eq!(refusal, None),
            }
        };
        check(false, None, None);
        check(true, None, None);
        check(false, Some("https://forum.example"), None);
        check(true, Some("https://forum.example"), Some("keep one of them"));
        check(false, Some("forum.example"), Some("community.discourse_url"));
    }
}
