//! HTML's elements: those an editor may use, and those that are removed.

/// What raw HTML in a page may be made of. No forms, no frames, no scripts, nothing that plays by itself.
pub const ALLOWED: [&str; 65] = [
    "a",
    "abbr",
    "aside",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Elements that exist and are not for prose. Any other name is no HTML and is shown as text: `<your-name>`.
const REMOVED: [&str; 62] = [
    "acronym", "address", "applet", "area", "article", "audio", "base", "basefont", "big", "body", "button", "canvas",
    "data", "datalist", "dialog", "embed", "fieldset", "font", "footer", "form", "frame", "frameset", "head", "header",
    "hgroup", "html", "iframe", "input", "label", "legend", "link", "main", "map", "marquee", "math", "menu", "meta",
    "meter", "nav", "nobr", "noframes", "noscript", "object", "optgroup", "option", "output", "param", "picture",
    "progress", "script", "search", "select", "slot", "source", "strike", "style", "svg", "template", "textarea",
    "title", "track", "video",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    Allowed,
    Removed,
    /// Not an element of HTML.
    No,
}

pub fn known(name: &str) -> Known {
    let name = name.to_ascii_lowercase();
    let name = name.as_str();
    if ALLOWED.binary_search(&name).is_ok() {
        Known::Allowed
    } else if REMOVED.binary_search(&name).is_ok() {
        Known::Removed
    } else {
        Known::No
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_for_the_search() {
        assert!(ALLOWED.is_sorted() && REMOVED.is_sorted());
    }
}
