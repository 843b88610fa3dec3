//! The last word on a page that holds raw HTML: the whole body through a sanitiser with an allow-list.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::Builder;

use super::tags::ALLOWED;

/// Attributes any element may have. No `style`, no `name` but on anchors, nothing that begins with `on`.
const ANYWHERE: [&str; 9] = ["aria-hidden", "aria-label", "class", "dir", "id", "lang", "role", "tabindex", "title"];

const ATTRIBUTES: [(&str, &[&str]); 13] = [
    // `data-goal` and its companions: a link whose use is counted.
    ("a", &["data-attribution", "data-goal", "data-step", "href", "hreflang", "name"]),
    ("blockquote", &["cite"]),
    ("col", &["span"]),
    ("colgroup", &["span"]),
    ("del", &["cite", "datetime"]),
    ("details", &["open"]),
    ("div", &["data-language"]),
    ("img", &["alt", "decoding", "height", "loading", "src", "width"]),
    ("ins", &["cite", "datetime"]),
    ("ol", &["reversed", "start"]),
    ("td", &["colspan", "headers", "rowspan"]),
    ("th", &["abbr", "colspan", "headers", "rowspan", "scope"]),
    ("time", &["datetime"]),
];

const SCHEMES: [&str; 8] = ["ftp", "geo", "http", "https", "mailto", "sms", "tel", "webcal"];

pub fn clean(html: &str) -> String {
    static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(cleaner);
    CLEANER.clean(html).to_string()
}

fn cleaner() -> Builder<'static> {
    let mut attributes: HashMap<&str, HashSet<&str>> =
        ATTRIBUTES.iter().map(|(tag, names)| (*tag, names.iter().copied().collect())).collect();
    // Where a code block will stand; forged, it only shows a code block of the page again.
    attributes.entry("code").or_default().insert("data-code");
    let rel = HashMap::from([("a", HashMap::from([("rel", HashSet::from(["noopener"]))]))]);
    let mut cleaner = Builder::default();
    cleaner
        .tags(ALLOWED.into_iter().collect())
        .generic_attributes(ANYWHERE.into_iter().collect())
        .tag_attributes(attributes)
        .tag_attribute_values(rel)
        .url_schemes(SCHEMES.into_iter().collect())
        .attribute_filter(|_, name, value| match name {
            "id" | "name" if value.starts_with(super::super::INTERFACE_IDS) => None,
            "tabindex" if value != "0" && value != "-1" => None,
            _ => Some(value.into()),
        })
        .link_rel(None);
    cleaner
}
