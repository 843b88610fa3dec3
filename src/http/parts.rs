//! A form with files, as it is sent (RFC 7578).

use axum::extract::Multipart;
use axum::extract::multipart::MultipartError;
use axum::http::StatusCode;

use super::error::Error;
use super::pairs::{self, Pairs};
use crate::tickets::Upload;

/// What was sent: texts by their names, and files.
#[derive(Debug, Default)]
pub struct Parts {
    texts: Pairs,
    pub files: Vec<Upload>,
}

/// Parts of one form; nobody has more questions.
const MOST: usize = 300;

impl Parts {
    /// # Errors
    /// What is no form, or a form too large.
    pub async fn read(mut form: Multipart) -> Result<Self, Error> {
        let mut parts = Self::default();
        while let Some(field) = form.next_field().await.map_err(refused)? {
            if parts.texts.len() + parts.files.len() == MOST {
                return Err(Error::BadRequest(format!("the form has more than {MOST} parts")));
            }
            let name = field.name().unwrap_or_default().to_owned();
            match field.file_name().map(str::to_owned) {
                // Without a name and without bytes nothing was chosen.
                Some(file) => {
                    let bytes = field.bytes().await.map_err(refused)?;
                    if !(file.is_empty() && bytes.is_empty()) {
                        parts.files.push(Upload { name: file, bytes });
                    }
                }
                None => parts.texts.push((name, field.text().await.map_err(refused)?.replace("\r\n", "\n"))),
            }
        }
        Ok(parts)
    }

    pub fn text(&self, name: &str) -> &str {
        pairs::text(&self.texts, name)
    }

    pub fn texts(&self, name: &str) -> Vec<String> {
        self.texts.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    }
}

fn refused(cause: MultipartError) -> Error {
    match cause.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::BadRequest(cause.body_text()),
    }
}
