//! What the index holds of a page: one document a section, nothing stored but its place.

use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, NumericOptions, Schema as Fields, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::TokenizerManager;

use super::analyser::Analyser;
use super::language::Language;
use super::words::Text;
use crate::content::Page;

/// Changes whenever the fields or the way words are cut do; an index of another version is built anew.
pub const VERSION: u32 = 3;

/// A part of a page whose words weigh alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// The article's own, held by its opening.
    Title,
    /// Tags and keywords; the article's own too.
    Labels,
    /// The section's heading and those above it.
    Heading,
    Body,
    /// Identifiers in code.
    Code,
}

impl Zone {
    pub const ALL: [Zone; 5] = [Zone::Title, Zone::Labels, Zone::Heading, Zone::Body, Zone::Code];

    /// Does it speak for the article as a whole?
    pub fn is_articles(self) -> bool {
        matches!(self, Zone::Title | Zone::Labels)
    }

    /// Titles, tags and headings, as against running text.
    pub fn names_something(self) -> bool {
        !matches!(self, Zone::Body | Zone::Code)
    }

    pub fn name(self) -> &'static str {
        match self {
            Zone::Title => "title",
            Zone::Labels => "labels",
            Zone::Heading => "heading",
            Zone::Body => "body",
            Zone::Code => "code",
        }
    }

    fn text(self) -> Text {
        match self {
            Zone::Code => Text::Code,
            _ => Text::Prose,
        }
    }
}

pub struct Schema {
    pub fields: Fields,
    /// Which page, as [`page_key`].
    pub key: Field,
    /// Which state of the page, as [`page_version`].
    pub version: Field,
    /// Which of its sections.
    pub ordinal: Field,
    pub zones: [Field; Zone::ALL.len()],
}

impl Default for Schema {
    fn default() -> Self {
        let mut fields = Fields::builder();
        let number = NumericOptions::from(FAST);
        let key = fields.add_u64_field("key", number.clone() | INDEXED);
        let version = fields.add_u64_field("version", number.clone());
        let ordinal = fields.add_u64_field("ordinal", number);
        let zones = Zone::ALL.map(|zone| fields.add_text_field(zone.name(), text_options(zone)));
        Self { fields: fields.build(), key, version, ordinal, zones }
    }
}

impl Schema {
    pub fn zone(&self, zone: Zone) -> Field {
        self.zones[zone as usize]
    }

    /// One document for every section; the first also holds what is the article's own.
    pub fn documents<'a>(&'a self, page: &'a Page) -> impl Iterator<Item = TantivyDocument> + 'a {
        let count = page.prose.sections.len().max(1);
        (0..count).map(move |ordinal| self.document(page, ordinal))
    }

    fn document(&self, page: &Page, ordinal: usize) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        document.add_u64(self.key, page_key(page));
        document.add_u64(self.version, page_version(page));
        document.add_u64(self.ordinal, ordinal as u64);
        if ordinal == 0 {
            document.add_text(self.zone(Zone::Title), &page.title);
            self.add_each(&mut document, Zone::Labels, page.tags.iter().chain(&page.keywords));
            self.add_each(&mut document, Zone::Body, &page.description);
        }
        if let Some(section) = page.prose.sections.get(ordinal) {
            self.add_each(&mut document, Zone::Heading, section.above.iter().chain(Some(&section.title)));
            self.add_each(&mut document, Zone::Body, Some(&section.text));
            self.add_each(&mut document, Zone::Code, &section.identifiers);
        }
        document
    }

    fn add_each<'a>(&self, document: &mut TantivyDocument, zone: Zone, texts: impl IntoIterator<Item = &'a String>) {
        for text in texts.into_iter().filter(|text| !text.is_empty()) {
            document.add_text(self.zone(zone), text);
        }
    }
}

/// The same for a page in every snapshot.
pub fn page_key(page: &Page) -> u64 {
    first_bytes(*blake3::hash(page.source.as_bytes()).as_bytes())
}

/// Another one whenever what is indexed of the page could be another.
pub fn page_version(page: &Page) -> u64 {
    first_bytes(page.hash)
}

fn first_bytes(hash: [u8; 32]) -> u64 {
    hash.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// The analysers of one locale, under the names the schema uses.
pub fn tokenizers(language: Language) -> TokenizerManager {
    let tokenizers = TokenizerManager::default();
    for kind in [Text::Prose, Text::Code] {
        tokenizers.register(tokenizer_name(kind), Analyser::new(language, kind));
    }
    tokenizers
}

fn tokenizer_name(kind: Text) -> &'static str {
    match kind {
        Text::Prose => "prose",
        Text::Code => "code",
    }
}

fn text_options(zone: Zone) -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(tokenizer_name(zone.text()))
        .set_index_option(IndexRecordOption::WithFreqsAndPositions)
        .set_fieldnorms(true);
    TextOptions::default().set_indexing_options(indexing)
}
