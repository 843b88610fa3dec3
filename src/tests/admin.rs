//! `/admin` is for whoever gave the token.

use reqwest::Method;

use crate::site::{self, Site};

const TOKEN: &str = "correct-horse-battery-staple";
const FILES: &[(&str, &str)] =
    &[("start/good.md", "# Good\n\nText."), ("start/bad.md", "---\ntitle: [unclosed\n---\n# Bad")];

pub async fn with_token() -> Site {
    site::serve_with(&format!("[admin]\ntoken = \"{TOKEN}\""), FILES).await
}

async fn login(site: &Site, token: &str) -> reqwest::Response {
    site.request(Method::POST, "/admin/login").form(&[("token", token)]).send().await.unwrap()
}

#[tokio::test]
async fn without_a_token_there_is_no_admin() {
    let site = site::serve(FILES).await;
    assert_eq!(site.status("/admin").await, 404);
    assert_eq!(site.status("/admin/login").await, 404);
}

#[tokio::test]
async fn the_token_opens_a_session_that_can_be_closed() {
    let site = with_token().await;
    assert_eq!(site.redirect("/admin").await, (303, "/admin/login".to_owned()));
    assert_eq!(login(&site, "wrong").await.status(), 401);
    let response = login(&site, TOKEN).await;
    assert_eq!(response.status(), 303);
    let cookie = response.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    assert!(!cookie.contains(TOKEN), "the cookie holds the token itself");

    let page = site.ask("/admin").header("cookie", &cookie).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert_eq!(page.headers()["cache-control"], "no-store");
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    let page = page.text().await.unwrap();
    assert!(page.contains("start/bad.md:"), "the problem's place is missing in {page}");
    assert!(page.contains("</html>"), "the page breaks off: {page}");
    let nonce =
        page.split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("streaming needs a script");
    assert!(policy.contains(&format!("'nonce-{nonce}'")), "{policy} forbids the page's own script");

    let close = site.request(Method::POST, "/admin/logout").header("cookie", &cookie).send().await.unwrap();
    assert_eq!(close.status(), 303);
    let page = site.ask("/admin").header("cookie", &cookie).send().await.unwrap();
    assert_eq!(page.status(), 303, "a closed session still opens the page");
}

#[tokio::test]
async fn guessing_is_throttled() {
    let site = with_token().await;
    let mut last = 0;
    for _ in 0..6 {
        last = login(&site, "guess").await.status().as_u16();
    }
    assert_eq!(last, 429);
    let refused = login(&site, TOKEN).await;
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["retry-after"], "60");
}

