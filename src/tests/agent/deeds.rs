//! Past tickets from the queue, merges undone, what desks did not take.

use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use serde_json::json;
use signpost::delivery::dead::{self, Letter};
use signpost::delivery::outbox::Body;
use signpost::tickets::{By, Figures, Times};

use super::{agent, answer, now, open, portal};
use crate::site::Site;

#[tokio::test]
async fn the_queue_finds_tickets_by_number_and_by_words() {
    let site = portal("").await;
    let solved = open(&site, "Lost parcel", "The courier lost it in Reykjavik.", &[]).await;
    open(&site, "Another", "Nothing like it.", &[]).await;
    site.help.tickets.solve(&solved, Timestamp::now()).await.unwrap();
    let ada = agent(&site, "ada@example.com").await;
    assert!(!ada.page("/agent").await.contains("Lost parcel"), "it is solved");
    let past = site.help.tickets.past(&site.help.behind, "en").unwrap();
    while !past.is_whole() || past.find("reykjavik", 1).unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    let page = ada.page("/agent?q=couriers+reykjavik&owner=mine").await;
    assert!(page.contains("Lost parcel") && !page.contains(">Another<"), "{page}");
    assert!(page.contains("Tickets with “couriers reykjavik”") && page.contains("/agent?owner=mine\""), "{page}");
    assert!(ada.page("/agent?q=zxqv").await.contains("No ticket has these words."));
    for number in ["1001", "%231001", "+1001+"] {
        let found = ada.get(&format!("/agent?q={number}")).await;
        assert_eq!(found.headers()["location"], "/agent/tickets/1001", "{number}");
    }
    assert!(ada.page("/agent?q=9999").await.contains("No ticket has these words."));
}

#[tokio::test]
async fn a_merge_is_undone_while_nothing_was_said_since() {
    let site = portal("").await;
    let (one, other) = (open(&site, "Refund", "Where?", &[]).await, open(&site, "Again", "Still nowhere.", &[]).await);
    let third = open(&site, "And again", "Hello?", &[]).await;
    let ada = agent(&site, "ada@example.com").await;
    let undo = async |number: i64| ada.post(&format!("/agent/tickets/{number}/unmerge"), &[]).await;
    ada.post("/agent/tickets/1003/merge", &[("into", "1002")]).await;
    ada.post("/agent/tickets/1002/merge", &[("into", "1001")]).await;
    assert!(ada.page("/agent/tickets/1002").await.contains("Undo the merge"));
    let along = undo(1003).await;
    assert_eq!(along.status(), StatusCode::CONFLICT);
    assert!(along.text().await.unwrap().contains("came to #1001 with another one"));

    assert_eq!(undo(1002).await.headers()["location"], "/agent/tickets/1002?done=unmerged");
    let (two, three) = (now(&site, &other).await, now(&site, &third).await);
    assert_eq!((two.status, two.merged_into, two.solved_at), (other.status, None, None));
    assert_eq!(three.merged_into, Some(other.id.clone()), "what came along goes back with it");
    let page = ada.page("/agent/tickets/1001").await;
    assert!(page.contains("Merge with #1002 undone") && !page.contains("Still nowhere."), "{page}");
    assert!(ada.page("/agent").await.contains(">Again<"));

    ada.post("/agent/tickets/1002/merge", &[("into", "1001")]).await;
    let seen = now(&site, &one).await.updated_at.to_string();
    let reply = [("seen", seen.as_str()), ("voice", "reply"), ("text", "It is on its way."), ("deed", "send")];
    assert_eq!(answer(&ada, &one, &reply).await.status(), StatusCode::SEE_OTHER);
    let refused = undo(1002).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    assert!(refused.text().await.unwrap().contains("something was said since"));
    assert_eq!(now(&site, &other).await.merged_into, Some(one.id));
}

/// Has what was promised to the desk become a dead letter; gives its id.
async fn kill(site: &Site, ticket: &str) -> String {
    let key: String = sqlx::query_scalar("update outbox set state = 'dead' where about = $1 returning id")
        .bind(ticket)
        .fetch_one(site.help.store.writer())
        .await
        .unwrap();
    let reason = "answered 422: RecordInvalid: requester: <malformed>";
    let letter = Letter::new("connector.crm", &key, &Body::Deed(json!({})), 1, reason, Timestamp::now());
    let mut transaction = site.help.store.writer().begin().await.unwrap();
    dead::write(&mut transaction, &letter).await.unwrap();
    transaction.commit().await.unwrap();
    letter.id
}

#[tokio::test]
async fn what_a_desk_did_not_take_is_seen_and_sent_again() {
    let settings = "[connectors.crm]\nurl = \"http://127.0.0.1:1/\"\ntakes = \"deeds\"\n\
                    [[tickets.desks]]\ndesk = \"connector.crm\"\n";
    let site = portal(settings).await;
    let (one, other) = (open(&site, "Refund", "Where?", &[]).await, open(&site, "Again", "Here?", &[]).await);
    let ada = agent(&site, "ada@example.com").await;
    assert!(!ada.page("/agent").await.contains("Not delivered<"));
    let (letter, foreign) = (kill(&site, &one.id).await, kill(&site, &other.id).await);
    assert_eq!(ada.page("/agent").await.matches("Not delivered<").count(), 2);
    let page = ada.page("/agent/tickets/1001").await;
    for part in ["connector.crm did not take this", "RecordInvalid: requester: &lt;malformed&gt;", &letter] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
    assert!(!page.contains(&foreign), "it is another ticket's");
    let again = async |letter: &str| ada.post("/agent/tickets/1001/retry", &[("letter", letter)]).await;
    assert_eq!(again(&foreign).await.status(), StatusCode::CONFLICT);
    assert_eq!(again(&letter).await.headers()["location"], "/agent/tickets/1001?done=again");
    assert_eq!(again(&letter).await.status(), StatusCode::CONFLICT, "it is under way already");
    assert_eq!(ada.page("/agent").await.matches("Not delivered<").count(), 1);
    assert!(dead::about(&site.help.store, &one.id).await.unwrap().is_empty());
}

