#![allow(clippy::unwrap_used)]

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use proptest::prelude::*;

use crate::content::load::tests::load_files;

/// A PNG of 2 × 3 pixels, as far as its size goes.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x02\x00\x00\x00\x03\x08\x06\x00\x00\x00";

fn render(text: &str) -> String {
    let snapshot = load_files(&[("guides/page.md", text.as_bytes())]);
    let page = snapshot.pages.iter().find(|page| page.path == "/guides/page");
    page.map(|page| page.prose.html.clone()).unwrap_or_default()
}

#[test]
fn everything_markdown_can_do() {
    let text = include_bytes!("everything.md");
    let install = b"---\nredirect_from: /old/\n---\n# Install\n## Steps\n";
    let snapshot = load_files(&[("guides/all.md", text), ("guides/install.md", install), ("guides/shot.png", PNG)]);
    let page = snapshot.pages.iter().find(|page| page.path == "/guides/all").unwrap();
    let problems: Vec<String> = snapshot.problems().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!("html", page.prose.html);
    insta::assert_debug_snapshot!("sections", page.prose.sections);
    insta::assert_snapshot!("problems", problems.join("\n"));
    assert_eq!(page.prose.summary, "The first paragraph with maxRetries – and “quotes”…");
}

#[test]
fn questions_become_items_that_expand() {
    insta::assert_snapshot!(
        "faq",
        render("# FAQ\n\nBefore.\n\n## One?\n\nYes.\n\n### More\n\n## Two?\n\nNo.\n\n## Three?\n\nPerhaps.")
    );
}

#[test]
fn one_title_a_page() {
    let check = |text: &str, expect: &str| assert_eq!(render(text), expect, "{text}");
    check("# Title\n\ntext", "<p>text</p>\n");
    check("---\ntitle: The  title\n---\n# The title\n\ntext", "<p>text</p>\n");
    let other = render("---\ntitle: Other\n---\n# Title\n\ntext");
    assert!(other.contains("<h2 id=\"title\">Title</h2>") && !other.contains("<h1"), "{other}");
}

#[test]
fn ids_of_the_interface_are_not_taken() {
    let html = render("## X {#ui-search}\n\n<a id=\"ui-main\" name=\"ui-x\">x</a>");
    assert!(!html.contains("id=\"ui-") && !html.contains("name=\"ui-"), "{html}");
}

/// Every tag of a page as a browser's tokenizer sees it.
#[derive(Default)]
struct Judge {
    faults: RefCell<Vec<String>>,
}

const NEVER: [&str; 16] = [
    "script", "style", "iframe", "object", "embed", "form", "input", "button", "textarea", "select", "base", "meta",
    "link", "svg", "math", "template",
];

impl TokenSink for Judge {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if let Token::TagToken(tag) = token {
            let mut fault = NEVER.contains(&&*tag.name);
            for attribute in &tag.attrs {
                let name = &*attribute.name.local;
                let value: String = attribute.value.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
                let runs =
                    ["javascript:", "vbscript:", "data:"].iter().any(|scheme| value.to_lowercase().starts_with(scheme));
                fault |= name.starts_with("on")
                    || name == "style"
                    || name == "srcdoc"
                    || (matches!(name, "href" | "src") && runs);
            }
            if fault {
                self.faults.borrow_mut().push(format!("{tag:?}"));
            }
        }
        TokenSinkResult::Continue
    }
}

fn judge(text: &str) {
    let html = render(text);
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html.as_str()));
    let tokenizer = Tokenizer::new(Judge::default(), TokenizerOpts::default());
    let _handle = tokenizer.feed(&input);
    tokenizer.end();
    let faults = tokenizer.sink.faults.borrow();
    assert!(faults.is_empty(), "{text:?}\n{html}\n{faults:?}");
}

#[test]
fn known_attacks_fail() {
    for text in [
        "[a](javascript:alert(1))",
        "[a](JAVASCRIPT&colon;alert(1))",
        "[a](java&#x09;script:alert(1))",
        "![a](javascript:x)",
        "<javascript:alert(1)>",
        "[a]: javascript:x\n\n[a]",
        "<a href=\"java\nscript:x\">a</a>",
        "<a href='&#106;avascript:x'>a</a>",
        "<img src=x onerror=alert(1)>",
        "<svg><script>x</script></svg>",
        "<math><mi//xlink:href=\"data:x,<script>x</script>\">",
        "<details ontoggle=x open>",
        "<b title='<code data-code=\"0\"></code>'>x</b>\n\n```\n\"><script>x</script>\n```\n",
        "<code data-code=\"0\"></code> <script>x</script>\n\n```\n<script>x</script>\n```",
        "## x {#\"onclick=x}",
        "```\"onload=x\nx\n```",
        "[a](<x\" onclick=\"x>)",
        "![\" onerror=\"x](a.png)",
        "[a](a \"\\\" onclick=\\\"x\")",
        "<noscript><p title=\"</noscript><img src=x onerror=x>\">",
        "<div><p <script>x</script>",
        "a[^\"onclick]\n\n[^\"onclick]: <script>x</script>",
        "<!--><script>x</script>-->",
        "<textarea><img src=x onerror=x></textarea>",
    ] {
        judge(text);
    }
}

#[test]
fn absurd_nesting_ends() {
    for (open, close) in [
        (">", ""),
        ("[", ""),
        ("[", "]"),
        ("*a ", ""),
        ("- ", ""),
        ("<div>", ""),
        ("<b>", "</b>"),
        ("![", "](a)"),
        ("`", ""),
    ] {
        let text = format!("{}x{}", open.repeat(10_000), close.repeat(10_000));
        judge(&text);
    }
}

fn nasty() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "<",
        ">",
        "\"",
        "'",
        "&",
        "=",
        "/",
        " ",
        "\n",
        "\n\n",
        "`",
        "```",
        "```json\n",
        "{:",
        "}",
        "{: .note}",
        "# ",
        "> ",
        "- ",
        "[",
        "]",
        "(",
        ")",
        "](",
        "![",
        "[[",
        "]]",
        "|",
        "| a | b |\n|--|--|\n",
        "[^1]",
        "[^1]: ",
        "javascript:",
        "data:",
        "onclick=x",
        "style=x",
        "<script>",
        "</script>",
        "<a href=",
        "<img src=",
        "<div",
        "<b>",
        "</b>",
        "<!--",
        "-->",
        "<svg",
        "<style>",
        "<details>",
        "<summary>",
        "<code data-code=\"0\"></code>",
        "<td>",
        "{#a}",
        "{% raw %}",
        "{{site.url}}",
        "---\n",
        "title: ",
        "\u{0}",
        "é",
        "\u{202e}",
        "&#106;",
        "&Tab;",
        "<x-y>",
        "x",
        "## A?\n",
    ]);
    let any = prop_oneof![4 => pieces.prop_map(str::to_owned), 1 => ".{0,4}"];
    prop::collection::vec(any, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn nothing_runs(text in nasty()) {
        judge(&text);
    }

    #[test]
    fn no_bytes_break_a_load(matter in prop::collection::vec(any::<u8>(), 0..80), text in nasty(), mark in prop::sample::select(vec!["---\n", "+++\n", ""])) {
        let bytes = [mark.as_bytes(), &matter, b"\n", mark.as_bytes(), text.as_bytes()].concat();
        let snapshot = load_files(&[("p.md", &bytes)]);
        prop_assert!(snapshot.pages.len() == 2 || !snapshot.problems().is_empty());
    }
}
