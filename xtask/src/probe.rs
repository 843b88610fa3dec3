//! A running program, asked over HTTP like any client would.

use anyhow::{Context, Result, bail, ensure};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

const PATIENCE: Duration = Duration::from_secs(30);

/// A server that ends with this value.
pub struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Starts `program serve` in `folder` on a free port, with nothing of our environment, and waits until it listens.
    pub fn start(program: &Path, folder: &Path, arguments: &[&str]) -> Result<Self> {
        let mut serve = Command::new(program);
        serve
            .args(["serve", "--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0", "--data", "data"])
            .args(arguments);
        serve.env_clear().current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = serve.spawn().with_context(|| format!("could not start {}", program.display()))?;
        let output = child.stdout.take().expect("standard output is piped");
        match listening(BufReader::new(output)) {
            Ok(address) => Ok(Self { child, address }),
            Err(error) => {
                child.kill()?;
                Err(error)
            }
        }
    }

    /// The body of the answer to `GET path`; an error unless its status is 200.
    pub fn get(&self, path: &str) -> Result<String> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).with_context(|| format!("{path} was not answered within {PATIENCE:?}"))?;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").context("the answer is not HTTP")?;
        ensure!(head.starts_with("HTTP/1.1 200 "), "{path} answered {}", head.lines().next().unwrap_or_default());
        Ok(body.to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("could not end the server: {error}");
        }
    }
}

/// The address in the line `listening on http://ADDRESS`.
fn listening(output: impl BufRead) -> Result<String> {
    for line in output.lines() {
        if let Some((_, address)) = line?.split_once("listening on http://") {
            return Ok(address.trim_end_matches('/').to_owned());
        }
    }
    bail!("the server ended before it was listening; what it said is above")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn check(output: &str, expect: Option<&str>) {
        assert_eq!(listening(output.as_bytes()).ok().as_deref(), expect);
    }

    #[test]
    fn the_address_is_read_from_its_line() {
        check("loading\nlistening on http://127.0.0.1:4000\nmore", Some("127.0.0.1:4000"));
        check("listening on http://127.0.0.1:4000/\n", Some("127.0.0.1:4000"));
        check("could not bind\n", None);
    }
}
