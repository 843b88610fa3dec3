//! The site knows its address and its name; neither is ever taken from a request.

use std::collections::BTreeMap;

use anyhow::{Result, bail, ensure};
use serde::Deserialize;

/// `[site]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Address readers use, path included (`https://example.com/help`). Makes canonical links, feeds and
    /// sitemap. Without it the address the program listens on.
    pub url: Option<String>,
    /// Without it `Help center`, or `Signpost` where the program serves its own manual.
    pub name: Option<String>,
    /// One line under the name on the home page.
    pub tagline: Option<String>,
    /// Image shown in the header instead of the name; a path below the content folder.
    pub logo: Option<String>,
    /// A style sheet of the operator's own, served after ours: the brand's dozen variables.
    pub brand_css: Option<std::path::PathBuf>,
    pub header_links: Vec<Link>,
    pub footer_links: Vec<Link>,
    /// Articles picked for the home page, by path: `start/install`.
    pub picked: Vec<String>,
    /// `/` opens search from anywhere.
    pub shortcut_slash: bool,
    /// Ctrl-K, ⌘-K on a Mac, opens search from anywhere.
    pub shortcut_ctrl_k: bool,
    /// Words of the interface to say differently, per locale: `[site.words.en] search = "Find"`.
    pub words: BTreeMap<String, BTreeMap<String, String>>,
}

/// A link the operator adds to header or footer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    pub title: String,
    pub url: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            url: None,
            name: None,
            tagline: None,
            logo: None,
            brand_css: None,
            header_links: Vec::new(),
            footer_links: Vec::new(),
            picked: Vec::new(),
            shortcut_slash: true,
            shortcut_ctrl_k: true,
            words: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// # Errors
    /// A `site.url` that is no http address.
    pub fn check(&self) -> Result<()> {
        let Some(url) = &self.url else { return Ok(()) };
        let Some(rest) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else {
            bail!("site.url is {url:?}; write the whole address, such as \"https://example.com/help\"");
        };
        ensure!(!rest.is_empty() && !rest.starts_with('/'), "site.url is {url:?}; it names no host");
        ensure!(!rest.contains(['?', '#']), "site.url is {url:?}; leave out what follows ? or #");
        Ok(())
    }
}

/// Where the site lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Scheme, host and port, as a browser writes `Origin`: `https://example.com`.
    pub origin: String,
    /// Path prefix, empty or `/help`; never ends in a slash.
    pub base: String,
}

impl Address {
    /// From `site.url`, which [`Settings::check`] accepted.
    pub fn parse(url: &str) -> Self {
        let url = url.trim_end_matches('/');
        let host = url.find("://").map_or(0, |at| at + 3);
        let path = url[host..].find('/').map_or(url.len(), |at| host + at);
        Self { origin: url[..path].to_lowercase(), base: url[path..].to_owned() }
    }

    /// `/start` → `/help/start`; the home page `/` → `/help`, or `/` where the site has no base.
    pub fn href(&self, path: &str) -> String {
        match (self.base.is_empty(), path) {
            (false, "/") => self.base.clone(),
            _ => format!("{}{path}", self.base),
        }
    }

    /// `/start` → `https://example.com/help/start`.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{}", self.origin, self.href(path))
    }

    /// The same in `locale`: `/de/start`, without a prefix where it is the `default` one.
    pub fn absolute_in(&self, locale: &str, default: &str, path: &str) -> String {
        let prefix = if locale == default { String::new() } else { format!("/{locale}") };
        self.absolute(&format!("{prefix}{path}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_have_a_path() {
        let check = |url: &str, path: &str, expect: &str| assert_eq!(Address::parse(url).absolute(path), expect);
        check("https://example.com/help/", "/start", "https://example.com/help/start");
        check("https://Example.com", "/start", "https://example.com/start");
        check("https://example.com/help", "/", "https://example.com/help");
        check("http://127.0.0.1:8080", "/", "http://127.0.0.1:8080/");
    }

    #[test]
    fn a_page_in_the_default_locale_has_no_prefix() {
        let address = Address::parse("https://example.com/help");
        assert_eq!(address.absolute_in("en", "en", "/start"), "https://example.com/help/start");
        assert_eq!(address.absolute_in("de", "en", "/start"), "https://example.com/help/de/start");
    }

    #[test]
    fn only_a_whole_address_is_accepted() {
        let check = |url: &str, good: bool| {
            let settings = Settings { url: Some(url.to_owned()), ..Settings::default() };
            assert_eq!(settings.check().is_ok(), good, "{url}");
        };
        check("https://example.com/help", true);
        check("example.com", false);
        check("https:///help", false);
        check("https://example.com/?a=b", false);
    }
}