#[tokio::test]
async fn figures_say_how_soon_each_desk_answers() {
    let settings = "[connectors.crm]\nurl = \"http://127.0.0.1:1/\"\ntakes = \"deeds\"\n\
                    [[tickets.desks]]\ndesk = \"connector.crm\"\nforms = [\"bug\"]\n";
    let site = portal(settings).await;
    for (minutes, is_at_desk) in [(Some(10), false), (Some(30), false), (None, false), (Some(5), true)] {
        let ticket = open(&site, "Refund", "Where?", &[]).await;
        let took = minutes.map(|minutes| SignedDuration::from_mins(minutes).as_millis() as i64);
        sqlx::query("update tickets set replied_at = opened_at + $2 where id = $1")
            .bind(&ticket.id)
            .bind(took)
            .execute(site.help.store.writer())
            .await
            .unwrap();
        if is_at_desk {
            site.help.tickets.solve(&ticket, Timestamp::now()).await.unwrap();
            sqlx::query("insert into desk_tickets (ticket, desk) values ($1, 'connector.crm')")
                .bind(&ticket.id)
                .execute(site.help.store.writer())
                .await
                .unwrap();
        }
    }
    let minutes = |time: Option<i64>| time.map(|time| time / 60_000);
    let since = Timestamp::now() - SignedDuration::from_hours(1);
    let desks = site.help.tickets.figures(By::Desk, since).await.unwrap();
    let figures: Vec<_> = desks
        .iter()
        .map(|it| {
            let (half, most) = (minutes(it.answer.half), minutes(it.answer.most));
            (it.name.as_str(), it.tickets, it.solved, it.answered, half, most)
        })
        .collect();
    assert_eq!(figures, [("", 3, 0, 2, Some(20), Some(30)), ("connector.crm", 1, 1, 1, Some(5), Some(5))]);
    assert_eq!(site.help.tickets.figures(By::Desk, Timestamp::now()).await.unwrap(), [], "none is of the time to come");
}

#[tokio::test]
async fn figures_by_agent_way_in_and_form() {
    let site = portal("").await;
    for (agent, channel, form, answered, solved, reopened) in [
        (Some("ada"), "mail", "bug", Some(10), Some(60), 0),
        (Some("ada"), "mail", "question", Some(20), Some(100), 2),
        (Some("grace"), "chat", "question", Some(6), None, 0),
        (None, "portal", "question", None, None, 1),
    ] {
        let ticket = open(&site, "Refund", "Where?", &[]).await;
        sqlx::query(
            "update tickets set assignee = $2, channel = $3, form = $4, replied_at = opened_at + $5 * 60000,
                 solved_at = opened_at + coalesce($6, 7) * 60000, reopened = $7,
                 status = case when $6 is null then 'open' else 'solved' end
             where id = $1",
        )
        .bind(&ticket.id)
        .bind(agent)
        .bind(channel)
        .bind(form)
        .bind(answered)
        .bind(solved)
        .bind(reopened)
        .execute(site.help.store.writer())
        .await
        .unwrap();
    }
    let since = Timestamp::now() - SignedDuration::from_hours(1);
    let check = async |by: By, expect: &[&str]| {
        let minutes = |times: Times| [times.half, times.most].map(|time| time.map_or(-1, |time| time / 60_000));
        let line = |it: &Figures| {
            let ([half, most], [solve_half, solve_most]) = (minutes(it.answer), minutes(it.solve));
            let Figures { name, tickets, answered, solved, reopened, .. } = it;
            format!(
                "{name}: {tickets}; answered {answered}, {half} to {most}; solved {solved}, {solve_half} to {solve_most}; \
                 reopened {reopened}"
            )
        };
        let figures = site.help.tickets.figures(by, since).await.unwrap();
        assert_eq!(figures.iter().map(line).collect::<Vec<_>>(), expect, "{by:?}");
    };
    let [both, quick, none] = [
        ": 2; answered 2, 15 to 20; solved 2, 80 to 100; reopened 1",
        ": 1; answered 1, 6 to 6; solved 0, -1 to -1; reopened 0",
        ": 1; answered 0, -1 to -1; solved 0, -1 to -1; reopened 1",
    ];
    check(By::Agent, &[&format!("ada{both}"), none, &format!("grace{quick}")]).await;
    check(By::Channel, &[&format!("mail{both}"), &format!("chat{quick}"), &format!("portal{none}")]).await;
    let (question, bug) = (
        "question: 3; answered 2, 13 to 20; solved 1, 100 to 100; reopened 2",
        "bug: 1; answered 1, 10 to 10; solved 1, 60 to 60; reopened 0",
    );
    check(By::Form, &[question, bug]).await;
}
