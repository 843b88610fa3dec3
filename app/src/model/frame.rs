//! What surrounds every page: head, header, footer.

use std::sync::Arc;

use super::Forum;
use super::agent::Portal;
use crate::words::Words;

/// The part of the frame that is the same on every page of one locale; shared, not copied.
#[derive(Debug, Clone)]
pub struct Site {
    pub name: String,
    /// One line under the name on the home page.
    pub tagline: Option<String>,
    /// Path prefix under which the site lives: empty, or `/help`. Never ends in a slash.
    pub base: String,
    /// BCP 47 tag of the interface and the content of this page, for `<html lang>`.
    pub locale: String,
    pub direction: Direction,
    pub words: Words,
    /// URL of the home page in this locale.
    pub home_url: String,
    /// Where the search form goes in this locale: `/search` or `/de/search`.
    pub search_url: String,
    /// URL of the fragment an island fetches: `/search/results` or `/de/search/results`.
    pub results_url: String,
    /// URL of the logo image; the name is shown as text without one.
    pub logo_url: Option<String>,
    /// Top-level categories, and links the operator added.
    pub header_links: Vec<NavLink>,
    pub footer_links: Vec<NavLink>,
    pub shortcuts: Shortcuts,
    pub stylesheet_url: String,
    /// The operator's own style sheet, after ours.
    pub brand_url: Option<String>,
    /// The plain script for theme, copy buttons, table of contents and waking the islands.
    pub script_url: String,
    /// JavaScript glue of the islands, imported by the script on idle or first focus.
    pub islands_js_url: String,
    pub islands_wasm_url: String,
    /// Keeps drafts of what readers write to us; only pages with such a form load it.
    pub drafts_url: String,
    pub favicon_url: String,
    pub feed_url: String,
    pub privacy_url: String,
    /// The ways to a person; absent where readers cannot ask.
    pub contact_url: Option<String>,
    /// The script that leads back to a chat that goes on, and where it asks for it; absent where readers cannot chat.
    pub chat: Option<ChatScript>,
    /// Absent where there is none.
    pub forum: Option<Forum>,
    /// The style sheet that shows the question what is allowed to those who have not answered it; without it nobody
    /// is asked.
    pub consent_css_url: Option<String>,
    /// Loads the scripts of vendors that the reader granted; absent where there are none.
    pub tags_url: Option<String>,
    /// Absent where nothing is collected.
    pub events: Option<Collection>,
}

/// How a page leads back to a chat.
#[derive(Debug, Clone)]
pub struct ChatScript {
    pub script_url: String,
    /// Where the bar is had: `/chat/bar`.
    pub url: String,
}

/// How a page tells what its reader did.
#[derive(Debug, Clone)]
pub struct Collection {
    /// The plain script that tells.
    pub script_url: String,
    /// Where it tells: `/api/v1/events`.
    pub url: String,
}

/// Keys that open search from anywhere; a reader using speech input must be able to switch them off (WCAG 2.1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortcuts {
    pub slash: bool,
    pub ctrl_k: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Ltr,
    Rtl,
}

impl Direction {
    /// The value of the `dir` attribute.
    pub fn attribute(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavLink {
    pub title: String,
    pub url: String,
}

/// A language the reader may switch to from this page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageLink {
    pub locale: String,
    /// The language's own name: `Deutsch`.
    pub name: String,
    pub url: String,
    pub current: bool,
}

/// One `<link rel="alternate" hreflang>`; absolute URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternate {
    pub hreflang: String,
    pub url: String,
}

/// What machines read in `<head>`. Every URL here is absolute.
#[derive(Debug, Clone, Default)]
pub struct Meta {
    /// Title of the page without the site's name.
    pub title: String,
    pub description: Option<String>,
    /// `None` for pages that have no address of their own (errors, search results).
    pub canonical: Option<String>,
    pub alternates: Vec<Alternate>,
    /// The article's Markdown (`rel="alternate" type="text/markdown"`).
    pub markdown_url: Option<String>,
    /// `article` or `website`.
    pub og_type: &'static str,
    /// ISO 8601 date, for `article:modified_time`.
    pub modified: Option<String>,
    /// Complete JSON-LD documents, safe inside `<script>` (`<` escaped as `\u003c`).
    pub json_ld: Vec<String>,
    /// False adds `<meta name="robots" content="noindex">`.
    pub indexed: bool,
    /// Of pages of the agents' portal.
    pub portal: Option<Portal>,
}

/// Everything around a page's own content.
#[derive(Debug, Clone)]
pub struct Frame {
    pub site: Arc<Site>,
    pub meta: Meta,
    pub languages: Vec<LanguageLink>,
    /// The query to show in the header's search field, when the page answers one.
    pub query: Option<String>,
}

/// One step of the way from the home page to here; the last one is the page itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    pub title: String,
    pub url: String,
}
