//! An address that gets no mail any more, as agents, operators and its owner see it.

use jiff::Timestamp;
use signpost::delivery::operate;
use signpost::mail::suppression::{self, Kind, Report};
use signpost::store::Store;

use super::{FROM, letter};
use crate::admin;
use crate::agent::{accounts, agent, open};
use crate::contract::mail::POSTMARK;
use crate::delivery::commands::{signpost, text};
use crate::delivery::lane_of;
use crate::site::{self, Site};

const FILES: &[(&str, &str)] = &[("index.md", "# Welcome")];

async fn note(store: &Store, address: &str, kind: Kind, detail: &str) {
    let (address, source, detail) = (address.to_owned(), "postmark".to_owned(), detail.to_owned());
    let report = Report { address, kind, source, detail, at: Timestamp::now() };
    suppression::note(&mut store.writer().acquire().await.unwrap(), &report).await.unwrap();
}

async fn settle(site: &Site) {
    let mut lane = lane_of(&site.help.delivery, "mail");
    while lane.step(Timestamp::now()).await.unwrap() == signpost::delivery::Next::Now {}
}

#[tokio::test]
async fn agents_see_beside_the_ticket_that_mail_does_not_arrive_and_may_allow_it_again() {
    let office = POSTMARK.open().await;
    let settings = format!("[mail]\nfrom = \"{FROM}\"\n{}", (POSTMARK.settings)(&office.vendor.url));
    let site = site::serve_with(&settings, FILES).await;
    accounts(&site).await;
    let ada = agent(&site, "ada@example.com").await;
    let page = async || ada.page("/agent/tickets/1001").await;
    // Who asks is told that the request arrived; but not there.
    note(&site.help.store, "JO@example.com", Kind::Bounce, "550 5.1.1 user unknown").await;
    open(&site, "Refund", "Where is it?", &[]).await;
    settle(&site).await;
    assert!(office.kept().is_empty());
    let outcomes: Vec<String> = sqlx::query_scalar("select outcome from outbox where channel = 'mail'")
        .fetch_all(site.help.store.readers())
        .await
        .unwrap();
    assert_eq!(outcomes, ["suppressed"]);
    let shown = page().await;
    for part in ["Mail does not arrive", "Mail to jo@example.com bounced", "550 5.1.1 user unknown", "Allow again"] {
        assert!(shown.contains(part), "{part} is missing in {shown}");
    }
    let allowed = ada.post("/agent/tickets/1001/mail", &[]).await;
    assert_eq!(
        (allowed.status(), &allowed.headers()["location"]),
        (303.try_into().unwrap(), &"/agent/tickets/1001?done=mail".parse().unwrap())
    );
    assert!(!page().await.contains("Mail does not arrive"));
    // What may pass is told, and nothing need be allowed.
    note(&site.help.store, "jo@example.com", Kind::Delay, "452 mailbox full").await;
    let shown = page().await;
    assert!(shown.contains("It is still sent there") && !shown.contains("Allow again"), "{shown}");
    let stranger = crate::events::Browser::of(&site);
    let refused = stranger.post("/agent/tickets/1001/mail", &[]).await;
    assert!(refused.headers()["location"].to_str().unwrap().starts_with("/agent/login"));
}

