//! The state of the site for those who look after it. Streamed in order: the head of the page at once, each panel
//! when its answer is there; a panel that failed says so in its place.

use std::pin::Pin;
use std::sync::Arc;

use leptos::either::Either;
use leptos::prelude::*;

use super::document::{Kind, document};
use crate::model::{AdminPage, CanaryRow, Frame, ProblemGroup, Site, SlowPage};
use crate::words::{Word, fill};

mod articles;
mod canaries;
mod delivery;
mod periods;
mod privacy;
mod problems;
mod slowest;
mod tickets;

pub use articles::{AdminArticles, ArticlePanels};
pub use delivery::{AdminDelivery, DeliveryPanels};
pub use privacy::{AdminPrivacy, PrivacyPanels};
pub use tickets::{AdminTickets, TicketPanels};

/// What a panel waits for; the error says in words what was tried and found.
pub type Panel<T> = Pin<Box<dyn Future<Output = Result<Vec<T>, String>> + Send>>;

pub struct Panels {
    pub problems: Panel<ProblemGroup>,
    pub canaries: Panel<CanaryRow>,
    pub slowest: Panel<SlowPage>,
}

/// The whole document. Stream it with `leptos_axum::render_app_to_stream_in_order_with_context`.
#[component]
pub fn Admin(frame: Frame, page: AdminPage, panels: Panels) -> impl IntoView {
    // Panels outlive this call, so each holds the words itself.
    let site = frame.site.clone();
    let Panels { problems, canaries, slowest } = panels;
    let content = view! {
        <h1>{site.words.site_state.clone()}</h1>
        {mails_waiting(&site, page.mails_waiting)}
        {facts(&site, page)}
        <section>
            <h2 id="problems">{site.words.problems.clone()}</h2>
            {panel(site.clone(), problems, problems::groups)}
        </section>
        <section>
            <h2 id="canaries">{site.words.canaries.clone()}</h2>
            <p>{site.words.canaries_text.clone()}</p>
            {panel(site.clone(), canaries, canaries::table)}
        </section>
        <section>
            <h2 id="slowest">{site.words.slow_pages.clone()}</h2>
            {panel(site.clone(), slowest, slowest::table)}
        </section>
    };
    staff_page(&frame, "/admin", content)
}

/// A page for staff at `path`, with the way to the others.
fn staff_page<V: IntoView + 'static>(frame: &Frame, path: &str, content: V) -> impl IntoView + use<V> {
    let site = frame.site.as_ref();
    let words = &site.words;
    let pages = [
        ("/admin", &words.site_state),
        ("/admin/tickets", &words.agent.tickets),
        ("/admin/articles", &words.all_articles),
        ("/admin/delivery", &words.delivery),
        ("/admin/privacy", &words.privacy),
    ];
    let links: Vec<_> = pages
        .into_iter()
        .map(|(to, name)| {
            let current = (to == path).then_some("page");
            view! { <li><a href=format!("{}{to}", site.base) aria-current=current>{name.clone()}</a></li> }
        })
        .collect();
    let content = view! {
        <div class="page">
            <nav class="staff-pages" aria-label=words.main_navigation.clone()>
                <ul>{links}</ul>
                <form method="post" action=format!("{}/agent/logout", site.base)>
                    <button>{words.sign_out.clone()}</button>
                </form>
            </nav>
            {content}
        </div>
    };
    document(frame, Kind::Staff, content)
}

/// Waits for a panel's answer, then shows it or why there is none.
fn panel<T, V, F>(site: Arc<Site>, answer: Panel<T>, table: F) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView + 'static,
    F: FnOnce(&Site, Vec<T>) -> V + Send + 'static,
{
    Suspend::new(async move {
        match answer.await {
            Ok(rows) => Either::Left(table(&site, rows)),
            Err(reason) => Either::Right(failed(&site, &reason)),
        }
    })
}

fn failed(site: &Site, reason: &str) -> impl IntoView + use<> {
    view! { <p class="refusal" role="alert">{fill(&site.words.panel_failed, &[("reason", reason)])}</p> }
}

fn mails_waiting(site: &Site, count: usize) -> impl IntoView + use<> {
    let href = format!("{}/admin/delivery#messages", site.base);
    let (told, more) = (site.words.count(&site.words.mails_wait, count), site.words.messages_waiting.clone());
    (count > 0).then(|| view! { <p class="refusal" role="status">{told}" "<a href=href>{more}</a></p> })
}

fn facts(site: &Site, page: AdminPage) -> impl IntoView + use<> {
    let words = &site.words;
    let ready = if page.ready { &words.ready } else { &words.not_ready };
    let facts: Vec<_> = [
        (&words.state, Some(ready.to_string())),
        (&words.all_articles, Some(words.number(page.articles))),
        (&words.categories, Some(words.number(page.categories))),
        (&words.locales, Some(page.locales.join(", "))),
        (&words.snapshot, Some(page.snapshot)),
        (&words.commit, page.commit),
        (&words.built, Some(page.built_at)),
        (&words.source, Some(page.source)),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some(view! { <div><dt>{name.clone()}</dt><dd>{value?}</dd></div> }))
    .collect();
    view! { <dl class="facts" data-ready=page.ready.to_string()>{facts}</dl> }
}

/// A table that may scroll sideways by itself, by keyboard too.
fn table_region<L, H, B>(label: L, head: H, body: B) -> impl IntoView + use<L, H, B>
where
    L: Into<Word>,
    H: IntoView + 'static,
    B: IntoView + 'static,
{
    let label: Word = label.into();
    view! {
        <div class="table" role="region" tabindex="0" aria-label=label>
            <table>
                <thead><tr>{head}</tr></thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}

fn heads(names: Vec<&Word>) -> impl IntoView + use<> {
    names.into_iter().map(|name| view! { <th scope="col">{name.clone()}</th> }).collect::<Vec<_>>()
}
