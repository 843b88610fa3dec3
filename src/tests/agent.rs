//! The agents' portal: queue, tickets, answers, search, live events.

mod deeds;
mod following;

use jiff::Timestamp;
use reqwest::{Method, Response, StatusCode};

use crate::events::Browser;
use crate::site::{self, Site};
use crate::tickets::opening;
use signpost::identity::Audience;
use signpost::staff::account::{self, New, Role};
use signpost::tickets::{Draft, Opening, Ticket, Upload};

const FILES: &[(&str, &str)] = &[
    ("start/refunds.md", "# Refunds\n\nMoney comes back within a week."),
    ("start/internal.md", "---\naudience: [staff]\n---\n# Refunds for staff\n\nThe secret way to refunds."),
];
const PASSWORD: &str = "correct horse";
const MACROS: &str = "[tickets.macros]\nHello = \"Hello {name}, this is {agent} about {number}.\"\n\
                      [tickets.reply_minutes]\nnormal = 60\nurgent = 10\n";

async fn portal(settings: &str) -> Site {
    let site = site::serve_with(settings, FILES).await;
    accounts(&site).await;
    site
}

pub async fn accounts(site: &Site) {
    for (email, name) in [("ada@example.com", "Ada"), ("grace@example.com", "Grace")] {
        let email = &email.parse().unwrap();
        let new = New { email, name, role: Role::Agent, password: &PASSWORD.into() };
        account::add(&site.help.store, new, Timestamp::now()).await.unwrap();
    }
}

pub async fn agent<'s>(site: &'s Site, email: &str) -> Browser<'s> {
    let browser = Browser::of(site);
    let fields = [("email", email), ("password", PASSWORD), ("next", "")];
    assert_eq!(browser.post("/agent/login", &fields).await.status(), 303);
    browser
}

pub async fn open(site: &Site, subject: &str, text: &str, audiences: &[&str]) -> Ticket {
    let draft = Draft {
        form: "question".to_owned(),
        subject: subject.to_owned(),
        text: text.to_owned(),
        name: "Jo".to_owned(),
        email: "jo@example.com".to_owned(),
        ..Draft::default()
    };
    let audiences: Audience = audiences.iter().map(|name| (*name).to_owned()).collect();
    let upload = Upload { name: "screen.png".to_owned(), bytes: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice().into() };
    let attachments = site.help.tickets.take(vec![upload]).await.unwrap().unwrap();
    let opening = Opening { audiences, attachments, ..opening(draft) };
    site.help.tickets.open(opening, Timestamp::now()).await.unwrap()
}

async fn now(site: &Site, ticket: &Ticket) -> Ticket {
    site.help.tickets.by_id(&ticket.id).await.unwrap().unwrap()
}

