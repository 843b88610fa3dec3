//! The one canonical form of a path, and what to do with every other.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::error::Error;

/// What a path may hold unescaped (RFC 3986, section 3.3).
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// The path a request names, decoded, without doubled or trailing slashes.
///
/// # Errors
/// A path that climbs (`..`), or holds control characters or bytes that are no text.
pub fn canonical(path: &str) -> Result<String, Error> {
    let decoded = percent_decode_str(path).decode_utf8();
    let decoded = decoded.map_err(|_| Error::BadRequest("the address is not valid UTF-8".to_owned()))?;
    if decoded.chars().any(char::is_control) {
        return Err(Error::BadRequest("the address holds control characters".to_owned()));
    }
    let segments: Vec<&str> = decoded.split('/').filter(|segment| !segment.is_empty() && *segment != ".").collect();
    if segments.contains(&"..") {
        return Err(Error::BadRequest("the address climbs out of the site with `..`".to_owned()));
    }
    Ok(format!("/{}", segments.join("/")))
}

/// A decoded path as it is written in a `Location` or an `href`.
pub fn encoded(path: &str) -> String {
    utf8_percent_encode(path, PATH).to_string()
}

/// Other spellings under which an old link may know a page: what other generators append, then lower case.
pub fn other_spellings(path: &str) -> impl Iterator<Item = String> {
    let bare = ["/index.html", "/index.htm", "/index", ".html", ".htm"]
        .iter()
        .find_map(|ending| path.strip_suffix(ending))
        .unwrap_or(path);
    let bare = if bare.is_empty() { "/" } else { bare };
    [bare.to_owned(), path.to_lowercase(), bare.to_lowercase()].into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_one_canonical_form() {
        let check = |path: &str, expect: Option<&str>| assert_eq!(canonical(path).ok().as_deref(), expect, "{path}");
        check("/start/install", Some("/start/install"));
        check("//start///install/", Some("/start/install"));
        check("/", Some("/"));
        check("/./start", Some("/start"));
        check("/a%20b/%C3%BC", Some("/a b/ü"));
        check("/start/../admin", None);
        check("/start/%2e%2e/admin", None);
        check("/start%00", None);
        check("/%ff", None);
    }

    #[test]
    fn links_of_other_generators_are_understood() {
        let check = |path: &str, expect: &str| assert!(other_spellings(path).any(|other| other == expect), "{path}");
        check("/start/index.html", "/start");
        check("/start/install.html", "/start/install");
        check("/Start/Install", "/start/install");
        check("/index.html", "/");
    }

    #[test]
    fn what_is_decoded_can_be_written_again() {
        assert_eq!(encoded("/a b/ü?"), "/a%20b/%C3%BC%3F");
    }
}
