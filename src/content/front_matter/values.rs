//! Values as people write them: `tags: a, b`, `order: "3"`, dates with and without quotes.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

pub fn number<'de, D: Deserializer<'de>>(value: D) -> Result<Option<f64>, D::Error> {
    parsed(value, "a number", |text| text.parse().ok().filter(|number: &f64| number.is_finite()))
}

pub fn date<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Date>, D::Error> {
    parsed(value, "a date such as 2026-05-31", |text| {
        text.parse().ok().or_else(|| moment(text).map(|time| time.to_zoned(TimeZone::UTC).date()))
    })
}

pub fn instant<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Timestamp>, D::Error> {
    parsed(value, "a time such as 2026-05-31 or 2026-05-31T08:00:00Z", moment)
}

/// A list of texts, or one text with commas between them.
pub fn list<'de, D: Deserializer<'de>>(value: D) -> Result<Vec<String>, D::Error> {
    value.deserialize_any(Loose { expected: "a list, or words separated by commas" }).map(|loose| match loose {
        Value::List(items) => items,
        Value::Text(text) => {
            text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
        }
        Value::Nothing => Vec::new(),
    })
}

fn moment(text: &str) -> Option<Timestamp> {
    let utc = |time: DateTime| time.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    text.parse().ok().or_else(|| utc(text.parse::<DateTime>().ok()?))
}

fn parsed<'de, D: Deserializer<'de>, T>(
    value: D,
    expected: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, D::Error> {
    let Some(text) = scalar(value, expected)? else {
        return Ok(None);
    };
    let wrong = || de::Error::invalid_value(de::Unexpected::Str(&text), &expected);
    parse(text.trim()).map(Some).ok_or_else(wrong)
}

/// One scalar, or nothing (a key without a value).
fn scalar<'de, D: Deserializer<'de>>(value: D, expected: &'static str) -> Result<Option<String>, D::Error> {
    match value.deserialize_any(Loose { expected })? {
        Value::Text(text) => Ok(Some(text).filter(|text| !text.trim().is_empty())),
        Value::Nothing => Ok(None),
        Value::List(_) => Err(de::Error::invalid_type(de::Unexpected::Seq, &expected)),
    }
}

enum Value {
    Nothing,
    Text(String),
    List(Vec<String>),
}

struct Loose {
    expected: &'static str,
}

impl<'de> Visitor<'de> for Loose {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<Value, D::Error> {
        value.deserialize_any(self)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element::<String>()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    /// How TOML hands over a date: a map with one private key.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        match map.next_key::<String>()? {
            Some(key) if key.starts_with("$__toml_private") => map.next_value().map(Value::Text),
            _ => {
                while map.next_value::<IgnoredAny>().is_ok() && map.next_key::<IgnoredAny>()?.is_some() {}
                Err(de::Error::invalid_type(de::Unexpected::Map, &self))
            }
        }
    }
}
