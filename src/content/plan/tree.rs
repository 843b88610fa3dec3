//! What lies under what: folders first, then what pages say with `parent`.

use super::{Plan, folders_above};
use crate::content::{Kind, PageIx, Problem};

/// No tree of categories is deeper; what is, runs in a circle.
const DEEPEST: usize = 64;

impl Plan {
    pub(super) fn build_tree(&mut self) {
        let all: Vec<PageIx> = self.pages.iter().map(|page| page.ix).collect();
        let said: Vec<_> = all.iter().map(|ix| self.said_parent(*ix)).collect();
        let parents: Vec<_> = all.iter().map(|ix| self.parent_of(*ix, &said)).collect();
        for (page, parent) in self.pages.iter_mut().zip(&parents) {
            page.parent = *parent;
        }
        self.break_loops();
        for ix in all {
            let above = self.page(ix).parent.or_else(|| self.home_above(ix));
            if let Some(above) = above {
                self.pages[above.index()].children.push(ix);
                self.pages[above.index()].kind = Kind::Category;
            }
        }
        self.sort_children();
        self.hide_empty_folders();
    }

    /// Top pages have no parent; they are children of their language's home page.
    fn home_above(&self, ix: PageIx) -> Option<PageIx> {
        let home = self.home(&self.page(ix).locale)?;
        (home != ix).then_some(home)
    }

    fn home(&self, locale: &str) -> Option<PageIx> {
        let default = self.locales.first().is_some_and(|first| first == locale);
        self.by_path.get(&if default { "/".to_owned() } else { format!("/{locale}") }).copied()
    }

    fn said_parent(&mut self, ix: PageIx) -> Option<PageIx> {
        let title = self.files[ix.index()].as_ref()?.matter.parent.clone()?;
        let found = self.parent_by_title(ix, &title);
        if found.is_none() {
            let message = format!("No page has the title `{title}` that `parent` names.");
            let cure = "Write the title of the page above, or leave `parent` out.";
            self.problems.push(Problem::warning("unknown-parent", &self.page(ix).source, message, cure));
        }
        found
    }

    /// What the page says, else the page of the nearest folder that does not itself lie under this page.
    fn parent_of(&self, ix: PageIx, said: &[Option<PageIx>]) -> Option<PageIx> {
        let page = self.page(ix);
        let home = self.home(&page.locale);
        if home == Some(ix) {
            return None;
        }
        let under_this = |other: PageIx| {
            let chain = std::iter::successors(Some(other), |other| said[other.index()]);
            chain.take(DEEPEST).any(|other| other == ix)
        };
        let folder = || {
            let mut folders = folders_above(&page.source).filter_map(|folder| self.folder_page(folder));
            folders.find(|above| self.page(*above).locale == page.locale && !under_this(*above))
        };
        said[ix.index()].or_else(folder).filter(|above| Some(*above) != home)
    }

    /// Among pages of that title: the one whose own parent is `grand_parent`, then the nearest in the folders.
    fn parent_by_title(&self, ix: PageIx, title: &str) -> Option<PageIx> {
        let page = self.page(ix);
        let grand = self.files[ix.index()].as_ref().and_then(|file| file.matter.grand_parent.as_deref());
        let candidates = self.by_title.get(&title.to_lowercase())?.iter().copied();
        let others = candidates.filter(|other| *other != ix && self.page(*other).locale == page.locale);
        others.max_by_key(|other| {
            let above = self.files[other.index()].as_ref().and_then(|file| file.matter.parent.as_deref());
            let shared = shared_folders(&page.source, &self.page(*other).source);
            (grand.is_some() && above == grand, shared, std::cmp::Reverse(*other))
        })
    }

    /// A page that is its own ancestor goes to the top.
    fn break_loops(&mut self) {
        for number in 0..self.pages.len() {
            let start = self.pages[number].ix;
            let mut above = self.pages[number].parent;
            for _ in 0..DEEPEST {
                match above {
                    Some(ix) if ix == start => {
                        self.pages[number].parent = None;
                        let source = self.pages[number].source.clone();
                        let message = "The pages named as `parent` lead back to this page.";
                        self.problems.push(Problem::error("parent-loop", &source, message, "Name another `parent`."));
                        break;
                    }
                    Some(ix) => above = self.page(ix).parent,
                    None => break,
                }
            }
        }
    }

    fn sort_children(&mut self) {
        for number in 0..self.pages.len() {
            let mut children = std::mem::take(&mut self.pages[number].children);
            children.sort_by(|a, b| self.place_in_list(*a).partial_cmp(&self.place_in_list(*b)).unwrap_or(a.cmp(b)));
            self.pages[number].children = children;
        }
    }

    fn place_in_list(&self, ix: PageIx) -> (f64, String, PageIx) {
        let order = self.files[ix.index()].as_ref().and_then(|file| file.matter.order());
        (order.unwrap_or(f64::INFINITY), self.page(ix).title.to_lowercase(), ix)
    }

    /// A folder whose pages all say another `parent` has nothing to show.
    fn hide_empty_folders(&mut self) {
        for number in 0..self.pages.len() {
            let made = self.files[number].is_none();
            if made && self.pages[number].children.is_empty() {
                self.pages[number].listed = false;
            }
        }
    }
}

fn shared_folders(a: &str, b: &str) -> usize {
    a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b).count()
}
