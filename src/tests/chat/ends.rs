//! How chats end, and the one ticket that each becomes.

use app::model::{Author, ChatState, Status};
use reqwest::StatusCode;
use signpost::chat::{self, Ender};
use signpost::tickets::Draft;

use super::{answer, chatting, do_as, key, later, met, said, say, texts, the_chat, tickets};
use crate::agent::agent;

#[tokio::test]
async fn a_talk_becomes_a_ticket_with_every_word_of_it() {
    let site = chatting().await;
    let (ada, reader, chat) = met(&site, &[("name", "Jo"), ("email", "jo@example.com")]).await;
    assert!(ada.page("/agent/chats").await.contains("Hello, export fails"));
    answer(&ada, &chat, "Which **version**?").await;
    say(&reader, &key(), "The last one").await;
    do_as(&ada, &chat, &[("deed", "note"), ("id", &key()), ("text", "Known bug")]).await;
    assert_eq!(do_as(&ada, &chat, &[("deed", "end")]).await.status(), StatusCode::SEE_OTHER);
    let [ticket] = <[_; 1]>::try_from(tickets(&site).await).unwrap();
    assert_eq!((ticket.subject.as_str(), ticket.status), ("Hello, export fails", Status::Solved));
    assert_eq!((ticket.name.as_deref(), ticket.email.as_deref()), (Some("Jo"), Some("jo@example.com")));
    assert!(ticket.assignee.is_some() && ticket.replied_at.is_some());
    assert_eq!(
        texts(&site, &ticket).await,
        ["Hello, export fails", "Which **version**?", "The last one", "Known bug"],
        "in their order, and nothing of what the program said"
    );
    let messages = site.help.tickets.messages(&ticket.id, false).await.unwrap();
    assert_eq!(messages.len(), 3, "a note stays one");
    assert_eq!(messages[1].author, Author::Agent);
    let channel: String =
        sqlx::query_scalar("select channel from tickets").fetch_one(site.help.store.readers()).await.unwrap();
    assert_eq!(channel, "chat");
    let page = reader.page("/chat").await;
    assert!(page.contains(&format!("/requests/{}", ticket.secret)), "{page}");
}

#[tokio::test]
async fn an_address_that_was_typed_gets_three_letters_an_hour_and_no_word_of_who_typed_it() {
    let site = chatting().await;
    for _ in 0..4 {
        let (ada, reader, chat) = met(&site, &[("email", "victim@example.com")]).await;
        answer(&ada, &chat, "Hello").await;
        assert_eq!(reader.post("/chat", &[("deed", "end")]).await.status(), StatusCode::SEE_OTHER);
    }
    assert!(tickets(&site).await.iter().all(|ticket| ticket.status == Status::Solved));
    let letters: Vec<(String, String)> = sqlx::query_as(
        "select body ->> '$.deed.subject', body from outbox where body ->> '$.deed.to' = 'victim@example.com' order by id",
    )
    .fetch_all(site.help.store.readers())
    .await
    .unwrap();
    let subjects: Vec<_> = letters.iter().map(|(subject, _)| subject.as_str()).collect();
    assert_eq!(subjects, ["Did we help? [#1001]", "Did we help? [#1002]", "Did we help? [#1003]"]);
    assert!(letters.iter().all(|(_, body)| !body.contains("export fails")), "{letters:?}");
}

#[tokio::test]
async fn whoever_ends_it_at_the_same_time_it_is_one_ticket() {
    let site = chatting().await;
    let (ada, _, chat) = met(&site, &[]).await;
    answer(&ada, &chat, "Hello").await;
    let (chats, id, now) = (&site.help.chats, chat.id.as_str(), later(700));
    let by = ("ada", "Ada");
    let enders = [Ender::Reader, Ender::Agent(by), Ender::Ticket(by), Ender::Left, Ender::Missed];
    let ended = enders.iter().cycle().take(20).map(|ender| chats.end(id, *ender, now));
    let (numbers, looked) = tokio::join!(futures::future::join_all(ended), chats.look(now));
    looked.unwrap();
    let numbers: Vec<_> = numbers.into_iter().map(|ticket| ticket.unwrap().unwrap().number).collect();
    assert!(numbers.iter().all(|number| *number == 1001), "{numbers:?}");
    assert_eq!(tickets(&site).await.len(), 1);
    assert_eq!(said(&site, &chat).await.iter().filter(|(_, text)| text == "ended").count(), 1);
}

