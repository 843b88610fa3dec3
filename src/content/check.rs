//! What only shows when every page is there: links that lead nowhere.

use std::collections::HashSet;
use std::sync::Arc;

use super::file::File;
use super::links::{Link, Resolved, Written};
use super::markdown::Rendered;
use super::plan::Plan;
use super::{Position, Problem};

/// Pages of the default language that another language lacks.
pub(super) fn translations(plan: &Plan, problems: &mut Vec<Problem>) {
    let Some((default, others)) = plan.locales.split_first() else {
        return;
    };
    let pages = plan.pages.iter().filter(|page| page.locale == *default && plan.files[page.ix.index()].is_some());
    for page in pages {
        let found = &plan.translations[&page.translation_key];
        for locale in others.iter().filter(|locale| !found.iter().any(|ix| plan.page(*ix).locale == **locale)) {
            let file = format!("{locale}/{}", page.source);
            let message = format!("{} has no translation `{locale}`; readers see it in `{default}`.", page.source);
            problems.push(Problem::notice("missing-translation", &file, message, "Write it, or leave it so."));
        }
    }
}

pub(super) fn links(plan: &Plan, rendered: &[Option<Arc<Rendered>>], problems: &mut Vec<Problem>) {
    let anchors: Vec<HashSet<&str>> =
        rendered.iter().map(|page| page.iter().flat_map(|page| &page.anchors).map(String::as_str).collect()).collect();
    for (number, (file, page)) in plan.files.iter().zip(rendered).enumerate() {
        let (Some(file), Some(page)) = (file, page) else {
            continue;
        };
        problems.extend(page.problems.iter().cloned());
        let has = |target: Option<usize>, anchor: &str| {
            let known = target.and_then(|target| anchors.get(target));
            anchor.is_empty() || anchor == "top" || known.is_none_or(|known| known.contains(anchor))
        };
        for link in &page.links {
            problems.extend(fault(plan, number, link, &has).map(|(kind, message, cure)| {
                Problem::warning(kind, &file.source, message, cure).at(place(file, link))
            }));
        }
    }
}

type Fault = (&'static str, String, &'static str);

fn fault(plan: &Plan, number: usize, link: &Link, has: &dyn Fn(Option<usize>, &str) -> bool) -> Option<Fault> {
    let (Written::Link(written) | Written::Image(written) | Written::Wiki(written)) = &link.written;
    match &link.resolved {
        Resolved::Broken { reason, .. } if matches!(link.written, Written::Image(_)) => Some((
            "missing-image",
            format!("The image `{written}` is not there: {reason}."),
            "Put the file there, or correct the path.",
        )),
        Resolved::Broken { reason, .. } => Some((
            "broken-link",
            format!("The link `{written}` leads nowhere: {reason}."),
            "Correct the path, or add a redirect.",
        )),
        Resolved::Here { anchor } if !has(Some(number), anchor) => Some((
            "broken-anchor",
            format!("This page has no heading with the anchor `#{anchor}`."),
            "Use the anchor of a heading of this page.",
        )),
        Resolved::Page { path, anchor: Some(anchor), .. }
            if !has(plan.by_path.get(path).map(|ix| ix.index()), anchor) =>
        {
            Some((
                "broken-anchor",
                format!("The page {path} has no heading with the anchor `#{anchor}`."),
                "Use the anchor of a heading of that page.",
            ))
        }
        _ => None,
    }
}

fn place(file: &File, link: &Link) -> Position {
    Position::at(&file.body, link.offset).below(file.lines_above)
}
