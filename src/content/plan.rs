//! Between the phases: which pages there are, where they are, and what lies under what.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::file::{File, title_of};
use super::{Kind, Options, Page, PageIx, Problem, Status, address};

mod aliases;
mod locale;
mod place;
mod tree;

use locale::Locales;

/// Every page but its prose, and the ways to it.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub pages: Vec<Page>,
    /// The file of each page; `None` for a folder without `index.md`.
    pub files: Vec<Option<Arc<File>>>,
    pub by_path: HashMap<String, PageIx>,
    /// Lower-case path → the page, for links and readers that get the case wrong.
    pub by_folded: HashMap<String, PageIx>,
    pub by_source: HashMap<String, PageIx>,
    /// Lower-case title → the pages that have it.
    pub by_title: HashMap<String, Vec<PageIx>>,
    pub by_id: HashMap<String, PageIx>,
    pub translations: HashMap<String, Vec<PageIx>>,
    pub redirects: HashMap<String, String>,
    /// Source of a page that is not served → why: `a draft`.
    pub unserved: HashMap<String, &'static str>,
    pub locales: Vec<String>,
    pub problems: Vec<Problem>,
    pub next_change: Option<Timestamp>,
}

impl Plan {
    /// `files` in source order.
    pub fn new(files: &[Arc<File>], redirects: &BTreeMap<String, String>, how: &Options<'_>) -> Self {
        let mut plan = Self::default();
        let locales = Locales::new(files, how.settings);
        plan.locales = locales.names().to_vec();
        let served: Vec<_> = files.iter().filter(|file| plan.is_served(file, how.now)).cloned().collect();
        plan.place(&served, &locales);
        plan.index();
        plan.build_redirects(redirects);
        plan.build_tree();
        plan
    }

    fn is_served(&mut self, file: &File, now: Timestamp) -> bool {
        let matter = &file.matter;
        let upcoming = [matter.publish_at, matter.expires_at].into_iter().flatten().filter(|time| *time > now);
        let reason = match matter.status {
            Status::Draft => "a draft",
            Status::Review => "waiting for review",
            Status::Archived => "archived",
            _ if matter.publish_at.is_some_and(|time| time > now) => "not published yet",
            _ if matter.expires_at.is_some_and(|time| time <= now) => "expired",
            Status::Published | Status::Unlisted => "",
        };
        if !matches!(matter.status, Status::Draft | Status::Review | Status::Archived) {
            self.next_change = self.next_change.into_iter().chain(upcoming).min();
        }
        if reason.is_empty() {
            return true;
        }
        self.unserved.insert(file.source.clone(), reason);
        let message = format!("The page is {reason}, so it is not served.");
        self.problems.push(Problem::notice("not-served", &file.source, message, "Nothing to do if that is meant."));
        false
    }

    /// Fills the look-ups once pages have their places.
    fn index(&mut self) {
        for page in &self.pages {
            self.by_path.insert(page.path.clone(), page.ix);
            self.by_folded.entry(page.path.to_lowercase()).or_insert(page.ix);
            self.by_source.insert(page.source.clone(), page.ix);
            self.by_title.entry(page.title.to_lowercase()).or_default().push(page.ix);
            self.translations.entry(page.translation_key.clone()).or_default().push(page.ix);
        }
        let pages = std::mem::take(&mut self.pages);
        for page in &pages {
            if let Some(other) = self.by_id.insert(page.id.clone(), page.ix) {
                self.by_id.insert(page.id.clone(), other);
                let other = &pages[other.index()].source;
                let message = format!("The id `{}` is taken by {other}.", page.id);
                self.problems.push(Problem::error(
                    "duplicate-id",
                    &page.source,
                    message,
                    "Give one of them another `id`.",
                ));
            }
        }
        self.pages = pages;
    }

    pub fn page(&self, ix: PageIx) -> &Page {
        &self.pages[ix.index()]
    }
}

/// A page without prose, in no relation to others yet.
fn page_of(file: &File, path: String, locale: String, key: String) -> Page {
    let matter = &file.matter;
    let index = address::place(&file.source).name.is_none();
    Page {
        ix: PageIx(0),
        kind: if index { Kind::Category } else { Kind::Article },
        id: place::id(matter.id.as_deref(), &file.source),
        locale,
        path,
        source: file.source.clone(),
        title: file.title(),
        description: matter.description.clone(),
        tags: matter.tags.clone(),
        keywords: matter.keywords.clone(),
        versions: matter.versions.clone(),
        searchable: matter.search != Some(false),
        audience: matter.audience.iter().cloned().collect(),
        status: matter.status,
        listed: matter.listed(),
        faq: false,
        boost: boost(matter.boost),
        updated: matter.updated,
        owner: matter.owner.clone(),
        review_by: matter.review_by,
        parent: None,
        children: Vec::new(),
        related: Vec::new(),
        translation_key: key,
        prose: Arc::default(),
        hash: [0; 32],
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a factor between 0.1 and 10")]
fn boost(value: Option<f64>) -> f32 {
    value.unwrap_or(1.0).clamp(0.1, 10.0) as f32
}

/// The page of a folder that has no `index.md`.
fn folder_page(folder: &str, path: String, locale: String, key: String) -> Page {
    Page {
        ix: PageIx(0),
        kind: Kind::Category,
        id: place::id(None, folder),
        locale,
        path,
        source: folder.to_owned(),
        title: title_of(folder),
        description: None,
        tags: Vec::new(),
        keywords: Vec::new(),
        versions: Vec::new(),
        searchable: true,
        audience: BTreeSet::new(),
        status: Status::Published,
        listed: true,
        faq: false,
        boost: 1.0,
        updated: None,
        owner: None,
        review_by: None,
        parent: None,
        children: Vec::new(),
        related: Vec::new(),
        translation_key: key,
        prose: Arc::default(),
        hash: [0; 32],
    }
}

/// The folders above a source path, nearest first; the root is `""`.
fn folders_above(source: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(parent_folder(source), |folder| parent_folder(folder))
}

fn parent_folder(source: &str) -> Option<&str> {
    if source.is_empty() { None } else { Some(source.rsplit_once('/').map_or("", |(folder, _)| folder)) }
}

/// Sources of every folder that holds one of these files, the root too.
fn folders_of<'a>(sources: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let mut folders = HashSet::new();
    for source in sources {
        for folder in folders_above(source) {
            if !folders.insert(folder) {
                break;
            }
        }
    }
    folders.into_iter().collect()
}
