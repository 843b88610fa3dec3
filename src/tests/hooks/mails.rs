//! Mails that arrive find their ticket, once, and nobody answers a machine.

mod follow;
mod opens;
mod reports;
mod resend;

use app::model::{Author, Status};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use signpost::integrations::webhook::signature;
use signpost::mail::arrived::{Arrived, Envelope};
use signpost::tickets::{Mark, Message, Said, Speaker, Ticket};
use signpost::webhooks;
use uuid::Uuid;

use super::handling::{Room, now};
use super::{Call, STANDARD};

const SETTINGS: &str = r#"
[tickets.attachments]
files = 2
bytes = 20
[mail.inbound]
domain = "in.acme.example"
per_hour = 3
[hooks.zendesk]
secrets = ["zd-whsec-9f2b7c41d0"]
[hooks.mail]
kind = "mail"
secrets = ["whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="]
[hooks.postmark]
kind = "postmark-inbound"
secrets = ["a-secret-of-a-webhook-of-more-than-32-bytes"]
"#;

/// A signed call that brings the message as it is.
fn call(message: &str, at: Timestamp) -> Call {
    let (id, seconds) = (Uuid::now_v7().to_string(), at.as_second().to_string());
    let body = message.replace('\n', "\r\n");
    let signature = signature(&STANDARD.into(), &id, &seconds, body.as_bytes()).unwrap();
    let headers = vec![("webhook-id", id), ("webhook-timestamp", seconds), ("webhook-signature", signature)];
    Call { to: "mail", headers, body, at }
}

fn mail(from: &str, to: &str, id: &str, text: &str) -> String {
    format!("From: {from}\nTo: {to}\nSubject: Re: Export fails\nMessage-ID: <{id}@customer.example>\n\n{text}\n")
}

struct Post {
    room: Room,
    /// Where answers go.
    address: String,
    /// What all mails of the ticket answer to.
    thread: String,
}

impl Post {
    async fn open(settings: &str) -> Self {
        let room = Room::with(&SETTINGS.replace("per_hour = 3", &format!("per_hour = 3\n{settings}"))).await;
        let letter: (String, String) = sqlx::query_as(
            "select body ->> '$.deed.reply_to', body ->> '$.deed.thread' from outbox where channel = 'mail'",
        )
        .fetch_one(room.site.help.store.readers())
        .await
        .unwrap();
        let post = Self { room, address: letter.0, thread: letter.1 };
        // None of the desks that the room speaks of is there.
        post.set("delete from desk_tickets").await;
        post
    }

    async fn arrives(&self, message: &str) -> String {
        self.room.tell(call(message, now())).await
    }

    async fn messages(&self) -> Vec<Message> {
        let messages = self.room.site.help.tickets.messages(&self.room.ticket().await.id, true).await.unwrap();
        messages.into_iter().skip(1).filter(|message| message.author == Author::Requester).collect()
    }

    async fn last(&self) -> Message {
        self.messages().await.pop().unwrap()
    }

    async fn ticket(&self, number: i64) -> Ticket {
        self.room.site.help.tickets.by_number(number).await.unwrap().unwrap()
    }

    async fn pending(&self) {
        let said = Said {
            speaker: Speaker::Agent { id: "agent-1", name: "Sam" },
            text: "Press it twice.",
            internal: false,
            articles: &[],
            attachments: &[],
            status: None,
        };
        self.room.site.help.tickets.say(&self.room.ticket().await, &said, now()).await.unwrap();
    }

    async fn set(&self, sql: &'static str) {
        sqlx::query(sql).execute(self.room.site.help.store.writer()).await.unwrap();
    }
}

const ADA: &str = "Ada <Ada@customer.example>";

#[tokio::test]
async fn an_answer_by_mail_is_what_its_requester_says() {
    let post = Post::open("").await;
    assert!(post.address.starts_with("reply+1001-") && post.address.ends_with("@in.acme.example"), "{}", post.address);
    post.pending().await;
    let text =
        "It works now.\n\n-- \nAda\n\nOn 21 Nov 2026, at 10:00, Acme <help@acme.example> wrote:\n\n> Press it twice.";
    let message = mail(ADA, &post.address.to_uppercase(), "1", text);
    assert_eq!(post.arrives(&message).await, "answered");
    let said = post.last().await;
    assert_eq!((said.text.as_str(), said.internal), ("It works now.", false));
    assert_eq!(post.room.ticket().await.status, Status::Open);
    let arrivals = post.room.site.help.tickets.arrivals(&said.ticket).await.unwrap();
    assert_eq!(arrivals[0].original.as_deref(), Some(text));
    assert_eq!(post.arrives(&message).await, "known", "the same Message-ID is the same mail");
    assert_eq!(post.messages().await.len(), 1);
}