#[tokio::test]
async fn staff_sees_all_that_get_no_mail_and_may_allow_it_again() {
    let site = admin::with_token().await;
    let cookie = admin::signed_in(&site).await;
    let page = async || {
        let page = site.ask("/admin/delivery").header("cookie", &cookie).send().await.unwrap();
        page.text().await.unwrap()
    };
    assert!(page().await.contains("Mail goes to every address."));
    note(&site.help.store, "ada@customer.example", Kind::Complaint, "abuse").await;
    note(&site.help.store, "bob@customer.example", Kind::Delay, "").await;
    let shown = page().await;
    assert!(shown.contains("ada@customer.example") && shown.contains("complained"), "{shown}");
    assert!(!shown.contains("bob@customer.example"));
    let allow = site.request(reqwest::Method::POST, "/admin/delivery").header("cookie", &cookie);
    let form = [("deed", "allow"), ("what", "ada@customer.example")];
    assert_eq!(allow.try_clone().unwrap().form(&form).send().await.unwrap().status(), 303);
    assert!(!page().await.contains("ada@customer.example"));
    assert_eq!(allow.form(&form).send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn what_was_told_of_an_address_is_erased_with_its_reader() {
    let site = site::serve_with("", FILES).await;
    let ticket = open_by(&site, "reader-1").await;
    for address in [ticket.as_str(), "else@customer.example", "third@customer.example"] {
        note(&site.help.store, address, Kind::Bounce, "").await;
    }
    let folder = site.stop().await;
    let erase = async |who: &str| signpost(folder.path(), &["privacy", "--data", ".", "erase", who]).await;
    for (who, expect) in [("reader-1", true), ("Else@customer.example", true), ("reader-1", false)] {
        let erased = erase(who).await;
        let told = text(&erased.stdout);
        assert_eq!((erased.status.success(), told.contains("1 addresses")), (expect, expect), "{who}: {told}");
    }
    let store = signpost::store::open(folder.path()).await.unwrap();
    let left: Vec<_> = suppression::list(&store, 10).await.unwrap().into_iter().map(|known| known.address).collect();
    assert_eq!(left, ["third@customer.example"]);
}

/// A ticket of a reader whom the host signed in; gives the address.
async fn open_by(site: &Site, reader: &str) -> String {
    let ticket = open(site, "Refund", "Where is it?", &[]).await;
    sqlx::query("update tickets set reader = $1 where id = $2")
        .bind(reader)
        .bind(&ticket.id)
        .execute(site.help.store.writer())
        .await
        .unwrap();
    ticket.email.unwrap()
}

#[tokio::test]
async fn every_transport_can_be_looked_at_and_tried() {
    let (first, second) = (POSTMARK.open().await, crate::contract::mail::SENDGRID.open().await);
    let settings = format!(
        "[mail]\nfrom = \"{FROM}\"\n{}{}",
        (POSTMARK.settings)(&first.vendor.url),
        (crate::contract::mail::SENDGRID.settings)(&second.vendor.url)
    );
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("signpost.toml"), settings).unwrap();
    std::fs::write(folder.path().join("mail.json"), letter().to_string()).unwrap();
    let test = async |arguments: &[&str]| signpost(folder.path(), &[&["connector", "test"], arguments].concat()).await;
    let shown = text(&test(&["mail"]).await.stdout);
    assert!(shown.contains("/email\n") && shown.contains("/v3/mail/send\n"), "{shown}");
    assert!(!shown.contains(crate::contract::vendors::SECRET), "{shown}");
    assert!(test(&["mail.sendgrid", "--with", "mail.json", "--send"]).await.status.success());
    assert_eq!((first.kept().len(), second.kept().len()), (0, 1));
    // The first refuses, so the second is asked.
    first.vendor.plan([crate::contract::Misbehave::Status(503, "")]);
    assert!(test(&["mail", "--with", "mail.json", "--send"]).await.status.success());
    assert_eq!((first.kept().len(), second.kept().len()), (0, 2));
    let missing = test(&["mail.nobody"]).await;
    assert!(!missing.status.success() && text(&missing.stderr).contains("no mail.nobody"), "{}", text(&missing.stderr));
}

#[tokio::test]
async fn the_command_shows_what_each_transport_made_of_a_mail() {
    let office = POSTMARK.open().await;
    let settings = format!("[mail]\nfrom = \"{FROM}\"\n{}", (POSTMARK.settings)(&office.vendor.url));
    let site = site::serve_with(&settings, FILES).await;
    office.vendor.plan([crate::contract::Misbehave::Done(500)]);
    let mut transaction = site.help.store.writer().begin().await.unwrap();
    let id =
        site.help.delivery.promise(&mut transaction, "mail", letter(), Timestamp::now()).await.unwrap().to_string();
    transaction.commit().await.unwrap();
    settle(&site).await;
    assert!(operate::find(&site.help.store, &id).await.unwrap().is_some());
    let folder = site.stop().await;
    let shown = text(&signpost(folder.path(), &["outbox", "--data", ".", "show", &id]).await.stdout);
    for part in ["\"transport\": \"postmark\"", "\"outcome\": \"unknown\"", "answered 500"] {
        assert!(shown.contains(part), "{part} is missing in {shown}");
    }
    let listed = text(&signpost(folder.path(), &["outbox", "--data", ".", "list"]).await.stdout);
    assert!(listed.contains("mail.postmark"), "{listed}");
}
