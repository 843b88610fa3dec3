//! Pages as a reader gets them.

use crate::site;

#[tokio::test]
async fn an_article_has_what_a_reader_needs() {
    let site = site::serve(&[
        ("index.md", "# Welcome"),
        ("start/index.md", "---\ndescription: First steps\n---\n# Start"),
        ("start/a.md", "---\norder: 1\n---\n# First\n\nText."),
        (
            "start/b.md",
            "---\norder: 2\ndescription: How to go on\nupdated: 2026-11-20\ntags: [basics]\n---\n# Second\n\n\
             See [the first](a.md#more).\n\n## Part one\n\nText.\n\n## Part two\n\nText.",
        ),
        ("start/c.md", "---\norder: 3\n---\n# Third"),
    ])
    .await;
    let page = site.page("/start/b").await;
    for part in [
        "<h1",
        "lang=\"en\"",
        "href=\"/start/a#more\"",
        "id=\"part-one\"",
        "href=\"#part-two\"",
        "datetime=\"2026-11-20\"",
        "rel=\"canonical\"",
        "BreadcrumbList",
        "TechArticle",
        "href=\"/start/a\"",
        "href=\"/start/c\"",
        "href=\"/start/b.md\"",
        "tag=basics",
    ] {
        assert!(page.contains(part), "{part} is missing in\n{page}");
    }
    assert!(!page.contains(" style="), "a style attribute, which the policy forbids");
    assert!(!page.contains("FAQPage"));
}

#[tokio::test]
async fn questions_are_items_and_structured_data() {
    let text = "---\nfaq: true\n---\n# Questions\n\n## Is it free?\n\nYes.\n\n## Is it fast?\n\nVery.";
    let site = site::serve(&[("faq.md", text)]).await;
    let page = site.page("/faq").await;
    assert_eq!(page.matches("<details class=\"faq\"").count(), 2, "{page}");
    assert!(page.contains("FAQPage") && page.contains("\"acceptedAnswer\""));
}

#[tokio::test]
async fn a_page_without_translation_is_shown_with_a_notice() {
    let site = site::serve(&[
        ("index.md", "# Welcome"),
        ("start/a.md", "# English article"),
        ("de/index.md", "# Willkommen"),
        ("de/start/b.md", "# Deutscher Artikel"),
    ])
    .await;
    let page = site.page("/de/start/a").await;
    assert!(page.contains("<html lang=\"de\""), "the interface stays German");
    assert!(page.contains("lang=\"en\""), "the text says that it is English");
    assert!(page.contains("noindex"));
    assert!(site.page("/de/start/b").await.contains("Deutscher Artikel"));
    assert_eq!(site.status("/fr/start/a").await, 404);
}

#[tokio::test]
async fn translations_know_each_other() {
    let site = site::serve(&[("start/a.md", "# One"), ("de/start/a.md", "# Eins")]).await;
    for page in [site.page("/start/a").await, site.page("/de/start/a").await] {
        for part in ["hreflang=\"en\"", "hreflang=\"de\"", "hreflang=\"x-default\""] {
            assert!(page.contains(part), "{part} is missing");
        }
    }
}

#[tokio::test]
async fn arabic_runs_from_right_to_left() {
    let site = site::serve(&[("one.md", "# One"), ("ar/one.md", "# واحد")]).await;
    assert!(site.page("/ar/one").await.contains("dir=\"rtl\""));
}

#[tokio::test]
async fn images_lie_beside_the_page() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x08\x08\x02\0\0\0";
    let site = site::serve(&[("start/a.md", "# A\n\n![Plan](img/plan.png)")]).await;
    site::write(site.content.path(), "start/img/plan.png", png);
    site.edit("start/a.md", "# A\n\nChanged.\n\n![Plan](img/plan.png)").await;
    let page = site.page("/start/a").await;
    assert!(page.contains("src=\"/start/img/plan.png\"") && page.contains("width=\"16\""), "{page}");
    let image = site.get("/start/img/plan.png").await;
    assert_eq!(image.headers()["content-type"], "image/png");
    let etag = image.headers()["etag"].clone();
    let again = site.ask("/start/img/plan.png").header("if-none-match", etag).send().await.unwrap();
    assert_eq!(again.status(), 304);
}

#[tokio::test]
async fn hostile_markup_does_not_reach_the_reader() {
    let text = "# A\n\n<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n[x](javascript:alert(1))\n\n\
                <p style=\"color:red\" onclick=\"x()\">kept text</p>";
    let site = site::serve(&[("one.md", text)]).await;
    let page = site.page("/one").await;
    let main = &page[page.find("<main").unwrap()..page.find("</main>").unwrap()];
    for bad in ["<script", "onerror", "javascript:", "onclick", "style="] {
        assert!(!main.contains(bad), "{bad} in {main}");
    }
    assert!(main.contains("kept text"));
}

#[tokio::test]
async fn the_home_page_picks_and_counts() {
    let settings = "[site]\nname = \"Acme Help\"\npicked = [\"start/b\"]";
    let files = [("start/a.md", "# Article A"), ("start/b.md", "# Article B"), ("start/c.md", "# Article C")];
    let site = site::serve_with(settings, &files).await;
    let home = site.page("/").await;
    assert!(home.contains("Acme Help") && home.contains("Article B"), "{home}");
    for _ in 0..3 {
        site.page("/start/c").await;
    }
    site.help.keep_house(jiff::Timestamp::now()).await.unwrap();
    assert_eq!(site.help.popular.load().len(), 1 + 1, "the home page and the article were opened");
    assert!(site.page("/").await.contains("Article C"));
}

#[tokio::test]
async fn a_category_does_not_repeat_its_name_in_each_row() {
    let site = site::serve_with(
        "[site]\npicked = [\"start/a\"]",
        &[("index.md", "# Welcome"), ("start/index.md", "# Start"), ("start/a.md", "# First\n\nText.")],
    )
    .await;
    let category = site.page("/start").await;
    assert!(category.contains("<span class=\"row-title\">First</span>"), "{category}");
    assert!(!category.contains("class=\"row-where\""), "{category}");
    assert!(site.page("/").await.contains("<span class=\"row-where\">Start</span>"), "a mixed list tells them apart");
}

#[tokio::test]
async fn a_help_center_bears_the_name_it_was_given() {
    let files = [("index.md", "# Welcome")];
    let check = |page: &str, name: &str| assert!(page.contains(&format!(">{name}</")), "not called {name}: {page}");
    check(&site::serve(&files).await.page("/").await, "Help center");
    check(&site::serve_with("[site]\nname = \"Acme\"", &files).await.page("/").await, "Acme");
    check(&site::serve_manual("").await.page("/").await, "Signpost");
    check(&site::serve_manual("[site]\nname = \"Acme\"").await.page("/").await, "Acme");
}