#[tokio::test]
async fn postmark_and_a_pipe_bring_the_same() {
    let post = Post::open("").await;
    let body = json!({
        "From": "ada@customer.example", "FromFull": {"Email": "ada@customer.example"}, "OriginalRecipient": post.address,
        "Subject": "Re", "TextBody": "By Postmark", "MessageID": "1", "Headers": [], "Attachments": [],
    });
    let secret = "a-secret-of-a-webhook-of-more-than-32-bytes".to_owned();
    let headers = vec![("X-HC-Secret", secret), ("Content-Type", "application/json".to_owned())];
    let outcome = post.room.tell(Call { to: "postmark", headers, body: body.to_string(), at: now() }).await;
    assert_eq!((outcome.as_str(), post.last().await.text.as_str()), ("answered", "By Postmark"));
    let envelope = Envelope { sender: Some("ada@customer.example".to_owned()), recipients: vec![post.address.clone()] };
    let piped = Arrived::read(mail(ADA, "help@acme.example", "2", "By a pipe").as_bytes(), &envelope).unwrap();
    webhooks::deposit(&post.room.site.help.store, &piped, now()).await.unwrap();
    post.room.settle(now()).await;
    assert_eq!(post.last().await.text, "By a pipe");
}

#[tokio::test]
async fn without_the_address_a_mail_is_known_by_what_it_answers() {
    let post = Post::open("").await;
    let answer = |from: &str, id: &str, header: &str| {
        mail(from, "help@acme.example", id, "Hello").replacen("Subject", &format!("{header}\nSubject"), 1)
    };
    let letter: String = sqlx::query_scalar("select id from outbox where channel = 'mail'")
        .fetch_one(post.room.site.help.store.readers())
        .await
        .unwrap();
    let references = format!("References: <ticket-{}@acme.example>", post.thread);
    assert_eq!(post.arrives(&answer(ADA, "1", &references)).await, "answered");
    assert_eq!(post.arrives(&answer(ADA, "2", &format!("In-Reply-To: <{letter}@acme.example>"))).await, "answered");
    assert_eq!(post.arrives(&answer("eve@evil.example", "3", &references)).await, "ignored");
    assert_eq!(post.arrives(&answer(ADA, "4", "References: <ticket-1001@acme.example>")).await, "ignored");
    let long =
        |others| format!("References: {} <ticket-{}@acme.example>", "<a@b.example> ".repeat(others), post.thread);
    assert_eq!(post.arrives(&answer(ADA, "6", &long(99))).await, "answered");
    assert_eq!(post.arrives(&answer(ADA, "7", &long(100))).await, "ignored", "nobody has us look for ever");
    let guess = post.address.replace(&post.address[11..15], "0000");
    assert_eq!(post.arrives(&mail(ADA, &guess, "5", "Hello")).await, "ignored");
}

#[tokio::test]
async fn what_somebody_else_writes_is_a_note() {
    let post = Post::open("").await;
    post.pending().await;
    let outbox = || sqlx::query_scalar::<_, i64>("select count(*) from outbox");
    let before = outbox().fetch_one(post.room.site.help.store.readers()).await.unwrap();
    assert_eq!(post.arrives(&mail("Bo <bo@customer.example>", &post.address, "1", "Me too")).await, "noted");
    let said = post.last().await;
    assert_eq!((said.internal, said.name.as_deref()), (true, Some("Bo <bo@customer.example>")));
    assert_eq!(post.room.ticket().await.status, Status::Open, "an agent shall look");
    let arrivals = post.room.site.help.tickets.arrivals(&said.ticket).await.unwrap();
    assert_eq!(arrivals[0].mark(), Some(Mark::Stranger));
    let after = outbox().fetch_one(post.room.site.help.store.readers()).await.unwrap();
    assert_eq!(before, after, "nobody is told");
}

#[tokio::test]
async fn machines_are_noted_and_never_answered() {
    let post = Post::open("open_tickets = true").await;
    post.pending().await;
    let away =
        mail(ADA, &post.address, "1", "I am away.").replacen("Subject", "Auto-Submitted: auto-replied\nSubject", 1);
    assert_eq!(post.arrives(&away).await, "noted");
    assert_eq!((post.room.ticket().await.status, post.last().await.internal), (Status::Pending, true));
    let nowhere = away.replace(&post.address, "reply@in.acme.example").replace("<1@", "<2@");
    assert_eq!(post.arrives(&nowhere).await, "ignored", "no machine opens a ticket");
}

