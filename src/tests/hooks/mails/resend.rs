//! Resend tells that a mail came; what it says is fetched, now or later.

use app::model::Status;
use jiff::SignedDuration;
use serde_json::{Value, json};
use signpost::webhooks::{self, Refused, inbox};

use super::{Call, Post, now};
use crate::contract::Misbehave;
use crate::contract::resend::{KEY, Receiving};
use crate::hooks::headers;

const ID: &str = "56761188-7520-42d8-8898-ff6fc54ce618";

impl Receiving {
    fn tells(&self, event: &str, id: &str, to: &str) -> Call {
        let (headers, body) = self.call(event, id, to, now());
        Call { to: "resend", headers, body, at: now() }
    }
}

async fn office() -> (Receiving, Post) {
    let resend = Receiving::open().await;
    // Sections of the test's own end with one of [mail.inbound].
    let post = Post::open(&resend.settings()).await;
    (resend, post)
}

/// As Resend tells a mail in its parts.
fn email(text: &str) -> Value {
    json!({ "from": "Ada <ada@customer.example>", "to": ["somebody@in.acme.example"], "cc": null, "bcc": null,
        "subject": "Re: Export fails", "text": text, "html": "<p>not this</p>", "raw": null,
        "message_id": "<1@customer.example>", "headers": { "Subject": "Re: Export fails", "x-mailer": "Letters" } })
}

#[tokio::test]
async fn a_mail_is_fetched_with_its_files_and_answers_its_ticket() {
    let (resend, post) = office().await;
    post.pending().await;
    resend.keep(ID, email("It works now.\n\n> Press it twice."), &[("logo.png", "png", true), ("a.log", "one", false)]);
    assert_eq!(post.room.tell(resend.tells("msg_1", ID, &post.address)).await, "answered");
    let said = post.last().await;
    assert_eq!((said.text.as_str(), post.room.ticket().await.status), ("It works now.", Status::Open));
    let files = post.room.site.help.tickets.attachments(&said.ticket).await.unwrap();
    assert_eq!(files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["a.log", "logo.png"]);
    let (mail, files) = (format!("/emails/receiving/{ID}"), format!("/inbound/{ID}"));
    let expect = [mail.clone(), format!("{mail}/attachments"), format!("{files}/a.log"), format!("{files}/logo.png")];
    assert_eq!(resend.asked(), expect);
}

#[tokio::test]
async fn files_that_no_ticket_takes_are_named_and_not_fetched() {
    let (resend, post) = office().await;
    post.pending().await;
    let files = [("logo.png", "png", true), ("large.log", "more than twenty bytes", false)];
    let files = [&files[..], &["a.log", "b.log", "c.log"].map(|name| (name, "one", false))].concat();
    resend.keep(ID, email("See the logs."), &files);
    assert_eq!(post.room.tell(resend.tells("msg_1", ID, &post.address)).await, "answered");
    let said = post.last().await;
    let files = post.room.site.help.tickets.attachments(&said.ticket).await.unwrap();
    assert_eq!(files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["a.log", "b.log"]);
    let arrivals = post.room.site.help.tickets.arrivals(&said.ticket).await.unwrap();
    assert_eq!(arrivals[0].left_out, ["large.log", "c.log", "logo.png"]);
    let fetched: Vec<_> = resend.asked().into_iter().filter(|path| path.starts_with("/inbound/")).collect();
    assert_eq!(fetched, ["a.log", "b.log"].map(|name| format!("/inbound/{ID}/{name}")));
}

#[tokio::test]
async fn a_mail_that_was_kept_as_it_came_is_read_as_it_came() {
    let (resend, post) = office().await;
    post.pending().await;
    let message = |id: &str, head: &str| {
        super::mail(super::ADA, &post.address, id, "I am here.").replacen("Subject", &format!("{head}Subject"), 1)
    };
    resend.keep_raw("1", &message("1", "Auto-Submitted: auto-replied\n"));
    assert_eq!(post.room.tell(resend.tells("msg_1", "1", &post.address)).await, "noted", "no machine answers");
    assert_eq!((post.room.ticket().await.status, post.last().await.internal), (Status::Pending, true));
    resend.keep_raw("2", &message("2", ""));
    assert_eq!(post.room.tell(resend.tells("msg_2", "2", &post.address)).await, "answered");
    assert_eq!(post.last().await.text, "I am here.");
}

