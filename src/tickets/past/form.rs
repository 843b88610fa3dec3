//! What is kept of a ticket to find it by.

use sqlx::types::Json;
use tantivy::schema::{Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, TantivyDocument};

use crate::search::{Analyser, Language, Text};

const ANALYSER: &str = "tickets";

#[derive(Clone, Copy)]
pub struct Fields {
    pub id: Field,
    who: Field,
    subject: Field,
    said: Field,
}

impl Fields {
    /// In the order of their weights.
    pub fn searched(&self) -> [Field; 3] {
        [self.who, self.subject, self.said]
    }
}

/// A ticket as it is indexed.
#[derive(Debug, sqlx::FromRow)]
pub struct Indexed {
    pub id: String,
    number: i64,
    subject: String,
    name: Option<String>,
    email: Option<String>,
    pub updated_at: i64,
    /// What was said, notes too.
    said: Json<Vec<String>>,
}

/// Reads tickets as they are indexed; a condition and an order follow.
pub const READ: &str = "select id, number, subject, name, email, updated_at, (
     select json_group_array(text) from messages where ticket = tickets.id and author <> 'system'
 ) as said from tickets";

pub fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default().set_tokenizer(ANALYSER).set_index_option(IndexRecordOption::WithFreqs);
    let text = TextOptions::default().set_indexing_options(indexing);
    let fields = Fields {
        id: schema.add_text_field("id", STRING | STORED),
        who: schema.add_text_field("who", text.clone()),
        subject: schema.add_text_field("subject", text.clone()),
        said: schema.add_text_field("said", text),
    };
    (schema.build(), fields)
}

pub fn register(index: &Index, language: Language) {
    index.tokenizers().register(ANALYSER, Analyser::new(language, Text::Prose));
}

impl Indexed {
    pub fn document(&self, fields: &Fields) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        document.add_text(fields.id, &self.id);
        for who in [&self.name, &self.email].into_iter().flatten() {
            document.add_text(fields.who, who);
        }
        document.add_text(fields.who, self.number.to_string());
        document.add_text(fields.subject, &self.subject);
        self.said.iter().for_each(|text| document.add_text(fields.said, text));
        document
    }
}
