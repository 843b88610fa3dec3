//! Agents decide what readers see, and answer for the team.

use anyhow::{Context, Result};
use jiff::Timestamp;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{Community, Question};

/// What an agent does about a question, or about the reply of an id to it.
#[derive(Debug, Clone, Copy)]
pub enum Deed<'a> {
    /// Lets it through.
    Show(Option<&'a str>),
    /// Also takes back what was shown. With the reason.
    Refuse(Option<&'a str>, &'a str),
    /// This reply answers the question; without one, none does.
    Accept(Option<&'a str>),
    /// Says something for the team, in Markdown; the question is let through with it.
    Reply(&'a str),
}

impl Community {
    /// Does it, unless somebody decided something since `seen`, the question's `updated_at` that the agent saw; tells
    /// whether it did. `by`: id and name of the agent. Readers see it after [`Community::refresh`].
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn decide(
        &self,
        question: &Question,
        deed: Deed<'_>,
        seen: i64,
        by: (&str, &str),
        now: Timestamp,
    ) -> Result<bool> {
        let mut transaction = self.store.writer().begin().await.context("cannot begin to decide on a question")?;
        let taken = sqlx::query("update questions set updated_at = max($3, $2 + 1) where id = $1 and updated_at = $2")
            .bind(&question.id)
            .bind(seen)
            .bind(now.as_millisecond())
            .execute(&mut *transaction)
            .await
            .context("cannot decide on a question")?;
        if taken.rows_affected() == 0 {
            return Ok(false);
        }
        match deed {
            Deed::Show(of) => stand(&mut transaction, question, of, "shown", None, by.0, now).await?,
            Deed::Refuse(of, reason) => {
                let reason = Some(reason.trim()).filter(|reason| !reason.is_empty());
                stand(&mut transaction, question, of, "refused", reason, by.0, now).await?;
            }
            Deed::Accept(reply) => accept(&mut transaction, question, reply).await?,
            Deed::Reply(text) => {
                stand(&mut transaction, question, None, "shown", None, by.0, now).await?;
                say(&mut transaction, question, text, by, now).await?;
            }
        }
        if matches!(deed, Deed::Accept(Some(_)) | Deed::Reply(_)) {
            self.tell_asker(&mut transaction, question, deed, by.1, now).await?;
        }
        transaction.commit().await.context("cannot decide on a question")?;
        *self.read.lock().await = None;
        self.delivery.wake();
        Ok(true)
    }
}

/// How the question stands from now on, or the reply to it.
async fn stand(
    transaction: &mut SqliteConnection,
    question: &Question,
    reply: Option<&str>,
    state: &str,
    reason: Option<&str>,
    agent: &str,
    now: Timestamp,
) -> Result<()> {
    let sql = match reply {
        // What the team said stays its author's.
        Some(_) => {
            "update replies set state = $3, reason = $4, agent = case when by_team then agent else $5 end, updated_at = $6
             where question = $1 and id = $2"
        }
        None => "update questions set state = $3, reason = $4, agent = $5, updated_at = max(updated_at, $6)
                 where id = $1 and $2 is null",
    };
    let update = sqlx::query(sql).bind(&question.id).bind(reply).bind(state).bind(reason).bind(agent);
    let update = update.bind(now.as_millisecond());
    update.execute(&mut *transaction).await.context("cannot write how a question stands")?;
    if state == "refused" && reply.is_some() {
        sqlx::query("update questions set accepted = null where id = $1 and accepted = $2")
            .bind(&question.id)
            .bind(reply)
            .execute(&mut *transaction)
            .await
            .context("cannot take back what was accepted")?;
    }
    Ok(())
}

/// Only what is shown answers.
async fn accept(transaction: &mut SqliteConnection, question: &Question, reply: Option<&str>) -> Result<()> {
    sqlx::query(
        "update questions set accepted =
             (select id from replies where question = $1 and replies.id = $2 and replies.state = 'shown')
         where questions.id = $1",
    )
    .bind(&question.id)
    .bind(reply)
    .execute(transaction)
    .await
    .context("cannot write which reply is accepted")?;
    Ok(())
}

async fn say(
    transaction: &mut SqliteConnection,
    question: &Question,
    text: &str,
    (agent, name): (&str, &str),
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "insert into replies (id, question, at, updated_at, text, name, by_team, state, agent)
         values ($1, $2, $3, $3, $4, $5, 1, 'shown', $6)",
    )
    .bind(Uuid::now_v7().to_string())
    .bind(&question.id)
    .bind(now.as_millisecond())
    .bind(text.trim())
    .bind(name)
    .bind(agent)
    .execute(transaction)
    .await
    .context("cannot write a reply of the team")?;
    Ok(())
}
