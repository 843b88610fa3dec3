//! One conversation of the mail server, and every rule a client must keep in it.

use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};

use super::{Misbehave, Safety, State, Step, Taken};

/// RFC 4616, as the contract's vector has it for our user and password.
const PLAIN: &str = "AGhlbHBAYWNtZS5leGFtcGxlAHMzY3JldC1wdw==";

pub trait Duplex: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Duplex for T {}
pub type Stream = Box<dyn Duplex>;

pub struct Session {
    /// None while it is being made safe.
    stream: Option<BufReader<Stream>>,
    state: Arc<State>,
    plan: Option<(Step, Misbehave)>,
    is_safe: bool,
    has_greeted: bool,
    is_known: bool,
    from: Option<String>,
    to: Option<String>,
}

/// How a step went.
#[derive(PartialEq)]
enum Went {
    AsUsual,
    Otherwise,
    Over,
}

fn must(is: bool, fault: impl FnOnce() -> String) -> Result<(), String> {
    if is { Ok(()) } else { Err(fault()) }
}

impl Session {
    pub fn new(stream: Stream, state: Arc<State>, plan: Option<(Step, Misbehave)>) -> Self {
        let is_safe = state.safety == Safety::Implicit;
        let stream = Some(BufReader::new(stream));
        Self { stream, state, plan, is_safe, has_greeted: false, is_known: false, from: None, to: None }
    }

    /// Until one side hangs up; the error is what the client did wrong.
    pub async fn talk(&mut self) -> Result<(), String> {
        let mut went = self.say(Step::Greeting, "220 localhost ESMTP").await;
        while went != Went::Over {
            let Some(line) = self.line().await? else { return Ok(()) };
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            went = match verb {
                "EHLO" => self.ehlo(rest).await?,
                "STARTTLS" => self.start_tls().await?,
                "AUTH" => self.auth(rest).await?,
                "MAIL" => self.mail(rest).await?,
                "RCPT" => self.rcpt(rest).await?,
                "DATA" => self.data().await?,
                "QUIT" => {
                    self.say(Step::Quit, "221 2.0.0 Bye").await;
                    Went::Over
                }
                other => return Err(format!("the command {other:?}")),
            };
        }
        Ok(())
    }

    async fn say(&mut self, step: Step, usual: &str) -> Went {
        let planned = self.plan.take_if(|(at, _)| *at == step).map(|(_, misbehave)| misbehave);
        let text = match planned {
            None => usual,
            Some(Misbehave::Say(text)) => text,
            Some(Misbehave::Close) => return Went::Over,
            Some(Misbehave::Hang) => std::future::pending().await,
        };
        let stream = self.stream.as_mut().unwrap();
        let bytes = format!("{}\r\n", text.replace('\n', "\r\n"));
        match stream.write_all(bytes.as_bytes()).await.and(stream.flush().await) {
            // Who has an answer of refusal may hang up.
            Err(_) => Went::Over,
            Ok(()) if planned.is_none() => Went::AsUsual,
            Ok(()) => Went::Otherwise,
        }
    }

    /// Without its end; none when the client hung up.
    async fn line(&mut self) -> Result<Option<String>, String> {
        let mut bytes = Vec::new();
        // Closing without a good-bye of TLS is an error, and no fault.
        let read = self.stream.as_mut().unwrap().read_until(b'\n', &mut bytes).await;
        if !read.is_ok_and(|length| length > 0) {
            return Ok(None);
        }
        must(bytes.len() <= 1000, || "a line longer than 1000 bytes".to_owned())?;
        let line = String::from_utf8(bytes).map_err(|cause| cause.to_string())?;
        let line = line.strip_suffix("\r\n").ok_or_else(|| format!("a bare LF after {line:?}"))?;
        must(!line.contains('\r'), || format!("a bare CR in {line:?}"))?;
        must(line.is_ascii(), || format!("eight bits in {line:?}"))?;
        Ok(Some(line.to_owned()))
    }

