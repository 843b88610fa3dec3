//! Category, tag, version, audience: narrowing a search, and how many articles each choice would leave.

use std::cmp::Reverse;

use app::model::{Facet, FacetValue, Notice};

use super::index::{Article, LocaleIndex, Value};
use super::phrase;
use super::query::{Query, Reading};
use super::rank::Match;
use crate::content::{Kind, Page, PageIx, View};

/// Values of one attribute offered beside the results; the most frequent ones and those chosen.
const MOST_VALUES: usize = 20;

/// What pages have of their own that a search may be narrowed to, beside the category they lie in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Attribute {
    Tag,
    /// Of the product.
    Version,
    Audience,
}

impl Attribute {
    pub const ALL: [Self; 3] = [Self::Tag, Self::Version, Self::Audience];

    /// Of the query parameter and the facet.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Version => "version",
            Self::Audience => "audience",
        }
    }

    pub(super) fn values(self, page: &Page) -> Vec<&str> {
        match self {
            Self::Tag => page.tags.iter().map(String::as_str).collect(),
            Self::Version => page.versions.iter().map(String::as_str).collect(),
            Self::Audience => page.audience.iter().map(String::as_str).collect(),
        }
    }
}

/// What the results are narrowed to.
#[derive(Debug, Default)]
pub struct Filter {
    category: Option<PageIx>,
    /// Indexes into the locale's values; an article needs all of them.
    values: Vec<u32>,
    /// By article: holds every phrase asked for and nothing excluded. `None` when neither is asked for.
    wording: Option<Vec<bool>>,
}

impl Filter {
    /// A value that means nothing to this viewer is left out and told.
    pub fn of(
        query: &Query,
        reading: &Reading,
        index: &LocaleIndex,
        view: &View<'_>,
        notices: &mut Vec<Notice>,
    ) -> Self {
        let mut unknown = |name: &str, value: &str| {
            notices.push(Notice::UnknownFilter { name: name.to_owned(), value: value.to_owned() });
        };
        let mut filter = Self { wording: wording(reading, index), ..Self::default() };
        if let Some(value) = query.category.as_deref().filter(|value| !value.is_empty()) {
            filter.category = category(value, index.locale(), view);
            if filter.category.is_none() {
                unknown("category", value);
            }
        }
        for (attribute, value) in &query.attributes {
            match number(*attribute, value, index, view) {
                Some(number) => filter.values.push(number),
                None => unknown(attribute.name(), value),
            }
        }
        filter
    }

    /// Narrows the results at all.
    pub fn is_chosen(&self) -> bool {
        self.category.is_some() || !self.values.is_empty()
    }

    /// Is the article worded as the query's phrases want it?
    pub fn admits(&self, article: u32) -> bool {
        self.wording.as_ref().is_none_or(|wording| wording[article as usize])
    }

    pub fn in_category(&self, article: &Article) -> bool {
        self.category.is_none_or(|category| article.categories.contains(&category))
    }

    pub fn has_values(&self, article: &Article) -> bool {
        self.values.iter().all(|value| article.values.contains(value))
    }
}

fn wording(reading: &Reading, index: &LocaleIndex) -> Option<Vec<bool>> {
    let wanted = reading.phrases.iter().map(|phrase| (phrase, true));
    let all = wanted.chain(reading.excluded.iter().map(|phrase| (phrase, false)));
    all.map(|(phrase, wanted)| {
        let words: Vec<&str> = phrase.iter().map(|form| form.exact.as_str()).collect();
        let holds = phrase::articles(index, &words).unwrap_or_else(|cause| {
            tracing::error!(locale = index.locale(), "search index cannot be read: {cause}");
            vec![!wanted; index.articles.len()]
        });
        holds.into_iter().map(|holds| holds == wanted).collect::<Vec<bool>>()
    })
    .reduce(|one, other| one.into_iter().zip(other).map(|(one, other)| one && other).collect())
}

fn category(value: &str, locale: &str, view: &View<'_>) -> Option<PageIx> {
    let home = view.home(locale).map_or("/", |home| home.path.as_str());
    let path = format!("{}/{}", home.trim_end_matches('/'), value.trim_matches('/'));
    view.at(&path).filter(|page| page.kind == Kind::Category).map(|page| page.ix)
}

