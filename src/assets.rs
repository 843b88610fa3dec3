//! The files inside the program: styles, scripts and WebAssembly as `cargo xtask` made them, and our manual.

/// A file of the site and its compressed copies.
#[derive(Debug)]
pub struct Asset {
    /// The name a browser asks for; it changes with the content unless the file lies in `public/` and is no script.
    pub name: &'static str,
    /// The name the program knows it by, such as `site.css`.
    pub logical: &'static str,
    /// The media type, as `Content-Type` has it.
    pub content_type: &'static str,
    pub bytes: &'static [u8],
    /// Compressed copies, where they are smaller.
    pub brotli: Option<&'static [u8]>,
    pub gzip: Option<&'static [u8]>,
}

impl Asset {
    /// Whether the name holds a content hash, so that an answer may be kept for ever.
    pub fn is_immutable(&self) -> bool {
        self.name != self.logical
    }
}

static SITE: &[Asset] = include!(concat!(env!("OUT_DIR"), "/site.rs"));
static MANUAL: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/manual.rs"));

/// Every file of the site.
pub fn all() -> &'static [Asset] {
    SITE
}

/// The file a browser asks for by `name`.
pub fn get(name: &str) -> Option<&'static Asset> {
    SITE.iter().find(|asset| asset.name == name)
}

/// The name to ask for the file we call `logical`: `site.css` gives `site.3f2a….css`.
pub fn hashed(logical: &str) -> Option<&'static str> {
    SITE.iter().find(|asset| asset.logical == logical).map(|asset| asset.name)
}

/// What to tell whoever starts a program that was built without its site.
pub fn missing() -> Option<&'static str> {
    SITE.is_empty().then_some(
        "this program was built without styles and browser code, so pages are plain: build it with `cargo xtask run` or `cargo xtask dist`",
    )
}

/// Our own manual: each file's path below `content/`, with `/`, and its bytes; sorted by path.
pub fn manual() -> &'static [(&'static str, &'static [u8])] {
    MANUAL
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_file_is_found_by_both_names() {
        for asset in all() {
            assert_eq!(hashed(asset.logical), Some(asset.name));
            assert_eq!(get(asset.name).unwrap().bytes, asset.bytes);
        }
        assert!(get("no-such-file").is_none());
    }

    #[test]
    fn copies_are_smaller_than_the_file() {
        for asset in all() {
            for copy in [asset.brotli, asset.gzip].into_iter().flatten() {
                assert!(copy.len() < asset.bytes.len(), "{}", asset.name);
            }
        }
    }

    #[test]
    fn the_hint_is_given_only_without_a_site() {
        assert_eq!(missing().is_some(), all().is_empty());
    }

    #[test]
    fn the_manual_is_sorted_and_holds_no_hidden_file() {
        assert!(manual().is_sorted_by_key(|(path, _)| path));
        assert!(manual().iter().all(|(path, _)| !path.contains("/.") && !path.starts_with('.')));
    }
}
