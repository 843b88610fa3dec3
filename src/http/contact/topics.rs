//! What a request is about, by the categories of the articles its reader came from and let travel.

use jiff::Timestamp;
use serde_json::Value;

use super::Place;
use crate::content::{Kind, Page};
use crate::events;
use crate::http::visit::Visit;
use crate::tickets::Draft;

/// Paths of categories without their language, as `routing.yml` names them: that of the page the reader came from, then
/// those of articles read, the last first. Only of what stays ticked, and only where tickets are routed.
pub async fn of(
    place: &Place<'_>,
    visit: &Visit,
    draft: &Draft,
    ticked: &[String],
    now: Timestamp,
) -> anyhow::Result<Vec<String>> {
    if !place.help.tickets.routes() {
        return Ok(Vec::new());
    }
    let view = place.asked.view();
    let steps = match visit.session {
        Some(session) => events::trail(&place.help.store, &session.to_string(), now).await?,
        None => Vec::new(),
    };
    let read = steps.iter().rev().filter(|step| ticked.contains(&step.id));
    let read = read.filter_map(|step| {
        let body: Value = serde_json::from_str(&step.body).ok()?;
        view.by_id(body.get("article")?.as_str()?)
    });
    let came_from = draft.page.as_deref().filter(|_| ticked.iter().any(|id| id == "page"));
    let came_from = came_from.and_then(|path| view.at(view.canonical(path)?));
    let mut topics: Vec<String> = Vec::new();
    for topic in came_from.into_iter().chain(read).filter_map(|page| topic(place, page)) {
        if !topics.contains(&topic) {
            topics.push(topic);
        }
    }
    Ok(topics)
}

/// The category of an article, or the one that it is; by its name in the site's first language, where it has one.
fn topic(place: &Place<'_>, page: &Page) -> Option<String> {
    let view = place.asked.view();
    let default = &place.help.config.content.default_locale;
    let page = view.translations(page).find(|it| it.locale == *default).or_else(|| view.page(page.ix))?;
    let category = if page.kind == Kind::Category { Some(page) } else { view.parent(page) }?;
    let topic = category.path.trim_start_matches('/');
    let topic = if category.locale == *default { topic } else { topic.split_once('/').map_or("", |(_, rest)| rest) };
    (!topic.is_empty()).then(|| topic.to_owned())
}
