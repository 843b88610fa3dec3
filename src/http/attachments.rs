//! Files that come with what is said: what is told of them, and how they are given back.

use app::words::{Words, fill};
use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio_util::io::ReaderStream;

use super::contact::see_other;
use super::error::Error;
use crate::Help;
use crate::tickets::{Attachment, Refused, Stored};

/// Pictures that a browser may be trusted to show.
const PICTURES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];
/// Whatever it is, it runs nothing and loads nothing.
const NOTHING: &str = "default-src 'none'; sandbox";
const MEGABYTE: usize = 1024 * 1024;

/// How many files may come, and megabytes of each; none where files are not taken.
pub fn allowed(help: &Help) -> Option<(usize, usize)> {
    let limits = &help.config.tickets.attachments;
    (limits.files > 0).then_some((limits.files, limits.bytes / MEGABYTE))
}

/// Why files were not taken, in the sender's words.
pub fn refusal(words: &Words, refused: &Refused) -> String {
    match refused {
        Refused::TooMany(files) => fill(&words.fault_files, &[("files", &words.number(*files))]),
        Refused::TooLarge(name, bytes) => {
            fill(&words.fault_file_size, &[("name", name), ("size", &words.number(bytes / MEGABYTE))])
        }
        Refused::Infected(name) => fill(&words.fault_file_infected, &[("name", name)]),
    }
}

/// How large a file is, for people.
pub fn size(words: &Words, bytes: i64) -> String {
    let kilobytes = usize::try_from(bytes).unwrap_or(0).div_ceil(1024);
    match kilobytes {
        0..1024 => format!("{} KB", words.number(kilobytes)),
        more => format!("{} MB", words.number(more.div_ceil(1024))),
    }
}

/// Is it a picture that may be looked at?
pub fn is_picture(file: &Attachment) -> bool {
    PICTURES.contains(&file.media_type.as_str())
}

/// What is done with a file that is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// It is saved, whatever it is.
    Save,
    /// It is looked at, if it is a picture.
    Look,
}

/// The file, never as a page of ours; or the way to it.
///
/// # Errors
/// A bucket that the settings do not have any more.
pub async fn given(help: &Help, row: &Attachment, stored: Stored, what_for: Use) -> Result<Response, Error> {
    // An agent's page fetches its pictures anew whenever something happens.
    let (disposition, caching) = match what_for {
        Use::Look if is_picture(row) => ("inline".to_owned(), "private, max-age=3600"),
        _ => {
            let name = utf8_percent_encode(&row.name, NON_ALPHANUMERIC);
            (format!("attachment; filename*=UTF-8''{name}"), "private, no-store")
        }
    };
    let file = match stored {
        Stored::Here(file) => file,
        Stored::InBucket => return Ok(see_other(help.tickets.download(row, &disposition).await?.as_str())),
    };
    let headers = [
        (header::CONTENT_TYPE, row.media_type.clone()),
        (header::CONTENT_LENGTH, row.bytes.to_string()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, caching.to_owned()),
        (header::CONTENT_SECURITY_POLICY, NOTHING.to_owned()),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(file))).into_response())
}
