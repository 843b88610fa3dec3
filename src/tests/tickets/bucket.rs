//! Files of tickets in a bucket of an S3-compatible store.

use signpost::delivery::{self, Next};
use signpost::integrations::attachments::CHANNEL;

use super::*;
use crate::contract::Misbehave;
use crate::contract::Vendor;
use crate::contract::s3::{self, KEY, Objects};
use crate::contract::vendors::SECRET;

struct Stored {
    site: Site,
    vendor: Vendor,
    objects: Objects,
}

async fn open() -> Stored {
    let objects = Objects::default();
    let vendor = s3::open(&objects).await;
    let bucket = format!(
        "[tickets.attachments.bucket]\nbucket = \"help\"\nregion = \"eu-west-1\"\naccess_key_id = \"{KEY}\"\n\
         secret_access_key = \"{SECRET}\"\nendpoint = \"{}\"\n",
        vendor.url
    );
    let site = site::serve_with(&format!("{SETTINGS}{bucket}"), FILES).await;
    Stored { site, vendor, objects }
}

impl Stored {
    /// Brings to the bucket what is promised to it, as far as it can.
    async fn deliver(&self, now: Timestamp) {
        let mut lanes = self.site.help.delivery.lanes();
        let lane = lanes.iter_mut().find(|lane| lane.name() == CHANNEL).unwrap();
        while lane.step(now).await.unwrap() == Next::Now {}
    }

    fn here(&self) -> usize {
        std::fs::read_dir(self.site.data().join("attachments")).unwrap().count()
    }

    fn there(&self) -> Vec<String> {
        self.objects.lock().unwrap().keys().cloned().collect()
    }
}

/// The path of the only file on the page.
async fn file_of(browser: &Browser<'_>, request: &str) -> String {
    let page = browser.page(request).await;
    page.split("href=\"").find(|rest| rest.contains("/files/")).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_file_lies_here_until_the_bucket_has_it_and_is_had_there_from_then_on() {
    let stored = open().await;
    let site = &stored.site;
    let browser = Browser::of(site);
    let draft = written(&browser).await;
    let request = location(&send(&browser, &draft, &[("deed", "send")], &[("a log.txt", b"a line")]).await);
    let file = file_of(&browser, &request).await;
    let (id, now) = (file.rsplit('/').next().unwrap(), Timestamp::now());
    stored.vendor.plan([Misbehave::Status(503, "<Error><Code>SlowDown</Code></Error>"), Misbehave::Lost]);
    stored.deliver(now).await;
    site.help.tickets.sweep(now).await.unwrap();
    assert_eq!((browser.page(&file).await.as_str(), stored.here()), ("a line", 1), "the bucket is down");
    for minute in 1..10 {
        stored.deliver(now + SignedDuration::from_mins(10 * minute)).await;
    }
    assert_eq!(stored.there(), [format!("/help/attachments/{id}")]);
    assert_eq!(stored.objects.lock().unwrap().values().next().unwrap().1, "text/plain");
    site.help.tickets.sweep(now).await.unwrap();
    assert_eq!(stored.here(), 0);
    let url = location(&browser.get(&file).await);
    let query = |name: &str| {
        let url: reqwest::Url = url.parse().unwrap();
        url.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned()
    };
    let disposition = query("response-content-disposition");
    assert_eq!(disposition, "attachment; filename*=UTF-8''a%20log%2Etxt");
    assert_eq!((query("X-Amz-Expires").as_str(), query("response-content-type").as_str()), ("300", "text/plain"));
    assert_eq!(reqwest::get(&url).await.unwrap().text().await.unwrap(), "a line");
    let forged = reqwest::get(url.replace(id, &"0".repeat(32))).await.unwrap();
    assert_eq!(forged.text().await.unwrap(), "SignatureDoesNotMatch");
    assert_eq!(site.status(&format!("/requests/{}/files/{id}", "0".repeat(32))).await, 404);
}

#[tokio::test]
async fn what_is_forgotten_here_is_forgotten_there() {
    let stored = open().await;
    let browser = Browser::of(&stored.site);
    let tickets = &stored.site.help.tickets;
    let draft = written(&browser).await;
    send(&browser, &draft, &[("deed", "send")], &[("log.txt", b"a line")]).await;
    let ticket = the_ticket(&stored.site).await;
    send(&browser, &ticket.path(), &[("deed", "answer"), ("text", "More")], &[("more.txt", b"another")]).await;
    send(&browser, &ticket.path(), &[("deed", "solved")], &[]).await;
    let now = Timestamp::now();
    stored.deliver(now).await;
    assert_eq!((stored.there().len(), stored.here()), (2, 2));
    for days in [15, 1096] {
        tickets.keep_house(now + SignedDuration::from_hours(24 * days)).await.unwrap();
    }
    stored.deliver(now + SignedDuration::from_hours(24 * 1097)).await;
    tickets.sweep(now).await.unwrap();
    let receipts: i64 =
        sqlx::query_scalar("select count(*) from receipts").fetch_one(stored.site.help.store.readers()).await.unwrap();
    assert_eq!((stored.there().len(), stored.here(), receipts), (0, 0, 0));
    assert_eq!(stored.vendor.faults(), Vec::<String>::new());
}

#[tokio::test]
async fn a_file_waits_here_for_a_desk_that_is_down() {
    let stored = open().await;
    let browser = Browser::of(&stored.site);
    let draft = written(&browser).await;
    send(&browser, &draft, &[("deed", "send")], &[("log.txt", b"a line")]).await;
    let (ticket, now) = (the_ticket(&stored.site).await, Timestamp::now());
    let mut transaction = stored.site.help.store.writer().begin().await.unwrap();
    sqlx::query("insert into desk_tickets (ticket, desk) values ($1, 'zendesk')")
        .bind(&ticket.id)
        .execute(&mut *transaction)
        .await
        .unwrap();
    let deed = serde_json::json!({});
    let job = delivery::outbox::enqueue(&mut transaction, "zendesk", deed, Some(&ticket.id), None, now).await.unwrap();
    transaction.commit().await.unwrap();
    stored.deliver(now).await;
    stored.site.help.tickets.sweep(now).await.unwrap();
    assert_eq!((stored.there().len(), stored.here()), (1, 1));
    let mut connection = stored.site.help.store.writer().acquire().await.unwrap();
    delivery::outbox::settle(&mut connection, &job.to_string(), now).await.unwrap();
    drop(connection);
    stored.site.help.tickets.sweep(now).await.unwrap();
    assert_eq!((stored.there().len(), stored.here()), (1, 0));
}
