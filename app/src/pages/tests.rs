#![allow(clippy::unwrap_used)]
use super::sample::frame;
use super::*;
use crate::model::{
    AccountField, AccountPage, AccountRefusal, ArticlePage, CanaryRow, Crumb, Direction, ErrorPage, Facet, FacetValue,
    FallbackNotice, Heading, Hit, LanguageChoice, LoginPage, LoginWay, Marked, NavItem, ProblemGroup, ProblemRow, Rung,
    SearchPage, SearchResults, SessionRow, Severity, Span,
};

fn crumb(title: &str) -> Crumb {
    Crumb { title: title.into(), url: format!("/help/{title}") }
}

fn plain_article() -> ArticlePage {
    ArticlePage {
        id: "fish".into(),
        crumbs: vec![crumb("start"), crumb("fish")],
        title: "Fish & <chips>".into(),
        description: None,
        html: "<p>Prose</p>".into(),
        toc: Vec::new(),
        branch: Vec::new(),
        previous: None,
        next: None,
        related: Vec::new(),
        tags: Vec::new(),
        updated: None,
        fallback: None,
        faq: false,
        markdown_url: "/help/fish.md".into(),
        lasting_url: "/help/a/fish".into(),
        vote_url: Some("/help/feedback/fish".into()),
        questions: None,
    }
}

fn marked(text: &str) -> Marked {
    Marked(vec![Span { text: text.into(), matched: false }, Span { text: "hit<".into(), matched: true }])
}

fn found() -> SearchPage {
    let hit = Hit {
        id: "fish".into(),
        title: marked("Fish "),
        url: "/help/fish#fry".into(),
        section: None,
        anchor: Some("fry".into()),
        snippet: marked("Fry the "),
        category: None,
        score: 1.0,
        rung: Rung::Exact,
        explanation: None,
        sections: Vec::new(),
        terms: vec!["fry".into()],
        via: None,
    };
    let value = FacetValue { value: "a/b".into(), label: "B".into(), count: 2, selected: true, url: "/x".into() };
    let results = SearchResults {
        query: "\"><script>".into(),
        total: 42,
        limit: 20,
        offset: 20,
        took_us: 9,
        hits: vec![hit],
        suggestion: None,
        facets: vec![Facet { name: "category", values: vec![value] }],
        notices: Vec::new(),
    };
    SearchPage {
        chat_url: None,
        popular: Vec::new(),
        results,
        page: 2,
        pages: 3,
        previous_url: Some("/help/search?q=x".into()),
        next_url: Some("/help/search?q=x&page=3".into()),
        clear_url: None,
    }
}

#[test]
fn text_is_escaped_wherever_it_stands() {
    let html = article(&frame("en"), &plain_article());
    assert!(html.starts_with("<!DOCTYPE html><html lang=\"en\" dir=\"ltr\""), "{}", &html[..80]);
    assert!(html.contains("<title>Fish &amp; &lt;chips&gt; · Acme Help</title>"));
    assert!(!html.contains("<chips>"));
    assert!(html.contains("<div class=\"prose\"><p>Prose</p></div>"));
}

#[test]
fn no_page_carries_a_style_attribute_or_a_second_inline_script() {
    let pages = [article(&frame("en"), &plain_article()), search(&frame("ar"), &found())];
    for html in pages {
        assert!(!html.contains(" style="));
        assert_eq!(html.matches("<script").count(), 3, "the theme and two deferred scripts");
        assert!(html.contains(THEME_SCRIPT));
    }
}

#[test]
fn a_right_to_left_locale_turns_the_page_round() {
    let html = article(&frame("ar"), &plain_article());
    assert!(html.contains("<html lang=\"ar\" dir=\"rtl\""));
}

#[test]
fn a_page_in_another_language_says_so_and_marks_its_text() {
    let mut page = plain_article();
    page.fallback = Some(FallbackNotice { locale: "en".into(), direction: Direction::Ltr, name: "English".into() });
    let html = article(&frame("ar"), &page);
    assert!(html.contains("<article lang=\"en\" dir=\"ltr\" data-article=\"fish\">"));
    assert!(html.contains("English."));
}

#[test]
fn the_fragment_is_what_the_page_shows() {
    let (frame, page) = (frame("en"), found());
    let fragment = results_fragment(&frame.site, &page);
    assert!(search(&frame, &page).contains(&fragment));
    assert!(fragment.contains("<mark>hit&lt;</mark>"));
    assert!(fragment.contains("42 results"));
    assert!(fragment.contains("id=\"hits\" aria-label=\"Results\""), "{fragment}");
}

