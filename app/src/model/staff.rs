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

/// A page with one form.
#[derive(Debug, Clone, Default)]
pub struct OneForm {
    /// Of those who help readers, not of readers.
    pub is_staffs: bool,
    /// What was done just now.
    pub notice: Option<String>,
    pub text: String,
    /// Where the form is sent; without it there is none.
    pub action_url: Option<String>,
    pub field: Option<OneField>,
    pub button: String,
    /// Why nothing was done.
    pub refusal: Option<String>,
    /// Another way on: its words and address.
    pub other: Option<(String, String)>,
}

/// What such a form asks for.
#[derive(Debug, Clone)]
pub enum OneField {
    /// An e-mail address, as given last.
    Email(String),
    /// With the rule for it.
    NewPassword(String),
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
