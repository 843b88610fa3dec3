//! The letters there are. Each becomes the same plain sheet, which two templates write down: one as text, one as HTML.

mod owners;

use std::sync::LazyLock;

use app::words::fill;
use minijinja::{AutoEscape, Environment, context};
use serde::Serialize;

use super::notice::{self, Notice};
use super::words::{self, Words};
use super::{Mail, one_line};

pub use owners::{Digest, Due, Figure};

/// The most of a subject, which a stranger may have written, in characters.
const SUBJECT: usize = 120;

/// What is told. Links are whole addresses. `by_mail`: who answers the letter is heard.
#[derive(Debug, Clone, Copy)]
pub enum Letter<'a> {
    /// The request arrived. It holds no word of the request, its subject neither: whoever typed another's address cannot
    /// have us write to them.
    TicketOpened { ticket: &'a str, link: &'a str, by_mail: bool },
    /// An agent answered; `text` is theirs, not Markdown and not HTML.
    Reply { ticket: &'a str, subject: &'a str, agent: &'a str, text: &'a str, link: &'a str, by_mail: bool },
    /// The request is solved: did we help? Without the subject where it is the first letter.
    Rating { ticket: &'a str, subject: &'a str, link: &'a str },
    /// A question that was asked in public is answered; `text` is what `name` wrote.
    QuestionAnswered { title: &'a str, name: &'a str, text: &'a str, link: &'a str },
    /// Works for so many minutes.
    SignInLink { link: &'a str, minutes: u32 },
    /// For agents.
    Notice { notice: Notice<'a>, link: &'a str },
    /// Somebody may become an agent or an admin; works for so many days.
    Invitation { link: &'a str, days: u32 },
    /// What readers did with an owner's articles in a week.
    Digest(Digest<'a>),
    /// Articles that somebody should read again.
    ReviewDue { articles: &'a [Due] },
}

/// Whom a letter is for.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    pub address: &'a str,
    /// BCP 47; a language without letters gets English ones.
    pub locale: &'a str,
}

/// What all letters are made of.
#[derive(Debug, Default, Serialize)]
pub(super) struct Sheet {
    pub site: String,
    pub subject: String,
    pub opening: String,
    /// What a person wrote: paragraphs of lines.
    pub written: Vec<Vec<String>>,
    pub lists: Vec<List>,
    /// Empty where there is nothing to do.
    pub action: &'static str,
    pub link: String,
    /// What else is to know.
    pub notes: Vec<String>,
    /// Why the reader gets the letter.
    pub why: String,
    /// How to get no more of its kind.
    pub leave: Option<Leave>,
}

#[derive(Debug, Serialize)]
pub(super) struct List {
    pub title: &'static str,
    pub items: Vec<Item>,
}

#[derive(Debug, Serialize)]
pub(super) struct Item {
    pub text: String,
    pub link: Option<String>,
    pub detail: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Leave {
    pub text: &'static str,
    pub link: String,
}

static TEMPLATES: LazyLock<Environment> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|name| match name {
        "html" => AutoEscape::Html,
        _ => AutoEscape::None,
    });
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.add_template("html", include_str!("letter.html")).expect("a test renders it");
    environment.add_template("text", include_str!("letter.txt")).expect("a test renders it");
    environment
});

pub fn mail(letter: &Letter, site: &str, reader: Reader) -> Mail {
    let words = words::of(reader.locale);
    let sheet = sheet(letter, &one_line(site), words);
    let render = |name: &str| {
        let template = TEMPLATES.get_template(name).expect("both are there");
        let (language, direction, greeting) = (words.language, words.direction, words.greeting);
        let side = if direction == "rtl" { "right" } else { "left" };
        // French keeps it apart, and on the line.
        let colon = if language == "fr" { "\u{a0}:" } else { ":" };
        template
            .render(context! { sheet, language, direction, side, greeting, colon })
            .expect("a sheet has all they name")
    };
    Mail {
        to: reader.address.to_owned(),
        text: render("text"),
        html: Some(render("html")),
        subject: sheet.subject,
        thread: letter.ticket().map(str::to_owned),
        automatic: !matches!(letter, Letter::Reply { .. }),
        reply_to: None,
        unsubscribe: sheet.leave.map(|leave| leave.link),
    }
}

impl Letter<'_> {
    fn ticket(&self) -> Option<&str> {
        match self {
            Self::TicketOpened { ticket, .. } | Self::Reply { ticket, .. } | Self::Rating { ticket, .. } => {
                Some(ticket)
            }
            Self::Notice { notice, .. } => notice.ticket(),
            Self::QuestionAnswered { .. }
            | Self::SignInLink { .. }
            | Self::Invitation { .. }
            | Self::Digest(_)
            | Self::ReviewDue { .. } => None,
        }
    }
}

fn sheet(letter: &Letter, site: &str, words: &Words) -> Sheet {
    let base = Sheet { site: site.to_owned(), why: said(words, words.why, &[("site", site)]), ..Sheet::default() };
    let answered = |by_mail: bool| by_mail.then_some(words.by_mail);
    let notes = |notes: &[&str]| notes.iter().map(|&note| note.to_owned()).collect::<Vec<_>>();
    match *letter {
        Letter::TicketOpened { ticket, link, by_mail } => Sheet {
            subject: titled(ticket, &fill(words.opened_subject, &[("site", site)])),
            opening: said(words, words.opened, &[("ticket", ticket), ("site", site)]),
            action: words.opened_action,
            link: link.to_owned(),
            notes: [answered(by_mail), Some(words.private)].into_iter().flatten().map(str::to_owned).collect(),
            ..base
        },
        Letter::Reply { ticket, subject, agent, text, link, by_mail } => Sheet {
            subject: format!("Re: {}", titled(ticket, subject)),
            opening: said(words, words.replied, &[("agent", &one_line(agent)), ("ticket", ticket)]),
            written: paragraphs(text),
            action: words.replied_action,
            link: link.to_owned(),
            notes: [answered(by_mail), Some(words.private)].into_iter().flatten().map(str::to_owned).collect(),
            ..base
        },
        Letter::Rating { ticket, subject, link } => Sheet {
            subject: format!("{} {}", words.rating_subject, titled(ticket, subject)),
            opening: said(words, words.rating, &[("ticket", ticket), ("site", site)]),
            action: words.rating_action,
            link: link.to_owned(),
            ..base
        },
        Letter::QuestionAnswered { title, name, text, link } => Sheet {
            subject: format!("Re: {}", shortened(title)),
            opening: said(words, words.question_answered, &[("name", &one_line(name)), ("site", site)]),
            written: paragraphs(text),
            action: words.question_action,
            link: link.to_owned(),
            notes: notes(&[words.question_once]),
            ..base
        },
        Letter::SignInLink { link, minutes } => Sheet {
            subject: fill(words.sign_in_subject, &[("site", site)]),
            opening: said(words, words.sign_in, &[("site", site), ("minutes", &minutes.to_string())]),
            action: words.sign_in_action,
            link: link.to_owned(),
            notes: notes(&[words.sign_in_not_you]),
            ..base
        },
        Letter::Notice { notice, link } => notice::sheet(&notice, link, base, words),
        Letter::Invitation { link, days } => Sheet {
            subject: fill(words.invitation_subject, &[("site", site)]),
            opening: said(words, words.invitation, &[("site", site)]),
            action: words.invitation_action,
            link: link.to_owned(),
            notes: vec![said(words, words.invitation_note, &[("days", &days.to_string())])],
            why: said(words, words.invitation_why, &[("site", site)]),
            ..base
        },
        Letter::Digest(digest) => owners::digest(&digest, base, words),
        Letter::ReviewDue { articles } => owners::review(articles, base, words),
    }
}

/// `[#41207] Export fails`
pub(super) fn titled(ticket: &str, subject: &str) -> String {
    format!("[#{}] {}", one_line(ticket), shortened(subject)).trim_end().to_owned()
}

/// What a stranger may have written, as a part of a subject.
pub(super) fn shortened(text: &str) -> String {
    one_line(text).chars().take(SUBJECT).collect()
}

/// A sentence with its values. Where text runs from right to left, each is kept apart from the direction around it
/// (Unicode UAX 9, section 2.4).
pub(super) fn said(words: &Words, text: &str, values: &[(&str, &str)]) -> String {
    if words.direction == "ltr" {
        return fill(text, values);
    }
    let apart: Vec<_> = values.iter().map(|(name, value)| (*name, format!("\u{2068}{value}\u{2069}"))).collect();
    fill(text, &apart.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>())
}

fn paragraphs(text: &str) -> Vec<Vec<String>> {
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    let paragraphs = lines.split(|line| line.is_empty()).filter(|paragraph| !paragraph.is_empty());
    paragraphs.map(|paragraph| paragraph.iter().map(|line| (*line).to_owned()).collect()).collect()
}
