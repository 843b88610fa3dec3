//! Answers that were made once: a body with its compressed forms and its ETag, kept for every reader
//! who may see the same.

use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

use app::model::SlowPage;
use axum::http::HeaderValue;
use bytes::Bytes;
use dashmap::DashMap;

use crate::identity::{Audience, Viewer};

/// A successful answer to a GET, ready to be sent again and again.
#[derive(Debug)]
pub struct Answer {
    pub content_type: HeaderValue,
    /// Weak: the compressed forms share it.
    pub etag: HeaderValue,
    pub body: Bytes,
    /// Counted as a view of this article.
    pub article_id: Option<String>,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
}

/// Fast enough for the first reader who asks; half of what the best level saves over none.
const BROTLI_AT_ONCE: u32 = 5;
/// For answers improved while nobody waits.
const BROTLI_IDLE: u32 = 9;
const BROTLI_WINDOW: u32 = 22;

impl Answer {
    pub fn new(content_type: &'static str, body: String) -> Self {
        let hash = blake3::hash(body.as_bytes()).to_hex();
        let etag = HeaderValue::from_str(&format!("W/\"{}\"", &hash[..20])).expect("hexadecimal digits are visible");
        Self {
            content_type: HeaderValue::from_static(content_type),
            etag,
            body: Bytes::from(body),
            article_id: None,
            gzip: OnceLock::new(),
            brotli: OnceLock::new(),
        }
    }

    /// The body, brotli (RFC 7932).
    pub fn brotli(&self) -> Bytes {
        self.brotli.get_or_init(|| brotli(&self.body, BROTLI_AT_ONCE)).clone()
    }

    /// The body, gzip (RFC 1952).
    pub fn gzip(&self) -> Bytes {
        self.gzip.get_or_init(|| gzip(&self.body)).clone()
    }

    /// The same answer, compressed as well as is worth the time.
    pub fn improved(&self) -> Self {
        Self {
            content_type: self.content_type.clone(),
            etag: self.etag.clone(),
            body: self.body.clone(),
            article_id: self.article_id.clone(),
            gzip: OnceLock::from(self.gzip()),
            brotli: OnceLock::from(brotli(&self.body, BROTLI_IDLE)),
        }
    }
}

fn brotli(body: &[u8], level: u32) -> Bytes {
    let mut encoder = brotli::CompressorWriter::new(Vec::with_capacity(body.len() / 4), 4096, level, BROTLI_WINDOW);
    encoder.write_all(body).expect("writing to memory cannot fail");
    encoder.into_inner().into()
}

fn gzip(body: &[u8]) -> Bytes {
    let mut encoder = flate2::write::GzEncoder::new(Vec::with_capacity(body.len() / 4), flate2::Compression::new(6));
    encoder.write_all(body).expect("writing to memory cannot fail");
    encoder.finish().expect("writing to memory cannot fail").into()
}

/// The answers of one edition, by path, apart for every set of audiences that occurs.
#[derive(Debug, Default)]
pub struct Answers {
    public: DashMap<String, Arc<Answer>>,
    private: DashMap<Audience, DashMap<String, Arc<Answer>>>,
}

impl Answers {
    pub fn get(&self, viewer: &Viewer, path: &str) -> Option<Arc<Answer>> {
        if viewer.is_public() {
            return self.public.get(path).map(|answer| answer.clone());
        }
        self.private.get(viewer.audiences())?.get(path).map(|answer| answer.clone())
    }

    pub fn keep(&self, viewer: &Viewer, path: &str, answer: Arc<Answer>) {
        if viewer.is_public() {
            self.public.insert(path.to_owned(), answer);
        } else {
            self.private.entry(viewer.audiences().clone()).or_default().insert(path.to_owned(), answer);
        }
    }

    /// Forgets one path, for everybody.
    pub fn forget(&self, path: &str) {
        self.public.remove(path);
        self.private.iter().for_each(|answers| drop(answers.remove(path)));
    }

    /// Forgets the pages of one article, for everybody and in every language.
    pub fn forget_article(&self, id: &str) {
        let is_other = |_: &String, answer: &mut Arc<Answer>| answer.article_id.as_deref() != Some(id);
        self.public.retain(is_other);
        self.private.iter().for_each(|answers| answers.retain(is_other));
    }
}

/// The pages that took longest to make, for staff to see.
#[derive(Debug, Default)]
pub struct Slowest(Mutex<Vec<SlowPage>>);

const SLOWEST: usize = 10;

impl Slowest {
    pub fn note(&self, page: SlowPage) {
        let mut pages = self.0.lock().expect("nothing panics while it is held");
        pages.retain(|other| other.path != page.path);
        pages.push(page);
        pages.sort_by(|a, b| b.milliseconds.total_cmp(&a.milliseconds));
        pages.truncate(SLOWEST);
    }

    /// Slowest first.
    pub fn list(&self) -> Vec<SlowPage> {
        self.0.lock().expect("nothing panics while it is held").clone()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::Read;

    use super::*;
    use crate::identity::{anonymous, from_command_line};

    #[test]
    fn every_form_holds_the_same_body() {
        let text = "A body that repeats itself. ".repeat(100);
        let answer = Answer::new("text/plain", text.clone());
        for answer in [&answer, &answer.improved()] {
            let mut unpacked = String::new();
            brotli::Decompressor::new(answer.brotli().as_ref(), 4096).read_to_string(&mut unpacked).unwrap();
            assert_eq!(unpacked, text);
            unpacked.clear();
            flate2::read::GzDecoder::new(answer.gzip().as_ref()).read_to_string(&mut unpacked).unwrap();
            assert_eq!(unpacked, text);
        }
        assert_eq!(answer.etag, answer.improved().etag);
        assert!(answer.brotli().len() < answer.body.len());
    }

    #[test]
    fn what_one_audience_was_shown_is_not_shown_to_another() {
        let answers = Answers::default();
        let staff = from_command_line(&["staff".to_owned()]);
        answers.keep(&staff, "/secret", Arc::new(Answer::new("text/plain", "for staff".to_owned())));
        assert!(answers.get(&anonymous(), "/secret").is_none());
        assert!(answers.get(&from_command_line(&["partners".to_owned()]), "/secret").is_none());
        assert!(answers.get(&staff, "/secret").is_some());
    }
}
