//! Articles and past tickets in one search. Articles as the requester may see them, so that nothing internal leaks.

use app::model::Status;
use app::model::agent::{ArticleFind, Finds, TicketFind, TicketLink};
use app::words::{Words, fill};
use jiff::Timestamp;

use super::clock;
use crate::Help;
use crate::content::Page;
use crate::identity::{self, Audience};
use crate::search::{self, Query};
use crate::tickets::{Ticket, prose};

const ARTICLES: usize = 6;
const TICKETS: usize = 6;
/// Characters of an answer that are shown.
const EXCERPT: usize = 200;

/// For whom an answer is looked for.
#[derive(Clone, Copy)]
pub struct Whom<'a> {
    /// Groups of readers they belong to.
    pub audiences: &'a Audience,
    pub locale: &'a str,
    /// The ticket that is answered, which is no answer to itself.
    pub ticket: Option<&'a str>,
}

impl<'a> Whom<'a> {
    pub fn of(ticket: &'a Ticket) -> Self {
        Self { audiences: &ticket.audiences, locale: &ticket.locale, ticket: Some(&ticket.id) }
    }
}

pub async fn find(help: &Help, words: &Words, whom: Whom<'_>, query: &str, now: Timestamp) -> anyhow::Result<Finds> {
    let viewer = match whom.audiences.is_empty() {
        true => words.agent.find_public.to_string(),
        false => {
            let audiences = whom.audiences.iter().cloned().collect::<Vec<_>>().join(", ");
            fill(&words.agent.find_audiences, &[("audiences", &audiences)])
        }
    };
    // Begun as soon as an agent looks at a ticket, so that it is whole when something is searched for.
    let past = help.tickets.past(&help.behind, &help.config.content.default_locale)?;
    let query = query.trim();
    if query.is_empty() {
        return Ok(Finds { viewer, reading: !past.is_whole(), ..Finds::default() });
    }
    let (articles, found) = {
        let past = past.clone();
        let (articles, query) = (articles(help, whom, query), query.to_owned());
        (articles, tokio::task::spawn_blocking(move || past.find(&query, TICKETS + 1)).await??)
    };
    let ids = found.into_iter().map(|found| found.ticket).filter(|id| whom.ticket != Some(id)).take(TICKETS);
    let tickets = tickets(help, words, ids.collect(), now).await?;
    Ok(Finds { query: query.to_owned(), viewer, articles, tickets, reading: !past.is_whole() })
}

fn articles(help: &Help, whom: Whom<'_>, query: &str) -> Vec<ArticleFind> {
    let edition = help.edition.load();
    let viewer = identity::remembered(whom.audiences);
    let view = edition.snapshot.view(&viewer);
    let query =
        Query { text: query.to_owned(), locale: Some(whom.locale.to_owned()), limit: ARTICLES, ..Query::default() };
    let results = search::search(&edition.index, &edition.snapshot, &viewer, &query);
    let find = |hit: app::model::Hit| {
        let page = view.by_id(&hit.id)?;
        let as_link = link(help, page);
        Some(ArticleFind {
            as_text: as_text(page, &as_link),
            as_link,
            id: hit.id,
            title: hit.title,
            url: hit.url,
            snippet: hit.snippet,
        })
    };
    results.hits.into_iter().filter_map(find).collect()
}

/// What a button inserts: `link` or `text`, for the article of an id.
pub fn inserted(help: &Help, whom: Whom<'_>, deed: &str) -> Option<String> {
    let (way, id) = deed.split_once(':')?;
    let edition = help.edition.load();
    let viewer = identity::remembered(whom.audiences);
    let page = edition.snapshot.view(&viewer).by_id(id)?;
    let link = link(help, page);
    match way {
        "link" => Some(link),
        "text" => Some(as_text(page, &link)),
        _ => None,
    }
}

/// Ids of the articles that a text leads to.
pub fn given(help: &Help, whom: Whom<'_>, markdown: &str) -> Vec<String> {
    let edition = help.edition.load();
    let viewer = identity::remembered(whom.audiences);
    let view = edition.snapshot.view(&viewer);
    let root = help.address.absolute("/");
    let id = |link: String| {
        let path = link.strip_prefix(root.trim_end_matches('/'))?;
        let path = path.split(['#', '?']).next().unwrap_or_default();
        let path = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
        let page = match path.strip_prefix("/a/") {
            Some(id) => view.by_id(id)?,
            None => view.at(view.canonical(&path)?)?,
        };
        (page.kind == crate::content::Kind::Article).then(|| page.id.clone())
    };
    let mut ids: Vec<_> = Vec::new();
    for id in prose::links(markdown).into_iter().filter_map(id) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

fn link(help: &Help, page: &Page) -> String {
    let title = page.title.replace('[', "\\[").replace(']', "\\]");
    format!("[{title}]({})", help.address.absolute(&page.path))
}

fn as_text(page: &Page, link: &str) -> String {
    let summary = page.description.as_deref().unwrap_or(&page.prose.summary).trim();
    if summary.is_empty() { link.to_owned() } else { format!("{summary}\n\n{link}") }
}

async fn tickets(help: &Help, words: &Words, ids: Vec<String>, now: Timestamp) -> anyhow::Result<Vec<TicketFind>> {
    let mut finds = Vec::new();
    for id in ids {
        let Some(found) = help.tickets.by_id(&id).await? else { continue };
        let messages = help.tickets.messages(&id, false).await?;
        let answer = messages.iter().rev().find(|said| said.author == app::model::Author::Agent);
        finds.push(TicketFind {
            answer: answer.map(|said| excerpt(&said.text)),
            link: link_to(help, words, &found, found.subject.clone(), now),
        });
    }
    Ok(finds)
}

fn excerpt(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// A way to a ticket, under its subject or under what it is to another one.
pub fn link_to(help: &Help, words: &Words, ticket: &Ticket, label: String, now: Timestamp) -> TicketLink {
    TicketLink {
        url: help.address.href(&format!("/agent/tickets/{}", ticket.number)),
        number: ticket.number,
        label,
        status: (ticket.status != Status::Closed || ticket.merged_into.is_none()).then_some(ticket.status),
        when: Some(clock::ago(words, ticket.updated_at, now)),
    }
}
