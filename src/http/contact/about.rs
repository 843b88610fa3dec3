//! What a reader's steps say to those who write articles: which were opened, and which searches found no answer.

use serde_json::Value;

use crate::content::{Kind, Page, View};
use crate::events::Step;
use crate::tickets::dossier::About;

/// Evidence by which something was found, but hardly what was looked for. Without any, nothing was.
const WEAK: [&str; 2] = ["meaning", "partial"];

pub fn step(view: View, step: &Step) -> Option<About> {
    let body: Value = serde_json::from_str(&step.body).ok()?;
    match step.kind.as_str() {
        "search_performed" => {
            let is_weak = body["rung"].as_str().is_none_or(|rung| WEAK.contains(&rung));
            is_weak.then(|| About::Search(body["query"].as_str().unwrap_or_default().to_owned()))
        }
        _ => opened(view, view.by_id(body["article"].as_str()?)?),
    }
}

/// The page the reader came from.
pub fn page(view: View, path: &str) -> Option<About> {
    opened(view, view.at(view.canonical(path)?)?)
}

fn opened(view: View, page: &Page) -> Option<About> {
    let category = view.parent(page).map(|category| category.path.trim_start_matches('/').to_owned());
    let category = category.filter(|path| !path.is_empty());
    (page.kind == Kind::Article).then(|| About::Article(page.id.clone(), category))
}
