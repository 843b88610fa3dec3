//! The content at one moment, and what one viewer sees of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use super::address;
use super::file::Files;
use super::load::Kept;
use super::{Kind, Media, Page, PageIx, Problem, Steering};
use crate::identity::{Audience, Viewer};

/// Everything the editors wrote, at one moment. Immutable; a change makes the next one.
#[derive(Debug, Default)]
pub struct Snapshot {
    pub(super) pages: Vec<Page>,
    pub(super) by_path: HashMap<String, PageIx>,
    pub(super) by_folded: HashMap<String, PageIx>,
    pub(super) by_id: HashMap<String, PageIx>,
    /// Translation key → the page in each locale that has it.
    pub(super) by_translation: HashMap<String, Vec<PageIx>>,
    /// Old path → new path, both without the base.
    pub(super) redirects: HashMap<String, String>,
    /// Site path of a file beside the pages → the file.
    pub(super) media: HashMap<String, Media>,
    /// Those of `redirects.yml` alone.
    pub(super) listed_redirects: BTreeMap<String, String>,
    pub(super) steering: Steering,
    pub(super) locales: Vec<String>,
    pub(super) problems: Vec<Problem>,
    pub(super) hash: [u8; 32],
    pub(super) commit: Option<String>,
    pub(super) built_at: Timestamp,
    pub(super) next_change: Option<Timestamp>,
    /// What the next load need not do again: files read, prose rendered, and what that was made with.
    pub(super) files: Files,
    pub(super) rendered: Kept,
    pub(super) made_with: String,
}

impl Snapshot {
    /// The site as `viewer` sees it: the only way to read pages.
    pub fn view<'a>(&'a self, viewer: &'a Viewer) -> View<'a> {
        View { snapshot: self, viewer }
    }

    /// Every page whoever may see it, for building the search index. A test holds that only `search` calls it.
    pub(crate) fn pages_for_index(&self) -> &[Page] {
        &self.pages
    }

    /// What editors say about searching.
    pub fn steering(&self) -> &Steering {
        &self.steering
    }

    /// Every group of readers that some page is for; says nothing of the pages.
    pub fn audiences(&self) -> Audience {
        self.pages.iter().flat_map(|page| page.audience.iter().cloned()).collect()
    }

    /// Locales the content has, the default first.
    pub fn locales(&self) -> &[String] {
        &self.locales
    }

    /// Pages of all audiences, categories and home pages included: a figure for operators.
    pub fn page_count(&self) -> usize {
        self.pages.len()
    }

    /// Errors first, then by file and place.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Changes whenever anything a reader could see or find changes.
    pub fn hash(&self) -> &[u8; 32] {
        &self.hash
    }

    /// The git commit the folder was at, if it is a git work tree.
    pub fn commit(&self) -> Option<&str> {
        self.commit.as_deref()
    }

    pub fn built_at(&self) -> Timestamp {
        self.built_at
    }

    /// Paths of all categories without their language, whoever may see them: for the names in settings alone.
    pub fn categories(&self) -> BTreeSet<String> {
        let categories = self.pages.iter().filter(|page| page.kind == Kind::Category);
        let path = |page: &Page| {
            let path = page.path.trim_start_matches('/');
            let is_default = self.locales.first() == Some(&page.locale);
            if is_default { path.to_owned() } else { path.split_once('/').map_or("", |(_, rest)| rest).to_owned() }
        };
        categories.map(path).filter(|path| !path.is_empty()).collect()
    }

    /// When the next `publish_at` or `expires_at` comes due and the snapshot must be made anew.
    pub fn next_change(&self) -> Option<Timestamp> {
        self.next_change
    }
}

/// A snapshot as one viewer sees it.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    snapshot: &'a Snapshot,
    viewer: &'a Viewer,
}

impl<'a> View<'a> {
    pub fn page(&self, ix: PageIx) -> Option<&'a Page> {
        self.snapshot.pages.get(ix.index()).filter(|page| self.viewer.may_see(&page.audience))
    }

    /// `path` is a site path without the base and without a trailing slash: `/start/install`.
    pub fn at(&self, path: &str) -> Option<&'a Page> {
        self.page(*self.snapshot.by_path.get(path)?)
    }

    /// The one address of the page that `path` means, when only case, slashes or `.html` differ.
    pub fn canonical(&self, path: &str) -> Option<&'a str> {
        let path = address::normalise(path);
        let ix = self.snapshot.by_path.get(&path).or_else(|| self.snapshot.by_folded.get(&path.to_lowercase()))?;
        self.page(*ix).map(|page| page.path.as_str())
    }

    pub fn by_id(&self, id: &str) -> Option<&'a Page> {
        self.page(*self.snapshot.by_id.get(id)?)
    }

    /// Where an old address leads now, if this viewer may see what is there.
    pub fn redirect(&self, path: &str) -> Option<&'a str> {
        let target = self.snapshot.redirects.get(path)?;
        self.at(target.split('#').next().unwrap_or(target)).map(|_| target.as_str())
    }

    /// Every page, unlisted ones too, in source order.
    pub fn pages(&self) -> impl Iterator<Item = &'a Page> + use<'a> {
        let viewer = self.viewer;
        self.snapshot.pages.iter().filter(move |page| viewer.may_see(&page.audience))
    }

    /// What lies directly under `page` and is listed, in the order of the navigation.
    pub fn children(&self, page: &'a Page) -> impl Iterator<Item = &'a Page> + use<'a> {
        let view = *self;
        page.children.iter().filter_map(move |ix| view.page(*ix)).filter(|page| page.listed)
    }

    /// From the top down to the page's parent; the home page is not among them.
    pub fn ancestors(&self, page: &'a Page) -> Vec<&'a Page> {
        let mut above: Vec<_> = std::iter::successors(self.parent(page), |page| self.parent(page)).collect();
        above.reverse();
        above
    }

    pub fn parent(&self, page: &'a Page) -> Option<&'a Page> {
        self.page(page.parent?)
    }

    /// Articles under `page`, at any depth.
    pub fn articles_below(&self, page: &'a Page) -> usize {
        self.children(page).map(|child| usize::from(child.kind == Kind::Article) + self.articles_below(child)).sum()
    }

    /// The home page of a locale: made of the root `index.md`, or of nothing.
    pub fn home(&self, locale: &str) -> Option<&'a Page> {
        let default = self.snapshot.locales.first().is_some_and(|first| first == locale);
        self.at(&if default { "/".to_owned() } else { format!("/{locale}") })
    }

    /// The same page in every locale that has it, itself included.
    pub fn translations(&self, page: &'a Page) -> impl Iterator<Item = &'a Page> + use<'a> {
        let view = *self;
        self.snapshot
            .by_translation
            .get(&page.translation_key)
            .into_iter()
            .flatten()
            .filter_map(move |ix| view.page(*ix))
    }

    pub fn media(&self, path: &str) -> Option<&'a Media> {
        self.snapshot.media.get(path).filter(|media| self.viewer.may_see(&media.audience))
    }

    pub fn viewer(&self) -> &'a Viewer {
        self.viewer
    }

    pub fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }
}
