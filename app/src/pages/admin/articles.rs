//! Articles as their owners look at them: what is read, what helps, what people ask all the same.

use leptos::either::Either;
use leptos::prelude::*;

use super::periods::periods;
use super::tickets::article;
use super::{Panel, heads, panel, staff_page, table_region};
use crate::model::{ArticleRow, ArticleTable, ArticlesPage, Frame, PeriodLink, Site, UnansweredRow};
use crate::words::fill;

pub struct ArticlePanels {
    /// One.
    pub articles: Panel<ArticleTable>,
    pub searches: Panel<UnansweredRow>,
}

#[component]
pub fn AdminArticles(frame: Frame, page: ArticlesPage, panels: ArticlePanels) -> impl IntoView {
    let site = frame.site.clone();
    let own = &site.words.agent;
    let ArticlePanels { articles, searches } = panels;
    let sorts = page.sorts.clone();
    let content = view! {
        <h1>{site.words.all_articles.clone()}</h1>
        <section>
            <h2 id="asked">{own.asked_after.clone()}</h2>
            <p>{own.asked_after_text.clone()}</p>
            {periods(&site, &page.periods)}
            {owners(&site, &page)}
            {panel(site.clone(), articles, move |site, tables| tables_of(site, &sorts, tables))}
        </section>
        <section>
            <h2 id="searches">{own.unanswered.clone()}</h2>
            <p>{own.unanswered_text.clone()}</p>
            {panel(site.clone(), searches, searches_table)}
        </section>
    };
    staff_page(&frame, "/admin/articles", content)
}

fn owners(site: &Site, page: &ArticlesPage) -> impl IntoView + use<> {
    let own = &site.words.agent;
    let option = |(name, chosen): &(String, bool)| {
        view! { <option value=name.clone() selected=*chosen>{name.clone()}</option> }
    };
    let options: Vec<_> = page.owners.iter().map(option).collect();
    let kept = page.kept.iter().map(|(name, value)| view! { <input type="hidden" name=*name value=value.clone()/> });
    let kept: Vec<_> = kept.collect();
    (!options.is_empty()).then(|| {
        view! {
            <form class="owners" method="get" action=format!("{}/admin/articles", site.base)>
                {kept}
                <label for="owner">{own.article_owner.clone()}</label>
                <select id="owner" name="owner"><option value="">{own.any.clone()}</option>{options}</select>
                <button>{own.narrow.clone()}</button>
            </form>
        }
    })
}

fn tables_of(site: &Site, sorts: &[PeriodLink; 4], tables: Vec<ArticleTable>) -> impl IntoView + use<> {
    tables.into_iter().map(|table| articles_table(site, sorts, table)).collect::<Vec<_>>()
}

fn articles_table(site: &Site, sorts: &[PeriodLink; 4], table: ArticleTable) -> impl IntoView + use<> {
    let own = &site.words.agent;
    if table.rows.is_empty() {
        return Either::Left(view! { <p class="nothing">{own.none_yet.clone()}</p> });
    }
    let [title, opened, helped, asked] = sorts.each_ref().map(sort);
    let rest = heads(vec![&own.solved_count, &own.rated_good, &own.rated_bad, &own.asked_about, &own.given_instead]);
    let has_owner = table.rows.iter().any(|row| row.owner.is_some());
    let owner = has_owner.then(|| view! { <th scope="col">{own.article_owner.clone()}</th> });
    let head = view! { {title}{owner}{opened}{helped}{asked}{rest} };
    let shown = site.words.number(table.rows.len());
    let more = table.of.map(|of| fill(&own.first_of, &[("count", &shown), ("of", &site.words.number(of))]));
    let body: Vec<_> = table.rows.into_iter().map(|row| line(site, row, has_owner)).collect();
    Either::Right(view! {
        {table_region(own.asked_after.clone(), head, body)}
        {more.map(|more| view! { <p class="hint">{more}</p> })}
        <p class="hint">{own.interval_text.clone()}</p>
    })
}

/// A head that puts the rows in its order.
fn sort(link: &PeriodLink) -> impl IntoView + use<> {
    let sorted = link.current.then_some("other");
    view! { <th scope="col" aria-sort=sorted><a href=link.url.clone()>{link.label.clone()}</a></th> }
}

fn line(site: &Site, row: ArticleRow, has_owner: bool) -> impl IntoView + use<> {
    let count = |count: usize| view! { <td class="right">{site.words.number(count)}</td> };
    let instead =
        row.instead.map(|(title, url, tickets)| view! { {article(title, url)}" × "{site.words.number(tickets)} });
    let about = row.about.into_iter().map(|(name, tickets)| {
        view! { <li><bdi>{name}</bdi>" × "{site.words.number(tickets)}</li> }
    });
    let about: Vec<_> = about.collect();
    let about = (!about.is_empty()).then(|| view! { <ul class="about">{about}</ul> });
    view! {
        <tr>
            <th scope="row"><a href=row.url>{row.title}</a></th>
            {has_owner.then(|| view! { <td>{row.owner.unwrap_or_else(|| "–".to_owned())}</td> })}
            {count(row.opened)}
            <td class="right">{row.helped.unwrap_or_else(|| "–".to_owned())}</td>
            {count(row.asked)}
            {count(row.solved)}
            {count(row.good)}
            {count(row.bad)}
            <td>{about}</td>
            <td class="instead">{instead}</td>
        </tr>
    }
}

fn searches_table(site: &Site, rows: Vec<UnansweredRow>) -> impl IntoView + use<> {
    let (words, own) = (&site.words, &site.words.agent);
    if rows.is_empty() {
        return Either::Left(view! { <p class="nothing">{own.none_yet.clone()}</p> });
    }
    let head = heads(vec![&words.query, &own.tickets, &own.solved_count, &own.last_given]);
    let row = |row: UnansweredRow| {
        view! {
            <tr>
                <th scope="row"><a href=row.url><bdi>{row.query}</bdi></a></th>
                <td class="right">{words.number(row.tickets)}</td>
                <td class="right">{words.number(row.solved)}</td>
                <td>{row.last}</td>
            </tr>
        }
    };
    let body: Vec<_> = rows.into_iter().map(row).collect();
    Either::Right(table_region(own.unanswered.clone(), head, body))
}
