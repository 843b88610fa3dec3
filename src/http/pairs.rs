//! The fields of a form, as they were sent.

use super::error::Error;

/// Names and values, in their order.
pub type Pairs = Vec<(String, String)>;

/// What a field holds; nothing where it was not sent.
pub fn value<'p>(pairs: &'p [(String, String)], name: &str) -> Option<&'p str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// The same, empty where it was not sent.
pub fn text<'p>(pairs: &'p [(String, String)], name: &str) -> &'p str {
    value(pairs, name).unwrap_or_default()
}

/// People do not see the field `website`.
///
/// # Errors
/// One who filled it in.
pub fn refuse_machines(pairs: &[(String, String)]) -> Result<(), Error> {
    match text(pairs, "website") {
        "" => Ok(()),
        _ => Err(Error::BadRequest("the field `website` must stay empty; it is there for machines".to_owned())),
    }
}
