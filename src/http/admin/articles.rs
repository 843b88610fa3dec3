//! `/admin/articles`: what is read, what helps, what people ask all the same.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use app::model::{ArticleRow, ArticleTable, ArticlesPage, PeriodLink, UnansweredRow};
use app::pages::{AdminArticles, ArticlePanels};
use app::words::Words;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::response::Response;
use jiff::Timestamp;
use leptos::prelude::*;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use super::period::Period;
use super::tickets::{count, share, titled};
use super::{Admin, fetched, staff_frame, streamed, told, when};
use crate::content::{Kind, Page, View};
use crate::http::agent::routing::class;
use crate::http::error::Error;
use crate::store::day;
use crate::tickets::{About, AskedAfter, Estimate, Instead, Unanswered, wilson};
use crate::{Help, feedback, identity, views};

/// Articles that are shown.
const MOST: usize = 100;
/// Tags of each.
const MOST_TAGS: usize = 3;

/// What the address says; what it does not know it takes for not said.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    days: String,
    owner: String,
    sort: String,
}

/// By what the rows are put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Title,
    Opened,
    /// Those first that surely help least.
    Helped,
    Asked,
}

const SORTS: [(&str, Sort); 4] =
    [("title", Sort::Title), ("opened", Sort::Opened), ("helped", Sort::Helped), ("", Sort::Asked)];

/// What is known of an article.
struct Known<'a> {
    page: &'a Page,
    opened: i64,
    votes: i64,
    helped: Option<Estimate>,
    asked: AskedAfter,
}

pub async fn page(
    State(help): State<Arc<Help>>,
    _: Admin,
    asked: Result<Query<Asked>, QueryRejection>,
    request: Request,
) -> Result<Response, Error> {
    let asked = asked?.0;
    let frame = staff_frame(&help, |words| &words.all_articles);
    let around = asked.around(&help, &frame.site.words);
    let (now, words) = (Timestamp::now(), frame.site.clone());
    let panels = move || ArticlePanels {
        articles: fetched(articles(help.clone(), words.clone(), asked.clone(), now)),
        searches: fetched(searches(help.clone(), asked.period().since(now))),
    };
    let page = move || view! { <AdminArticles frame=frame.clone() page=around.clone() panels=panels()/> };
    Ok(streamed(request, page).await)
}

impl Asked {
    fn period(&self) -> Period {
        Period::of(&self.days)
    }

    fn sort(&self) -> Sort {
        SORTS.iter().find(|(name, _)| *name == self.sort).map_or(Sort::Asked, |(_, sort)| *sort)
    }

    fn url(&self, help: &Help) -> String {
        let parts = [("days", &self.days), ("owner", &self.owner), ("sort", &self.sort)];
        let mut query = Serializer::new(String::new());
        query.extend_pairs(parts.into_iter().filter(|(_, value)| !value.is_empty()));
        let (path, query) = (help.address.href("/admin/articles"), query.finish());
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }

    fn around(&self, help: &Help, words: &Words) -> ArticlesPage {
        let edition = help.edition.load();
        let viewer = identity::admin(edition.snapshot.audiences());
        let pages = edition.snapshot.view(&viewer).pages();
        let owners: BTreeSet<_> = pages.filter_map(|page| page.owner.clone()).collect();
        let labels = [&words.agent.article, &words.agent.opened, &words.agent.helped, &words.agent.asked_count];
        let mut sorts = SORTS.iter().zip(labels).map(|((name, sort), label)| PeriodLink {
            label: label.to_string(),
            url: Self { sort: (*name).to_owned(), ..self.clone() }.url(help),
            current: *sort == self.sort(),
        });
        let kept = [("days", &self.days), ("sort", &self.sort)].into_iter().filter(|(_, value)| !value.is_empty());
        ArticlesPage {
            periods: self
                .period()
                .links(words, |period| Self { days: period.days().to_string(), ..self.clone() }.url(help)),
            owners: owners.into_iter().map(|owner| (owner.clone(), owner == self.owner)).collect(),
            kept: kept.map(|(name, value)| (name, value.clone())).collect(),
            sorts: std::array::from_fn(|_| sorts.next().expect("there is a label for each")),
        }
    }

    fn order(&self, one: &Known, other: &Known) -> Ordering {
        let title = || one.page.title.cmp(&other.page.title);
        // What nobody voted on comes last.
        let high = |known: &Known| known.helped.map_or(f64::INFINITY, |share| share.high);
        match self.sort() {
            Sort::Title => title(),
            Sort::Opened => other.opened.cmp(&one.opened).then_with(title),
            Sort::Helped => high(one).total_cmp(&high(other)).then_with(title),
            Sort::Asked => {
                other.asked.tickets.cmp(&one.asked.tickets).then(other.opened.cmp(&one.opened)).then_with(title)
            }
        }
    }
}

