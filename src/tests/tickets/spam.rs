//! Proof of work before a ticket is sent, and what becomes of a ticket without it.

use sha2::{Digest, Sha256};

use super::*;

const WORK: &str = "[tickets]\nfill_seconds = 0\nspam = { work = 8, unproved_per_address = 3 }\n\
                    desks = [{ desk = \"webhook.crm\" }]\n\
                    [webhooks.crm]\nurl = \"http://127.0.0.1:9/\"\nsecrets = [\"whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=\"]\n";

/// The challenge on the page, and the number that a browser finds.
fn solved(page: &str) -> (String, String) {
    let behind = |before: &str| page.split(before).nth(1).unwrap().split('"').next().unwrap();
    let (challenge, bits) = (behind("name=\"challenge\" value=\""), behind("data-bits=\"").parse().unwrap());
    let zeros = |number: &u64| {
        let hash = Sha256::digest(format!("{challenge}.{number}"));
        u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]).leading_zeros()
    };
    let number = (0..).find(|number| zeros(number) >= bits).unwrap();
    (challenge.to_owned(), number.to_string())
}

async fn ticket_of(site: &Site, request: &str) -> Ticket {
    let secret = request.trim_start_matches("/requests/").trim_end_matches("?sent");
    site.help.tickets.by_secret(secret).await.unwrap().unwrap()
}

/// Channels to which something about tickets is promised.
async fn promised(site: &Site) -> Vec<String> {
    sqlx::query_scalar("select channel from outbox order by id").fetch_all(site.help.store.readers()).await.unwrap()
}

#[tokio::test]
async fn what_comes_with_its_work_is_told_to_all() {
    let site = site::serve_with(WORK, FILES).await;
    let browser = Browser::of(&site);
    let draft = written(&browser).await;
    let page = browser.page(&draft).await;
    assert!(page.contains("/assets/work."), "{page}");
    let (challenge, number) = solved(&page);
    let sent = [("deed", "send"), ("challenge", challenge.as_str()), ("work", number.as_str())];
    let request = location(&send(&browser, &draft, &sent, &[]).await);
    assert!(!ticket_of(&site, &request).await.held);
    assert_eq!(promised(&site).await, ["mail", "webhook.crm"]);
    let again = written(&browser).await;
    let replayed = location(&send(&browser, &again, &sent, &[]).await);
    assert!(ticket_of(&site, &replayed).await.held, "the number was found for another draft");
}

#[tokio::test]
async fn what_comes_without_is_held_until_an_agent_releases_it() {
    let site = site::serve_with(WORK, FILES).await;
    let browser = Browser::of(&site);
    let draft = written(&browser).await;
    let request = location(&send(&browser, &draft, &[("deed", "send")], &[("log.txt", b"a line")]).await);
    let ticket = ticket_of(&site, &request).await;
    assert_eq!((ticket.held, ticket.tags.as_slice()), (true, ["held".to_owned()].as_slice()));
    assert!(browser.page(&request).await.contains("Nothing happens."), "its reader sees it as any other");
    send(&browser, &ticket.path(), &[("deed", "answer"), ("text", "It is urgent")], &[]).await;
    assert_eq!(promised(&site).await, Vec::<String>::new());
    crate::agent::accounts(&site).await;
    let agent = crate::agent::agent(&site, "ada@example.com").await;
    let page = agent.get("/agent/tickets/1001").await.text().await.unwrap();
    assert!(page.contains("value=\"release\""), "{page}");
    let stand = [("seen", "0"), ("status", ""), ("priority", ""), ("assignee", ""), ("tags", ""), ("deed", "release")];
    for _ in 0..2 {
        assert_eq!(agent.post("/agent/tickets/1001/standing", &stand).await.status(), 303);
    }
    assert_eq!(promised(&site).await, ["mail", "webhook.crm", "webhook.crm"], "once, and all that was said");
    let ticket = ticket_of(&site, &request).await;
    assert_eq!((ticket.held, ticket.tags.len()), (false, 0));
    let page = agent.get("/agent/tickets/1001").await.text().await.unwrap();
    assert!(!page.contains("value=\"release\"") && page.contains("Released"), "{page}");
}