#[test]
fn a_long_list_of_filters_is_shown_in_part() {
    let mut page = found();
    let value = page.results.facets[0].values[0].clone();
    page.results.facets[0].values =
        (1..=20).map(|at| FacetValue { label: format!("Topic {at}"), ..value.clone() }).collect();
    let html = |page: &SearchPage| results_fragment(&frame("en").site, page);
    assert!(!html(&page).contains("<details"), "what is chosen is always seen");
    page.results.facets[0].values.iter_mut().skip(1).for_each(|value| value.selected = false);
    let html = html(&page);
    let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text} is missing in {html}"));
    assert!(at("Topic 8<") < at("<summary>More</summary>") && at("<summary>") < at("Topic 9<"));
    assert_eq!(html.matches("<li><a href=\"/x\"").count(), 20);
}

#[test]
fn numbers_are_written_as_the_language_writes_them() {
    let mut page = found();
    page.results.total = 1_758;
    page.results.facets[0].values[0].count = 1_024;
    let html = results_fragment(&frame("de").site, &page);
    assert!(html.contains("1.758 Ergebnisse") && html.contains("<span class=\"number\">1.024</span>"), "{html}");
}

#[test]
fn a_query_cannot_leave_its_field() {
    let html = search(&frame("en"), &found());
    assert!(html.contains("value=\"&quot;&gt;&lt;script&gt;\""), "{html}");
    assert!(html.contains("<input type=\"hidden\" name=\"category\" value=\"a/b\""), "chosen filters travel along");
}

#[test]
fn the_pager_knows_where_it_is() {
    let html = results_fragment(&frame("en").site, &found());
    assert!(html.contains("Page 2 of 3"));
    assert!(html.contains("rel=\"prev\" href=\"/help/search?q=x\""));
    assert!(html.contains("rel=\"next\" href=\"/help/search?q=x&amp;page=3\""));
}

#[test]
fn one_heading_needs_no_table_of_contents() {
    let heading = |anchor: &str| Heading { anchor: anchor.into(), title: anchor.into(), level: 2 };
    let mut page = plain_article();
    page.toc = vec![heading("one")];
    assert!(!article(&frame("en"), &page).contains("id=\"toc\""));
    page.toc.push(heading("two"));
    assert!(article(&frame("en"), &page).contains("popovertarget=\"toc\""));
}

#[test]
fn the_branch_marks_the_page_itself() {
    let leaf = NavItem { title: "Leaf".into(), url: "/leaf".into(), current: true, children: Vec::new() };
    let mut page = plain_article();
    page.branch = vec![NavItem { title: "Top".into(), url: "/top".into(), current: false, children: vec![leaf] }];
    assert!(article(&frame("en"), &page).contains("<a href=\"/leaf\" aria-current=\"page\">Leaf</a>"));
}

#[test]
fn errors_and_refusals_are_said() {
    let page = ErrorPage {
        status: 503,
        title: "Busy".into(),
        message: "Try later.".into(),
        detail: Some("it is <full>".into()),
        request_id: Some("r1".into()),
    };
    let html = error(&frame("en"), &page);
    assert!(
        html.contains("please quote r1.") && html.contains("<span lang=\"en\" dir=\"ltr\">it is &lt;full&gt;</span>")
    );
    assert!(html.contains("role=\"search\"") && html.contains("<a href=\"/help/\">Back to the home page</a>"));
}

#[test]
fn staff_signs_in_either_way_and_is_told_why_not() {
    let refusal = Some("Not <right>.".to_owned());
    let way = LoginWay::Token;
    let page = LoginPage { way, next: None, refusal: refusal.clone(), other_url: Some("/help/agent/login".into()) };
    let html = login(&frame("en"), &page);
    assert!(html.contains("action=\"/help/admin/login\"") && html.contains("Not &lt;right&gt;.</p>"));
    assert!(html.contains("<a href=\"/help/agent/login\">Sign in with your account</a>"));
    let way = LoginWay::Account { email: "ada@example.com".into() };
    let html = login(&frame("en"), &LoginPage { way, next: Some("/agent/a?b".into()), refusal, other_url: None });
    assert!(html.contains("action=\"/help/agent/login\"") && html.contains("name=\"next\" value=\"/agent/a?b\""));
    assert!(html.contains("value=\"ada@example.com\"") && html.contains("autocomplete=\"current-password\" autofocus"));
}

