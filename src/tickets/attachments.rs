//! Files that come with what is said: bounded, known by their bytes, kept under random names.

use std::process::Stdio;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use tokio::process::Command;

use super::Tickets;

/// A file as it was sent.
#[derive(Debug, Clone)]
pub struct Upload {
    pub name: String,
    pub bytes: Bytes,
}

/// A file that was taken and lies in the folder, not yet part of a message.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Taken {
    /// Random; also the file's name.
    pub id: String,
    pub name: String,
    pub media_type: String,
    pub bytes: i64,
}

/// A file that came with a message.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Attachment {
    pub id: String,
    pub ticket: String,
    pub message: String,
    /// What its sender called it.
    pub name: String,
    /// What its bytes say.
    pub media_type: String,
    pub bytes: i64,
}

/// Why a file was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// More than so many.
    TooMany(usize),
    /// This file has more than so many bytes.
    TooLarge(String, usize),
    /// The scan found something in this file.
    Infected(String),
}

/// Characters of a file's name that are kept.
const LONGEST_NAME: usize = 120;
/// Of what nobody knows.
const UNKNOWN: &str = "application/octet-stream";

impl Tickets {
    /// Keeps what was sent, or nothing of it.
    ///
    /// # Errors
    /// A folder that cannot be written, a scan that cannot be run: then nobody can say that a file is clean.
    pub async fn take(&self, uploads: Vec<Upload>) -> Result<Result<Vec<Taken>, Refused>> {
        let limits = &self.settings.attachments;
        if uploads.len() > limits.files {
            return Ok(Err(Refused::TooMany(limits.files)));
        }
        if let Some(large) = uploads.iter().find(|upload| upload.bytes.len() > limits.bytes) {
            return Ok(Err(Refused::TooLarge(large.name.clone(), limits.bytes)));
        }
        let mut taken = Vec::new();
        for upload in uploads {
            match self.keep(&upload).await? {
                Some(file) => taken.push(file),
                None => {
                    self.discard(&taken).await;
                    return Ok(Err(Refused::Infected(upload.name)));
                }
            }
        }
        Ok(Ok(taken))
    }

    /// Nothing where the scan found something.
    pub(super) async fn keep(&self, upload: &Upload) -> Result<Option<Taken>> {
        tokio::fs::create_dir_all(&self.folder)
            .await
            .with_context(|| format!("cannot make the folder {} for attachments", self.folder.display()))?;
        let id = super::secret();
        let path = self.folder.join(&id);
        let file = async {
            let mut file = tokio::fs::File::create_new(&path).await?;
            tokio::io::AsyncWriteExt::write_all(&mut file, &upload.bytes).await?;
            // What is confirmed to its sender outlives a power cut, as the rows do.
            file.sync_all().await
        };
        file.await.with_context(|| format!("cannot keep an attachment in {}", self.folder.display()))?;
        let taken = Taken {
            id,
            name: name(&upload.name),
            media_type: infer::get(&upload.bytes)
                .map_or_else(|| text_or_unknown(&upload.bytes), |it| it.mime_type())
                .to_owned(),
            bytes: i64::try_from(upload.bytes.len())?,
        };
        if self.is_clean(&path).await? {
            return Ok(Some(taken));
        }
        self.discard(&[taken]).await;
        Ok(None)
    }

    async fn is_clean(&self, path: &std::path::Path) -> Result<bool> {
        let Some((program, arguments)) = self.settings.attachments.scan.split_first() else { return Ok(true) };
        let mut command = Command::new(program);
        command.args(arguments).arg(path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let status =
            command.status().await.with_context(|| format!("tickets.attachments.scan: cannot run {program}"))?;
        match status.code() {
            Some(0) => Ok(true),
            Some(1) => Ok(false),
            _ => bail!("tickets.attachments.scan: {program} ended with {status}; 0 is clean and 1 is not"),
        }
    }
}

/// The last part of what a sender called a file, without what could lead elsewhere.
fn name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|it| !it.is_control()).take(LONGEST_NAME).collect();
    match clean.trim().trim_start_matches('.') {
        "" => "file".to_owned(),
        name => name.to_owned(),
    }
}

fn text_or_unknown(bytes: &[u8]) -> &'static str {
    let is_text = std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0'));
    if is_text { "text/plain" } else { UNKNOWN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere() {
        let check = |sent: &str, expect: &str| assert_eq!(name(sent), expect);
        check("screenshot.png", "screenshot.png");
        check("../../etc/passwd", "passwd");
        check("C:\\Users\\ada\\log.txt", "log.txt");
        check(".htaccess", "htaccess");
        check("..", "file");
        check("a\r\nb.png", "ab.png");
    }

    #[test]
    fn bytes_say_what_a_file_is() {
        let of =
            |bytes: &[u8]| infer::get(bytes).map_or_else(|| text_or_unknown(bytes), |it| it.mime_type()).to_owned();
        assert_eq!(of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "image/png");
        assert_eq!(of(b"a line of a log\n"), "text/plain");
        assert_eq!(of(b"\x00\xff\x01"), UNKNOWN);
    }
}
