//! What a link in a page leads to. Pure: the same plan and base give the same answer, which is what lets
//! rendered prose be kept.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::plan::Plan;
use super::{Media, Page, PageIx, Source, address, media};

mod resolve;
mod target;

/// A link as written, with what it leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Link {
    pub written: Written,
    pub resolved: Resolved,
    /// Byte offset in the body.
    pub offset: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) enum Written {
    Link(String),
    Image(String),
    /// `[[title or file]]`
    Wiki(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Resolved {
    /// Another site, mail, telephone.
    Outside(String),
    /// A place on the same page.
    Here {
        anchor: String,
    },
    Page {
        href: String,
        path: String,
        anchor: Option<String>,
    },
    File {
        href: String,
        path: String,
        size: Option<(u32, u32)>,
    },
    /// The `href` is as good a guess as there is; the reason ends a sentence.
    Broken {
        href: String,
        reason: String,
    },
    /// A scheme that could run something: there is no link.
    Unsafe,
}

impl Resolved {
    /// What stands in the `href`; nothing for what must not be a link.
    pub fn href(&self) -> Option<String> {
        match self {
            Self::Outside(href) | Self::Page { href, .. } | Self::File { href, .. } | Self::Broken { href, .. } => {
                Some(href.clone())
            }
            Self::Here { anchor } => Some(format!("#{anchor}")),
            Self::Unsafe => None,
        }
    }
}

/// A file beside the pages, measured when an image first asks.
#[derive(Debug)]
pub(super) struct Beside {
    pub media: Media,
    size: OnceLock<Option<(u32, u32)>>,
}

impl Beside {
    pub fn new(media: Media) -> Self {
        Self { media, size: OnceLock::new() }
    }
}

/// Site path → file beside the pages.
pub(super) type AllMedia = HashMap<String, Beside>;

/// Everything a link may lead to.
pub(super) struct Resolver<'a> {
    pub source: &'a Source,
    pub plan: &'a Plan,
    pub media: &'a AllMedia,
    pub base: &'a str,
    pub site_url: &'a str,
}

impl Resolver<'_> {
    pub fn resolve(&self, page: &Page, written: &Written) -> Resolved {
        match written {
            Written::Wiki(target) => self.wiki(page, target),
            Written::Link(target) | Written::Image(target) => self.target(page, target),
        }
    }

    fn page_link(&self, ix: PageIx, anchor: Option<&str>) -> Resolved {
        let path = self.plan.page(ix).path.clone();
        let hash = anchor.map(|anchor| format!("#{}", address::href("", anchor))).unwrap_or_default();
        let anchor = anchor.filter(|anchor| !anchor.is_empty()).map(address::decode);
        Resolved::Page { href: address::href(self.base, &path) + &hash, path, anchor }
    }

    fn file_link(&self, path: &str) -> Option<Resolved> {
        let beside = self.media.get(path)?;
        let size = *beside.size.get_or_init(|| media::size(self.source, &beside.media));
        Some(Resolved::File { href: address::href(self.base, path), path: path.to_owned(), size })
    }
}
