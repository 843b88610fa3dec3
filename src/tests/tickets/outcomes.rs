//! What becomes of a ticket is told once, and of those readers alone who granted it.

use app::model::event::Name;
use app::model::{Context, Event, Purpose, Rating, Status};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use signpost::events::Entry;
use signpost::privacy::Grants;
use signpost::tickets::desk::{self, Ask, Heard, News};
use signpost::tickets::{Change, Opening, Ticket, Unmerged, erase_reader};
use uuid::Uuid;

use super::{FILES, SETTINGS, opening, pieces, send, the_ticket, written};
use crate::events::{Browser, rows};
use crate::site::{self, Site};

const OUTCOMES: [&str; 3] = ["ticket_solved", "ticket_reopened", "ticket_rated"];
const BY: (&str, &str) = ("agent-1", "Sam");

async fn outcomes(site: &Site) -> Vec<Value> {
    let told = rows(site, "events").await.into_iter();
    let told: Vec<_> = told.filter(|(kind, _)| OUTCOMES.contains(&kind.as_str())).map(|(_, body)| body).collect();
    let others = rows(site, "trail").await;
    assert!(!others.iter().any(|(kind, _)| OUTCOMES.contains(&kind.as_str())), "what is not granted is not kept");
    told
}

fn kinds_of(told: &[Value]) -> Vec<&str> {
    told.iter().map(|body| body["kind"].as_str().unwrap()).collect()
}

/// Reads, searches in vain, asks.
async fn ask(browser: &Browser<'_>) {
    browser.get("/search?q=xyzzy").await;
    let read = json!({ "events": [{ "kind": "article_viewed", "page": "/start/import", "article": "start-import" }] });
    assert_eq!(browser.tell(&read).await.status(), 204);
    let draft = written(browser).await;
    let all = pieces(&browser.page(&draft).await);
    let texts = [("deed", "send")].into_iter().chain(all.iter().map(|id| ("piece", id.as_str())));
    assert_eq!(send(browser, &draft, &texts.collect::<Vec<_>>(), &[]).await.status(), 303);
}

/// A ticket whose reader granted this, as a choice of their own.
async fn opened(site: &Site, grants: Grants, consent: Option<Uuid>) -> Ticket {
    let draft = signpost::tickets::Draft { form: "bug".to_owned(), ..Default::default() };
    let context = Context { session: Some(Name::of("session-1")), ..Context::default() };
    let event = Event::TicketCreated { ticket: Name::of("1"), form: Name::of("bug") };
    let event = Some(Entry { at: Timestamp::now(), event, context, grants });
    site.help.tickets.open(Opening { event, consent, ..opening(draft) }, Timestamp::now()).await.unwrap()
}

async fn again(site: &Site, ticket: &Ticket) -> Ticket {
    site.help.tickets.by_id(&ticket.id).await.unwrap().unwrap()
}

async fn set(site: &Site, ticket: &Ticket, status: Status) {
    let (ticket, change) = (again(site, ticket).await, Change { status: Some(status), ..Change::default() });
    let now = Timestamp::now();
    assert!(site.help.tickets.change(&ticket, &change, ticket.updated_at, BY, now).await.unwrap());
}

async fn count(site: &Site, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(site.help.store.readers()).await.unwrap()
}

