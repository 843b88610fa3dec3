//! Files that come with what is said.

use signpost::tickets::{Taken, Upload};

use super::*;

#[tokio::test]
async fn a_file_is_what_its_bytes_say_and_only_its_reader_gets_it() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let browser = Browser::of(&site);
    let draft = written(&browser).await;
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let request = location(&send(&browser, &draft, &[("deed", "send")], &[("../evil.html", png)]).await);
    let page = browser.page(&request).await;
    let url = page.split("href=\"").find(|rest| rest.contains("/files/")).unwrap().split('"').next().unwrap();
    let file = site.get(url).await;
    let header = |name: &str| file.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "image/png");
    assert_eq!(header("content-disposition"), "attachment; filename*=UTF-8''evil%2Ehtml");
    assert!(header("content-security-policy").contains("sandbox"));
    assert_eq!(file.bytes().await.unwrap().as_ref(), png);
    let id = url.rsplit('/').next().unwrap();
    assert_eq!(site.status(&format!("/requests/{}/files/{id}", "0".repeat(32))).await, 404);
}

#[tokio::test]
async fn what_was_closed_long_ago_goes_with_its_files() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let browser = Browser::of(&site);
    let draft = written(&browser).await;
    let request = location(&send(&browser, &draft, &[("deed", "send")], &[("log.txt", b"a line")]).await);
    send(&browser, &the_ticket(&site).await.path(), &[("deed", "solved")], &[]).await;
    let files = || std::fs::read_dir(site.data().join("attachments")).unwrap().count();
    let tickets = &site.help.tickets;
    let after = |days: i64| Timestamp::now() + SignedDuration::from_hours(24 * days);
    tickets.keep_house(after(15)).await.unwrap();
    assert_eq!((site.status(&request).await, files()), (200, 1));
    tickets.keep_house(after(1096)).await.unwrap();
    assert_eq!((site.status(&request).await, files()), (404, 0));
}

#[tokio::test]
async fn a_form_that_stalls_is_refused_and_the_draft_is_kept() {
    let site = site::serve_with(&format!("[server]\nrequest_seconds = 1\n{SETTINGS}"), FILES).await;
    let browser = Browser::of(&site);
    let draft = written(&browser).await;
    let body = form::parts(&[("deed", "send")], &[("log.txt", &[b'x'; 100])]);
    let begun = futures::stream::iter([Ok::<_, std::io::Error>(body[..50].to_vec())]);
    let stalled = futures::StreamExt::chain(begun, futures::stream::pending());
    let request = browser.request(reqwest::Method::POST, &draft);
    let request = request.header("Content-Type", form::content_type());
    assert_eq!(request.body(reqwest::Body::wrap_stream(stalled)).send().await.unwrap().status(), 408);
    assert!(browser.page(&draft).await.contains("I press Export."));
}

/// How many files lie in the data directory.
fn kept(site: &Site) -> usize {
    std::fs::read_dir(site.data().join("attachments")).unwrap().count()
}

async fn taken(site: &Site) -> Vec<Taken> {
    let upload = Upload { name: "log.txt".to_owned(), bytes: "a line".into() };
    site.help.tickets.take(vec![upload]).await.unwrap().unwrap()
}

/// Always of one draft.
fn sent(draft: &Draft, attachments: Vec<Taken>) -> Opening {
    Opening { secret: "0123456789abcdef0123456789abcdef".to_owned(), attachments, ..opening(draft.clone()) }
}

#[tokio::test]
async fn files_that_became_part_of_nothing_are_removed() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let tickets = &site.help.tickets;
    let now = Timestamp::now();
    let draft = Draft { form: "bug".to_owned(), subject: "Export".to_owned(), ..Draft::default() };
    let unknown = Draft { form: "nothing".to_owned(), ..draft.clone() };
    tickets.open(sent(&unknown, taken(&site).await), now).await.unwrap_err();
    assert_eq!(kept(&site), 0, "it could not be opened");
    let mut ticket = tickets.open(sent(&draft, taken(&site).await), now).await.unwrap();
    assert_eq!(kept(&site), 1);
    let again = tickets.open(sent(&draft, taken(&site).await), now).await.unwrap();
    assert_eq!((again.id, kept(&site)), (ticket.id.clone(), 1), "it was a ticket already");
    let attachments = taken(&site).await;
    let said = Said {
        speaker: Speaker::Requester,
        text: "More",
        internal: false,
        articles: &[],
        attachments: &attachments,
        status: None,
    };
    assert_eq!(tickets.say_unless_changed(&ticket, &said, ticket.updated_at - 1, now).await.unwrap(), None);
    assert_eq!(kept(&site), 1, "the ticket had changed");
    "none".clone_into(&mut ticket.id);
    let attachments = taken(&site).await;
    tickets.say(&ticket, &Said { attachments: &attachments, ..said }, now).await.unwrap_err();
    assert_eq!(kept(&site), 1, "there is no such ticket");
}

#[tokio::test]
async fn files_of_a_sender_who_went_away_go_after_a_day() {
    let site = site::serve_with(SETTINGS, FILES).await;
    let tickets = &site.help.tickets;
    let draft = Draft { form: "bug".to_owned(), subject: "Export".to_owned(), ..Draft::default() };
    let now = Timestamp::now();
    tickets.open(sent(&draft, taken(&site).await), now).await.unwrap();
    taken(&site).await;
    tickets.sweep(now + SignedDuration::from_hours(23)).await.unwrap();
    assert_eq!(kept(&site), 2);
    tickets.sweep(now + SignedDuration::from_hours(25)).await.unwrap();
    assert_eq!(kept(&site), 1);
}
