//! Questions that readers ask in public under an article; and the forum of a community elsewhere.

use super::agent::QueueTab;
use super::{FieldRow, Said};

/// How a question, or a reply to it, stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionState {
    /// For an agent's look.
    Waiting,
    Shown,
    Refused,
}

impl QuestionState {
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Shown, Self::Refused];

    /// As in the database and in an address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Shown => "shown",
            Self::Refused => "refused",
        }
    }
}

impl TryFrom<String> for QuestionState {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|known| known.name() == name);
        known.ok_or_else(|| format!("{name:?} is not one of {}", Self::ALL.map(Self::name).join(", ")))
    }
}

/// Under an article.
#[derive(Debug, Clone)]
pub struct Questions {
    /// All of them, with the form.
    pub url: String,
    /// A few, answered ones first.
    pub first: Vec<QuestionRow>,
}

/// A question as readers see it.
#[derive(Debug, Clone)]
pub struct QuestionRow {
    /// Its own page.
    pub url: String,
    pub title: String,
    pub text: String,
    /// Who asked,
    pub by: String,
    /// and on which day.
    pub when: String,
    /// Its language, where that is not the page's.
    pub locale: Option<String>,
    /// The accepted one first.
    pub replies: Vec<ReplyRow>,
}

#[derive(Debug, Clone)]
pub struct ReplyRow {
    pub by: String,
    pub when: String,
    pub by_team: bool,
    pub accepted: bool,
    pub text: Said,
}

/// `/questions/{article}`
#[derive(Debug, Clone)]
pub struct QuestionsPage {
    /// Of the article.
    pub title: String,
    pub article_url: String,
    pub questions: Vec<QuestionRow>,
    /// Counts from 1.
    pub page: usize,
    pub pages: usize,
    pub previous_url: Option<String>,
    pub next_url: Option<String>,
    /// Something was sent just now.
    pub is_sent: bool,
    pub form: QuestionForm,
}

/// `/questions/{article}/{question}`
#[derive(Debug, Clone)]
pub struct QuestionPage {
    /// Of the article.
    pub title: String,
    pub article_url: String,
    pub all_url: String,
    pub question: QuestionRow,
    pub is_sent: bool,
    pub form: QuestionForm,
}

/// What is asked, or said to a question.
#[derive(Debug, Clone)]
pub struct QuestionForm {
    pub action_url: String,
    pub fields: Vec<FieldRow>,
    /// What goes along unseen.
    pub hidden: Vec<(&'static str, String)>,
    /// Why it was not taken, where no field is at fault.
    pub fault: Option<String>,
}

/// `/agent/questions`
#[derive(Debug, Clone)]
pub struct QuestionQueue {
    pub tabs: Vec<QueueTab>,
    pub rows: Vec<QuestionLine>,
    /// Counts from 1.
    pub page: u32,
    pub previous_url: Option<String>,
    pub next_url: Option<String>,
}

#[derive(Debug, Clone)]
pub struct QuestionLine {
    pub url: String,
    pub title: String,
    /// Title of the article; its id where that is gone.
    pub article: String,
    pub by: String,
    pub state: QuestionState,
    /// Replies for an agent's look.
    pub waiting: usize,
    /// `3 h ago`
    pub when: String,
    /// The time itself (RFC 3339).
    pub at: String,
}

/// `/agent/questions/{id}`
#[derive(Debug, Clone)]
pub struct ModerationPage {
    /// Of this page, which its forms are sent to.
    pub url: String,
    /// What the forms send back, so that a change meanwhile is noticed.
    pub seen: i64,
    pub title: String,
    /// Title and address of the article; its id alone where that is gone.
    pub article: (String, Option<String>),
    /// Where readers see it.
    pub public_url: Option<String>,
    /// The asker left an address.
    pub wants_mail: bool,
    pub asked: Moderated,
    pub replies: Vec<Moderated>,
    pub stub_url: Option<String>,
    /// What was done just now.
    pub notice: Option<String>,
    /// Why nothing was done,
    pub refusal: Option<String>,
    /// and the reply that was written.
    pub written: String,
    /// Characters of a reply.
    pub longest: usize,
}

/// A question, or a reply to it, as agents see it.
#[derive(Debug, Clone)]
pub struct Moderated {
    pub id: String,
    pub by: String,
    pub by_team: bool,
    pub when: String,
    pub at: String,
    pub text: Said,
    pub state: QuestionState,
    /// Who refused it and why.
    pub refused: Option<String>,
    pub accepted: bool,
}

/// A community elsewhere.
#[derive(Debug, Clone)]
pub struct Forum {
    pub url: String,
    /// Its own search; the query goes behind `?q=`.
    pub search_url: String,
    /// Where what it has is had from: `/search/forum`.
    pub results_url: String,
    pub script_url: String,
}

/// What the forum has on a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForumHit {
    pub title: String,
    pub url: String,
    /// A piece of its text.
    pub blurb: String,
    pub is_solved: bool,
}