#[tokio::test]
async fn who_sends_many_without_is_stopped_sooner_and_given_more_to_do() {
    let site = site::serve_with(&WORK.replace("address = 3", "address = 1"), FILES).await;
    let browser = Browser::of(&site);
    let draft = written(&browser).await;
    assert_eq!(send(&browser, &draft, &[("deed", "send")], &[]).await.status(), 303);
    let draft = written(&browser).await;
    assert_eq!(send(&browser, &draft, &[("deed", "send")], &[]).await.status(), 429);
    let mut page = String::new();
    for _ in 0..9 {
        page = browser.page(&draft).await;
    }
    assert!(page.contains("data-bits=\"9\""), "{page}");
    let (challenge, number) = solved(&page);
    let sent = [("deed", "send"), ("challenge", challenge.as_str()), ("work", number.as_str())];
    assert_eq!(send(&browser, &draft, &sent, &[]).await.status(), 303);
}

/// Begins a chat that nobody takes, with the work or without; the answer.
async fn chat(site: &Site, browser: &Browser<'_>, with_work: bool) -> reqwest::StatusCode {
    site.help.chats.live().agent_is_here("ada", Timestamp::now());
    let page = browser.page("/chat").await;
    let secret = page.split("name=\"begin\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let (challenge, number) = if with_work { solved(&page) } else { Default::default() };
    let begin = [("deed", "begin"), ("begin", secret), ("text", "Hello"), ("challenge", &challenge), ("work", &number)];
    browser.post("/chat", &begin).await.status()
}

async fn last_ticket(site: &Site) -> Ticket {
    let last = sqlx::query_as("select * from tickets order by number desc limit 1");
    last.fetch_one(site.help.store.readers()).await.unwrap()
}

#[tokio::test]
async fn a_chat_is_no_way_around_it() {
    let site = site::serve_with(&format!("[chat]\nopen = true\n{WORK}"), FILES).await;
    let leave = [("deed", "leave"), ("email", "victim@example.com")];
    let (machine, person) = (Browser::of(&site), Browser::of(&site));
    assert_eq!(chat(&site, &machine, false).await, 303);
    assert_eq!(machine.post("/chat", &leave).await.status(), 303);
    assert!(last_ticket(&site).await.held);
    assert_eq!(promised(&site).await, Vec::<String>::new(), "nobody is told of it");
    assert_eq!(chat(&site, &person, true).await, 303);
    assert_eq!(person.post("/chat", &leave).await.status(), 303);
    assert!(!last_ticket(&site).await.held);
    assert_eq!(promised(&site).await, ["webhook.crm", "mail"]);
    let ticket = site.help.tickets.by_number(1001).await.unwrap().unwrap();
    site.help.tickets.release(&ticket, ("ada", "Ada"), Timestamp::now()).await.unwrap();
    assert_eq!(promised(&site).await.len(), 4, "an agent saw that it is none");
}

#[tokio::test]
async fn whom_an_agent_answered_in_a_chat_is_no_machine_and_many_chats_are_too_many() {
    let site = site::serve_with(&format!("[chat]\nopen = true\n{WORK}"), FILES).await;
    crate::agent::accounts(&site).await;
    let (agent, browser) = (crate::agent::agent(&site, "ada@example.com").await, Browser::of(&site));
    assert_eq!(chat(&site, &browser, false).await, 303);
    let id: String = sqlx::query_scalar("select id from chats").fetch_one(site.help.store.readers()).await.unwrap();
    let answer = [("deed", "say"), ("id", "0123456789abcdef"), ("text", "Hello yourself")];
    assert_eq!(agent.post(&format!("/agent/chats/{id}"), &answer).await.status(), 303);
    assert_eq!(browser.post("/chat", &[("deed", "end")]).await.status(), 303);
    assert!(!last_ticket(&site).await.held);
    for expect in [303, 303, 429] {
        assert_eq!(chat(&site, &Browser::of(&site), false).await, expect);
    }
    assert_eq!(chat(&site, &Browser::of(&site), true).await, 303);
}

#[tokio::test]
async fn nobody_is_asked_where_nothing_is_set_or_the_host_vouches() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let browser = Browser::of(&site);
    let draft = written(&browser).await;
    assert!(!browser.page(&draft).await.contains("challenge"));
    let site = site::serve_with(&format!("{WORK}{}", site::with_tokens()), FILES).await;
    let draft = written(&Browser::of(&site)).await;
    let page = site.ask(&draft).bearer_auth(site::token_of("reader-7", &[])).send().await.unwrap();
    assert!(!page.text().await.unwrap().contains("challenge"));
}
