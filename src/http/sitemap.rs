//! The sitemap protocol 0.9 (sitemaps.org), with translations as search engines read them. A site too large for one
//! file has an index of several at the same address.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;

use super::asked::Asked;
use super::error::Error;
use super::machines::{kept, published, url, xml};
use super::{reading, respond};
use crate::Help;
use crate::content::{Page, View};

/// What one file may hold.
#[derive(Debug, Clone, Copy)]
struct Limits {
    addresses: usize,
    /// Uncompressed.
    bytes: usize,
}

const LIMITS: Limits = Limits { addresses: 50_000, bytes: 50 << 20 };

const XML: &str = "application/xml; charset=utf-8";
const HEAD: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
    "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n",
);
const FOOT: &str = "</urlset>\n";

/// `/sitemap.xml`: every page, or the index of the files that together name every page.
pub async fn whole(State(help): State<Arc<Help>>, uri: Uri, asked: Asked, headers: HeaderMap) -> Response {
    kept(&asked, &uri, &headers, XML, || {
        let mut files = files(entries(&help, asked.view()), LIMITS);
        if files.len() == 1 { files.remove(0) } else { index(&help.address.absolute(""), files.len()) }
    })
}

/// `/sitemap-1.xml` and so on, where the index names it; any other path is one of the content.
pub async fn part_or_content(
    help: State<Arc<Help>>,
    asked: Asked,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let Some(number) = part_number(uri.path()).filter(|_| method.is_safe()) else {
        return reading::content(help, asked, method, uri, headers).await;
    };
    if let Some(answer) = asked.edition.answers.get(&asked.viewer, uri.path()) {
        return Ok(respond::send(&answer, &headers, &asked.viewer));
    }
    match part(files(entries(&help, asked.view()), LIMITS), number) {
        Some(text) => Ok(kept(&asked, &uri, &headers, XML, || text)),
        None => reading::content(help, asked, method, uri, headers).await,
    }
}

fn part_number(path: &str) -> Option<usize> {
    path.strip_prefix("/sitemap-")?.strip_suffix(".xml")?.parse().ok()
}

/// The file of that number, from 1 on. A single file is no part.
fn part(mut files: Vec<String>, number: usize) -> Option<String> {
    let place = number.checked_sub(1).filter(|place| files.len() > 1 && *place < files.len())?;
    Some(files.swap_remove(place))
}

fn entries(help: &Help, view: View) -> impl Iterator<Item = String> {
    published(view).map(move |page| entry(help, view, page))
}

fn entry(help: &Help, view: View, page: &Page) -> String {
    let mut text = ["<url><loc>", &url(help, page), "</loc>"].concat();
    if let Some(updated) = page.updated {
        text.extend(["<lastmod>", &updated.to_string(), "</lastmod>"]);
    }
    let translations: Vec<_> = view.translations(page).collect();
    for other in translations.iter().filter(|_| translations.len() > 1) {
        let (locale, url) = (xml(&other.locale), url(help, other));
        text.extend([r#"<xhtml:link rel="alternate" hreflang=""#, &locale, r#"" href=""#, &url, "\"/>"]);
    }
    text.push_str("</url>\n");
    text
}

/// All entries in as many files as the limits ask for; one at least.
fn files(entries: impl Iterator<Item = String>, limits: Limits) -> Vec<String> {
    let mut files = vec![HEAD.to_owned()];
    let mut addresses = 0;
    for entry in entries {
        let file = files.last().expect("one is always open");
        if addresses == limits.addresses || addresses > 0 && file.len() + entry.len() + FOOT.len() > limits.bytes {
            files.push(HEAD.to_owned());
            addresses = 0;
        }
        files.last_mut().expect("one is always open").push_str(&entry);
        addresses += 1;
    }
    files.iter_mut().for_each(|file| file.push_str(FOOT));
    files
}

fn index(site: &str, files: usize) -> String {
    let mut text = String::from(concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    ));
    for number in 1..=files {
        text.extend(["<sitemap><loc>", &xml(site), "/sitemap-", &number.to_string(), ".xml</loc></sitemap>\n"]);
    }
    text.push_str("</sitemapindex>\n");
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn split(count: usize, limits: Limits) -> Vec<usize> {
        let entries = (0..count).map(|number| format!("<url><loc>https://example.com/{number:03}</loc></url>\n"));
        let files = files(entries, limits);
        files.iter().map(|file| locations(file, "urlset").len()).collect()
    }

    fn locations(text: &str, root: &str) -> Vec<String> {
        let document = roxmltree::Document::parse(text).unwrap();
        assert!(document.root_element().has_tag_name(("http://www.sitemaps.org/schemas/sitemap/0.9", root)));
        let locations = document.descendants().filter(|node| node.tag_name().name() == "loc");
        locations.map(|node| node.text().unwrap().to_owned()).collect()
    }

    #[test]
    fn a_site_is_cut_where_the_protocol_wants_it() {
        let few = |addresses| Limits { addresses, ..LIMITS };
        assert_eq!(split(0, LIMITS), [0]);
        assert_eq!(split(3, few(3)), [3]);
        assert_eq!(split(7, few(3)), [3, 3, 1]);
        let entry = "<url><loc>https://example.com/000</loc></url>\n".len();
        let small = |bytes| Limits { bytes, ..LIMITS };
        let exact = HEAD.len() + 2 * entry + FOOT.len();
        assert_eq!(split(5, small(exact)), [2, 2, 1]);
        assert_eq!(split(5, small(exact - 1)), [1, 1, 1, 1, 1]);
        assert_eq!(split(2, small(1)), [1, 1], "an entry is never lost");
    }

    #[test]
    fn the_index_names_every_part_and_nothing_else() {
        let all = || {
            files((0..7).map(|number| format!("<url><loc>/{number}</loc></url>\n")), Limits { addresses: 3, ..LIMITS })
        };
        let named = locations(&index("https://example.com/a&b", all().len()), "sitemapindex");
        assert_eq!(named[0], "https://example.com/a&b/sitemap-1.xml");
        let parts = named.iter().map(|url| part_number(url.strip_prefix("https://example.com/a&b").unwrap()).unwrap());
        let together: Vec<_> = parts.flat_map(|number| locations(&part(all(), number).unwrap(), "urlset")).collect();
        assert_eq!(together, ["/0", "/1", "/2", "/3", "/4", "/5", "/6"]);
        assert_eq!((part(all(), 0), part(all(), 4)), (None, None));
        assert_eq!(part(all().split_off(2), 1), None, "a single file is at /sitemap.xml");
    }
}
