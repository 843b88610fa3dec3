//! From a folder to a [`Snapshot`]: read, plan, render, check.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::file::{self, File, Files};
use super::labels::labels;
use super::links::{AllMedia, Beside, Resolver};
use super::markdown::{self, Job, Rendered};
use super::plan::Plan;
use super::source::Found;
use super::{
    Options, Page, Problem, REDIRECTS, Settings, Snapshot, Source, Steering, cache, check, finish, list, media,
};

/// Prose by source path, with the hash of the file it was made of.
pub(super) type Kept = HashMap<String, ([u8; 32], Arc<Rendered>)>;

/// Reads the whole folder. Whatever is wrong with a file is among the snapshot's problems and the rest is
/// there; with `previous`, only what changed is rendered, and a file that broke keeps its last good version.
///
/// # Errors
/// Only when the folder itself cannot be read.
pub fn load(source: &Source, how: &Options<'_>, previous: Option<&Snapshot>) -> anyhow::Result<Snapshot> {
    let (found, mut problems) = source.walk(&how.settings.ignore)?;
    let (pages, beside): (Vec<Found>, Vec<Found>) = found.into_iter().partition(|found| is_page(&found.path));
    let (files, unread) =
        file::read_all(source, &pages, how.settings.max_page, previous.map(|snapshot| &snapshot.files));
    problems.extend(unread);
    problems.extend(files.iter().flat_map(|file| file.problems.iter().cloned()));
    let redirects = redirects(source, previous, &mut problems);
    let mut plan = Plan::new(&files, &redirects, how);
    problems.append(&mut plan.problems);
    let media: AllMedia =
        beside.iter().filter_map(media::media).map(|(path, media)| (path, Beside::new(media))).collect();
    let resolver = Resolver { source, plan: &plan, media: &media, base: how.base, site_url: how.site_url };
    let all: Files = files.iter().map(|file| (file.source.clone(), Arc::clone(file))).collect();
    let made_with = made_with(how);
    let on_disk;
    let kept = match (previous, how.cache) {
        (Some(previous), _) => Some(&previous.rendered).filter(|_| previous.made_with == made_with),
        (None, Some(path)) => {
            on_disk = cache::read(path, &made_with, &all);
            Some(&on_disk)
        }
        (None, None) => None,
    };
    let (rendered, fresh) = render_all(&resolver, kept, how.progress);
    let steering = Steering::read(source, previous.map(|snapshot| &snapshot.steering), &mut problems);
    steering.check(&plan, &mut problems);
    check::translations(&plan, &mut problems);
    check::links(&plan, &rendered, &mut problems);
    let parts =
        finish::Parts { source, how, made_with, plan, files: all, rendered, media, steering, redirects, problems };
    let snapshot = finish::snapshot(parts);
    // While a site runs, its snapshots keep prose themselves; the file is for the next start.
    if let (None, Some(path)) = (previous, how.cache)
        && fresh > 0
    {
        cache::write(path, &snapshot.made_with, &snapshot.rendered);
    }
    Ok(snapshot)
}

/// What every kept page depends on, beside its own file and where its links lead.
fn made_with(how: &Options<'_>) -> String {
    let Settings { default_locale, locales, .. } = how.settings;
    format!("{} {} {default_locale} {locales:?}", markdown::VERSION, how.base)
}

fn is_page(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| {
        extension.eq_ignore_ascii_case("md") || extension.eq_ignore_ascii_case("markdown")
    })
}

/// `redirects.yml` at the top of the folder: old address → new one. One that broke keeps its last good state.
fn redirects(source: &Source, previous: Option<&Snapshot>, problems: &mut Vec<Problem>) -> BTreeMap<String, String> {
    list::read(source, REDIRECTS, "Write one `/old/path: /new/path` a line.")
        .map(|(redirects, _)| redirects)
        .unwrap_or_else(|problem| {
            problems.push(problem);
            previous.map(|previous| previous.listed_redirects.clone()).unwrap_or_default()
        })
}

/// Of every page, in page order, and how many were made anew; `None` for a folder without `index.md`.
fn render_all(
    resolver: &Resolver<'_>,
    kept: Option<&Kept>,
    progress: Option<&(dyn Fn(usize, usize) + Sync)>,
) -> (Vec<Option<Arc<Rendered>>>, usize) {
    let plan = resolver.plan;
    let (done, fresh) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let one = |page: &Page| {
        let file = plan.files[page.ix.index()].as_deref()?;
        let rendered = still_good(resolver, kept, page, file).unwrap_or_else(|| {
            fresh.fetch_add(1, Ordering::Relaxed);
            Arc::new(render(resolver, page, file))
        });
        if let Some(progress) = progress {
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, plan.pages.len());
        }
        Some(rendered)
    };
    (plan.pages.par_iter().map(one).collect(), fresh.into_inner())
}

/// Prose made of the same file whose links lead where they led.
fn still_good(resolver: &Resolver<'_>, kept: Option<&Kept>, page: &Page, file: &File) -> Option<Arc<Rendered>> {
    let (hash, rendered) = kept?.get(&file.source)?;
    let same =
        *hash == file.hash && rendered.links.iter().all(|link| resolver.resolve(page, &link.written) == link.resolved);
    same.then(|| Arc::clone(rendered))
}

fn render(resolver: &Resolver<'_>, page: &Page, file: &File) -> Rendered {
    markdown::render(Job {
        page,
        body: &file.body,
        lines_above: file.lines_above,
        faq: file.matter.faq,
        resolver,
        labels: labels(&page.locale),
    })
}

#[cfg(test)]
pub(super) mod tests;
