//! From a reader's form to a ticket, and the talk that follows.

mod bucket;
mod files;
mod outcomes;
mod proposals;
mod spam;
mod told;

use app::model::{Channel, Rating, Status};
use jiff::{SignedDuration, Timestamp};
use signpost::identity::Audience;
use signpost::tickets::{Before, Draft, Opening, Said, Speaker, Ticket, secret};
use uuid::Uuid;

use crate::events::{Browser, kinds};
use crate::form;
use crate::site::{self, Site};

const FILES: &[(&str, &str)] = &[
    ("start/export.md", "# Export invoices\n\nOpen Settings, then press Export to get invoices as a file."),
    ("start/import.md", "# Import contacts\n\nOpen Settings, then press Import."),
];
const SETTINGS: &str = "[tickets]\nfill_seconds = 0\n";
const ASKED: [(&str, &str); 4] = [
    ("subject", "Export invoices fails"),
    ("text", "I press Export.\r\nNothing happens."),
    ("email", "ada@customer.example"),
    ("website", ""),
];

/// A draft on its way to a ticket, of a reader nobody knows.
pub fn opening(draft: Draft) -> Opening {
    Opening {
        id: Uuid::now_v7(),
        secret: secret(),
        draft,
        reader: None,
        locale: "en".to_owned(),
        quiet: false,
        audiences: Audience::default(),
        channel: Channel::Portal,
        dossier: Vec::new(),
        before: Before::default(),
        consent: None,
        session: None,
        attachments: Vec::new(),
        event: None,
        held: false,
    }
}

async fn send(browser: &Browser<'_>, path: &str, texts: &[(&str, &str)], files: &[(&str, &[u8])]) -> reqwest::Response {
    browser
        .request(reqwest::Method::POST, path)
        .header("Content-Type", form::content_type())
        .body(form::parts(texts, files))
        .send()
        .await
        .unwrap()
}

fn location(response: &reqwest::Response) -> String {
    assert_eq!(response.status(), 303);
    response.headers()["location"].to_str().unwrap().to_owned()
}

/// Writes the form; gives the path of the draft.
async fn written(browser: &Browser<'_>) -> String {
    location(&browser.post("/contact/bug", &ASKED).await)
}

/// The ids of all boxes on the page.
fn pieces(page: &str) -> Vec<String> {
    page.split("name=\"piece\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

async fn the_ticket(site: &Site) -> Ticket {
    site.help.tickets.by_number(1001).await.unwrap().unwrap()
}

#[tokio::test]
async fn what_was_searched_for_counts_when_answers_are_proposed() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let asked = [("subject", "It fails"), ("text", "Again and again."), ASKED[2], ASKED[3]];
    let check = async |query: &str, proposed: bool| {
        let browser = Browser::of(&site);
        browser.get(&format!("/search?q={query}")).await;
        let draft = location(&browser.post("/contact/bug", &asked).await);
        assert_eq!(browser.page(&draft).await.contains("open?article=start-import"), proposed, "{query}");
    };
    check("import+contacts", true).await;
    check("xyzzy", false).await;
}

#[tokio::test]
async fn only_what_stays_ticked_travels() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let browser = Browser::of(&site);
    browser.get("/search?q=quarterly+invoices").await;
    browser.post("/feedback/start-import", &[("helpful", "no")]).await;
    let draft = written(&browser).await;
    let page = browser.page(&draft).await;
    assert!(page.contains("I press Export.\nNothing happens."), "{page}");
    assert!(page.contains("Searched for “quarterly invoices”"), "{page}");
    assert!(page.contains("Export invoices") && page.contains("open?article=start-export"), "an answer is proposed");
    assert!(!page.contains("open?article=start-import"), "but none that did not help");
    let all = pieces(&page);
    assert!(all.len() >= 4, "{all:?}");
    let texts: Vec<_> =
        [("deed", "send")].into_iter().chain(all.iter().skip(1).map(|id| ("piece", id.as_str()))).collect();
    let request = location(&send(&browser, &draft, &texts, &[]).await);
    let ticket = the_ticket(&site).await;
    assert_eq!(request, format!("/requests/{}?sent", ticket.secret));
    assert_eq!(ticket.dossier.len(), all.len() - 1);
    assert!(!ticket.dossier.iter().any(|clue| clue.text.contains("quarterly")), "{:?}", ticket.dossier);
    let page = browser.page(&request).await;
    assert!(page.contains("Request 1001") && page.contains("ada@customer.example"), "{page}");
    assert_eq!(kinds(&site, "trail").await.last().map(String::as_str), Some("ticket_created"));
}

