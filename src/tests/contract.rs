//! A vendor on loopback: checks every request as the vendor's contract says, keeps it, and can be told to misbehave.

pub mod bucket;
pub mod discourse;
pub mod freshdesk;
pub mod intercom;
pub mod mail;
pub mod resend;
pub mod s3;
pub mod smtp;
pub mod sns;
pub mod vendors;
pub mod zendesk;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Received {
    pub method: String,
    pub url: url::Url,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// What a vendor answers to a request that is right: status and body. Or what is wrong with it.
pub type Judged = Result<(u16, String), String>;
pub type Check = fn(&Received) -> Judged;
/// The same of a vendor that remembers: what is asked is done, unless it is said that nothing is done.
pub type Judge = Box<dyn Fn(&Received, bool) -> Judged + Send + Sync>;

/// How the next request is answered, instead of as the contract says.
#[derive(Debug, Clone)]
pub enum Misbehave {
    Status(u16, &'static str),
    RetryAfter(u16, &'static str),
    /// Too often, until this time in seconds since 1970.
    TooOften(i64),
    /// As the contract says: what is planned behind it is for a later request.
    Well,
    /// Likewise, so long after it was done.
    Late(Duration),
    /// Never.
    Hang,
    /// The connection is closed after the request was read, and what it asks for done.
    Reset,
    /// Likewise, and nothing was done.
    Lost,
    /// What it asks for is done, and this answered all the same.
    Done(u16),
    HalfABody(u16),
    Oversized,
    WebPage(u16),
}

impl Misbehave {
    /// Does a vendor that remembers do what it was asked?
    fn does(&self) -> bool {
        !matches!(self, Self::Status(..) | Self::RetryAfter(..) | Self::TooOften(_) | Self::Lost)
    }
}

pub struct Vendor {
    pub url: String,
    state: Arc<State>,
    task: JoinHandle<()>,
}

struct State {
    judge: Judge,
    /// Headers of every answer as the contract says, each with its end of line.
    further: &'static str,
    received: Mutex<Vec<Received>>,
    faults: Mutex<Vec<String>>,
    plan: Mutex<VecDeque<Misbehave>>,
}

impl Vendor {
    pub async fn open(check: Check) -> Self {
        Self::of(Box::new(move |received, _| check(received))).await
    }

    pub async fn of(judge: Judge) -> Self {
        Self::with_headers(judge, "").await
    }

    pub async fn with_headers(judge: Judge, further: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (received, faults, plan) = (Mutex::default(), Mutex::default(), Mutex::default());
        let state = Arc::new(State { judge, further, received, faults, plan });
        let task = tokio::spawn(serve(listener, state.clone()));
        Self { url, state, task }
    }

    /// The next requests are answered like this, one after another; those behind them as the contract says.
    pub fn plan(&self, plan: impl IntoIterator<Item = Misbehave>) {
        self.state.plan.lock().unwrap().extend(plan);
    }

    /// From now on everything is answered as the contract says.
    pub fn forget_plan(&self) {
        self.state.plan.lock().unwrap().clear();
    }

    pub fn received(&self) -> Vec<Received> {
        self.state.received.lock().unwrap().clone()
    }

    /// What was asked of it that the contract does not allow.
    pub fn faults(&self) -> Vec<String> {
        self.state.faults.lock().unwrap().clone()
    }
}

impl Drop for Vendor {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, state: Arc<State>) {
    // A connection that hangs is closed with the server.
    let mut hanging = Vec::new();
    while let Ok((mut stream, _)) = listener.accept().await {
        let Some(received) = read(&mut stream).await else { continue };
        let misbehave = state.plan.lock().unwrap().pop_front();
        let judged = (state.judge)(&received, misbehave.as_ref().is_none_or(Misbehave::does));
        state.received.lock().unwrap().push(received);
        if let Err(fault) = &judged {
            state.faults.lock().unwrap().push(fault.clone());
        }
        if let Some(Misbehave::Late(wait)) = misbehave {
            tokio::time::sleep(wait).await;
        }
        match misbehave {
            Some(Misbehave::Hang) => hanging.push(stream),
            Some(Misbehave::Reset | Misbehave::Lost) => drop(stream),
            None | Some(Misbehave::Well | Misbehave::Late(_)) => {
                let (status, body) = judged.unwrap_or_else(|fault| (400, fault));
                write(&mut stream, &answer(status, "application/json", state.further, body.len(), body.as_bytes()))
                    .await;
            }
            Some(misbehave) => write(&mut stream, &misbehaving(misbehave)).await,
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length =
        headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = bytes[end + 4..].to_vec();
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    let host = headers.iter().find(|(name, _)| name == "host").map(|(_, value)| value.clone())?;
    let url = format!("http://{host}{path}").parse().unwrap();
    Some(Received { method, url, headers, body })
}

fn answer(status: u16, content_type: &str, further: &str, length: usize, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status} Status\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\nconnection: close\r\n{further}\r\n"
    );
    // RFC 9110 section 15.3.5: no content.
    let head = if status == 204 { head.replace(&format!("content-length: {length}\r\n"), "") } else { head };
    [head.as_bytes(), body].concat()
}

fn misbehaving(misbehave: Misbehave) -> Vec<u8> {
    let page = "<!doctype html><html><head><title>Bad Gateway</title></head></html>";
    match misbehave {
        Misbehave::Status(status, body) => answer(status, "application/json", "", body.len(), body.as_bytes()),
        Misbehave::RetryAfter(status, after) => {
            answer(status, "text/plain", &format!("retry-after: {after}\r\n"), 0, b"")
        }
        Misbehave::TooOften(until) => {
            let further = format!("x-ratelimit-remaining: 0\r\nx-ratelimit-reset: {until}\r\n");
            answer(429, "application/json", &further, 2, b"{}")
        }
        Misbehave::HalfABody(status) => answer(status, "application/json", "", 100, b"{\"half"),
        Misbehave::Oversized => answer(200, "application/json", "", 11 << 20, &vec![b' '; 11 << 20]),
        Misbehave::WebPage(status) => answer(status, "text/html", "", page.len(), page.as_bytes()),
        Misbehave::Done(status) => answer(status, "text/plain", "", 0, b""),
        Misbehave::Well | Misbehave::Late(_) | Misbehave::Hang | Misbehave::Reset | Misbehave::Lost => {
            unreachable!("nothing of its own is written")
        }
    }
}

async fn write(stream: &mut TcpStream, bytes: &[u8]) {
    // Who asked may have hung up: an answer that is too long is not read to its end.
    if stream.write_all(bytes).await.is_ok() {
        stream.shutdown().await.unwrap_or_default();
    }
}

impl Received {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn query(&self, name: &str) -> Option<String> {
        self.url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
