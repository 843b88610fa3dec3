//! Many tickets with something in common: told once, listed, muted and forgotten.

use jiff::SignedDuration;
use signpost::tickets::Before;

use super::*;

impl Town {
    async fn ask(&self, subject: &str, time: &str, before: Before) -> Ticket {
        let opening = Opening { before, ..asks(subject) };
        self.site.help.tickets.open(opening, at(time)).await.unwrap()
    }
}

fn read(article: &str) -> Before {
    Before { articles: vec![(article.to_owned(), Some("billing".to_owned()))], ..Before::default() }
}

fn searched(query: &str) -> Before {
    Before { searches: vec![query.to_owned()], ..Before::default() }
}

#[tokio::test]
async fn many_tickets_about_one_article_or_search_are_told_of_once() {
    let town = Town::open(&format!("{RULES}{ALERTS}")).await;
    let site = &town.site;
    for minute in ["00", "10", "20"] {
        town.ask("A refund", &format!("23 10:{minute}"), read("billing-refunds")).await;
        escalate(site, &format!("23 10:{minute}")).await;
    }
    restarted(site).escalate(at("23 10:21")).await.unwrap();
    town.ask("A refund", "23 10:30", read("billing-refunds")).await;
    for minute in ["31", "32", "33"] {
        town.ask("Export", &format!("23 10:{minute}"), searched("export fails")).await;
    }
    for _ in 0..2 {
        escalate(site, "23 10:40").await;
    }
    assert_eq!(town.slack().await, ["Many: billing-refunds", "Many: export fails"]);
    let told = town.told("webhook.ops", &town.hook).await;
    assert_eq!(told[0]["type"], "tickets.burst");
    let facts = |it: &Value| ["of", "about", "count", "tickets"].map(|key| it["data"][key].to_string()).join(" ");
    assert_eq!(facts(&told[0]), r#""article" "billing-refunds" 3 [1003,1002,1001]"#);
    assert_eq!(facts(&told[1]), r#""query" "export fails" 3 [1007,1006,1005]"#);
    // Fewer again, then more again.
    escalate(site, "23 12:00").await;
    for minute in ["01", "02", "03"] {
        town.ask("A refund", &format!("23 12:{minute}"), read("billing-refunds")).await;
    }
    escalate(site, "23 12:04").await;
    assert_eq!(town.slack().await[2..], ["Many: billing-refunds"]);
}

#[tokio::test]
async fn what_was_told_under_one_name_is_no_news_under_another_when_that_ends() {
    let town = Town::open(&format!("{RULES}{}", ALERTS.replace("article, query, topic", "article, class"))).await;
    for minute in ["00", "10", "20"] {
        town.ask("A refund", &format!("23 10:{minute}"), read("billing-refunds")).await;
    }
    escalate(&town.site, "23 10:21").await;
    town.ask("A refund", "23 10:50", Before::default()).await;
    // The first is more than an hour ago: two about the article are left, and three about money.
    for time in ["23 11:05", "23 11:06"] {
        escalate(&town.site, time).await;
    }
    assert_eq!(town.slack().await, ["Many: billing-refunds"]);
    for minute in ["10", "11"] {
        town.ask("A refund", &format!("23 11:{minute}"), Before::default()).await;
    }
    escalate(&town.site, "23 11:12").await;
    assert_eq!(town.slack().await, ["Many: billing-refunds", "Many: billing"]);
}

#[tokio::test]
async fn a_burst_is_told_when_there_is_somebody_to_tell() {
    let alert = "alerts:\n  - { name: Many, burst: { tickets: 3, within: 5h }, notify: noon }\n";
    let noon = "  noon: { time_zone: UTC, starts: 2026-11-23 12:00, every: week, agents: [ada@example.com] }\n";
    let (site, _folder) = routed(&format!("{RULES}{noon}{alert}")).await;
    for minute in ["00", "10", "20"] {
        open(&site, "A refund", &format!("23 10:{minute}")).await;
    }
    escalate(&site, "23 10:21").await;
    let bursts = async || notices(&site).await.iter().filter(|told| told.starts_with("ada Many: billing")).count();
    assert_eq!(bursts().await, 0);
    escalate(&site, "23 12:01").await;
    assert_eq!(bursts().await, 1);
}

#[tokio::test]
async fn bursts_are_found_without_the_alerts_of_tickets() {
    let (site, _folder) = routed(RULES).await;
    for narrowed in ["ended_at is null", "ended_at > 1"] {
        let sql = format!(
            "explain query plan select id, alert, kind, about from alerts where {narrowed} and kind <> 'ticket'"
        );
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(site.help.store.readers()).await.unwrap();
        assert!(plan[0].3.starts_with("SEARCH alerts USING INDEX alerts_bursts (ended_at"), "{plan:?}");
    }
}

#[tokio::test]
async fn spam_and_merged_tickets_are_no_burst() {
    let town = Town::open(&format!("{RULES}{ALERTS}")).await;
    let (site, tickets) = (&town.site, &town.site.help.tickets);
    let first = town.ask("A refund", "23 10:00", read("billing-refunds")).await;
    let second = town.ask("A refund", "23 10:01", read("billing-refunds")).await;
    let held = Opening { held: true, before: read("billing-refunds"), ..asks("A refund") };
    tickets.open(held, at("23 10:02")).await.unwrap();
    let third = town.ask("A refund", "23 10:03", read("billing-refunds")).await;
    tickets.merge(&third, &second, ("agent", "Ada"), at("23 10:04")).await.unwrap();
    escalate(site, "23 10:05").await;
    assert_eq!(town.slack().await, Vec::<String>::new());
    tickets.unmerge(&again(site, &third).await, ("agent", "Ada"), at("23 10:06")).await.unwrap();
    escalate(site, "23 10:07").await;
    assert_eq!(town.slack().await, ["Many: billing-refunds"]);
    assert_ne!(first.id, third.id);
}

#[tokio::test]
async fn what_was_told_is_listed_and_can_be_muted() {
    let town = Town::open(&format!("{RULES}{ALERTS}")).await;
    let site = &town.site;
    let now = Timestamp::now();
    let burst = async |from: Timestamp| {
        for minute in 0..3 {
            let opening = Opening { before: read("billing-refunds"), ..asks("An awful refund") };
            site.help.tickets.open(opening, from + SignedDuration::from_mins(minute)).await.unwrap();
        }
        site.help.tickets.escalate(from + SignedDuration::from_mins(3)).await.unwrap();
    };
    let bursts = async || mails(site).await.iter().filter(|(_, subject)| subject == "Many: billing-refunds").count();
    burst(now - SignedDuration::from_mins(10)).await;
    assert_eq!(bursts().await, 1);
    let ada = agent(site, "ada@example.com").await;
    let page = ada.page("/agent/alerts").await;
    for part in ["Many", "Refunds", "#1003", "@example.com, slack, webhook.ops", "Mute for a day", "Angry"] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
    let steer = async |kind: &str, about: &str, deed: &str| {
        let fields = [("alert", "Many"), ("kind", kind), ("about", about), ("deed", deed)];
        ada.post("/agent/alerts", &fields).await.status()
    };
    assert_eq!(steer("weather", "rain", "good").await, StatusCode::BAD_REQUEST);
    assert_eq!(steer("article", "billing-refunds", "day").await, StatusCode::SEE_OTHER);
    assert!(ada.page("/agent/alerts").await.contains("left, muted by Ada"));
    site.help.tickets.escalate(now + SignedDuration::from_hours(2)).await.unwrap();
    burst(now + SignedDuration::from_hours(3)).await;
    assert_eq!(bursts().await, 1);
    burst(now + SignedDuration::from_hours(30)).await;
    assert_eq!(bursts().await, 2, "the day is over");
    assert_eq!(steer("article", "billing-refunds", "good").await, StatusCode::SEE_OTHER);
    site.help.tickets.escalate(now + SignedDuration::from_hours(40)).await.unwrap();
    burst(now + SignedDuration::from_hours(50)).await;
    assert_eq!(bursts().await, 2);
    assert_eq!(steer("article", "billing-refunds", "again").await, StatusCode::SEE_OTHER);
    site.help.tickets.escalate(now + SignedDuration::from_mins(50 * 60 + 4)).await.unwrap();
    assert_eq!(bursts().await, 3, "there is no end to it, and nobody was told");
    let ticket = site.help.tickets.by_number(1001).await.unwrap().unwrap();
    assert_eq!(steer("ticket", &ticket.id, "good").await, StatusCode::SEE_OTHER);
    assert!(again(site, &ticket).await.muted_at.is_some());
}

#[tokio::test]
async fn what_was_told_is_forgotten_in_time() {
    let town = Town::open(&format!("{RULES}{ALERTS}")).await;
    let site = &town.site;
    for minute in ["00", "10", "20"] {
        town.ask("An awful refund", &format!("23 10:{minute}"), read("billing-refunds")).await;
    }
    escalate(site, "23 10:21").await;
    let kept = async |now: Timestamp| {
        site.help.tickets.keep_house(now).await.unwrap();
        let count = sqlx::query_scalar("select count(*) from alerts").fetch_one(site.help.store.readers()).await;
        count.unwrap_or(0_i64)
    };
    let days = |days: i64| at("23 10:21") + SignedDuration::from_hours(24 * days);
    assert_eq!(kept(days(31)).await, 4, "the burst is not over");
    escalate(site, "30 10:00").await;
    assert_eq!(kept(days(36)).await, 4, "it was over a week later");
    assert_eq!(kept(days(37)).await, 3, "as long as the tickets");
}
