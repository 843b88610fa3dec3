//! Front matter: what an editor may say about a page above its text, in YAML (`---`) or TOML (`+++`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Status;

mod parse;
mod split;
mod values;

pub(super) use parse::parse;
pub(super) use split::{Split, Syntax, split};

/// Everything front matter may say. Every key may be left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FrontMatter {
    /// Else the first heading, else the file's name.
    pub title: Option<String>,
    /// One or two sentences for search engines, lists and previews.
    pub description: Option<String>,
    /// Last part of the address, in place of the file's name.
    pub slug: Option<String>,
    /// Lasting id: `/a/{id}` leads to the page wherever it moves. Letters, digits and `-`.
    pub id: Option<String>,
    /// A list, or words separated by commas.
    #[serde(deserialize_with = "values::list")]
    pub tags: Vec<String>,
    /// Words readers use that the text does not; searched, not shown.
    #[serde(deserialize_with = "values::list")]
    pub keywords: Vec<String>,
    /// Old addresses of the page; each redirects to it.
    #[serde(deserialize_with = "values::list")]
    pub aliases: Vec<String>,
    /// Place among its neighbours, lowest first; those without come last, by title.
    #[serde(deserialize_with = "values::number")]
    pub order: Option<f64>,
    /// Versions of the product it is about; readers may narrow a search to one.
    #[serde(deserialize_with = "values::list")]
    pub versions: Vec<String>,
    /// `false`: readers who search the site do not find it.
    pub search: Option<bool>,
    /// Groups of readers it is meant for; empty means everybody.
    #[serde(deserialize_with = "values::list")]
    pub audience: Vec<String>,
    /// `published`, `draft`, `review`, `unlisted` or `archived`.
    pub status: Status,
    /// Served from then on: `2026-05-01`, or a time with zone; UTC without.
    #[serde(deserialize_with = "values::instant")]
    pub publish_at: Option<Timestamp>,
    /// Not served any more from then on.
    #[serde(deserialize_with = "values::instant")]
    pub expires_at: Option<Timestamp>,
    /// The day of the last change that matters to a reader.
    #[serde(deserialize_with = "values::date")]
    pub updated: Option<Date>,
    /// Who answers for the page.
    pub owner: Option<String>,
    /// The day by which somebody should read it again.
    #[serde(deserialize_with = "values::date")]
    pub review_by: Option<Date>,
    /// Pages to read next, each by path, file, id or title.
    #[serde(deserialize_with = "values::list")]
    pub related: Vec<String>,
    /// Multiplies its score in search; 1 by default, 0.1 to 10.
    #[serde(deserialize_with = "values::number")]
    pub boost: Option<f64>,
    /// Show each question as an item that expands; found out from the headings if left out.
    pub faq: Option<bool>,
    /// The page's language, if its folder does not say it.
    pub locale: Option<String>,

    /// Jekyll: the whole address.
    pub permalink: Option<String>,
    /// Jekyll: as `aliases`.
    #[serde(deserialize_with = "values::list")]
    pub redirect_from: Vec<String>,
    /// Jekyll: as `order`.
    #[serde(deserialize_with = "values::number")]
    pub nav_order: Option<f64>,
    /// Jekyll: leave it out of the navigation.
    pub nav_exclude: Option<bool>,
    /// Jekyll: title of the page above.
    pub parent: Option<String>,
    /// Jekyll: title of the page above `parent`, where two pages have that title.
    pub grand_parent: Option<String>,

    /// Keys nobody here knows, kept as they are.
    #[serde(skip)]
    pub extra: BTreeMap<String, serde_json::Value>,
}

/// Keys of other generators that mean nothing here and are no mistake.
const IGNORED: [&str; 6] = ["has_children", "has_math", "has_toc", "layout", "nav_fold", "great_grand_parent"];

impl FrontMatter {
    pub fn order(&self) -> Option<f64> {
        self.order.or(self.nav_order)
    }

    pub fn listed(&self) -> bool {
        self.status == Status::Published && self.nav_exclude != Some(true)
    }

    pub fn old_addresses(&self) -> impl Iterator<Item = &str> {
        self.aliases.iter().chain(&self.redirect_from).map(String::as_str)
    }
}

fn is_known(key: &str) -> bool {
    static KEYS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let fields = serde_json::to_value(FrontMatter::default()).expect("front matter is plain data");
        fields.as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect()
    });
    KEYS.contains(key) || IGNORED.contains(&key)
}
