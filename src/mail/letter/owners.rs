//! Letters to those who answer for articles.

use app::words::fill;
use jiff::civil::Date;

use super::{Item, Leave, List, Sheet, said};
use crate::mail::one_line;
use crate::mail::words::Words;

/// What readers did in a week.
#[derive(Debug, Clone, Copy)]
pub struct Digest<'a> {
    /// The owner's articles that readers voted on.
    pub votes: &'a [Figure],
    /// Those that readers had read when they asked all the same.
    pub asked: &'a [Figure],
    /// What readers of the whole site searched for and did not find.
    pub unanswered: &'a [Figure],
    /// Where all figures stand.
    pub link: &'a str,
    /// Where its reader asks for no more.
    pub leave: &'a str,
}

/// How often something happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Title of an article, or what was searched for.
    pub text: String,
    /// Of the article.
    pub link: Option<String>,
    pub count: i64,
    /// Of votes, those that say no.
    pub against: i64,
}

/// An article that somebody should read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub title: String,
    pub link: String,
    pub by: Date,
}

pub fn digest(digest: &Digest, base: Sheet, words: &Words) -> Sheet {
    let votes = |figure: &Figure| {
        let (yes, no) = (figure.count.to_string(), figure.against.to_string());
        said(words, words.digest_votes_detail, &[("yes", &yes), ("no", &no)])
    };
    let count = |text: &'static str| move |figure: &Figure| said(words, text, &[("count", &figure.count.to_string())]);
    let lists = [
        list(words.digest_votes, digest.votes, votes),
        list(words.digest_asked, digest.asked, count(words.digest_asked_detail)),
        list(words.digest_unanswered, digest.unanswered, count(words.digest_unanswered_detail)),
    ];
    Sheet {
        subject: fill(words.digest_subject, &[("site", &base.site)]),
        opening: said(words, words.digest, &[("site", &base.site)]),
        lists: lists.into_iter().filter(|list| !list.items.is_empty()).collect(),
        action: words.digest_action,
        link: digest.link.to_owned(),
        why: said(words, words.owner_why, &[("site", &base.site)]),
        leave: Some(Leave { text: words.digest_leave, link: digest.leave.to_owned() }),
        ..base
    }
}

pub fn review(articles: &[Due], base: Sheet, words: &Words) -> Sheet {
    let date = |by: Date| app::words::Words::of(words.language).date(by.year(), by.month(), by.day());
    let item = |due: &Due| Item {
        text: one_line(&due.title),
        link: Some(due.link.clone()),
        detail: said(words, words.review_detail, &[("day", &date(due.by))]),
    };
    Sheet {
        subject: fill(words.review_subject, &[("site", &base.site)]),
        opening: said(words, words.review, &[("site", &base.site)]),
        lists: vec![List { title: "", items: articles.iter().map(item).collect() }],
        notes: vec![words.review_note.to_owned()],
        why: said(words, words.owner_why, &[("site", &base.site)]),
        ..base
    }
}

fn list(title: &'static str, figures: &[Figure], detail: impl Fn(&Figure) -> String) -> List {
    let item =
        |figure: &Figure| Item { text: one_line(&figure.text), link: figure.link.clone(), detail: detail(figure) };
    List { title, items: figures.iter().map(item).collect() }
}
