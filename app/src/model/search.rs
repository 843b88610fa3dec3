//! A search and what it found. These types are also the body of `GET /api/v1/search`.

use serde::Serialize;

/// Text in which the words that matched are marked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marked(pub Vec<Span>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub text: String,
    pub matched: bool,
}

impl Marked {
    /// The text without its marks.
    pub fn plain(&self) -> String {
        self.0.iter().map(|span| span.text.as_str()).collect()
    }

    /// HTML with matches in `<mark>`; the text is escaped.
    pub fn html(&self) -> String {
        const MARK: [&str; 2] = ["<mark>", "</mark>"];
        let length = |span: &Span| span.text.len() + MARK[0].len() + MARK[1].len();
        let mut html = String::with_capacity(self.0.iter().map(length).sum());
        for span in &self.0 {
            let [before, after] = if span.matched { MARK } else { ["", ""] };
            html.push_str(before);
            escape(&span.text, &mut html);
            html.push_str(after);
        }
        html
    }
}

fn escape(mut text: &str, html: &mut String) {
    while let Some(at) = text.find(['&', '<', '>']) {
        let escaped = match text.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            _ => "&gt;",
        };
        html.extend([&text[..at], escaped]);
        text = &text[at + 1..];
    }
    html.push_str(text);
}

/// On the wire: a string of HTML with `<mark>`.
impl Serialize for Marked {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.html())
    }
}

/// What kind of match found a hit; stronger evidence first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rung {
    /// Every word as typed.
    Exact,
    /// Every word, at least one of them by its stem.
    Stemmed,
    /// The last word as the beginning of a longer one.
    Prefix,
    /// Words written together, or one word written as two: `wifi`, `wi fi`.
    Compound,
    /// A word that editors say means the same.
    Synonym,
    /// A word that finds nothing read as one of the site's, a letter or two away.
    Typo,
    /// None of the words, but the same meaning.
    Meaning,
    /// Some of the words.
    Partial,
    /// Whatever it holds: editors put it on top of this search.
    Pinned,
}

impl Rung {
    /// Those by which a single word is met, strongest first; they come first among all.
    pub const OF_WORDS: [Self; 6] =
        [Self::Exact, Self::Stemmed, Self::Prefix, Self::Compound, Self::Synonym, Self::Typo];

    /// As on the wire and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Stemmed => "stemmed",
            Self::Prefix => "prefix",
            Self::Compound => "compound",
            Self::Synonym => "synonym",
            Self::Typo => "typo",
            Self::Meaning => "meaning",
            Self::Partial => "partial",
            Self::Pinned => "pinned",
        }
    }
}

impl Serialize for Rung {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// An article that answers, shown at its best section.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    pub id: String,
    pub title: Marked,
    /// Opens at the best section: `/start/install#linux`.
    pub url: String,
    /// Title of the best section; `None` when it is the article's opening.
    pub section: Option<Marked>,
    pub anchor: Option<String>,
    pub snippet: Marked,
    /// Title of the article's category.
    pub category: Option<String>,
    pub score: f32,
    pub rung: Rung,
    /// Up to three more sections of the same article.
    pub sections: Vec<SectionHit>,
    /// What the score is made of, when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Explanation>,
    /// Words to mark on the opened page, as they stand in its text.
    #[serde(skip)]
    pub terms: Vec<String>,
    /// The way to it that is counted without script, on a page made for one reader.
    #[serde(skip)]
    pub via: Option<String>,
}

/// Parts that add up to a hit's score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    pub words: Vec<WordPart>,
    /// For meaning much the same as the query.
    pub meaning: f32,
    /// What every part was multiplied with, as the article's front matter asks.
    pub boost: f32,
}

/// What one word of the query adds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WordPart {
    /// In the form it is compared in.
    pub word: String,
    /// How the article met it.
    pub rung: Rung,
    /// Words that were looked for in its place, when one of them was met.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub instead: Vec<String>,
    pub score: f32,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SectionHit {
    pub title: Marked,
    pub url: String,
    pub anchor: Option<String>,
    /// As [`Hit::via`].
    #[serde(skip)]
    pub via: Option<String>,
}

/// A way to narrow the results: `category`, `tag`, `version` or `audience`; or `locale`, to see others instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Facet {
    /// Name of the query parameter.
    pub name: &'static str,
    pub values: Vec<FacetValue>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacetValue {
    /// What the parameter takes: a category's path (`start/install`), a tag.
    pub value: String,
    pub label: String,
    /// Articles this viewer would be left with.
    pub count: usize,
    pub selected: bool,
    /// The page with this value chosen, or given up when it is selected.
    #[serde(skip)]
    pub url: String,
}

/// Something the reader should know about how the search was run; never silent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Notice {
    /// The query was longer than what is searched; `used` characters of it were.
    QueryShortened { used: usize },
    /// A filter names a value that does not exist and was left out.
    UnknownFilter { name: String, value: String },
    /// Articles with these words were left out, as a `-` before them asks.
    Excluded { words: String },
    /// The words as typed find nothing; these hits are for the words they may stand for.
    Corrected {
        to: String,
        /// The search without correction. Filled in where a page is made of it.
        #[serde(skip)]
        as_typed_url: String,
    },
    /// Nothing matches all the words; these hits match some of them.
    FewerWords,
    /// Nothing in this language; these hits are in another.
    OtherLanguage {
        locale: String,
        /// The language's own name, for people: `Deutsch`. Filled in where a page is made of it.
        #[serde(skip)]
        name: String,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SearchResults {
    pub query: String,
    /// Articles found, all pages of results together.
    pub total: usize,
    pub limit: usize,
    pub offset: usize,
    pub took_us: u64,
    pub hits: Vec<Hit>,
    /// The query with a word replaced that finds little by one that finds much more; not what was searched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    pub facets: Vec<Facet>,
    pub notices: Vec<Notice>,
}

/// A search that can be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryLink {
    pub text: String,
    pub url: String,
}

/// The search page, and the fragment the search island swaps in.
#[derive(Debug, Clone)]
pub struct SearchPage {
    /// Where somebody answers now, for who finds nothing.
    pub chat_url: Option<String>,
    /// What others search for: proposed before anything is typed, and while it goes on from what is.
    pub popular: Vec<QueryLink>,
    pub results: SearchResults,
    /// 1-based; the page of results that is shown.
    pub page: usize,
    pub pages: usize,
    pub previous_url: Option<String>,
    pub next_url: Option<String>,
    /// Every filter given up at once; `None` when none is chosen.
    pub clear_url: Option<String>,
}
