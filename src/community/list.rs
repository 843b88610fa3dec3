//! Questions read from the database.

use std::cmp::Reverse;
use std::collections::HashMap;

use anyhow::{Context, Result};
use app::model::QuestionState;
use sqlx::types::Json;

use super::{Community, Question, Reply, Shown};

/// Questions on one page of the agents' list.
pub const PAGE: usize = 50;

impl Community {
    /// # Errors
    /// A database that cannot be read.
    pub async fn by_id(&self, id: &str) -> Result<Option<Question>> {
        let question = sqlx::query_as("select * from questions where id = $1").bind(id);
        let question: Option<Question> =
            question.fetch_optional(self.store.readers()).await.context("cannot read a question")?;
        Ok(self.with_replies(question.into_iter().collect()).await?.pop())
    }

    /// A page of the questions that stand so, and one more if there is another page; `page` counts from 0. Those that
    /// are shown with replies that wait are among those that wait. What waits longest comes first, be it the question or
    /// a reply; else what was decided last.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn list(&self, state: QuestionState, page: u32) -> Result<Vec<Question>> {
        let sql = match state {
            QuestionState::Waiting => {
                "select questions.* from (
                     select id, at as since from questions where state = $1
                     union all
                     select question, min(replies.at) from replies join questions on questions.id = question
                     where replies.state = $1 and questions.state = 'shown' group by question
                 ) as waiting join questions on questions.id = waiting.id
                 order by since, questions.id limit $2 offset $3"
            }
            _ => "select * from questions where state = $1 order by updated_at desc, id limit $2 offset $3",
        };
        let questions = sqlx::query_as(sql)
            .bind(state.name())
            .bind(PAGE as i64 + 1)
            .bind(i64::from(page) * PAGE as i64)
            .fetch_all(self.store.readers())
            .await
            .context("cannot read questions")?;
        self.with_replies(questions).await
    }

    /// How many stand so, in the order of [`QuestionState::ALL`].
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn counts(&self) -> Result<[usize; 3]> {
        let counts: (i64, i64, i64) = sqlx::query_as(
            "select coalesce(sum(state = 'waiting'
                        or (state = 'shown' and id in (select question from replies where state = 'waiting'))), 0),
                    coalesce(sum(state = 'shown'), 0), coalesce(sum(state = 'refused'), 0) from questions",
        )
        .fetch_one(self.store.readers())
        .await
        .context("cannot count questions")?;
        Ok([counts.0, counts.1, counts.2].map(|count| usize::try_from(count).unwrap_or(0)))
    }

    /// All that readers may see, without what they may not know of who wrote it.
    pub(super) async fn read_shown(&self) -> Result<Shown> {
        let questions: Vec<Question> =
            sqlx::query_as("select * from questions where state = 'shown'").fetch_all(self.store.readers()).await?;
        let mut shown = Shown::new();
        for mut question in self.with_replies(questions).await? {
            question.replies.retain(|reply| reply.state == QuestionState::Shown);
            let question = Question { email: None, reason: None, agent: None, ..question };
            shown.entry(question.article.clone()).or_default().push(question);
        }
        for questions in shown.values_mut() {
            questions.sort_by_key(|question| (question.answer().is_none(), Reverse(question.at)));
        }
        Ok(shown)
    }

    async fn with_replies(&self, mut questions: Vec<Question>) -> Result<Vec<Question>> {
        let ids: Vec<&str> = questions.iter().map(|question| question.id.as_str()).collect();
        let replies: Vec<Reply> =
            sqlx::query_as("select * from replies where question in (select value from json_each($1)) order by at, id")
                .bind(Json(&ids))
                .fetch_all(self.store.readers())
                .await
                .context("cannot read the replies to questions")?;
        let mut by_question = HashMap::<String, Vec<Reply>>::new();
        for reply in replies {
            by_question.entry(reply.question.clone()).or_default().push(reply);
        }
        for question in &mut questions {
            question.replies = by_question.remove(&question.id).unwrap_or_default();
            question.order();
        }
        Ok(questions)
    }
}
