//! Who may not see the article sees no question about it, and cannot tell that there is one.

use super::*;

const WORD: &str = "xylophone";
const HIDDEN: &str = "/questions/the-secret";

/// A site where staff asked about what only staff may read, and were answered.
async fn with_a_secret() -> (Site, String) {
    let site = open_with(&format!("{SETTINGS}{}", site::with_tokens())).await;
    let (reader, ada) = (Browser::of(&site), agent(&site, "ada@example.com").await);
    let token = site::token(&["staff"]);
    let sent = send(&reader, HIDDEN, &[("title", "Where is the xylophone?")], Some(&token)).await;
    assert_eq!(sent.status(), StatusCode::SEE_OTHER);
    let page = ada.page("/agent/questions").await;
    assert!(page.contains("Export for staff"), "agents see what the asker sees: {page}");
    assert_eq!(press(&site, &ada, &[("deed", "reply"), ("text", "In the hall.")]).await, StatusCode::SEE_OTHER);
    let path = newest(&site).await.path();
    (site, path)
}

#[tokio::test]
async fn one_address_asked_by_two_viewers_in_both_orders() {
    for staff_first in [true, false] {
        let (site, question) = with_a_secret().await;
        for path in ["/start/secret", HIDDEN, &question] {
            for staff in [staff_first, !staff_first] {
                let token = staff.then(|| site::token(&["staff"]));
                let answer = request(&Browser::of(&site), Method::GET, path, token.as_deref()).send().await.unwrap();
                assert_eq!(answer.status() == StatusCode::OK, staff, "{path}, staff first: {staff_first}");
                assert!(answer.headers().get("set-cookie").is_none(), "{path}");
                assert_eq!(answer.text().await.unwrap().contains(WORD), staff, "{path}");
            }
        }
    }
}

#[tokio::test]
async fn nobody_can_ask_or_reply_where_nothing_can_be_read() {
    let (site, question) = with_a_secret().await;
    let reader = Browser::of(&site);
    let form = once(&reader, "/questions/start-export", None).await;
    let fields = [("once", form.as_str()), ("title", "Is it there?"), ("text", "Is it there?")];
    for (hidden, unknown) in [(HIDDEN, "/questions/nothing-at-all"), (question.as_str(), "/questions/nothing/at-all")] {
        let answers = [reader.post(hidden, &fields).await, reader.post(unknown, &fields).await];
        assert_eq!(answers.map(|answer| answer.status()), [StatusCode::NOT_FOUND; 2], "as if it were not there");
    }
    let id = question.rsplit('/').next().unwrap();
    let elsewhere = reader.get(&format!("/questions/start-export/{id}")).await;
    assert_eq!(elsewhere.status(), StatusCode::NOT_FOUND, "a question belongs to its article");
    assert_eq!(newest(&site).await.replies.len(), 1);
}

#[tokio::test]
async fn strangers_moderate_nothing_and_nothing_is_there_while_it_is_off() {
    let site = open().await;
    asked(&Browser::of(&site)).await;
    let path = format!("/agent/questions/{}", newest(&site).await.id);
    let stranger = Browser::of(&site);
    for path in ["/agent/questions", &path, &format!("{path}/stub.md")] {
        assert_eq!(stranger.get(path).await.status(), StatusCode::SEE_OTHER, "{path}");
    }
    assert_eq!(stranger.post(&path, &[("seen", "0"), ("deed", "show")]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(newest(&site).await.state.name(), "waiting");

    let site = open_with("").await;
    let ada = agent(&site, "ada@example.com").await;
    for path in ["/questions/start-export", "/agent/questions", "/search/forum?q=export"] {
        assert_eq!(ada.get(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!ada.page("/start/export").await.contains("Ask a question"));
    assert!(!ada.page("/agent").await.contains("/agent/questions"));
}

#[tokio::test]
async fn readers_of_another_language_read_it_under_their_address() {
    let site = open().await;
    let (reader, ada) = (Browser::of(&site), agent(&site, "ada@example.com").await);
    assert!(reader.page("/de/start/export").await.contains("/de/questions/start-export"), "before anything is asked");
    let sent = send(&reader, "/de/questions/start-export", &ASKED, None).await;
    assert_eq!(sent.headers()["location"], "/de/questions/start-export?said");
    assert_eq!(press(&site, &ada, &[("deed", "reply"), ("text", "Yes.")]).await, StatusCode::SEE_OTHER);
    let german = reader.page("/de/start/export").await;
    assert!(german.contains("Fragen zu diesem Artikel") && german.contains("offline"), "{german}");
    let english = reader.page("/start/export").await;
    assert!(english.contains("<bdi lang=\"de\">Does it work"), "{english}");
    let mail: String = sqlx::query_scalar("select body ->> '$.deed.text' from outbox where channel = 'mail'")
        .fetch_one(site.help.store.readers())
        .await
        .unwrap();
    assert!(mail.contains("/de/questions/start-export/"), "{mail}");
}
