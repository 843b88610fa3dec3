//! Content: a folder of Markdown becomes an immutable [`Snapshot`].
//!
//! [`load`] reads every file, works out addresses, renders what changed and collects every problem it
//! meets; one bad file never takes the others down. Reading goes through [`Snapshot::view`], so that
//! what a viewer may not see does not exist.

#[cfg(test)]
mod fixture;
mod page;
mod problem;
mod snapshot;

pub use page::{Heading, Kind, Media, Page, PageIx, Prose, Section, Status};
pub use problem::{Position, Problem, Severity};
pub use snapshot::{Snapshot, View};
