//! Brings a tantivy index to the state of a set of pages, in memory or on disk, whatever it held before.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use tantivy::indexer::{NoMergePolicy, UserOperation};
use tantivy::{Index, IndexWriter, SegmentMeta, SegmentReader, Term};

use crate::content::Page;
use crate::search::language::Language;
use crate::search::schema::{Schema, VERSION, page_key, page_version, tokenizers};

/// Indexing threads; each leaves one segment, and every segment costs each search a little.
const THREADS: usize = 2;
/// Per thread, in bytes. Enough that 25,000 pages need no second segment.
const MEMORY: usize = 256 << 20;
/// Small edits leave small segments; with more than this many they are merged.
const MOST_SEGMENTS: usize = 8;

/// The index of `pages` in `directory`, or in memory without one.
pub fn open(directory: Option<&Path>, locale: &str, pages: &[&Page]) -> Result<Index> {
    let Some(directory) = directory else {
        return in_memory(locale, pages);
    };
    if !directory.join("meta.json").is_file() {
        return rebuild(directory, locale, pages);
    }
    match open_existing(directory, locale) {
        Ok(index) => update_or_rebuild(&index, Some(directory), locale, pages),
        Err(cause) => {
            tracing::warn!(directory = %directory.display(), "search index cannot be used and is built anew: {cause:#}");
            rebuild(directory, locale, pages)
        }
    }
}

/// Brings `index` up to date; one that fails is left behind for a new one.
pub fn update_or_rebuild(index: &Index, directory: Option<&Path>, locale: &str, pages: &[&Page]) -> Result<Index> {
    match update(index, pages) {
        Ok(()) => Ok(index.clone()),
        Err(cause) if is_locked(&cause) => {
            tracing::warn!(
                "another program is writing the search index of locale {locale}; this one searches in memory"
            );
            in_memory(locale, pages)
        }
        Err(cause) => {
            tracing::warn!("search index of locale {locale} cannot be updated and is built anew: {cause:#}");
            match directory {
                Some(directory) => rebuild(directory, locale, pages),
                None => in_memory(locale, pages),
            }
        }
    }
}

fn is_locked(cause: &anyhow::Error) -> bool {
    matches!(cause.downcast_ref(), Some(tantivy::TantivyError::LockFailure(..)))
}

fn in_memory(locale: &str, pages: &[&Page]) -> Result<Index> {
    let mut index = Index::create_in_ram(Schema::default().fields);
    index.set_tokenizers(tokenizers(Language::of(locale)));
    update(&index, pages)?;
    Ok(index)
}

/// Builds beside `directory` and swaps: a reader never meets a half-written index.
fn rebuild(directory: &Path, locale: &str, pages: &[&Page]) -> Result<Index> {
    let fresh = directory.with_extension("new");
    remove(&fresh)?;
    fs::create_dir_all(&fresh).with_context(|| format!("making the index directory {}", fresh.display()))?;
    let mut index = Index::create_in_dir(&fresh, Schema::default().fields)?;
    index.set_tokenizers(tokenizers(Language::of(locale)));
    update(&index, pages)?;
    remove(directory)?;
    fs::rename(&fresh, directory).with_context(|| format!("moving the new index to {}", directory.display()))?;
    open_existing(directory, locale)
}

fn remove(directory: &Path) -> Result<()> {
    match fs::remove_dir_all(directory) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            Err(cause).with_context(|| format!("removing the old index in {}", directory.display()))
        }
        _ => Ok(()),
    }
}

fn open_existing(directory: &Path, locale: &str) -> Result<Index> {
    let mut index = Index::open_in_dir(directory)?;
    let version = index.load_metas()?.payload.unwrap_or_default();
    ensure!(version == payload(), "it is of version {version:?}, this program writes {:?}", payload());
    ensure!(index.schema() == Schema::default().fields, "its fields are others than this program's");
    let damaged = index.validate_checksum()?;
    ensure!(damaged.is_empty(), "these files are damaged: {damaged:?}");
    index.set_tokenizers(tokenizers(Language::of(locale)));
    Ok(index)
}

/// What a commit says of itself: the version of everything that decides what is in the index but the pages.
fn payload() -> String {
    format!("signpost search index, version {VERSION}")
}

/// Deletes pages that are gone, indexes those that are new or changed, and commits both at once.
fn update(index: &Index, pages: &[&Page]) -> Result<()> {
    let schema = Schema::default();
    let mut held = held(index)?;
    let changed: Vec<&&Page> =
        pages.iter().filter(|page| held.remove(&page_key(page)) != Some(page_version(page))).collect();
    let unknown = index.load_metas()?.payload.is_none();
    if changed.is_empty() && held.is_empty() && !unknown {
        return Ok(());
    }
    let mut writer: IndexWriter = index.writer_with_num_threads(THREADS, THREADS * MEMORY)?;
    writer.set_merge_policy(Box::new(NoMergePolicy));
    for key in held.into_keys().chain(changed.iter().map(|page| page_key(page))) {
        writer.delete_term(Term::from_field_u64(schema.key, key));
    }
    for page in changed {
        // As one group a page's sections stay beside each other in one segment.
        let operations: Vec<_> = schema.documents(page).map(UserOperation::Add).collect();
        writer.run(operations)?;
    }
    let mut commit = writer.prepare_commit()?;
    commit.set_payload(&payload());
    commit.commit()?;
    merge_small_segments(index, &mut writer)?;
    Ok(writer.wait_merging_threads()?)
}

/// Page key → version of every page in the index.
fn held(index: &Index) -> Result<HashMap<u64, u64>> {
    let mut held = HashMap::new();
    for segment in index.searchable_segments()? {
        let reader = SegmentReader::open(&segment)?;
        let keys = reader.fast_fields().column_first_or_default::<u64>("key")?;
        let versions = reader.fast_fields().column_first_or_default::<u64>("version")?;
        held.extend(reader.doc_ids_alive().map(|doc| (keys.get_val(doc), versions.get_val(doc))));
    }
    Ok(held)
}

/// Many small segments become one; one that is mostly deleted is written anew without what was deleted.
fn merge_small_segments(index: &Index, writer: &mut IndexWriter) -> Result<()> {
    let mut segments = index.searchable_segment_metas()?;
    segments.sort_by_key(|segment| std::cmp::Reverse(segment.max_doc()));
    let large = if segments.len() > MOST_SEGMENTS { THREADS } else { segments.len() };
    let is_stale = |segment: &SegmentMeta| segment.num_deleted_docs() * 2 > segment.max_doc();
    let merged: Vec<_> = segments
        .iter()
        .enumerate()
        .filter(|(number, segment)| *number >= large || is_stale(segment))
        .map(|(_, segment)| segment.id())
        .collect();
    if !merged.is_empty() {
        writer.merge(&merged).wait()?;
    }
    Ok(())
}
