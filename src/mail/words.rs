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
    /// Of a link that is as good as a password.
    pub private: &'static str,
    /// `{site}`
    pub why: &'static str,
    pub notice: NoticeWords,
}

/// In the order of the interface's languages.
pub const ALL: [&Words; 5] = [&en::WORDS, &de::WORDS, &fr::WORDS, &es::WORDS, &ar::WORDS];

/// Those of a BCP 47 tag: `de-AT` speaks German; English for a language we do not write.
pub fn of(locale: &str) -> &'static Words {
    let language = locale.split('-').next().unwrap_or(locale).to_ascii_lowercase();
    ALL.into_iter().find(|words| words.language == language).unwrap_or(&en::WORDS)
}
