//! The search index of one snapshot: one tantivy index for every locale, each with its own analyser and
//! its own statistics, opened so that a hit leads to its page without reading anything but postings.

mod locale;
mod write;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

pub use locale::{Article, LocaleIndex, Place, Segment};

use super::Settings;
use super::score::Scratch;
use crate::content::{Page, Snapshot, Status};

/// Finds pages of the one snapshot it was opened for.
pub struct Index {
    locales: Vec<LocaleIndex>,
    directory: Option<PathBuf>,
    pub(super) settings: Settings,
    /// What every URL begins with: empty, or `/help`.
    pub(super) base: String,
    snapshot: [u8; 32],
    pub(super) scratch: Scratch,
}

impl Index {
    /// The index of `snapshot`: in memory without a `directory`, else in `directory/<locale>/`, where an index
    /// of earlier content is brought up to date page by page and one that is damaged or of another version is
    /// built anew. `base` is what every URL begins with.
    ///
    /// # Errors
    /// When the directory can be neither read nor written.
    pub fn open(directory: Option<&Path>, snapshot: &Snapshot, settings: &Settings, base: &str) -> Result<Self> {
        Self::with(directory, snapshot, settings, base, |locale, pages| {
            write::open(directory.map(|directory| directory.join(locale)).as_deref(), locale, pages)
        })
    }

    /// The index of the next snapshot, made of this one: only pages that changed are indexed. This one keeps
    /// answering from what it was opened for.
    ///
    /// # Errors
    /// As [`Index::open`].
    pub fn update(&self, snapshot: &Snapshot) -> Result<Self> {
        let directory = self.directory.as_deref();
        Self::with(directory, snapshot, &self.settings, &self.base, |locale, pages| match self.locale(locale) {
            Some(known) => {
                write::update_or_rebuild(known.index(), directory.map(|at| at.join(locale)).as_deref(), locale, pages)
            }
            None => write::open(directory.map(|at| at.join(locale)).as_deref(), locale, pages),
        })
    }

    fn with(
        directory: Option<&Path>,
        snapshot: &Snapshot,
        settings: &Settings,
        base: &str,
        bring_up: impl Fn(&str, &[&Page]) -> Result<tantivy::Index>,
    ) -> Result<Self> {
        let open = |locale: &String| {
            let pages: Vec<&Page> = searchable(snapshot).filter(|page| page.locale == *locale).collect();
            let index =
                bring_up(locale, &pages).with_context(|| format!("opening the search index of locale {locale}"))?;
            LocaleIndex::open(index, locale, snapshot, &pages)
        };
        Ok(Self {
            locales: snapshot.locales().iter().map(open).collect::<Result<_>>()?,
            directory: directory.map(Path::to_owned),
            settings: settings.clone(),
            base: base.to_owned(),
            snapshot: *snapshot.hash(),
            scratch: Scratch::default(),
        })
    }

    /// Was it opened for `snapshot`? No other may be asked about.
    pub fn is_of(&self, snapshot: &Snapshot) -> bool {
        self.snapshot == *snapshot.hash()
    }

    /// The default locale first.
    pub fn locales(&self) -> &[LocaleIndex] {
        &self.locales
    }

    pub(super) fn locale(&self, locale: &str) -> Option<&LocaleIndex> {
        self.locales.iter().find(|known| known.locale() == locale)
    }
}

/// Pages that a search may find. Whether a viewer may see them is asked for every search.
fn searchable(snapshot: &Snapshot) -> impl Iterator<Item = &Page> {
    snapshot.pages_for_index().iter().filter(|page| page.status == Status::Published).filter(|page| has_words(page))
}

/// A folder without prose of its own is found by what lies in it.
fn has_words(page: &Page) -> bool {
    page.kind == crate::content::Kind::Article || page.prose.words > 0
}
