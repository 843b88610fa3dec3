//! What a request is about, by the categories of the articles its reader came from and read: their paths without their
//! language, as `routing.yml` names them.

use serde_json::Value;

use super::Place;
use crate::content::{Kind, Page};
use crate::events::Step;

/// Of the article that a step was about.
pub fn step(place: &Place<'_>, step: &Step) -> Option<String> {
    let body: Value = serde_json::from_str(&step.body).ok()?;
    topic(place, place.asked.view().by_id(body.get("article")?.as_str()?)?)
}

/// Of the page at a path.
pub fn page(place: &Place<'_>, path: &str) -> Option<String> {
    let view = place.asked.view();
    topic(place, view.at(view.canonical(path)?)?)
}

/// The category of an article, or the one that it is; by its name in the site's first language, where it has one.
fn topic(place: &Place<'_>, page: &Page) -> Option<String> {
    if !place.help.tickets.routes() {
        return None;
    }
    let view = place.asked.view();
    let default = &place.help.config.content.default_locale;
    let page = view.translations(page).find(|it| it.locale == *default).or_else(|| view.page(page.ix))?;
    let category = if page.kind == Kind::Category { Some(page) } else { view.parent(page) }?;
    let topic = category.path.trim_start_matches('/');
    let topic = if category.locale == *default { topic } else { topic.split_once('/').map_or("", |(_, rest)| rest) };
    (!topic.is_empty()).then(|| topic.to_owned())
}
