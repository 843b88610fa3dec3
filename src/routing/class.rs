//! What a ticket is about.
//!
//! The strongest sign decides: an answer in the form, then the form itself, then the topic of the article that was
//! read, then words. Among signs alike the class that stands first in the file wins; among words, the class of
//! which most are there.

use super::facts::Facts;
use super::node::{Name, Node};
use super::outcome::Fired;
use super::reader::Reader;
use super::when::Kind;
use super::words::{Said, Words};

/// The class of a ticket that no sign tells.
pub const GENERAL: &str = "general";

/// One thing tickets may be about, and its signs.
#[derive(Debug, Clone)]
pub struct Class {
    pub name: Name,
    /// One of those that every site has, so no line of the operator's file.
    pub(super) usual: bool,
    /// Field and what was answered.
    pub answers: Vec<(Name, Vec<Name>)>,
    pub forms: Vec<Name>,
    /// Categories; those below belong to it.
    pub topics: Vec<Name>,
    pub words: Words,
}

/// How sure a sign is, and what was seen. The greatest decides.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    Words(usize),
    Topic,
    Form,
    Answer,
}

/// The class of a ticket, and why.
pub fn classify(classes: &[Class], facts: &Facts) -> (String, Fired) {
    let said = Said::of(&[&facts.subject, &facts.text], &facts.locale);
    let signs = classes.iter().filter_map(|class| class.sign(facts, &said).map(|(sign, saw)| (sign, class, saw)));
    // The first of the greatest.
    let best = signs.reduce(|best, next| if next.0 > best.0 { next } else { best });
    match best {
        Some((_, class, saw)) => {
            let fired = Fired::new("class", class.name.as_str(), saw);
            (class.name.text.clone(), if class.usual { fired } else { fired.at(class.name.at) })
        }
        None => (GENERAL.to_owned(), Fired::new("class", GENERAL, "no class has a sign in it")),
    }
}

impl Class {
    fn sign(&self, facts: &Facts, said: &Said) -> Option<(Sign, String)> {
        if let Some((field, answer)) = self
            .answers
            .iter()
            .find_map(|(field, answers)| answered(facts, field.as_str(), answers).map(|answer| (field, answer)))
        {
            return Some((Sign::Answer, format!("the answer to {field} is {answer}")));
        }
        if self.forms.iter().any(|form| form.text == facts.form) {
            return Some((Sign::Form, format!("the form is {}", facts.form)));
        }
        if let Some(topic) = topic(facts, &self.topics) {
            return Some((Sign::Topic, format!("the article's topic is {topic}")));
        }
        let found = self.words.found(said);
        (!found.is_empty()).then(|| (Sign::Words(found.len()), says(&found)))
    }

    pub(super) fn read(reader: &mut Reader, name: &Name, node: &Node) -> Self {
        let what = format!("The class `{name}`");
        let fields = reader.fields(node, &what, &["answers", "forms", "topics", "words"]);
        if fields.is_empty() && name.text != GENERAL {
            let cure = "Write `answers`, `forms`, `topics` or `words` below it.";
            reader.fault("missing-key", name.at, format!("{what} has no signs."), cure);
        }
        let answers = fields.get("answers").map(|node| answers(reader, node)).unwrap_or_default();
        let words = fields.get("words").map(|node| Words::read(reader, node, "`words`")).unwrap_or_default();
        let (forms, topics) = (reader.texts_of(&fields, "forms"), reader.texts_of(&fields, "topics"));
        Self { name: name.clone(), usual: false, answers, forms, topics, words }
    }

    pub(super) fn unplaced(self) -> Self {
        Self { usual: true, ..self }
    }

    pub(super) fn names<'n>(&'n self, into: &mut Vec<(Kind, &'n Name)>) {
        into.extend(self.answers.iter().map(|(field, _)| (Kind::Field, field)));
        into.extend(self.forms.iter().map(|name| (Kind::Form, name)));
        into.extend(self.topics.iter().map(|name| (Kind::Topic, name)));
    }
}

/// `{ severity: [Blocker, Major] }`
pub(super) fn answers(reader: &mut Reader, node: &Node) -> Vec<(Name, Vec<Name>)> {
    let fields = reader.map(node, "`answers`");
    fields.iter().map(|(field, node)| (field.clone(), reader.texts(node, "An answer"))).collect()
}

/// The ticket's answer, where it is one of these; case does not matter.
pub(super) fn answered<'f>(facts: &'f Facts, field: &str, wanted: &[Name]) -> Option<&'f str> {
    let answer = facts.answers.get(field)?.trim();
    wanted.iter().any(|it| it.text.to_lowercase() == answer.to_lowercase()).then_some(answer)
}

/// The ticket's first topic that is one of these, or below it.
pub(super) fn topic<'f>(facts: &'f Facts, wanted: &[Name]) -> Option<&'f str> {
    let below = |topic: &str, above: &str| {
        topic.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let is =
        |topic: &&String| wanted.iter().any(|wanted| below(topic.trim_matches('/'), wanted.text.trim_matches('/')));
    facts.topics.iter().find(is).map(String::as_str)
}

pub(super) fn says(found: &[&str]) -> String {
    let quoted: Vec<_> = found.iter().map(|word| format!("“{word}”")).collect();
    format!("it says {}", quoted.join(", "))
}