#[tokio::test]
async fn told_twice_it_is_said_once_and_forged_it_is_not_even_fetched() {
    let (resend, post) = office().await;
    resend.keep(ID, email("Hello"), &[]);
    let mut forged = resend.tells("msg_1", ID, &post.address);
    forged.body = forged.body.replace("Re: Export", "Re: Import");
    let body = forged.body.as_bytes();
    let refused = webhooks::receive(&post.room.site.help.hooks, "resend", &headers(&forged), body, now()).await;
    assert!(matches!(refused, Err(Refused::Unproved(_))), "{refused:?}");
    assert!(resend.asked().is_empty());
    for (event, expect) in [("msg_1", "answered"), ("msg_1", "answered"), ("msg_2", "known")] {
        assert_eq!(post.room.tell(resend.tells(event, ID, &post.address)).await, expect, "{event}");
    }
    assert_eq!((post.messages().await.len(), resend.asked().len()), (1, 2));
}

#[tokio::test]
async fn what_cannot_be_fetched_now_is_fetched_later() {
    let (resend, post) = office().await;
    resend.keep(ID, email("Hello"), &[("a.log", "one", false)]);
    let well = || Misbehave::Well;
    resend.vendor.plan([Misbehave::Status(500, ""), Misbehave::RetryAfter(429, "30")]);
    // The mail, and then the list of its files; the list, and then the file.
    resend.vendor.plan([well(), Misbehave::HalfABody(200), well(), well(), Misbehave::Lost, Misbehave::Hang]);
    post.room.take(&resend.tells("msg_1", ID, &post.address)).await;
    let mut at = now();
    for wait in [1, 30, 60, 600, 3600] {
        let until = post.room.settle(at).await.unwrap();
        assert_eq!((until.duration_since(at).as_secs(), post.messages().await.len()), (wait, 0));
        at = until;
    }
    assert_eq!(post.room.settle(at).await, None);
    let last = post.room.last().await;
    assert_eq!((last.outcome.as_deref(), last.attempts, last.body), (Some("answered"), 5, None));
    assert_eq!(post.last().await.text, "Hello");
}

#[tokio::test]
async fn what_is_refused_waits_for_somebody_who_sends_it_in_again() {
    let (resend, post) = office().await;
    let outcome = post.room.tell(resend.tells("msg_1", ID, &post.address)).await;
    assert!(outcome.starts_with("dead: cannot fetch the mail 5676"), "{outcome}");
    assert!(outcome.ends_with("from Resend: answered 404: Email not found"), "{outcome}");
    resend.keep(ID, email("Hello"), &[]);
    let id = post.room.dead().await;
    assert!(inbox::replay(&post.room.site.help.store, &id, now() + SignedDuration::from_hours(1)).await.unwrap());
    post.room.settle(now() + SignedDuration::from_hours(1)).await;
    assert_eq!(post.last().await.text, "Hello");
}

#[tokio::test]
async fn a_key_that_may_not_read_or_is_missing_is_told_and_never_shown() {
    let resend = Receiving::open().await;
    let check = async |settings: String, expect: &str| {
        let post = Post::open(&settings).await;
        let outcome = post.room.tell(resend.tells("msg_1", ID, &post.address)).await;
        assert!(outcome.starts_with("dead: ") && outcome.contains(expect), "{outcome}");
        assert!(!outcome.contains("never-shown"), "{outcome}");
    };
    let other = resend.settings().replace(KEY, &KEY.replace("full", "send"));
    check(other, "answered 401: This API key is restricted to only send emails").await;
    let none = resend.settings();
    let none = none.split("key = ").next().unwrap().to_owned();
    check(none, "write `key`").await;
}