#[test]
fn an_account_says_a_refusal_at_its_field() {
    let session = |id: &str, browser: Option<&str>, current| SessionRow {
        id: id.into(),
        browser: browser.map(str::to_owned),
        network: Some("192.0.2.0/24".into()),
        since: "2026-11-21 10:00 UTC".into(),
        seen: "2026-11-21 11:00 UTC".into(),
        current,
    };
    let page = AccountPage {
        away: Some(false),
        name: "Ada \"A\"".into(),
        email: "ada@example.com".into(),
        languages: vec![LanguageChoice { locale: "de".into(), name: "Deutsch".into(), chosen: true }],
        fewest: 10,
        sessions: vec![session("one", Some("Firefox, Linux"), true), session("two", None, false)],
        notice: None,
        refusal: Some(AccountRefusal { field: AccountField::NewPassword, why: "Too short.".into() }),
    };
    let html = account(&frame("en"), &page);
    assert!(html.contains("aria-describedby=\"password-rule refusal\" aria-invalid=\"true\""), "{html}");
    assert_eq!(html.matches("Too short.").count(), 1);
    assert!(html.contains("<option value=\"de\" lang=\"de\" selected>Deutsch</option>"), "{html}");
    assert!(html.contains("value=\"Ada &quot;A&quot;\"") && html.contains("At least 10 characters."));
    assert!(html.contains("name=\"session\" value=\"two\"") && !html.contains("name=\"session\" value=\"one\""));
}

#[tokio::test]
async fn a_failed_panel_speaks_for_itself() {
    let canary = CanaryRow { query: "fish".into(), expected: "/fish".into(), found: true };
    let panels = Panels {
        problems: Box::pin(async { Err("the disk is full".to_owned()) }),
        // Pending once, as a real answer is: it must arrive in its place all the same.
        canaries: Box::pin(async move {
            tokio::task::yield_now().await;
            Ok(vec![canary])
        }),
        slowest: Box::pin(async { Ok(Vec::new()) }),
    };
    let html = stream(panels).await;
    assert!(html.contains("could not be loaded: the disk is full"));
    assert!(html.contains("No page has been made yet."));
    let (found, slowest) = (html.find("<code>/fish</code>").unwrap(), html.find("id=\"slowest\"").unwrap());
    assert!(found < slowest);
}

#[tokio::test]
async fn problems_of_a_kind_stand_together() {
    let problem =
        |at: usize| ProblemRow { place: format!("a.md:{at}"), message: "Gone.".into(), cure: "Mend it.".into() };
    let group =
        |severity, kind: &str| ProblemGroup { severity, kind: kind.into(), problems: (1..=7).map(problem).collect() };
    let groups = vec![group(Severity::Error, "bad-front-matter"), group(Severity::Notice, "old-link")];
    let html = stream(Panels {
        problems: Box::pin(async { Ok(groups) }),
        canaries: Box::pin(async { Ok(Vec::new()) }),
        slowest: Box::pin(async { Ok(Vec::new()) }),
    })
    .await;
    let [_, errors, notices] = html.split("<section class=\"problems\">").collect::<Vec<_>>()[..] else {
        panic!("not two kinds: {html}");
    };
    assert_eq!((errors.matches("<tr><td>").count(), errors.contains("<details")), (7, false), "errors are all seen");
    let (seen, folded) = notices.split_once("<summary>2 more</summary>").unwrap();
    assert_eq!((seen.matches("<tr><td>").count(), folded.matches("<tr><td>").count()), (5, 2), "{html}");
}

/// As `leptos_axum` streams it: in order.
async fn stream(panels: Panels) -> String {
    use futures::StreamExt;
    let page = crate::model::AdminPage {
        snapshot: "abc".into(),
        commit: None,
        built_at: "2026-11-21T00:00:00Z".into(),
        source: "content".into(),
        articles: 3,
        categories: 1,
        locales: vec!["en".into()],
        ready: true,
        mails_waiting: 0,
    };
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let stream = owner.with(|| view! { <Admin frame=frame("en") page panels/> }.to_html_stream_in_order());
    stream.collect::<Vec<_>>().await.concat()
}
