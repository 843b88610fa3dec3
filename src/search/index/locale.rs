//! One locale's index, opened: postings, lengths, and the way from a document to its page.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Result;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::{InvertedIndexReader, SegmentReader};

use crate::content::{Kind, Page, PageIx, Snapshot, View};
use crate::search::filter::Attribute;
use crate::search::language::Language;
use crate::search::pins::Pins;
use crate::search::schema::{Schema, Zone, page_key};
use crate::search::score::Lengths;
use crate::search::spelling::Vocabulary;
use crate::search::synonyms::Synonyms;
use crate::search::vectors::Vectors;

/// By document: where it belongs. Kept apart, as weighing asks for the article of every posting and for nothing else.
#[derive(Debug, Default)]
pub struct Places {
    articles: Vec<u32>,
    ordinals: Vec<u32>,
}

/// Stands for the article of a deleted document.
const NO_ARTICLE: u32 = u32::MAX;

impl Places {
    /// Index into [`LocaleIndex::articles`]; `None` for a deleted document.
    pub fn article(&self, document: u32) -> Option<u32> {
        Some(self.articles[document as usize]).filter(|article| *article != NO_ARTICLE)
    }

    /// Index into the page's sections.
    pub fn ordinal(&self, document: u32) -> u32 {
        self.ordinals[document as usize]
    }

    /// Documents, deleted ones too.
    pub fn len(&self) -> usize {
        self.articles.len()
    }
}

/// What filters and facets ask of a page.
#[derive(Debug)]
pub struct Article {
    pub page: PageIx,
    /// Its page is for everybody. Most are, and asking each page is dear: they lie far apart in memory.
    public: bool,
    /// The categories it lies in, outermost first; a category lies in itself.
    pub categories: Box<[PageIx]>,
    /// Indexes into [`LocaleIndex::values`].
    pub values: Box<[u32]>,
    /// Documents of its sections, first and behind the last.
    pub documents: (u32, u32),
    pub boost: f32,
}

/// What an attribute may be.
#[derive(Debug)]
pub struct Value {
    pub attribute: Attribute,
    /// As written where first met; case does not matter.
    pub name: String,
}

impl Article {
    pub fn is_visible(&self, view: &View<'_>) -> bool {
        self.public || view.page(self.page).is_some()
    }
}

/// A segment's postings and field lengths.
pub struct Segment {
    /// Number of its first document among all of the locale.
    pub first: u32,
    pub reader: SegmentReader,
    pub zones: [(Arc<InvertedIndexReader>, FieldNormReader); Zone::ALL.len()],
}

pub struct LocaleIndex {
    locale: String,
    pub language: Language,
    index: tantivy::Index,
    pub segments: Vec<Segment>,
    pub places: Places,
    pub articles: Vec<Article>,
    /// Every tag, version and audience once.
    pub values: Vec<Value>,
    pub lengths: Lengths,
    pub vocabulary: Vocabulary,
    pub synonyms: Synonyms,
    pub pins: Pins,
    /// `None` for a language without a table, and where meaning is switched off.
    pub vectors: Option<Vectors>,
}

impl LocaleIndex {
    pub fn open(
        index: tantivy::Index,
        locale: &str,
        snapshot: &Snapshot,
        pages: &[&Page],
        vectors: Option<Vectors>,
    ) -> Result<Self> {
        let schema = Schema::default();
        let readers: Vec<SegmentReader> =
            index.searchable_segments()?.iter().map(SegmentReader::open).collect::<Result<_, _>>()?;
        let mut values = Values::default();
        let mut articles: Vec<Article> = pages.iter().map(|page| article(page, snapshot, &mut values)).collect();
        let places = places(&readers, pages)?;
        for document in 0..places.len() as u32 {
            let Some(article) = places.article(document) else {
                continue;
            };
            let documents = &mut articles[article as usize].documents;
            *documents = (documents.0.min(document), documents.1.max(document + 1));
        }
        let segments = segments(&readers, &schema)?;
        let lengths = Lengths::measure(&segments, &places);
        let vocabulary = Vocabulary::read(&segments)?;
        let language = Language::of(locale);
        let synonyms = snapshot.steering().synonyms.get(locale).map_or(&[][..], Vec::as_slice);
        let synonyms = Synonyms::of(synonyms, &language);
        let pins = Pins::of(snapshot, &articles, &language);
        let locale = locale.to_owned();
        Ok(Self {
            locale,
            language,
            index,
            segments,
            places,
            articles,
            values: values.all,
            lengths,
            vocabulary,
            synonyms,
            pins,
            vectors,
        })
    }

