//! What a reader began to write. It is kept under a secret that only its page's address holds, so that it outlives a
//! reload, a lost connection and a look at a proposed answer, without script.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

use super::Tickets;
use super::form::{Form, Kind};

/// How long a draft is kept.
pub const KEPT: SignedDuration = SignedDuration::from_hours(24 * 3);

/// Characters of a subject, of a text, of any other answer.
const LONGEST_SUBJECT: usize = 200;
const LONGEST_TEXT: usize = 20_000;
const LONGEST_ANSWER: usize = 2_000;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    pub form: String,
    pub subject: String,
    pub text: String,
    pub name: String,
    pub email: String,
    /// Answers to the form's own questions.
    pub fields: BTreeMap<String, String>,
    /// Path of the page the reader came from.
    pub page: Option<String>,
    /// Version of the product, and how the reader is connected, as the page was told.
    pub release: Option<String>,
    pub network: Option<String>,
    /// The ticket it goes on from, by its secret.
    pub follows: Option<String>,
    /// When it was begun, in milliseconds since 1970-01-01 UTC.
    pub begun_at: i64,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Missing,
    /// Of so many characters at most.
    TooLong(usize),
    NoEmail,
    NoOption,
}

/// What is wrong, by the field's name.
pub type Faults = BTreeMap<String, Fault>;

impl Draft {
    /// What keeps it from being sent. `needs_email`: nobody else knows where to answer.
    pub fn check(&self, form: &Form, needs_email: bool) -> Faults {
        let mut faults = Faults::new();
        let mut fault = |name: &str, fault: Option<Fault>| faults.extend(fault.map(|fault| (name.to_owned(), fault)));
        fault("subject", text(&self.subject, true, LONGEST_SUBJECT));
        fault("text", text(&self.text, true, LONGEST_TEXT));
        fault("name", text(&self.name, false, LONGEST_SUBJECT));
        fault("email", email(&self.email, needs_email));
        for field in &form.fields {
            let answer = self.fields.get(&field.name).map_or("", String::as_str);
            let is_known =
                field.kind != Kind::Choice || answer.is_empty() || field.options.iter().any(|it| it == answer);
            let wrong = if is_known { text(answer, field.required, LONGEST_ANSWER) } else { Some(Fault::NoOption) };
            fault(&field.name, wrong);
        }
        faults
    }
}

fn text(text: &str, required: bool, longest: usize) -> Option<Fault> {
    if required && text.trim().is_empty() {
        return Some(Fault::Missing);
    }
    (text.chars().count() > longest).then_some(Fault::TooLong(longest))
}

/// Enough to tell a slip: one `@`, something before it, a host with a dot behind it, nothing that ends a header.
fn email(email: &str, required: bool) -> Option<Fault> {
    if email.trim().is_empty() {
        return required.then_some(Fault::Missing);
    }
    let is_plain =
        email.len() <= 254 && !email.chars().any(|it| it.is_whitespace() || it.is_control() || "<>,;\"".contains(it));
    let is_good = email.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty()
            && !host.contains('@')
            && host.split('.').count() > 1
            && host.split('.').all(|part| !part.is_empty())
    });
    (!is_plain || !is_good).then_some(Fault::NoEmail)
}

impl Tickets {
    /// Keeps `draft` under `secret`, in place of what was kept there.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn keep_draft(&self, secret: &str, draft: &Draft, now: Timestamp) -> Result<()> {
        sqlx::query(
            "insert into drafts (id, at, body) values ($1, $2, $3)
             on conflict (id) do update set at = excluded.at, body = excluded.body",
        )
        .bind(hash(secret))
        .bind(now.as_millisecond())
        .bind(Json(draft))
        .execute(self.store.writer())
        .await
        .context("cannot keep a draft")?;
        Ok(())
    }

    /// # Errors
    /// A database that cannot be read.
    pub async fn draft(&self, secret: &str, now: Timestamp) -> Result<Option<Draft>> {
        let draft: Option<Json<Draft>> = sqlx::query_scalar("select body from drafts where id = $1 and at > $2")
            .bind(hash(secret))
            .bind((now - KEPT).as_millisecond())
            .fetch_optional(self.store.readers())
            .await
            .context("cannot read a draft")?;
        Ok(draft.map(|Json(draft)| draft))
    }

    /// Forgets drafts that nobody went on with.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub(super) async fn forget_drafts(&self, now: Timestamp) -> Result<()> {
        let before = (now - KEPT).as_millisecond();
        sqlx::query("delete from drafts where at <= $1").bind(before).execute(self.store.writer()).await?;
        Ok(())
    }
}

/// 128 bits nobody guesses, for an address.
pub fn secret() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

pub(super) fn hash(secret: &str) -> String {
    blake3::hash(secret.as_bytes()).to_hex()[..32].to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn slips_in_an_address_are_found() {
        let check = |address: &str, expect: Option<Fault>| assert_eq!(email(address, true), expect, "{address:?}");
        check("ada@customer.example", None);
        check("ada+help@mail.customer.example", None);
        check("", Some(Fault::Missing));
        for slip in
            ["ada", "ada@", "@customer.example", "ada@customer", "ada@@customer.example", "a b@customer.example"]
        {
            check(slip, Some(Fault::NoEmail));
        }
        check("ada@customer.example\r\nBcc: eve@example.com", Some(Fault::NoEmail));
        assert_eq!(email("", false), None);
    }

    #[test]
    fn what_is_missing_is_said_by_field() {
        let form: Form = toml::from_str(
            "[[fields]]\nname = \"os\"\nlabel = \"System\"\nkind = \"choice\"\noptions = [\"Linux\"]\nrequired = true",
        )
        .unwrap();
        let mut draft = Draft { subject: " ".to_owned(), text: "x".repeat(20_001), ..Draft::default() };
        let faults = draft.check(&form, false);
        let expect = [("os", Fault::Missing), ("subject", Fault::Missing), ("text", Fault::TooLong(20_000))];
        assert_eq!(faults, expect.map(|(name, fault)| (name.to_owned(), fault)).into());
        draft.fields.insert("os".to_owned(), "Plan 9".to_owned());
        assert_eq!(draft.check(&form, false)["os"], Fault::NoOption);
    }
}
