//! Events as files: a folder a day, a file a batch, one JSON object a line (NDJSON).
//!
//! A batch is written whole under another name and then renamed, so a file is there whole or not at all; its name is
//! the batch's key, so a batch that is written again is the same file.

use std::fs::{self, File};
use std::io::{self, Write};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use app::model::Purpose;
use serde::Deserialize;

use super::{Batch, Failure, Limits, days};

/// Enough never to wait.
pub(super) const PER_SECOND: NonZeroU32 = NonZeroU32::new(1000).expect("a thousand is not zero");

/// `[sinks.files]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Made where absent; a path that does not begin with / starts from where the program is started.
    pub folder: PathBuf,
    #[serde(default = "analytics", deserialize_with = "super::purpose")]
    pub purpose: Purpose,
    /// Milliseconds events are gathered for one file.
    #[serde(default = "minute")]
    pub linger_ms: u64,
}

pub(super) fn analytics() -> Purpose {
    Purpose::Analytics
}

pub(super) fn minute() -> u64 {
    60_000
}

#[derive(Debug)]
pub struct Files {
    folder: PathBuf,
    pub purpose: Purpose,
    linger: Duration,
}

impl Files {
    pub fn new(settings: &Settings) -> Self {
        let linger = Duration::from_millis(settings.linger_ms);
        Self { folder: settings.folder.clone(), purpose: settings.purpose, linger }
    }

    pub fn limits(&self) -> Limits {
        Limits { events: 10_000, bytes: 16 << 20, per_second: PER_SECOND, linger: self.linger }
    }

    /// Writes the batch; returns once it is on disk.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub async fn write(&self, batch: &mut Batch) -> Result<(), Failure> {
        let (folder, key, days) = (self.folder.clone(), batch.key.clone(), days(&batch.events));
        let write = move || days.iter().try_for_each(|(day, lines)| write(&folder.join(day), &key, lines));
        let written = tokio::task::spawn_blocking(write).await;
        let written = written.unwrap_or_else(|cause| Err(io::Error::other(cause)));
        written.map_err(|cause| {
            Failure::unreached(format!("cannot write to the folder {}: {cause}", self.folder.display()))
        })?;
        batch.sent += std::mem::take(&mut batch.events).len();
        Ok(())
    }
}

fn write(folder: &Path, key: &str, lines: &str) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let unfinished = folder.join(format!(".{key}.part"));
    let mut file = File::create(&unfinished)?;
    file.write_all(lines.as_bytes())?;
    file.sync_all()?;
    fs::rename(&unfinished, folder.join(format!("{key}.ndjson")))?;
    // The name itself must be on disk, too.
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::events::Sendable;

    #[tokio::test]
    async fn a_batch_written_twice_is_one_file_a_day() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { folder: folder.path().join("deep"), purpose: Purpose::Analytics, linger_ms: 0 };
        let event = |id: &str, at: i64| Sendable {
            id: id.to_owned(),
            at,
            kind: "page_viewed".to_owned(),
            session: "s".to_owned(),
            body: format!("{{\"id\":\"{id}\"}}"),
        };
        let events = vec![event("1", 0), event("2", 1), event("3", 86_400_000)];
        for _ in 0..2 {
            let mut batch = Batch::new("key", events.clone());
            Files::new(&settings).write(&mut batch).await.unwrap();
            assert_eq!((batch.sent, batch.events.len()), (3, 0));
        }
        let read = |path: &str| fs::read_to_string(settings.folder.join(path)).unwrap();
        assert_eq!(read("1970-01-01/key.ndjson"), "{\"id\":\"1\"}\n{\"id\":\"2\"}\n");
        assert_eq!(read("1970-01-02/key.ndjson"), "{\"id\":\"3\"}\n");
        assert_eq!(fs::read_dir(settings.folder.join("1970-01-01")).unwrap().count(), 1);
    }
}
