//! A folder as it comes from another generator: whatever its names and front matter, no page of it is lost.

use std::fmt::Write;

use crate::site;

const PAGES: usize = 400;
const FOLDERS: &[&str] =
    &["_guides", "_api-reference", "Großes Thema", "_my docs", "UPPER", "deep", "_v1.2", "a&b", "日本語", "index"];
const TITLES: &[&str] = &["Overview", "API", "Getting started", "Überblick", "Q&A: <tags>", "\\\"Quoted\\\""];

/// Numbers that look like chance and are the same each time (Knuth, The Art of Computer Programming, 3.3.4).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    fn any<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

struct Source {
    file: String,
    text: String,
    /// Stands in no other page.
    paragraph: String,
    old: Option<String>,
}

fn source(dice: &mut Dice, number: usize) -> Source {
    let depth = dice.below(4);
    let folder: String = (0..depth).map(|_| format!("{}/", dice.any(FOLDERS))).collect();
    let name = match dice.below(8) {
        0 => format!("Page With Spaces {number}"),
        1 => format!("Überblick-{number}"),
        2 => format!("CamelCase{number}"),
        3 => format!("{number}_under_score"),
        4 => format!("what's-new_(v{number}.0)"),
        // These meet others of their name, in one folder or only in another case.
        5 => format!("twin-{}", number / 16),
        6 => format!("Twin-{}", number / 16),
        _ => format!("page-{number}"),
    };
    let old = dice.one_in(5).then(|| format!("/old/place-{number}/"));
    let paragraph = format!("Paragraph {number:04} is the first of its page and stands nowhere else.");
    let text = format!("{}{}", front_matter(dice, number, old.as_deref()), body(dice, &paragraph));
    Source { file: format!("{folder}{name}.md"), text, paragraph, old }
}

fn front_matter(dice: &mut Dice, number: usize, old: Option<&str>) -> String {
    let mut text = format!("---\nlayout: default\ntitle: \"{}\"\n", dice.any(TITLES));
    let mut line = |line: String| writeln!(text, "{line}").unwrap();
    if dice.one_in(3) {
        line(format!("nav_order: {}", dice.below(20)));
    }
    if dice.one_in(4) {
        line(format!("parent: {}", dice.any(&["Overview", "API", "No such page"])));
    }
    match dice.below(8) {
        0 => line(format!("permalink: /Moved/page {number}/")),
        1 => line(format!("permalink: /shared/{}/", number / 40)),
        2 => line(format!("permalink: /pages/{number}.html")),
        _ => {}
    }
    if dice.one_in(6) {
        line("has_children: true\nnav_exclude: true\nhas_math: false".to_owned());
    }
    if let Some(old) = old {
        line(format!("redirect_from:\n  - {old}\n  - {}", old.trim_end_matches('/').to_uppercase()));
    }
    text + "---\n\n"
}

fn body(dice: &mut Dice, paragraph: &str) -> String {
    let before = dice.any(&[
        "",
        "# Heading\n{: .no_toc }\n\n",
        "{% include banner.html %}\n\n",
        "<!-- a comment -->\n\n",
        "{% assign x = 'y' %}\n# {{ page.title }}\n\n",
        "<h1 align=\"center\">Raw</h1>\n\n",
        "[![badge](https://example.com/b.svg)](https://example.com)\n\n",
    ]);
    let after = dice.any(&[
        "",
        "{: .note }\n\nMore.",
        "\n| a | b |\n|---|:-:|\n| 1 | {{ x }} |\n{: .table }\n",
        "\n<div class=\"wide\" markdown=\"1\">\n\n* item\n\n",
        "\n{% raw %}\n```yaml\nkey: {{ value }}\n```\n{% endraw %}\n",
        "\n<details><summary>More</summary>\n\nInside *it*.\n</details>",
        "\n{% comment %} hidden {% endcomment %}\n\n1. one\n{:start=\"3\"}\n   two\n\n[^n]\n\n[^n]: Note.",
        "\n## Same\n\n## Same\n\n[gone](gone.md) [up](../../..) <b>open",
    ]);
    format!("{before}{paragraph}\n{after}\n")
}

#[tokio::test]
async fn every_page_of_another_generators_folder_is_served() {
    let mut dice = Dice(2026);
    let mut sources: Vec<Source> = (0..PAGES).map(|number| source(&mut dice, number)).collect();
    sources.sort_by(|one, other| one.file.cmp(&other.file));
    sources.dedup_by(|one, other| one.file == other.file);
    assert!(sources.len() > PAGES * 9 / 10, "too many files of one name");
    let files: Vec<_> = sources.iter().map(|source| (source.file.as_str(), source.text.as_str())).collect();
    let site = site::serve(&files).await;
    let pages = all_pages(&site).await;
    for Source { file, paragraph, old, .. } in &sources {
        let holding: Vec<_> = pages.iter().filter(|(_, html)| html.contains(&format!(">{paragraph}"))).collect();
        assert_eq!(holding.len(), 1, "{file} is at {:?}", holding.iter().map(|page| &page.0).collect::<Vec<_>>());
        if let Some(old) = old {
            assert_eq!(site.redirect(old).await, (308, holding[0].0.clone()), "{old} of {file}");
        }
    }
}

/// Path and HTML of every page that the sitemap names, each once.
async fn all_pages(site: &site::Site) -> Vec<(String, String)> {
    let sitemap = site.page("/sitemap.xml").await;
    let document = roxmltree::Document::parse(&sitemap).unwrap();
    let named = document.descendants().filter(|node| node.tag_name().name() == "loc");
    let mut paths: Vec<_> =
        named.map(|node| node.text().unwrap().strip_prefix(&site.url).unwrap().to_owned()).collect();
    paths.sort();
    let count = paths.len();
    paths.dedup();
    assert_eq!(paths.len(), count, "an address is named twice");
    let mut pages = Vec::with_capacity(count);
    for path in paths {
        let html = site.page(&path).await;
        pages.push((path, html));
    }
    pages
}
