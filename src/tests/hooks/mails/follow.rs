//! Where an answer goes when its ticket is closed or went on in another one.

use app::model::Author;

use super::{ADA, Post, mail, now};

#[tokio::test]
async fn what_follows_a_ticket_of_a_form_that_is_gone_is_taken_all_the_same() {
    let post = Post::open("").await;
    post.set("update tickets set status = 'closed', form = 'gone'").await;
    assert_eq!(post.arrives(&mail(ADA, &post.address, "1", "It fails again.")).await, "opened");
    assert_eq!(post.ticket(1002).await.form, "question");
}

#[tokio::test]
async fn what_one_requester_writes_is_not_said_in_the_ticket_of_another() {
    let post = Post::open("open_tickets = true").await;
    let eve = "Eve <eve@customer.example>";
    assert_eq!(post.arrives(&mail(eve, "reply@in.acme.example", "1", "It fails here, too.")).await, "opened");
    let (ada, other) = (post.ticket(1001).await, post.ticket(1002).await);
    post.room.site.help.tickets.merge(&ada, &other, ("agent-1", "Sam"), now()).await.unwrap();
    let message = mail(ADA, &post.address, "2", "My customer number is 4711.");
    assert_eq!(post.arrives(&message).await, "opened");
    assert_eq!(post.arrives(&message).await, "known");
    let next = post.ticket(1003).await;
    assert_eq!((next.follows, next.email.as_deref()), (Some(ada.id), Some("ada@customer.example")));
    let references = format!("References: <ticket-{}@acme.example>\nSubject", post.thread);
    let answer = mail(ADA, "help@acme.example", "3", "Did you get it?").replacen("Subject", &references, 1);
    assert_eq!(post.arrives(&answer).await, "opened", "however it is found");
    assert_eq!(post.arrives(&mail("bo@customer.example", &post.address, "4", "Me, too")).await, "noted");
    assert_eq!(post.arrives(&mail(eve, &post.address, "5", "Still so.")).await, "answered", "it is her own");
    let seen = post.room.site.help.tickets.messages(&other.id, false).await.unwrap();
    let seen: Vec<_> = seen.iter().filter(|message| message.author == Author::Requester).collect();
    assert_eq!(seen.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(), ["It fails here, too.", "Still so."]);
}