/// Sends a ticket's form as a browser does.
async fn answer(browser: &Browser<'_>, ticket: &Ticket, fields: &[(&str, &str)]) -> Response {
    let mut body = String::new();
    for (name, value) in fields {
        body += &format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    body += "--edge--\r\n";
    let request = browser.request(Method::POST, &format!("/agent/tickets/{}", ticket.number));
    request.header("content-type", "multipart/form-data; boundary=edge").body(body).send().await.unwrap()
}

#[tokio::test]
async fn nothing_is_shown_to_strangers() {
    let site = portal("").await;
    let ticket = open(&site, "Refund", "Where is it?", &[]).await;
    let stranger = Browser::of(&site);
    for path in
        ["/agent", "/agent/tickets/1001", "/agent/tickets/1001/stub.md", "/agent/events", "/agent/attachments/x"]
    {
        let response = stranger.get(path).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER, "{path}");
        assert!(response.headers()["location"].to_str().unwrap().starts_with("/agent/login"), "{path}");
    }
    assert_eq!(answer(&stranger, &ticket, &[("text", "x"), ("deed", "send")]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(now(&site, &ticket).await.updated_at, ticket.updated_at);
    let forged = site.request(Method::POST, "/agent/tickets/1001/merge").header("sec-fetch-site", "cross-site");
    assert_eq!(forged.send().await.unwrap().status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_queue_is_narrowed_by_its_address() {
    let site = portal("").await;
    let first = open(&site, "Refund", "Where is it?", &[]).await;
    open(&site, "Invoice", "Which one?", &[]).await;
    let ada = agent(&site, "ada@example.com").await;
    let check = async |query: &str, refund: bool, invoice: bool| {
        let page = ada.page(&format!("/agent{query}")).await;
        assert_eq!((page.contains(">Refund<"), page.contains(">Invoice<")), (refund, invoice), "{query}");
    };
    check("", true, true).await;
    let stand = [
        ("seen", first.updated_at.to_string()),
        ("status", "pending".to_owned()),
        ("priority", "urgent".to_owned()),
        ("assignee", String::new()),
        ("tags", "money, \"odd\" tag".to_owned()),
    ];
    let stand: Vec<_> = stand.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(ada.post("/agent/tickets/1001/standing", &stand).await.status(), StatusCode::SEE_OTHER);
    check("", false, true).await;
    check("?status=pending", true, false).await;
    check("?status=any&priority=urgent", true, false).await;
    check("?status=any&tag=money", true, false).await;
    check("?status=any&tag=%22odd%22+tag", true, false).await;
    check("?status=any&tag=odd", false, false).await;
    check("?status=any&owner=mine", false, false).await;
    check("?status=any&owner=nobody&sort=due", true, true).await;
    check("?status=any&form=bug", false, false).await;
    check("?status=any&page=2", false, false).await;
    let seen = now(&site, &first).await.updated_at.to_string();
    let take =
        [("seen", seen.as_str()), ("status", ""), ("priority", ""), ("assignee", ""), ("tags", ""), ("deed", "take")];
    assert_eq!(ada.post("/agent/tickets/1001/standing", &take).await.status(), StatusCode::SEE_OTHER);
    check("?status=any&owner=mine", true, false).await;
    let page = ada.page("/agent/tickets/1001").await;
    assert!(page.contains("Assigned to → Ada") && page.contains("Priority → Urgent"), "{page}");
}

#[tokio::test]
async fn a_reply_is_kept_and_what_it_gives_is_counted() {
    let site = portal(MACROS).await;
    let ticket = open(&site, "Refund", "Where <b>is</b> it?", &[]).await;
    let ada = agent(&site, "ada@example.com").await;
    let page = ada.page("/agent/tickets/1001").await;
    assert!(page.contains("Where &lt;b>is&lt;/b> it?") || page.contains("Where &lt;b&gt;is&lt;/b&gt; it?"), "{page}");
    let seen = ticket.updated_at.to_string();
    let text = format!(
        "See **this**: [Refunds]({}/start/refunds) <script>",
        site.help.address.absolute("").trim_end_matches('/')
    );
    let sent = answer(&ada, &ticket, &[("seen", &seen), ("voice", "reply"), ("text", &text), ("deed", "send")]).await;
    assert_eq!(sent.status(), StatusCode::SEE_OTHER);
    assert_eq!(sent.headers()["location"], "/agent/tickets/1001?done=sent");
    let page = ada.page("/agent/tickets/1001").await;
    assert!(page.contains("<strong>this</strong>") && page.contains("&lt;script&gt;"), "{page}");
    let after = now(&site, &ticket).await;
    assert_eq!((after.status.name(), after.assignee.is_some(), after.replied_at.is_some()), ("pending", true, true));
    let given: Vec<(String, i64)> = sqlx::query_as("select article, tickets from article_answers")
        .fetch_all(site.help.store.readers())
        .await
        .unwrap();
    assert_eq!(given, [("start-refunds".to_owned(), 1)]);
}

#[tokio::test]
async fn who_answers_what_changed_is_told_and_keeps_the_text() {
    let site = portal("").await;
    let ticket = open(&site, "Refund", "Where is it?", &[]).await;
    let (ada, grace) = (agent(&site, "ada@example.com").await, agent(&site, "grace@example.com").await);
    let seen = ticket.updated_at.to_string();
    let fields = |text| [("seen", seen.as_str()), ("voice", "reply"), ("text", text), ("deed", "send")];
    assert_eq!(answer(&ada, &ticket, &fields("On its way.")).await.status(), StatusCode::SEE_OTHER);
    let refused = answer(&grace, &ticket, &fields("Nowhere.")).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    let page = refused.text().await.unwrap();
    assert!(page.contains("changed while you wrote") && page.contains("Nowhere.") && page.contains("On its way."));
    let seen = now(&site, &ticket).await.updated_at.to_string();
    assert!(page.contains(&format!("name=\"seen\" value=\"{seen}\"")), "sent again it is taken");
    let again = [("seen", seen.as_str()), ("voice", "note"), ("text", "Nowhere."), ("deed", "send")];
    assert_eq!(answer(&grace, &ticket, &again).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(site.help.tickets.messages(&ticket.id, false).await.unwrap().len(), 2, "a note is for agents only");
}

#[tokio::test]
async fn buttons_fill_the_text_without_script() {
    let site = portal(MACROS).await;
    let ticket = open(&site, "Refund", "Where is it?", &[]).await;
    let ada = agent(&site, "ada@example.com").await;
    let press = async |deed: &str| {
        let fields = [("text", "Begun."), ("macro", "Hello"), ("find", "refunds"), ("voice", "note"), ("deed", deed)];
        let page = answer(&ada, &ticket, &fields).await;
        assert_eq!(page.status(), StatusCode::OK, "{deed}");
        page.text().await.unwrap()
    };
    assert!(press("macro").await.contains("Begun.\n\nHello Jo, this is Ada about 1001."));
    let found = press("find").await;
    assert!(found.contains("value=\"link:start-refunds\"") && found.contains("Begun."), "{found}");
    assert!(!found.contains("start-internal"), "a requester's agent offers what the requester may not read");
    assert!(press("link:start-refunds").await.contains("/start/refunds)"));
    assert!(press("text:start-refunds").await.contains("Begun.\n\nMoney comes back within a week."));
    assert!(!press("text:start-internal").await.contains("secret way"));
    assert_eq!(now(&site, &ticket).await.updated_at, ticket.updated_at, "nothing was sent");
    let empty = answer(&ada, &ticket, &[("text", "  "), ("deed", "send")]).await;
    assert_eq!(empty.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn articles_are_those_the_requester_may_read() {
    let site = portal("").await;
    open(&site, "Refund", "Where is it?", &["staff"]).await;
    let ada = agent(&site, "ada@example.com").await;
    let page = ada.page("/agent/tickets/1001?find=refunds").await;
    assert!(page.contains("link:start-internal") && page.contains("may read: staff."), "{page}");
}

#[tokio::test]
async fn a_merged_ticket_goes_on_in_the_other() {
    let site = portal("").await;
    let one = open(&site, "Refund", "Where is it?", &[]).await;
    let other = open(&site, "Refund again", "Still nowhere.", &[]).await;
    let ada = agent(&site, "ada@example.com").await;
    for refused in ["1002", "9999", "x"] {
        let answer = ada.post("/agent/tickets/1002/merge", &[("into", refused)]).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{refused}");
    }
    let merged = ada.post("/agent/tickets/1002/merge", &[("into", "#1001")]).await;
    assert_eq!(merged.headers()["location"], "/agent/tickets/1001?done=merged");
    let page = ada.page("/agent/tickets/1001").await;
    assert!(page.contains("Still nowhere.") && page.contains("#1002 goes on here"), "{page}");
    assert_eq!(now(&site, &other).await.merged_into, Some(one.id));
    assert!(!ada.page("/agent?status=any").await.contains("Refund again"));
    assert_eq!(ada.post("/agent/tickets/1001/merge", &[("into", "1002")]).await.status(), 422, "it would go round");
}

#[tokio::test]
async fn files_are_given_to_keep_and_run_nothing() {
    let site = portal("").await;
    let ticket = open(&site, "Refund", "Where is it?", &[]).await;
    let ada = agent(&site, "ada@example.com").await;
    let files = site.help.tickets.attachments(&ticket.id).await.unwrap();
    let path = format!("/agent/attachments/{}", files[0].id);
    let check = async |query: &str, media_type: &str, disposition: &str| {
        let file = ada.get(&format!("{path}{query}")).await;
        let header = |name: &str| file.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), media_type);
        assert!(header("content-disposition").starts_with(disposition));
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert!(header("content-security-policy").contains("sandbox"));
        assert!(file.bytes().await.unwrap().starts_with(b"\x89PNG"));
    };
    check("", "image/png", "attachment; filename*=UTF-8''screen%2Epng").await;
    check("?show", "image/png", "inline").await;
}

#[tokio::test]
async fn a_ticket_asks_for_an_article() {
    let site = portal("").await;
    open(&site, "Refund: \"where\"", "Where is it?", &[]).await;
    let stub = agent(&site, "ada@example.com").await.get("/agent/tickets/1001/stub.md").await;
    assert!(stub.headers()["content-disposition"].to_str().unwrap().contains("ticket-1001.md"));
    let text = stub.text().await.unwrap();
    assert!(text.starts_with("---\ntitle: \"Refund: \\\"where\\\"\"\nstatus: draft\n"), "{text}");
}