#[tokio::test]
async fn a_ticket_that_is_solved_opened_again_solved_and_rated_says_so_each_time() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let browser = Browser::of(&site);
    browser.allow("all").await;
    ask(&browser).await;
    let ticket = the_ticket(&site).await;
    let change =
        Change { tags: Some(vec!["import".to_owned(), "ada@customer.example".to_owned()]), ..Change::default() };
    site.help.tickets.change(&ticket, &change, ticket.updated_at, BY, Timestamp::now()).await.unwrap();
    for texts in [
        vec![("deed", "solved")],
        vec![("deed", "solved")],
        vec![("deed", "answer"), ("text", "It is back")],
        vec![("deed", "solved")],
        vec![("deed", "rate"), ("rating", "bad")],
        vec![("deed", "rate"), ("rating", "bad"), ("text", "Slow")],
        vec![("deed", "rate"), ("rating", "good")],
    ] {
        assert_eq!(send(&browser, &ticket.path(), &texts, &[]).await.status(), 303);
    }
    let told = outcomes(&site).await;
    let expect = ["ticket_solved", "ticket_reopened", "ticket_solved", "ticket_rated", "ticket_rated"];
    assert_eq!(kinds_of(&told), expect);
    let session = rows(&site, "events").await[0].1["session"].clone();
    for body in &told {
        assert_eq!(
            (&body["ticket"], &body["form"], &body["channel"]),
            (&json!(ticket.id), &json!("bug"), &json!("portal"))
        );
        assert_eq!((&body["session"], &body["device"]), (&session, &json!("desktop")), "it belongs to the visit");
    }
    assert_eq!(told[0]["articles"], json!(["start-import"]));
    assert_eq!(told[0]["categories"], json!(["start"]));
    assert_eq!(told[0]["tags"], json!(["import", "[email]"]), "tags are masked");
    assert_eq!((&told[0]["reopened"], &told[2]["reopened"]), (&json!(false), &json!(true)));
    assert_eq!((&told[0]["solve_seconds"], &told[0]["answer_seconds"]), (&json!(0), &Value::Null));
    assert_eq!((&told[3]["good"], &told[4]["good"]), (&json!(false), &json!(true)));
    assert_eq!(count(&site, "select count(*) from searches_asked where query = 'xyzzy' and solved").await, 1);
    let ended = count(&site, "select max(ended_at) from sessions").await;
    assert!(ended <= ticket.opened_at + 1000, "what becomes of a ticket does not make the visit longer");
}

#[tokio::test]
async fn what_does_not_travel_is_not_kept() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let browser = Browser::of(&site);
    browser.get("/search?q=xyzzy").await;
    browser.post("/feedback/start-import", &[("helpful", "no")]).await;
    let draft = written(&browser).await;
    send(&browser, &draft, &[("deed", "send")], &[]).await;
    assert_eq!(the_ticket(&site).await.dossier, []);
    for sql in ["select count(*) from ticket_articles", "select count(*) from ticket_searches"] {
        assert_eq!(count(&site, sql).await, 0, "{sql}");
    }
}

#[tokio::test]
async fn of_every_set_of_grants_only_those_with_analytics_are_told() {
    let choice = Some(Uuid::now_v7());
    for (grants, consent) in Grants::all().flat_map(|grants| [(grants, choice), (grants, None)]) {
        let site = site::serve_with(SETTINGS, FILES).await;
        let ticket = opened(&site, grants, consent).await;
        set(&site, &ticket, Status::Solved).await;
        set(&site, &ticket, Status::Open).await;
        site.help.tickets.rate(&ticket, Rating::Good, None, Timestamp::now()).await.unwrap();
        let expect = if grants.allow(Purpose::Analytics) && consent.is_some() { 3 } else { 0 };
        assert_eq!(outcomes(&site).await.len(), expect, "{grants:?}, {consent:?}");
        let kept = count(&site, "select count(*) from tickets where entry is not null or consent is not null").await;
        assert_eq!(kept > 0, expect > 0, "{grants:?}: nothing is kept for what is never told");
    }
}

#[tokio::test]
async fn consent_that_is_taken_back_on_a_later_visit_counts() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let browser = Browser::of(&site);
    browser.allow("all").await;
    ask(&browser).await;
    // The visit is over; all that is left is what the browser knows of the choice.
    let later = sqlx::query("update tickets set session = null");
    later.execute(site.help.store.writer()).await.unwrap();
    browser.allow("all").await;
    set(&site, &the_ticket(&site).await, Status::Solved).await;
    assert_eq!(kinds_of(&outcomes(&site).await), ["ticket_solved"], "who says yes again took nothing back");
    browser.allow("none").await;
    browser.allow("all").await;
    set(&site, &the_ticket(&site).await, Status::Open).await;
    assert_eq!(kinds_of(&outcomes(&site).await), ["ticket_solved"], "a later yes is not one for what was before");
}

