//! What letters say: one complete value a language, so that what is missing does not compile.

mod ar;
mod de;
mod en;
mod es;
mod fr;

pub use super::notice::NoticeWords;

/// `{name}` is a place for a value.
#[derive(Debug)]
pub struct Words {
    /// BCP 47.
    pub language: &'static str,
    /// `ltr` or `rtl`.
    pub direction: &'static str,
    pub greeting: &'static str,
    /// `{site}`
    pub opened_subject: &'static str,
    /// `{ticket}`, `{site}`
    pub opened: &'static str,
    pub opened_action: &'static str,
    /// `{agent}`, `{ticket}`
    pub replied: &'static str,
    pub replied_action: &'static str,
    /// Stands before number and subject of the request.
    pub rating_subject: &'static str,
    /// `{ticket}`, `{site}`
    pub rating: &'static str,
    pub rating_action: &'static str,
    /// `{site}`
    pub sign_in_subject: &'static str,
    /// `{site}`, `{minutes}`
    pub sign_in: &'static str,
    pub sign_in_action: &'static str,
    pub sign_in_not_you: &'static str,
    /// `{name}`, `{site}`
    pub question_answered: &'static str,
    pub question_action: &'static str,
    /// That no other letter follows.
    pub question_once: &'static str,
    /// Of a link that is as good as a password.
    pub private: &'static str,
    /// `{site}`
    pub why: &'static str,
    pub notice: NoticeWords,
    /// Of a letter that may be answered.
    pub by_mail: &'static str,
    /// `{site}`
    pub invitation_subject: &'static str,
    /// `{site}`
    pub invitation: &'static str,
    pub invitation_action: &'static str,
    /// `{days}`
    pub invitation_note: &'static str,
    /// `{site}`
    pub invitation_why: &'static str,
    /// `{site}`
    pub digest_subject: &'static str,
    /// `{site}`
    pub digest: &'static str,
    pub digest_votes: &'static str,
    /// `{yes}`, `{no}`
    pub digest_votes_detail: &'static str,
    pub digest_asked: &'static str,
    /// `{count}`
    pub digest_asked_detail: &'static str,
    pub digest_unanswered: &'static str,
    /// `{count}`
    pub digest_unanswered_detail: &'static str,
    pub digest_action: &'static str,
    pub digest_leave: &'static str,
    /// `{site}`
    pub review_subject: &'static str,
    /// `{site}`
    pub review: &'static str,
    /// `{day}`
    pub review_detail: &'static str,
    pub review_note: &'static str,
    /// `{site}`
    pub owner_why: &'static str,
}

/// In the order of the interface's languages.
pub const ALL: [&Words; 5] = [&en::WORDS, &de::WORDS, &fr::WORDS, &es::WORDS, &ar::WORDS];

/// Those of a BCP 47 tag: `de-AT` speaks German; English for a language we do not write.
pub fn of(locale: &str) -> &'static Words {
    let language = locale.split('-').next().unwrap_or(locale).to_ascii_lowercase();
    ALL.into_iter().find(|words| words.language == language).unwrap_or(&en::WORDS)
}
