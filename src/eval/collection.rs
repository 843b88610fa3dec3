//! Documents, queries and judgments as they lie in files.
//!
//! `corpus.jsonl` has one `{"id", "title", "body"}` a line, `meta.json` says from which grade on a document is
//! relevant. Below lie `queries*.jsonl` (`{"id", "text"}`), each with a `qrels.tsv` beside it: query, document
//! and grade between tabs.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde::de::DeserializeOwned;

const CORPUS: &str = "corpus.jsonl";
const META: &str = "meta.json";
const JUDGMENTS: &str = "qrels.tsv";

/// What is searched, and what is asked of it.
#[derive(Debug)]
pub struct Collection {
    pub name: String,
    /// The lowest grade that counts as relevant.
    pub relevant_from: u32,
    pub documents: Vec<Document>,
    pub query_sets: Vec<QuerySet>,
}

#[derive(Debug, Deserialize)]
pub struct Document {
    pub id: String,
    pub title: String,
    pub body: String,
}

#[derive(Debug)]
pub struct QuerySet {
    /// The file's place below the collection, without its ending: `dev/queries.typo`.
    pub name: String,
    pub queries: Vec<Question>,
    /// Grade by query and document.
    pub judgments: HashMap<String, HashMap<String, u32>>,
}

#[derive(Debug, Deserialize)]
pub struct Question {
    pub id: String,
    pub text: String,
}

#[derive(Deserialize)]
struct Meta {
    rel_threshold: u32,
}

impl Document {
    /// Its path and bytes as an editor would have written it.
    pub fn page(&self, number: usize) -> (String, Vec<u8>) {
        let id = article_id(number);
        let title = serde_json::Value::from(self.title.as_str());
        (format!("{id}.md"), format!("---\nid: {id}\ntitle: {title}\n---\n{}\n", self.body).into_bytes())
    }
}

/// The id of the article made of a document.
pub fn article_id(number: usize) -> String {
    format!("document-{number}")
}

/// The collections in `folder`: itself one, or its subfolders.
///
/// # Errors
/// A folder without any, or a file that cannot be read.
pub fn find(folder: &Path) -> Result<Vec<Collection>> {
    let here = |folder: &Path| folder.join(CORPUS).is_file();
    let folders = if here(folder) { vec![folder.to_owned()] } else { list(folder)? };
    let found = folders.iter().filter(|folder| here(folder)).map(|folder| Collection::read(folder));
    let found: Vec<Collection> = found.collect::<Result<_>>()?;
    if found.is_empty() {
        bail!("there is no {CORPUS} in {} or one folder below it", folder.display());
    }
    Ok(found)
}

impl Collection {
    fn read(folder: &Path) -> Result<Self> {
        let meta: Meta = serde_json::from_slice(&read(&folder.join(META))?)
            .with_context(|| format!("{} is not as expected", folder.join(META).display()))?;
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut files = Vec::new();
        query_files(folder, &mut files)?;
        let query_sets = files.iter().map(|file| QuerySet::read(folder, file)).collect::<Result<_>>()?;
        Ok(Self { name, relevant_from: meta.rel_threshold, documents: lines(&folder.join(CORPUS))?, query_sets })
    }
}

impl QuerySet {
    fn read(collection: &Path, file: &Path) -> Result<Self> {
        let name = file.strip_prefix(collection).unwrap_or(file).with_extension("");
        let judgments = file.with_file_name(JUDGMENTS);
        let text = String::from_utf8(read(&judgments)?)?;
        let mut by_query: HashMap<String, HashMap<String, u32>> = HashMap::new();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let parts: Vec<&str> = line.split('\t').collect();
            let grade = parts.get(2).and_then(|grade| grade.trim().parse().ok());
            let (Some(grade), 3) = (grade, parts.len()) else {
                bail!(
                    "{}:{}: write query, document and grade between tabs, not {line:?}",
                    judgments.display(),
                    number + 1
                );
            };
            by_query.entry(parts[0].to_owned()).or_default().insert(parts[1].to_owned(), grade);
        }
        Ok(Self { name: name.to_string_lossy().into_owned(), queries: lines(file)?, judgments: by_query })
    }
}

fn query_files(folder: &Path, into: &mut Vec<PathBuf>) -> Result<()> {
    for path in list(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            query_files(&path, into)?;
        } else if name.starts_with("queries") && name.ends_with(".jsonl") {
            into.push(path);
        }
    }
    Ok(())
}

/// Sorted, so that tables come out alike.
fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let names: BTreeMap<_, _> = entries.flatten().map(|entry| (entry.file_name(), entry.path())).collect();
    Ok(names.into_values().collect())
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

fn lines<T: DeserializeOwned>(file: &Path) -> Result<Vec<T>> {
    let text = String::from_utf8(read(file)?).with_context(|| format!("{} is not UTF-8", file.display()))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let parse = |(number, line): (usize, &str)| {
        serde_json::from_str(line).with_context(|| format!("{}:{}", file.display(), number + 1))
    };
    lines.map(parse).collect()
}
