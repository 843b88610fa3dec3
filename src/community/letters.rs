//! The one letter to whoever asked and left an address: when the team replied, or a reply is accepted.

use anyhow::{Context, Result};
use app::model::QuestionState;
use app::words::Words;
use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::{Community, Deed, Question, Reply};
use crate::mail::{self, Letter, Reader};

impl Community {
    /// Promises the letter and forgets the address. Nobody is written to about what cannot be seen.
    pub(super) async fn tell_asker(
        &self,
        transaction: &mut SqliteConnection,
        question: &Question,
        deed: Deed<'_>,
        agent: &str,
        now: Timestamp,
    ) -> Result<()> {
        let address: Option<String> =
            sqlx::query_scalar("select email from questions where id = $1 and state = 'shown' and email is not null")
                .bind(&question.id)
                .fetch_optional(&mut *transaction)
                .await
                .context("cannot read who asked a question")?;
        let (Some(address), Some((name, text))) = (address, answer(question, deed, agent)) else { return Ok(()) };
        let link = self.address.absolute_in(&question.locale, &self.default_locale, &question.path());
        let letter = Letter::QuestionAnswered { title: &question.title, name: &name, text: &text, link: &link };
        let mail = mail::written(&letter, &self.site, Reader { address: &address, locale: &question.locale });
        self.delivery
            .promise_all(transaction, mail::CHANNEL, mail.deed(), now)
            .await
            .context("cannot promise a mail")?;
        sqlx::query("update questions set email = null where id = $1")
            .bind(&question.id)
            .execute(transaction)
            .await
            .context("cannot forget the address of who asked")?;
        Ok(())
    }
}

/// Who answered, and what.
fn answer(question: &Question, deed: Deed<'_>, agent: &str) -> Option<(String, String)> {
    let (name, text) = match deed {
        Deed::Reply(text) => (Some(agent.to_owned()), text.to_owned()),
        Deed::Accept(Some(id)) => {
            let is_it = |reply: &&Reply| reply.id == id && reply.state == QuestionState::Shown;
            let reply = question.replies.iter().find(is_it)?;
            (reply.name.clone(), reply.text.clone())
        }
        Deed::Accept(None) | Deed::Show(_) | Deed::Refuse(..) => return None,
    };
    Some((name.unwrap_or_else(|| Words::of(&question.locale).unnamed.to_string()), text))
}
