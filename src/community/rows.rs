//! Questions and replies as they are kept.

use app::model::QuestionState;

use crate::identity::Audience;

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Question {
    pub id: String,
    /// Times are milliseconds since 1970-01-01 UTC.
    pub at: i64,
    /// Grows with every deed of an agent.
    pub updated_at: i64,
    pub article: String,
    pub locale: String,
    pub title: String,
    pub text: String,
    /// As shown.
    pub name: Option<String>,
    /// To be told of the answer.
    pub email: Option<String>,
    /// Groups of readers the asker belonged to.
    #[sqlx(json)]
    pub audiences: Audience,
    #[sqlx(try_from = "String")]
    pub state: QuestionState,
    /// Why it was refused.
    pub reason: Option<String>,
    /// Id of the agent who decided.
    pub agent: Option<String>,
    /// Id of the reply that answers it.
    pub accepted: Option<String>,
    /// The accepted one first, then as they came.
    #[sqlx(skip)]
    pub replies: Vec<Reply>,
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Reply {
    pub id: String,
    pub question: String,
    pub at: i64,
    /// Of the team: Markdown. Else as it was written.
    pub text: String,
    pub name: Option<String>,
    pub by_team: bool,
    #[sqlx(try_from = "String")]
    pub state: QuestionState,
    pub reason: Option<String>,
    /// Id of the agent who decided; of the team: who said it.
    pub agent: Option<String>,
}

impl Question {
    /// The reply that answers it, where that is shown.
    pub fn answer(&self) -> Option<&Reply> {
        let is_it = |reply: &&Reply| Some(&reply.id) == self.accepted.as_ref() && reply.state == QuestionState::Shown;
        self.replies.iter().find(is_it)
    }

    /// Path of its page, without the locale.
    pub fn path(&self) -> String {
        format!("/questions/{}/{}", self.article, self.id)
    }

    pub(super) fn order(&mut self) {
        let accepted = self.accepted.as_ref();
        self.replies.sort_by_key(|reply| (Some(&reply.id) != accepted, reply.at));
    }
}
