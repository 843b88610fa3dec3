//! What is sent with a form's number is taken once, and nothing is lost by it.

use super::*;

const PATH: &str = "/questions/start-export";

async fn titles(site: &Site) -> Vec<String> {
    sqlx::query_scalar("select title from questions order by at, id")
        .fetch_all(site.help.store.readers())
        .await
        .unwrap()
}

#[tokio::test]
async fn sent_twice_it_is_one_question_and_what_names_somebody_is_masked() {
    let site = open().await;
    let reader = Browser::of(&site);
    let once = once(&reader, "/questions/start-export", None).await;
    let fields = [
        ("once", once.as_str()),
        ("title", "Who is jo@example.com?"),
        ("text", "On a train.\nCall 030 1234567"),
        ("name", "jo@example.com"),
    ];
    for _ in 0..2 {
        assert_eq!(reader.post("/questions/start-export", &fields).await.status(), StatusCode::SEE_OTHER);
    }
    let questions: Vec<(String, String, String)> =
        sqlx::query_as("select title, text, name from questions").fetch_all(site.help.store.readers()).await.unwrap();
    let expect = ("Who is [email]".to_owned(), "On a train.\nCall [number]".to_owned(), "[email]".to_owned());
    assert_eq!(questions.len(), 1);
    assert!(questions[0].0.starts_with(&expect.0), "{questions:?}");
    assert_eq!((&questions[0].1, &questions[0].2), (&expect.1, &expect.2));
}

#[tokio::test]
async fn a_form_shown_again_keeps_its_number() {
    let site = open_with("[community]\nquestions = true\n[tickets]\nfill_seconds = 60\n").await;
    let reader = Browser::of(&site);
    let given = once(&reader, PATH, None).await;
    for title in ["", "How?"] {
        let answer = reader.post(PATH, &[("once", &given), ("title", title)]).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(number(&answer.text().await.unwrap()), given, "the time to fill it in does not begin anew");
    }
    let answer = reader.post(PATH, &[("once", "0.0"), ("title", "How?")]).await;
    assert_ne!(number(&answer.text().await.unwrap()), "0.0", "one that is not ours is given anew");
}

#[tokio::test]
async fn what_cannot_be_written_is_sent_again_under_its_number() {
    let site = open().await;
    let (reader, writer) = (Browser::of(&site), site.help.store.writer());
    let given = once(&reader, PATH, None).await;
    let fields = [("once", given.as_str()), ("title", "How?")];
    sqlx::query("alter table questions rename to away").execute(writer).await.unwrap();
    let answer = reader.post(PATH, &fields).await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(number(&answer.text().await.unwrap()), given);
    sqlx::query("alter table away rename to questions").execute(writer).await.unwrap();
    assert_eq!(reader.post(PATH, &fields).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(titles(&site).await, ["How?"]);
}

#[tokio::test]
async fn what_was_written_is_not_said_to_be_lost_because_it_cannot_be_counted() {
    let site = open().await;
    sqlx::query("alter table replies rename to away").execute(site.help.store.writer()).await.unwrap();
    asked(&Browser::of(&site)).await;
    assert_eq!(titles(&site).await.len(), 1);
}

#[tokio::test]
async fn other_words_under_the_same_number_come_back_to_be_sent_once_more() {
    let site = open().await;
    let (reader, ada) = (Browser::of(&site), agent(&site, "ada@example.com").await);
    asked(&reader).await;
    press(&site, &ada, &[("deed", "show")]).await;
    for (path, field) in [(PATH, "title"), (&newest(&site).await.path(), "text")] {
        let given = once(&reader, path, None).await;
        assert_eq!(reader.post(path, &[("once", &given), (field, "How?")]).await.status(), StatusCode::SEE_OTHER);
        let answer = reader.post(path, &[("once", &given), (field, "And why?")]).await;
        assert_eq!(answer.status(), StatusCode::CONFLICT, "{path}");
        let page = answer.text().await.unwrap();
        assert!(page.contains("Something else was sent") && page.contains("And why?"), "{page}");
        let another = number(&page);
        assert_ne!(another, given);
        assert_eq!(reader.post(path, &[("once", &another), (field, "And why?")]).await.status(), StatusCode::SEE_OTHER);
    }
    assert_eq!(titles(&site).await.len(), 3);
    let replies: Vec<String> = sqlx::query_scalar("select text from replies order by at, id")
        .fetch_all(site.help.store.readers())
        .await
        .unwrap();
    assert_eq!(replies, ["How?", "And why?"]);
}