async fn articles(
    help: Arc<Help>,
    site: Arc<app::model::Site>,
    asked: Asked,
    now: Timestamp,
) -> Result<Vec<ArticleTable>, String> {
    let since = asked.period().since(now);
    let (opened, votes, after, instead, about) = tokio::try_join!(
        views::by_article(&help.store, day(since)),
        feedback::by_article(&help.store, day(since)),
        help.tickets.asked_after(since),
        help.tickets.given_instead(since),
        help.tickets.asked_about(since),
    )
    .map_err(told)?;
    let opened: HashMap<_, _> = opened.into_iter().collect();
    let votes: HashMap<_, _> = votes.into_iter().map(|(article, votes, helpful)| (article, (votes, helpful))).collect();
    let mut after: HashMap<_, _> = after.into_iter().map(|row| (row.article.clone(), row)).collect();
    let mut instead: HashMap<_, _> = instead.into_iter().map(|row| (row.article.clone(), row)).collect();
    let edition = help.edition.load_full();
    let viewer = identity::admin(edition.snapshot.audiences());
    let mut known: Vec<_> = of_owner(edition.snapshot.view(&viewer), &asked.owner)
        .map(|page| {
            let (votes, helpful) = votes.get(&page.id).copied().unwrap_or_default();
            let (opened, asked) = (opened.get(&page.id).copied().unwrap_or_default(), after.remove(&page.id));
            Known { page, opened, votes, helped: wilson(helpful, votes), asked: asked.unwrap_or_default() }
        })
        .filter(|known| known.opened + known.votes + known.asked.tickets > 0)
        .collect();
    known.sort_by(|one, other| asked.order(one, other));
    let of = (known.len() > MOST).then_some(known.len());
    let rows = known.into_iter().take(MOST).map(|known| {
        let instead = instead.remove(&known.page.id);
        let about = shown(&site.words, about.iter().filter(|about| about.article == known.page.id));
        row(&help, &site.words, known, instead, about)
    });
    Ok(vec![ArticleTable { rows: rows.collect(), of }])
}

fn of_owner<'a>(view: View<'a>, owner: &'a str) -> impl Iterator<Item = &'a Page> {
    let is_theirs = move |page: &&Page| owner.is_empty() || page.owner.as_deref() == Some(owner);
    view.pages().filter(|page| page.kind == Kind::Article).filter(is_theirs)
}

/// Every class, and the tags that most have.
fn shown<'a>(words: &Words, about: impl Iterator<Item = &'a About>) -> Vec<(String, usize)> {
    let (tags, classes): (Vec<_>, Vec<_>) = about.partition(|about| about.is_tag);
    let classes = classes.into_iter().map(|it| (class(words, &it.name), count(it.tickets)));
    let tags = tags.into_iter().take(MOST_TAGS).map(|it| (it.name.clone(), count(it.tickets)));
    classes.chain(tags).collect()
}

fn row(help: &Help, words: &Words, known: Known, instead: Option<Instead>, about: Vec<(String, usize)>) -> ArticleRow {
    let Known { page, opened, votes, helped, asked } = known;
    ArticleRow {
        title: page.title.clone(),
        url: help.address.href(&format!("/a/{}", page.id)),
        owner: page.owner.clone(),
        opened: count(opened),
        helped: helped.map(|helped| share(words, helped, votes)),
        asked: count(asked.tickets),
        solved: count(asked.solved),
        good: count(asked.good),
        bad: count(asked.bad),
        about,
        instead: instead.map(|Instead { given, tickets, .. }| {
            let (title, url) = titled(help, given);
            (title, url, count(tickets))
        }),
    }
}

async fn searches(help: Arc<Help>, since: Timestamp) -> Result<Vec<UnansweredRow>, String> {
    let rows = help.tickets.unanswered(since).await.map_err(told)?;
    let row = |Unanswered { query, tickets, solved, last_at }| {
        let parameters: String = Serializer::new(String::new()).append_pair("q", &query).finish();
        UnansweredRow {
            url: help.address.href(&format!("/search?{parameters}")),
            query,
            tickets: count(tickets),
            solved: count(solved),
            last: when(last_at)[..10].to_owned(),
        }
    };
    Ok(rows.into_iter().map(row).collect())
}
