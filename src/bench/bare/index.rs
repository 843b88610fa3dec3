//! Tantivy as its own examples use it, over the sections Signpost searches, in one segment. Twice: with what a page
//! of results needs (all five fields, stems, how many there are, counts by category, a snippet of each of the ten
//! best, all by tantivy's own means), and the least that is a search: title and body, the ten best and their titles.

use std::fs;
use std::path::Path;

use anyhow::Result;
use signpost::content::{Page, Section, Snapshot, View};
use signpost::identity::anonymous;
use tantivy::collector::{Count, FacetCollector, TopDocs};
use tantivy::query::BooleanQuery;
use tantivy::schema::{Facet, FacetOptions, Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};
use tantivy::snippet::SnippetGenerator;
use tantivy::{Index, IndexWriter, Searcher, TantivyDocument};

use super::query::{self, ANALYSER, words};

/// Indexing memory, in bytes: enough for one segment.
const MEMORY: usize = 512 << 20;
const HITS: usize = 10;
const TITLES: &str = "titles.tsv";
/// The title first, then the body: of these two alone the least search is made.
const FIELDS: [&str; 5] = ["title", "body", "labels", "heading", "code"];
const LEAST: usize = 2;
const CATEGORY: &str = "category";

fn schema() -> (Schema, [Field; FIELDS.len()], Field) {
    let indexing =
        TextFieldIndexing::default().set_tokenizer(ANALYSER).set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let text = TextOptions::default().set_indexing_options(indexing);
    let mut schema = Schema::builder();
    let fields = FIELDS.map(|name| match name {
        "body" => schema.add_text_field(name, text.clone() | STORED),
        name => schema.add_text_field(name, text.clone()),
    });
    let category = schema.add_facet_field(CATEGORY, FacetOptions::default());
    (schema.build(), fields, category)
}

/// Indexes the sections of `snapshot` into `folder`.
pub fn write(folder: &Path, snapshot: &Snapshot) -> Result<()> {
    fs::create_dir_all(folder)?;
    let (schema, fields, category) = schema();
    let index = Index::create_in_dir(folder, schema)?;
    let mut writer: IndexWriter = index.writer_with_num_threads(1, MEMORY)?;
    let (viewer, mut titles) = (anonymous(), String::new());
    let view = snapshot.view(&viewer);
    for page in view.pages() {
        for section in &page.prose.sections {
            let mut document = TantivyDocument::default();
            for (field, text) in fields.iter().zip(texts(page, section)) {
                document.add_text(*field, text);
            }
            document.add_facet(category, facet(view, page));
            writer.add_document(document)?;
            titles.extend([&page.title.replace(['\t', '\n'], " "), "\t", &page.path, "\n"]);
        }
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok(fs::write(folder.join(TITLES), titles)?)
}

/// What stands in [`FIELDS`].
fn texts(page: &Page, section: &Section) -> [String; FIELDS.len()] {
    let headings = [section.above.join(" "), section.title.clone()].join(" ");
    let labels = [page.tags.join(" "), page.keywords.join(" ")].join(" ");
    [page.title.clone(), section.text.clone(), labels, headings, section.identifiers.join(" ")]
}

fn facet<'a>(view: View<'a>, page: &'a Page) -> Facet {
    Facet::from_path(view.ancestors(page).into_iter().map(|above| &above.path))
}

/// A page of results.
pub struct Found<'a> {
    pub total: usize,
    /// Sections by category.
    pub categories: Vec<(String, u64)>,
    /// Title and path, with a snippet as HTML.
    pub hits: Vec<(&'a (String, String), String)>,
}

/// The index, opened.
pub struct Bare {
    searcher: Searcher,
    fields: [Field; FIELDS.len()],
    /// Title and path by document.
    titles: Vec<(String, String)>,
}

impl Bare {
    pub fn open(folder: &Path) -> Result<Self> {
        let index = Index::open_in_dir(folder)?;
        let (_, fields, _) = schema();
        let lines = fs::read_to_string(folder.join(TITLES))?;
        let titles = lines.lines().filter_map(|line| line.split_once('\t'));
        let titles = titles.map(|(title, path)| (title.to_owned(), path.to_owned())).collect();
        Ok(Self { searcher: index.reader()?.searcher(), fields, titles })
    }

    /// All that a page of results needs.
    pub fn search(&self, text: &str, typing: bool) -> Result<Found<'_>> {
        let query = query::any(&self.fields, &words(text)?, typing);
        let mut categories = FacetCollector::for_field(CATEGORY);
        categories.add_facet(Facet::root());
        let wanted = (TopDocs::with_limit(HITS).order_by_score(), Count, categories);
        let (best, total, categories) = self.searcher.search(&query, &wanted)?;
        let categories = categories.get("/").map(|(facet, count)| (facet.to_string(), count)).collect();
        let snippets = SnippetGenerator::create(&self.searcher, &query, self.fields[1])?;
        let mut hits = Vec::with_capacity(best.len());
        for (_, at) in best {
            let snippet = snippets.snippet_from_doc(&self.searcher.doc::<TantivyDocument>(at)?).to_html();
            hits.extend(self.titles.get(at.doc_id as usize).map(|title| (title, snippet)));
        }
        Ok(Found { total, categories, hits })
    }

    /// The best sections by title and body: their title and path, nothing more.
    pub fn titles(&self, text: &str, typing: bool) -> Result<Vec<&(String, String)>> {
        self.best(&query::any(&self.fields[..LEAST], &words(text)?, typing))
    }

    /// The same where words of at least so many letters may have a typo, found as simply as tantivy can.
    pub fn with_typos(&self, text: &str, typing: bool, letters: usize) -> Result<Vec<&(String, String)>> {
        self.best(&query::with_typos(&self.fields[..LEAST], &words(text)?, typing, letters))
    }

    fn best(&self, query: &BooleanQuery) -> Result<Vec<&(String, String)>> {
        let best = self.searcher.search(query, &TopDocs::with_limit(HITS).order_by_score())?;
        Ok(best.iter().filter_map(|(_, at)| self.titles.get(at.doc_id as usize)).collect())
    }
}
