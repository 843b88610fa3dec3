//! What is read of questions, in which order, and when.

use std::sync::Arc;

use app::model::QuestionState;
use jiff::{SignedDuration, Timestamp};
use signpost::community::{Deed, Written};
use uuid::Uuid;

use super::*;

const BY: (&str, &str) = ("ada", "Ada");

fn at(seconds: i64) -> Timestamp {
    Timestamp::now() + SignedDuration::from_secs(seconds)
}

fn written(text: &str) -> Written {
    Written { id: Uuid::now_v7(), title: text.to_owned(), text: text.to_owned(), ..Written::default() }
}

/// Asks something at `now`; the question.
async fn ask(site: &Site, title: &str, now: Timestamp) -> Question {
    let (community, written) = (&site.help.community, written(title));
    assert!(community.ask(&written, "start-export", "en", now).await.unwrap());
    community.by_id(&written.id.to_string()).await.unwrap().unwrap()
}

async fn decide(site: &Site, question: &Question, deed: Deed<'_>, now: Timestamp) -> Question {
    let community = &site.help.community;
    assert!(community.decide(question, deed, question.updated_at, BY, now).await.unwrap());
    community.by_id(&question.id).await.unwrap().unwrap()
}

#[tokio::test]
async fn who_looks_after_questions_sees_first_what_waits_longest() {
    let site = open().await;
    let community = &site.help.community;
    let first = ask(&site, "First", at(0)).await;
    decide(&site, &first, Deed::Show(None), at(1)).await;
    ask(&site, "Second", at(2)).await;
    for seconds in [3, 5] {
        assert!(community.reply(&written("Me too"), &first, at(seconds)).await.unwrap());
    }
    ask(&site, "Third", at(4)).await;
    let titles = async |state, page| {
        let questions = community.list(state, page).await.unwrap();
        questions.into_iter().map(|question| question.title).collect::<Vec<_>>()
    };
    assert_eq!(titles(QuestionState::Waiting, 0).await, ["Second", "First", "Third"]);
    assert_eq!(titles(QuestionState::Waiting, 1).await, [""; 0]);
    assert_eq!(titles(QuestionState::Shown, 0).await, ["First"]);
    assert_eq!(community.counts().await.unwrap(), [3, 1, 0]);
}

#[tokio::test]
async fn what_is_shown_is_read_again_once_it_changed_and_only_then() {
    let site = open().await;
    let community = &site.help.community;
    let first = ask(&site, "First", at(0)).await;
    let first = decide(&site, &first, Deed::Reply("Yes."), at(1)).await;
    let second = decide(&site, &ask(&site, "Second", at(2)).await, Deed::Show(None), at(60)).await;
    assert_eq!(community.refresh().await.unwrap(), ["start-export"]);
    let shown = community.shown();
    ask(&site, "Third", at(61)).await;
    assert_eq!(community.refresh().await.unwrap(), [""; 0]);
    assert!(Arc::ptr_eq(&shown, &community.shown()), "pages that are made meanwhile are kept");
    assert_eq!(community.waiting(), 1);

    // There are as many as before, and the last change was another one.
    decide(&site, &first, Deed::Accept(Some(&first.replies[0].id)), at(3)).await;
    assert_eq!(community.refresh().await.unwrap(), ["start-export"]);
    assert!(community.shown()["start-export"].iter().any(|question| question.answer().is_some()));

    // Another program erases.
    sqlx::query("delete from questions where id = $1")
        .bind(&second.id)
        .execute(site.help.store.writer())
        .await
        .unwrap();
    assert_eq!(community.refresh().await.unwrap(), ["start-export"]);
    assert_eq!(community.shown()["start-export"].len(), 1);
}

#[tokio::test]
async fn many_questions_are_paged() {
    let site = open().await;
    for number in 0..45 {
        let question = ask(&site, &format!("Question {number}."), at(number)).await;
        decide(&site, &question, Deed::Show(None), at(number)).await;
    }
    site.help.show_questions().await.unwrap();
    for (address, rows, place) in [
        ("", 20, "Page 1 of 3"),
        ("?page=2", 20, "Page 2 of 3"),
        ("?page=3", 5, "Page 3 of 3"),
        ("?page=99", 5, "Page 3 of 3"),
        ("?page=0", 20, "Page 1 of 3"),
        ("?page=x", 20, "Page 1 of 3"),
    ] {
        let page = site.page(&format!("/questions/start-export{address}")).await;
        assert_eq!(page.matches("<details class=\"question\"").count(), rows, "{address}");
        assert!(page.contains(place), "{address}: {page}");
    }
    let page = site.page("/questions/start-export?page=2").await;
    assert!(page.contains("Question 24.") && page.contains("Question 5.") && !page.contains("Question 25."), "{page}");
    assert!(page.contains("rel=\"prev\" href=\"/questions/start-export?page=1\""), "{page}");
    assert!(page.contains("rel=\"next\" href=\"/questions/start-export?page=3\""), "{page}");
}

#[tokio::test]
async fn replies_are_found_by_how_they_stand() {
    let site = open().await;
    let plan = async |narrowed: &str| {
        let sql = format!("explain query plan select id from replies where {narrowed}");
        let rows: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(site.help.store.readers()).await.unwrap();
        rows.into_iter().map(|row| row.3).collect::<Vec<_>>().join("; ")
    };
    let found = "SEARCH replies USING COVERING INDEX replies_state (state=?";
    assert_eq!(plan("state = 'waiting'").await, format!("{found})"));
    assert_eq!(plan("state = 'refused' and updated_at <= 1").await, format!("{found} AND updated_at<?)"));
}
