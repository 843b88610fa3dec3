//! The search index of one snapshot: one tantivy index for every locale, each with its own analyser and
//! its own statistics, opened so that a hit leads to its page without reading anything but postings.

mod locale;
mod write;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

pub use locale::{Article, LocaleIndex, Places, Segment, Value};

use super::Settings;
use super::meaning::Table;
use super::score::Scratch;
use super::vectors::Vectors;
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
        Self::with(directory, snapshot, settings, base, None)
    }

    /// The index of the next snapshot, made of this one: only pages that changed are indexed. This one keeps
    /// answering from what it was opened for.
    ///
    /// # Errors
    /// As [`Index::open`].
    pub fn update(&self, snapshot: &Snapshot) -> Result<Self> {
        Self::with(self.directory.as_deref(), snapshot, &self.settings, &self.base, Some(self))
    }

    fn with(
        directory: Option<&Path>,
        snapshot: &Snapshot,
        settings: &Settings,
        base: &str,
        earlier: Option<&Self>,
    ) -> Result<Self> {
        let open = |locale: &String| {
            let pages: Vec<&Page> = searchable(snapshot).filter(|page| page.locale == *locale).collect();
            let earlier = earlier.and_then(|earlier| earlier.locale(locale));
            let folder = directory.map(|directory| directory.join(locale));
            let index = match earlier {
                Some(earlier) => write::update_or_rebuild(earlier.index(), folder.as_deref(), locale, &pages),
                None => write::open(folder.as_deref(), locale, &pages),
            };
            let index = index.with_context(|| format!("opening the search index of locale {locale}"))?;
            let table = (settings.meaning && is_english(locale)).then(Table::english);
            let vectors = table.map(|table| {
                let kept = directory.map(|directory| directory.join(format!("{locale}.vectors")));
                Vectors::open(table, &pages, earlier.and_then(|earlier| earlier.vectors.as_ref()), kept.as_deref())
            });
            LocaleIndex::open(index, locale, snapshot, &pages, vectors)
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
    snapshot
        .pages_for_index()
        .iter()
        .filter(|page| page.status == Status::Published && page.searchable)
        .filter(|page| has_words(page))
}

/// A folder without prose of its own is found by what lies in it.
fn has_words(page: &Page) -> bool {
    page.kind == crate::content::Kind::Article || page.prose.words > 0
}

/// The one language there is a table of meanings for.
fn is_english(locale: &str) -> bool {
    locale.split(['-', '_']).next().is_some_and(|language| language.eq_ignore_ascii_case("en"))
}
