//! Lists that editors keep beside the pages, in YAML: redirects, synonyms, pins, search tests.

use serde::de::DeserializeOwned;

use super::{Position, Problem, Source};

/// What stands in `file` at the top of the folder, and its text; the default where there is no such file.
///
/// # Errors
/// A file that does not hold such a list, as a problem to show: what is wrong, and `cure`.
pub(super) fn read<T: DeserializeOwned + Default>(
    source: &Source,
    file: &str,
    cure: &str,
) -> Result<(T, String), Problem> {
    let Ok(bytes) = source.read(file) else {
        return Ok((T::default(), String::new()));
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let list: Result<Option<T>, _> = serde_saphyr::from_str(&text);
    list.map(|list| (list.unwrap_or_default(), text)).map_err(|error| {
        let name = file.trim_end_matches(".yml");
        let reason = error.to_string();
        let message =
            format!("The {} cannot be read: {}.", name.replace('-', " "), reason.lines().next().unwrap_or_default());
        Problem::error(&format!("bad-{name}"), file, message, cure)
    })
}

/// Finds texts of a list in its file, each behind the one before it.
pub(super) struct Places<'t> {
    text: &'t str,
    from: usize,
}

impl<'t> Places<'t> {
    pub fn of(text: &'t str) -> Self {
        Self { text, from: 0 }
    }

    pub fn next(&mut self, wanted: &str) -> Option<Position> {
        let at = self.from + self.text[self.from..].find(wanted)?;
        self.from = at + wanted.len();
        Some(Position::at(self.text, at))
    }
}
