//! A small HTTP/1.1 client: as little work as possible between the socket and the clock.

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
    pub body: &'c [u8],
}

/// A GET of `path`, ready to be sent.
pub fn get(path: &str, accept_encoding: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\nAccept-Encoding: {accept_encoding}\r\n\r\n")
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
        let (status, length) = read_head(&self.received[..head])?;
        while self.received.len() < head + length {
            self.receive().await?;
        }
        Ok(Answer { status, body: &self.received[head..] })
    }

    async fn receive(&mut self) -> Result<()> {
        let count = self.stream.read_buf(&mut self.received).await?;
        ensure!(count > 0, "the server closed the connection instead of answering");
        Ok(())
    }
}

/// Status and `Content-Length`.
fn read_head(head: &[u8]) -> Result<(u16, usize)> {
    let head = std::str::from_utf8(head).context("the head of an answer is not text")?;
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
    let length = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, length)| length.trim().parse().ok());
    status.zip(length).with_context(|| format!("an answer without status or length: {head}"))
}

/// The body of `path`, asked once on a connection of its own.
pub async fn fetch(address: &str, path: &str, accept_encoding: &str) -> Result<Vec<u8>> {
    let mut connection = Connection::open(address).await?;
    let answer = connection.ask(&get(path, accept_encoding)).await?;
    ensure!(answer.status == 200, "{path} answered {}", answer.status);
    Ok(answer.body.to_vec())
}

/// [`fetch`], as text.
pub async fn text(address: &str, path: &str) -> Result<String> {
    Ok(String::from_utf8(fetch(address, path, "identity").await?)?)
}
