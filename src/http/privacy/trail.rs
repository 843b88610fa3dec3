//! Steps of a reader, told in the reader's language.

use app::model::{Site, TrailRow};
use app::words::fill;
use jiff::Timestamp;
use serde::Deserialize;

use crate::content::View;
use crate::events::Step;

/// What is told of an event that was kept.
#[derive(Deserialize)]
struct Kept {
    at: i64,
    #[serde(default)]
    page: Option<String>,
    #[serde(flatten)]
    rest: serde_json::Map<String, serde_json::Value>,
}

pub fn rows(site: &Site, view: View, steps: &[Step], now: Timestamp) -> Vec<TrailRow> {
    steps.iter().filter_map(|step| row(site, view, step, now)).collect()
}

fn row(site: &Site, view: View, step: &Step, now: Timestamp) -> Option<TrailRow> {
    let kept: Kept = serde_json::from_str(&step.body).ok()?;
    let minutes = (now.as_millisecond() - kept.at) / 60_000;
    let text = told(site, view, &kept)?;
    Some(TrailRow { id: step.id.clone(), minutes_ago: usize::try_from(minutes).unwrap_or(0), text })
}

/// The event in words; nothing for what tells the reader nothing.
fn told(site: &Site, view: View, kept: &Kept) -> Option<String> {
    let words = &site.words;
    let text = |name: &str| kept.rest.get(name).and_then(|value| value.as_str()).unwrap_or_default();
    let number = |name: &str| kept.rest.get(name).and_then(serde_json::Value::as_u64).unwrap_or(0) as usize;
    let title = view.by_id(text("article")).map_or_else(|| text("article").to_owned(), |page| page.title.clone());
    let of_article = |sentence: &str| fill(sentence, &[("title", &title)]);
    Some(match text("kind") {
        // Its article, or what was searched for there, is told as well.
        "page_viewed" if kept.page.as_deref().is_some_and(|page| is_told(view, page)) => return None,
        "page_viewed" => fill(&words.step_page, &[("page", kept.page.as_deref().unwrap_or("/"))]),
        "search_performed" => {
            let results = words.count(&words.results, number("results"));
            fill(&words.step_searched, &[("query", text("query")), ("results", &results)])
        }
        "search_result_clicked" => {
            fill(&words.step_clicked, &[("rank", &words.number(number("rank"))), ("query", text("query"))])
        }
        "article_viewed" => of_article(&words.step_opened),
        "article_read" => {
            let (seconds, scroll) = (words.number(number("seconds")), words.number(number("scroll")));
            fill(&words.step_read, &[("title", &title), ("seconds", &seconds), ("scroll", &scroll)])
        }
        "article_rated" => {
            let helpful = kept.rest.get("helpful").and_then(serde_json::Value::as_bool).unwrap_or(false);
            of_article(if helpful { &words.step_helped } else { &words.step_did_not_help })
        }
        "faq_expanded" => of_article(&words.step_question),
        "code_copied" => of_article(&words.step_copied),
        "link_out" => fill(&words.step_left, &[("host", text("host"))]),
        "error_met" => fill(&words.step_error, &[("message", text("message"))]),
        kind => fill(&words.step_other, &[("kind", kind)]),
    })
}

fn is_told(view: View, path: &str) -> bool {
    let own = ["/search", "/privacy", "/contact", "/chat", "/requests", "/feedback"];
    // Behind the locale, if there is one.
    let is_own = |own: &&str| path.starts_with(*own) || path.get(3..).is_some_and(|rest| rest.starts_with(*own));
    own.iter().any(is_own) || view.at(path).is_some_and(|page| page.kind == crate::content::Kind::Article)
}