    async fn ehlo(&mut self, name: &str) -> Result<Went, String> {
        must(name.contains('.') || name.starts_with('['), || format!("EHLO {name}"))?;
        self.has_greeted = true;
        let offers = match (self.state.safety, self.is_safe) {
            (Safety::StartTls, false) => "250-STARTTLS\n",
            (Safety::None, _) | (_, true) => "250-AUTH PLAIN LOGIN\n",
            (Safety::Implicit, false) => unreachable!("it is safe from the start"),
        };
        Ok(self.say(Step::Ehlo, &format!("250-localhost\n{offers}250-SIZE 26214400\n250 8BITMIME")).await)
    }

    async fn start_tls(&mut self) -> Result<Went, String> {
        must(!self.is_safe && self.state.safety == Safety::StartTls, || "STARTTLS, not offered".to_owned())?;
        let went = self.say(Step::StartTls, "220 2.0.0 Ready").await;
        if went == Went::AsUsual {
            let stream = self.stream.take().unwrap();
            must(stream.buffer().is_empty(), || "bytes behind STARTTLS".to_owned())?;
            let Ok(stream) = self.state.tls.accept(stream.into_inner()).await else { return Ok(Went::Over) };
            self.stream = Some(BufReader::new(Box::new(stream)));
            // RFC 3207 section 4.2: all begins anew.
            (self.is_safe, self.has_greeted) = (true, false);
        }
        Ok(went)
    }

    async fn auth(&mut self, given: &str) -> Result<Went, String> {
        must(self.has_greeted, || "AUTH before EHLO".to_owned())?;
        must(self.is_safe || self.state.safety == Safety::None, || "a password without TLS".to_owned())?;
        let is_right = given == format!("PLAIN {PLAIN}");
        let usual = if is_right { "235 2.7.0 Authentication successful" } else { "535 5.7.8 wrong password" };
        let went = self.say(Step::Auth, usual).await;
        self.is_known = is_right && went == Went::AsUsual;
        Ok(went)
    }

    async fn mail(&mut self, rest: &str) -> Result<Went, String> {
        must(self.has_greeted && self.is_known, || "MAIL before EHLO and AUTH".to_owned())?;
        let went = self.say(Step::Mail, "250 2.1.0 Ok").await;
        let from = rest.strip_prefix("FROM:<").and_then(|rest| rest.strip_suffix('>'));
        self.from = Some(from.ok_or_else(|| format!("MAIL {rest}"))?.to_owned());
        Ok(went)
    }

    async fn rcpt(&mut self, rest: &str) -> Result<Went, String> {
        must(self.from.is_some(), || "RCPT before MAIL".to_owned())?;
        let went = self.say(Step::Rcpt, "250 2.1.5 Ok").await;
        let to = rest.strip_prefix("TO:<").and_then(|rest| rest.strip_suffix('>'));
        self.to = Some(to.ok_or_else(|| format!("RCPT {rest}"))?.to_owned());
        Ok(went)
    }

    async fn data(&mut self) -> Result<Went, String> {
        let (Some(from), Some(to)) = (self.from.take(), self.to.take()) else {
            return Err("DATA too early".to_owned());
        };
        let went = self.say(Step::Data, "354 End with a dot").await;
        if went != Went::AsUsual {
            return Ok(went);
        }
        let mut bytes = Vec::new();
        loop {
            let Some(line) = self.line().await? else { return Ok(Went::Over) };
            if line == "." {
                break;
            }
            bytes.extend_from_slice(line.strip_prefix('.').unwrap_or(&line).as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
        let taken = Taken { from, to, bytes };
        self.state.handed.lock().unwrap().push(taken.clone());
        let went = self.say(Step::Dot, "250 2.0.0 Ok: queued as 4XyZ12").await;
        if went == Went::AsUsual {
            self.state.taken.lock().unwrap().push(taken);
        }
        Ok(went)
    }
}
