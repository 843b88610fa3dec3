//! The JSON Schema (2020-12) of events, made of their one list.

use app::model::event::{FieldOf, Kind, Shape, VERSION};
use app::model::{Context, Event, Purpose};
use serde_json::{Map, Value, json};

use super::batch::{MOST, OLDEST};
use super::may_tell;

/// Of an event as it is kept and sent; `$defs.batch` is what `POST /api/v1/events` takes.
pub fn of_version(address: &str) -> Value {
    let kept = Event::KINDS.iter().map(as_kept).collect::<Vec<_>>();
    let sent = Event::KINDS.iter().filter(|kind| may_tell(kind.teller)).map(as_sent).collect::<Vec<_>>();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": format!("Signpost event, version {VERSION}"),
        "oneOf": kept,
        "$defs": { "batch": batch(sent) },
    })
}

fn as_kept(kind: &Kind) -> Value {
    let own = [
        ("v", json!({ "const": VERSION, "description": "Version of the schema." })),
        ("id", json!({ "type": "string", "format": "uuid", "description": "Of this event; in the order of writing." })),
        ("at", json!({ "type": "integer", "description": "When it happened: milliseconds since 1970-01-01 UTC." })),
    ];
    object(kind, own.into_iter().map(|(name, value)| (name.to_owned(), value)), Context::FIELDS, &["v", "id", "at"])
}

fn as_sent(kind: &Kind) -> Value {
    let ago = json!({
        "type": "integer", "minimum": 0, "maximum": OLDEST, "default": 0,
        "description": "Milliseconds between the event and the sending of the batch.",
    });
    let page: Vec<FieldOf> = Context::FIELDS.iter().filter(|field| field.name == "page").copied().collect();
    object(kind, [("ago".to_owned(), ago)].into_iter(), &page, &[])
}

fn object(kind: &Kind, own: impl Iterator<Item = (String, Value)>, around: &[FieldOf], always: &[&str]) -> Value {
    let mut properties: Map<String, Value> = own.collect();
    properties.insert("kind".to_owned(), json!({ "const": kind.name }));
    properties.extend(kind.fields.iter().chain(around).map(|field| (field.name.to_owned(), property(field))));
    let needed = kind.fields.iter().filter(|field| (field.shape)().required).map(|field| field.name);
    let required: Vec<_> = always.iter().copied().chain(["kind"]).chain(needed).collect();
    json!({
        "type": "object",
        "title": kind.name,
        "description": kind.about,
        "x-purpose": kind.purpose,
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn property(field: &FieldOf) -> Value {
    let Shape { json, longest, many, .. } = (field.shape)();
    let mut property = Map::from_iter([("type".to_owned(), json.into())]);
    property.extend(longest.map(|longest| ("maxLength".to_owned(), longest.into())));
    if json == "integer" {
        property.insert("minimum".to_owned(), 0.into());
    }
    if many {
        property = Map::from_iter([("type".to_owned(), "array".into()), ("items".to_owned(), property.into())]);
    }
    property.insert("description".to_owned(), field.about.into());
    property.into()
}

fn batch(events: Vec<Value>) -> Value {
    let around = ["locale", "referrer", "campaign", "release"];
    let around = Context::FIELDS.iter().filter(|field| around.contains(&field.name));
    let mut properties: Map<String, Value> = around.map(|field| (field.name.to_owned(), property(field))).collect();
    let own = [
        (
            "id",
            json!({ "type": "string", "format": "uuid", "description": "A batch sent again under it is taken once." }),
        ),
        (
            "session",
            json!({ "type": "string", "format": "uuid", "description": "Of a host with a signed token: its reader's session." }),
        ),
        (
            "consent",
            json!({
                "type": "array", "items": { "enum": Purpose::ALL },
                "description": "Of a host with a signed token: what its reader granted.",
            }),
        ),
        ("events", json!({ "type": "array", "maxItems": MOST, "items": { "oneOf": events } })),
    ];
    properties.extend(own.into_iter().map(|(name, value)| (name.to_owned(), value)));
    json!({ "type": "object", "properties": properties, "required": ["events"], "additionalProperties": false })
}
