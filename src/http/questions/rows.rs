//! Questions as their readers see them.

use app::model::{QuestionRow, Questions, ReplyRow, Said};
use app::words::Words;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::Help;
use crate::community::{Question, Reply};
use crate::content::Page;
use crate::http::frame;
use crate::tickets::prose;

/// Questions that stand under an article; the others are a link away.
const FIRST: usize = 5;

/// What stands under `article` on a page of `locale`: for everybody who may see the page. Nothing where readers cannot
/// ask in public.
pub fn under(help: &Help, article: &Page, locale: &str) -> Option<Questions> {
    help.community.is_open().then(|| {
        let shown = help.community.shown();
        let questions = shown.get(&article.id).into_iter().flatten().take(FIRST);
        let path = format!("{}/questions/{}", frame::prefix(help, locale), article.id);
        Questions {
            url: help.address.href(&path),
            first: questions.map(|question| row(help, locale, question, 1)).collect(),
        }
    })
}

/// With so many of its replies at most.
pub fn row(help: &Help, locale: &str, question: &Question, replies: usize) -> QuestionRow {
    let site = frame::site(help, locale);
    let words = &site.words;
    QuestionRow {
        url: help.address.href(&format!("{}{}", frame::prefix(help, locale), question.path())),
        title: question.title.clone(),
        text: question.text.clone(),
        by: by(words, question.name.as_deref()),
        when: day(words, question.at),
        locale: (question.locale != locale).then(|| question.locale.clone()),
        replies: question.replies.iter().take(replies).map(|reply| said(words, question, reply)).collect(),
    }
}

fn said(words: &Words, question: &Question, reply: &Reply) -> ReplyRow {
    ReplyRow {
        by: by(words, reply.name.as_deref()),
        when: day(words, reply.at),
        by_team: reply.by_team,
        accepted: question.accepted.as_ref() == Some(&reply.id),
        text: text(reply),
    }
}

/// What the team writes is Markdown, what readers write is text.
pub fn text(reply: &Reply) -> Said {
    if reply.by_team { Said::Html(prose::html(&reply.text)) } else { Said::Plain(reply.text.clone()) }
}

fn by(words: &Words, name: Option<&str>) -> String {
    name.unwrap_or(&words.unnamed).to_owned()
}

/// UTC.
fn day(words: &Words, at: i64) -> String {
    let day = Timestamp::from_millisecond(at).unwrap_or_default().to_zoned(TimeZone::UTC);
    words.date(day.year(), day.month(), day.day())
}