pub async fn signed_in(site: &Site) -> String {
    let response = login(site, TOKEN).await;
    response.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn staff_sees_and_steers_what_leaves() {
    let settings = format!("[admin]\ntoken = \"{TOKEN}\"\n[connectors.crm]\nurl = \"http://127.0.0.1:1/\"");
    let site = site::serve_with(&settings, FILES).await;
    let steer = |cookie: &str, deed: &str, what: &str| {
        let form = [("deed", deed), ("what", what)];
        site.request(Method::POST, "/admin/delivery").header("cookie", cookie).form(&form).send()
    };
    assert_eq!(steer("", "pause", "connector.crm").await.unwrap().headers()["location"], "/admin/login");
    let cookie = signed_in(&site).await;
    let page =
        async || site.ask("/admin/delivery").header("cookie", &cookie).send().await.unwrap().text().await.unwrap();
    let before = page().await;
    assert!(before.contains("connector.crm") && before.contains("Everything could be delivered."), "{before}");
    assert_eq!(steer(&cookie, "pause", "connector.crm").await.unwrap().status(), 303);
    assert!(page().await.contains("Paused"));
    assert_eq!(steer(&cookie, "resume", "connector.crm").await.unwrap().status(), 303);
    assert!(!page().await.contains("Paused"));
    assert_eq!(steer(&cookie, "explode", "connector.crm").await.unwrap().status(), 400);
    assert_eq!(steer(&cookie, "drop", "nothing").await.unwrap().status(), 400);
}

#[tokio::test]
async fn staff_sees_what_is_done_with_readers_data() {
    let settings = format!(
        "[admin]\ntoken = \"{TOKEN}\"\n[retention]\nevents_days = 90\n[connectors.crm]\nurl = \"http://127.0.0.1:1/\"\n\
         [tags]\nhotjar = {{ id = \"1234567\" }}"
    );
    let site = site::serve_with(&settings, FILES).await;
    crate::events::Browser::of(&site).allow("all").await;
    let cookie = signed_in(&site).await;
    let page = site.ask("/admin/privacy").header("cookie", &cookie).send().await.unwrap().text().await.unwrap();
    for expect in ["90 d", "connector.crm", "hotjar", "30 min", "Nothing was purged yet."] {
        assert!(page.contains(expect), "{expect} is missing: {page}");
    }
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    assert!(page.contains(&today), "the day of the choice is shown");
}

#[tokio::test]
async fn staff_sees_what_proposals_spare_and_which_articles_answer() {
    let settings = format!("[admin]\ntoken = \"{TOKEN}\"\n[tickets]\nhold_out = 0.2");
    let site = site::serve_with(&settings, FILES).await;
    let cookie = signed_in(&site).await;
    let page = async || {
        let page = site.ask("/admin/tickets").header("cookie", &cookie).send().await.unwrap();
        (page.status().as_u16(), page.text().await.unwrap())
    };
    let (status, empty) = page().await;
    assert_eq!(status, 200);
    assert!(
        empty.contains("Too few to judge by") && empty.contains("None yet.") && empty.contains("</html>"),
        "{empty}"
    );
    // Of 100 who were shown answers 80 sent no ticket, of 50 others 20; one article answered 8 of those who opened it.
    sqlx::query(
        "with recursive n (i) as (select 1 union all select i + 1 from n where i < 150)
         insert into proposals (id, at, form, held_out, shown, opened, answered, outcome)
         select 'p' || i, i, 'question', i > 100, '[]', iif(i <= 10, 'start-good', null), i <= 8,
             iif(i <= 80 or i > 130, iif(i <= 10, 'deflected', 'gone'), 'ticket') from n",
    )
    .execute(site.help.store.writer())
    .await
    .unwrap();
    let (_, full) = page().await;
    for part in ["80 (80.0 %)", "20 (40.0 %)", "+40.0", "+23.", "+54.", ">10<", ">8<"] {
        assert!(full.contains(part), "{part} is missing in {full}");
    }
    assert!(full.contains("/a/start-good") && full.contains(">Good<"), "{full}");
    assert!(!full.contains("it may be chance") && !full.contains("Too few"), "{full}");
    assert_eq!(site.redirect("/admin/tickets").await, (303, "/admin/login".to_owned()));
}

async fn execute(site: &Site, sql: &'static str) {
    sqlx::query(sql).execute(site.help.store.writer()).await.unwrap();
}

#[tokio::test]
async fn staff_sees_what_becomes_of_tickets_by_desk_agent_channel_and_form() {
    let site = with_token().await;
    let cookie = signed_in(&site).await;
    // Ten tickets of today, three of them of Sam; one of 20 days ago, one of 60; one that is spam.
    execute(
        &site,
        "insert into agents (id, email, name, role, password_hash, created_at)
         values ('a1', 'sam@help.example', 'Sam', 'agent', '', 0)",
    )
    .await;
    execute(
        &site,
        "with recursive n (i) as (select 1 union all select i + 1 from n where i < 13),
             t as (select i, unixepoch() * 1000 - case i when 11 then 20 when 12 then 60 else 0 end * 86400000 as at from n)
         insert into tickets (id, number, secret, form, status, priority, subject, locale, fields, dossier, tags, opened_at,
             updated_at, channel, assignee, replied_at, solved_at, rating, reopened, held)
         select 't' || i, i, 's' || i, iif(i = 1, 'bug', 'question'), iif(i <= 8, 'solved', 'open'), 'normal', '', 'en', '{}',
             '[]', '[]', at, at, iif(i <= 4, 'mail', 'portal'), iif(i <= 3, 'a1', null), at + i * 60000,
             iif(i <= 8, at + i * 3600000, null), case when i <= 3 then 'good' when i = 4 then 'bad' end, i = 2, i = 13 from t",
    )
    .await;
    let page = async |query: &str| {
        let page = site.ask(&format!("/admin/tickets{query}")).header("cookie", &cookie).send().await.unwrap();
        assert_eq!(page.status(), 200);
        page.text().await.unwrap()
    };
    let month = page("").await;
    for part in [">Sam<", ">Nobody<", ">Mail<", ">Form<", ">own portal<", ">Question<", "75 % of 4 (30 to 95 %)"] {
        assert!(month.contains(part), "{part} is missing in {month}");
    }
    assert!(month.contains(r#"<td class="right">11</td>"#), "eleven are of this month: {month}");
    assert!(page("?days=7").await.contains(r#"<td class="right">10</td>"#));
    assert!(page("?days=90").await.contains(r#"<td class="right">12</td>"#), "spam does not count");
    assert!(page("?days=1000").await.contains(r#"<a href="/admin/tickets?days=30" aria-current="true">30 days</a>"#));
}

#[tokio::test]
async fn owners_see_what_is_asked_after_reading_their_articles() {
    let files = [
        ("start/good.md", "---\nowner: docs team\n---\n# Good\n\nText."),
        ("start/poor.md", "---\nowner: api team\naudience: [staff]\n---\n# Poor\n\nText."),
        ("start/unread.md", "# Unread\n\nText."),
    ];
    let site = site::serve_with(&format!("[admin]\ntoken = \"{TOKEN}\""), &files).await;
    let cookie = signed_in(&site).await;
    for sql in [
        "insert into tickets (id, number, secret, form, status, priority, subject, locale, fields, dossier, tags, opened_at,
             updated_at, solved_at, rating)
         values ('t1', 1, 's1', 'bug', 'solved', 'low', '', 'en', '{}', '[]', '[]', unixepoch() * 1000, 0, 1, 'good'),
             ('t2', 2, 's2', 'bug', 'open', 'low', '', 'en', '{}', '[]', '[]', unixepoch() * 1000, 0, null, null)",
        "update tickets set class = 'billing', tags = '[\"refund\", \"vat\"]' where id = 't1'",
        "update tickets set class = 'own', tags = '[\"vat\"]' where id = 't2'",
        "insert into ticket_articles values ('t1', 'start-poor', 'start'), ('t2', 'start-poor', 'start'),
             ('t2', 'start-good', 'start')",
        "insert into ticket_searches values ('t1', 'lost & found'), ('t2', 'lost & found')",
        "insert into messages values ('m1', 't1', 1, 'agent', 'a1', 'Sam', 0, '', '[\"start-good\"]')",
        "insert into votes (id, day, article, version, locale, helpful)
         values ('v1', unixepoch() / 86400, 'start-poor', 'v', 'en', 0), ('v2', unixepoch() / 86400, 'start-good', 'v', 'en', 1)",
        "insert into article_views values ('start-good', unixepoch() / 86400, 40)",
    ] {
        execute(&site, sql).await;
    }
    let page = async |query: &str| {
        let page = site.ask(&format!("/admin/articles{query}")).header("cookie", &cookie).send().await.unwrap();
        assert_eq!(page.status(), 200);
        page.text().await.unwrap()
    };
    let all = page("").await;
    let row = |title: &str| {
        let row = all.split("<tr>").find(|row| row.contains(&format!(">{title}</a></th>"))).unwrap();
        let cells = row.split("<td").skip(1).map(|cell| cell.split_once('>').unwrap().1.split("</td>").next().unwrap());
        cells.map(|cell| cell.replace("<!>", "").replace("<!---->", "")).collect::<Vec<_>>()
    };
    assert_eq!(row("Poor")[..7], ["api team", "0", "0 % of 1 (0 to 79 %)", "2", "1", "1", "0"]);
    assert_eq!(row("Good")[..7], ["docs team", "40", "100 % of 1 (21 to 100 %)", "1", "0", "0", "0"]);
    let about = |title: &str| row(title)[7].split("<bdi>").skip(1).map(str::to_owned).collect::<Vec<_>>();
    let names = ["Billing</bdi> × 1", "own</bdi> × 1", "vat</bdi> × 2", "refund</bdi> × 1"];
    assert!(about("Poor").iter().zip(names).all(|(it, name)| it.starts_with(name)), "{:?}", row("Poor"));
    assert_eq!((about("Poor").len(), about("Good").len()), (4, 2), "classes, then tags");
    assert!(row("Poor")[8].contains(r#"href="/a/start-good""#), "what was given instead: {:?}", row("Poor"));
    assert!(!all.contains(">Unread<"), "of which nothing is known");
    assert!(all.contains("/search?q=lost+%26+found") && all.contains("lost &amp; found"), "{all}");
    let place = |page: &str, title: &str| page.find(&format!(">{title}</a></th>"));
    assert!(place(&all, "Poor") < place(&all, "Good"), "most asked first");
    let opened = page("?sort=opened&days=90").await;
    assert!(place(&opened, "Good") < place(&opened, "Poor"));
    assert!(opened.contains(r#"href="/admin/articles?days=90&amp;sort=helped""#), "{opened}");
    let helped = page("?sort=helped").await;
    assert!(place(&helped, "Poor") < place(&helped, "Good"), "those first that help least");
    let theirs = page("?owner=docs+team").await;
    assert!(place(&theirs, "Poor").is_none() && place(&theirs, "Good").is_some(), "{theirs}");
    assert_eq!(site.redirect("/admin/articles").await, (303, "/admin/login".to_owned()));
}
