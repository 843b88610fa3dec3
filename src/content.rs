//! Content: a folder of Markdown becomes an immutable [`Snapshot`].
//!
//! [`load`] reads every file, works out addresses, renders what changed and collects every problem it
//! meets; one bad file never takes the others down. Reading goes through [`Snapshot::view`], so that
//! what a viewer may not see does not exist.
//!
//! The way of a page: `source` finds the file, `file` reads it and cuts off its `front_matter`, `plan` gives
//! it an `address` and a place in the tree, `markdown` renders it with `links` resolved against the plan and
//! code `highlight`ed, `check` looks at what only shows when all pages are there, `finish` puts it together.

mod address;
mod cache;
mod check;
mod file;
mod finish;
#[cfg(test)]
mod fixture;
mod front_matter;
mod git;
mod highlight;
mod labels;
mod links;
mod list;
mod load;
mod markdown;
mod media;
mod page;
mod plan;
mod problem;
mod related;
mod search_tests;
mod settings;
mod snapshot;
mod source;
mod steering;
mod watch;

pub use address::{RESERVED, href};
pub use front_matter::FrontMatter;
pub use load::load;
pub use markdown::{message, message_links};
pub use page::{Heading, Kind, Media, Page, PageIx, Prose, Section, Status};
pub use problem::{Position, Problem, Severity, by_kind};
pub use search_tests::{SEARCH_TESTS, SearchTest, search_tests};
pub use settings::{Options, Settings};
pub use snapshot::{Snapshot, View};
pub use source::{Opened, Source};
pub use steering::{Pin, Steering, Synonym};
pub use watch::{Watch, watch};

/// Ids that begin so belong to the interface: no heading and no raw HTML gets one.
pub const INTERFACE_IDS: &str = "ui-";

/// The file in which editors keep old addresses of pages.
const REDIRECTS: &str = "redirects.yml";

/// A hash as it is shown and passed on: long enough to tell versions apart, short enough to read.
pub fn short_hash(hash: &[u8; 32]) -> String {
    blake3::Hash::from(*hash).to_hex()[..12].to_owned()
}
