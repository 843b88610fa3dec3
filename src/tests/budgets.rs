//! Bytes a reader pays for. Those of styles, scripts and WebAssembly are weighed where they are built, by
//! `cargo xtask test`.

use std::io::Read;

use crate::site;

/// What the page around an article's text may weigh, in bytes after brotli.
const AROUND_PROSE: usize = 5_000;

#[tokio::test]
async fn the_page_around_an_article_is_light() {
    let section = |number: usize| format!("## Section {number}\n\nShort text.\n\n");
    let article = format!(
        "---\ntags: [one, two]\nupdated: 2026-11-21\n---\n# Article\n\n{}",
        (0..12).map(section).collect::<String>()
    );
    let mut files = vec![("index.md".to_owned(), "# Welcome".to_owned()), ("guide/article.md".to_owned(), article)];
    files.extend((0..20).map(|n| (format!("guide/other-{n}.md"), format!("# Another article, number {n}\n\nText."))));
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let site = site::serve(&files).await;
    let page = site.page("/guide/article").await;
    let view = site.help.edition.load_full();
    let reader = signpost::identity::anonymous();
    let prose = &view.snapshot.view(&reader).at("/guide/article").unwrap().prose.html;
    assert!(page.contains(prose.as_str()), "the page holds its prose as it was rendered");
    let around = page.replace(prose.as_str(), "");
    let mut packed = Vec::new();
    brotli::CompressorReader::new(around.as_bytes(), 4096, 11, 22).read_to_end(&mut packed).unwrap();
    assert!(packed.len() <= AROUND_PROSE, "{} bytes around the prose, more than {AROUND_PROSE}", packed.len());
}