#[tokio::test]
async fn who_takes_consent_back_is_not_told_of_when_a_proposal_is_settled() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let browser = Browser::of(&site);
    browser.allow("all").await;
    let draft = written(&browser).await;
    browser.get(&format!("{draft}/open?article=start-export")).await;
    browser.allow("none").await;
    site.help.tickets.settle_proposals(Timestamp::now() + SignedDuration::from_hours(25)).await.unwrap();
    assert!(!rows(&site, "events").await.iter().any(|(kind, _)| kind == "ticket_deflected"));
}

#[tokio::test]
async fn a_desk_that_tells_twice_is_told_of_once() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let ticket = opened(&site, Grants::of(Purpose::ALL), Some(Uuid::now_v7())).await;
    sqlx::query("insert into desk_tickets (ticket, desk, remote_id) values ($1, 'zendesk', '7')")
        .bind(&ticket.id)
        .execute(site.help.store.writer())
        .await
        .unwrap();
    let begun = Timestamp::now();
    let tell = async |status: Status, second: i64| {
        let at = begun + SignedDuration::from_secs(second);
        let (desk, remote_id) = ("zendesk".to_owned(), "7".to_owned());
        let news = News { desk, remote_id, ticket: None, status: Some(status), comment: None, ask: Ask::Never, at };
        desk::heard(&site.help.tickets, &news, Timestamp::now()).await.unwrap()
    };
    for (status, second, heard) in [
        (Status::Solved, 1, Heard::Applied),
        (Status::Solved, 1, Heard::Stale),
        (Status::Solved, 2, Heard::Applied),
        (Status::Closed, 3, Heard::Applied),
        (Status::Open, 4, Heard::Applied),
        (Status::Pending, 5, Heard::Applied),
        (Status::Solved, 6, Heard::Applied),
    ] {
        assert_eq!(tell(status, second).await, heard);
    }
    assert_eq!(kinds_of(&outcomes(&site).await), ["ticket_solved", "ticket_reopened", "ticket_solved"]);
    assert_eq!(count(&site, "select reopened from tickets").await, 1);
}

#[tokio::test]
async fn a_merge_and_spam_are_no_outcome() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let tickets = &site.help.tickets;
    let grants = Grants::of(Purpose::ALL);
    let one = opened(&site, grants, Some(Uuid::now_v7())).await;
    let other = opened(&site, grants, Some(Uuid::now_v7())).await;
    tickets.merge(&one, &other, BY, Timestamp::now()).await.unwrap();
    assert_eq!(tickets.unmerge(&again(&site, &one).await, BY, Timestamp::now()).await.unwrap(), Unmerged::Done);
    assert_eq!(again(&site, &one).await.status, Status::New);
    sqlx::query("update tickets set held = 1").execute(site.help.store.writer()).await.unwrap();
    set(&site, &one, Status::Closed).await;
    assert_eq!(outcomes(&site).await, Vec::<Value>::new());
    assert_eq!(count(&site, "select sum(reopened) from tickets").await, 0);
}

#[tokio::test]
async fn a_reader_who_is_erased_is_not_told_of() {
    let site = site::serve_with(&site::with_tokens(), FILES).await;
    let ticket = opened(&site, Grants::of(Purpose::ALL), Some(Uuid::now_v7())).await;
    for sql in [
        "update tickets set reader = 'reader-7'",
        "insert into ticket_articles select id, 'start-import', 'start' from tickets",
        "insert into ticket_searches select id, 'xyzzy' from tickets",
    ] {
        sqlx::query(sql).execute(site.help.store.writer()).await.unwrap();
    }
    let mut transaction = site.help.store.writer().begin().await.unwrap();
    erase_reader(&mut transaction, "reader-7").await.unwrap();
    transaction.commit().await.unwrap();
    set(&site, &ticket, Status::Solved).await;
    assert_eq!(outcomes(&site).await, Vec::<Value>::new());
    assert_eq!(count(&site, "select count(*) from articles_asked").await, 0);
    assert_eq!(count(&site, "select count(*) from searches_asked").await, 0);
}
