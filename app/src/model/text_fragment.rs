//! Links that mark words on the page they open: <https://wicg.github.io/scroll-to-text-fragment/>.

use std::fmt::Write;

/// `url` with the terms to mark there.
pub fn marked_url(url: &str, terms: &[String]) -> String {
    let mut marked = url.to_owned();
    for (place, term) in terms.iter().enumerate() {
        let before = match (place, url.contains('#')) {
            (0, false) => "#:~:",
            (0, true) => ":~:",
            _ => "&",
        };
        marked.extend([before, "text=", &percent_encode(term)]);
    }
    marked
}

/// Everything but ASCII letters and digits, since `-`, `,` and `&` mean something in a text fragment.
pub fn percent_encode(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        match byte {
            byte if byte.is_ascii_alphanumeric() => encoded.push(byte as char),
            byte => write!(encoded, "%{byte:02X}").expect("a String takes everything"),
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_travel_in_the_address() {
        let check = |url: &str, terms: &[&str], expect: &str| {
            let terms: Vec<_> = terms.iter().map(|term| (*term).to_owned()).collect();
            assert_eq!(marked_url(url, &terms), expect);
        };
        check("/a", &[], "/a");
        check("/a", &["x"], "/a#:~:text=x");
        check("/a#b", &["re-index", "größe"], "/a#b:~:text=re%2Dindex&text=gr%C3%B6%C3%9Fe");
        check("/a#b", &["a&b,c"], "/a#b:~:text=a%26b%2Cc");
    }
}
