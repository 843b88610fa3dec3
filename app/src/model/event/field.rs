//! What a field of an event may hold: its bounds, and whether it is a reader's own words.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A reader's or a page's own words, at most `MAX` characters. Masked before they are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text<const MAX: usize>(String);

/// A name or id that somebody gave on purpose: letters, digits and `. _ - / : + ~ %`, at most `MAX` characters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name<const MAX: usize>(String);

/// A path on this site, without query or fragment, at most `MAX` characters. Masked segment by segment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Path<const MAX: usize>(String);

impl<const MAX: usize> Text<MAX> {
    /// `text`, cut to its bounds.
    pub fn of(text: &str) -> Self {
        Self(within(text, MAX).to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> Name<MAX> {
    /// `name`, cut to its bounds.
    pub fn of(name: &str) -> Self {
        Self(within(name, MAX).to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> Path<MAX> {
    /// `path` without query and fragment, cut to its bounds.
    pub fn of(path: &str) -> Self {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        Self(within(path, MAX).to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Several of them; empty where there is nothing to say, and then left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct List<T>(Vec<T>);

/// Items of a list.
const MOST: usize = 20;

impl<T> List<T> {
    /// The first twenty of `items`.
    pub fn of(items: impl IntoIterator<Item = T>) -> Self {
        Self(items.into_iter().take(MOST).collect())
    }
}

/// The first `most` characters of `text`.
pub fn within(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(end, _)| &text[..end])
}

/// A field's place in the JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// `string`, `integer`, `number`, `boolean`; of a list, what its items are.
    pub json: &'static str,
    /// It is a list.
    pub many: bool,
    /// Characters at most.
    pub longest: Option<usize>,
    pub required: bool,
}

type What = Cow<'static, str>;

/// Whatever can stand in a field.
pub trait Field: Sized {
    /// What stands there when nothing was sent; [`Field::check`] refuses it where something must be.
    fn absent() -> Self;

    fn is_absent(&self) -> bool {
        false
    }

    fn shape() -> Shape;

    /// # Errors
    /// What is wrong with it, in words.
    fn check(&self) -> Result<(), What> {
        Ok(())
    }

    /// `mask` gives what must stand in place of a text, if something must.
    fn mask(&mut self, _mask: &impl Fn(&str) -> Option<String>) {}
}

const MISSING: What = Cow::Borrowed("is missing");

fn too_long(text: &str, most: usize) -> Result<(), What> {
    match text.is_ascii() && text.len() <= most || text.chars().nth(most).is_none() {
        true => Ok(()),
        false => Err(format!("has more than {most} characters").into()),
    }
}

/// Stands in a text that was not sent, as no reader can write it.
const ABSENT: &str = "\0";

impl<const MAX: usize> Field for Text<MAX> {
    fn absent() -> Self {
        Self(ABSENT.to_owned())
    }

    fn shape() -> Shape {
        Shape { json: "string", many: false, longest: Some(MAX), required: true }
    }

    fn check(&self) -> Result<(), What> {
        if self.0 == ABSENT { Err(MISSING) } else { too_long(&self.0, MAX) }
    }

    fn mask(&mut self, mask: &impl Fn(&str) -> Option<String>) {
        if let Some(masked) = mask(&self.0) {
            self.0 = within(&masked, MAX).to_owned();
        }
    }
}

impl<const MAX: usize> Field for Name<MAX> {
    fn absent() -> Self {
        Self::default()
    }

    fn shape() -> Shape {
        Shape { json: "string", many: false, longest: Some(MAX), required: true }
    }

    fn check(&self) -> Result<(), What> {
        let odd = |letter: &char| !(letter.is_alphanumeric() || "._-/:+~%".contains(*letter));
        match self.0.chars().find(odd) {
            _ if self.0.is_empty() => Err(MISSING),
            Some(odd) => Err(format!("holds {odd:?}; take letters, digits and . _ - / : + ~ %").into()),
            None => too_long(&self.0, MAX),
        }
    }
}

impl<const MAX: usize> Field for Path<MAX> {
    fn absent() -> Self {
        Self::default()
    }

    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }

    fn shape() -> Shape {
        Shape { json: "string", many: false, longest: Some(MAX), required: false }
    }

    fn check(&self) -> Result<(), What> {
        match self.0.is_empty() || self.0.starts_with('/') {
            true => too_long(&self.0, MAX),
            false => Err(Cow::Borrowed("does not begin with /")),
        }
    }

    fn mask(&mut self, mask: &impl Fn(&str) -> Option<String>) {
        self.0.truncate(self.0.find(['?', '#']).unwrap_or(self.0.len()));
        if self.0.split('/').any(|segment| mask(segment).is_some()) {
            let segments = self.0.split('/').map(|segment| mask(segment).unwrap_or_else(|| segment.to_owned()));
            self.0 = segments.collect::<Vec<_>>().join("/");
        }
    }
}

impl Field for u32 {
    fn absent() -> Self {
        Self::MAX
    }

    fn shape() -> Shape {
        Shape { json: "integer", many: false, longest: None, required: true }
    }

    fn check(&self) -> Result<(), What> {
        if *self == Self::MAX { Err(MISSING) } else { Ok(()) }
    }
}

impl Field for f64 {
    fn absent() -> Self {
        Self::NAN
    }

    fn shape() -> Shape {
        Shape { json: "number", many: false, longest: None, required: true }
    }

    fn check(&self) -> Result<(), What> {
        if self.is_finite() { Ok(()) } else { Err(MISSING) }
    }
}

impl Field for bool {
    fn absent() -> Self {
        false
    }

    fn shape() -> Shape {
        Shape { json: "boolean", many: false, longest: None, required: true }
    }
}

impl<T: Field> Field for List<T> {
    fn absent() -> Self {
        Self(Vec::new())
    }

    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }

    fn shape() -> Shape {
        Shape { many: true, required: false, ..T::shape() }
    }

    fn check(&self) -> Result<(), What> {
        match self.0.len() {
            ..=MOST => self.0.iter().try_for_each(Field::check),
            more => Err(format!("has {more} items; give at most {MOST}").into()),
        }
    }

    fn mask(&mut self, mask: &impl Fn(&str) -> Option<String>) {
        self.0.iter_mut().for_each(|item| item.mask(mask));
    }
}

impl<T: Field> Field for Option<T> {
    fn absent() -> Self {
        None
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }

    fn shape() -> Shape {
        Shape { required: false, ..T::shape() }
    }

    fn check(&self) -> Result<(), What> {
        self.as_ref().map_or(Ok(()), Field::check)
    }

    fn mask(&mut self, mask: &impl Fn(&str) -> Option<String>) {
        if let Some(field) = self {
            field.mask(mask);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_keeps_neither_query_nor_personal_segments() {
        let mask = |text: &str| text.contains('@').then(|| "[email]".to_owned());
        let check = |path: &str, expect: &str| {
            let mut path = Path::<100>(path.to_owned());
            path.mask(&mask);
            assert_eq!(path.as_str(), expect);
        };
        check("/start/install?q=jo@example.com", "/start/install");
        check("/of/jo@example.com/bills#top", "/of/[email]/bills");
    }
}
