//! A form as providers of mail send it: fields as bytes, for their charset is told beside them, and files.

use axum::http::{HeaderMap, header};
use bytes::Bytes;
use futures::stream;
use multer::Multipart;
use url::form_urlencoded;

use super::Refused;

/// Fields and files of one form; no mail has more.
const MOST: usize = 500;

#[derive(Debug, Default)]
pub struct Form {
    fields: Vec<(String, Bytes)>,
    pub files: Vec<Part>,
}

#[derive(Debug)]
pub struct Part {
    /// Of the field.
    pub field: String,
    pub name: String,
    pub bytes: Bytes,
}

impl Form {
    /// Reads `multipart/form-data` (RFC 7578) or `application/x-www-form-urlencoded`.
    ///
    /// # Errors
    /// What is neither.
    pub async fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, Refused> {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if let Ok(boundary) = multer::parse_boundary(kind) {
            return Self::parts(boundary, Bytes::copy_from_slice(body)).await.map_err(malformed);
        }
        if !kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
            return Err(Refused::Malformed(format!("the body is no form, but {kind:?}")));
        }
        let fields = form_urlencoded::parse(body).take(MOST);
        let fields = fields.map(|(name, value)| (name.into_owned(), value.into_owned().into())).collect();
        Ok(Self { fields, files: Vec::new() })
    }

    async fn parts(boundary: String, body: Bytes) -> Result<Self, multer::Error> {
        let mut parts = Multipart::new(stream::iter([Ok::<_, std::convert::Infallible>(body)]), boundary);
        let mut form = Self::default();
        while let Some(part) = parts.next_field().await?.filter(|_| form.fields.len() + form.files.len() < MOST) {
            let field = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                Some(name) => form.files.push(Part { field, name, bytes: part.bytes().await? }),
                None => form.fields.push((field, part.bytes().await?)),
            }
        }
        Ok(form)
    }

    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| &value[..])
    }

    /// A field in UTF-8; empty where there is none.
    pub fn text(&self, name: &str) -> String {
        String::from_utf8_lossy(self.bytes(name).unwrap_or_default()).into_owned()
    }
}

fn malformed(cause: multer::Error) -> Refused {
    Refused::Malformed(format!("the body is no whole form: {cause}"))
}
