//! The last step: pages with their prose, media with their audience, one hash over everything.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::file::Files;
use super::links::{AllMedia, Resolved};
use super::load::Kept;
use super::markdown::Rendered;
use super::plan::Plan;
use super::{Media, Options, Page, Problem, Snapshot, Source, Steering, git, related};
use crate::identity::Audience;

pub(super) struct Parts<'a> {
    pub source: &'a Source,
    pub how: &'a Options<'a>,
    pub made_with: String,
    pub plan: Plan,
    pub files: Files,
    pub rendered: Vec<Option<Arc<Rendered>>>,
    pub media: AllMedia,
    pub steering: Steering,
    pub redirects: BTreeMap<String, String>,
    pub problems: Vec<Problem>,
}

pub(super) fn snapshot(parts: Parts<'_>) -> Snapshot {
    let Parts { source, how, made_with, mut plan, files, rendered, media, steering, redirects, mut problems } = parts;
    for (page, rendered) in plan.pages.iter_mut().zip(&rendered) {
        if let Some(rendered) = rendered {
            page.prose = Arc::clone(&rendered.prose);
            page.faq = rendered.faq;
        }
    }
    related::relate(&mut plan, &mut problems);
    hash_pages(&mut plan, &rendered);
    let media = with_audience(media, &plan.pages, &rendered);
    let kept = kept(&plan, &rendered);
    problems.sort_by(|a, b| (a.severity, &a.file, a.position).cmp(&(b.severity, &b.file, b.position)));
    let hash = hash_all(&plan, &media, &steering);
    Snapshot {
        pages: plan.pages,
        by_path: plan.by_path,
        by_folded: plan.by_folded,
        by_id: plan.by_id,
        by_translation: plan.translations,
        redirects: plan.redirects,
        media,
        listed_redirects: redirects,
        steering,
        locales: plan.locales,
        problems,
        hash,
        commit: git::commit(source),
        built_at: how.now,
        next_change: plan.next_change,
        files,
        rendered: kept,
        made_with,
    }
}

fn kept(plan: &Plan, rendered: &[Option<Arc<Rendered>>]) -> Kept {
    let pairs = plan.files.iter().zip(rendered);
    pairs
        .filter_map(|(file, rendered)| {
            let (file, rendered) = (file.as_ref()?, rendered.as_ref()?);
            Some((file.source.clone(), (file.hash, Arc::clone(rendered))))
        })
        .collect()
}

/// A file is for whoever may see one of the pages that use it. One that no page uses is for everybody if
/// every page is, and for nobody otherwise: nothing says whose it is.
fn with_audience(media: AllMedia, pages: &[Page], rendered: &[Option<Arc<Rendered>>]) -> HashMap<String, Media> {
    let open = pages.iter().all(|page| page.audience.is_empty());
    let mut users: HashMap<&str, Vec<&Audience>> = HashMap::new();
    for (page, rendered) in pages.iter().zip(rendered) {
        for link in rendered.iter().flat_map(|rendered| &rendered.links) {
            if let Resolved::File { path, .. } = &link.resolved {
                users.entry(path.as_str()).or_default().push(&page.audience);
            }
        }
    }
    let audience = |path: &str| match users.get(path) {
        Some(users) if users.iter().any(|audience| audience.is_empty()) => Some(Audience::new()),
        Some(users) => Some(users.iter().flat_map(|audience| audience.iter().cloned()).collect()),
        None => open.then(Audience::new),
    };
    media
        .into_iter()
        .filter_map(|(path, beside)| Some((audience(&path)?, path, beside)))
        .map(|(audience, path, beside)| (path, Media { audience, ..beside.media }))
        .collect()
}

/// Of the page's own words and place, and of the titles above it.
fn hash_pages(plan: &mut Plan, rendered: &[Option<Arc<Rendered>>]) {
    let pages = plan.pages.par_iter().zip(&plan.files).zip(rendered);
    let hashes: Vec<[u8; 32]> = pages
        .map(|((page, file), rendered)| {
            let file = file.as_ref().map(|file| file.hash).unwrap_or_default();
            let html = rendered.as_ref().map(|rendered| rendered.digest).unwrap_or_default();
            hash_page(&plan.pages, page, [file, html])
        })
        .collect();
    for (page, hash) in plan.pages.iter_mut().zip(hashes) {
        page.hash = hash;
    }
}

fn hash_page(pages: &[Page], page: &Page, made_of: [[u8; 32]; 2]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    let mut field = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    field(made_of.as_flattened());
    field(page.id.as_bytes());
    field(page.locale.as_bytes());
    field(page.path.as_bytes());
    field(page.title.as_bytes());
    field(&[u8::from(page.listed), page.kind as u8, page.status as u8, u8::from(page.faq)]);
    for related in &page.related {
        field(pages[related.index()].path.as_bytes());
    }
    for above in std::iter::successors(page.parent, |ix| pages[ix.index()].parent) {
        field(pages[above.index()].path.as_bytes());
        field(pages[above.index()].title.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

fn hash_all(plan: &Plan, media: &HashMap<String, Media>, steering: &Steering) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for page in &plan.pages {
        hasher.update(&page.hash);
    }
    let mut rest: Vec<String> = plan.redirects.iter().map(|(from, to)| format!("{from} {to}")).collect();
    rest.extend(media.iter().map(|(path, media)| format!("{path} {} {:?}", media.bytes, media.audience)));
    rest.extend(plan.locales.iter().cloned());
    rest.push(format!("{steering:?}"));
    rest.sort_unstable();
    for line in rest {
        hasher.update(line.as_bytes()).update(b"\n");
    }
    *hasher.finalize().as_bytes()
}
