//! The readers: each with a cookie, a chat and a stream that is listened to.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use secrecy::SecretString;
use signpost::staff::account::{self, New, Role};
use signpost::store;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::FORM;
use crate::client::{Connection, get_as, post};
use crate::process::Program;

const EMAIL: &str = "ada@example.com";

/// Makes an account, so that somebody is there; gives its password.
pub async fn person(data: &Path) -> Result<String> {
    let password = Uuid::new_v4().to_string();
    let store = store::open(data).await?;
    let (email, secret) = (EMAIL.parse()?, SecretString::from(password.clone()));
    let new = New { email: &email, name: "Ada", role: Role::Agent, password: &secret };
    account::add(&store, new, Timestamp::now()).await?;
    store.close().await;
    Ok(password)
}

/// Signs in and opens the page of chats.
pub async fn sign_in(site: &Program, password: &str) -> Result<()> {
    let mut connection = Connection::open(&site.address).await?;
    let body = format!("email=ada%40example.com&password={password}&next=");
    let answer = connection.ask(&post("/agent/login", "", FORM, &body)).await?;
    let cookie =
        answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()).context("no cookie")?.to_owned();
    let page = connection.ask(&get_as("/agent/chats", &cookie)).await?;
    ensure!(page.status == 200, "the page of chats answered {}", page.status);
    Ok(())
}

pub struct Readers {
    cookies: Vec<String>,
    /// When each message was due, by its key.
    due: Mutex<HashMap<String, Instant>>,
    told: UnboundedSender<Duration>,
    heard: tokio::sync::Mutex<UnboundedReceiver<Duration>>,
}

impl Readers {
    /// Begins so many chats.
    pub async fn begin(site: &Program, count: usize) -> Result<Self> {
        let mut connection = Connection::open(&site.address).await?;
        let mut cookies = Vec::with_capacity(count);
        for _ in 0..count {
            let secret = Uuid::new_v4().simple().to_string();
            let body = format!("deed=begin&begin={secret}&text=The+export+of+invoices+ends+with+an+error&website=");
            let status = connection.ask(&post("/chat", "", FORM, &body)).await?.status;
            ensure!(status == 303, "a chat was begun with {status}");
            cookies.push(format!("__Host-signpost-chat={secret}"));
        }
        let (told, heard) = unbounded_channel();
        Ok(Self { cookies, due: Mutex::default(), told, heard: heard.into() })
    }

    /// Opens a stream to each, and waits until all of them are.
    pub async fn listen(self: &std::sync::Arc<Self>, site: &Program) -> Result<JoinSet<Result<()>>> {
        let mut streams = JoinSet::new();
        for cookie in &self.cookies {
            let mut stream = TcpStream::connect(&site.address).await?;
            stream.write_all(&get_as("/chat/stream?after=1", cookie)).await?;
            let mut first = [0; 4096];
            let count = stream.read(&mut first).await?;
            ensure!(first[..count].starts_with(b"HTTP/1.1 200"), "a stream was refused");
            streams.spawn(self.clone().follow(stream));
        }
        Ok(streams)
    }

    async fn follow(self: std::sync::Arc<Self>, mut stream: TcpStream) -> Result<()> {
        let mut text = Vec::new();
        while stream.read_buf(&mut text).await? > 0 {
            // An event ends with an empty line; what begins behind it waits for the rest.
            let Some(end) = text.windows(2).rposition(|two| two == b"\n\n") else { continue };
            let events = String::from_utf8_lossy(&text[..end]).into_owned();
            text.drain(..end);
            for part in events.split("id=\"m-").skip(1) {
                let key = part.split('"').next().unwrap_or_default();
                // Told twice, it is not found any more.
                let due = self.due.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
                self.told.send(due.context("a message was told that nobody waits for")?.elapsed())?;
            }
        }
        Ok(())
    }

    /// Cookie and body of the next thing that is said.
    pub fn message(&self, turn: usize, due: Instant) -> (String, String) {
        let key = Uuid::new_v4().simple().to_string();
        let body = format!("id={key}&text=It+ends+after+some+seconds%2C+with+an+error+about+the+time");
        self.due.lock().unwrap_or_else(PoisonError::into_inner).insert(key, due);
        (self.cookies[turn % self.cookies.len()].clone(), body)
    }

    /// How long so many messages took to be told.
    pub async fn heard(&self, count: usize) -> Vec<Duration> {
        let mut took = Vec::with_capacity(count);
        let mut heard = self.heard.lock().await;
        while took.len() < count && heard.recv_many(&mut took, count).await > 0 {}
        took
    }
}
