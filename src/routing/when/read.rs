//! A condition, as operators write it.

use super::{History, Test, When};
use crate::routing::class::answers;
use crate::routing::node::{Name, Node};
use crate::routing::reader::{Fields, Reader};
use crate::routing::words::Words;

const KEYS: &[&str] = &[
    "all",
    "angry",
    "answers",
    "any",
    "class",
    "during",
    "form",
    "history",
    "locale",
    "not",
    "outside",
    "plan",
    "priority",
    "reopened",
    "requester",
    "tag",
    "topic",
    "vip",
    "words",
];

impl When {
    /// Of a thing's `when`; without one it always holds.
    pub(in crate::routing) fn read_of(reader: &mut Reader, fields: &Fields<'_>) -> Self {
        fields.get("when").map(|node| Self::read(reader, node)).unwrap_or_default()
    }

    fn read(reader: &mut Reader, node: &Node) -> Self {
        let fields = reader.fields(node, "A condition", KEYS);
        Self(fields.iter().flat_map(|(key, node)| tests(reader, key, node)).collect())
    }
}

fn tests(reader: &mut Reader, key: &Name, node: &Node) -> Vec<Test> {
    let what = format!("`{key}`");
    let test = match key.as_str() {
        "any" => Test::Any(whens(reader, node, &what)),
        "all" => Test::All(whens(reader, node, &what)),
        "not" => {
            let when = When::read(reader, node);
            if when.0.is_empty() {
                never(reader, node, &what);
            }
            Test::Not(when, node.to_string())
        }
        "priority" => {
            let names = texts(reader, node, &what);
            Test::Priority(names.iter().filter_map(|name| reader.priority(name)).collect())
        }
        "answers" => return answers(reader, node).into_iter().map(|(field, to)| Test::Answer(field, to)).collect(),
        "words" => Test::Words(Words::read(reader, node, &what)),
        is @ ("angry" | "vip" | "reopened") => {
            let Some(wanted) = reader.is_true(node, &what) else { return Vec::new() };
            match is {
                "angry" => Test::Angry(wanted),
                "vip" => Test::Vip(wanted),
                _ => Test::Reopened(wanted),
            }
        }
        "history" => Test::History(history(reader, node)),
        "during" | "outside" => {
            let Some(name) = reader.text(node, &what) else { return Vec::new() };
            if key.text == "during" { Test::During(name) } else { Test::Outside(name) }
        }
        names => {
            let kind = match names {
                "class" => Test::Class,
                "form" => Test::Form,
                "plan" => Test::Plan,
                "locale" => Test::Locale,
                "topic" => Test::Topic,
                "tag" => Test::Tag,
                "requester" => Test::Requester,
                // Told already, as a key that is not known.
                _ => return Vec::new(),
            };
            kind(texts(reader, node, &what))
        }
    };
    vec![test]
}

fn texts(reader: &mut Reader, node: &Node, what: &str) -> Vec<Name> {
    let before = reader.problems.len();
    let names = reader.texts(node, what);
    if names.is_empty() && reader.problems.len() == before {
        never(reader, node, what);
    }
    names
}

fn whens(reader: &mut Reader, node: &Node, what: &str) -> Vec<When> {
    let before = reader.problems.len();
    let whens: Vec<_> = reader.list(node, what).iter().map(|node| When::read(reader, node)).collect();
    if whens.is_empty() && reader.problems.len() == before {
        never(reader, node, what);
    }
    whens
}

fn never(reader: &mut Reader, node: &Node, what: &str) {
    reader.refuse(node.at, what, "empty, so it never holds", "Write what it looks at, or leave it out.");
}

fn history(reader: &mut Reader, node: &Node) -> History {
    let what = "`history`";
    let fields = reader.fields(node, what, &["days", "tickets", "reopened", "bad_ratings"]);
    let cure = "Write how far back it looks, as `days: 30`.";
    let days = reader.needed(&fields, "days", what, cure).and_then(|node| reader.count(node, "`days`"));
    let mut count = |key: &str| fields.get(key).and_then(|node| reader.count(node, &format!("`{key}`"))).unwrap_or(0);
    let (tickets, reopened, bad_ratings) = (count("tickets"), count("reopened"), count("bad_ratings"));
    if ["tickets", "reopened", "bad_ratings"].iter().all(|key| fields.get(key).is_none()) {
        let cure = "Write how many at least, as `tickets: 3`.";
        reader.fault("missing-key", node.at, format!("{what} says nothing to count."), cure);
    }
    History { days: days.unwrap_or(1), tickets, reopened, bad_ratings }
}
