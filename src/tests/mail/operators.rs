//! What operators see of mail, and what they do about it.

use jiff::SignedDuration;
use serde_json::json;
use signpost::delivery::{Next, dead, operate};
use signpost::integrations::mail::UNSET;

use super::{Bench, letter, parsed, settings};
use crate::admin;
use crate::contract::smtp::Misbehave::Say;
use crate::contract::smtp::Step::{Greeting, Rcpt};
use crate::contract::smtp::{MailServer, PASSWORD, Safety};
use crate::delivery::commands::{signpost, text};

#[tokio::test]
async fn without_a_mail_server_mails_wait_and_go_once_there_is_one() {
    let server = MailServer::open(Safety::StartTls).await;
    let set = settings(&server, Safety::StartTls, PASSWORD);
    let mut bench = Bench::with(server, "").await;
    for _ in 0..2 {
        bench.promise(letter()).await;
        assert_eq!(bench.settle().await, Next::Wait { events: false, until: None });
    }
    let listed = text(&signpost(bench.folder.path(), &["outbox", "--data", ".", "list"]).await.stdout);
    assert!(listed.contains("2 waiting") && listed.contains(UNSET), "{listed}");
    // Who insists finds the same.
    assert!(operate::retry(&bench.store, "mail", bench.now).await.unwrap());
    bench.settle().await;
    let status = bench.status().await;
    assert_eq!((status.locked, status.waiting, status.last_error.as_deref()), (true, 2, Some(UNSET)));
    bench.restart(&set).await;
    bench.now += SignedDuration::from_secs(1);
    bench.settle().await;
    assert_eq!((bench.taken().len(), bench.status().await.waiting), (2, 0));
}

#[tokio::test]
async fn what_fails_for_two_days_is_kept_and_can_be_sent_again_as_the_same() {
    let mut bench = Bench::open().await;
    bench.server.plan((0..13).map(|_| (Greeting, Say("421 4.3.2 down for days"))));
    let (id, start) = (bench.promise(letter()).await, bench.now);
    while bench.status().await.dead == 0 {
        let Next::Wait { until: Some(until), .. } = bench.settle().await else { break };
        bench.now = until + SignedDuration::from_millis(1);
    }
    let days = bench.now.duration_since(start).as_secs_f64() / 86_400.0;
    assert!((2.0..3.0).contains(&days), "given up after {days} days");
    let letter = dead::list(&bench.store, Some("mail"), 10).await.unwrap().remove(0);
    assert!(operate::retry(&bench.store, &letter.id, bench.now).await.unwrap());
    assert!(operate::retry(&bench.store, "mail", bench.now).await.unwrap());
    bench.settle_all().await;
    assert_eq!(parsed(&bench.taken()[0]).message_id(), Some(format!("{id}@acme.example").as_str()));
}

#[tokio::test]
async fn what_is_no_mail_is_never_sent() {
    let mut bench = Bench::open().await;
    let (to, subject, text) = ("ada@customer.example", "Hello", "Hello");
    for deed in [
        json!({ "to": to, "subject": "Hello\r\nBcc: all@example.com", "text": text }),
        json!({ "to": "ada@customer.example>\r\nDATA", "subject": subject, "text": text }),
        json!({ "to": "ada", "subject": subject, "text": text }),
        json!({ "to": to, "text": text }),
        json!({ "to": to, "subject": subject, "text": text, "thread": "1\r\nBcc: all@example.com" }),
        json!({ "to": "ådå@customer.example", "subject": subject, "text": text }),
        json!({ "type": "test.told", "text": text }),
    ] {
        bench.promise(deed).await;
    }
    bench.settle().await;
    let status = bench.status().await;
    assert_eq!((status.dead, status.waiting, bench.taken().len()), (7, 0, 0));
}

#[tokio::test]
async fn trouble_of_others_is_told_by_mail() {
    let server = MailServer::open(Safety::StartTls).await;
    let connector = "[connectors.crm]\nurl = \"http://127.0.0.1:1/\"\ntakes = \"deeds\"";
    let settings = format!(
        "{}\n[alerts]\nmail = \"ops@acme.example\"\n[delivery]\nbreaker_failures = 1\n{connector}",
        settings(&server, Safety::StartTls, PASSWORD)
    );
    let mut bench = Bench::with(server, "").await;
    bench.restart(&settings).await;
    let mut transaction = bench.store.writer().begin().await.unwrap();
    bench.delivery.promise(&mut transaction, "connector.crm", json!({}), bench.now).await.unwrap();
    transaction.commit().await.unwrap();
    crate::delivery::lane_of(&bench.delivery, "connector.crm").step(bench.now).await.unwrap();
    bench.now += SignedDuration::from_secs(1);
    bench.settle().await;
    let taken = bench.taken();
    let mail = parsed(&taken[0]);
    assert_eq!((taken.len(), taken[0].to.as_str()), (1, "ops@acme.example"));
    assert_eq!(mail.subject(), Some("Signpost: delivery.held connector.crm"));
    assert!(mail.body_text(0).unwrap().contains("Deliveries to connector.crm wait"));
    assert_eq!(mail.header("Auto-Submitted").and_then(|value| value.as_text()), Some("auto-generated"));
    // Its own trouble is told to nobody by mail.
    bench.server.plan([(Rcpt, Say("550 5.1.1 no such user"))]);
    bench.promise(letter()).await;
    bench.settle().await;
    assert_eq!((bench.taken().len(), bench.status().await.waiting), (1, 0));
}

