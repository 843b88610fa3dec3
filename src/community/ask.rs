//! Readers ask and reply: masked, and kept for an agent's look.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use jiff::Timestamp;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Community, Question};
use crate::identity::Audience;
use crate::tickets::{Fault, Faults};
use crate::{mail, mask};

/// Characters of what a reader writes.
pub const LONGEST_TITLE: usize = 150;
pub const LONGEST_TEXT: usize = 4000;
pub const LONGEST_NAME: usize = 60;

/// What a reader wrote. A reply has no title and asks for no letter.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// A UUIDv7, made with the form: sent twice it is taken once.
    pub id: Uuid,
    pub title: String,
    pub text: String,
    pub name: String,
    pub email: String,
    /// The host's id of a reader it signed in.
    pub reader: Option<String>,
    pub session: Option<Uuid>,
    /// Groups of readers it belongs to.
    pub audiences: Audience,
}

impl Written {
    /// What keeps it from being taken, by the field's name.
    pub fn check(&self, is_reply: bool) -> Faults {
        let text = |text: &str, required: bool, longest: usize| match text.trim() {
            "" => required.then_some(Fault::Missing),
            text => (text.chars().count() > longest).then_some(Fault::TooLong(longest)),
        };
        let email = self.email.trim();
        let faults = [
            ("title", text(&self.title, !is_reply, LONGEST_TITLE)),
            ("text", text(&self.text, is_reply, LONGEST_TEXT)),
            ("name", text(&self.name, false, LONGEST_NAME)),
            ("email", (!email.is_empty() && !mail::is_address(email)).then_some(Fault::NoEmail)),
        ];
        let faults = faults.into_iter().filter_map(|(name, fault)| Some((name.to_owned(), fault?)));
        faults.collect::<BTreeMap<_, _>>()
    }
}

impl Community {
    /// Takes a question about `article`, asked on a page of `locale`; false where another was taken by its number.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn ask(&self, written: &Written, article: &str, locale: &str, now: Timestamp) -> Result<bool> {
        let (title, text) = (masked(&line(&written.title)), masked(&written.text));
        let taken = sqlx::query(
            "insert into questions (id, at, updated_at, article, locale, title, text, name, email, reader, session,
                 audiences, state)
             values ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'waiting') on conflict (id) do nothing",
        )
        .bind(written.id.to_string())
        .bind(now.as_millisecond())
        .bind(article)
        .bind(locale)
        .bind(&title)
        .bind(&text)
        .bind(some(masked(&line(&written.name))))
        // In small letters, so that it is found by whoever types it another way.
        .bind(some(written.email.trim().to_lowercase()))
        .bind(&written.reader)
        .bind(written.session.map(|session| session.to_string()))
        .bind(Json(&written.audiences))
        .execute(self.store.writer())
        .await
        .context("cannot write a question")?;
        self.count_taken().await;
        if taken.rows_affected() > 0 {
            return Ok(true);
        }
        let same =
            sqlx::query_scalar("select exists (select 1 from questions where id = $1 and title = $2 and text = $3)");
        let same = same.bind(written.id.to_string()).bind(title).bind(text).fetch_one(self.store.readers()).await;
        same.context("cannot read which question was taken")
    }

    /// Takes what a reader says to `question`; false where something else was taken by its number, or the question is
    /// gone.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn reply(&self, written: &Written, question: &Question, now: Timestamp) -> Result<bool> {
        let text = masked(&written.text);
        let taken = sqlx::query(
            "insert into replies (id, question, at, updated_at, text, name, reader, session, by_team, state)
             select $1, id, $3, $3, $4, $5, $6, $7, 0, 'waiting' from questions where id = $2
             on conflict (id) do nothing",
        )
        .bind(written.id.to_string())
        .bind(&question.id)
        .bind(now.as_millisecond())
        .bind(&text)
        .bind(some(masked(&line(&written.name))))
        .bind(&written.reader)
        .bind(written.session.map(|session| session.to_string()))
        .execute(self.store.writer())
        .await
        .context("cannot write a reply")?;
        self.count_taken().await;
        if taken.rows_affected() > 0 {
            return Ok(true);
        }
        let same = sqlx::query_scalar("select exists (select 1 from replies where id = $1 and text = $2)");
        let same = same.bind(written.id.to_string()).bind(text).fetch_one(self.store.readers()).await;
        same.context("cannot read which reply was taken")
    }
}

/// Line by line, so that those with nothing to hide keep their shape.
fn masked(text: &str) -> String {
    let line = |line: &str| mask::masked(line).unwrap_or_else(|| line.to_owned());
    text.trim().lines().map(line).collect::<Vec<_>>().join("\n")
}

/// What is typed into one line is one, whatever was sent.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_by_field() {
        let check = |written: Written, is_reply: bool, expect: &[(&str, Fault)]| {
            let faults: Vec<_> = written.check(is_reply).into_iter().collect();
            let faults: Vec<_> = faults.iter().map(|(name, fault)| (name.as_str(), *fault)).collect();
            assert_eq!(faults, expect, "{written:?}");
        };
        let title = |title: &str| Written { title: title.to_owned(), ..Written::default() };
        check(title("How?"), false, &[]);
        check(title(" "), false, &[("title", Fault::Missing)]);
        check(title(&"x".repeat(151)), false, &[("title", Fault::TooLong(150))]);
        check(title(""), true, &[("text", Fault::Missing)]);
        let wrong = Written { email: "ada".to_owned(), name: "x".repeat(61), ..title("How?") };
        check(wrong, false, &[("email", Fault::NoEmail), ("name", Fault::TooLong(60))]);
    }
}