fn number(attribute: Attribute, name: &str, index: &LocaleIndex, view: &View<'_>) -> Option<u32> {
    let name = name.to_lowercase();
    let is_it = |value: &Value| value.attribute == attribute && value.name.to_lowercase() == name;
    let number = index.values.iter().position(is_it)? as u32;
    let visible = |article: &&Article| article.values.contains(&number) && article.is_visible(view);
    let known = is_told(&index.values[number as usize], view) && index.articles.iter().any(|it| visible(&it));
    known.then_some(number)
}

/// Groups of readers are nobody's business but their members'.
fn is_told(value: &Value, view: &View<'_>) -> bool {
    value.attribute != Attribute::Audience || view.viewer().audiences().contains(&value.name)
}

/// `category` and every [`Attribute`]: each counts what the others leave. Of each the chosen values come first, then
/// the most frequent.
pub fn facets(matches: &[Match], filter: &Filter, index: &LocaleIndex, view: &View<'_>) -> Vec<Facet> {
    let categories = Facet { name: "category", values: categories(matches, filter, index, view) };
    let counts = counts(matches, index);
    let attributes = Attribute::ALL
        .map(|attribute| Facet { name: attribute.name(), values: values(attribute, &counts, filter, index, view) });
    [categories].into_iter().chain(attributes).filter(|facet| !facet.values.is_empty()).collect()
}

/// Top-level categories; of the chosen one also those on the way to it and those directly in it.
fn categories(matches: &[Match], filter: &Filter, index: &LocaleIndex, view: &View<'_>) -> Vec<FacetValue> {
    let (mut met, mut counts) = (Vec::new(), vec![0; view.snapshot().pages_for_index().len()]);
    for found in matches.iter().filter(|found| found.has_values) {
        for category in &index.articles[found.article as usize].categories {
            if counts[category.index()] == 0 {
                met.push(*category);
            }
            counts[category.index()] += 1;
        }
    }
    let home = view.home(index.locale());
    let chosen = filter.category.and_then(|chosen| view.page(chosen));
    // The chosen one stands there even when nothing is in it.
    met.extend(chosen.map(|page| page.ix).filter(|ix| counts[ix.index()] == 0));
    let way: Vec<PageIx> =
        chosen.iter().flat_map(|page| view.ancestors(page)).chain(chosen).map(|page| page.ix).collect();
    let is_offered = |page: &Page| {
        let parent = page.parent.filter(|parent| home.is_none_or(|home| home.ix != *parent));
        Some(page.ix) != home.map(|home| home.ix) && parent.is_none_or(|parent| way.contains(&parent))
    };
    let counted = met.into_iter().filter_map(|ix| Some((view.page(ix)?, counts[ix.index()])));
    let offered = counted.filter(|(page, _)| is_offered(page));
    let prefix = home.map_or("", |home| home.path.trim_end_matches('/'));
    let value = |page: &Page| page.path.strip_prefix(prefix).unwrap_or(&page.path).trim_start_matches('/').to_owned();
    let facet_value = |(page, count): (&Page, usize)| FacetValue {
        value: value(page),
        label: page.title.clone(),
        count,
        selected: filter.category == Some(page.ix),
        url: String::new(),
    };
    in_order(offered.map(facet_value))
}

/// By value: articles left that have it.
fn counts(matches: &[Match], index: &LocaleIndex) -> Vec<usize> {
    let mut counts = vec![0; index.values.len()];
    for found in matches.iter().filter(|found| found.is_kept()) {
        for value in &index.articles[found.article as usize].values {
            counts[*value as usize] += 1;
        }
    }
    counts
}

fn values(
    attribute: Attribute,
    counts: &[usize],
    filter: &Filter,
    index: &LocaleIndex,
    view: &View<'_>,
) -> Vec<FacetValue> {
    let all = (0..).zip(&index.values).zip(counts);
    let offered = all.filter(|((number, value), count)| {
        value.attribute == attribute && (**count > 0 || filter.values.contains(number)) && is_told(value, view)
    });
    let mut values = in_order(offered.map(|((number, value), count)| FacetValue {
        value: value.name.clone(),
        label: value.name.clone(),
        count: *count,
        selected: filter.values.contains(&number),
        url: String::new(),
    }));
    values.truncate(MOST_VALUES.max(filter.values.len()));
    values
}

/// The chosen first, then those that leave most, then by name.
fn in_order(values: impl Iterator<Item = FacetValue>) -> Vec<FacetValue> {
    let mut values: Vec<_> = values.collect();
    values.sort_by_cached_key(|value| (!value.selected, Reverse(value.count), value.label.to_lowercase()));
    values
}
