//! Files beside the pages: which are served, as what.

use super::Media;
use super::source::{Found, Source};
use crate::identity::Audience;

/// What is served, by the end of the file's name; anything else stays unseen.
const TYPES: &[(&str, &str)] = &[
    ("avif", "image/avif"),
    ("bmp", "image/bmp"),
    ("csv", "text/csv; charset=utf-8"),
    ("gif", "image/gif"),
    ("gz", "application/gzip"),
    ("ico", "image/x-icon"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("json", "application/json"),
    ("m4a", "audio/mp4"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("ogg", "audio/ogg"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("tgz", "application/gzip"),
    ("txt", "text/plain; charset=utf-8"),
    ("vtt", "text/vtt; charset=utf-8"),
    ("wav", "audio/wav"),
    ("webm", "video/webm"),
    ("webp", "image/webp"),
    ("woff2", "font/woff2"),
    ("xml", "application/xml"),
    ("zip", "application/zip"),
];

/// What a file is, by the end of its name; `None` for what is not served.
pub(super) fn content_type(path: &str) -> Option<&'static str> {
    let extension = path.rsplit_once('.')?.1.to_ascii_lowercase();
    TYPES.iter().find(|(name, _)| *name == extension).map(|(_, content_type)| *content_type)
}

/// The site path of a file beside the pages, and the file; `None` for what is not served.
pub(super) fn media(found: &Found) -> Option<(String, Media)> {
    let content_type = content_type(&found.path)?;
    let media = Media { source: found.path.clone(), content_type, bytes: found.bytes, audience: Audience::new() };
    Some((path(&found.path), media))
}

/// Folders lose a leading `_`; names stay as they are.
pub(super) fn path(source: &str) -> String {
    let (folder, name) = source.rsplit_once('/').unwrap_or(("", source));
    let folders = folder.split('/').filter(|part| !part.is_empty());
    folders.map(|part| part.trim_start_matches('_')).chain([name]).flat_map(|part| ["/", part]).collect()
}

/// Width and height in pixels, so that the page does not jump when the image comes.
pub(super) fn size(source: &Source, media: &Media) -> Option<(u32, u32)> {
    if !media.content_type.starts_with("image/") || media.content_type == "image/svg+xml" {
        return None;
    }
    let bytes = source.read(&media.source).ok()?;
    let size = imagesize::blob_size(&bytes).ok()?;
    Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))
}
