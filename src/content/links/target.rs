//! The parts of a link's target. Pure.

/// What kind of target it is, before anything is looked up.
#[derive(Debug, PartialEq, Eq)]
pub enum Target<'a> {
    Outside(&'a str),
    Unsafe,
    /// Path from the root of the site, and what follows it.
    Site {
        path: &'a str,
        anchor: Option<&'a str>,
    },
    /// Path from the page's own place.
    Relative {
        path: &'a str,
        anchor: Option<&'a str>,
    },
}

const SCHEMES: [&str; 8] = ["http", "https", "mailto", "tel", "sms", "ftp", "geo", "webcal"];

/// `site_url` and what Jekyll writes in its place are the root of the site.
pub fn parse<'a>(written: &'a str, site_url: &str) -> Target<'a> {
    let written = written.trim();
    if let Some(rest) = without_liquid(written).or_else(|| within(written, site_url)) {
        return site(rest);
    }
    match scheme(written) {
        Some(scheme) if SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(scheme)) => Target::Outside(written),
        Some(_) => Target::Unsafe,
        None if written.starts_with("//") => Target::Outside(written),
        None if written.starts_with('/') => site(written),
        None => {
            let (path, anchor) = cut(written);
            Target::Relative { path, anchor }
        }
    }
}

fn site(rest: &str) -> Target<'_> {
    let (path, anchor) = cut(rest);
    Target::Site { path: path.trim_start_matches('/'), anchor }
}

/// `{{site.url}}{{site.baseurl}}/x/` → `/x/`.
fn without_liquid(written: &str) -> Option<&str> {
    let mut rest = written;
    while let Some((variable, after)) = rest.strip_prefix("{{").and_then(|rest| rest.split_once("}}")) {
        if !matches!(variable.trim(), "site.url" | "site.baseurl" | "site.base_url" | "site.latesturl") {
            break;
        }
        rest = after;
    }
    (rest.len() < written.len()).then_some(rest)
}

fn within<'a>(written: &'a str, site_url: &str) -> Option<&'a str> {
    let rest = written.strip_prefix(site_url.trim_end_matches('/')).filter(|_| !site_url.is_empty())?;
    (rest.is_empty() || rest.starts_with(['/', '#', '?'])).then_some(rest)
}

/// Path and anchor; a query means nothing to a page.
fn cut(target: &str) -> (&str, Option<&str>) {
    let (path, anchor) = match target.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor)),
        None => (target, None),
    };
    (path.split('?').next().unwrap_or(path), anchor)
}

/// RFC 3986, section 3.1. Control characters and spaces inside count as absent, because browsers drop them.
fn scheme(target: &str) -> Option<&str> {
    let (scheme, _) = target.split_once(':')?;
    let stops = |c: char| matches!(c, '/' | '?' | '#');
    (!scheme.contains(stops)).then_some(scheme)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(written: &str, expect: &Target<'_>) {
        assert_eq!(parse(written, "https://example.com/help"), *expect, "{written}");
    }

    #[test]
    fn says_what_a_target_is() {
        check("https://rust-lang.org", &Target::Outside("https://rust-lang.org"));
        check("HTTPS://x", &Target::Outside("HTTPS://x"));
        check("//cdn.example.com/x", &Target::Outside("//cdn.example.com/x"));
        check("mailto:a@b.c", &Target::Outside("mailto:a@b.c"));
        check("/a/b/#c", &Target::Site { path: "a/b/", anchor: Some("c") });
        check("../a.md", &Target::Relative { path: "../a.md", anchor: None });
        check("#c", &Target::Relative { path: "", anchor: Some("c") });
        check("a/b:c.md", &Target::Relative { path: "a/b:c.md", anchor: None });
    }

    #[test]
    fn refuses_what_could_run() {
        for written in [
            "javascript:alert(1)",
            " JavaScript:alert(1)",
            "java\tscript:x",
            "\u{1}javascript:x",
            "data:text/html,x",
            "vbscript:x",
        ] {
            check(written, &Target::Unsafe);
        }
    }

    #[test]
    fn knows_the_site_itself() {
        check("{{site.url}}{{site.baseurl}}/a/b/", &Target::Site { path: "a/b/", anchor: None });
        check("{{ site.url }}{{ site.baseurl }}/a/", &Target::Site { path: "a/", anchor: None });
        check("https://example.com/help/a?x=1#y", &Target::Site { path: "a", anchor: Some("y") });
        check("https://example.com/helpful", &Target::Outside("https://example.com/helpful"));
    }
}
