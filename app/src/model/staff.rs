//! Staff at the door, and what they say of themselves.

/// What is asked of whoever signs in.
#[derive(Debug, Clone)]
pub enum LoginWay {
    /// E-mail address, as given last, and password.
    Account { email: String },
    /// The admin token.
    Token,
}

#[derive(Debug, Clone)]
pub struct LoginPage {
    pub way: LoginWay,
    /// Path of the page to go on to, without the site's base; absent: where staff begins.
    pub next: Option<String>,
    /// Why the last attempt was refused.
    pub refusal: Option<String>,
    /// Where one signs in the other way.
    pub other_url: Option<String>,
}

/// An agent's own account.
#[derive(Debug, Clone)]
pub struct AccountPage {
    pub name: String,
    pub email: String,
    pub languages: Vec<LanguageChoice>,
    /// Fewest characters of a password.
    pub fewest: usize,
    /// Do they say that they are not there? Nothing where tickets are given to nobody.
    pub away: Option<bool>,
    /// The one used last first.
    pub sessions: Vec<SessionRow>,
    /// What was done just now.
    pub notice: Option<String>,
    pub refusal: Option<AccountRefusal>,
}

/// A language of the interface.
#[derive(Debug, Clone)]
pub struct LanguageChoice {
    pub locale: String,
    /// The language's own name.
    pub name: String,
    pub chosen: bool,
}

/// A field of the account's forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountField {
    Name,
    PresentPassword,
    NewPassword,
}

/// Why a form was refused, and the field where the cure is.
#[derive(Debug, Clone)]
pub struct AccountRefusal {
    pub field: AccountField,
    pub why: String,
}

/// Where the agent is signed in.
#[derive(Debug, Clone)]
pub struct SessionRow {
    pub id: String,
    /// `Firefox, Linux`.
    pub browser: Option<String>,
    /// `192.0.2.0/24`.
    pub network: Option<String>,
    /// As a person reads it, in UTC.
    pub since: String,
    pub seen: String,
    /// This page was asked for with it.
    pub current: bool,
}