#[tokio::test]
async fn a_draft_sent_twice_is_one_ticket() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let browser = Browser::of(&site);
    let draft = written(&browser).await;
    let first = location(&send(&browser, &draft, &[("deed", "send")], &[]).await);
    let second = location(&send(&browser, &draft, &[("deed", "send")], &[]).await);
    assert_eq!(first.trim_end_matches("?sent"), second);
    let count: i64 =
        sqlx::query_scalar("select count(*) from tickets").fetch_one(site.help.store.readers()).await.unwrap();
    assert_eq!(count, 1);
    let looked = location(&browser.get(&draft).await);
    assert_eq!(looked, second, "who saw no answer and looks at the draft again is led to the ticket");
    assert_eq!(browser.get("/contact/draft/00000000000000000000000000000000").await.status(), 404);
}

#[tokio::test]
async fn who_goes_back_and_writes_on_after_sending_loses_nothing() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let browser = Browser::of(&site);
    let draft = written(&browser).await;
    let first = location(&send(&browser, &draft, &[("deed", "send")], &[]).await);
    let secret = draft.rsplit('/').next().unwrap();
    let more = [ASKED[0], ("text", "And now this, too."), ASKED[2], ("draft", secret)];
    let again = location(&browser.post("/contact/bug", &more).await);
    assert_ne!(again, draft);
    let second = location(&send(&browser, &again, &[("deed", "send")], &[]).await);
    assert_ne!(first, second);
    assert!(browser.page(&second).await.contains("And now this, too."));
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_the_field_and_nothing_is_lost() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let browser = Browser::of(&site);
    let answer = browser.post("/contact/bug", &[("subject", ""), ("text", "A long story"), ("email", "ada")]).await;
    assert_eq!(answer.status(), 422);
    let page = answer.text().await.unwrap();
    assert!(page.contains("A long story") && page.contains("value=\"ada\""), "{page}");
    assert!(page.contains("id=\"field-subject-fault\"") && page.contains("id=\"field-email-fault\""), "{page}");
    assert_eq!(browser.post("/contact/bug", &[("website", "http://spam.example")]).await.status(), 400);
    assert_eq!(browser.post("/contact/nothing", &ASKED).await.status(), 404);
}

#[tokio::test]
async fn what_was_typed_stays_in_its_field() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let browser = Browser::of(&site);
    let text = "</textarea><form action=/session>&lt;";
    let answer = browser.post("/contact/bug", &[("subject", text), ("text", text), ("email", "")]).await;
    let page = answer.text().await.unwrap();
    assert!(!page.contains("<form action=/session>"), "{page}");
    assert!(page.contains("\n&lt;/textarea>&lt;form action=/session>&amp;lt;</textarea>"), "{page}");
}

#[tokio::test]
async fn when_the_database_fails_the_text_is_still_there() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let browser = Browser::of(&site);
    let broken = async |table: &str| {
        let sql = sqlx::AssertSqlSafe(format!("drop table {table}"));
        sqlx::query(sql).execute(site.help.store.writer()).await.unwrap();
    };
    broken("proposals").await;
    location(&browser.post("/contact/bug", &ASKED).await);
    broken("drafts").await;
    let answer = browser.post("/contact/bug", &ASKED).await;
    assert_eq!(answer.status(), 500);
    let page = answer.text().await.unwrap();
    assert!(page.contains("I press Export.\nNothing happens.") && page.contains("could not be kept"), "{page}");
}

