//! Where files lie: in the data directory as soon as they are taken, and later, where there is a bucket, in that.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::time::SystemTime;

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use sqlx::SqliteConnection;
use tokio::fs::File;
use tracing::warn;
use url::Url;

use super::{Attachment, Message, Taken, Tickets};
use crate::integrations::attachments::{CHANNEL, Deed};

/// Where a file is had.
#[derive(Debug)]
pub enum Stored {
    Here(File),
    InBucket,
}

impl Tickets {
    /// # Errors
    /// A database that cannot be read.
    pub async fn attachments(&self, ticket: &str) -> Result<Vec<Attachment>> {
        let attachments = sqlx::query_as("select * from attachments where ticket = $1 order by message, name");
        attachments.bind(ticket).fetch_all(self.store.readers()).await.context("cannot read attachments")
    }

    /// An attachment, and where its bytes are.
    ///
    /// # Errors
    /// A database or a file that cannot be read.
    pub async fn attachment(&self, id: &str) -> Result<Option<(Attachment, Stored)>> {
        let row: Option<Attachment> = sqlx::query_as("select * from attachments where id = $1")
            .bind(id)
            .fetch_optional(self.store.readers())
            .await?;
        let Some(row) = row else { return Ok(None) };
        match File::open(self.folder.join(&row.id)).await {
            Ok(file) => Ok(Some((row, Stored::Here(file)))),
            Err(cause) if cause.kind() == ErrorKind::NotFound && self.delivery.has(CHANNEL) => {
                Ok(Some((row, Stored::InBucket)))
            }
            Err(cause) => Err(cause).context("cannot open an attachment; is the data directory whole?"),
        }
    }

    /// Where a file in the bucket can be had for some minutes, with this Content-Disposition.
    ///
    /// # Errors
    /// Settings without a bucket.
    pub async fn download(&self, file: &Attachment, disposition: &str) -> Result<Url> {
        let bucket = self.delivery.attachments().context("the settings have no [tickets.attachments.bucket]")?;
        Ok(bucket.download(&file.id, &file.media_type, disposition).await?)
    }

    /// Promises files that became part of a message to the bucket, where there is one.
    pub(super) async fn promise_taken(
        &self,
        transaction: &mut SqliteConnection,
        taken: &[Taken],
        now: Timestamp,
    ) -> Result<()> {
        for Taken { id, media_type, .. } in taken {
            let path = self.folder.join(id);
            let deed = Deed::Taken { id: id.clone(), media_type: media_type.clone(), path };
            self.promise(transaction, id, &deed, now).await?;
        }
        Ok(())
    }

    /// Promises that they are removed from the bucket, where there is one.
    pub(super) async fn promise_forgotten(
        &self,
        transaction: &mut SqliteConnection,
        ids: &[String],
        now: Timestamp,
    ) -> Result<()> {
        for id in ids {
            self.promise(transaction, id, &Deed::Forgotten { id: id.clone() }, now).await?;
        }
        Ok(())
    }

    async fn promise(&self, transaction: &mut SqliteConnection, file: &str, deed: &Deed, now: Timestamp) -> Result<()> {
        if self.delivery.has(CHANNEL) {
            let deed = serde_json::to_value(deed).context("cannot write what becomes of a file as JSON")?;
            self.delivery.promise_in_order(transaction, CHANNEL, deed, file, now).await?;
        }
        Ok(())
    }

    /// Removes files that became part of nothing.
    pub(super) async fn discard_unless(&self, said: bool, taken: &[Taken]) {
        if !said {
            self.discard(taken).await;
        }
    }

    pub(super) async fn discard(&self, taken: &[Taken]) {
        for file in taken {
            self.remove(&file.id).await;
        }
    }

    /// A file that stays is only room lost.
    pub(super) async fn remove(&self, id: &str) {
        match tokio::fs::remove_file(self.folder.join(id)).await {
            Err(cause) if cause.kind() != ErrorKind::NotFound => {
                warn!(file = id, "a file that nobody needs could not be removed: {cause}");
            }
            _ => {}
        }
    }

    /// Removes what need not lie in the data directory: files in the bucket for which no desk waits, and those that
    /// never became part of a message because their sender went away.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn sweep(&self, now: Timestamp) -> Result<()> {
        let mut folder = match tokio::fs::read_dir(&self.folder).await {
            Ok(folder) => folder,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(()),
            Err(cause) => return Err(cause).context("cannot read the folder of attachments"),
        };
        // Nobody takes that long to send a form.
        let before = SystemTime::from(now - SignedDuration::from_hours(24));
        let known = self.known().await?;
        while let Some(file) = folder.next_entry().await? {
            let name = file.file_name().to_string_lossy().into_owned();
            let is_needed = match known.get(&name) {
                Some(is_elsewhere) => !is_elsewhere,
                None => file.metadata().await?.modified()? >= before,
            };
            if !is_needed {
                self.remove(&name).await;
            }
        }
        self.forget_receipts().await
    }

    /// Of files that are gone from the bucket, too.
    async fn forget_receipts(&self) -> Result<()> {
        sqlx::query(
            "delete from receipts where channel = $1 and not exists (select 1 from attachments where id = about)
                 and not exists (
                     select 1 from outbox
                     where outbox.channel = $1 and outbox.about = receipts.about and state <> 'done')",
        )
        .bind(CHANNEL)
        .execute(self.store.writer())
        .await
        .context("cannot forget what became of files")?;
        Ok(())
    }

    /// Every attachment, and whether it is in the bucket and wanted here no more.
    async fn known(&self) -> Result<HashMap<String, bool>> {
        let known: Vec<(String, bool)> = sqlx::query_as(
            "select id, exists (select 1 from receipts where channel = $1 and about = attachments.id)
                 and not exists (
                     select 1 from desk_tickets join outbox on channel = desk and about = desk_tickets.ticket
                     where desk_tickets.ticket = attachments.ticket and state <> 'done')
                 and not exists (select 1 from tickets where tickets.id = attachments.ticket and held)
             from attachments",
        )
        .bind(CHANNEL)
        .fetch_all(self.store.readers())
        .await
        .context("cannot read attachments")?;
        Ok(known.into_iter().collect())
    }
}

/// Writes what came with `message`.
pub(super) async fn insert(transaction: &mut SqliteConnection, message: &Message, taken: &[Taken]) -> Result<()> {
    for file in taken {
        sqlx::query(
            "insert into attachments (id, ticket, message, name, media_type, bytes) values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&file.id)
        .bind(&message.ticket)
        .bind(&message.id)
        .bind(&file.name)
        .bind(&file.media_type)
        .bind(file.bytes)
        .execute(&mut *transaction)
        .await
        .context("cannot write an attachment")?;
    }
    Ok(())
}
