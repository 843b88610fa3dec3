//! Pages a reader reads: home, category, article, and the two that say something went wrong.

use crate::model::{Crumb, Questions};

/// A link to an article in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleLink {
    pub title: String,
    pub url: String,
    pub description: Option<String>,
    /// Title of the category it lies in, where the list mixes categories.
    pub category: Option<String>,
}

/// A category in a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryCard {
    pub title: String,
    pub url: String,
    pub description: Option<String>,
    /// Articles in it and below it that this viewer may see.
    pub articles: usize,
    /// Its first few articles, for a glance.
    pub first: Vec<ArticleLink>,
}

#[derive(Debug, Clone, Default)]
pub struct HomePage {
    /// Prose of the root `index.md`, if there is one.
    pub html: Option<String>,
    pub categories: Vec<CategoryCard>,
    /// Chosen by the editors (`picked` in signpost.toml).
    pub picked: Vec<ArticleLink>,
    /// What readers open most; empty until they have.
    pub popular: Vec<ArticleLink>,
    /// Articles that lie in no category.
    pub articles: Vec<ArticleLink>,
}

#[derive(Debug, Clone)]
pub struct CategoryPage {
    pub crumbs: Vec<Crumb>,
    pub title: String,
    pub description: Option<String>,
    /// Prose of its `index.md`.
    pub html: Option<String>,
    pub toc: Vec<Heading>,
    pub categories: Vec<CategoryCard>,
    pub articles: Vec<ArticleLink>,
    pub branch: Vec<NavItem>,
    pub fallback: Option<FallbackNotice>,
}

#[derive(Debug, Clone)]
pub struct ArticlePage {
    /// Lasting id: `/a/{id}` leads here whatever the path becomes.
    pub id: String,
    pub crumbs: Vec<Crumb>,
    pub title: String,
    pub description: Option<String>,
    pub html: String,
    pub toc: Vec<Heading>,
    /// The page's own branch of the navigation, never the whole tree.
    pub branch: Vec<NavItem>,
    pub previous: Option<ArticleLink>,
    pub next: Option<ArticleLink>,
    pub related: Vec<ArticleLink>,
    pub tags: Vec<TagLink>,
    pub updated: Option<Updated>,
    pub fallback: Option<FallbackNotice>,
    /// Its questions open and close.
    pub faq: bool,
    /// Its Markdown: the article's path + `.md`.
    pub markdown_url: String,
    pub lasting_url: String,
    /// Where a vote goes; absent where none are taken.
    pub vote_url: Option<String>,
    /// Absent where readers cannot ask in public.
    pub questions: Option<Questions>,
}

/// A tag that leads to a search for everything carrying it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagLink {
    pub name: String,
    pub url: String,
}

/// When the article last changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Updated {
    /// `2026-11-21`, for `<time datetime>`.
    pub iso: String,
    /// As a person of this locale writes it.
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    pub anchor: String,
    pub title: String,
    /// 2 for `<h2>` and so on.
    pub level: u8,
}

/// An entry of the side navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavItem {
    pub title: String,
    pub url: String,
    pub current: bool,
    pub children: Vec<NavItem>,
}

/// The reader asked for one language and gets another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FallbackNotice {
    /// Locale of the text that is shown, for its `lang` attribute.
    pub locale: String,
    /// `ltr` or `rtl`: direction of the text that is shown.
    pub direction: crate::model::Direction,
    /// The shown language's own name.
    pub name: String,
}

#[derive(Debug, Clone, Default)]
pub struct NotFoundPage {
    /// The path that was asked for, as words to search for.
    pub query: String,
    /// What search proposes for those words.
    pub proposals: Vec<ArticleLink>,
}

#[derive(Debug, Clone)]
pub struct ErrorPage {
    pub status: u16,
    pub title: String,
    /// What happened, and what to do.
    pub message: String,
    /// The exact reason, in English.
    pub detail: Option<String>,
    /// To quote to support; also in the log.
    pub request_id: Option<String>,
}

/// How far a reader came with saying whether an article helped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoteState {
    /// Nothing was said.
    Open,
    Helped,
    /// It did not help; why is not known yet.
    DidNotHelp,
    /// It did not help, and the reader said why.
    Told,
}

#[derive(Debug, Clone)]
pub struct FeedbackPage {
    pub title: String,
    pub article_url: String,
    pub vote_url: String,
    pub state: VoteState,
    pub related: Vec<ArticleLink>,
}