#[tokio::test]
async fn settings_that_cannot_be_used_are_refused_at_the_start() {
    let check = async |text: &str, expect: &str| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("signpost.toml"), text).unwrap();
        let refused = signpost(folder.path(), &["serve", "--listen", "127.0.0.1:0"]).await;
        let told = format!("{}{}", self::text(&refused.stderr), self::text(&refused.stdout));
        assert!(!refused.status.success() && told.contains(expect) && !told.contains("s3cret"), "{text}: {told}");
    };
    let url = "url = \"smtps://u:s3cret@mail.acme.example\"";
    check(&format!("[mail]\n{url}"), "`from` is missing").await;
    check(&format!("[mail]\n{url}\nfrom = \"nobody\""), "`from` is").await;
    check(&format!("[mail]\n{url}\nfrom = \"a@b.example\"\nreply_to = \"x\""), "`reply_to` is").await;
    check(&format!("[mail]\n{url}\nfrom = \"a@b.example\"\nauthority = \"/nowhere\""), "/nowhere").await;
    check("[mail]\nurl = \"smtp://u:s3cret@mail.acme.example\"\nfrom = \"a@b.example\"", "unprotected").await;
    check("[alerts]\nmail = \"ops@acme.example\"", "needs a mail server").await;
    check(&format!("[mail]\n{url}\nfrom = \"a@b.example\"\n[alerts]\nmail = \"ops\""), "write one address").await;
}

#[tokio::test]
async fn a_mail_can_be_looked_at_and_tried() {
    let server = MailServer::open(Safety::StartTls).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("signpost.toml"), settings(&server, Safety::StartTls, PASSWORD)).unwrap();
    let shown = signpost(folder.path(), &["connector", "test", "mail"]).await;
    let shown = text(&shown.stdout);
    for expect in ["(STARTTLS required)", "RCPT TO:<help@acme.example>", "Subject: A mail from your help center"] {
        assert!(shown.contains(expect) && !shown.contains(PASSWORD), "{expect} is missing: {shown}");
    }
    assert_eq!(server.connections(), 0);
    let mail = json!({ "to": "ada@customer.example", "subject": "Hello", "text": "Hello" });
    std::fs::write(folder.path().join("mail.json"), mail.to_string()).unwrap();
    let arguments = ["connector", "test", "mail", "--with", "mail.json", "--send"];
    let sent = signpost(folder.path(), &arguments).await;
    assert!(sent.status.success(), "{}", text(&sent.stderr));
    assert_eq!((server.faults(), server.taken()[0].to.as_str()), (Vec::new(), "ada@customer.example"));
    server.plan([(Rcpt, Say("550 5.1.1 no such user"))]);
    let refused = signpost(folder.path(), &arguments).await;
    assert!(refused.status.code() == Some(1) && text(&refused.stderr).contains("no such user"));
}

#[tokio::test]
async fn staff_sees_that_mails_wait_and_why() {
    let site = admin::with_token().await;
    let cookie = admin::signed_in(&site).await;
    let page = async |path: &str| site.ask(path).header("cookie", &cookie).send().await.unwrap().text().await.unwrap();
    assert!(!page("/admin").await.contains("no mail server") && !page("/admin/delivery").await.contains("Not set up"));
    let mut transaction = site.help.store.writer().begin().await.unwrap();
    site.help.delivery.promise(&mut transaction, "mail", letter(), jiff::Timestamp::now()).await.unwrap();
    transaction.commit().await.unwrap();
    let (first, delivery) = (page("/admin").await, page("/admin/delivery").await);
    assert!(first.contains("1 mail waits, because no mail server is set"), "{first}");
    assert!(
        delivery.contains("Not set up") && delivery.contains("in [mail] of the settings write `from`"),
        "{delivery}"
    );
}
