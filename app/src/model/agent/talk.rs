//! What was said and done in a ticket, as agents and requesters see it.

/// Something that was said or done.
#[derive(Debug, Clone)]
pub struct Talk {
    pub id: String,
    pub voice: Voice,
    pub name: String,
    /// `3 h ago`
    pub when: String,
    /// The time itself (RFC 3339).
    pub at: String,
    pub said: Said,
    pub answers: Vec<(String, String)>,
    pub files: Vec<FileRow>,
    /// It came by mail.
    pub mail: Option<ByMail>,
}

/// What is known of a mail beside what it says.
#[derive(Debug, Clone)]
pub struct ByMail {
    /// Why it is no more than a note.
    pub mark: Option<String>,
    /// All that it said, where that is more.
    pub whole: Option<String>,
    /// Which files were not taken.
    pub left_out: Option<String>,
}

/// Who speaks, and to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    Requester,
    Agent,
    /// An agent, to agents.
    Note,
    /// What was done.
    Line,
}

#[derive(Debug, Clone)]
pub enum Said {
    /// Sanitised HTML.
    Html(String),
    /// As it was written.
    Text(String),
}

/// A file that came with a message.
#[derive(Debug, Clone)]
pub struct FileRow {
    pub name: String,
    pub url: String,
    /// `1.2 MB`
    pub size: String,
    /// Where it may be shown as a picture.
    pub picture_url: Option<String>,
}
