//! A page as the rest of the program knows it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::identity::Audience;

/// A page's place in its snapshot. Means nothing in another snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageIx(pub(super) u32);

impl PageIx {
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// An article, or a category (a folder, with or without an `index.md`; or a page that others name as `parent`).
#[derive(Debug, Clone)]
pub struct Page {
    pub ix: PageIx,
    pub kind: Kind,
    /// Lasting id, `[a-z0-9-]+`: from front matter, else made of the locale and the source path.
    pub id: String,
    pub locale: String,
    /// Site path without the base: `/start/install`, `/de/start/install`; `/` for the home page.
    pub path: String,
    /// The file it comes from, relative to the content folder; of a folder without `index.md`, the folder.
    pub source: String,
    pub title: String,
    pub description: Option<String>,
    pub tags: Vec<String>,
    pub keywords: Vec<String>,
    /// Versions of the product it is about.
    pub versions: Vec<String>,
    /// The search of the site may find it.
    pub searchable: bool,
    pub audience: Audience,
    pub status: Status,
    /// Shown in navigation, lists, previous and next.
    pub listed: bool,
    pub faq: bool,
    /// Multiplies the page's score in search; 1 by default.
    pub boost: f32,
    pub updated: Option<jiff::civil::Date>,
    pub owner: Option<String>,
    /// The day by which somebody should read it again.
    pub review_by: Option<jiff::civil::Date>,
    pub parent: Option<PageIx>,
    /// In the order of the navigation.
    pub children: Vec<PageIx>,
    pub related: Vec<PageIx>,
    /// Joins the translations of one page: its path without the locale, from the source.
    pub translation_key: String,
    /// Shared with the next snapshot if nothing of it changed.
    pub prose: Arc<Prose>,
    /// Hash of everything that decides how the page is indexed and shown; unchanged means nothing to do.
    pub hash: [u8; 32],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Article,
    Category,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    #[default]
    Published,
    /// Not served; known to `check`.
    Draft,
    /// Not served until someone approves; known to `check`.
    Review,
    /// Served to whoever has the address; in no list, search, feed or sitemap.
    Unlisted,
    /// Not served any more.
    Archived,
}

/// What rendering a Markdown file gives, in one pass.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Prose {
    /// Sanitised HTML of the body, without the title's `<h1>`.
    pub html: String,
    /// The body's Markdown as written, without front matter. Not kept on disk: the file is.
    #[serde(skip)]
    pub markdown: Arc<str>,
    pub headings: Vec<Heading>,
    /// The text cut at its headings; the first one is the opening (no anchor).
    pub sections: Vec<Section>,
    /// Plain text of the first paragraph.
    pub summary: String,
    pub words: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    pub anchor: String,
    pub title: String,
    /// 1 to 6.
    pub level: u8,
}

/// What search indexes and a hit opens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub anchor: Option<String>,
    /// Its heading; empty for the opening.
    pub title: String,
    /// Titles of the headings above it, outermost first.
    pub above: Vec<String>,
    /// Plain text as a reader sees it, code included, one space between blocks.
    pub text: String,
    /// Identifiers in code spans and code blocks: `settings.json`, `maxRetries`.
    pub identifiers: Vec<String>,
}

/// A file beside the pages, served as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Relative to the content folder.
    pub source: String,
    pub content_type: &'static str,
    pub bytes: u64,
    /// Seen by whoever may see one of the pages that use it.
    pub audience: Audience,
}