#[tokio::test]
async fn who_is_too_fast_or_sends_too_much_keeps_what_was_written() {
    let settings = "[tickets]\nfill_seconds = 3600\nper_address = 1\nattachments = { files = 1, bytes = 10 }\n";
    let site = site::serve_with(settings, FILES).await;
    let browser = Browser::of(&site);
    let draft = written(&browser).await;
    let answer = send(&browser, &draft, &[("deed", "send")], &[]).await;
    assert_eq!(answer.status(), 422);
    assert!(answer.text().await.unwrap().contains("That was very fast"));
    let site = site::serve_with(&settings.replace("3600", "0").replace("= 1\n", "= 2\n"), FILES).await;
    let browser = Browser::of(&site);
    let draft = written(&browser).await;
    let answer = send(&browser, &draft, &[("deed", "send")], &[("log.txt", b"more than ten bytes")]).await;
    assert_eq!(answer.status(), 422);
    let page = answer.text().await.unwrap();
    assert!(page.contains("“log.txt” is larger") && page.contains("Nothing happens."), "{page}");
    assert_eq!(send(&browser, &draft, &[("deed", "send")], &[]).await.status(), 303);
    let draft = written(&browser).await;
    assert_eq!(send(&browser, &draft, &[("deed", "send")], &[]).await.status(), 429);
    assert_eq!(browser.get(&draft).await.status(), 200, "the draft is still there");
}

#[tokio::test]
async fn requester_and_agent_talk_until_it_is_solved_rated_and_closed() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let browser = Browser::of(&site);
    let draft = written(&browser).await;
    send(&browser, &draft, &[("deed", "send")], &[]).await;
    let tickets = &site.help.tickets;
    let request = the_ticket(&site).await.path();
    let agent = Speaker::Agent { id: "agent-1", name: "Sam" };
    let said = Said {
        speaker: agent,
        text: "Press **twice**.",
        internal: false,
        articles: &[],
        attachments: &[],
        status: None,
    };
    let note = Said { text: "A known bug", internal: true, ..said };
    tickets.say(&the_ticket(&site).await, &note, Timestamp::now()).await.unwrap();
    assert_eq!(the_ticket(&site).await.status, Status::New, "a note changes nothing");
    tickets.say(&the_ticket(&site).await, &said, Timestamp::now()).await.unwrap();
    let page = browser.page(&request).await;
    assert!(
        page.contains("Press <strong>twice</strong>.") && page.contains("Sam") && !page.contains("A known bug"),
        "{page}"
    );
    assert_eq!(the_ticket(&site).await.status, Status::Pending);
    send(&browser, &request, &[("deed", "answer"), ("text", "It helped <b>not</b>")], &[]).await;
    assert!(browser.page(&request).await.contains("It helped &lt;b&gt;not&lt;/b&gt;"));
    assert_eq!(the_ticket(&site).await.status, Status::Open);
    send(&browser, &request, &[("deed", "solved")], &[]).await;
    send(&browser, &request, &[("deed", "rate"), ("rating", "good"), ("text", "Quick")], &[]).await;
    let ticket = the_ticket(&site).await;
    assert_eq!(
        (ticket.status, ticket.rating(), ticket.rating_comment.as_deref()),
        (Status::Solved, Some(Rating::Good), Some("Quick"))
    );
    tickets.keep_house(Timestamp::now() + SignedDuration::from_hours(24 * 15)).await.unwrap();
    assert_eq!(the_ticket(&site).await.status, Status::Closed);
    assert_eq!(send(&browser, &request, &[("deed", "answer"), ("text", "Again")], &[]).await.status(), 400);
    assert!(browser.page(&request).await.contains(&format!("/contact/bug?follows={}", ticket.secret)));
    let mails: Vec<String> =
        sqlx::query_scalar("select body ->> '$.deed.subject' from outbox where channel = 'mail' order by id")
            .fetch_all(site.help.store.readers())
            .await
            .unwrap();
    assert_eq!(mails, ["[#1001] Your request to Help center", "Re: [#1001] Export invoices fails"]);
}

#[tokio::test]
async fn a_reader_whom_the_host_signed_in_is_not_asked_who_it_is() {
    let settings = format!("[identity]\nsecrets = [\"{}\"]\n{SETTINGS}", site::SECRET);
    let site = site::serve_with(&settings, FILES).await;
    let token = site::token_of("reader-7", &[]);
    let as_reader = |path: &str| site.ask(path).bearer_auth(&token).send();
    assert!(as_reader("/contact/bug").await.unwrap().text().await.unwrap().contains("You ask as reader-7"));
    let list = as_reader("/requests").await.unwrap().text().await.unwrap();
    assert!(list.contains("You have not asked us anything yet"));
    assert_eq!(site.status("/requests").await, 404, "others hold a link");
}
