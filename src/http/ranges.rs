//! Part of a file (RFC 9110, section 14): lets a video be wound forward and a broken download go on.

use std::ops::Range;

use axum::http::{HeaderMap, HeaderValue, header};

/// What of a file is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    Whole,
    /// Bytes from the first to behind the last; never empty.
    Part(Range<u64>),
    /// A part that lies behind the end.
    Nothing,
}

/// What of a file of `length` bytes `request` asks for. Several parts at once, or a unit we do not know, may be
/// answered by the whole. So is a part of another version than this one (`If-Range`).
pub fn wanted(request: &HeaderMap, length: u64, etag: &HeaderValue, modified: Option<&HeaderValue>) -> Wanted {
    let this_version = request.get(header::IF_RANGE).is_none_or(|known| known == etag || Some(known) == modified);
    let range = request.get(header::RANGE).filter(|_| this_version).and_then(|range| range.to_str().ok());
    range.and_then(|range| one_part(range, length)).unwrap_or(Wanted::Whole)
}

/// `bytes=0-499`, `bytes=500-`, `bytes=-500`; `None` for anything else.
fn one_part(range: &str, length: u64) -> Option<Wanted> {
    let (unit, range) = range.split_once('=')?;
    let (first, last) = range.trim().split_once('-').filter(|_| unit.trim().eq_ignore_ascii_case("bytes"))?;
    let part = match (number(first)?, number(last)?) {
        (Some(first), Some(last)) if first > last => return None,
        (Some(first), last) => first..last.map_or(length, |last| last.saturating_add(1)).min(length),
        (None, Some(last)) => length.saturating_sub(last)..length,
        (None, None) => return None,
    };
    Some(if part.is_empty() { Wanted::Nothing } else { Wanted::Part(part) })
}

/// Inside: `None` where nothing stands. Outside: `None` for what is no number.
fn number(text: &str) -> Option<Option<u64>> {
    match text {
        "" => Some(None),
        // A number too large is past the end of every file.
        _ if text.bytes().all(|byte| byte.is_ascii_digit()) => Some(Some(text.parse().unwrap_or(u64::MAX))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn check_with(headers: &[(header::HeaderName, &str)], length: u64, expect: Wanted) {
        let request = headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        let modified = HeaderValue::from_static("Sat, 21 Nov 2026 00:00:00 GMT");
        assert_eq!(
            wanted(&request, length, &HeaderValue::from_static("\"one\""), Some(&modified)),
            expect,
            "{headers:?}"
        );
    }

    #[test]
    fn one_part_is_understood() {
        let check = |range: &str, expect: Wanted| check_with(&[(header::RANGE, range)], 1000, expect);
        check("bytes=0-499", Wanted::Part(0..500));
        check("bytes=500-", Wanted::Part(500..1000));
        check("bytes=-300", Wanted::Part(700..1000));
        check("bytes=-3000", Wanted::Part(0..1000));
        check("bytes=0-99999", Wanted::Part(0..1000));
        check("bytes=0-99999999999999999999", Wanted::Part(0..1000));
        check("Bytes=999-999", Wanted::Part(999..1000));
        check("bytes=1000-", Wanted::Nothing);
        check("bytes=99999999999999999999-", Wanted::Nothing);
        check("bytes=-0", Wanted::Nothing);
    }

    #[test]
    fn anything_else_asks_for_the_whole() {
        let check = |range: &str| check_with(&[(header::RANGE, range)], 1000, Wanted::Whole);
        for range in ["bytes=5-1", "bytes=-", "bytes=+1-2", "bytes=0-1,5-6", "lines=0-1", "bytes", "", "bytes=a-b"] {
            check(range);
        }
        check_with(&[], 1000, Wanted::Whole);
        check_with(&[(header::RANGE, "bytes=0-")], 0, Wanted::Nothing);
    }

    #[test]
    fn a_part_of_another_version_is_not_sent() {
        let check = |known: &str, expect: Wanted| {
            check_with(&[(header::RANGE, "bytes=0-9"), (header::IF_RANGE, known)], 1000, expect);
        };
        check("\"one\"", Wanted::Part(0..10));
        check("Sat, 21 Nov 2026 00:00:00 GMT", Wanted::Part(0..10));
        check("\"two\"", Wanted::Whole);
        check("W/\"one\"", Wanted::Whole);
        check("Fri, 20 Nov 2026 00:00:00 GMT", Wanted::Whole);
    }
}