    pub fn locale(&self) -> &str {
        &self.locale
    }

    pub fn index(&self) -> &tantivy::Index {
        &self.index
    }

    /// Distinct terms, both forms, in the largest segment's bodies and titles; none means it cannot find anything.
    pub fn has_terms(&self) -> bool {
        let terms =
            |segment: &Segment| segment.zones.iter().map(|(postings, _)| postings.terms().num_terms()).sum::<usize>();
        self.segments.iter().any(|segment| terms(segment) > 0)
    }
}

fn article(page: &Page, snapshot: &Snapshot, values: &mut Values) -> Article {
    let pages = snapshot.pages_for_index();
    let category = (page.kind == Kind::Category).then_some(page.ix).or(page.parent);
    let mut categories: Vec<PageIx> =
        std::iter::successors(category, |ix| pages.get(ix.index()).and_then(|page| page.parent)).collect();
    categories.reverse();
    Article {
        page: page.ix,
        public: page.audience.is_empty(),
        categories: categories.into(),
        values: Attribute::ALL.into_iter().flat_map(|attribute| values.numbers(attribute, page)).collect(),
        documents: (u32::MAX, 0),
        boost: page.boost,
    }
}

#[derive(Default)]
struct Values {
    all: Vec<Value>,
    numbers: HashMap<(Attribute, String), u32>,
}

impl Values {
    fn numbers(&mut self, attribute: Attribute, page: &Page) -> Vec<u32> {
        let Self { all, numbers } = self;
        let number = |name: &str| {
            *numbers.entry((attribute, name.to_lowercase())).or_insert_with(|| {
                all.push(Value { attribute, name: name.to_owned() });
                all.len() as u32 - 1
            })
        };
        attribute.values(page).into_iter().map(number).collect()
    }
}

fn places(readers: &[SegmentReader], pages: &[&Page]) -> Result<Places> {
    let articles: HashMap<u64, u32> = pages.iter().zip(0..).map(|(page, article)| (page_key(page), article)).collect();
    let mut places = Places::default();
    for reader in readers {
        let keys = reader.fast_fields().column_first_or_default::<u64>("key")?;
        let ordinals = reader.fast_fields().column_first_or_default::<u64>("ordinal")?;
        places.articles.extend((0..reader.max_doc()).map(|document| {
            let article = articles.get(&keys.get_val(document)).copied();
            article.filter(|_| !reader.is_deleted(document)).unwrap_or(NO_ARTICLE)
        }));
        places.ordinals.extend((0..reader.max_doc()).map(|document| ordinals.get_val(document) as u32));
    }
    Ok(places)
}

fn segments(readers: &[SegmentReader], schema: &Schema) -> Result<Vec<Segment>> {
    let mut first = 0;
    let mut segments = Vec::with_capacity(readers.len());
    for reader in readers {
        let zone = |field| anyhow::Ok((reader.inverted_index(field)?, reader.get_fieldnorms_reader(field)?));
        let [title, labels, heading, body, code] = schema.zones;
        let zones = [zone(title)?, zone(labels)?, zone(heading)?, zone(body)?, zone(code)?];
        segments.push(Segment { first, reader: reader.clone(), zones });
        first += reader.max_doc();
    }
    Ok(segments)
}
