//! YAML with the place of everything in it, so that every fault of a file is told at once, each where it is.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

use crate::content::Position;

/// One thing of a file.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub at: Position,
    pub value: Value,
}

#[derive(Debug, Clone)]
pub(super) enum Value {
    Nothing,
    /// As it is written, but for quotes: `no` is a language, `1.10` a version, `09:00` a time.
    Text(String),
    List(Vec<Node>),
    /// In the order of the file.
    Map(Vec<(Name, Node)>),
}

/// In one line, as it might be written.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Value::Nothing => Ok(()),
            Value::Text(text) => f.write_str(text),
            Value::List(list) => write!(f, "[{}]", list.iter().map(Self::to_string).collect::<Vec<_>>().join(", ")),
            Value::Map(map) => {
                let entries: Vec<_> = map.iter().map(|(key, node)| format!("{key}: {node}")).collect();
                f.write_str(&entries.join(", "))
            }
        }
    }
}

/// A text and its place.
#[derive(Debug, Clone)]
pub struct Name {
    pub text: String,
    pub at: Position,
}

impl Name {
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Why a text is no YAML.
#[derive(Debug)]
pub(super) struct Broken {
    pub at: Option<Position>,
    pub reason: String,
}

/// # Errors
/// A text that is no YAML, or holds one key twice in one place.
pub(super) fn parse(text: &str) -> Result<Node, Broken> {
    let raw: Spanned<Raw> = serde_saphyr::from_str(text).map_err(|error| Broken {
        at: error.location().map(|location| place(&location)),
        reason: reason(&error.without_snippet().to_string()),
    })?;
    Ok(node(raw, text))
}

/// Without the place, which the problem tells, and without advice to programmers.
fn reason(said: &str) -> String {
    let end = [" at line ", ", set "].iter().filter_map(|tail| said.find(tail)).min();
    said[..end.unwrap_or(said.len())].to_owned()
}

fn place(location: &Location) -> Position {
    let clamp = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    Position { line: clamp(location.line()), column: clamp(location.column()) }
}

fn node(raw: Spanned<Raw>, text: &str) -> Node {
    let at = place(&raw.referenced);
    let value = match raw.value {
        Raw::Nothing => Value::Nothing,
        Raw::Text(it) => Value::Text(it),
        Raw::Plain => Value::Text(written(&raw.defined, text)),
        Raw::List(list) => Value::List(list.into_iter().map(|it| node(it, text)).collect()),
        Raw::Map(map) => Value::Map(map.into_iter().map(|(key, it)| (name(key, text), node(it, text))).collect()),
    };
    Node { at, value }
}

fn name(key: Spanned<Raw>, text: &str) -> Name {
    let Node { at, value } = node(key, text);
    // A list or a map as a key is a key that nothing knows.
    let text = if let Value::Text(text) = value { text } else { String::new() };
    Name { text, at }
}

/// What stands in the file where YAML took it for a number or a yes.
fn written(location: &Location, text: &str) -> String {
    let span = location.span();
    let end = |from: u64| Some((usize::try_from(from).ok()?, usize::try_from(from + span.byte_len()?).ok()?));
    let found = span.byte_offset().and_then(end).and_then(|(from, to)| text.get(from..to));
    found.unwrap_or_default().trim().to_owned()
}

/// What YAML knows of a thing, before it has its place.
enum Raw {
    Nothing,
    Text(String),
    /// Not a text to YAML: see [`written`].
    Plain,
    List(Vec<Spanned<Self>>),
    Map(Vec<(Spanned<Self>, Spanned<Self>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything)
    }
}

struct Anything;

impl<'de> Visitor<'de> for Anything {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a list or a map")
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Nothing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(it) = from.next_element()? {
            list.push(it);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = from.next_entry()? {
            map.push(entry);
        }
        Ok(Raw::Map(map))
    }
}