#[tokio::test]
async fn what_is_said_while_it_ends_is_heard_once() {
    let site = chatting().await;
    let (ada, reader, chat) = met(&site, &[]).await;
    answer(&ada, &chat, "Done.").await;
    do_as(&ada, &chat, &[("deed", "end")]).await;
    let id = key();
    for _ in 0..3 {
        assert_eq!(say(&reader, &id, "One more thing").await, StatusCode::NO_CONTENT);
    }
    let [ticket] = <[_; 1]>::try_from(tickets(&site).await).unwrap();
    let texts = texts(&site, &ticket).await;
    assert_eq!(texts.iter().filter(|text| *text == "One more thing").count(), 1, "{texts:?}");
    assert_eq!(ticket.status, Status::Open, "a requester's word opens what was solved");
    assert!(reader.page("/chat").await.contains("One more thing"));
}

#[tokio::test]
async fn what_is_said_after_the_end_is_seen_however_the_ticket_stands() {
    let site = chatting().await;
    let (ada, reader, chat) = met(&site, &[]).await;
    answer(&ada, &chat, "Done.").await;
    do_as(&ada, &chat, &[("deed", "end")]).await;
    let set = async |sql: &'static str| sqlx::query(sql).execute(site.help.store.writer()).await.unwrap();
    set("update tickets set status = 'closed'").await;
    assert_eq!(say(&reader, &key(), "One more thing").await, StatusCode::NO_CONTENT);
    assert_eq!(tickets(&site).await[0].status, Status::Open);
    let other = crate::tickets::opening(Draft { form: "question".to_owned(), ..Draft::default() });
    let other = site.help.tickets.open(other, later(0)).await.unwrap();
    site.help.tickets.merge(&tickets(&site).await[0], &other, ("ada", "Ada"), later(0)).await.unwrap();
    set("update tickets set status = 'pending' where number = 1002").await;
    assert_eq!(say(&reader, &key(), "And another").await, StatusCode::NO_CONTENT);
    let [own, other] = <[_; 2]>::try_from(tickets(&site).await).unwrap();
    assert_eq!((own.status, other.status), (Status::Closed, Status::Open));
    assert!(texts(&site, &own).await.contains(&"And another".to_owned()));
}

