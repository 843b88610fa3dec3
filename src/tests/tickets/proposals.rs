//! What proposing answers spares, and how it is known.

use super::*;

#[tokio::test]
async fn a_ticket_is_spared_only_when_a_day_went_without_one() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let tickets = &site.help.tickets;
    let (opens, asks, goes) = (Browser::of(&site), Browser::of(&site), Browser::of(&site));
    opens.allow("all").await;
    let draft = written(&opens).await;
    let article = opens.get(&format!("{draft}/open?article=start-export")).await;
    assert_eq!(location(&article), "/start/export");
    let draft = written(&asks).await;
    asks.get(&format!("{draft}/open?article=start-export")).await;
    send(&asks, &draft, &[("deed", "send")], &[]).await;
    written(&goes).await;
    tickets.settle_proposals(Timestamp::now() + SignedDuration::from_hours(23)).await.unwrap();
    let effect = tickets.effect().await.unwrap();
    assert_eq!((effect.shown, effect.shown_without_ticket), (1, 0), "only the one that became a ticket is settled");
    tickets.settle_proposals(Timestamp::now() + SignedDuration::from_hours(25)).await.unwrap();
    let effect = tickets.effect().await.unwrap();
    assert_eq!((effect.shown, effect.shown_without_ticket, effect.held_out), (3, 2, 0));
    let told = kinds(&site, "events").await;
    assert_eq!(told.iter().filter(|kind| *kind == "ticket_deflected").count(), 1);
}

#[tokio::test]
async fn a_share_of_readers_is_shown_no_answers() {
    let site = site::serve_with("[tickets]\nfill_seconds = 0\nhold_out = 1.0\n", FILES).await;
    let browser = Browser::of(&site);
    let draft = written(&browser).await;
    assert!(!browser.page(&draft).await.contains("open?article="));
    send(&browser, &draft, &[("deed", "send")], &[]).await;
    let effect = site.help.tickets.effect().await.unwrap();
    assert_eq!((effect.held_out, effect.held_out_without_ticket), (1, 0));
}
