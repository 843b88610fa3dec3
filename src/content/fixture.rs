//! Snapshots made of pages in memory, for tests of what reads them.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Kind, Page, PageIx, Prose, Section, Snapshot, Status};

impl Snapshot {
    /// `pages` in this order, addressed by their paths; locales in the order they appear. A page whose path lies
    /// under that of a category has it as parent.
    pub fn for_test(mut pages: Vec<Page>) -> Self {
        let mut snapshot = Self { built_at: Timestamp::UNIX_EPOCH, ..Self::default() };
        let mut hasher = blake3::Hasher::new();
        for (number, page) in pages.iter_mut().enumerate() {
            page.ix = PageIx(number as u32);
            page.hash = page_hash(page);
            hasher.update(&page.hash);
            snapshot.by_path.insert(page.path.clone(), page.ix);
            snapshot.by_id.insert(page.id.clone(), page.ix);
            if !snapshot.locales.contains(&page.locale) {
                snapshot.locales.push(page.locale.clone());
            }
        }
        for page in &mut pages {
            let above = page.path.rsplit_once('/').map_or("", |(above, _)| above);
            page.parent = snapshot.by_path.get(above).copied();
        }
        snapshot.hash = *hasher.finalize().as_bytes();
        snapshot.pages = pages;
        snapshot
    }
}

impl Page {
    /// A public English article of one section.
    pub fn for_test(path: &str, title: &str, text: &str) -> Self {
        let opening = Section { text: text.to_owned(), ..Section::default() };
        Self {
            ix: PageIx(0),
            kind: Kind::Article,
            id: path.trim_start_matches('/').replace('/', "-"),
            locale: "en".to_owned(),
            path: path.to_owned(),
            source: format!("{}.md", path.trim_start_matches('/')),
            title: title.to_owned(),
            description: None,
            tags: Vec::new(),
            keywords: Vec::new(),
            versions: Vec::new(),
            searchable: true,
            audience: Default::default(),
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
            translation_key: path.to_owned(),
            prose: Arc::new(Prose {
                sections: vec![opening],
                words: text.split_whitespace().count() as u32,
                ..Prose::default()
            }),
            hash: [0; 32],
        }
    }

    /// Adds a section under its own heading.
    pub fn with_section(mut self, anchor: &str, title: &str, text: &str) -> Self {
        Arc::make_mut(&mut self.prose).sections.push(Section {
            anchor: Some(anchor.to_owned()),
            title: title.to_owned(),
            text: text.to_owned(),
            ..Section::default()
        });
        self
    }
}

fn page_hash(page: &Page) -> [u8; 32] {
    let everything =
        (&page.title, &page.description, &page.tags, &page.keywords, &page.prose, &page.locale, page.status);
    *blake3::hash(&postcard::to_stdvec(&everything).expect("plain data is always written")).as_bytes()
}