#[tokio::test]
async fn what_the_host_says_of_a_reader_stands_before_what_is_typed() {
    let site = chatting().await;
    let (_, reader, _) = met(&site, &[]).await;
    sqlx::query("update chats set reader = 'reader-1', email = 'jo@host.example'")
        .execute(site.help.store.writer())
        .await
        .unwrap();
    let leave = |email| [("deed", "leave"), ("email", email)];
    assert_eq!(reader.post("/chat", &leave("nobody")).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(reader.post("/chat", &leave("ceo@big.example")).await.status(), StatusCode::SEE_OTHER);
    let [ticket] = <[_; 1]>::try_from(tickets(&site).await).unwrap();
    assert_eq!(ticket.email.as_deref(), Some("jo@host.example"));
}

#[tokio::test]
async fn who_waits_too_long_is_told_and_nothing_is_lost() {
    let site = chatting().await;
    let (ada, reader, chat) = met(&site, &[]).await;
    let look = async |seconds| site.help.chats.look(later(seconds)).await.unwrap();
    look(290).await;
    assert_eq!(the_chat(&site).await.state, ChatState::Waiting);
    look(301).await;
    let page = reader.page("/chat").await;
    assert!(page.contains("Nobody could come. What you wrote is kept.") && page.contains("chat-email"), "{page}");
    assert!(tickets(&site).await.is_empty());
    let nowhere = [("deed", "leave"), ("id", &key()), ("text", "And this"), ("email", "nobody")];
    let refused = reader.post("/chat", &nowhere).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let left = [("deed", "leave"), ("id", nowhere[1].1), ("text", "And this"), ("email", "jo@example.com")];
    assert_eq!(reader.post("/chat", &left).await.status(), StatusCode::SEE_OTHER);
    let [ticket] = <[_; 1]>::try_from(tickets(&site).await).unwrap();
    assert_eq!((ticket.status, ticket.email.as_deref()), (Status::New, Some("jo@example.com")));
    assert_eq!(texts(&site, &ticket).await, ["Hello, export fails", "And this"]);
    assert_eq!(do_as(&ada, &chat, &[("deed", "take")]).await.status(), StatusCode::CONFLICT);
}

#[tokio::test]
async fn where_an_address_is_known_a_missed_chat_is_a_ticket_at_once() {
    let site = chatting().await;
    let (_, reader, chat) = met(&site, &[("email", "jo@example.com")]).await;
    for _ in 0..2 {
        site.help.chats.look(later(301)).await.unwrap();
    }
    assert_eq!(the_chat(&site).await.state, ChatState::Over);
    assert_eq!(tickets(&site).await.len(), 1);
    let lines: Vec<_> = said(&site, &chat).await.into_iter().map(|(_, text)| text).collect();
    assert_eq!(lines, ["Hello, export fails", "missed", "ended"]);
    assert!(reader.page("/chat").await.contains("It goes on in your request 1001"));
}

#[tokio::test]
async fn an_agent_who_drops_off_frees_the_chat_for_the_next() {
    let site = chatting().await;
    let (ada, reader, chat) = met(&site, &[]).await;
    answer(&ada, &chat, "Hello").await;
    let look = async |seconds| site.help.chats.look(later(seconds)).await.unwrap();
    look(29).await;
    assert_eq!(the_chat(&site).await.state, ChatState::Talking);
    look(31).await;
    assert!(reader.page("/chat").await.contains("Ada is gone."));
    let grace = agent(&site, "grace@example.com").await;
    assert_eq!(do_as(&grace, &chat, &[("deed", "take")]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(do_as(&ada, &chat, &[("deed", "take")]).await.status(), StatusCode::CONFLICT, "one has it");
    let typed = [("deed", "say"), ("id", "x"), ("text", "I am back")];
    let refused = do_as(&ada, &chat, &typed).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    assert!(refused.text().await.unwrap().contains("I am back</textarea>"));
    let ada_id: String = sqlx::query_scalar("select id from agents where email = 'ada@example.com'")
        .fetch_one(site.help.store.readers())
        .await
        .unwrap();
    let passed = do_as(&grace, &chat, &[("deed", "pass"), ("to", &ada_id)]).await;
    assert_eq!(passed.status(), StatusCode::SEE_OTHER);
    assert!(reader.page("/chat").await.contains("Ada takes over."));
}

#[tokio::test]
async fn a_reader_who_does_not_come_back_leaves_a_ticket() {
    let check = async |answered: bool, then: bool, status: Status| {
        let site = chatting().await;
        let (ada, reader, chat) = met(&site, &[]).await;
        if answered {
            answer(&ada, &chat, "Hello").await;
        }
        if then {
            say(&reader, &key(), "Wait").await;
        }
        site.help.chats.look(later(599)).await.unwrap();
        site.help.chats.look(later(601)).await.unwrap();
        assert_eq!(tickets(&site).await[0].status, status, "{answered} {then}");
    };
    check(true, false, Status::Pending).await;
    check(true, true, Status::Open).await;
    check(false, false, Status::New).await;
}

#[tokio::test]
async fn an_agent_goes_on_with_it_as_a_ticket() {
    let site = chatting().await;
    let (ada, _, chat) = met(&site, &[]).await;
    let made = do_as(&ada, &chat, &[("deed", "ticket")]).await;
    assert_eq!(made.headers()["location"], "/agent/tickets/1001");
    let page = ada.page("/agent/tickets/1001").await;
    assert!(page.contains("Hello, export fails"), "{page}");
    assert_eq!(tickets(&site).await[0].status, Status::Open);
}

#[tokio::test]
async fn what_is_over_goes_and_a_reader_can_be_erased() {
    let site = chatting().await;
    let (_, reader, chat) = met(&site, &[]).await;
    reader.post("/chat", &[("deed", "end")]).await;
    let count = async || -> (i64, i64) {
        let sql = "select (select count(*) from chats), (select count(*) from chat_messages)";
        sqlx::query_as(sql).fetch_one(site.help.store.readers()).await.unwrap()
    };
    site.help.chats.forget(later(6 * 86_400)).await.unwrap();
    assert_eq!(count().await.0, 1);
    site.help.chats.forget(later(8 * 86_400)).await.unwrap();
    assert_eq!(count().await, (0, 0));
    assert_eq!(tickets(&site).await.len(), 1, "the ticket is kept as tickets are");
    let (_, _, other) = met(&site, &[]).await;
    assert_ne!(other.id, chat.id);
    let sign_in = sqlx::query("update chats set reader = 'reader-1'").execute(site.help.store.writer()).await;
    sign_in.unwrap();
    let mut transaction = site.help.store.writer().begin().await.unwrap();
    assert_eq!(chat::erase_reader(&mut transaction, "reader-2").await.unwrap(), 0);
    assert_eq!(chat::erase_reader(&mut transaction, "reader-1").await.unwrap(), 1);
    transaction.commit().await.unwrap();
    assert_eq!(count().await, (0, 0));
    assert!(site.help.chats.by_id(&other.id).await.unwrap().is_none());
}
