//! A search as its address asks for it, and addresses of searches like it.

use app::model::Notice;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::http::pairs::Pairs;
use crate::search::{Attribute, Ladder, Query};

/// Parameters of a search beside its filters.
pub const PARAMETERS: [&str; 7] = ["q", "page", "limit", "locale", "typing", "verbatim", "explain"];
/// Parameters that narrow the results.
pub const FILTERS: [&str; 4] = ["category", "tag", "version", "audience"];

/// Results on one page.
pub const PAGE: usize = 10;
/// Pages of results a reader may leaf through.
pub const LAST_PAGE: usize = 100;

/// A search as the parameters ask for it.
pub struct Wish {
    pub pairs: Pairs,
    pub locale: String,
    pub limit: usize,
    /// 1-based.
    pub page: usize,
}

impl Wish {
    pub fn of(pairs: Pairs, locale: String) -> Self {
        let page = value(&pairs, "page").and_then(|page| page.parse().ok()).unwrap_or(1);
        Self { locale, limit: PAGE, page: page.clamp(1, LAST_PAGE), pairs }
    }

    /// What narrows nothing, as there is no such parameter.
    pub fn unknown(&self) -> impl Iterator<Item = Notice> + '_ {
        let unknown = self.pairs.iter().filter(|(name, _)| !is_known(name) && !is_campaigns(name));
        unknown.map(|(name, value)| Notice::UnknownFilter { name: name.clone(), value: value.clone() })
    }

    /// The search without what narrows it, which is each language's own.
    pub fn words(&self) -> impl Iterator<Item = (String, String)> + '_ {
        self.pairs.iter().filter(|(name, _)| name == "q").cloned()
    }

    fn wanted(&self, attribute: Attribute) -> Vec<(Attribute, String)> {
        all(&self.pairs, attribute.name()).map(|value| (attribute, value.to_owned())).collect()
    }

    pub fn query(&self) -> Query {
        let text = |name| value(&self.pairs, name).unwrap_or_default().to_owned();
        let filter = |name| Some(text(name)).filter(|value| !value.is_empty());
        Query {
            text: text("q"),
            locale: Some(self.locale.clone()),
            category: filter("category"),
            attributes: Attribute::ALL.into_iter().flat_map(|it| self.wanted(it)).collect(),
            limit: self.limit,
            offset: (self.page - 1) * self.limit,
            ladder: Ladder { typos: value(&self.pairs, "verbatim").is_none(), ..Ladder::default() },
            explain: value(&self.pairs, "explain").is_some(),
            count_locales: value(&self.pairs, "typing").is_none(),
        }
    }
}

pub fn value<'a>(pairs: &'a Pairs, name: &'a str) -> Option<&'a str> {
    all(pairs, name).next()
}

pub fn all<'a>(pairs: &'a Pairs, name: &'a str) -> impl Iterator<Item = &'a str> {
    pairs.iter().filter(move |(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
}

/// Added to links by campaigns, and none of our business.
fn is_campaigns(name: &str) -> bool {
    name.starts_with("utm_") || name.ends_with("clid") || ["ref", "source", "_ga", "_gl"].contains(&name)
}

pub fn is_known(name: &str) -> bool {
    PARAMETERS.contains(&name) || FILTERS.contains(&name)
}

/// The search with one filter value chosen, or given up; from its first page.
pub fn toggled(base: &str, wish: &Wish, name: &str, value: &str, selected: bool) -> String {
    let many = name != "category";
    let kept = wish.pairs.iter().filter(|(key, old)| match key.as_str() {
        "page" | "typing" => false,
        key if key == name => many && old != value,
        _ => true,
    });
    let chosen = (!selected).then(|| (name.to_owned(), value.to_owned()));
    link(base, kept.cloned().chain(chosen))
}

pub fn link(base: &str, pairs: impl Iterator<Item = (String, String)>) -> String {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs: Vec<_> = pairs
        .filter(|(name, _)| {
            ["q", "page", "verbatim", "explain"].contains(&name.as_str()) || FILTERS.contains(&name.as_str())
        })
        .map(|(name, value)| format!("{name}={}", encode(&value)))
        .collect();
    format!("{base}?{}", pairs.join("&"))
}
