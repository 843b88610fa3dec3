//! Tantivy as its own examples use it: title and body of every section, its default analyser, one segment.
//! No stems, no fields beside, no facets, no articles: the ten best sections, with or without what a page of
//! results needs beside (how many there are, and a snippet of each).

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use signpost::content::Snapshot;
use signpost::identity::anonymous;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, PhrasePrefixQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, STORED, Schema, TEXT};
use tantivy::snippet::SnippetGenerator;
use tantivy::tokenizer::{TokenStream, TokenizerManager};
use tantivy::{Index, IndexWriter, Searcher, TantivyDocument, Term};

/// Indexing memory, in bytes: enough for one segment.
const MEMORY: usize = 512 << 20;
const HITS: usize = 10;
const TITLES: &str = "titles.tsv";

fn schema() -> (Schema, [Field; 2]) {
    let mut schema = Schema::builder();
    let fields = [schema.add_text_field("title", TEXT), schema.add_text_field("body", TEXT | STORED)];
    (schema.build(), fields)
}

/// Indexes the sections of `snapshot` into `folder`.
pub fn write(folder: &Path, snapshot: &Snapshot) -> Result<()> {
    fs::create_dir_all(folder)?;
    let (schema, [title, body]) = schema();
    let index = Index::create_in_dir(folder, schema)?;
    let mut writer: IndexWriter = index.writer_with_num_threads(1, MEMORY)?;
    let (viewer, mut titles) = (anonymous(), String::new());
    for page in snapshot.view(&viewer).pages() {
        for section in &page.prose.sections {
            let mut document = TantivyDocument::default();
            document.add_text(title, format!("{} {}", page.title, section.title));
            document.add_text(body, &section.text);
            writer.add_document(document)?;
            titles.extend([&page.title.replace(['\t', '\n'], " "), "\t", &page.path, "\n"]);
        }
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok(fs::write(folder.join(TITLES), titles)?)
}

/// The index, opened.
pub struct Bare {
    searcher: Searcher,
    fields: [Field; 2],
    /// Title and path by document.
    titles: Vec<(String, String)>,
}

impl Bare {
    pub fn open(folder: &Path) -> Result<Self> {
        let index = Index::open_in_dir(folder)?;
        let (_, fields) = schema();
        let lines = fs::read_to_string(folder.join(TITLES))?;
        let titles = lines.lines().filter_map(|line| line.split_once('\t'));
        let titles = titles.map(|(title, path)| (title.to_owned(), path.to_owned())).collect();
        Ok(Self { searcher: index.reader()?.searcher(), fields, titles })
    }

    /// The best sections with their snippets as HTML, and how many sections there are.
    pub fn search(&self, text: &str, typing: bool) -> Result<(usize, Vec<(&(String, String), String)>)> {
        let query = self.query(text, typing)?;
        let (best, total) = self.searcher.search(&query, &(TopDocs::with_limit(HITS).order_by_score(), Count))?;
        let snippets = SnippetGenerator::create(&self.searcher, &query, self.fields[1])?;
        let mut hits = Vec::with_capacity(best.len());
        for (_, at) in best {
            let snippet = snippets.snippet_from_doc(&self.searcher.doc::<TantivyDocument>(at)?).to_html();
            hits.extend(self.titles.get(at.doc_id as usize).map(|title| (title, snippet)));
        }
        Ok((total, hits))
    }

    /// The best sections: their title and path, nothing more.
    pub fn titles(&self, text: &str, typing: bool) -> Result<Vec<&(String, String)>> {
        let query = self.query(text, typing)?;
        let best = self.searcher.search(&query, &TopDocs::with_limit(HITS).order_by_score())?;
        Ok(best.iter().filter_map(|(_, at)| self.titles.get(at.doc_id as usize)).collect())
    }

    /// Any of the words in title or body; the last one also as a beginning while it is typed.
    fn query(&self, text: &str, typing: bool) -> Result<BooleanQuery> {
        let mut analyser = TokenizerManager::default().get("default").context("tantivy has a default analyser")?;
        let (mut tokens, mut words) = (analyser.token_stream(text), Vec::new());
        tokens.process(&mut |token| words.push(token.text.clone()));
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for (number, word) in words.iter().enumerate() {
            for field in self.fields {
                let term = Term::from_field_text(field, word);
                if typing && number + 1 == words.len() {
                    clauses.push((Occur::Should, Box::new(PhrasePrefixQuery::new(vec![term.clone()]))));
                }
                clauses.push((Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))));
            }
        }
        Ok(BooleanQuery::new(clauses))
    }
}
