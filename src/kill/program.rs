//! The program under test: its folder, its settings, its process.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

/// What cargo built beside this test.
const SIGNPOST: &str = env!("CARGO_BIN_EXE_signpost");

/// The one article, which votes are about.
pub const ARTICLE: &str = "install";

/// Bytes of the largest file that may go along with a ticket.
pub const LARGEST: usize = 10_000;

/// Where the program lives, over all its lives.
pub struct Place {
    folder: PathBuf,
}

impl Place {
    /// Writes content and settings for vendors at `url`, and those of desks.
    pub fn new(folder: &Path, url: &str, desks: &str) -> Result<Self> {
        let place = Self { folder: folder.to_owned() };
        fs::create_dir_all(folder.join("content"))?;
        fs::write(folder.join("content").join(ARTICLE).with_extension("md"), "# Install\n\nRun it.\n")?;
        fs::write(folder.join("signpost.toml"), settings(url, &place.files()) + desks)?;
        Ok(place)
    }

    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Where the sink `files` writes.
    pub fn files(&self) -> PathBuf {
        self.folder.join("files")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(SIGNPOST);
        command.current_dir(&self.folder).args(arguments).args(["--data", "data"]);
        command
    }
}

/// Waits are milliseconds, and there is no end of them: what is down for the whole test becomes no dead letter.
fn settings(url: &str, files: &Path) -> String {
    let most = u32::MAX;
    format!(
        r#"
[events]
per_session = {most}
per_address = {most}
[tickets]
per_address = {most}
fill_seconds = 0
attachments = {{ files = 5, bytes = {LARGEST} }}
[delivery]
retry_base_ms = 20
retry_cap_ms = 200
retry_quick = 1000000
lease_ms = 500
breaker_failures = 3
breaker_open_ms = 50
breaker_cap_ms = 400
look_ms = 100
[sinks]
files = {{ folder = {files:?}, linger_ms = 300 }}
ga4 = {{ url = "{url}/ga4", measurement_id = "G-KILLED", api_secret = "secret", free_text = true }}
mixpanel = {{ url = "{url}/mixpanel", token = "secret" }}
[connectors.up]
url = "{url}/up"
body = '{{"events": {{{{ events }}}}}}'
per_second = 100
idempotency_header = "Idempotency-Key"
[connectors.down]
url = "{url}/down"
body = '{{"events": {{{{ events }}}}}}'
per_second = 100
idempotency_header = "Idempotency-Key"
[webhooks.votes]
url = "{url}/votes"
secrets = ["whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="]
kinds = ["article_rated"]
"#
    )
}

/// `signpost serve`, killed when dropped.
pub struct Program {
    child: Child,
    /// Host and port.
    pub address: String,
}

impl Program {
    /// Returns once it listens.
    pub fn start(place: &Place) -> Result<Self> {
        let log = File::options().create(true).append(true).open(place.folder.join("log.txt"))?;
        let mut command = place.command(&["serve", "--content", "content"]);
        command.args(["--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().context("cannot start signpost")?;
        let output = child.stdout.take().context("standard output was piped")?;
        let mut program = Self { child, address: String::new() };
        let mut line = String::new();
        tokio::task::block_in_place(|| BufReader::new(output).read_line(&mut line))?;
        let Some(address) = line.trim().strip_prefix("listening on http://") else {
            bail!("signpost said {line:?} instead of listening; see log.txt");
        };
        program.address = address.to_owned();
        Ok(program)
    }

    /// `kill -9`: no handler runs, nothing is flushed. Returns once the process is gone.
    pub fn kill(mut self) -> Result<()> {
        ensure!(self.child.try_wait()?.is_none(), "signpost had ended before it was killed; see log.txt");
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Err(cause) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("process {} could not be stopped: {cause}", self.child.id());
        }
    }
}

/// What the program says of a sink.
#[derive(Debug, Deserialize)]
pub struct Status {
    pub name: String,
    pub guarantee: String,
    /// Absent for one that is told of no events.
    pub purpose: Option<String>,
    pub waiting: i64,
    pub unknown: usize,
    pub dead: usize,
}

/// `signpost outbox list --json`, but for mail: letters wait, as nothing is set up that takes them.
pub fn outbox(place: &Place) -> Result<Vec<Status>> {
    #[derive(Deserialize)]
    struct List {
        sinks: Vec<Status>,
    }
    let output = tokio::task::block_in_place(|| place.command(&["outbox", "list", "--json"]).output())?;
    ensure!(output.status.success(), "signpost outbox list: {}", String::from_utf8_lossy(&output.stderr));
    let List { mut sinks } =
        serde_json::from_slice(&output.stdout).context("signpost outbox list --json is no JSON")?;
    sinks.retain(|sink| sink.name != signpost::mail::CHANNEL);
    ensure!(!sinks.is_empty(), "signpost outbox list knows no sink");
    Ok(sinks)
}