#[tokio::test]
async fn our_own_letters_that_come_back_are_a_loop() {
    let post = Post::open("open_tickets = true").await;
    let letter: String = sqlx::query_scalar("select id from outbox where channel = 'mail'")
        .fetch_one(post.room.site.help.store.readers())
        .await
        .unwrap();
    let back = |trace: &str| {
        mail(ADA, &post.address, trace, "Hello").replacen("Subject", &format!("X-HC-Message-Id: {trace}\nSubject"), 1)
    };
    assert_eq!(post.arrives(&back(&letter)).await, "loop");
    // What agents say elsewhere may come here; what another help center says by itself is never answered.
    assert_eq!(post.arrives(&back("of-another-help-center")).await, "answered");
    let by_itself = back("by-itself").replacen("Subject", "Auto-Submitted: auto-generated\nSubject", 1);
    assert_eq!(post.arrives(&by_itself).await, "noted");
    let elsewhere = by_itself.replace(&post.address, "reply@in.acme.example").replace("by-itself", "elsewhere");
    assert_eq!(post.arrives(&elsewhere).await, "ignored");
    assert_eq!(post.arrives(&mail("reply@in.acme.example", "reply@in.acme.example", "9", "Hello")).await, "loop");
}

#[tokio::test]
async fn more_than_a_person_sends_is_held_and_said() {
    let post = Post::open("").await;
    for id in ["1", "2", "3"] {
        assert_eq!(post.arrives(&mail(ADA, &post.address, id, id)).await, "answered");
    }
    let held = post.arrives(&mail(ADA, &post.address, "4", "4")).await;
    assert!(held.starts_with("dead: its sender sent 3 mails within the hour to request 1001"), "{held}");
    assert_eq!(post.arrives(&mail("bo@customer.example", &post.address, "5", "5")).await, "noted", "another may");
    let id = post.room.dead().await;
    let later = now() + SignedDuration::from_hours(1);
    assert!(webhooks::inbox::replay(&post.room.site.help.store, &id, later).await.unwrap());
    post.room.settle(later).await;
    assert_eq!(post.last().await.text, "4");
}

#[tokio::test]
async fn what_answers_a_closed_ticket_follows_it_and_a_merged_one_goes_on() {
    let post = Post::open("").await;
    post.set("update tickets set status = 'closed'").await;
    let again = mail(ADA, &post.address, "1", "It fails again.");
    assert_eq!(post.arrives(&again).await, "opened");
    assert_eq!(post.arrives(&again).await, "known");
    let next = post.ticket(1002).await;
    assert_eq!(
        (next.follows, next.email.as_deref()),
        (Some(post.room.ticket().await.id), Some("ada@customer.example"))
    );
    post.set("update tickets set status = 'closed', merged_into = (select id from tickets where number = 1002) where number = 1001")
        .await;
    assert_eq!(post.arrives(&mail(ADA, &post.address, "2", "And this, too.")).await, "answered");
    let said = post.room.site.help.tickets.messages(&next.id, true).await.unwrap();
    assert_eq!(
        said.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(),
        ["It fails again.", "And this, too."]
    );
}

#[tokio::test]
async fn a_mail_of_no_ticket_opens_one_where_that_is_wanted() {
    let post = Post::open("open_tickets = true").await;
    let message = mail("Bo <bo@customer.example>", "reply@in.acme.example", "1", "Where is my bill?");
    assert_eq!(post.arrives(&message).await, "opened");
    let ticket = post.ticket(1002).await;
    assert_eq!((ticket.subject.as_str(), ticket.name.as_deref(), ticket.held), ("Re: Export fails", Some("Bo"), false));
    let spam = message.replace("<1@", "<2@").replacen("Subject", "X-Spam-Flag: YES\nSubject", 1);
    assert_eq!(post.arrives(&spam).await, "opened");
    assert!(post.ticket(1003).await.held, "nobody is told of it before an agent looked");
}

#[tokio::test]
async fn files_come_along_as_far_as_there_is_room() {
    let post = Post::open("").await;
    let part = |name: &str, text: &str| {
        format!("--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename={name}\n\n{text}\n")
    };
    let parts =
        [part("a.log", "one"), part("large.log", &"x".repeat(21)), part("b.log", "two"), part("c.log", "three")];
    let head =
        mail(ADA, &post.address, "1", "").replacen("Subject", "Content-Type: multipart/mixed; boundary=b\nSubject", 1);
    let message = format!("{head}--b\n\nSee the logs.\n{}--b--\n", parts.concat());
    assert_eq!(post.arrives(&message).await, "answered");
    let said = post.last().await;
    let files = post.room.site.help.tickets.attachments(&said.ticket).await.unwrap();
    assert_eq!(files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["a.log", "b.log"]);
    let arrivals = post.room.site.help.tickets.arrivals(&said.ticket).await.unwrap();
    assert_eq!(arrivals[0].left_out, ["large.log", "c.log"]);
}
