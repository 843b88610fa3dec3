//! What alerts told lately.

#[derive(Debug, Clone)]
pub struct AlertsPage {
    /// What was done just now.
    pub notice: Option<String>,
    /// The latest first.
    pub alerts: Vec<AlertRow>,
    /// What nobody hears of now, but for tickets.
    pub mutes: Vec<MuteRow>,
}

/// What an alert is about, and what the form that mutes it sends.
#[derive(Debug, Clone)]
pub struct AlertAbout {
    pub alert: String,
    pub kind: String,
    pub about: String,
    /// `Article`; nothing of a ticket.
    pub label: Option<String>,
    pub title: String,
    pub url: Option<String>,
}

#[derive(Debug, Clone)]
pub struct AlertRow {
    pub id: String,
    pub about: AlertAbout,
    /// `3 h ago`, and the time itself (RFC 3339).
    pub when: String,
    pub at: String,
    /// Who was told.
    pub told: String,
    /// Of a burst: number and address.
    pub tickets: Vec<(i64, String)>,
    pub muted: bool,
}

#[derive(Debug, Clone)]
pub struct MuteRow {
    pub about: AlertAbout,
    /// For how long yet, and who did it.
    pub text: String,
}
