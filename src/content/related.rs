//! What to read next: what the editor says, else pages of the same category with the same tags.

use std::collections::HashMap;

use super::plan::Plan;
use super::{Kind, Page, PageIx, Problem, address};

/// At most this many pages are proposed.
const MOST: usize = 4;

pub(super) fn relate(plan: &mut Plan, problems: &mut Vec<Problem>) {
    let mut by_tag: HashMap<(&str, String), Vec<PageIx>> = HashMap::new();
    for page in plan.pages.iter().filter(|page| page.listed && page.kind == Kind::Article) {
        for tag in &page.tags {
            by_tag.entry((page.locale.as_str(), tag.to_lowercase())).or_default().push(page.ix);
        }
    }
    let related: Vec<Vec<PageIx>> = plan
        .pages
        .iter()
        .map(|page| {
            let said = said(plan, page, problems);
            if said.is_empty() { by_tags(plan, page, &by_tag) } else { said }
        })
        .collect();
    drop(by_tag);
    for (page, related) in plan.pages.iter_mut().zip(related) {
        page.related = related;
    }
}

fn said(plan: &Plan, page: &Page, problems: &mut Vec<Problem>) -> Vec<PageIx> {
    let names = plan.files[page.ix.index()].iter().flat_map(|file| &file.matter.related);
    let mut found = Vec::new();
    for name in names {
        match find(plan, page, name) {
            Some(ix) if ix == page.ix || found.contains(&ix) => {}
            Some(ix) => found.push(ix),
            None => {
                let message = format!("`related` names `{name}`, and no page has that path, file, id or title.");
                problems.push(Problem::warning(
                    "unknown-related",
                    &page.source,
                    message,
                    "Correct the name, or remove it.",
                ));
            }
        }
    }
    found
}

fn find(plan: &Plan, page: &Page, name: &str) -> Option<PageIx> {
    let name = name.trim();
    let folder = address::place(&page.source).folder;
    let file =
        |source: String| plan.by_source.get(&source).or_else(|| plan.by_source.get(&format!("{source}.md"))).copied();
    let beside = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let title =
        || plan.by_title.get(&name.to_lowercase())?.iter().find(|ix| plan.page(**ix).locale == page.locale).copied();
    plan.by_path
        .get(&address::normalise(name))
        .copied()
        .or_else(|| file(name.trim_start_matches('/').to_owned()))
        .or_else(|| file(beside))
        .or_else(|| plan.by_id.get(name).copied())
        .or_else(title)
}

/// Two tags in common count more than one category in common; without a common tag there is nothing.
fn by_tags(plan: &Plan, page: &Page, by_tag: &HashMap<(&str, String), Vec<PageIx>>) -> Vec<PageIx> {
    let mut shared: HashMap<PageIx, usize> = HashMap::new();
    for tag in &page.tags {
        for other in by_tag.get(&(page.locale.as_str(), tag.to_lowercase())).into_iter().flatten() {
            *shared.entry(*other).or_default() += 2;
        }
    }
    shared.remove(&page.ix);
    let near = |ix: PageIx| usize::from(plan.page(ix).parent == page.parent);
    let mut found: Vec<_> = shared.into_iter().map(|(ix, score)| (std::cmp::Reverse(score + near(ix)), ix)).collect();
    found.sort_unstable();
    found.into_iter().take(MOST).map(|(_, ix)| ix).collect()
}
