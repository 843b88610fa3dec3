//! A small HTTP/1.1 client: as little work as possible between the socket and the clock.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What browsers accept.
pub const BROWSER: &str = "gzip, deflate, br, zstd";

/// A connection that is kept open.
pub struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// An answer, valid until the next request.
pub struct Answer<'c> {
    pub status: u16,
    pub head: &'c str,
    pub body: &'c [u8],
    /// Bytes, head and all.
    pub length: usize,
}

/// A GET of `path`, ready to be sent.
pub fn get(path: &str, accept_encoding: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\nAccept-Encoding: {accept_encoding}\r\n\r\n")
        .into_bytes()
}

/// What a reader's browser calls itself; what calls itself nothing might be a crawler.
const AGENT: &str = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// A GET of `path` by whoever has these cookies.
pub fn get_as(path: &str, cookies: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{AGENT}\r\nCookie: {cookies}\r\n\r\n").into_bytes()
}

/// A POST to `path` by whoever has these cookies, from a page of the site.
pub fn post(path: &str, cookies: &str, content_type: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{AGENT}\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookies}\r\n\
         Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len(),
    )
    .into_bytes()
}

impl Connection {
    pub async fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::with_capacity(64 << 10) })
    }

    /// Sends `request` and waits for the whole answer.
    pub async fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.received.clear();
        self.stream.write_all(request).await?;
        let head = loop {
            self.receive().await?;
            if let Some(end) = self.received.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let (status, length) = read_head(as_text(&self.received[..head])?)?;
        while self.received.len() < head + length {
            self.receive().await?;
        }
        let (head, body) = self.received.split_at(head);
        Ok(Answer { status, head: as_text(head)?, body, length: self.received.len() })
    }

    /// Sends a request whose answer was `length` bytes long the last time, and waits for as many. No more is looked
    /// at than the status, so that a longer head costs the server and not the clock.
    pub async fn ask_again(&mut self, request: &[u8], length: usize) -> Result<()> {
        self.received.clear();
        self.stream.write_all(request).await?;
        while self.received.len() < length {
            self.receive().await?;
        }
        ensure!(self.received.len() == length, "an answer is longer than the one before it");
        ensure!(self.received.starts_with(b"HTTP/1.1 200 "), "an answer is not 200 OK");
        Ok(())
    }

    async fn receive(&mut self) -> Result<()> {
        let count = self.stream.read_buf(&mut self.received).await?;
        ensure!(count > 0, "the server closed the connection instead of answering");
        Ok(())
    }
}

impl Answer<'_> {
    pub fn header(&self, name: &str) -> Option<&str> {
        headers(self.head).find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// Status and `Content-Length`.
fn read_head(head: &str) -> Result<(u16, usize)> {
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    let length = headers(head).find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    // An answer without content has no length either (RFC 9110, section 8.6).
    let length = if status == Some(204) { Some(0) } else { length.and_then(|(_, length)| length.parse().ok()) };
    status.zip(length).with_context(|| format!("an answer without status or length: {head}"))
}

fn headers(head: &str) -> impl Iterator<Item = (&str, &str)> {
    head.split("\r\n").filter_map(|line| line.split_once(':')).map(|(name, value)| (name, value.trim()))
}

fn as_text(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes).context("an answer is not text")
}

/// A whole answer, kept.
#[derive(PartialEq, Eq)]
pub struct Fetched {
    /// By name, without those the server adds itself: `date`, `content-length`.
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

/// The answer at `path`, asked once on a connection of its own.
pub async fn fetch(address: &str, path: &str, accept_encoding: &str) -> Result<Fetched> {
    let mut connection = Connection::open(address).await?;
    let answer = connection.ask(&get(path, accept_encoding)).await?;
    ensure!(answer.status == 200, "{path} answered {}", answer.status);
    let headers = headers(answer.head).filter(|(name, _)| !["date", "content-length"].contains(name));
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Ok(Fetched { headers, body: answer.body.to_vec() })
}

/// The body at `path`, uncompressed, as text.
pub async fn text(address: &str, path: &str) -> Result<String> {
    Ok(String::from_utf8(fetch(address, path, "identity").await?.body)?)
}
